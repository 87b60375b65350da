#include "daemon/checkpointer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {

Checkpointer::Checkpointer(const Parts& parts)
    : parts_(parts), last_boot_us_(parts.clock->BootUs()) {}

Checkpointer::~Checkpointer() {
  Stop();
}

void Checkpointer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Checkpointer::Write(CheckpointCut cut) {
  parts_.tail->Freeze();
  MutexLock lock(&mutex_);
  job_ = std::move(cut);
  busy_ = true;
  changed_.NotifyAll();
}

void Checkpointer::WaitIdle() {
  MutexLock lock(&mutex_);
  while (busy_)
    changed_.Wait(&mutex_);
}

void Checkpointer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

bool Checkpointer::idle() const {
  MutexLock lock(&mutex_);
  return !busy_;
}

std::optional<bool> Checkpointer::TakeDone() {
  MutexLock lock(&mutex_);
  return std::exchange(done_, std::nullopt);
}

Checkpointer::Stats Checkpointer::stats() const {
  MutexLock lock(&mutex_);
  return {parts_.clock->BootUs() - last_boot_us_, took_us_, error_};
}

void Checkpointer::Run() {
  for (;;) {
    CheckpointCut job;
    {
      MutexLock lock(&mutex_);
      while (!job_.has_value() && !stopping_)
        changed_.Wait(&mutex_);
      if (!job_.has_value()) return;
      job = *std::move(job_);
      job_.reset();
    }
    WriteCut(job);
  }
}

void Checkpointer::WriteCut(const CheckpointCut& cut) {
  const std::int64_t begin_us = parts_.clock->BootUs();
  const std::vector<storage::StoredPosting> postings = parts_.tail->Frozen();
  const absl::Status status = parts_.store->StreamCheckpoint(cut.at, cut.cells.get(), postings);
  HW_CRASH_POINT("checkpoint.done");
  if (status.ok()) {
    parts_.tail->DropFrozen();
    Log(LogLevel::kDebug, absl::StrCat("checkpoint: at ", cut.at, ", ", cut.cells->size(),
                                       " cells, ", postings.size(), " postings"));
  } else if (!absl::IsCancelled(status)) {
    Log(LogLevel::kError, absl::StrCat("checkpoint: failed at ", cut.at, ": ", status.ToString(),
                                       "; the one before stays"));
  }
  MutexLock lock(&mutex_);
  busy_ = false;
  done_ = status.ok();
  error_ = status.ok() ? "" : status.ToString();
  if (status.ok()) {
    last_boot_us_ = parts_.clock->BootUs();
    took_us_ = last_boot_us_ - begin_us;
  }
  changed_.NotifyAll();
}

}  // namespace hallwarden::daemon
