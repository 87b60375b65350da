#include "tools/hallsim/server_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hallwarden::hallsim {
namespace {

std::string ActionName(const v1::Directive& directive) {
  const auto* oneof = v1::Directive::descriptor()->FindOneofByName("action");
  const auto* field = v1::Directive::GetReflection()->GetOneofFieldDescriptor(directive, oneof);
  return field == nullptr ? "unknown" : field->name();
}

// APPLIED of DIRECTIVE_OUTCOME_APPLIED.
std::string ShortName(const std::string& name, const std::string& prefix) {
  return name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name;
}

std::int64_t EventMicros(const v1::HallEvent& event) {
  return event.event_time().seconds() * 1'000'000 + event.event_time().nanos() / 1000;
}

}  // namespace

absl::Status ServerRun::Run() {
  session::Positions positions;
  if (parts_.positions != nullptr) {
    absl::StatusOr<session::PositionValues> values = parts_.positions->Load();
    if (values.ok()) {
      absl::StatusOr<session::Positions> loaded = session::FromValues(*values);
      if (!loaded.ok()) return loaded.status();
      positions = *loaded;
    } else if (!absl::IsNotFound(values.status())) {
      return values.status();
    }
  }
  began_ = parts_.clock->Now();
  last_news_ = began_;
  next_kill_ = options_.kill_connection_every;
  client_.emplace(options_.session,
                  session::SessionClient::Parts{.transport = parts_.transport,
                                                .source = this,
                                                .handler = this,
                                                .store = this,
                                                .clock = parts_.clock,
                                                .jitter = parts_.jitter,
                                                .log = parts_.log},
                  positions);
  absl::Status status = client_->Run([this] { return Done(); });
  if (status.ok()) status = client_->Close(session::Micros{5'000'000});
  report_.session = client_->stats();
  return status;
}

bool ServerRun::Done() {
  if (parts_.stop && parts_.stop()) return true;
  const session::Micros now = parts_.clock->Now();
  if (next_kill_ > 0 && client_->stats().events_acked >= next_kill_) {
    next_kill_ += options_.kill_connection_every;
    client_->Disconnect();
    return false;
  }
  if (!client_->open() || !events_.has_value()) return false;
  const bool all_acked =
      idle_ && !have_pending_ && client_->positions().last_acked_seq == events_->last_seq();
  if (!all_acked) return false;
  // Nothing else will happen: what waits for simulated time happens now.
  SendAnswers(true);
  if (!client_->Settled()) return false;
  if (options_.wait_locked_out.count() > 0 && !parts_.traffic->LockedOut().empty()) {
    AskGate(now);
    if (now - last_news_ < options_.wait_locked_out) return false;
  }
  return now - last_news_ >= options_.linger;
}

void ServerRun::AskGate(session::Micros now) {
  if (!parts_.gate || now - last_gate_ < session::Micros{1'000'000}) return;
  last_gate_ = now;
  for (const std::string& account : parts_.traffic->LockedOut()) {
    const std::optional<bool> allowed = parts_.gate(account);
    if (!allowed.has_value() || !*allowed) continue;
    parts_.traffic->LetIn(account);
    last_news_ = now;
  }
}

absl::Status ServerRun::Resume(std::int64_t durable_seq) {
  if (!events_.has_value()) {
    // A new run of the simulator goes on behind whatever this server sent before.
    events_.emplace(durable_seq + 1);
    return absl::OkStatus();
  }
  return events_->ContinueBehind(durable_seq);
}

absl::StatusOr<session::Fetch> ServerRun::Get(std::int64_t seq, std::string* event) {
  if (seq > events_->last_seq()) {
    if (!MakeEvent()) return session::Fetch::kNothingYet;
  }
  const std::string* found = events_->Get(seq);
  if (found == nullptr) return absl::OutOfRangeError(absl::StrCat("event ", seq, " is gone"));
  *event = *found;
  return session::Fetch::kEvent;
}

bool ServerRun::MayMakeAnother(session::Micros now) const {
  if (options_.events > 0 && report_.events_made >= options_.events) return false;
  if (options_.rate <= 0) return true;
  const double due =
      static_cast<double>((now - began_).count()) / 1e6 * static_cast<double>(options_.rate);
  return static_cast<double>(report_.events_made) < due;
}

bool ServerRun::MakeEvent() {
  const session::Micros now = parts_.clock->Now();
  if (!have_pending_) {
    if (!MayMakeAnother(now)) {
      idle_ = options_.events > 0 && report_.events_made >= options_.events;
      return false;
    }
    idle_ = !parts_.traffic->Next(&pending_);
    if (idle_) return false;
    have_pending_ = true;
    if (first_event_us_ < 0) first_event_us_ = EventMicros(pending_);
    // Time went by: what players saw meanwhile is told before what they did next.
    SendAnswers(false);
    if (client_->HasUnsentAnswers()) return false;
  }
  if (options_.pace > 0) {
    const std::int64_t due_us = (EventMicros(pending_) - first_event_us_) / options_.pace;
    if (due_us > (now - began_).count()) return false;
  }
  have_pending_ = false;
  ++report_.events_made;
  last_news_ = now;
  events_->Append(pending_.SerializeAsString());
  return true;
}

absl::Status ServerRun::Acked(std::int64_t durable_seq) {
  const session::Micros now = parts_.clock->Now();
  events_->Acked(durable_seq, now, options_.retention);
  report_.took = now - began_;
  return absl::OkStatus();
}

void ServerRun::Rejected(const v1::RejectedEvent& rejected) {
  const std::string reason = ShortName(v1::RejectReason_Name(rejected.reason()), "REJECT_REASON_");
  ++report_.rejects[reason];
  report_.reject_examples.emplace(reason,
                                  absl::StrCat("event ", rejected.seq(), ": ", rejected.detail()));
}

void ServerRun::Handle(const v1::Directive& directive) {
  last_news_ = parts_.clock->Now();
  ++report_.directives[ActionName(directive)];
  parts_.traffic->Obey(directive);
  SendAnswers(false);
}

void ServerRun::SendAnswers(bool all) {
  for (const Answer& answer : parts_.traffic->TakeAnswers(all)) {
    ++report_.outcomes[ShortName(v1::DirectiveOutcome_Name(answer.outcome), "DIRECTIVE_OUTCOME_")];
    client_->Answer(answer.directive_seq, answer.outcome, answer.detail);
    if (all) last_news_ = parts_.clock->Now();
  }
}

absl::Status ServerRun::Save(const session::Positions& positions) {
  if (parts_.positions == nullptr) return absl::OkStatus();
  session::PositionValues values;
  session::ToValues(positions, &values);
  return parts_.positions->Save(values);
}

}  // namespace hallwarden::hallsim
