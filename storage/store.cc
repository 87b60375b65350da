// Opens a store: who may write, whose keys, which format, how far it is.
#include <array>
#include <filesystem>
#include <system_error>
#include <vector>

#include <openssl/rand.h>

#include "storage/crash_point.h"
#include "storage/key.h"
#include "storage/sha256.h"
#include "storage/store_impl.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

constexpr std::size_t kStoreIdBytes = 16;
// Outbox rows that Open takes away in one batch.
constexpr std::size_t kDropBatch = 10'000;

std::string DatabaseDirectory(const std::string& directory) {
  return directory + "/db";
}
std::string KeysDirectory(const std::string& directory) {
  return directory + "/keys";
}

// What to do when the end of the journal, or all of it, is missing.
std::string LossAdvice(const std::string& directory) {
  return " Acknowledged records are missing: files of the store were cut or deleted, or an older "
         "copy of it was put in its place. Restore the newest backup (hallwardend --restore latest "
         "--store DIR). If this is a backup that was put there by hand, delete " +
         directory +
         "/HIGHWATER and start again. Then run `gmctl store accept-restore`: game servers send "
         "again what they still keep.";
}

// A store that once committed and now looks new has lost everything.
absl::Status CheckNew(const std::string& directory, const HighWater::Mark& mark) {
  if (mark.position == 0) return absl::OkStatus();
  return absl::DataLossError("the store in " + directory + " is empty, but position " +
                             std::to_string(mark.position) + " was committed." +
                             LossAdvice(directory));
}

absl::StatusOr<std::string> CreateMeta(const Vault& vault, Database* db) {
  std::array<std::uint8_t, kStoreIdBytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return absl::InternalError("the operating system's random source failed");
  }
  const std::string store_id(random.begin(), random.end());
  rocksdb::WriteBatch batch;
  db->Put(&batch, Family::kMeta, kStoreIdKey, store_id);
  db->Put(&batch, Family::kMeta, kKeysCheckKey, KeysCheck(vault));
  db->Put(&batch, Family::kMeta, kHistoryEpochKey, EncodeNumber(1));
  db->Put(&batch, Family::kMeta, kAuditChainKey,
          EncodeAuditChain({.head = FirstAuditLink(store_id)}));
  db->Put(&batch, Family::kMeta, kFormatKey, EncodeNumber(kFormatVersion));
  if (absl::Status status = db->Write(&batch); !status.ok()) return status;
  HW_CRASH_POINT("start.meta_written");
  return store_id;
}

