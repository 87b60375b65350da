// The one order of everything.
//
// What comes in is queued; one thread gives it a position and a commit time and applies it to the
// engine; one committer syncs group N while group N + 1 is applied. Nothing leaves before the
// commit that covers it: acknowledgements, answers, directives and gate changes go out in commit
// order.
#ifndef HALLWARDEN_DAEMON_SEQUENCER_H_
#define HALLWARDEN_DAEMON_SEQUENCER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/clock.h"
#include "daemon/space_guard.h"
#include "google/protobuf/arena.h"
#include "rules/engine/effect.h"
#include "rules/engine/record.h"
#include "storage/store.h"

namespace hallwarden {
class Artefacts;
class EngineRunner;
}  // namespace hallwarden

namespace hallwarden::daemon {

// One event, made ready off the sequencer's thread: parsed, checked, split, sealed, hashed.
struct PreparedEvent {
  // Whole, personal fields included; lives in the batch's arena and views `payload` or bytes there.
  // Null: it was refused.
  const EventView* event = nullptr;
  // Why it was refused; lives in the batch's arena. Null: it was not.
  const v1::EventRefused* refused = nullptr;
  PersonalHashes hashes;
  // Keyed hash of its bytes as they came, and how many.
  std::uint64_t content_hash = 0;
  std::size_t bytes = 0;
  // What the journal holds, see storage::JournalEntry.
  std::string payload;
  std::string sealed_account;
  std::string sealed;
};

// Events of one source with contiguous numbers.
struct PreparedBatch {
  std::string source;
  // Session that they came through; those of a fenced session are dropped.
  std::int64_t session_epoch = 0;
  std::uint64_t first_seq = 0;
  std::vector<PreparedEvent> events;
  std::unique_ptr<google::protobuf::Arena> arena;
  // Bytes as they came, for the bounds of the queue.
  std::size_t bytes = 0;
};

// What became of a command.
struct CommandOutcome {
  // OK: it is in the journal (or, for a rehearsal, was computed). RESOURCE_EXHAUSTED: the queue is
  // full, nothing happened. UNAVAILABLE: shutting down, nothing happened.
  absl::Status status;
  // Its record. 0 for a rehearsal.
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
  // The engine's answer; nullopt for commands that get none (RefusedCall). With `repeat` set, the
  // answer that counts is the stored one: Store::FindAnswer.
  std::optional<Answer> answer;
};

// Sources as sessions left them.
struct SourceState {
  std::string source;
  std::uint64_t durable_seq = 0;
  std::int64_t session_epoch = 0;
  bool connected = false;
  // Commit time of its last record; 0: none since the start.
  std::int64_t last_record_us = 0;
  // How old its newest event was when it was committed, by the server's own clock.
  std::int64_t lag_us = 0;
  // The client knows of acknowledged events that this store does not have.
  bool client_ahead = false;
};

// An open session, as HelloOk tells it.
struct OpenedSession {
  // ABORTED with reason CLIENT_AHEAD, FAILED_PRECONDITION with reason QUARANTINED, UNAVAILABLE or
  // RESOURCE_EXHAUSTED otherwise.
  absl::Status status;
  std::int64_t session_epoch = 0;
  std::int64_t history_epoch = 0;
  std::uint64_t durable_seq = 0;
};

// How far a source is durable, after a commit.
struct SourceAck {
  std::string source;
  std::int64_t session_epoch = 0;
  std::uint64_t durable_seq = 0;
  // Events and bytes that came in with the batches this answers, repeats included.
  std::size_t events = 0;
  std::size_t bytes = 0;
  std::vector<v1::RejectedEvent> rejected;
  // Event time of the last event; 0: it had none.
  std::int64_t newest_event_us = 0;
  // Some of what the source had queued was dropped untouched: it is quarantined.
  bool dropped = false;
};

// A group after its commit.
struct CommittedGroup {
  // Records and effects. May be empty: repeats alone need no commit, but their ack keeps the order.
  const storage::Group* group = nullptr;
  // Last position that is durable now, and its commit time.
  std::uint64_t durable_position = 0;
  std::int64_t commit_us = 0;
  std::vector<SourceAck> acks;
};

// Told of every commit, in commit order, on the committer's thread: be quick and never block.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void OnCommitted(const CommittedGroup& committed) = 0;
};

