// The checkpoint: cells, postings and their position, visible in one step.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <rocksdb/sst_file_writer.h>

#include "storage/crash_point.h"
#include "storage/key.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

// A file is cut at this size, so that a compaction can take a part of a checkpoint.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{128} << 20;

// Writes pairs in key order into as many files as they need.
class FileSet {
 public:
  // `files` gets every path before anything is written there. All outlive this.
  FileSet(const Database* db, Family family, std::string stem, std::vector<std::string>* files)
      : db_(db), family_(family), stem_(std::move(stem)), files_(files) {}

  absl::Status Put(std::string_view key, std::string_view value) {
    if (writer_ != nullptr && writer_->FileSize() >= kFileBytesMax) {
      if (absl::Status status = Finish(); !status.ok()) return status;
    }
    if (writer_ == nullptr) {
      if (absl::Status status = Start(); !status.ok()) return status;
    }
    return ToStatus(writer_->Put({key.data(), key.size()}, {value.data(), value.size()}),
                    "write " + files_->back());
  }

  // Syncs the last file.
  absl::Status Finish() {
    if (writer_ == nullptr) return absl::OkStatus();
    absl::Status status = ToStatus(writer_->Finish(), "finish " + files_->back());
    writer_.reset();
    return status;
  }

 private:
  absl::Status Start() {
    files_->push_back(stem_ + "-" + std::to_string(files_->size()) + ".sst");
    rocksdb::ColumnFamilyHandle* const handle = db_->handle(family_);
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(),
                                                       db_->raw()->GetOptions(handle), handle);
    return ToStatus(writer_->Open(files_->back()), "open " + files_->back());
  }

  const Database* db_;
  Family family_;
  std::string stem_;
  std::vector<std::string>* files_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

// Cells that are there already, in any order.
class ListedCells : public CellStream {
 public:
  explicit ListedCells(std::span<const EncodedCell> cells) {
    sorted_.reserve(cells.size());
    for (const EncodedCell& cell : cells)
      sorted_.push_back(&cell);
    std::sort(sorted_.begin(), sorted_.end(),
              [](const EncodedCell* a, const EncodedCell* b) { return a->key < b->key; });
  }

  absl::StatusOr<bool> Next(EncodedCell* cell) override {
    if (next_ == sorted_.size()) return false;
    *cell = *sorted_[next_++];
    return true;
  }

 private:
  std::vector<const EncodedCell*> sorted_;
  std::size_t next_ = 0;
};

}  // namespace

void StoredCells::Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) {
  std::vector<std::string> stored_keys;
  stored_keys.reserve(keys.size());
  for (const EntityKey& key : keys)
    stored_keys.push_back(CellKey(key));
  absl::StatusOr<std::vector<std::optional<std::string>>> values =
      db_->GetMany(Family::kCells, stored_keys);
  if (!values.ok()) {
    // A cell that is taken for new would be a wrong decision about somebody.
    const std::string message = values.status().ToString();
    std::fprintf(stderr, "hallwardend: cells cannot be read, so nothing can be decided: %s\n",
                 message.c_str());
    std::abort();
  }
  for (std::optional<std::string>& value : *values) {
    encoded->push_back(value.has_value() ? *std::move(value) : std::string());
  }
}

absl::Status Store::ScanCells(const CellRange& /*range*/, const VisitCell& /*visit*/) {
  return absl::OkStatus();
}

absl::Status StoreImpl::ScanCells(const CellRange& range, const VisitCell& visit) {
  const auto kind = static_cast<std::uint8_t>(range.kind);
  KeyRange keys{Family::kCells, Key(kind).Byte(range.first_byte).Take(),
                PrefixEnd(Key(kind).Byte(range.last_byte).Take()), false, true};
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(keys, [&](std::string_view key, std::string_view value) {
    KeyReader in(key);
    EntityKey entity{static_cast<CellKind>(in.Byte()), {}};
    entity.id.hi = in.U64();
    entity.id.lo = in.U64();
    if (!in.done()) {
      failed = Malformed("cells");
      return false;
    }
    return visit(entity, value);
  });
  return scanned.ok() ? failed : scanned;
}

