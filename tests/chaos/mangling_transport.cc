#include "tests/chaos/mangling_transport.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace hallwarden::chaos {

void ManglingTransport::Connect() {
  queue_.clear();
  held_.reset();
  broken_ = false;
  validator_->OnConnect();
  under_->Connect();
}

bool ManglingTransport::CanSend() {
  Flush();
  return !broken_ && queue_.empty() && under_->CanSend();
}

void ManglingTransport::Send(const v1::SessionRequest& request) {
  ++counts_->messages;
  if (Chance(mangling_.break_stream)) {
    // As if the line were cut: what was queued is gone, the owner is told.
    ++counts_->broken;
    broken_ = true;
    queue_.clear();
    held_.reset();
    under_->Drop();
    return;
  }
  if (request.has_events()) {
    if (Chance(mangling_.lose_batch)) {
      ++counts_->lost;
      return;
    }
    if (!held_.has_value() && Chance(mangling_.reorder_batch)) {
      ++counts_->reordered;
      held_ = request;
      return;
    }
    Queue(request);
    if (Chance(mangling_.repeat_batch)) {
      ++counts_->repeated;
      Queue(request);
    }
    if (held_.has_value()) {
      Queue(*held_);
      held_.reset();
    }
  } else {
    // An answer never overtakes the event before it.
    if (held_.has_value()) {
      Queue(*held_);
      held_.reset();
    }
    Queue(request);
    if (request.has_directive_results() && Chance(mangling_.repeat_answers)) {
      ++counts_->repeated;
      Queue(request);
    }
  }
  Flush();
}

void ManglingTransport::Flush() {
  while (!queue_.empty() && !broken_ && under_->CanSend()) {
    validator_->OnSent(queue_.front());
    under_->Send(queue_.front());
    queue_.pop_front();
  }
}

void ManglingTransport::FinishSending() {
  if (held_.has_value()) Queue(*std::exchange(held_, std::nullopt));
  Flush();
  under_->FinishSending();
}

std::optional<session::Incoming> ManglingTransport::Receive() {
  if (broken_) {
    broken_ = false;
    session::StreamEnd end;
    end.status = absl::UnavailableError("cut by the harness");
    return end;
  }
  Flush();
  for (;;) {
    std::optional<session::Incoming> incoming = under_->Receive();
    if (!incoming.has_value()) return incoming;
    const auto* response = std::get_if<v1::SessionResponse>(&*incoming);
    if (response == nullptr) return incoming;
    validator_->OnReceived(*response);
    const bool loseable = response->has_ack() || response->has_progress();
    if (!loseable || !Chance(mangling_.lose_ack)) return incoming;
    ++counts_->lost;
  }
}

void ManglingTransport::Drop() {
  queue_.clear();
  held_.reset();
  under_->Drop();
}

void ManglingTransport::Wait(session::Micros wait_max) {
  Flush();
  // A message that waits for room must not wait for the owner's next duty.
  const bool waiting = broken_ || !queue_.empty() || held_.has_value();
  under_->Wait(waiting ? std::min(wait_max, session::Micros{2'000}) : wait_max);
}

}  // namespace hallwarden::chaos
