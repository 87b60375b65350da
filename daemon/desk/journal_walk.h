// Walks forward through recorded events between two times.
#ifndef HALLWARDEN_DAEMON_DESK_JOURNAL_WALK_H_
#define HALLWARDEN_DAEMON_DESK_JOURNAL_WALK_H_

#include <chrono>
#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/engine/event_view.h"
#include "storage/store.h"

namespace hallwarden::daemon {

struct WalkOptions {
  std::int64_t since_us = 0;
  std::int64_t until_us = INT64_MAX;
  // Where to begin at the earliest; 0: anywhere.
  std::uint64_t from_position = 0;
  std::chrono::milliseconds deadline{10'000};
  // True once nobody waits any more.
  std::function<bool()> cancelled;
};

struct WalkResult {
  bool complete = true;  // read to `until_us`, or to the end
  std::int64_t read_until_us = 0;
  std::int64_t record_count = 0;
  bool before_journal = false;  // the journal begins later than `since_us`
};

// Where a time is in the journal.
struct JournalPlace {
  // First record whose commit time is not before it; one behind the last record if there is none.
  std::uint64_t position = 0;
  bool before_journal = false;  // the journal begins later
};

// Commit times never decrease, so the place is found by halving. NOT_FOUND: the journal is empty.
[[nodiscard]] absl::StatusOr<JournalPlace> FindTime(storage::Store* store, std::int64_t us);

// One hall event with where it stands; false ends the walk, as if it were complete.
using VisitEvent = std::function<bool(const storage::JournalEntry& entry, const EventView& event)>;

// Records that do not parse are left out: they were refused. Blocks; as Store::ScanJournal.
[[nodiscard]] absl::StatusOr<WalkResult> WalkEvents(storage::Store* store,
                                                    const WalkOptions& options,
                                                    const VisitEvent& visit);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_JOURNAL_WALK_H_
