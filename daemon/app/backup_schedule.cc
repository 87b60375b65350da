#include "daemon/app/backup_schedule.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {

BackupSchedule::BackupSchedule(storage::Store* store, storage::BackupRequest request,
                               std::chrono::milliseconds every)
    : store_(store), request_(std::move(request)), every_(every) {
  request_.label = "scheduled";
  request_.cancelled = [this] { return cancelled_.load(); };
  thread_ = std::thread([this] { Run(); });
}

BackupSchedule::~BackupSchedule() {
  cancelled_ = true;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  thread_.join();
}

void BackupSchedule::Run() {
  auto next = std::chrono::steady_clock::now() + every_;
  for (;;) {
    {
      MutexLock lock(&mutex_);
      while (!stopping_ && std::chrono::steady_clock::now() < next) {
        wake_.WaitFor(&mutex_, std::chrono::duration_cast<std::chrono::milliseconds>(
                                   next - std::chrono::steady_clock::now()) +
                                   std::chrono::milliseconds(1));
      }
      if (stopping_) return;
    }
    next = std::chrono::steady_clock::now() + every_;
    Make();
  }
}

void BackupSchedule::Make() {
  const absl::StatusOr<storage::BackupInfo> made = store_->CreateBackup(request_);
  if (made.ok()) {
    Log(LogLevel::kInfo, absl::StrCat("backup: ", made->id, " is made and verified, ", made->bytes,
                                      " bytes, journal up to ", made->position));
  } else if (!absl::IsCancelled(made.status())) {
    Log(LogLevel::kError, absl::StrCat("ALARM backup: ", made.status().ToString()));
  }
}

}  // namespace hallwarden::daemon
