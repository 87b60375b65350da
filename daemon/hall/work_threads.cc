#include "daemon/hall/work_threads.h"

#include <utility>

namespace hallwarden::daemon {

WorkThreads::WorkThreads(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { Run(); });
}

WorkThreads::~WorkThreads() {
  Stop();
}

void WorkThreads::Post(std::function<void()> work) {
  MutexLock lock(&mutex_);
  if (stopping_) return;
  waiting_.push_back(std::move(work));
  wake_.NotifyAll();
}

void WorkThreads::Stop() {
  std::deque<std::function<void()>> dropped;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
    wake_.NotifyAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void WorkThreads::Run() {
  for (;;) {
    std::function<void()> work;
    {
      MutexLock lock(&mutex_);
      while (waiting_.empty() && !stopping_)
        wake_.Wait(&mutex_);
      if (waiting_.empty() || stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace hallwarden::daemon
