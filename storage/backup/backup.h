// Backups of a store, and how one is put back. FORMAT.md documents their directories.
//
// Two things are kept apart, so that erasing a player works in backups too:
// - `directory` holds any number of backups of `db/`: journal, decisions, checkpoint. Personal
//   fields in them are sealed. Files that did not change are shared between backups.
// - `keys_directory` holds one copy of `keys/`, always the newest: it opens every backup, and a key
//   that was destroyed is in no copy any more once the next backup was made. Never keep older
//   copies of it elsewhere.
#ifndef HALLWARDEN_STORAGE_BACKUP_BACKUP_H_
#define HALLWARDEN_STORAGE_BACKUP_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

// One backup.
struct BackupInfo {
  // Rises with each backup of a directory.
  std::uint32_t id = 0;
  // When it was made, by the wall clock.
  std::int64_t create_us = 0;
  // Last record in it, and its commit time.
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
  std::int64_t history_epoch = 0;
  // Lower-case hex.
  std::string store_id;
  // What asked for it, for example the command's audit record. Free text.
  std::string label;
  // Bytes of all its files, those shared with other backups included.
  std::uint64_t bytes = 0;
  std::uint32_t files = 0;
  // Files of it are missing: only `id` is known, and it cannot be restored.
  bool damaged = false;
};

// In a store's directory: where a restore works, and what it leaves for the daemon, lines of
// `name=value`: the backup's note, `backup` (its number), `committed` (how far the store before
// was).
inline constexpr std::string_view kRestoreDirectory = "restore";
inline constexpr std::string_view kRestoredFile = "RESTORED";

enum class BackupStep { kCopy, kKeys, kVerify, kPurge };

struct BackupRequest {
  std::string directory;
  std::string keys_directory;
  std::string label;
  // Older ones are taken away once the new one is verified. At least 1.
  std::uint32_t keep = 1;
  // Told of the work now and then, from the calling thread or RocksDB's. May be empty.
  std::function<void(BackupStep step, std::uint64_t bytes)> progress;
  // Asked now and then; true ends the work with CANCELLED. May be empty.
  std::function<bool()> cancelled;
};

// Oldest first. Backups that were cut short are not listed. NOT_FOUND if the directory holds no
// backups at all.
[[nodiscard]] absl::StatusOr<std::vector<BackupInfo>> ListBackups(const std::string& directory);

// Reads every file of a backup, compares checksums, restores it into `directory`/scratch and checks
// that store completely with the keys in `keys_directory` (storage/verify/verify.h). DATA_LOSS with
// what is damaged; NOT_FOUND if there is no such backup. Needs room for the store once more.
struct BackupCheck {
  std::string directory;
  std::string keys_directory;
  std::uint32_t id = 0;
  std::function<bool()> cancelled;
};
[[nodiscard]] absl::Status VerifyBackup(const BackupCheck& check);

// Puts a backup in the place of a store that no daemon uses.
struct RestoreRequest {
  // The store.
  std::string store_directory;
  std::string directory;
  std::string keys_directory;
  // 0: the newest one.
  std::uint32_t id = 0;
  // Told in plain English what is being done. May be empty.
  std::function<void(std::string_view line)> progress;
};
struct Restored {
  BackupInfo backup;
  // Where the store that was there is kept; empty: there was none. Never deleted by us.
  std::string kept_in;
  // True: `keys/` was missing or could not be opened, and was taken from the copy.
  bool keys_restored = false;
};
// The backup is restored beside the store and checked completely before anything is moved: an error
// leaves the store as it was. FAILED_PRECONDITION with what to do first. The next start of the
// daemon finds `RESTORED` in the store's directory.
[[nodiscard]] absl::StatusOr<Restored> RestoreBackup(const RestoreRequest& request);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_BACKUP_BACKUP_H_
