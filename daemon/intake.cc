#include "daemon/intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hallwarden::daemon {
namespace {

absl::Status ShuttingDown() {
  return absl::UnavailableError("the daemon is shutting down: come back");
}

std::size_t EventsOf(const StreamItem& item) {
  if (const auto* batch = std::get_if<PreparedBatch>(&item)) return batch->events.size();
  if (const auto* results = std::get_if<ResultsItem>(&item)) return results->answers.size();
  return 1;
}

std::size_t BytesOf(const StreamItem& item) {
  const auto* batch = std::get_if<PreparedBatch>(&item);
  return batch == nullptr ? 0 : batch->bytes;
}

void Drop(DeskItem* item, const absl::Status& status) {
  if (auto* command = std::get_if<CommandItem>(item)) {
    CommandOutcome outcome;
    outcome.status = status;
    command->done(outcome);
  } else {
    std::get<LookItem>(*item).done(status);
  }
}

}  // namespace

void Intake::Load(const std::vector<storage::SourcePosition>& positions,
                  std::int64_t history_epoch) {
  MutexLock lock(&mutex_);
  history_epoch_ = history_epoch;
  for (const storage::SourcePosition& position : positions) {
    Slot& slot = SlotOf(position.source);
    slot.state.durable_seq = position.durable_seq;
    slot.state.session_epoch = position.session_epoch;
    slot.queued_seq = position.durable_seq;
  }
}

Intake::Slot& Intake::SlotOf(const std::string& source) {
  Slot& slot = slots_[source];
  slot.state.source = source;
  return slot;
}

absl::Status Intake::Admit(const Slot& slot, std::int64_t session_epoch) const {
  if (closed_) return ShuttingDown();
  if (slot.state.session_epoch != session_epoch) {
    return absl::AbortedError("a newer session of this server took over");
  }
  return absl::OkStatus();
}

absl::Status Intake::AddBatch(PreparedBatch&& batch) {
  MutexLock lock(&mutex_);
  Slot& slot = SlotOf(batch.source);
  if (absl::Status status = Admit(slot, batch.session_epoch); !status.ok()) return status;
  if (batch.first_seq == 0 || batch.first_seq > slot.queued_seq + 1) {
    return absl::OutOfRangeError(
        absl::StrCat("events are missing: the next number is ", slot.queued_seq + 1));
  }
  if (events_paused()) {
    return absl::ResourceExhaustedError("the daemon's disk is almost full: events wait");
  }
  const bool full = events_ > 0 && (events_ + batch.events.size() > limits_.events_max ||
                                    bytes_ + batch.bytes > limits_.bytes_max);
  if (full) return absl::ResourceExhaustedError("the daemon is behind: send less for a while");
  slot.queued_seq = std::max(slot.queued_seq, batch.first_seq + batch.events.size() - 1);
  events_ += batch.events.size();
  bytes_ += batch.bytes;
  stream_.emplace_back(std::move(batch));
  wake_.NotifyAll();
  return absl::OkStatus();
}

absl::Status Intake::AddResults(const std::string& source, std::int64_t session_epoch,
                                std::vector<v1::DirectiveAnswered>&& answers) {
  MutexLock lock(&mutex_);
  if (absl::Status status = Admit(SlotOf(source), session_epoch); !status.ok()) return status;
  if (commands_paused()) {
    return absl::ResourceExhaustedError("the daemon's disk is full: answers wait");
  }
  if (events_ > 0 && events_ + answers.size() > limits_.events_max) {
    return absl::ResourceExhaustedError("the daemon is behind: send less for a while");
  }
  events_ += answers.size();
  stream_.emplace_back(ResultsItem{source, session_epoch, std::move(answers)});
  wake_.NotifyAll();
  return absl::OkStatus();
}

// Acknowledged events that are not here were lost with a host or by a restored backup. A client
// that still lives in an older history than an accepted one is right to be ahead: it sends them
// again.
bool Intake::IsAhead(const Slot& slot, const v1::Hello& hello) const {
  if (hello.history_epoch() > history_epoch_) return true;
  const bool same_history = hello.history_epoch() == history_epoch_ || hello.history_epoch() == 0;
  return same_history && hello.last_acked_seq() > 0 &&
         static_cast<std::uint64_t>(hello.last_acked_seq()) > slot.state.durable_seq;
}

// Only behind an accepted restore, only among events that were acknowledged once: whatever was not,
// a client must still have.
std::uint64_t Intake::ResumeSeq(const v1::Hello& hello) const {
  if (hello.history_epoch() == 0 || hello.history_epoch() >= history_epoch_) return 0;
  if (hello.oldest_seq() <= 0 || hello.last_acked_seq() < 0) return 0;
  return std::min(static_cast<std::uint64_t>(hello.oldest_seq()),
                  static_cast<std::uint64_t>(hello.last_acked_seq()) + 1);
}

void Intake::NoteClientAhead(const std::string& source) {
  MutexLock lock(&mutex_);
  SlotOf(source).state.client_ahead = true;
}

void Intake::SetSpace(SpaceState state) {
  space_ = state;
  MutexLock lock(&mutex_);
  wake_.NotifyAll();
}

