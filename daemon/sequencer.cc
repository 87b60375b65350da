#include "daemon/sequencer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/activation.h"
#include "daemon/cell_loader.h"
#include "daemon/checkpointer.h"
#include "daemon/commit_clock.h"
#include "daemon/committer.h"
#include "daemon/group_builder.h"
#include "daemon/intake.h"
#include "daemon/log.h"
#include "daemon/mutex.h"
#include "daemon/posting_tail.h"
#include "daemon/replay.h"
#include "rules/engine/engine.h"
#include "rules/state/cells.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {
namespace {

// How often an idle sequencer looks at the clocks.
constexpr std::int64_t kLookUs = 100'000;
// How often it writes down what time it is.
constexpr std::int64_t kAnchorUs = 10'000'000;
// Calls of people per group, beside the events.
constexpr std::size_t kDeskPerGroup = 256;
constexpr int kExitReplayFailed = 70;
constexpr int kExitStoreFailed = 70;
// Cells of a checkpoint that are encoded at once: a tenth of a millisecond.
constexpr std::size_t kCutPiece = 512;
// How long an idle sequencer leaves the checkpointer waiting for more.
constexpr std::chrono::milliseconds kCutPatience(1);
// From this many records on a replay waits until all accounts are in memory.
constexpr std::uint64_t kLongTail = 500'000;

}  // namespace

class Sequencer::Impl {
 public:
  Impl(const SequencerOptions& options, const Parts& parts)
      : options_(options),
        parts_(parts),
        intake_({options.queue_events_max, options.queue_bytes_max, options.queue_commands_max}),
        commit_clock_(parts.clock, {.test_mode = options.test_clock,
                                    .test_start_us = options.test_clock_start_us}),
        cells_(&parts.store->cells(), options.cells_max),
        runner_(EngineOptions{.fingerprint_key = parts.store->vault().FingerprintKey(),
                              .idle = options.idle_engine},
                &cells_, parts.artefacts),
        builder_({.records_max = options.group_records_max,
                  .bytes_max = options.group_bytes_max,
                  .retained_hashes = options.retained_hashes,
                  .exact_timers = options.test_clock,
                  .frozen = options.read_only},
                 {&runner_, &cells_, &parts.store->vault(), &commit_clock_}),
        checkpointer_({parts.store, parts.clock, &tail_}) {
    if (!options_.exit) options_.exit = [](int code) { std::_Exit(code); };
  }

