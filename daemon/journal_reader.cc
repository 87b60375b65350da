#include "daemon/journal_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/personal.h"
#include "storage/vault.h"

namespace hallwarden::daemon {
namespace {

// Groups that are read ahead: some ten thousand records.
constexpr std::size_t kAheadMax = 48;
constexpr int kParsers = 2;

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

// Where a record is made.
struct Making {
  const storage::JournalEntry& entry;
  storage::Vault* vault;
  google::protobuf::Arena* arena;
  Record* record;
};

template <class Payload>
absl::Status ReadPayload(const Making& making) {
  auto* payload = google::protobuf::Arena::CreateMessage<Payload>(making.arena);
  if (!payload->ParseFromString(making.entry.payload)) {
    return Damaged(making.entry, "payload does not parse");
  }
  absl::StatusOr<bool> erased = Join(making.entry, making.vault, payload);
  if (!erased.ok()) return erased.status();
  making.record->erased = *erased;
  making.record->payload = static_cast<const Payload*>(payload);
  return absl::OkStatus();
}

// What nobody sealed is viewed where it lies; what was is put together as a message first.
absl::Status ReadEvent(const Making& making) {
  const storage::JournalEntry& entry = making.entry;
  const EventView* view = EventView::Parse(entry.payload, making.arena);
  if (view == nullptr) return Damaged(entry, "payload does not parse");
  if (!entry.sealed.empty() && !view->has_logged_in()) {
    auto* event = google::protobuf::Arena::CreateMessage<v1::HallEvent>(making.arena);
    if (!event->ParseFromString(entry.payload)) return Damaged(entry, "payload does not parse");
    absl::StatusOr<bool> erased = Join(entry, making.vault, event);
    if (!erased.ok()) return erased.status();
    making.record->erased = *erased;
    view = EventView::Of(*event, making.arena);
  }
  making.record->payload = view;
  return absl::OkStatus();
}

absl::Status ReadByKind(const Making& making) {
  switch (making.entry.kind) {
    case RecordKind::kHallEvent:
      return ReadEvent(making);
    case RecordKind::kEventRefused:
      return ReadPayload<v1::EventRefused>(making);
    case RecordKind::kDirectiveAnswered:
      return ReadPayload<v1::DirectiveAnswered>(making);
    case RecordKind::kServerHello:
      return ReadPayload<v1::ServerHello>(making);
    case RecordKind::kCommand:
      return ReadPayload<v1::Command>(making);
    case RecordKind::kTimerFired:
      return ReadPayload<v1::TimerFired>(making);
    case RecordKind::kEngineActivated:
      return ReadPayload<v1::EngineActivated>(making);
    case RecordKind::kClockStepped:
      return ReadPayload<v1::ClockStepped>(making);
    case RecordKind::kErased:
      return ReadPayload<v1::Erased>(making);
  }
  return Damaged(making.entry, "is of a kind that this version does not know");
}

}  // namespace

absl::Status ReadRecordBack(const storage::JournalEntry& entry, storage::Vault* vault,
                            google::protobuf::Arena* arena, Record* record) {
  record->position = entry.position;
  record->commit_us = entry.commit_us;
  record->source = entry.source;
  record->source_seq = entry.source_seq;
  record->hashes = entry.hashes;
  record->kind = entry.kind;
  return ReadByKind({entry, vault, arena, record});
}

absl::StatusOr<v1::HallEvent> ReadEventBack(const storage::JournalEntry& entry,
                                            storage::Vault* vault) {
  v1::HallEvent event;
  if (!event.ParseFromString(entry.payload)) return Damaged(entry, "payload does not parse");
  const absl::StatusOr<bool> erased = Join(entry, vault, &event);
  if (!erased.ok()) return erased.status();
  return event;
}

JournalReader::JournalReader(storage::Store* store, std::uint64_t from) : store_(store) {
  threads_.emplace_back([this, from] { Scan(from); });
  for (int i = 0; i < kParsers; ++i)
    threads_.emplace_back([this] { Parse(); });
}

JournalReader::~JournalReader() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_)
    thread.join();
}

void JournalReader::Scan(std::uint64_t from) {
  const absl::Status scanned = store_->ScanJournal(from, [&](const storage::StoredGroup& group) {
    auto slot = std::make_unique<Slot>();
    slot->read.group = group;
    MutexLock lock(&mutex_);
    while (slots_.size() >= kAheadMax && !stopping_)
      changed_.Wait(&mutex_);
    if (stopping_) return false;
    slots_.push_back(std::move(slot));
    changed_.NotifyAll();
    return true;
  });
  MutexLock lock(&mutex_);
  scanned_ = true;
  scan_status_ = scanned;
  changed_.NotifyAll();
}

JournalReader::Slot* JournalReader::FindWork() {
  for (const std::unique_ptr<Slot>& slot : slots_) {
    if (!slot->taken) return slot.get();
  }
  return nullptr;
}

void JournalReader::Parse() {
  for (;;) {
    Slot* slot = nullptr;
    {
      MutexLock lock(&mutex_);
      while ((slot = FindWork()) == nullptr && !scanned_ && !stopping_)
        changed_.Wait(&mutex_);
      if (slot == nullptr || stopping_) return;
      slot->taken = true;
    }
    ReadGroup& read = slot->read;
    read.arena = std::make_unique<google::protobuf::Arena>();
    read.records.reserve(read.group.entries.size());
    absl::Status status;
    for (const storage::JournalEntry& entry : read.group.entries) {
      status =
          ReadRecordBack(entry, &store_->vault(), read.arena.get(), &read.records.emplace_back());
      if (!status.ok()) break;
    }
    MutexLock lock(&mutex_);
    slot->status = std::move(status);
    slot->ready = true;
    changed_.NotifyAll();
  }
}

absl::StatusOr<std::unique_ptr<ReadGroup>> JournalReader::Next() {
  MutexLock lock(&mutex_);
  while (slots_.empty() ? !scanned_ : !slots_.front()->ready)
    changed_.Wait(&mutex_);
  if (slots_.empty()) {
    if (!scan_status_.ok()) return scan_status_;
    return std::unique_ptr<ReadGroup>();
  }
  if (!slots_.front()->status.ok()) return slots_.front()->status;
  auto read = std::make_unique<ReadGroup>(std::move(slots_.front()->read));
  slots_.pop_front();
  changed_.NotifyAll();
  return read;
}

}  // namespace hallwarden::daemon
