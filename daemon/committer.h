// Makes groups durable, one after the other, and lets go of what waited for that.
#ifndef HALLWARDEN_DAEMON_COMMITTER_H_
#define HALLWARDEN_DAEMON_COMMITTER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "daemon/group_builder.h"
#include "daemon/intake.h"
#include "daemon/mutex.h"
#include "daemon/posting_tail.h"
#include "daemon/sequencer.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// One thread. Group N is synced while the sequencer builds group N + 1; a third one does not fit.
class Committer {
 public:
  struct Parts {
    storage::Store* store = nullptr;
    Clock* clock = nullptr;
    Intake* intake = nullptr;
    PostingTail* tail = nullptr;
    std::vector<Listener*> listeners;
    // Takes a cut once everything before it is durable. Called on the committer's thread.
    std::function<void(CheckpointCut)> on_cut;
    // True while a checkpoint is being written: what it does to commits is told at the end.
    std::function<bool()> checkpoint_runs;
    // The outcome of a commit is unknown: nothing may be let go any more.
    std::function<void(int)> exit;
  };

  explicit Committer(Parts parts);
  // Calls Stop.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Where the store stands.
  void Start(std::uint64_t durable_position, std::int64_t durable_commit_us);
  // Blocks while a group waits.
  void Hand(PendingGroup group);
  // Blocks until no group waits: the next one will not have to.
  void WaitForRoom();
  // True if WaitForRoom would not block.
  [[nodiscard]] bool HasRoom() const;
  // Commits what was handed over, then ends the thread. Idempotent.
  void Stop();

  struct Stats {
    std::uint64_t durable_position = 0;
    std::int64_t durable_commit_us = 0;
    LatencyHistogram latency{};
    std::int64_t latency_us_sum = 0;
    LatencyHistogram group_sizes{};
    std::uint64_t group_records_sum = 0;
    bool failed = false;
  };
  [[nodiscard]] Stats stats() const;

 private:
  void Run();
  // False: the process is to end.
  [[nodiscard]] bool Commit(PendingGroup* pending);
  void Release(PendingGroup* pending);
  void NoteCommit(std::int64_t us, std::size_t records);
  void LogLatency() const;

  // Counts by length, eight to an octave: bucket i holds commits below 2^(i/8) microseconds.
  using FineHistogram = std::array<std::uint64_t, 192>;

  Parts parts_;
  std::thread thread_;
  // The thread's own: normally, and while a checkpoint is written.
  std::array<FineHistogram, 2> fine_{};
  mutable Mutex mutex_;
  CondVar changed_;
  std::optional<PendingGroup> waiting_ HW_GUARDED_BY(mutex_);
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  Stats stats_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_COMMITTER_H_
