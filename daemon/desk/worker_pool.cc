#include "daemon/desk/worker_pool.h"

#include <utility>

namespace hallwarden::daemon {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() {
  Stop();
}

bool WorkerPool::TryRun(std::function<void()> job) {
  {
    const MutexLock lock(&mutex_);
    if (stopping_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
  }
  wake_.NotifyAll();
  return true;
}

void WorkerPool::Continue(std::function<void()> job) {
  {
    const MutexLock lock(&mutex_);
    if (!stopping_) queue_.push_back(std::exchange(job, nullptr));
  }
  if (job) {
    job();
  } else {
    wake_.NotifyAll();
  }
}

void WorkerPool::Stop() {
  {
    const MutexLock lock(&mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkerPool::Work() {
  while (true) {
    std::function<void()> job;
    {
      const MutexLock lock(&mutex_);
      while (queue_.empty() && !stopping_)
        wake_.Wait(&mutex_);
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    job();
  }
}

}  // namespace hallwarden::daemon
