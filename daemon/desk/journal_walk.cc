#include "daemon/desk/journal_walk.h"

#include <algorithm>

#include "google/protobuf/arena.h"

namespace hallwarden::daemon {
namespace {

// The first record that is still there.
absl::StatusOr<storage::JournalEntry> FirstEntry(storage::Store* store) {
  absl::StatusOr<storage::JournalEntry> first = absl::NotFoundError("the journal is empty");
  absl::Status status = store->ScanJournal(1, [&](const storage::StoredGroup& group) {
    if (!group.entries.empty()) first = group.entries.front();
    return group.entries.empty();
  });
  if (!status.ok()) return status;
  return first;
}

// First position whose commit time is not before `us`, between the first record and one behind the
// last.
absl::StatusOr<std::uint64_t> PositionAt(storage::Store* store, std::uint64_t first,
                                         std::int64_t us) {
  std::uint64_t low = first;
  std::uint64_t high = store->last_position() + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<storage::JournalEntry> entry = store->ReadEntry(middle);
    if (!entry.ok()) return entry.status();
    if (entry->commit_us < us) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

class Walk {
 public:
  Walk(const WalkOptions& options, const VisitEvent& visit, WalkResult* result)
      : options_(options), visit_(visit), result_(result) {}

  // Whether to go on.
  bool Take(const storage::StoredGroup& group, std::uint64_t from) {
    google::protobuf::Arena arena;
    for (const storage::JournalEntry& entry : group.entries) {
      if (entry.position < from) continue;
      if (entry.commit_us > options_.until_us) return false;
      result_->read_until_us = entry.commit_us;
      ++result_->record_count;
      if (entry.kind != RecordKind::kHallEvent) continue;
      const EventView* event = EventView::Parse(entry.payload, &arena);
      if (event != nullptr && !visit_(entry, *event)) return false;
    }
    // A group is milliseconds of reading at most.
    if (std::chrono::steady_clock::now() - begin_ < options_.deadline &&
        !(options_.cancelled && options_.cancelled())) {
      return true;
    }
    result_->complete = false;
    return false;
  }

 private:
  const WalkOptions& options_;
  const VisitEvent& visit_;
  WalkResult* const result_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

absl::StatusOr<JournalPlace> FindTime(storage::Store* store, std::int64_t us) {
  const absl::StatusOr<storage::JournalEntry> first = FirstEntry(store);
  if (!first.ok()) return first.status();
  const absl::StatusOr<std::uint64_t> at = PositionAt(store, first->position, us);
  if (!at.ok()) return at.status();
  return JournalPlace{*at, first->position > 1 && first->commit_us > us};
}

absl::StatusOr<WalkResult> WalkEvents(storage::Store* store, const WalkOptions& options,
                                      const VisitEvent& visit) {
  WalkResult result;
  const absl::StatusOr<JournalPlace> place = FindTime(store, options.since_us);
  if (absl::IsNotFound(place.status())) return result;
  if (!place.ok()) return place.status();
  result.before_journal = place->before_journal;
  const std::uint64_t from = std::max(place->position, options.from_position);
  Walk walk(options, visit, &result);
  absl::Status status = store->ScanJournal(
      from, [&](const storage::StoredGroup& group) { return walk.Take(group, from); });
  if (!status.ok()) return status;
  return result;
}

}  // namespace hallwarden::daemon