absl::Status StoreImpl::WriteCells(std::uint64_t at, CellStream* cells,
                                   std::vector<std::string>* files) {
  FileSet out(parts_.db.get(), Family::kCells, IngestDirectory() + "/cells", files);
  if (absl::Status status = out.Put(CheckpointKey(), EncodeNumber(at)); !status.ok()) return status;
  EncodedCell cell;
  for (;;) {
    const absl::StatusOr<bool> more = cells->Next(&cell);
    if (!more.ok()) return more.status();
    if (!*more) return out.Finish();
    if (absl::Status status = out.Put(CellKey(cell.key), cell.bytes); !status.ok()) return status;
  }
}

absl::Status StoreImpl::WritePostings(std::span<const StoredPosting> postings,
                                      std::vector<std::string>* files) {
  std::vector<const StoredPosting*> sorted;
  sorted.reserve(postings.size());
  for (const StoredPosting& posting : postings)
    sorted.push_back(&posting);
  std::sort(sorted.begin(), sorted.end(), [](const StoredPosting* a, const StoredPosting* b) {
    return std::tie(a->posting.account, a->position, a->ordinal) <
           std::tie(b->posting.account, b->position, b->ordinal);
  });
  FileSet out(parts_.db.get(), Family::kPostings, IngestDirectory() + "/postings", files);
  for (std::size_t begin = 0; begin < sorted.size();) {
    const StoredPosting& first = *sorted[begin];
    std::size_t end = begin + 1;
    while (end < sorted.size() && end - begin < kBlockPostingsMax &&
           sorted[end]->posting.account == first.posting.account) {
      ++end;
    }
    const std::string key = PostingKey(first.posting.account, first.position, first.ordinal);
    const std::span<const StoredPosting* const> block(&sorted[begin], end - begin);
    if (absl::Status status = out.Put(key, EncodePostings(block)); !status.ok()) return status;
    begin = end;
  }
  return out.Finish();
}

absl::Status Store::StreamCheckpoint(std::uint64_t at, CellStream* cells,
                                     std::span<const StoredPosting> postings) {
  std::vector<EncodedCell> listed;
  for (;;) {
    EncodedCell cell;
    const absl::StatusOr<bool> more = cells->Next(&cell);
    if (!more.ok()) return more.status();
    if (!*more) return WriteCheckpoint(at, listed, postings);
    listed.push_back(std::move(cell));
  }
}

absl::Status StoreImpl::WriteCheckpoint(std::uint64_t at, std::span<const EncodedCell> cells,
                                        std::span<const StoredPosting> postings) {
  ListedCells listed(cells);
  return StreamCheckpoint(at, &listed, postings);
}

absl::Status StoreImpl::StreamCheckpoint(std::uint64_t at, CellStream* cells,
                                         std::span<const StoredPosting> postings) {
  if (parts_.options.read_only) {
    return absl::FailedPreconditionError("the store is open for reading only");
  }
  const absl::MutexLock lock(&checkpoint_mutex_);
  if (at < checkpoint_position_ || at > last_position_) {
    return absl::InternalError("a checkpoint at position " + std::to_string(at) + " after one at " +
                               std::to_string(checkpoint_position_) + ", with a journal up to " +
                               std::to_string(last_position_));
  }
  if (absl::Status status = MakeDirectory(IngestDirectory()); !status.ok()) return status;
  HW_CRASH_POINT("checkpoint.begun");
  IngestFiles cell_files{Family::kCells, {}};
  IngestFiles posting_files{Family::kPostings, {}};
  absl::Status status = WriteCells(at, cells, &cell_files.paths);
  HW_CRASH_POINT("checkpoint.cells_written");
  if (status.ok()) status = WritePostings(postings, &posting_files.paths);
  HW_CRASH_POINT("checkpoint.postings_written");
  if (status.ok()) status = parts_.db->Ingest({cell_files, posting_files});
  HW_CRASH_POINT("checkpoint.ingested");
  for (const IngestFiles& files : {cell_files, posting_files}) {
    for (const std::string& path : files.paths) {
      // Gone already if it was ingested. What stays is taken away at the next open.
      parts_.db->env()->DeleteFile(path).PermitUncheckedError();
    }
  }
  if (status.ok()) checkpoint_position_ = at;
  return status;
}

}  // namespace hallwarden::storage
