#include "storage/database.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/iterator.h>
#include <rocksdb/listener.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/key.h"
#include "storage/log_tail.h"

namespace hallwarden::storage {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// In the order of Family.
constexpr std::array<std::string_view, kFamilyCount> kFamilyNames = {
    "default", "journal", "private", "cells", "tables",  "index",     "outbox",   "directives",
    "answers", "audit",   "timers",  "gate",  "sources", "artefacts", "postings", "feed"};

rocksdb::Slice ToSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// The log of a store that is opened for reading only: RocksDB would write a file of its own.
class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::ColumnFamilyOptions OptionsOf(Family family,
                                       const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = SafeFamilyOptions(cache);
  switch (family) {
    case Family::kJournal:
      // One value a commit: the family that fills first and so decides when all are flushed.
      options.write_buffer_size = 32 * kMiB;
      break;
    case Family::kPrivate:
      options.write_buffer_size = 32 * kMiB;
      // Encrypted bytes do not shrink.
      options.compression = rocksdb::kNoCompression;
      options.bottommost_compression = rocksdb::kNoCompression;
      break;
    case Family::kCells:
      // Written by checkpoints only: whole sorted files, ingested. A checkpoint of a busy hall is
      // some files; compacting waits until there are several, and never holds up a commit.
      options.write_buffer_size = kMiB;
      options.level0_file_num_compaction_trigger = 8;
      options.level0_slowdown_writes_trigger = 1 << 20;
      options.level0_stop_writes_trigger = 1 << 20;
      options.soft_pending_compaction_bytes_limit = 0;
      options.hard_pending_compaction_bytes_limit = 0;
      options.target_file_size_base = 128 * kMiB;
      options.max_bytes_for_level_base = 512 * kMiB;
      break;
    default:
      break;
  }
  return options;
}

// A compaction that meets an unreadable file below the first level takes it for an empty one, see
// Scan, and then deletes it: what it held would be gone for good, without a word. So the files are
// read before. Nothing else can stop a compaction.
class CompactionGuard final : public rocksdb::EventListener {
 public:
  void OnCompactionBegin(rocksdb::DB* db, const rocksdb::CompactionJobInfo& job) override {
    rocksdb::Options options;
    options.env = db->GetEnv();
    for (const std::string& path : job.input_files) {
      rocksdb::SstFileReader reader(options);
      absl::Status status = ToStatus(reader.Open(path), "open " + path);
      if (status.ok()) {
        status = ToStatus(reader.VerifyChecksum(rocksdb::ReadOptions()), "verify " + path);
      }
      if (status.ok()) continue;
      const std::string message = status.ToString();
      std::fprintf(stderr, "hallwardend: stopped before a merge of files would lose data: %s\n",
                   message.c_str());
      std::fflush(stderr);  // a log file may be buffered
      std::abort();
    }
  }
};

absl::Status CheckFamilies(const DatabaseOptions& options) {
  std::vector<std::string> names;
  rocksdb::DBOptions db_options = SafeDbOptions();
  if (options.env != nullptr) db_options.env = options.env;
  if (absl::Status status =
          ToStatus(rocksdb::DB::ListColumnFamilies(db_options, options.directory, &names),
                   "list the column families of " + options.directory);
      !status.ok()) {
    return status;
  }
  for (const std::string& name : names) {
    if (std::find(kFamilyNames.begin(), kFamilyNames.end(), name) == kFamilyNames.end()) {
      return absl::FailedPreconditionError(
          options.directory + " was written by a newer Hallwarden: it holds the column family `" +
          name + "`, which this build does not know. Start the newer build, or restore a backup " +
          "that was made before the upgrade.");
    }
  }
  return absl::OkStatus();
}

}  // namespace

// Hears what RocksDB could not write.
class Database::Watcher final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                         rocksdb::Status* error) override {
    const absl::MutexLock lock(&mutex_);
    if (error_.ok()) error_ = ToStatus(*error, "write in the background");
  }
  [[nodiscard]] absl::Status error() const {
    const absl::MutexLock lock(&mutex_);
    return error_;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

Database::Database() : watcher_(std::make_shared<Watcher>()) {}

absl::Status Database::BackgroundError() const {
  return watcher_->error();
}

absl::Status WithAdvice(const absl::Status& status) {
  if (absl::IsFailedPrecondition(status)) return status;
  const std::string message(status.message().data(), status.message().size());
  if (message.find(kDamageAdvice) != std::string::npos) return status;
  // A file that is gone is damage too; what cannot be read or written at all is the disk's fault.
  const bool gone = message.find("No such file") != std::string::npos ||
                    message.find("Missing") != std::string::npos ||
                    message.find("Invalid argument") != std::string::npos;
  if (!absl::IsDataLoss(status) && !gone) {
    return absl::Status(status.code(), message + ". Is the disk readable, writable and not full?");
  }
  return absl::DataLossError(message + std::string(kDamageAdvice));
}

std::string_view FamilyName(Family family) {
  return kFamilyNames[static_cast<std::size_t>(family)];
}

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = std::string(what) + ": " + status.ToString();
  if (status.IsCorruption()) return absl::DataLossError(message + std::string(kDamageAdvice));
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  return absl::InternalError(message);
}

