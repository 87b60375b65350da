#include "tools/session/session_client.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/audit/checkpoint.h"

namespace hallwarden::session {
namespace {

constexpr std::int32_t kProtocol = 1;
constexpr int kResultsPerMessage = 4096;
// Answers kept for repeats. A daemon repeats what it has no answer to, so old ones are never asked
// for.
constexpr std::size_t kAnswersMax = 65'536;
// Answers on this stream without a later event that would prove their arrival. Beyond it the oldest
// is taken for arrived: a server that only listens must not fill its memory.
constexpr std::size_t kInDoubtMax = 1'000'000;
// What an event costs around its bytes.
constexpr std::int64_t kEventOverheadBytes = 8;

constexpr char kOperatorStep[] =
    "Next step, for the operator: find out why the daemon's store went back (disk lost, backup "
    "restored). If the "
    "present store is to be kept, run `gmctl store accept-restore`; the clients then refill it "
    "from their window. "
    "Otherwise stop the daemon and put the newer store back";

std::string Seconds(Micros wait) {
  return absl::StrFormat("%.1f s", static_cast<double>(wait.count()) / 1e6);
}

}  // namespace

SessionClient::SessionClient(SessionOptions options, Parts parts, Positions positions)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      backoff_(options_.backoff, parts_.jitter),
      positions_(std::move(positions)),
      next_seq_(positions_.last_acked_seq + 1),
      delivered_(positions_.last_directive_seq),
      any_start_(positions_.last_directive_seq == 0 && positions_.answered.empty()) {
  retry_at_ = parts_.clock->Now();
  last_save_ = retry_at_;
}

void SessionClient::Log(const std::string& line) const {
  if (parts_.log) parts_.log(line);
}

absl::Status SessionClient::Stop(Failure failure, absl::Status why) {
  parts_.transport->Drop();
  state_ = State::kStopped;
  failure_ = failure;
  failure_status_ = why;
  return why;
}

absl::StatusOr<Micros> SessionClient::Step() {
  if (state_ == State::kStopped) return failure_status_;
  const Micros now = parts_.clock->Now();
  if (state_ == State::kBackoff) {
    if (now < retry_at_) return retry_at_ - now;
    if (absl::Status s = Begin(now); !s.ok()) return s;
  }
  if (state_ == State::kConnecting && parts_.transport->CanSend()) {
    v1::SessionRequest request;
    v1::Hello* hello = request.mutable_hello();
    hello->set_protocol(kProtocol);
    hello->set_software(options_.software);
    hello->set_history_epoch(positions_.history_epoch);
    hello->set_last_acked_seq(positions_.last_acked_seq);
    hello->set_last_directive_seq(positions_.last_directive_seq);
    hello->set_oldest_seq(declared_oldest_);
    parts_.transport->Send(request);
    state_ = State::kHello;
  }
  while (state_ != State::kBackoff && state_ != State::kStopped) {
    std::optional<Incoming> incoming = parts_.transport->Receive();
    if (!incoming.has_value()) break;
    last_heard_ = now;
    if (absl::Status s = HandleIncoming(*incoming, now); !s.ok()) return s;
  }
  if (state_ != State::kBackoff && now - last_heard_ > options_.silence_max) {
    Retry(now, absl::StrCat("the daemon said nothing for ", Seconds(now - last_heard_)));
  }
  if (state_ == State::kOpen) {
    if (absl::Status s = SendAll(now); !s.ok()) return s;
  }
  if (absl::Status s = SaveIfDue(now); !s.ok()) return s;
  return UntilNextDuty(now);
}

absl::Status SessionClient::Run(const std::function<bool()>& done) {
  while (!done()) {
    absl::StatusOr<Micros> wait = Step();
    if (!wait.ok()) return wait.status();
    if (done()) break;
    if (wait->count() > 0) parts_.transport->Wait(*wait);
  }
  return absl::OkStatus();
}

absl::Status SessionClient::Begin(Micros now) {
  ++stats_.connects;
  last_heard_ = now;
  state_ = State::kConnecting;
  parts_.transport->Connect();
  return absl::OkStatus();
}

void SessionClient::Retry(Micros now, const std::string& why) {
  parts_.transport->Drop();
  state_ = State::kBackoff;
  const Micros wait = backoff_.Next();
  retry_at_ = now + wait;
  Log(absl::StrCat("connection lost: ", why, "; next attempt in ", Seconds(wait)));
}

absl::Status SessionClient::HandleIncoming(const Incoming& incoming, Micros now) {
  if (const auto* end = std::get_if<StreamEnd>(&incoming)) return HandleEnd(*end, now);
  const auto& response = std::get<v1::SessionResponse>(incoming);
  if (response.has_hello_ok()) {
    if (state_ == State::kHello) return HandleHelloOk(response.hello_ok(), now);
    Retry(now, "the daemon answered a Hello that was never sent");
    return absl::OkStatus();
  }
  if (state_ != State::kOpen) {
    Retry(now, "the daemon spoke before its HelloOk");
    return absl::OkStatus();
  }
  backoff_.Reset();
  switch (response.message_case()) {
    case v1::SessionResponse::kAck:
      for (const v1::RejectedEvent& rejected : response.ack().rejected()) {
        ++stats_.events_rejected;
        parts_.source->Rejected(rejected);
      }
      return HandleAck(response.ack().durable_seq(), now);
    case v1::SessionResponse::kDirective:
      return HandleDirective(response.directive(), now);
    case v1::SessionResponse::kProgress:
      HandleProgress(response.progress());
      return HandleAck(response.progress().durable_seq(), now);
    default:
      // A newer daemon may say more than this build knows.
      return absl::OkStatus();
  }
}

absl::Status SessionClient::HandleHelloOk(const v1::HelloOk& ok, Micros now) {
  hello_ok_ = ok;
  const bool first_contact = positions_.history_epoch == 0;
  if (ok.history_epoch() < positions_.history_epoch) {
    return Stop(Failure::kHistory,
                absl::FailedPreconditionError(
                    absl::StrCat("the daemon lives in history epoch ", ok.history_epoch(),
                                 ", but this server has seen epoch ", positions_.history_epoch,
                                 ": it is an old copy. ", kOperatorStep)));
  }
  const bool new_history = !first_contact && ok.history_epoch() > positions_.history_epoch;
  if (!new_history && ok.durable_seq() < positions_.last_acked_seq) {
    return Stop(Failure::kHistory,
                absl::FailedPreconditionError(
                    absl::StrCat("the daemon holds this server's events up to ", ok.durable_seq(),
                                 ", but has acknowledged ", positions_.last_acked_seq,
                                 ": it lost data. Nothing was sent. ", kOperatorStep)));
  }
  if (absl::Status s = parts_.source->Resume(ok.durable_seq()); !s.ok()) {
    if (new_history && DeclareOldest(ok.durable_seq(), now)) return absl::OkStatus();
    return Stop(Failure::kHistory, s);
  }
  declared_oldest_ = 0;
  if (new_history) {
    Log(absl::StrCat("an operator accepted a restored store (history epoch ", ok.history_epoch(),
                     "): sending again from event ", ok.durable_seq() + 1));
    positions_.last_directive_seq = 0;
    positions_.answered.clear();
    delivered_ = 0;
    any_start_ = true;
    outstanding_.clear();
    answers_.clear();
    results_.clear();
    in_doubt_.clear();
    unsettled_.clear();
  }
  ++stats_.sessions;
  stats_.events_acked += std::max<std::int64_t>(
      std::min(ok.durable_seq(), highest_sent_) - positions_.last_acked_seq, 0);
  positions_.history_epoch = ok.history_epoch();
  positions_.last_acked_seq = ok.durable_seq();
  next_seq_ = ok.durable_seq() + 1;
  in_flight_.clear();
  in_flight_bytes_ = 0;
  batch_times_.clear();
  have_lookahead_ = false;
  source_ended_ = false;
  // What the old stream may have swallowed goes first.
  for (auto it = in_doubt_.rbegin(); it != in_doubt_.rend(); ++it)
    results_.push_front(*it);
  in_doubt_.clear();
  state_ = State::kOpen;
  told_paused_ = false;
  if (ok.has_audit_checkpoint()) Witness(ok.audit_checkpoint());
  Log(absl::StrCat("session ", ok.session_epoch(), " open as ", ok.server(),
                   ", continuing with event ", next_seq_));
  if (absl::Status s = parts_.source->Acked(ok.durable_seq()); !s.ok())
    return Stop(Failure::kLocal, s);
  return Save(now);
}

// A restored store lacks events that are gone here, too. The daemon gives them up when it is told
// which ones are left; the next Hello says so, and still speaks of the old history.
bool SessionClient::DeclareOldest(std::int64_t durable_seq, Micros now) {
  const std::int64_t oldest = parts_.source->OldestHeld();
  if (oldest <= durable_seq + 1 || oldest == declared_oldest_) return false;
  declared_oldest_ = oldest;
  Log(absl::StrCat("ALARM: the restored store lacks events ", durable_seq + 1, " to ", oldest - 1,
                   " of this server, and they are not kept here any more: they are lost. Going on "
                   "with event ",
                   oldest));
  Retry(now, "to say which events are left");
  return true;
}

void SessionClient::HandleProgress(const v1::Progress& progress) {
  if (progress.intake_paused() != told_paused_) {
    told_paused_ = progress.intake_paused();
    Log(told_paused_ ? "the daemon's disk is almost full: it takes no events for now, they wait"
                     : "the daemon takes events again");
  }
  if (progress.has_audit_checkpoint()) Witness(progress.audit_checkpoint());
}

void SessionClient::Witness(const v1::AuditCheckpoint& checkpoint) {
  const auto kept = audit::ParseCheckpointLine(positions_.audit_checkpoint);
  const audit::Contradiction found =
      kept.ok() ? audit::Compare(*kept, checkpoint) : audit::Contradiction::kNone;
  if (found == audit::Contradiction::kRolledBack || found == audit::Contradiction::kForked) {
    // The old one stays: it is the proof.
    ++stats_.audit_alarms;
    if (told_audit_) return;
    told_audit_ = true;
    Log(absl::StrCat(
        "ALARM: the daemon's audit ",
        found == audit::Contradiction::kForked ? "was forked" : "was rolled back",
        ": it now says `", audit::CheckpointLine(checkpoint), "`, but it said `", positions_.audit_checkpoint,
        "`. Next step, for the operator: keep both lines and run `gmctl audit verify --against` "
        "with the second one"));
    return;
  }
  if (found == audit::Contradiction::kOtherStore) {
    Log("the daemon has another store than before: its audit begins anew");
  }
  told_audit_ = false;
  positions_.audit_checkpoint = audit::CheckpointLine(checkpoint);
  positions_changed_ = true;
}

absl::Status SessionClient::HandleAck(std::int64_t durable_seq, Micros now) {
  if (durable_seq >= next_seq_) {
    Retry(now,
          absl::StrCat("the daemon acknowledged event ", durable_seq, ", which was never sent"));
    return absl::OkStatus();
  }
  if (durable_seq <= positions_.last_acked_seq) return absl::OkStatus();
  for (std::int64_t seq = positions_.last_acked_seq; seq < durable_seq; ++seq) {
    in_flight_bytes_ -= in_flight_.front();
    in_flight_.pop_front();
  }
  stats_.events_acked += durable_seq - positions_.last_acked_seq;
  while (!batch_times_.empty() && batch_times_.front().first <= durable_seq) {
    stats_.ack_latency.Add(now - batch_times_.front().second);
    batch_times_.pop_front();
  }
  if (!in_doubt_.empty() && in_doubt_.front().settled_by <= durable_seq) {
    while (!in_doubt_.empty() && in_doubt_.front().settled_by <= durable_seq)
      Settle();
    RecomputeDirectivePosition();
  }
  positions_.last_acked_seq = durable_seq;
  positions_changed_ = true;
  if (absl::Status s = parts_.source->Acked(durable_seq); !s.ok()) return Stop(Failure::kLocal, s);
  return absl::OkStatus();
}

absl::Status SessionClient::HandleDirective(const v1::Directive& directive, Micros now) {
  const std::int64_t seq = directive.directive_seq();
  if (directive.history_epoch() != 0 && directive.history_epoch() < positions_.history_epoch) {
    v1::DirectiveResult result;
    result.set_directive_seq(seq);
    result.set_outcome(v1::DIRECTIVE_OUTCOME_REJECTED);
    result.set_detail(absl::StrCat("stale history epoch ", directive.history_epoch()));
    AddResult(Result{.result = result});
    return absl::OkStatus();
  }
  if (seq <= delivered_ && AbsorbRepeat(seq)) return absl::OkStatus();
  // A directive that was answered before a crash is not sent again, so it makes no hole.
  std::int64_t expected = delivered_ + 1;
  while (std::binary_search(positions_.answered.begin(), positions_.answered.end(), expected))
    ++expected;
  if (seq > expected && !any_start_ && options_.check_directive_holes) {
    if (gap_seen_ != expected) {
      gap_seen_ = expected;
      Retry(now, absl::StrCat("directive ", seq, " came where ", expected, " was due"));
      return absl::OkStatus();
    }
    // Said again after a reconnect. Holding back the orders behind the hole would help nobody.
    ++stats_.directive_gaps;
    Log(absl::StrCat(
        "ALARM: directives ", expected, " to ", seq - 1,
        " of this server never came. Next step, for "
        "the operator: compare the accounts' sanctions with this server (`gmctl server ls`)"));
  }
  any_start_ = false;
  delivered_ = std::max(delivered_, seq);
  if (AbsorbRepeat(seq)) {
    // The handler knew its answer from before a crash.
    RecomputeDirectivePosition();
    return absl::OkStatus();
  }
  outstanding_.insert(seq);
  ++stats_.directives;
  parts_.handler->Handle(directive);
  return absl::OkStatus();
}

bool SessionClient::AbsorbRepeat(std::int64_t seq) {
  if (outstanding_.contains(seq)) {
    ++stats_.directive_repeats;
    return true;
  }
  const auto it = answers_.find(seq);
  if (it == answers_.end()) return false;
  ++stats_.directive_repeats;
  // Its answers are on their way already: said once more with every reconnect, they would double.
  if (unsettled_.contains(seq)) return true;
  for (const v1::DirectiveResult& result : it->second)
    AddResult(Result{.result = result});
  return true;
}

void SessionClient::Answer(std::int64_t directive_seq, v1::DirectiveOutcome outcome,
                           const std::string& detail) {
  v1::DirectiveResult result;
  result.set_directive_seq(directive_seq);
  result.set_outcome(outcome);
  result.set_detail(detail.substr(0, 256));
  AddResult(Result{.result = result, .ordinal = ++answers_made_});
  answers_[directive_seq].push_back(result);
  if (answers_.size() > kAnswersMax) answers_.erase(answers_.begin());
  if (outstanding_.erase(directive_seq) == 0) return;
  auto& answered = positions_.answered;
  const auto at = std::lower_bound(answered.begin(), answered.end(), directive_seq);
  if (at == answered.end() || *at != directive_seq) answered.insert(at, directive_seq);
  RecomputeDirectivePosition();
}

void SessionClient::AddResult(Result result) {
  unsettled_.insert(result.result.directive_seq());
  results_.push_back(std::move(result));
}

// The oldest answer in doubt has arrived.
void SessionClient::Settle() {
  unsettled_.erase(unsettled_.find(in_doubt_.front().result.directive_seq()));
  in_doubt_.pop_front();
}

std::int64_t SessionClient::SettledAnswers() const {
  std::int64_t settled = answers_made_;
  for (const std::deque<Result>* list : {&in_doubt_, &results_}) {
    for (const Result& result : *list) {
      if (result.ordinal > 0) settled = std::min(settled, result.ordinal - 1);
    }
  }
  return settled;
}

void SessionClient::RecomputeDirectivePosition() {
  std::int64_t position = delivered_;
  if (!outstanding_.empty()) position = std::min(position, *outstanding_.begin() - 1);
  if (!unsettled_.empty()) position = std::min(position, *unsettled_.begin() - 1);
  positions_.last_directive_seq = std::max(positions_.last_directive_seq, position);
  auto& answered = positions_.answered;
  answered.erase(answered.begin(),
                 std::upper_bound(answered.begin(), answered.end(), positions_.last_directive_seq));
  positions_changed_ = true;
}

absl::Status SessionClient::HandleEnd(const StreamEnd& end, Micros now) {
  const std::string said = absl::StrCat(end.reason.empty() ? "" : absl::StrCat(end.reason, ": "),
                                        std::string(end.status.message()));
  if (end.reason == "FENCED") {
    return Stop(
        Failure::kFenced,
        absl::AbortedError(absl::StrCat(
            said,
            ". Another client with this server's credential took over. Two must never run: find "
            "the "
            "other one and stop it, or give it a token of its own (`gmctl token create`)")));
  }
  if (end.reason == "CLIENT_AHEAD") {
    return Stop(
        Failure::kHistory,
        absl::FailedPreconditionError(absl::StrCat(
            said, ". This server has an acknowledgement for event ", positions_.last_acked_seq,
            " that the daemon does not remember. Nothing was sent. ", kOperatorStep)));
  }
  const bool refused = end.reason == "UNSUPPORTED_PROTOCOL" || end.reason == "NOT_A_GAME_SERVER" ||
                       absl::IsUnauthenticated(end.status) ||
                       absl::IsPermissionDenied(end.status) || absl::IsUnimplemented(end.status);
  if (refused) {
    return Stop(Failure::kRefused, absl::PermissionDeniedError(absl::StrCat(
                                       said,
                                       ". Check the token file and that its token has the role of "
                                       "a game server (`gmctl token ls`)")));
  }
  // SEQ_GAP needs no more than that: the next HelloOk says where to continue, and Resume whether we
  // still can.
  Retry(now, said.empty() ? "the daemon closed the stream" : said);
  return absl::OkStatus();
}

absl::Status SessionClient::SendAll(Micros now) {
  while (state_ == State::kOpen && parts_.transport->CanSend()) {
    if (!results_.empty()) {
      if (absl::Status s = SendResults(); !s.ok()) return s;
      continue;
    }
    absl::StatusOr<bool> sent = SendBatch(now);
    if (!sent.ok()) return sent.status();
    if (!*sent && results_.empty()) break;
  }
  return absl::OkStatus();
}

absl::Status SessionClient::SendResults() {
  // An answer says "applied and persisted", so the position is on disk before it leaves.
  if (absl::Status s = Save(parts_.clock->Now()); !s.ok()) return s;
  v1::SessionRequest request;
  v1::DirectiveResults* out = request.mutable_directive_results();
  while (!results_.empty() && out->results_size() < kResultsPerMessage) {
    *out->add_results() = results_.front().result;
    // The next event that is sent settles it.
    in_doubt_.push_back(results_.front());
    in_doubt_.back().settled_by = next_seq_;
    if (in_doubt_.size() > kInDoubtMax) Settle();
    results_.pop_front();
  }
  stats_.results_sent += out->results_size();
  parts_.transport->Send(request);
  return absl::OkStatus();
}

bool SessionClient::CreditIsWorthIt() const {
  if (in_flight_.empty()) return true;
  // Waits until a good part of a batch fits, or every acknowledgement would set off a tiny one.
  const auto events = static_cast<std::int64_t>(in_flight_.size());
  const std::int64_t want_events = std::min<std::int64_t>(
      static_cast<std::int64_t>(options_.batch_events_max) / 2, hello_ok_.credit_events() / 4);
  const std::int64_t want_bytes = std::min<std::int64_t>(
      static_cast<std::int64_t>(options_.batch_bytes_max) / 2, hello_ok_.credit_bytes() / 4);
  return hello_ok_.credit_events() - events >= std::max<std::int64_t>(want_events, 1) &&
         hello_ok_.credit_bytes() - in_flight_bytes_ >= want_bytes;
}

absl::StatusOr<bool> SessionClient::SendBatch(Micros now) {
  if (source_ended_ || !CreditIsWorthIt()) return false;
  v1::SessionRequest request;
  std::int64_t bytes = 0;
  absl::StatusOr<bool> filled = FillBatch(request.mutable_events(), &bytes);
  if (!filled.ok()) return filled.status();
  if (!*filled) return false;
  const std::int64_t count = request.events().events_size();
  const std::int64_t last = next_seq_ - 1;
  stats_.events_sent += count;
  stats_.events_resent +=
      std::clamp<std::int64_t>(highest_sent_ - (next_seq_ - count) + 1, 0, count);
  highest_sent_ = std::max(highest_sent_, last);
  stats_.bytes_sent += bytes;
  ++stats_.batches_sent;
  batch_times_.emplace_back(last, now);
  parts_.transport->Send(request);
  return true;
}

absl::StatusOr<bool> SessionClient::FillBatch(v1::EventBatch* batch, std::int64_t* bytes) {
  batch->set_first_seq(next_seq_);
  const auto events_max = static_cast<std::size_t>(std::min<std::int64_t>(
      static_cast<std::int64_t>(options_.batch_events_max),
      hello_ok_.credit_events() - static_cast<std::int64_t>(in_flight_.size())));
  const std::int64_t bytes_max =
      std::min<std::int64_t>(static_cast<std::int64_t>(options_.batch_bytes_max),
                             hello_ok_.credit_bytes() - in_flight_bytes_);
  while (static_cast<std::size_t>(batch->events_size()) < events_max) {
    if (!have_lookahead_) {
      absl::StatusOr<Fetch> got = parts_.source->Get(next_seq_, &lookahead_);
      if (!got.ok()) return Stop(Failure::kLocal, got.status());
      source_ended_ = *got == Fetch::kEnd;
      source_idle_ = *got == Fetch::kNothingYet;
      if (*got != Fetch::kEvent) break;
      have_lookahead_ = true;
    }
    const std::int64_t cost = static_cast<std::int64_t>(lookahead_.size()) + kEventOverheadBytes;
    if (cost > static_cast<std::int64_t>(options_.batch_bytes_max)) {
      return Stop(Failure::kLocal,
                  absl::InvalidArgumentError(absl::StrCat(
                      "event ", next_seq_, " has ", lookahead_.size(), " bytes; no batch may")));
    }
    if (*bytes + cost > bytes_max) break;
    *bytes += cost;
    batch->add_events(std::move(lookahead_));
    lookahead_.clear();
    have_lookahead_ = false;
    in_flight_.push_back(static_cast<std::uint32_t>(cost));
    in_flight_bytes_ += cost;
    ++next_seq_;
  }
  return batch->events_size() > 0;
}

absl::Status SessionClient::SaveIfDue(Micros now) {
  if (!positions_changed_ || now - last_save_ < options_.save_interval) return absl::OkStatus();
  return Save(now);
}

absl::Status SessionClient::Save(Micros now) {
  last_save_ = now;
  positions_changed_ = false;
  if (absl::Status s = parts_.store->Save(positions_); !s.ok()) return Stop(Failure::kLocal, s);
  return absl::OkStatus();
}

Micros SessionClient::UntilNextDuty(Micros now) const {
  if (state_ == State::kBackoff) return std::max(retry_at_ - now, Micros{0});
  Micros wait = options_.silence_max - (now - last_heard_) + Micros{1};
  if (source_idle_) wait = std::min(wait, options_.poll_interval);
  if (positions_changed_) wait = std::min(wait, options_.save_interval - (now - last_save_));
  return std::max(wait, Micros{0});
}

bool SessionClient::Drained() const {
  return source_ended_ && state_ == State::kOpen && in_flight_.empty() && !have_lookahead_;
}

void SessionClient::Disconnect() {
  if (state_ == State::kBackoff || state_ == State::kStopped) return;
  Retry(parts_.clock->Now(), "broken on purpose");
}

absl::Status SessionClient::Close(Micros wait_max) {
  if (state_ == State::kStopped) return failure_status_;
  const Micros deadline = parts_.clock->Now() + wait_max;
  while (state_ == State::kOpen && !results_.empty() && parts_.clock->Now() < deadline) {
    if (parts_.transport->CanSend()) {
      if (absl::Status s = SendResults(); !s.ok()) return s;
    } else {
      parts_.transport->Wait(deadline - parts_.clock->Now());
    }
  }
  if (state_ == State::kOpen) {
    parts_.transport->FinishSending();
    bool ended = false;
    while (!ended && parts_.clock->Now() < deadline) {
      std::optional<Incoming> incoming = parts_.transport->Receive();
      if (!incoming.has_value()) {
        parts_.transport->Wait(deadline - parts_.clock->Now());
        continue;
      }
      ended = std::holds_alternative<StreamEnd>(*incoming);
      const auto* response = std::get_if<v1::SessionResponse>(&*incoming);
      if (response != nullptr && response->has_ack()) {
        if (absl::Status s = HandleAck(response->ack().durable_seq(), parts_.clock->Now()); !s.ok())
          return s;
      }
    }
  }
  parts_.transport->Drop();
  state_ = State::kStopped;
  failure_status_ = absl::FailedPreconditionError("the session was closed");
  return parts_.store->Save(positions_);
}

}  // namespace hallwarden::session
