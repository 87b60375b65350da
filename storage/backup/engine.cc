#include "storage/backup/engine.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "storage/database.h"
#include "storage/directory.h"
#include "storage/verify/verify.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNoteHead = "hallwarden-backup 1";
// How often a copy says how far it is.
constexpr std::uint64_t kProgressEveryBytes = std::uint64_t{4} << 20;

rocksdb::BackupEngineOptions EngineOptions(const std::string& directory, rocksdb::Logger* log) {
  rocksdb::BackupEngineOptions options(directory);
  options.info_log = log;
  options.sync = true;
  // Unchanged files are kept once. Their names hold session and size, so that two files are never
  // taken for one.
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.callback_trigger_interval_size = kProgressEveryBytes;
  return options;
}

rocksdb::Logger* SilentLog() {
  static const std::shared_ptr<rocksdb::Logger> kLog = MakeNoLog();
  return kLog.get();
}

template <class Number>
void ReadNumber(std::string_view text, Number* number) {
  std::from_chars(text.data(), text.data() + text.size(), *number);
}

absl::Status SyncFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::InternalError("open " + path);
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced ? absl::OkStatus() : absl::InternalError("sync " + path);
}

// A directory that is gone with its owner, emptied at the start: an earlier owner may have been
// killed.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) { Clear(); }
  ~Scratch() { Clear(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void Clear() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const std::string path_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngine>> OpenEngine(const std::string& directory) {
  if (absl::Status status = MakeDirectory(directory); !status.ok()) return status;
  rocksdb::BackupEngine* raw = nullptr;
  absl::Status status = ToStatus(rocksdb::BackupEngine::Open(EngineOptions(directory, SilentLog()),
                                                             rocksdb::Env::Default(), &raw),
                                 "open the backups in " + directory);
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::BackupEngine> engine(raw);
  status = ToStatus(engine->GarbageCollect(), "clean up in " + directory);
  if (!status.ok()) return status;
  return engine;
}

absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> OpenEngineToRead(
    const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory + "/meta", error)) {
    return absl::NotFoundError("there are no backups in " + directory);
  }
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  absl::Status status =
      ToStatus(rocksdb::BackupEngineReadOnly::Open(EngineOptions(directory, SilentLog()),
                                                   rocksdb::Env::Default(), &raw),
               "open the backups in " + directory);
  if (!status.ok()) return status;
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(raw);
}

std::string EncodeBackupNote(const BackupInfo& info) {
  std::string label = info.label;
  std::replace(label.begin(), label.end(), '\n', ' ');
  return std::string(kNoteHead) + "\nstore_id=" + info.store_id +
         "\nposition=" + std::to_string(info.position) +
         "\ncommit_us=" + std::to_string(info.commit_us) +
         "\nhistory_epoch=" + std::to_string(info.history_epoch) + "\nlabel=" + label + "\n";
}

void DecodeBackupNote(std::string_view note, BackupInfo* info) {
  while (!note.empty()) {
    const std::string_view line = note.substr(0, note.find('\n'));
    note.remove_prefix(std::min(note.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (name == "store_id") info->store_id = std::string(value);
    if (name == "position") ReadNumber(value, &info->position);
    if (name == "commit_us") ReadNumber(value, &info->commit_us);
    if (name == "history_epoch") ReadNumber(value, &info->history_epoch);
    if (name == "label") info->label = std::string(value);
  }
}

BackupInfo InfoOf(const rocksdb::BackupInfo& backup) {
  constexpr std::int64_t kMicrosPerSecond = 1'000'000;
  BackupInfo info;
  info.id = backup.backup_id;
  info.create_us = backup.timestamp * kMicrosPerSecond;
  info.bytes = backup.size;
  info.files = backup.number_files;
  DecodeBackupNote(backup.app_metadata, &info);
  return info;
}

absl::Status SyncTree(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
    absl::Status status = entry.is_directory() ? SyncDirectory(entry.path().string())
                                               : SyncFile(entry.path().string());
    if (!status.ok()) return status;
  }
  if (error) return absl::InternalError("list " + directory + ": " + error.message());
  return SyncDirectory(directory);
}

absl::Status RestoreFiles(const rocksdb::BackupEngineReadOnlyBase& engine, std::uint32_t id,
                          const std::string& database) {
  if (absl::Status status = MakeDirectory(database); !status.ok()) return status;
  absl::Status status = ToStatus(engine.RestoreDBFromBackup(id, database, database),
                                 "restore backup " + std::to_string(id));
  return status.ok() ? SyncTree(database) : status;
}

absl::Status RestoreKeys(const std::string& keys_directory, const std::string& directory) {
  const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine =
      OpenEngineToRead(keys_directory);
  std::vector<rocksdb::BackupInfo> copies;
  if (engine.ok()) (*engine)->GetBackupInfo(&copies);
  if (copies.empty()) {
    return absl::FailedPreconditionError(
        "there is no copy of the keys in " + keys_directory +
        ", and without the keys nothing that "
        "players wrote can be read. Name the directory that holds it with --backup-keys-dir.");
  }
  // Two while a newer one is being made.
  const rocksdb::BackupInfo& newest = *std::max_element(
      copies.begin(), copies.end(), [](const rocksdb::BackupInfo& a, const rocksdb::BackupInfo& b) {
        return a.backup_id < b.backup_id;
      });
  absl::Status status =
      ToStatus((*engine)->VerifyBackup(newest.backup_id, true), "verify the copy of the keys");
  return status.ok() ? RestoreFiles(**engine, newest.backup_id, directory) : status;
}

absl::Status VerifyWith(const rocksdb::BackupEngineReadOnlyBase& engine, const BackupCheck& check) {
  const std::string name = "backup " + std::to_string(check.id) + " in " + check.directory;
  absl::Status status = ToStatus(engine.VerifyBackup(check.id, true), "verify " + name);
  if (!status.ok()) return status;
  const Scratch scratch(check.directory + "/scratch");
  // The keys never lie beside what they open, not even for a while.
  const Scratch keys(check.keys_directory + "/scratch");
  status = RestoreFiles(engine, check.id, scratch.path());
  if (status.ok()) status = RestoreKeys(check.keys_directory, keys.path());
  if (!status.ok()) return status;
  VerifyOptions options;
  options.cancelled = check.cancelled;
  const absl::StatusOr<VerifyReport> report =
      VerifyStore({scratch.path(), keys.path(), name}, options);
  if (!report.ok()) return report.status();
  if (report->clean()) return absl::OkStatus();
  const VerifyProblem& first = report->problems.front();
  return absl::DataLossError(
      name + " holds a damaged store: " + std::to_string(report->problem_count) +
      " problems, the first: " + first.check + ": " + first.where + ": " + first.what);
}

}  // namespace hallwarden::storage