// Checks what is stored against this build and these keys. Returns the store's id.
absl::StatusOr<std::string> LoadMeta(const StoreOptions& options, const Vault& vault,
                                     const HighWater::Mark& mark, Database* db) {
  const absl::StatusOr<std::optional<std::string>> format = db->Get(Family::kMeta, kFormatKey);
  if (!format.ok()) return format.status();
  if (!format->has_value()) {
    if (absl::Status status = CheckNew(options.directory, mark); !status.ok()) return status;
    if (options.read_only) {
      return absl::FailedPreconditionError("the store in " + options.directory + " is empty");
    }
    return CreateMeta(vault, db);
  }
  const absl::StatusOr<std::uint64_t> version = DecodeNumber(**format);
  if (!version.ok()) return version.status();
  if (*version > kFormatVersion) {
    return absl::FailedPreconditionError(
        "the store in " + options.directory + " has format " + std::to_string(*version) +
        ", this build reads up to " + std::to_string(kFormatVersion) +
        ". Start the newer build, or restore a backup that was made before the upgrade.");
  }
  const absl::StatusOr<std::optional<std::string>> check = db->Get(Family::kMeta, kKeysCheckKey);
  if (!check.ok()) return check.status();
  if (!check->has_value()) return Malformed("meta");
  if (**check != KeysCheck(vault)) {
    return absl::FailedPreconditionError(
        "the keys in " + KeysDirectory(options.directory) + " belong to another store than the " +
        "one in " + options.directory + ". Put the right directory `keys` there.");
  }
  const absl::StatusOr<std::optional<std::string>> id = db->Get(Family::kMeta, kStoreIdKey);
  if (!id.ok()) return id.status();
  if (!id->has_value() || (*id)->size() != kStoreIdBytes) return Malformed("meta");
  return **id;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const StoreOptions& options) {
  StoreImpl::Parts parts;
  parts.options = options;
  const std::string database = DatabaseDirectory(options.directory);
  if (!options.read_only) {
    if (absl::Status status = MakeDirectory(options.directory); !status.ok()) return status;
  }
  if (!options.read_only || options.exclusive) {
    absl::StatusOr<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::Take(options.directory);
    if (!lock.ok()) return lock.status();
    parts.lock = *std::move(lock);
    HW_CRASH_POINT("start.locked");
  }
  if (!options.read_only) {
    if (absl::Status status = MakeDirectory(database); !status.ok()) return status;
  }
  parts.mark = HighWater::Read(options.directory);
  const bool exists = Database::Exists(database);
  std::error_code error;
  const std::string restore = options.directory + "/" + std::string(kRestoreDirectory);
  if (!exists && std::filesystem::exists(restore, error)) {
    return absl::FailedPreconditionError("a restore of the store in " + options.directory +
                                         " was cut short: run it again (hallwardend --restore)");
  }
  if (!exists) {
    if (absl::Status status = CheckNew(options.directory, parts.mark); !status.ok()) return status;
  }
  if (!exists && options.read_only) {
    return absl::FailedPreconditionError("there is no store in " + options.directory);
  }
  absl::StatusOr<std::unique_ptr<Vault>> vault =
      Vault::Open(KeysDirectory(options.directory), exists, options.read_only, options.env);
  if (!vault.ok()) return vault.status();
  parts.vault = *std::move(vault);
  HW_CRASH_POINT("start.keys_opened");
  absl::StatusOr<std::unique_ptr<Database>> db =
      Database::Open({database, options.read_only, options.sync, options.block_cache_bytes,
                      options.write_buffer_bytes, options.env});
  if (!db.ok()) return db.status();
  parts.db = *std::move(db);
  absl::StatusOr<std::string> id = LoadMeta(options, *parts.vault, parts.mark, parts.db.get());
  if (!id.ok()) return id.status();
  parts.store_id = *std::move(id);
  auto store = std::make_unique<StoreImpl>(std::move(parts));
  if (absl::Status status = store->Recover(); !status.ok()) return status;
  if (store->vault().torn()) {
    if (absl::Status status = store->CheckKeys(); !status.ok()) return status;
  }
  return store;
}

StoreImpl::StoreImpl(Parts parts)
    : parts_(std::move(parts)), codec_(parts_.vault.get()), cells_(parts_.db.get()) {}

std::string StoreImpl::store_id() const {
  return ToLowerHex(parts_.store_id);
}

absl::Status StoreImpl::Recover() {
  const absl::StatusOr<std::optional<std::string>> epoch =
      parts_.db->Get(Family::kMeta, kHistoryEpochKey);
  if (!epoch.ok()) return epoch.status();
  if (!epoch->has_value()) return Malformed("meta");
  const absl::StatusOr<std::uint64_t> epoch_number = DecodeNumber(**epoch);
  if (!epoch_number.ok()) return epoch_number.status();
  history_epoch_ = static_cast<std::int64_t>(*epoch_number);
  const absl::StatusOr<std::optional<std::string>> checkpoint =
      parts_.db->Get(Family::kCells, CheckpointKey());
  if (!checkpoint.ok()) return checkpoint.status();
  if (checkpoint->has_value()) {
    const absl::StatusOr<std::uint64_t> at = DecodeNumber(**checkpoint);
    if (!at.ok()) return at.status();
    checkpoint_position_ = *at;
  }
  if (absl::Status status = RecoverAudit(); !status.ok()) return status;
  if (absl::Status status = RecoverQueue(); !status.ok()) return status;
  if (absl::Status status = RecoverJournal(); !status.ok()) return status;
  if (absl::Status status = CheckEnd(); !status.ok()) return status;
  if (absl::Status status = CheckFiles(); !status.ok()) return status;
  if (parts_.options.read_only) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<HighWater>> high_water =
      HighWater::Open(parts_.db->env(), parts_.options.directory, parts_.store_id);
  if (!high_water.ok()) return high_water.status();
  parts_.high_water = *std::move(high_water);
  if (absl::Status status = parts_.high_water->Write(last_position_); !status.ok()) return status;
  HW_CRASH_POINT("start.recovered");
  // What a checkpoint that never became visible left behind.
  if (absl::Status status = EmptyDirectory(parts_.db->env(), IngestDirectory()); !status.ok()) {
    return status;
  }
  return DropRetired();
}

