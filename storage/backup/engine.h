// RocksDB's backup engine as we use it. FORMAT.md, "Backups", says what each option is for.
#ifndef HALLWARDEN_STORAGE_BACKUP_ENGINE_H_
#define HALLWARDEN_STORAGE_BACKUP_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <rocksdb/utilities/backup_engine.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/backup/backup.h"

namespace hallwarden::storage {

// To write. Makes the directory; takes away what a backup that was cut short left behind.
[[nodiscard]] absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> OpenEngine(
    const std::string& directory);
// To read. NOT_FOUND if there are no backups.
[[nodiscard]] absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenEngineToRead(
    const std::string& directory);

// What is written with each backup.
[[nodiscard]] std::string EncodeBackupNote(const BackupInfo& info);
// What is not there stays as it is.
void DecodeBackupNote(std::string_view note, BackupInfo* info);

[[nodiscard]] BackupInfo InfoOf(const rocksdb::BackupInfo& backup);

// Makes every file and directory below `directory` durable.
[[nodiscard]] absl::Status SyncTree(const std::string& directory);

// Restores backup `id` into `database`, which is made, and makes it durable. `engine` may be of
// either kind.
[[nodiscard]] absl::Status RestoreFiles(const rocksdb::BackupEngineReadOnlyBase& engine,
                                        std::uint32_t id, const std::string& database);

// Restores the one backup of the keys into `directory`. FAILED_PRECONDITION if there is none.
[[nodiscard]] absl::Status RestoreKeys(const std::string& keys_directory,
                                       const std::string& directory);

// VerifyBackup with an engine that is open.
[[nodiscard]] absl::Status VerifyWith(const rocksdb::BackupEngineReadOnlyBase& engine,
                                      const BackupCheck& check);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_BACKUP_ENGINE_H_
