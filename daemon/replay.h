// The journal, read back.
#ifndef HALLWARDEN_DAEMON_REPLAY_H_
#define HALLWARDEN_DAEMON_REPLAY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/group_builder.h"
#include "daemon/posting_tail.h"
#include "google/protobuf/arena.h"
#include "rules/engine/engine.h"
#include "rules/state/cells.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// A record made from its journal entry.
struct ReadRecord {
  Record record;
  // Owns the payload.
  std::unique_ptr<google::protobuf::Arena> arena;
};

// ReadRecordBack with an arena of its own.
[[nodiscard]] absl::StatusOr<ReadRecord> ReadBack(const storage::JournalEntry& entry,
                                                  storage::Vault* vault);

// How a replay goes on; read by other threads.
struct ReplayProgress {
  std::atomic<std::uint64_t> records{0};
  std::atomic<std::uint64_t> differences{0};
  // Set by whoever wants it to end early, with CANCELLED.
  std::atomic<bool> cancel{false};
};

// Steps every record after `checkpoint` through the engine. Effects are thrown away, since they
// were committed with their records, but compared with what was stored; postings go to the tail.
[[nodiscard]] absl::Status ReplayTail(storage::Store* store, EngineRunner* runner, Cells* cells,
                                      PostingTail* tail, ReplayProgress* progress);

// Tells the builder what the last events of each source were, so that a reuse of a number is known.
[[nodiscard]] absl::Status RememberHashes(storage::Store* store, std::uint64_t records,
                                          GroupBuilder* builder);

// The last EngineActivated of the journal. NOT_FOUND if there is none. `hint` is where the last one
// before the checkpoint is, 0 if nobody knows; a wrong one costs a scan of the journal.
struct FoundActivation {
  std::uint64_t position = 0;
  v1::EngineActivated activated;
};
[[nodiscard]] absl::StatusOr<FoundActivation> FindActivation(storage::Store* store,
                                                             std::uint64_t hint);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_REPLAY_H_
