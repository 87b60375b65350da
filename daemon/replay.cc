#include "daemon/replay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/journal_reader.h"
#include "daemon/log.h"
#include "storage/crash_point.h"
#include "storage/vault.h"

namespace hallwarden::daemon {
namespace {

// Replays one group. Its digest is compared only if it is replayed whole.
class GroupReplay {
 public:
  GroupReplay(EngineRunner* runner, Cells* cells) : runner_(runner), cells_(cells) {}

  void Run(const ReadGroup& read, std::uint64_t from) {
    keys_.clear();
    effects_.clear();
    records_ = 0;
    for (const Record& record : read.records) {
      if (record.position >= from) runner_->engine().Touches(record, &keys_);
    }
    cells_->Prefetch(keys_);
    for (const Record& record : read.records) {
      if (record.position < from) continue;
      runner_->Step(record, &effects_);
      ++records_;
    }
    differs_ =
        records_ == read.records.size() && DigestEffects(effects_) != read.group.effects_digest;
  }

  [[nodiscard]] std::size_t records() const { return records_; }
  [[nodiscard]] bool differs() const { return differs_; }
  [[nodiscard]] const std::vector<PositionedEffect>& effects() const { return effects_; }

 private:
  EngineRunner* runner_;
  Cells* cells_;
  std::size_t records_ = 0;
  std::vector<EntityKey> keys_;
  std::vector<PositionedEffect> effects_;
  bool differs_ = false;
};

}  // namespace

absl::StatusOr<ReadRecord> ReadBack(const storage::JournalEntry& entry, storage::Vault* vault) {
  ReadRecord read;
  read.arena = std::make_unique<google::protobuf::Arena>();
  const absl::Status status = ReadRecordBack(entry, vault, read.arena.get(), &read.record);
  if (!status.ok()) return status;
  return read;
}

absl::Status ReplayTail(storage::Store* store, EngineRunner* runner, Cells* cells,
                        PostingTail* tail, ReplayProgress* progress) {
  const std::uint64_t from = store->checkpoint_position() + 1;
  if (from > store->last_position()) return absl::OkStatus();
  GroupReplay replay(runner, cells);
  JournalReader reader(store, from);
  for (;;) {
    if (progress->cancel) return absl::CancelledError("stopped");
    const absl::StatusOr<std::unique_ptr<ReadGroup>> read = reader.Next();
    if (!read.ok()) return read.status();
    if (*read == nullptr) return absl::OkStatus();
    replay.Run(**read, from);
    progress->records += replay.records();
    if (replay.differs()) {
      ++progress->differences;
      Log(LogLevel::kError,
          absl::StrCat(
              "ALARM replay: records ", (*read)->group.entries.front().position, " to ",
              (*read)->group.entries.back().position,
              " decide otherwise than when they were committed. What was decided stays in ",
              "force; report this with the journal"));
    }
    tail->Add(replay.effects());
    HW_CRASH_POINT("start.replayed_group");
  }
}

absl::Status RememberHashes(storage::Store* store, std::uint64_t records, GroupBuilder* builder) {
  const std::uint64_t last = store->last_position();
  const std::uint64_t from = last > records ? last - records + 1 : 1;
  return store->ScanJournal(from, [&](const storage::StoredGroup& group) {
    for (const storage::JournalEntry& entry : group.entries) {
      if (entry.source_seq != 0) {
        builder->Remember(entry.source, entry.source_seq, entry.content_hash);
      }
    }
    return true;
  });
}

absl::StatusOr<FoundActivation> FindActivation(storage::Store* store, std::uint64_t hint) {
  std::optional<storage::JournalEntry> last;
  if (hint != 0) {
    absl::StatusOr<storage::JournalEntry> entry = store->ReadEntry(hint);
    if (entry.ok() && entry->kind == RecordKind::kEngineActivated) last = *std::move(entry);
  }
  const std::uint64_t from =
      last.has_value() ? std::max(last->position, store->checkpoint_position()) + 1 : 1;
  const absl::Status scanned = store->ScanJournal(from, [&](const storage::StoredGroup& group) {
    for (const storage::JournalEntry& entry : group.entries) {
      if (entry.kind == RecordKind::kEngineActivated) last = entry;
    }
    return true;
  });
  if (!scanned.ok()) return scanned;
  if (!last.has_value()) return absl::NotFoundError("the journal holds no EngineActivated");
  FoundActivation found;
  found.position = last->position;
  if (!found.activated.ParseFromString(last->payload)) {
    return absl::DataLossError(absl::StrCat("journal record ", last->position,
                                            ": payload does not parse; restore the last backup"));
  }
  return found;
}

}  // namespace hallwarden::daemon
