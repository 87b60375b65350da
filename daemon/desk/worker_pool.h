// Threads for what may block: reads of the store, compiling a policy, finishing calls.
#ifndef HALLWARDEN_DAEMON_DESK_WORKER_POOL_H_
#define HALLWARDEN_DAEMON_DESK_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Thread-safe. Jobs run in the order in which they came, several at a time.
class WorkerPool {
 public:
  // New work beyond `queue_max` waiting jobs is refused.
  WorkerPool(std::size_t threads, std::size_t queue_max);
  // Stops.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Begins something new. False, and `job` never runs, if the queue is full or the pool stopped.
  [[nodiscard]] bool TryRun(std::function<void()> job);

  // Goes on with something that was begun: never refused while the pool runs, since each begun call
  // has at most one such job waiting. After Stop it runs at once on the calling thread.
  void Continue(std::function<void()> job);

  // Runs what waits, then ends the threads. Idempotent. Not from a job.
  void Stop();

 private:
  void Work();

  const std::size_t queue_max_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<std::function<void()>> queue_ HW_GUARDED_BY(mutex_);
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_WORKER_POOL_H_
