// Threads for work that may block: parsing, sealing, reading the store.
#ifndef HALLWARDEN_DAEMON_HALL_WORK_THREADS_H_
#define HALLWARDEN_DAEMON_HALL_WORK_THREADS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Thread-safe. Unbounded: who posts bounds what it posts.
class WorkThreads {
 public:
  // Requires: threads >= 1.
  explicit WorkThreads(std::size_t threads);
  // Calls Stop.
  ~WorkThreads();
  WorkThreads(const WorkThreads&) = delete;
  WorkThreads& operator=(const WorkThreads&) = delete;

  // Runs `work` soon. Dropped after Stop.
  void Post(std::function<void()> work);
  // Finishes what runs, drops what waits, ends the threads. Idempotent.
  void Stop();

 private:
  void Run();

  Mutex mutex_;
  CondVar wake_;
  std::deque<std::function<void()>> waiting_ HW_GUARDED_BY(mutex_);
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_HALL_WORK_THREADS_H_
