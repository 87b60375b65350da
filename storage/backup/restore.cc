// Puts a backup in the place of a store.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "storage/backup/engine.h"
#include "storage/database.h"
#include "storage/directory.h"
#include "storage/format.h"
#include "storage/vault.h"
#include "storage/verify/verify.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;

class Restore {
 public:
  explicit Restore(const RestoreRequest& request)
      : request_(request),
        store_(request.store_directory),
        scratch_(request.store_directory + "/" + std::string(kRestoreDirectory)) {}

  absl::StatusOr<Restored> Run() {
    if (absl::Status status = MakeDirectory(store_); !status.ok()) return status;
    const absl::StatusOr<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::Take(store_);
    if (!lock.ok()) return lock.status();
    absl::Status status = Fetch();
    if (status.ok()) status = Check();
    if (!status.ok()) {
      // Nothing was moved: the next start finds the store as it was.
      std::error_code ignored;
      fs::remove_all(scratch_, ignored);
      return status;
    }
    if (status = Swap(); !status.ok()) return status;
    return restored_;
  }

 private:
  void Say(const std::string& line) const {
    if (request_.progress) request_.progress(line);
  }

  // The backup, beside the store and on its file system.
  absl::Status Fetch() {
    const absl::StatusOr<std::vector<BackupInfo>> backups = ListBackups(request_.directory);
    if (!backups.ok()) return backups.status();
    for (const BackupInfo& backup : *backups) {
      const bool wanted = request_.id == 0 ? !backup.damaged : backup.id == request_.id;
      if (wanted) restored_.backup = backup;
    }
    if (restored_.backup.id == 0) {
      return absl::NotFoundError(request_.id == 0
                                     ? "there is no whole backup in " + request_.directory
                                     : "there is no backup " + std::to_string(request_.id) +
                                           " in " + request_.directory);
    }
    const absl::StatusOr<std::unique_ptr<rocksdb::BackupEngineReadOnly>> engine =
        OpenEngineToRead(request_.directory);
    if (!engine.ok()) return engine.status();
    const std::string name = "backup " + std::to_string(restored_.backup.id);
    Say("reading " + name + " and comparing its checksums");
    absl::Status status =
        ToStatus((*engine)->VerifyBackup(restored_.backup.id, true), "verify " + name);
    if (!status.ok()) return status;
    std::error_code error;
    fs::remove_all(scratch_, error);
    if (error) return absl::InternalError("empty " + scratch_ + ": " + error.message());
    Say("restoring it beside the store");
    return RestoreFiles(**engine, restored_.backup.id, Fetched());
  }

  [[nodiscard]] std::string Fetched() const { return scratch_ + "/db"; }
  [[nodiscard]] std::string LiveKeys() const { return store_ + "/keys"; }
  [[nodiscard]] std::string Keys() const {
    return restored_.keys_restored ? scratch_ + "/keys" : LiveKeys();
  }

  // The keys in place are newer than any copy: they are kept if they open at all.
  absl::Status Check() {
    restored_.keys_restored = !Vault::Open(LiveKeys(), true, true).ok();
    if (restored_.keys_restored) {
      Say("the keys in " + LiveKeys() + " are missing or damaged: taking their copy");
      absl::Status status = RestoreKeys(request_.keys_directory, Keys());
      if (!status.ok()) return status;
    }
    Say("checking the restored store");
    const absl::StatusOr<VerifyReport> report = VerifyStore({Fetched(), Keys(), scratch_}, {});
    if (!report.ok()) return report.status();
    if (report->clean()) return absl::OkStatus();
    return absl::DataLossError("backup " + std::to_string(restored_.backup.id) +
                               " holds a damaged store, nothing was changed. " +
                               std::to_string(report->problem_count) +
                               " problems, the first: " + report->problems.front().ToString());
  }

  absl::Status Move(const std::string& from, const std::string& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return absl::OkStatus();
    fs::rename(from, to, error);
    if (error) {
      return absl::InternalError("move " + from + " to " + to + ": " + error.message() +
                                 ". Run the restore again.");
    }
    return SyncDirectory(store_);
  }

  absl::Status Keep() {
    for (int i = 1;; ++i) {
      restored_.kept_in = store_ + "/replaced-" + std::to_string(i);
      std::error_code error;
      if (!fs::exists(restored_.kept_in, error)) return MakeDirectory(restored_.kept_in);
    }
  }

  // HIGHWATER goes last and the scratch directory after it: a start in between is refused, and
  // running the restore again goes on from anywhere.
  absl::Status Swap() {
    const bool had_store = Database::Exists(store_ + "/db") || fs::exists(store_ + "/HIGHWATER");
    const std::uint64_t committed = HighWater::Read(store_).position;
    absl::Status status = Keep();
    if (status.ok()) status = Mark(committed);
    if (status.ok()) status = Move(store_ + "/db", restored_.kept_in + "/db");
    if (status.ok() && restored_.keys_restored) {
      status = Move(LiveKeys(), restored_.kept_in + "/keys");
      if (status.ok()) status = Move(Keys(), LiveKeys());
    }
    if (status.ok()) status = Move(Fetched(), store_ + "/db");
    if (status.ok()) status = Move(store_ + "/activation", restored_.kept_in + "/activation");
    if (status.ok()) status = Move(store_ + "/HIGHWATER", restored_.kept_in + "/HIGHWATER");
    if (!status.ok()) return status;
    std::error_code error;
    fs::remove_all(scratch_, error);
    if (!had_store) {
      fs::remove(restored_.kept_in, error);
      restored_.kept_in.clear();
    }
    Say("done");
    return SyncDirectory(store_);
  }

  // For the daemon: what was restored, and how far the store before had committed.
  absl::Status Mark(std::uint64_t committed) {
    const std::string path = store_ + "/" + std::string(kRestoredFile);
    const std::string text = EncodeBackupNote(restored_.backup) +
                             "backup=" + std::to_string(restored_.backup.id) +
                             "\ncommitted=" + std::to_string(committed) + "\n";
    absl::Status status = ToStatus(
        rocksdb::WriteStringToFile(rocksdb::Env::Default(), text, path, true), "write " + path);
    return status.ok() ? SyncDirectory(store_) : status;
  }

  const RestoreRequest& request_;
  const std::string store_;
  const std::string scratch_;
  Restored restored_;
};

}  // namespace

absl::StatusOr<Restored> RestoreBackup(const RestoreRequest& request) {
  return Restore(request).Run();
}

}  // namespace hallwarden::storage