  ~Impl() { Stop(false); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  absl::Status Start();
  absl::Status WaitReady();
  void Stop(bool checkpoint);

  void AddListener(Listener* listener) { listeners_.push_back(listener); }
  Intake& intake() { return intake_; }
  const Intake& intake() const { return intake_; }
  const PostingTail& tail() const { return tail_; }
  const CommitClock& commit_clock() const { return commit_clock_; }
  SequencerStats Stats() const;
  void CheckStore();

 private:
  void Run();
  bool Recover();
  void RunGroups();
  [[nodiscard]] std::chrono::microseconds Patience() const;
  void LookAtClock();
  void DropAnchor();
  void MaybeCheckpoint();
  [[nodiscard]] CheckpointCut MakeCut();
  void Cut();
  void PumpCut();
  void FinishCut();
  void PumpLoader(bool to_the_end);
  void WriteFinalCheckpoint();
  void SetState(ReplayState state, absl::Status status);

  SequencerOptions options_;
  Parts parts_;
  std::vector<Listener*> listeners_;
  Intake intake_;
  CommitClock commit_clock_;
  PostingTail tail_;
  Cells cells_;
  EngineRunner runner_;
  GroupBuilder builder_;
  Checkpointer checkpointer_;
  std::unique_ptr<Committer> committer_;
  ReplayProgress progress_;
  std::uint64_t replay_records_ = 0;
  ActivationPlan activation_;
  std::thread thread_;

  // ---- sequencer's thread ----
  std::uint64_t cut_position_ = 0;
  std::int64_t cut_boot_us_ = 0;
  // The cut that is being written; null: none.
  std::shared_ptr<CutFeed> feed_;
  // Brings accounts back into memory after the start; null once it has.
  std::unique_ptr<CellLoader> loader_;
  std::int64_t anchored_boot_us_ = 0;

  // A cut is on its way through the committer.
  std::atomic<bool> cut_pending_{false};
  std::atomic<bool> final_checkpoint_{true};
  std::atomic<std::uint64_t> beats_{0};
  mutable Mutex mutex_;
  CondVar changed_;
  ReplayState state_ HW_GUARDED_BY(mutex_) = ReplayState::kReplaying;
  absl::Status status_ HW_GUARDED_BY(mutex_);
};

absl::Status Sequencer::Impl::Start() {
  storage::Store& store = *parts_.store;
  absl::StatusOr<ActivationPlan> plan =
      options_.read_only
          ? ReadActivation(&store, options_.activation_hint_file)
          : PlanActivation(&store, options_.initial_policy, options_.activation_hint_file);
  if (!plan.ok()) return plan.status();
  activation_ = *std::move(plan);
  if (!activation_.ignored_policy.empty()) {
    Log(LogLevel::kWarning,
        "--policy: the file is another policy than the one in force, which stays. It matters to a "
        "new "
        "store only: run `gmctl policy apply FILE`, or take the flag out");
  }
  HW_CRASH_POINT("start.planned");
  absl::StatusOr<std::vector<storage::SourcePosition>> sources = store.Sources();
  if (!sources.ok()) return sources.status();
  absl::StatusOr<std::vector<Timer>> timers = store.Timers();
  if (!timers.ok()) return timers.status();
  intake_.Load(*sources, store.history_epoch());
  builder_.Load(*sources, *timers, store.last_position(), store.history_epoch());
  const auto servers = store.Outboxes();
  if (!servers.ok()) return servers.status();
  for (const auto& [server, state] : *servers) {
    if (state.quarantine_us != 0) builder_.Quarantine(server);
  }
  replay_records_ = store.last_position() - store.checkpoint_position();
  cut_position_ = store.checkpoint_position();
  cut_boot_us_ = parts_.clock->BootUs();
  const std::optional<v1::ClockStepped> step =
      commit_clock_.Start(store.last_commit_us(), ReadClockAnchor(options_.clock_anchor_file));
  if (step.has_value()) {
    Log(LogLevel::kError,
        absl::StrCat("ALARM clock: the wall clock is ", step->step_us() / 1'000'000,
                     " s away from the last record; time goes on from there. If the wall clock is ",
                     "right, run `gmctl clock accept`"));
    if (!options_.read_only) builder_.NoteClockStep(*step);
  }
  if (options_.read_only) intake_.SetSpace(SpaceState::kFull);
  Committer::Parts parts;
  parts.store = parts_.store;
  parts.clock = parts_.clock;
  parts.intake = &intake_;
  parts.tail = &tail_;
  parts.listeners = listeners_;
  parts.exit = options_.exit;
  parts.checkpoint_runs = [this] { return !checkpointer_.idle(); };
  parts.on_cut = [this](CheckpointCut cut) {
    checkpointer_.Write(std::move(cut));
    cut_pending_ = false;
  };
  committer_ = std::make_unique<Committer>(std::move(parts));
  committer_->Start(store.last_position(), store.last_commit_us());
  checkpointer_.Start();
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::Status Sequencer::Impl::WaitReady() {
  MutexLock lock(&mutex_);
  while (state_ == ReplayState::kReplaying)
    changed_.Wait(&mutex_);
  return status_;
}

void Sequencer::Impl::SetState(ReplayState state, absl::Status status) {
  MutexLock lock(&mutex_);
  state_ = state;
  status_ = std::move(status);
  changed_.NotifyAll();
}

void Sequencer::Impl::Stop(bool checkpoint) {
  final_checkpoint_ = checkpoint;
  progress_.cancel = true;
  intake_.Close();
  if (thread_.joinable()) thread_.join();
  if (committer_ != nullptr) committer_->Stop();
  checkpointer_.Stop();
  intake_.DropAll();
}

void Sequencer::Impl::Run() {
  if (!Recover()) return;
  RunGroups();
  DropAnchor();
  loader_.reset();
  committer_->Stop();
  HW_CRASH_POINT("stop.drained");
  if (final_checkpoint_ && !options_.read_only && !committer_->stats().failed) {
    WriteFinalCheckpoint();
  }
  if (feed_ != nullptr) feed_->Cancel();
  HW_CRASH_POINT("stop.checkpointed");
  SetState(ReplayState::kStopped, absl::UnavailableError("stopped"));
}

void Sequencer::Impl::WriteFinalCheckpoint() {
  const auto wait = [this] {
    while (!checkpointer_.idle()) {
      if (feed_ == nullptr || !feed_->Pump(&cells_, kCutPiece)) {
        if (feed_ != nullptr) feed_->WaitForWork(kCutPatience);
      }
    }
    FinishCut();
  };
  wait();
  if (builder_.last_position() <= parts_.store->checkpoint_position()) return;
  checkpointer_.Write(MakeCut());
  wait();
}

bool Sequencer::Impl::Recover() {
  storage::Store& store = *parts_.store;
  if (store.checkpoint_position() > 0) {
    loader_ = std::make_unique<CellLoader>(&store, options_.cells_max);
  }
  // A long tail meets so many accounts that reading them all in order comes first.
  PumpLoader(replay_records_ >= kLongTail);
  absl::Status status = ReplayTail(&store, &runner_, &cells_, &tail_, &progress_);
  if (status.ok()) status = RememberHashes(&store, 2 * options_.retained_hashes, &builder_);
  if (!status.ok()) {
    SetState(ReplayState::kFailed, status);
    if (absl::IsCancelled(status)) return false;
    Log(LogLevel::kError, absl::StrCat("replay failed: ", status.ToString(), "; exiting"));
    options_.exit(kExitReplayFailed);
    return false;
  }
  if (replay_records_ > 0) {
    Log(LogLevel::kInfo, absl::StrCat("replayed ", progress_.records.load(), " records, ",
                                      progress_.differences.load(), " groups differ"));
  }
  HW_CRASH_POINT("start.replayed");
  if (activation_.next.has_value()) {
    builder_.Activate(*activation_.next);
    PendingGroup group = builder_.Build({});
    const std::uint64_t position = group.group.entries.front().position;
    committer_->Hand(std::move(group));
    HW_CRASH_POINT("start.activation_handed");
    const absl::Status hinted = WriteActivationHint(options_.activation_hint_file, position);
    if (!hinted.ok()) {
      Log(LogLevel::kWarning,
          absl::StrCat(hinted.ToString(), ": the next start reads the whole journal"));
    }
    HW_CRASH_POINT("start.activation_hinted");
  }
  SetState(ReplayState::kReady, absl::OkStatus());
  return true;
}

std::chrono::microseconds Sequencer::Impl::Patience() const {
  if (builder_.HasWork()) return std::chrono::microseconds(0);
  if (feed_ != nullptr || loader_ != nullptr) return kCutPatience;
  const std::int64_t timer = builder_.NextTimerIn().value_or(kLookUs);
  return std::chrono::microseconds(std::min(timer, kLookUs));
}

void Sequencer::Impl::RunGroups() {
  for (;;) {
    ++beats_;
    PumpCut();
    PumpLoader(false);
    committer_->WaitForRoom();
    const Intake::Room room{builder_.has_leftover() ? 0 : options_.group_records_max,
                            options_.group_bytes_max, kDeskPerGroup};
    Intaken taken = intake_.Take(room, Patience());
    const bool closed = taken.closed;
    LookAtClock();
    FinishCut();
    if (!taken.stream.empty() || !taken.desk.empty() || builder_.HasWork()) {
      PendingGroup group = builder_.Build(std::move(taken));
      HW_CRASH_POINT("group.built");
      committer_->Hand(std::move(group));
    } else if (closed) {
      return;
    }
    MaybeCheckpoint();
  }
}

void Sequencer::Impl::DropAnchor() {
  anchored_boot_us_ = parts_.clock->BootUs();
  if (!options_.read_only) WriteClockAnchor(options_.clock_anchor_file, commit_clock_.Anchor());
}

void Sequencer::Impl::LookAtClock() {
  if (parts_.clock->BootUs() - anchored_boot_us_ >= kAnchorUs) DropAnchor();
  const std::optional<v1::ClockStepped> step = commit_clock_.Look();
  if (!step.has_value()) return;
  Log(LogLevel::kError,
      absl::StrCat("ALARM clock: the wall clock stepped by ", step->step_us() / 1'000'000,
                   " s; not followed. If it is right now, run `gmctl clock accept`"));
  if (!options_.read_only) builder_.NoteClockStep(*step);
}

void Sequencer::Impl::MaybeCheckpoint() {
  if (options_.read_only) return;
  if (feed_ != nullptr || cut_pending_ || !checkpointer_.idle()) return;
  const std::uint64_t records = builder_.last_position() - cut_position_;
  const bool many = options_.checkpoint_records != 0 && records >= options_.checkpoint_records;
  const bool old = options_.checkpoint_interval_us != 0 && records > 0 &&
                   parts_.clock->BootUs() - cut_boot_us_ >= options_.checkpoint_interval_us;
  const bool long_history =
      options_.checkpoint_postings != 0 && tail_.size() >= options_.checkpoint_postings;
  if (many || old || long_history) Cut();
}

CheckpointCut Sequencer::Impl::MakeCut() {
  cut_position_ = builder_.last_position();
  cut_boot_us_ = parts_.clock->BootUs();
  feed_ = std::make_shared<CutFeed>(cells_.Freeze());
  return CheckpointCut{cut_position_, feed_};
}

void Sequencer::Impl::Cut() {
  cut_pending_ = true;
  PendingGroup marker;
  marker.cut = MakeCut();
  marker.last_position = cut_position_;
  HW_CRASH_POINT("checkpoint.cut");
  committer_->Hand(std::move(marker));
}

// A little of the cut with every group, and more while the committer is busy anyway.
void Sequencer::Impl::PumpCut() {
  if (feed_ == nullptr) return;
  while (feed_->Pump(&cells_, kCutPiece) && !committer_->HasRoom()) {
  }
}

// As much as PumpCut, and all of it where somebody waits for it.
void Sequencer::Impl::PumpLoader(bool to_the_end) {
  while (loader_ != nullptr && !progress_.cancel) {
    const bool pumped = loader_->Pump(&cells_);
    if (loader_->done()) loader_.reset();
    if (!to_the_end && (!pumped || committer_->HasRoom())) return;
    if (!pumped && loader_ != nullptr) loader_->WaitForWork(kCutPatience);
  }
}

void Sequencer::Impl::FinishCut() {
  const std::optional<bool> durable = checkpointer_.TakeDone();
  if (!durable.has_value() || feed_ == nullptr) return;
  if (*durable) {
    cells_.DropFrozen();
    const std::size_t before = cells_.size();
    cells_.Evict();
    // What was evicted may have changed since it was read ahead.
    if (cells_.size() < before) loader_.reset();
  } else {
    cells_.Thaw(feed_->TakeCut());
  }
  feed_.reset();
}

void Sequencer::Impl::CheckStore() {
  const absl::Status failed = parts_.store->BackgroundError();
  if (failed.ok()) return;
  Log(LogLevel::kError,
      absl::StrCat("store: ", failed.ToString(),
                   "; what was acknowledged is in the log; exiting, start it again"));
  options_.exit(kExitStoreFailed);
}

SequencerStats Sequencer::Impl::Stats() const {
  SequencerStats stats;
  {
    MutexLock lock(&mutex_);
    stats.replay = state_;
  }
  stats.replay_records = replay_records_;
  stats.replayed_records = progress_.records;
  stats.replay_differences = progress_.differences;
  if (committer_ != nullptr) {
    const Committer::Stats committed = committer_->stats();
    stats.durable_position = committed.durable_position;
    stats.durable_commit_us = committed.durable_commit_us;
    stats.commit_latency = committed.latency;
    stats.commit_us_sum = committed.latency_us_sum;
    stats.group_sizes = committed.group_sizes;
    stats.group_records_sum = committed.group_records_sum;
  }
  const Checkpointer::Stats checkpoint = checkpointer_.stats();
  stats.checkpoint_age_us = checkpoint.age_us;
  stats.checkpoint_took_us = checkpoint.took_us;
  stats.checkpoint_error = checkpoint.error;
  stats.checkpoint_position = parts_.store->checkpoint_position();
  stats.queued_events = intake_.queued_events();
  stats.queued_commands = intake_.queued_commands();
  stats.clock_step_us = commit_clock_.step_us();
  stats.history_epoch = intake_.history_epoch();
  stats.reused_seqs = builder_.reused_seqs();
  stats.refused_events = builder_.refused_events();
  stats.refused_by_reason = builder_.refused_by_reason();
  stats.ignored_policy = activation_.ignored_policy;
  stats.beats = beats_;
  stats.events_paused = intake_.events_paused();
  stats.commands_paused = intake_.commands_paused();
  return stats;
}

Sequencer::Sequencer(const SequencerOptions& options, const Parts& parts)
    : impl_(std::make_unique<Impl>(options, parts)) {}

Sequencer::~Sequencer() = default;

void Sequencer::AddListener(Listener* listener) {
  impl_->AddListener(listener);
}

absl::Status Sequencer::Start() {
  return impl_->Start();
}

absl::Status Sequencer::WaitReady() {
  return impl_->WaitReady();
}

void Sequencer::Stop() {
  impl_->Stop(true);
}

void Sequencer::SubmitHello(const std::string& source, const v1::Hello& hello,
                            std::function<void(const OpenedSession&)> done) {
  impl_->intake().AddHello(source, hello, std::move(done));
}

void Sequencer::SessionClosed(const std::string& source, std::int64_t session_epoch) {
  impl_->intake().SessionClosed(source, session_epoch);
}

absl::Status Sequencer::SubmitEvents(PreparedBatch&& batch) {
  return impl_->intake().AddBatch(std::move(batch));
}

void Sequencer::NoteClientAhead(const std::string& source) {
  impl_->intake().NoteClientAhead(source);
}

void Sequencer::SetSpace(SpaceState state) {
  impl_->intake().SetSpace(state);
}

bool Sequencer::events_paused() const {
  return impl_->intake().events_paused();
}

void Sequencer::CheckStore() {
  impl_->CheckStore();
}

std::uint64_t Sequencer::ExpectedSeq(std::string_view source) const {
  return impl_->intake().ExpectedSeq(source);
}

absl::Status Sequencer::SubmitDirectiveResults(const std::string& source,
                                               std::int64_t session_epoch,
                                               std::vector<v1::DirectiveAnswered>&& answers) {
  return impl_->intake().AddResults(source, session_epoch, std::move(answers));
}

void Sequencer::SubmitCommand(v1::Command command,
                              std::function<void(const CommandOutcome&)> done) {
  impl_->intake().AddDesk(CommandItem{std::move(command), false, std::move(done)});
}

void Sequencer::Rehearse(v1::Command command, std::function<void(const CommandOutcome&)> done) {
  impl_->intake().AddDesk(CommandItem{std::move(command), true, std::move(done)});
}

void Sequencer::Look(std::function<void(EngineRunner&, std::int64_t)> look,
                     std::function<void(const absl::Status&)> done) {
  impl_->intake().AddDesk(LookItem{std::move(look), std::move(done)});
}

std::vector<storage::StoredPosting> Sequencer::Tail(std::string_view account,
                                                    std::int64_t since_us) const {
  return impl_->tail().Of(account, since_us);
}

std::vector<SourceState> Sequencer::Sources() const {
  return impl_->intake().Sources();
}

SequencerStats Sequencer::Stats() const {
  return impl_->Stats();
}

std::int64_t Sequencer::NowUs() const {
  return impl_->commit_clock().NowUs();
}

}  // namespace hallwarden::daemon
