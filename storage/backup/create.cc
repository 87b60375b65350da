// Makes a backup of a store in use.
#include <algorithm>
#include <vector>

#include "storage/backup/engine.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

absl::Status Damaged(const absl::Status& status, const BackupRequest& request) {
  return absl::Status(
      status.code(),
      std::string(status.message().data(), status.message().size()) +
          ". No backup was added; earlier ones may share a damaged file. Verify the store "
          "(hallwardend --verify). If it is clean, move " +
          request.directory + " away and make a backup anew.");
}

// Runs one backup of `db`. Returns its number.
absl::StatusOr<std::uint32_t> Copy(rocksdb::BackupEngine* engine, rocksdb::DB* db,
                                   const std::string& note, const BackupRequest& request,
                                   BackupStep step) {
  rocksdb::CreateBackupOptions options;
  // Everything is in files with checksums then; what is committed meanwhile comes as a log.
  options.flush_before_backup = true;
  std::uint64_t bytes = 0;
  constexpr std::uint64_t kInterval = std::uint64_t{4} << 20;
  options.progress_callback = [&] {
    bytes += kInterval;
    if (request.progress) request.progress(step, bytes);
    if (request.cancelled && request.cancelled()) engine->StopBackup();
  };
  rocksdb::BackupID id = 0;
  absl::Status status =
      ToStatus(engine->CreateNewBackupWithMetadata(options, db, note, &id), "make a backup");
  if (!status.ok() && request.cancelled && request.cancelled()) {
    return absl::CancelledError("stopped");
  }
  if (!status.ok()) return status;
  return id;
}

// Replaces the copy of the keys.
absl::Status CopyKeys(Vault* vault, const BackupRequest& request) {
  if (absl::Status status = vault->SyncKeys(); !status.ok()) return status;
  const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> engine =
      OpenEngine(request.keys_directory);
  if (!engine.ok()) return engine.status();
  const absl::StatusOr<std::uint32_t> id =
      Copy(engine->get(), vault->raw(), "", request, BackupStep::kKeys);
  if (!id.ok()) return id.status();
  absl::Status status = ToStatus((*engine)->VerifyBackup(*id, true), "verify the copy of the keys");
  // The old one holds keys that were destroyed since.
  if (status.ok())
    status = ToStatus((*engine)->PurgeOldBackups(1), "drop the old copy of the keys");
  if (status.ok()) status = ToStatus((*engine)->GarbageCollect(), "drop the old copy of the keys");
  return status;
}

}  // namespace

absl::StatusOr<BackupInfo> StoreImpl::CreateBackup(const BackupRequest& request) {
  if (parts_.options.read_only) {
    return absl::FailedPreconditionError("the store is open for reading only");
  }
  const absl::MutexLock lock(&backup_mutex_);
  const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> engine =
      OpenEngine(request.directory);
  if (!engine.ok()) return engine.status();
  BackupInfo note;
  note.store_id = store_id();
  note.position = last_position_;
  note.commit_us = last_commit_us_;
  note.history_epoch = history_epoch_;
  note.label = request.label;
  if (request.progress) request.progress(BackupStep::kCopy, 0);
  const absl::StatusOr<std::uint32_t> id =
      Copy(engine->get(), parts_.db->raw(), EncodeBackupNote(note), request, BackupStep::kCopy);
  if (!id.ok()) return absl::IsCancelled(id.status()) ? id.status() : Damaged(id.status(), request);
  // After it: it must open everything in it.
  if (request.progress) request.progress(BackupStep::kKeys, 0);
  absl::Status status = CopyKeys(parts_.vault.get(), request);
  if (status.ok()) {
    if (request.progress) request.progress(BackupStep::kVerify, 0);
    status =
        VerifyWith(**engine, {request.directory, request.keys_directory, *id, request.cancelled});
  }
  if (!status.ok()) {
    // What is not verified is no backup. If even that fails, the next one's clean-up does it.
    (*engine)->DeleteBackup(*id).PermitUncheckedError();
    return absl::IsCancelled(status) ? status : Damaged(status, request);
  }
  if (request.progress) request.progress(BackupStep::kPurge, 0);
  status = ToStatus((*engine)->PurgeOldBackups(std::max<std::uint32_t>(request.keep, 1)),
                    "take old backups away");
  if (!status.ok()) return status;
  rocksdb::BackupInfo made;
  status = ToStatus((*engine)->GetBackupInfo(*id, &made), "read the backup's description");
  if (!status.ok()) return status;
  return InfoOf(made);
}

absl::StatusOr<std::vector<BackupInfo>> ListBackups(const std::string& directory) {
  const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine =
      OpenEngineToRead(directory);
  if (!engine.ok()) return engine.status();
  std::vector<rocksdb::BackupInfo> found;
  (*engine)->GetBackupInfo(&found);
  std::vector<rocksdb::BackupID> damaged;
  (*engine)->GetCorruptedBackups(&damaged);
  std::vector<BackupInfo> backups;
  backups.reserve(found.size() + damaged.size());
  for (const rocksdb::BackupInfo& backup : found)
    backups.push_back(InfoOf(backup));
  for (const rocksdb::BackupID id : damaged) {
    backups.emplace_back();
    backups.back().id = id;
    backups.back().damaged = true;
  }
  std::sort(backups.begin(), backups.end(),
            [](const BackupInfo& a, const BackupInfo& b) { return a.id < b.id; });
  return backups;
}

absl::Status VerifyBackup(const BackupCheck& check) {
  const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine =
      OpenEngineToRead(check.directory);
  if (!engine.ok()) return engine.status();
  return VerifyWith(**engine, check);
}

}  // namespace hallwarden::storage
