// Gives what comes in its place and time, applies it, and collects what one commit makes durable.
#ifndef HALLWARDEN_DAEMON_GROUP_BUILDER_H_
#define HALLWARDEN_DAEMON_GROUP_BUILDER_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hallwarden/v1/journal.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "daemon/commit_clock.h"
#include "daemon/cut_feed.h"
#include "daemon/hash_ring.h"
#include "daemon/intake.h"
#include "daemon/sequencer.h"
#include "google/protobuf/arena.h"
#include "rules/engine/engine.h"
#include "rules/state/cells.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// The state of the engine after a group, for a checkpoint.
struct CheckpointCut {
  std::uint64_t at = 0;
  std::shared_ptr<CutFeed> cells;
};

// A group on its way to the committer.
struct PendingGroup {
  storage::Group group;
  std::vector<SourceAck> acks;
  // Answers, to be given after the commit, in order. `position` and `commit_us` are in them
  // already.
  std::vector<std::function<void()>> completions;
  std::optional<CheckpointCut> cut;
  // Set when the group changes it.
  std::optional<std::int64_t> history_epoch;
  std::uint64_t last_position = 0;
  std::int64_t commit_us = 0;
};

// Owned by the sequencer's thread.
class GroupBuilder {
 public:
  struct Parts {
    EngineRunner* runner = nullptr;
    Cells* cells = nullptr;
    storage::Vault* vault = nullptr;
    CommitClock* clock = nullptr;
  };
  struct Options {
    std::size_t records_max = 1024;
    std::size_t bytes_max = 1U << 20;
    std::size_t retained_hashes = 65'536;
    // Timers go off before the very record that reaches them, whatever the groups.
    bool exact_timers = false;
    // Makes no record of its own: the store is open for reading only.
    bool frozen = false;
  };

  GroupBuilder(const Options& options, const Parts& parts) : options_(options), parts_(parts) {}

  // ---- start
  // ---------------------------------------------------------------------------------------- Where
  // the journal ends.
  void Load(const std::vector<storage::SourcePosition>& sources, const std::vector<Timer>& timers,
            std::uint64_t last_position, std::int64_t history_epoch);
  // A source that was cut off when the store was closed.
  void Quarantine(const std::string& source) { LedgerOf(source).quarantined = true; }
  // A number of a source and what it was, from the journal.
  void Remember(const std::string& source, std::uint64_t seq, std::uint64_t content_hash);

  // ---- groups
  // -----------------------------------------------------------------------------------------
  // Records of the daemon itself, first in the next group.
  void Activate(const v1::EngineActivated& activated);
  void NoteClockStep(const v1::ClockStepped& stepped);

  // True if something is left over that did not fit into the last group: it comes before anything
  // new.
  [[nodiscard]] bool has_leftover() const { return !leftover_.empty(); }
  // True if Build would make records out of nothing taken.
  [[nodiscard]] bool HasWork() const;
  // Builds a group out of due timers, what was left over, and what was taken.
  [[nodiscard]] PendingGroup Build(Intaken taken);

  // Microseconds until the next timer is due; nullopt: none is set.
  [[nodiscard]] std::optional<std::int64_t> NextTimerIn() const;
  [[nodiscard]] std::uint64_t last_position() const { return last_position_; }
  // Thread-safe.
  [[nodiscard]] std::uint64_t reused_seqs() const { return reused_seqs_.load(); }
  [[nodiscard]] std::uint64_t refused_events() const;
  [[nodiscard]] std::array<std::uint64_t, v1::RejectReason_ARRAYSIZE> refused_by_reason() const;

 private:
  // What one source is, as far as records were applied.
  struct SourceLedger {
    std::string name;
    std::uint64_t applied_seq = 0;
    std::int64_t session_epoch = 0;
    // Cut off by an operator: whatever of it waits is dropped untouched, as if it had never come.
    bool quarantined = false;
    // Outcomes of directives that were answered, a bit each, since the start.
    std::map<std::int64_t, std::uint8_t> answered;
    HashRing hashes{0};
    // Place in PendingGroup::acks, or npos.
    std::size_t ack = kNoAck;
    bool moved = false;
  };
  struct NewRecord;
  static constexpr std::size_t kNoAck = static_cast<std::size_t>(-1);

  [[nodiscard]] SourceLedger& LedgerOf(const std::string& source);
  [[nodiscard]] SourceAck& AckOf(SourceLedger* ledger);

  void Prefetch(const Intaken& taken);
  void TouchBatch(const PreparedBatch& batch, std::size_t from);
  void FireTimers(std::int64_t now_us, std::size_t at_most);
  // False: the group is full and the rest of the batch stays.
  [[nodiscard]] bool TakeBatch(PreparedBatch* batch);
  void TakeEvent(SourceLedger* ledger, std::uint64_t seq, PreparedEvent* event);
  void TakeReuse(SourceLedger* ledger, std::uint64_t seq, const PreparedEvent& event);
  void TakeResults(const ResultsItem& item);
  void TakeHello(HelloItem item);
  void TakeDesk(DeskItem item);
  void TakeCommand(CommandItem item);
  void RehearseCommand(CommandItem item);
  // Appends the record to the group and steps the engine.
  void Append(NewRecord record);
  void AppendAt(NewRecord record, std::int64_t commit_us);
  void NoteEffects(std::size_t from, SourceLedger* ledger);
  [[nodiscard]] absl::Status SealCommand(const v1::Command& command, NewRecord* record);
  [[nodiscard]] bool Full() const;
  void CountRefusal(v1::RejectReason reason);

  Options options_;
  Parts parts_;
  PendingGroup pending_;
  std::size_t pending_bytes_ = 0;
  std::uint64_t last_position_ = 0;
  std::int64_t history_epoch_ = 1;
  std::set<Timer> timers_;
  absl::flat_hash_map<std::string, std::unique_ptr<SourceLedger>> ledgers_;
  std::vector<SourceLedger*> touched_;
  // What streamed in and has no place yet, oldest first; of the first batch, this many events have.
  std::deque<StreamItem> leftover_;
  std::size_t taken_of_first_ = 0;
  std::vector<v1::EngineActivated> activations_;
  std::vector<v1::ClockStepped> steps_;
  std::vector<EntityKey> keys_;
  // Answer among the effects of the record that was appended last.
  std::optional<Answer> last_answer_;
  std::atomic<std::uint64_t> reused_seqs_{0};
  std::array<std::atomic<std::uint64_t>, v1::RejectReason_ARRAYSIZE> refused_{};
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_GROUP_BUILDER_H_
