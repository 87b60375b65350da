#include "tools/session/retained_events.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace hallwarden::session {

std::int64_t RetainedEvents::Append(std::string event) {
  events_.push_back(std::move(event));
  return last_seq();
}

const std::string* RetainedEvents::Get(std::int64_t seq) const {
  if (seq < first_seq_ || seq > last_seq()) return nullptr;
  return &events_[static_cast<std::size_t>(seq - first_seq_)];
}

void RetainedEvents::Acked(std::int64_t durable_seq, Micros now, const RetentionOptions& options) {
  const std::int64_t upto = std::min(durable_seq, last_seq());
  if (upto > acked_) {
    for (std::int64_t seq = std::max(acked_ + 1, first_seq_); seq <= upto; ++seq) {
      acked_bytes_ += Get(seq)->size();
    }
    acked_ = upto;
    ack_times_.emplace_back(upto, now);
  }
  while (!events_.empty() && first_seq_ <= acked_) {
    while (!ack_times_.empty() && ack_times_.front().first < first_seq_)
      ack_times_.pop_front();
    const bool old = !ack_times_.empty() && now - ack_times_.front().second > options.window;
    if (!old && acked_bytes_ <= options.acked_bytes_max) break;
    acked_bytes_ -= events_.front().size();
    events_.pop_front();
    ++first_seq_;
  }
}

absl::Status RetainedEvents::ContinueBehind(std::int64_t durable_seq) {
  if (durable_seq > last_seq()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the daemon holds event ", durable_seq, " of this server, but only ", last_seq(),
        " were ever made here: another client sent with this server's credential. Give each its "
        "own token (`gmctl token create`)"));
  }
  if (durable_seq + 1 < first_seq_) {
    return absl::FailedPreconditionError(
        absl::StrCat("the daemon wants events from ", durable_seq + 1,
                     " on, but the oldest one still held is ", first_seq_,
                     ": the events between are lost. Next step, for the operator: put back a newer "
                     "store of the daemon, or accept the loss by giving this server a new token"));
  }
  for (; acked_ > durable_seq; --acked_)
    acked_bytes_ -= Get(acked_)->size();
  while (!ack_times_.empty() && ack_times_.back().first > durable_seq)
    ack_times_.pop_back();
  return absl::OkStatus();
}

}  // namespace hallwarden::session