std::shared_ptr<rocksdb::Logger> MakeNoLog() {
  return std::make_shared<NoLog>();
}

rocksdb::DBOptions SafeDbOptions() {
  rocksdb::DBOptions options;
  // What happens without each of these was measured: see "Options" in FORMAT.md.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.paranoid_checks = true;
  options.recycle_log_file_num = 0;
  options.wal_compression = rocksdb::kNoCompression;
  options.max_bgerror_resume_count = 0;
  options.manual_wal_flush = false;
  // All families reach their files together: whatever happens to a log afterwards, the files are
  // one consistent cut, and a seldom written family never keeps old logs alive.
  options.atomic_flush = true;
  options.max_total_wal_size = 256 * kMiB;
  options.max_background_jobs = 2;
  options.max_open_files = 1024;
  options.bytes_per_sync = kMiB;
  options.keep_log_file_num = 5;
  options.max_log_file_size = 4 * kMiB;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  options.listeners.push_back(std::make_shared<CompactionGuard>());
  return options;
}

rocksdb::ColumnFamilyOptions SafeFamilyOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.paranoid_file_checks = true;
  options.force_consistency_checks = true;
  options.max_write_buffer_number = 2;
  options.write_buffer_size = 8 * kMiB;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.no_block_cache = cache == nullptr;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = cache != nullptr;
  table.pin_l0_filter_and_index_blocks_in_cache = cache != nullptr;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

KeyRange KeyRange::Prefix(Family family, std::string_view prefix, bool descending) {
  return KeyRange{family, std::string(prefix), PrefixEnd(prefix), descending, false};
}

bool Database::Exists(const std::string& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory + "/CURRENT", error)) return true;
  // A creation that was cut short has neither tables nor logs.
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::filesystem::path extension = entry.path().extension();
    if (extension == ".sst" || extension == ".log") return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const DatabaseOptions& options) {
  const bool exists = Exists(options.directory);
  if (!exists && options.read_only) {
    return absl::FailedPreconditionError("there is no store in " + options.directory);
  }
  if (exists) {
    std::error_code error;
    // RocksDB would make a new database over the files of the old one.
    if (!std::filesystem::exists(options.directory + "/CURRENT", error)) {
      return absl::DataLossError("the file CURRENT is missing in " + options.directory +
                                 ": restore a backup");
    }
  }
  absl::StatusOr<std::unique_ptr<Database>> opened = Try(options, exists);
  if (absl::IsDataLoss(opened.status()) && !options.read_only && exists) {
    const absl::StatusOr<bool> torn = CutTornTails(
        options.env != nullptr ? options.env : rocksdb::Env::Default(), options.directory);
    if (torn.ok() && *torn) opened = Try(options, exists);
  }
  if (exists && !opened.ok()) return WithAdvice(opened.status());
  return opened;
}

absl::StatusOr<std::unique_ptr<Database>> Database::Try(const DatabaseOptions& options,
                                                        bool exists) {
  if (exists) {
    if (absl::Status status = CheckFamilies(options); !status.ok()) return status;
    rocksdb::Env* const env = options.env != nullptr ? options.env : rocksdb::Env::Default();
    if (absl::Status status = CheckLastBlock(env, options.directory); !status.ok()) return status;
  }
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  rocksdb::DBOptions db_options = SafeDbOptions();
  db_options.create_if_missing = !exists;
  db_options.create_missing_column_families = true;
  if (options.env != nullptr) db_options.env = options.env;
  if (options.read_only) db_options.info_log = MakeNoLog();
  std::unique_ptr<Database> database(new Database);
  db_options.listeners.push_back(database->watcher_);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.reserve(kFamilyCount);
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    rocksdb::ColumnFamilyOptions family = OptionsOf(static_cast<Family>(i), cache);
    if (options.write_buffer_bytes != 0) family.write_buffer_size = options.write_buffer_bytes;
    families.emplace_back(std::string(kFamilyNames[i]), std::move(family));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  absl::Status opened =
      options.read_only
          ? ToStatus(rocksdb::DB::OpenForReadOnly(db_options, options.directory, families, &handles,
                                                  &db),
                     "open " + options.directory + " for reading")
          : ToStatus(rocksdb::DB::Open(db_options, options.directory, families, &handles, &db),
                     "open " + options.directory);
  if (!opened.ok()) return opened;
  database->db_.reset(db);
  std::copy(handles.begin(), handles.end(), database->handles_.begin());
  database->write_options_.sync = options.sync;
  return database;
}