absl::Status StoreImpl::CheckKeys() const {
  absl::Status status = CheckSealedValues(*parts_.db, parts_.vault.get());
  if (status.ok()) return status;
  return absl::DataLossError(
      "the end of the keys' log in " + KeysDirectory(parts_.options.directory) +
      " was damaged and cut off (it is kept as *.torn), and keys that were in use are gone. "
      "Restore "
      "the keys from their copy (hallwardend --restore does it). The first value that does not "
      "open: " +
      std::string(status.message().data(), status.message().size()));
}

absl::Status StoreImpl::RecoverJournal() {
  absl::Status failed;
  const KeyRange all = KeyRange::Prefix(Family::kJournal, {}, true);
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  absl::Status scanned = parts_.db->Scan(
      all,
      [&](std::string_view key, std::string_view value) {
        const absl::StatusOr<StoredGroup> group = ReadGroup(key, value, snapshot);
        if (group.ok()) {
          last_position_ = group->entries.back().position;
          last_commit_us_ = group->entries.back().commit_us;
        }
        failed = group.status();
        return false;
      },
      &snapshot);
  return scanned.ok() ? failed : scanned;
}

absl::Status StoreImpl::CheckEnd() const {
  const std::string& directory = parts_.options.directory;
  const HighWater::Mark& mark = parts_.mark;
  if (mark.store_id == parts_.store_id && last_position_ < mark.position) {
    return absl::DataLossError(
        "the journal in " + directory + " ends at position " + std::to_string(last_position_) +
        ", but " + std::to_string(mark.position) + " was committed." + LossAdvice(directory));
  }
  if (last_position_ < checkpoint_position_) {
    return absl::DataLossError("the journal in " + directory + " ends at position " +
                               std::to_string(last_position_) + ", before its checkpoint at " +
                               std::to_string(checkpoint_position_) + "." + LossAdvice(directory));
  }
  return absl::OkStatus();
}

absl::Status StoreImpl::CheckFiles() const {
  std::vector<rocksdb::LiveFileMetaData> files;
  parts_.db->raw()->GetLiveFilesMetaData(&files);
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name != FamilyName(Family::kJournal)) continue;
    KeyRange range = KeyRange::Prefix(Family::kJournal, {});
    range.begin = file.largestkey;
    std::uint64_t next = 0;
    absl::Status failed;
    absl::Status scanned = parts_.db->Scan(
        range,
        [&](std::string_view key, std::string_view value) {
          if (next != 0) {
            const std::uint64_t first = KeyReader(key).U64();
            if (first != next) {
              failed = absl::DataLossError("the journal in " + parts_.options.directory +
                                           " has a gap: position " + std::to_string(first) +
                                           " where " + std::to_string(next) + " comes next." +
                                           LossAdvice(parts_.options.directory));
            }
            return false;
          }
          const absl::StatusOr<StoredGroup> group = ReadGroup(key, value, snapshot);
          if (group.ok()) next = group->entries.back().position + 1;
          failed = group.status();
          return failed.ok();
        },
        &snapshot);
    if (!scanned.ok()) return WithAdvice(scanned);
    if (!failed.ok()) return failed;
  }
  return absl::OkStatus();
}

absl::Status StoreImpl::DropRetired() {
  const absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> servers = Servers(nullptr);
  if (!servers.ok()) return servers.status();
  for (const auto& [server, row] : *servers) {
    const KeyRange dropped{Family::kOutbox, DirectiveKey(server, 0),
                           DirectiveKey(server, row.dropped_through + 1), false};
    std::size_t found = kDropBatch;
    while (found == kDropBatch) {
      found = 0;
      rocksdb::WriteBatch batch;
      absl::Status status = parts_.db->Scan(dropped, [&](std::string_view key, std::string_view) {
        parts_.db->Delete(&batch, Family::kOutbox, key);
        return ++found < kDropBatch;
      });
      if (status.ok() && found > 0) status = parts_.db->Write(&batch);
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::storage
