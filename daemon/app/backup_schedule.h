// Backups that are made by themselves while the daemon runs.
#ifndef HALLWARDEN_DAEMON_APP_BACKUP_SCHEDULE_H_
#define HALLWARDEN_DAEMON_APP_BACKUP_SCHEDULE_H_

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "daemon/mutex.h"
#include "storage/backup/backup.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Makes and verifies a backup at each interval, on a thread of its own. Says in the log what became
// of it; a failure is an alarm, and the next one is tried at its time.
class BackupSchedule {
 public:
  // `request` says where, and how many are kept. The store outlives this. `every` must be positive.
  BackupSchedule(storage::Store* store, storage::BackupRequest request,
                 std::chrono::milliseconds every);
  // Cancels what is under way: the next backup takes its pieces away.
  ~BackupSchedule();
  BackupSchedule(const BackupSchedule&) = delete;
  BackupSchedule& operator=(const BackupSchedule&) = delete;

 private:
  void Run();
  void Make();

  storage::Store* const store_;
  storage::BackupRequest request_;
  const std::chrono::milliseconds every_;
  std::atomic<bool> cancelled_ = false;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_BACKUP_SCHEDULE_H_