struct SequencerOptions {
  std::size_t group_records_max = 1024;
  std::size_t group_bytes_max = 1U << 20;
  // Bounds of what waits. Events over all sources; commands, rehearsals and looks together.
  std::size_t queue_events_max = 65536;
  std::size_t queue_bytes_max = 64U << 20;
  std::size_t queue_commands_max = 4096;
  // A checkpoint is written after this many records, this many lines of history (they wait in
  // memory) or this long, whichever comes first. 0: never for this reason; a clean stop always
  // writes one. The records are what a start after a crash has to replay.
  std::uint64_t checkpoint_records = 5'000'000;
  std::size_t checkpoint_postings = 600'000;
  std::int64_t checkpoint_interval_us = 30'000'000;
  // Cells that may stay in memory once they are clean; an account takes 250 bytes with its session,
  // everything else less. 0: no limit.
  std::size_t cells_max = 12'000'000;
  // Repeats with other content are recognised among this many last events of a source.
  std::size_t retained_hashes = 65'536;
  // The store is open for reading only, because the disk is full: what was committed is replayed
  // and questions are answered; nothing is taken, nothing recorded.
  bool read_only = false;
  // For tests: commit time follows the events instead of the clock, see CommitClock.
  bool test_clock = false;
  // The engine judges no hall event: for bench/floor.
  bool idle_engine = false;
  std::int64_t test_clock_start_us = 1'767'225'600'000'000;
  // File that remembers where the last EngineActivated stands, so that a start need not look for it
  // in the whole journal. Empty: none.
  std::string activation_hint_file;
  // File that lets the next start on the same boot of the host tell how long it was down, whatever
  // happens to the wall clock. Empty: none.
  std::string clock_anchor_file;
  // Policy of a store that has none yet: its text. Empty: the built-in one. A store that has one
  // keeps it; SequencerStats::ignored_policy then tells that this is another one.
  std::string initial_policy;
  // Called when the outcome of a commit is unknown or the store cannot be trusted. Must not return
  // in production; tests may return, after which nothing is ever released again.
  std::function<void(int code)> exit;
};

enum class ReplayState : std::uint8_t { kReplaying, kReady, kFailed, kStopped };

// Counts of commits by how long they took: bucket i holds those below 2^i microseconds.
using LatencyHistogram = std::array<std::uint64_t, 24>;

struct SequencerStats {
  ReplayState replay = ReplayState::kReplaying;
  // Records of the tail to replay at start, and replayed so far.
  std::uint64_t replay_records = 0;
  std::uint64_t replayed_records = 0;
  // Groups that a replay decided otherwise than the journal holds. Anything but 0 is an alarm.
  std::uint64_t replay_differences = 0;
  std::uint64_t durable_position = 0;
  std::int64_t durable_commit_us = 0;
  std::size_t queued_events = 0;
  std::size_t queued_commands = 0;
  LatencyHistogram commit_latency{};
  std::int64_t commit_us_sum = 0;
  // Commits by how many records they held: bucket i holds those below 2^i.
  LatencyHistogram group_sizes{};
  std::uint64_t group_records_sum = 0;
  std::uint64_t checkpoint_position = 0;
  // Since the last checkpoint was durable (or since the start), by the boot clock.
  std::int64_t checkpoint_age_us = 0;
  std::int64_t checkpoint_took_us = 0;
  std::string checkpoint_error;  // why the last one failed; empty: it did not
  // Step of the wall clock that is not followed, in microseconds. 0: none.
  std::int64_t clock_step_us = 0;
  std::int64_t history_epoch = 0;
  std::uint64_t reused_seqs = 0;
  std::uint64_t refused_events = 0;
  // The same by reason, since the start.
  std::array<std::uint64_t, v1::RejectReason_ARRAYSIZE> refused_by_reason{};
  // Artefact of the policy that was given at start and was not the one in force. Empty: it was.
  std::string ignored_policy;
  // Rises while the sequencer's thread works or waits for work; stands still when it hangs.
  std::uint64_t beats = 0;
  // For want of disk space, see Sequencer::SetSpace.
  bool events_paused = false;
  bool commands_paused = false;
};