Database::~Database() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_)
    delete handle;
}

absl::Status Database::Told(const rocksdb::Status& status, std::string_view what,
                            Family family) const {
  // Asked with every read: words are made for failures only.
  if (status.ok()) return absl::OkStatus();
  return ToStatus(
      status, std::string(what) + " " + std::string(FamilyName(family)) + " of " + db_->GetName());
}

absl::StatusOr<std::optional<std::string>> Database::Get(Family family, std::string_view key,
                                                         const Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  if (snapshot != nullptr) options.snapshot = snapshot->get();
  std::string value;
  absl::Status status =
      Told(db_->Get(options, handle(family), ToSlice(key), &value), "read from", family);
  if (absl::IsNotFound(status)) return std::optional<std::string>();
  if (!status.ok()) return status;
  return std::optional<std::string>(std::move(value));
}

absl::StatusOr<std::vector<std::optional<std::string>>> Database::GetMany(
    Family family, std::span<const std::string> keys, const Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  if (snapshot != nullptr) options.snapshot = snapshot->get();
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys)
    slices.emplace_back(key);
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(options, handle(family), keys.size(), slices.data(), values.data(),
                statuses.data());
  std::vector<std::optional<std::string>> results(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    absl::Status status = Told(statuses[i], "read from", family);
    if (absl::IsNotFound(status)) continue;
    if (!status.ok()) return status;
    results[i].emplace(values[i].data(), values[i].size());
  }
  return results;
}

absl::Status Database::Scan(const KeyRange& range, const Visit& visit,
                            const Snapshot* snapshot) const {
  rocksdb::ReadOptions options;
  if (snapshot != nullptr) options.snapshot = snapshot->get();
  const rocksdb::Slice begin(range.begin);
  const rocksdb::Slice end(range.end);
  // RocksDB 7.8 takes an unreadable file below the first level for an empty one while it looks for
  // ranges that were deleted, and says OK. We delete none.
  options.ignore_range_deletions = true;
  if (range.bulk) {
    options.fill_cache = false;
    options.readahead_size = 2 * kMiB;
  }
  options.iterate_lower_bound = &begin;
  if (!range.end.empty()) options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options, handle(range.family)));
  if (range.descending) {
    it->SeekToLast();
  } else {
    it->SeekToFirst();
  }
  while (it->Valid()) {
    if (!visit(ToView(it->key()), ToView(it->value()))) break;
    if (range.descending) {
      it->Prev();
    } else {
      it->Next();
    }
  }
  return Told(it->status(), "scan", range.family);
}

void Database::Put(rocksdb::WriteBatch* batch, Family family, std::string_view key,
                   std::string_view value) const {
  // A WriteBatch without a size limit cannot fail.
  batch->Put(handle(family), ToSlice(key), ToSlice(value)).PermitUncheckedError();
}

void Database::Delete(rocksdb::WriteBatch* batch, Family family, std::string_view key) const {
  batch->Delete(handle(family), ToSlice(key)).PermitUncheckedError();
}

absl::Status Database::Write(rocksdb::WriteBatch* batch) {
  return ToStatus(db_->Write(write_options_, batch), "write a batch");
}

absl::Status Database::Ingest(const std::vector<IngestFiles>& files) {
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  for (const IngestFiles& family : files) {
    if (family.paths.empty()) continue;
    rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
    argument.column_family = handle(family.family);
    argument.external_files = family.paths;
    argument.options.move_files = true;
    // The file stays as it was written, so that its checksum stays true.
    argument.options.write_global_seqno = false;
    argument.options.verify_checksums_before_ingest = true;
  }
  return ToStatus(db_->IngestExternalFiles(arguments), "ingest files");
}

}  // namespace hallwarden::storage
