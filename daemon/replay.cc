#include "daemon/replay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "hallwarden/v1/event.pb.h"

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "storage/personal.h"
#include "storage/vault.h"

namespace hallwarden::daemon {
namespace {

absl::Status Damaged(const storage::JournalEntry& entry, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("journal record ", entry.position, ": ", what, "; restore the last backup"));
}

std::uint64_t SealNumber(const storage::JournalEntry& entry) {
  return entry.source_seq != 0 ? entry.source_seq : entry.position;
}

// Puts the personal fields back into `message`. True: they were erased.
absl::StatusOr<bool> Join(const storage::JournalEntry& entry, storage::Vault* vault,
                          google::protobuf::Message* message) {
  if (entry.sealed.empty()) return false;
  const absl::StatusOr<std::string> plain = vault->Unseal(
      entry.sealed_account, storage::SealContext(entry.source, SealNumber(entry)), entry.sealed);
  if (absl::IsNotFound(plain.status())) return true;
  if (!plain.ok()) return plain.status();
  v1::SealedFields fields;
  if (!fields.ParseFromString(*plain)) return Damaged(entry, "sealed fields do not parse");
  if (absl::Status status = storage::JoinPersonal(fields, message); !status.ok()) return status;
  return false;
}

template <class Payload>
absl::Status ReadPayload(const storage::JournalEntry& entry, storage::Vault* vault,
                         ReadRecord* read) {
  auto* payload = google::protobuf::Arena::CreateMessage<Payload>(read->arena.get());
  if (!payload->ParseFromString(entry.payload)) return Damaged(entry, "payload does not parse");
  absl::StatusOr<bool> erased = Join(entry, vault, payload);
  if (!erased.ok()) return erased.status();
  read->record.erased = *erased;
  read->record.payload = static_cast<const Payload*>(payload);
  return absl::OkStatus();
}

absl::Status ReadByKind(const storage::JournalEntry& entry, storage::Vault* vault,
                        ReadRecord* read) {
  switch (entry.kind) {
    case RecordKind::kHallEvent:
      return ReadPayload<v1::HallEvent>(entry, vault, read);
    case RecordKind::kEventRefused:
      return ReadPayload<v1::EventRefused>(entry, vault, read);
    case RecordKind::kDirectiveAnswered:
      return ReadPayload<v1::DirectiveAnswered>(entry, vault, read);
    case RecordKind::kServerHello:
      return ReadPayload<v1::ServerHello>(entry, vault, read);
    case RecordKind::kCommand:
      return ReadPayload<v1::Command>(entry, vault, read);
    case RecordKind::kTimerFired:
      return ReadPayload<v1::TimerFired>(entry, vault, read);
    case RecordKind::kEngineActivated:
      return ReadPayload<v1::EngineActivated>(entry, vault, read);
    case RecordKind::kClockStepped:
      return ReadPayload<v1::ClockStepped>(entry, vault, read);
    case RecordKind::kErased:
      return ReadPayload<v1::Erased>(entry, vault, read);
  }
  return Damaged(entry, "is of a kind that this version does not know");
}

// Replays one group. Its digest is compared only if it is replayed whole.
class GroupReplay {
 public:
  GroupReplay(storage::Store* store, EngineRunner* runner, Cells* cells)
      : store_(store), runner_(runner), cells_(cells) {}

  absl::Status Run(const storage::StoredGroup& group, std::uint64_t from) {
    records_.clear();
    keys_.clear();
    effects_.clear();
    for (const storage::JournalEntry& entry : group.entries) {
      if (entry.position < from) continue;
      absl::StatusOr<ReadRecord> read = ReadBack(entry, &store_->vault());
      if (!read.ok()) return read.status();
      runner_->engine().Touches(read->record, &keys_);
      records_.push_back(*std::move(read));
    }
    cells_->Prefetch(keys_);
    for (const ReadRecord& read : records_)
      runner_->Step(read.record, &effects_);
    differs_ =
        records_.size() == group.entries.size() && DigestEffects(effects_) != group.effects_digest;
    return absl::OkStatus();
  }

  [[nodiscard]] std::size_t records() const { return records_.size(); }
  [[nodiscard]] bool differs() const { return differs_; }
  [[nodiscard]] const std::vector<PositionedEffect>& effects() const { return effects_; }

 private:
  storage::Store* store_;
  EngineRunner* runner_;
  Cells* cells_;
  std::vector<ReadRecord> records_;
  std::vector<EntityKey> keys_;
  std::vector<PositionedEffect> effects_;
  bool differs_ = false;
};

}  // namespace

absl::StatusOr<ReadRecord> ReadBack(const storage::JournalEntry& entry, storage::Vault* vault) {
  ReadRecord read;
  read.arena = std::make_unique<google::protobuf::Arena>();
  read.record.position = entry.position;
  read.record.commit_us = entry.commit_us;
  read.record.source = entry.source;
  read.record.source_seq = entry.source_seq;
  read.record.hashes = entry.hashes;
  read.record.kind = entry.kind;
  if (absl::Status status = ReadByKind(entry, vault, &read); !status.ok()) return status;
  return read;
}

absl::Status ReplayTail(storage::Store* store, EngineRunner* runner, Cells* cells,
                        PostingTail* tail, ReplayProgress* progress) {
  const std::uint64_t from = store->checkpoint_position() + 1;
  GroupReplay replay(store, runner, cells);
  absl::Status failed;
  const absl::Status scanned = store->ScanJournal(from, [&](const storage::StoredGroup& group) {
    failed = progress->cancel ? absl::CancelledError("stopped") : replay.Run(group, from);
    if (!failed.ok()) return false;
    progress->records += replay.records();
    if (replay.differs()) {
      ++progress->differences;
      Log(LogLevel::kError,
          absl::StrCat(
              "ALARM replay: records ", group.entries.front().position, " to ",
              group.entries.back().position,
              " decide otherwise than when they were committed. What was decided stays in ",
              "force; report this with the journal"));
    }
    tail->Add(replay.effects());
    return true;
  });
  return failed.ok() ? scanned : failed;
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
    return Damaged(*last, "payload does not parse");
  }
  return found;
}

}  // namespace hallwarden::daemon
