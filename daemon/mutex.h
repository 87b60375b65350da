// std::mutex with the attributes that let clang check who holds what. Not absl::Mutex: the thread
// sanitizer cannot see into Debian's build of it.
#ifndef HALLWARDEN_DAEMON_MUTEX_H_
#define HALLWARDEN_DAEMON_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define HW_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HW_THREAD_ATTRIBUTE(x)
#endif
#define HW_GUARDED_BY(x) HW_THREAD_ATTRIBUTE(guarded_by(x))
#define HW_REQUIRES(x) HW_THREAD_ATTRIBUTE(requires_capability(x))
#define HW_EXCLUDES(x) HW_THREAD_ATTRIBUTE(locks_excluded(x))

namespace hallwarden::daemon {

class HW_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void Lock() HW_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void Unlock() HW_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class HW_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) HW_THREAD_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_->Lock();
  }
  ~MutexLock() HW_THREAD_ATTRIBUTE(release_capability()) { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* mutex_;
};

// Waits give the lock away meanwhile. Wakes may be spurious: wait in a loop.
class CondVar {
 public:
  void Wait(Mutex* mutex) HW_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void WaitFor(Mutex* mutex, std::chrono::microseconds at_most) HW_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex->mutex_, std::adopt_lock);
    condition_.wait_for(lock, at_most);
    lock.release();
  }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_MUTEX_H_
