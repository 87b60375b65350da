// RocksDB as the store uses it: its column families, the options that tests proved necessary, and
// the only place where its statuses are read.
#ifndef HALLWARDEN_STORAGE_DATABASE_H_
#define HALLWARDEN_STORAGE_DATABASE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

// Column families. Stored on disk, in the context of sealed blobs: numbers are never reused or
// changed.
enum class Family : std::uint8_t {
  kMeta = 0,  // RocksDB's own default family
  kJournal = 1,
  kPrivate = 2,
  kCells = 3,
  kTables = 4,
  kIndex = 5,
  kOutbox = 6,
  kDirectives = 7,
  kAnswers = 8,
  kAudit = 9,
  kTimers = 10,
  kGate = 11,
  kSources = 12,
  kArtefacts = 13,
  kPostings = 14,
  kFeed = 15,
};
inline constexpr std::size_t kFamilyCount = 16;

// Name of the family in RocksDB.
[[nodiscard]] std::string_view FamilyName(Family family);

// What to do about damaged files. Ends the message of every DATA_LOSS that RocksDB gives.
inline constexpr std::string_view kDamageAdvice =
    ". Files are damaged or missing: keep the directory as it is, and restore the newest backup "
    "(hallwardend --restore latest --store DIR)";

// Converts a RocksDB status; `what` was attempted. The only function that reads one. Corruption is
// DATA_LOSS, absence NOT_FOUND, a full disk RESOURCE_EXHAUSTED, everything else INTERNAL: nothing
// here gets better by trying again in the same process.
[[nodiscard]] absl::Status ToStatus(const rocksdb::Status& status, std::string_view what);

// Says what to do about an error of opening. Missing files become DATA_LOSS.
[[nodiscard]] absl::Status WithAdvice(const absl::Status& status);

// Options of every RocksDB of ours, store and keys alike: what makes a synced write safe. See
// FORMAT.md.
[[nodiscard]] rocksdb::DBOptions SafeDbOptions();
// Options of a column family. `cache` may be null.
[[nodiscard]] rocksdb::ColumnFamilyOptions SafeFamilyOptions(
    const std::shared_ptr<rocksdb::Cache>& cache);

// A log that keeps nothing: RocksDB would write a file of its own into what is opened for reading
// only.
[[nodiscard]] std::shared_ptr<rocksdb::Logger> MakeNoLog();

struct DatabaseOptions {
  std::string directory;
  bool read_only = false;
  // Whether a write is synced before it returns.
  bool sync = true;
  std::size_t block_cache_bytes = 64U << 20;
  // See StoreOptions.
  std::size_t write_buffer_bytes = 0;
  rocksdb::Env* env = nullptr;
};

// A point in time for several reads. Outlived by its database.
class Snapshot {
 public:
  explicit Snapshot(rocksdb::DB* db) : db_(db), snapshot_(db->GetSnapshot()) {}
  ~Snapshot() { db_->ReleaseSnapshot(snapshot_); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  [[nodiscard]] const rocksdb::Snapshot* get() const { return snapshot_; }

 private:
  rocksdb::DB* db_;
  const rocksdb::Snapshot* snapshot_;
};

// Keys from `begin` (inclusive) to `end` (exclusive; empty: to the last one) of a family.
struct KeyRange {
  Family family = Family::kMeta;
  std::string begin;
  std::string end;
  bool descending = false;
  // Read once from one end to the other: in large pieces, and past the cache.
  bool bulk = false;

  // Every key with this prefix.
  static KeyRange Prefix(Family family, std::string_view prefix, bool descending = false);
};

// Files to ingest into one family.
struct IngestFiles {
  Family family = Family::kMeta;
  std::vector<std::string> paths;
};

// One RocksDB with our families. Thread-safe.
class Database {
 public:
  // FAILED_PRECONDITION if it holds families that this build does not know, or is missing and
  // `read_only`. DATA_LOSS for damage; a database whose files are partly gone is never made anew.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // True if there is a RocksDB in the directory, whole or not.
  static bool Exists(const std::string& directory);

  // Nullopt if absent.
  [[nodiscard]] absl::StatusOr<std::optional<std::string>> Get(
      Family family, std::string_view key, const Snapshot* snapshot = nullptr) const;
  // One element for each key, in the order of `keys`.
  [[nodiscard]] absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      Family family, std::span<const std::string> keys, const Snapshot* snapshot = nullptr) const;

  // Calls `visit` for every pair in order until it returns false. The only loop over an iterator,
  // so that damage in the middle is never taken for the end.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  [[nodiscard]] absl::Status Scan(const KeyRange& range, const Visit& visit,
                                  const Snapshot* snapshot = nullptr) const;

  void Put(rocksdb::WriteBatch* batch, Family family, std::string_view key,
           std::string_view value) const;
  void Delete(rocksdb::WriteBatch* batch, Family family, std::string_view key) const;
  // Writes the batch atomically; synced unless switched off.
  [[nodiscard]] absl::Status Write(rocksdb::WriteBatch* batch);

  // Makes all files visible in one atomic step and takes them away from their paths.
  [[nodiscard]] absl::Status Ingest(const std::vector<IngestFiles>& files);

  // The first failure of a flush or a compaction; OK: there was none.
  [[nodiscard]] absl::Status BackgroundError() const;

  [[nodiscard]] Snapshot MakeSnapshot() const { return Snapshot(db_.get()); }
  // What its files go through.
  [[nodiscard]] rocksdb::Env* env() const { return db_->GetEnv(); }
  // For tests and for writing files of the same shape.
  [[nodiscard]] rocksdb::DB* raw() const { return db_.get(); }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_[static_cast<std::size_t>(family)];
  }

 private:
  class Watcher;

  Database();

  static absl::StatusOr<std::unique_ptr<Database>> Try(const DatabaseOptions& options, bool exists);
  // The status of a read; a failure says which family of which directory.
  [[nodiscard]] absl::Status Told(const rocksdb::Status& status, std::string_view what,
                                  Family family) const;

  // Outlives the database, which calls it.
  std::shared_ptr<Watcher> watcher_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilyCount> handles_{};
  rocksdb::WriteOptions write_options_;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_DATABASE_H_
