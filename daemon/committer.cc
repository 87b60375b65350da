#include "daemon/committer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {
namespace {

// sysexits' EX_SOFTWARE: whoever supervises the daemon starts it again, and the resend decides.
constexpr int kExitCommitFailed = 70;

// The first power of two above the value, as far as there are buckets.
std::size_t BucketOf(std::uint64_t value) {
  std::size_t bucket = 0;
  while (bucket + 1 < LatencyHistogram().size() && value >= (std::uint64_t{1} << bucket))
    ++bucket;
  return bucket;
}

}  // namespace

Committer::Committer(Parts parts) : parts_(std::move(parts)) {}

Committer::~Committer() {
  Stop();
}

void Committer::Start(std::uint64_t durable_position, std::int64_t durable_commit_us) {
  {
    MutexLock lock(&mutex_);
    stats_.durable_position = durable_position;
    stats_.durable_commit_us = durable_commit_us;
  }
  thread_ = std::thread([this] { Run(); });
}

void Committer::Hand(PendingGroup group) {
  MutexLock lock(&mutex_);
  while (waiting_.has_value() && !stats_.failed)
    changed_.Wait(&mutex_);
  if (stats_.failed) return;
  waiting_ = std::move(group);
  changed_.NotifyAll();
}

void Committer::WaitForRoom() {
  MutexLock lock(&mutex_);
  while (waiting_.has_value() && !stats_.failed)
    changed_.Wait(&mutex_);
}

bool Committer::HasRoom() const {
  MutexLock lock(&mutex_);
  return !waiting_.has_value() || stats_.failed;
}

void Committer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

Committer::Stats Committer::stats() const {
  MutexLock lock(&mutex_);
  return stats_;
}

void Committer::Run() {
  for (;;) {
    PendingGroup pending;
    {
      MutexLock lock(&mutex_);
      while (!waiting_.has_value() && !stopping_)
        changed_.Wait(&mutex_);
      if (!waiting_.has_value()) break;
      pending = *std::move(waiting_);
      waiting_.reset();
      changed_.NotifyAll();
    }
    if (!Commit(&pending)) {
      MutexLock lock(&mutex_);
      stats_.failed = true;
      waiting_.reset();
      changed_.NotifyAll();
      return;
    }
    Release(&pending);
  }
  LogLatency();
}

bool Committer::Commit(PendingGroup* pending) {
  if (pending->group.entries.empty()) return true;
  const std::int64_t begin = parts_.clock->BootUs();
  // Makes the keys of what was sealed durable first.
  const absl::Status status = parts_.store->Commit(pending->group);
  if (!status.ok()) {
    Log(LogLevel::kError,
        absl::StrCat("store: commit of records ", pending->group.entries.front().position, " to ",
                     pending->group.entries.back().position, " failed, outcome unknown: ",
                     status.ToString(), "; nothing of it was acknowledged; exiting"));
    parts_.exit(kExitCommitFailed);
    return false;
  }
  NoteCommit(parts_.clock->BootUs() - begin, pending->group.entries.size());
  HW_CRASH_POINT("commit.marked");
  return true;
}

void Committer::NoteCommit(std::int64_t us, std::size_t records) {
  const bool during = parts_.checkpoint_runs && parts_.checkpoint_runs();
  const double octaves = us < 1 ? 0 : std::log2(static_cast<double>(us));
  FineHistogram& fine = fine_[during ? 1 : 0];
  ++fine[std::min(fine.size() - 1, static_cast<std::size_t>(octaves * 8) + 1)];
  MutexLock lock(&mutex_);
  ++stats_.latency[BucketOf(static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)))];
  stats_.latency_us_sum += us;
  ++stats_.group_sizes[BucketOf(records)];
  stats_.group_records_sum += records;
}

// One line at the end, for whoever compares: the buckets of `stats` are too wide for that.
void Committer::LogLatency() const {
  const auto quantile = [](const FineHistogram& fine, std::uint64_t total, double share) {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < fine.size(); ++i) {
      seen += fine[i];
      if (seen > wanted) return static_cast<std::int64_t>(std::exp2(static_cast<double>(i) / 8));
    }
    return std::int64_t{0};
  };
  std::string line = "commits:";
  for (std::size_t i = 0; i < fine_.size(); ++i) {
    const std::uint64_t total = std::accumulate(fine_[i].begin(), fine_[i].end(), std::uint64_t{0});
    absl::StrAppend(&line, i == 0 ? " " : ", during checkpoints ", total, " p50 ",
                    quantile(fine_[i], total, 0.5), " us p99 ", quantile(fine_[i], total, 0.99),
                    " us");
  }
  Log(LogLevel::kInfo, line);
}

void Committer::Release(PendingGroup* pending) {
  HW_CRASH_POINT("release.begun");
  {
    MutexLock lock(&mutex_);
    stats_.durable_position = pending->last_position;
    stats_.durable_commit_us = std::max(stats_.durable_commit_us, pending->commit_us);
  }
  parts_.tail->Add(pending->group.effects);
  if (pending->history_epoch.has_value()) parts_.intake->SetHistoryEpoch(*pending->history_epoch);
  parts_.intake->Committed(pending->acks, pending->commit_us);
  HW_CRASH_POINT("release.intake_told");
  CommittedGroup committed;
  committed.group = &pending->group;
  committed.durable_position = pending->last_position;
  committed.commit_us = pending->commit_us;
  committed.acks = std::move(pending->acks);
  for (Listener* listener : parts_.listeners)
    listener->OnCommitted(committed);
  HW_CRASH_POINT("release.sessions_told");
  // After the listeners: who is told that a sanction holds finds it in the gate.
  for (const std::function<void()>& completion : pending->completions)
    completion();
  HW_CRASH_POINT("release.answered");
  if (pending->cut.has_value()) parts_.on_cut(*std::move(pending->cut));
}

}  // namespace hallwarden::daemon