// Thread-safe. Callbacks run on the sequencer's or the committer's thread: be quick, never block,
// never call Stop.
class Sequencer {
 public:
  // Everything handed in outlives the sequencer.
  struct Parts {
    storage::Store* store = nullptr;
    Artefacts* artefacts = nullptr;
    Clock* clock = nullptr;
  };

  Sequencer(const SequencerOptions& options, const Parts& parts);
  // Stops without a checkpoint if Stop was not called.
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Listeners are added before Start and outlive the sequencer.
  void AddListener(Listener* listener);

  // Starts both threads and returns at once: the tail is replayed behind it, and what comes in
  // waits. FAILED_PRECONDITION with what to do if this build must not continue the store (another
  // engine version with a tail); then nothing was changed.
  [[nodiscard]] absl::Status Start();

  // Blocks until the tail was replayed and the engine is active. INTERNAL or DATA_LOSS if it
  // failed.
  [[nodiscard]] absl::Status WaitReady();

  // Takes nothing more, commits what was taken, writes a checkpoint, ends the threads. What still
  // waited is answered UNAVAILABLE. Idempotent.
  void Stop();

  // ---- in ---------------------------------------------------------------------------------------
  // Numbers and journals a Hello, which fences the older session of the source: its later batches
  // are dropped. `done` runs after the covering commit, so `durable_seq` includes whatever the
  // older session had queued.
  void SubmitHello(const std::string& source, const v1::Hello& hello,
                   std::function<void(const OpenedSession&)> done);
  // The session's stream ended.
  void SessionClosed(const std::string& source, std::int64_t session_epoch);

  // Queues a batch. ABORTED (reason FENCED) for an older session; OUT_OF_RANGE for a gap: ask
  // ExpectedSeq; RESOURCE_EXHAUSTED if the queue is full: try again once something was
  // acknowledged; UNAVAILABLE when shutting down. Whatever is not OK changed nothing, `batch`
  // neither. Answered by CommittedGroup::acks.
  [[nodiscard]] absl::Status SubmitEvents(PreparedBatch&& batch);
  // The client of a source holds directives that this store never made.
  void NoteClientAhead(const std::string& source);
  // What disk space is left for. Paused: events are not taken, as if the queue were full. Full:
  // nothing is recorded any more, Hellos and commands are RESOURCE_EXHAUSTED.
  void SetSpace(SpaceState state);
  [[nodiscard]] bool events_paused() const;
  // Once a second: a write that failed behind a commit's back ends the process as a failed commit
  // does.
  void CheckStore();
  // The number that the source's next new event must have, queued ones included.
  [[nodiscard]] std::uint64_t ExpectedSeq(std::string_view source) const;

  // Queues answers to directives, resolved by the caller. Repeats are absorbed. Errors as
  // SubmitEvents.
  [[nodiscard]] absl::Status SubmitDirectiveResults(const std::string& source,
                                                    std::int64_t session_epoch,
                                                    std::vector<v1::DirectiveAnswered>&& answers);

  // Journals a command. `done` runs once, after the covering commit.
  void SubmitCommand(v1::Command command, std::function<void(const CommandOutcome&)> done);
  // Computes what the command would do, on live cells between groups, and changes nothing. `done`
  // runs once, after the commit that covers what was seen.
  void Rehearse(v1::Command command, std::function<void(const CommandOutcome&)> done);
  // Runs `look` between groups on the sequencer's thread: bounded, changes nothing. Then `done`
  // after the commit that covers what was seen. Not OK: `look` did not run.
  void Look(std::function<void(EngineRunner& runner, std::int64_t now_us)> look,
            std::function<void(const absl::Status&)> done);

  // ---- what is known
  // ------------------------------------------------------------------------------ Durable postings
  // of an account that no checkpoint holds yet, not before `since_us`, oldest first.
  [[nodiscard]] std::vector<storage::StoredPosting> Tail(std::string_view account,
                                                         std::int64_t since_us) const;
  // By name.
  [[nodiscard]] std::vector<SourceState> Sources() const;
  [[nodiscard]] SequencerStats Stats() const;
  // Commit time that a record would get now.
  [[nodiscard]] std::int64_t NowUs() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_SEQUENCER_H_