void Intake::AddHello(const std::string& source, const v1::Hello& hello,
                      std::function<void(const OpenedSession&)> done) {
  OpenedSession refused;
  {
    MutexLock lock(&mutex_);
    Slot& slot = SlotOf(source);
    refused.history_epoch = history_epoch_;
    refused.durable_seq = slot.state.durable_seq;
    slot.state.client_ahead = IsAhead(slot, hello);
    if (closed_) {
      refused.status = ShuttingDown();
    } else if (commands_paused()) {
      refused.status = absl::ResourceExhaustedError(
          "the daemon's disk is full: it only answers the gate and questions; come back");
    } else if (slot.state.client_ahead) {
      refused.status = absl::AbortedError(absl::StrCat(
          "the client knows history ", hello.history_epoch(), " up to seq ", hello.last_acked_seq(),
          ", this store history ", history_epoch_, " up to seq ", slot.state.durable_seq,
          ": data was lost or a backup restored; an operator must run `gmctl store ",
          "accept-restore`"));
    } else {
      slot.state.session_epoch += 1;
      slot.state.connected = true;
      stream_.emplace_back(HelloItem{source, slot.state.session_epoch, hello, ResumeSeq(hello),
                                     std::move(done)});
      events_ += 1;
      wake_.NotifyAll();
      return;
    }
  }
  done(refused);
}

void Intake::AddDesk(DeskItem item) {
  absl::Status status;
  {
    MutexLock lock(&mutex_);
    const auto* command = std::get_if<CommandItem>(&item);
    if (closed_) {
      status = ShuttingDown();
    } else if (command != nullptr && !command->rehearse && commands_paused()) {
      status = absl::ResourceExhaustedError("the daemon's disk is full: nothing is recorded");
    } else if (desk_.size() >= limits_.commands_max) {
      status = absl::ResourceExhaustedError("too many calls wait: try again");
    } else {
      desk_.push_back(std::move(item));
      wake_.NotifyAll();
      return;
    }
  }
  Drop(&item, status);
}

void Intake::SessionClosed(const std::string& source, std::int64_t session_epoch) {
  MutexLock lock(&mutex_);
  Slot& slot = SlotOf(source);
  if (slot.state.session_epoch == session_epoch) slot.state.connected = false;
}

std::uint64_t Intake::ExpectedSeq(std::string_view source) const {
  MutexLock lock(&mutex_);
  const auto it = slots_.find(source);
  return it == slots_.end() ? 1 : it->second.queued_seq + 1;
}

std::vector<SourceState> Intake::Sources() const {
  MutexLock lock(&mutex_);
  std::vector<SourceState> sources;
  sources.reserve(slots_.size());
  for (const auto& entry : slots_)
    sources.push_back(entry.second.state);
  return sources;
}

Intaken Intake::Take(const Room& room, std::chrono::microseconds at_most) {
  MutexLock lock(&mutex_);
  if (stream_.empty() && desk_.empty() && !closed_ && at_most.count() > 0) {
    wake_.WaitFor(&mutex_, at_most);
  }
  Intaken taken;
  std::size_t records = 0;
  std::size_t bytes = 0;
  while (!desk_.empty() && taken.desk.size() < room.desk_max) {
    taken.desk.push_back(std::move(desk_.front()));
    desk_.pop_front();
  }
  while (!stream_.empty() && records < room.records_max && bytes < room.bytes_max) {
    records += EventsOf(stream_.front());
    bytes += BytesOf(stream_.front());
    events_ -= EventsOf(stream_.front());
    bytes_ -= BytesOf(stream_.front());
    taken.stream.push_back(std::move(stream_.front()));
    stream_.pop_front();
  }
  taken.closed = closed_ && stream_.empty() && desk_.empty();
  return taken;
}

void Intake::Committed(const std::vector<SourceAck>& acks, std::int64_t commit_us) {
  MutexLock lock(&mutex_);
  for (const SourceAck& ack : acks) {
    Slot& slot = SlotOf(ack.source);
    slot.state.durable_seq = std::max(slot.state.durable_seq, ack.durable_seq);
    // A Hello may have gone on behind events that are lost.
    slot.queued_seq = std::max(slot.queued_seq, slot.state.durable_seq);
    slot.state.last_record_us = commit_us;
    if (ack.newest_event_us != 0) {
      slot.state.lag_us = std::max<std::int64_t>(commit_us - ack.newest_event_us, 0);
    }
    // Nothing of a quarantined source is queued any more; it sends all of it again after its
    // release.
    if (ack.dropped) slot.queued_seq = slot.state.durable_seq;
  }
}

void Intake::SetHistoryEpoch(std::int64_t epoch) {
  MutexLock lock(&mutex_);
  history_epoch_ = epoch;
  for (auto& entry : slots_)
    entry.second.state.client_ahead = false;
}

void Intake::Close() {
  MutexLock lock(&mutex_);
  closed_ = true;
  wake_.NotifyAll();
}

void Intake::DropAll() {
  std::deque<StreamItem> stream;
  std::deque<DeskItem> desk;
  {
    MutexLock lock(&mutex_);
    closed_ = true;
    stream.swap(stream_);
    desk.swap(desk_);
    events_ = 0;
    bytes_ = 0;
  }
  for (DeskItem& item : desk)
    Drop(&item, ShuttingDown());
  for (StreamItem& item : stream) {
    if (auto* hello = std::get_if<HelloItem>(&item)) {
      OpenedSession refused;
      refused.status = ShuttingDown();
      hello->done(refused);
    }
  }
}

std::int64_t Intake::history_epoch() const {
  MutexLock lock(&mutex_);
  return history_epoch_;
}

std::size_t Intake::queued_events() const {
  MutexLock lock(&mutex_);
  return events_;
}

std::size_t Intake::queued_commands() const {
  MutexLock lock(&mutex_);
  return desk_.size();
}

}  // namespace hallwarden::daemon
