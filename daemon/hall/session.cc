#include "daemon/hall/session.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "hallwarden/v1/journal.pb.h"

#include "absl/strings/str_cat.h"
#include "daemon/auth/refusals.h"
#include "daemon/log.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {
namespace {

constexpr int kProtocol = 1;
constexpr std::size_t kSoftwareMax = 256;
constexpr std::size_t kDetailMax = 256;
// Directives read from the store at once.
constexpr std::size_t kFillMax = 32;

Refusal Refuse(absl::StatusCode code, std::string_view reason, std::string message) {
  return {static_cast<int>(code), std::string(reason), std::move(message), {}};
}

Refusal Malformed(std::string message) {
  return Refuse(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST", std::move(message));
}

std::string_view ActionName(const v1::Directive& directive) {
  static const google::protobuf::OneofDescriptor* const kAction =
      v1::Directive::descriptor()->FindOneofByName("action");
  const google::protobuf::FieldDescriptor* field =
      directive.GetReflection()->GetOneofFieldDescriptor(directive, kAction);
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

// Cut between characters, so that the text stays valid UTF-8.
void CutText(std::size_t max, std::string* text) {
  if (text->size() <= max) return;
  std::size_t end = max;
  while (end > 0 && (static_cast<unsigned char>((*text)[end]) & 0xC0U) == 0x80U)
    --end;
  text->resize(end);
}

void SetTime(std::int64_t us, google::protobuf::Timestamp* time) {
  time->set_seconds(us / 1'000'000);
  time->set_nanos(static_cast<std::int32_t>(us % 1'000'000 * 1000));
}

}  // namespace

Session::Session(const SessionLimits& limits, const Parts& parts, Principal principal,
                 SessionTransport* transport)
    : limits_(limits),
      parts_(parts),
      principal_(std::move(principal)),
      transport_(transport),
      last_write_us_(parts.clock->BootUs()) {}

std::int64_t Session::session_epoch() const {
  MutexLock lock(&mutex_);
  return session_epoch_;
}

// ---- transport ----------------------------------------------------------------------------------

void Session::Start() {
  MutexLock lock(&mutex_);
  if (principal_.role != v1::ROLE_GAME_SERVER) {
    EndLocked(Refuse(absl::StatusCode::kPermissionDenied, "NOT_A_GAME_SERVER",
                     "sessions are for game servers: ask an administrator for a token with the "
                     "role game_server"),
              false);
  } else {
    actions_.emplace_back(ReadAction{});
  }
  Drain();
}

void Session::OnMessage(std::string bytes) {
  parts_.workers->Post(
      [self = shared_from_this(), bytes = std::move(bytes)] { self->Handle(bytes); });
}

void Session::OnWritten(bool ok) {
  MutexLock lock(&mutex_);
  writing_ = false;
  last_write_us_ = parts_.clock->BootUs();
  if (!ok) EndLocked({}, false);
  HW_CRASH_POINT("session.written");
  Pump();
  Drain();
}

void Session::OnClosed() {
  End({});
}

void Session::End(const Refusal& refusal) {
  MutexLock lock(&mutex_);
  EndLocked(refusal, false);
  Drain();
}

// ---- messages, on a worker ----------------------------------------------------------------------

void Session::Handle(const std::string& bytes) {
  v1::SessionRequest request;
  if (!request.ParseFromString(bytes)) {
    End(Malformed("not a SessionRequest, or invalid UTF-8 in a string field"));
    return;
  }
  State state = State::kNew;
  {
    MutexLock lock(&mutex_);
    state = state_;
  }
  if (state == State::kEnded) return;
  // Rights are asked for with every message, not only when the stream begins.
  if (const absl::Status may = MayGoOn(); !may.ok()) return End(RefusalOf(may));
  if (request.has_hello() != (state == State::kNew)) {
    End(Malformed(request.has_hello() ? "a second Hello: open a new stream"
                                      : "the first message must be a Hello"));
    return;
  }
  switch (request.message_case()) {
    case v1::SessionRequest::kHello:
      return HandleHello(request.hello());
    case v1::SessionRequest::kEvents:
      return HandleEvents(bytes.size(), request.mutable_events());
    case v1::SessionRequest::kDirectiveResults:
      return HandleResults(request.directive_results());
    case v1::SessionRequest::MESSAGE_NOT_SET:
      End(Malformed("an empty message: send events or directive_results"));
      return;
  }
}

std::optional<Refusal> Session::CheckHello(const v1::Hello& hello,
                                           const storage::OutboxState& outbox) const {
  if (hello.protocol() != kProtocol) {
    return Refuse(absl::StatusCode::kFailedPrecondition, "UNSUPPORTED_PROTOCOL",
                  absl::StrCat("protocol ", hello.protocol(), " is not spoken here; send 1"));
  }
  if (hello.last_acked_seq() < 0 || hello.last_directive_seq() < 0 || hello.history_epoch() < 0 ||
      hello.oldest_seq() < 0 || hello.software().size() > kSoftwareMax) {
    return Malformed("Hello: numbers must not be negative, software has at most 256 bytes");
  }
  // A client of an older history may be ahead: what it knew was given up when an operator accepted
  // the restored store.
  const std::int64_t history = parts_.sequencer->Stats().history_epoch;
  const bool older = hello.history_epoch() != 0 && hello.history_epoch() < history;
  if (!older && hello.last_directive_seq() > outbox.last_directive_seq) {
    Refusal refusal =
        Refuse(absl::StatusCode::kAborted, "CLIENT_AHEAD",
               absl::StrCat("the client holds directive ", hello.last_directive_seq(),
                            ", this store knows only ", outbox.last_directive_seq,
                            ": data was lost or a backup restored; an operator must run `gmctl ",
                            "store accept-restore`"));
    refusal.metadata = {{"client_directive_seq", std::to_string(hello.last_directive_seq())},
                        {"last_directive_seq", std::to_string(outbox.last_directive_seq)}};
    return refusal;
  }
  return std::nullopt;
}

void Session::HandleHello(const v1::Hello& hello) {
  storage::OutboxState outbox;
  absl::StatusOr<std::vector<std::pair<std::string, storage::OutboxState>>> all =
      parts_.store->Outboxes();
  if (!all.ok()) {
    Log(LogLevel::kError, absl::StrCat("session: ", all.status().ToString()));
    return End(Refuse(absl::StatusCode::kInternal, "STORE", "the store cannot be read"));
  }
  for (const auto& [server, state] : *all) {
    if (server == principal_.name) outbox = state;
  }
  if (std::optional<Refusal> refusal = CheckHello(hello, outbox); refusal.has_value()) {
    if (refusal->reason == "CLIENT_AHEAD") {
      parts_.sequencer->NoteClientAhead(principal_.name);
      Log(LogLevel::kError,
          absl::StrCat("ALARM session: ", principal_.name, ": ", refusal->message));
    }
    return End(*refusal);
  }
  {
    MutexLock lock(&mutex_);
    if (state_ != State::kNew) return;
    state_ = State::kOpening;
  }
  // What the client of an older history applied says nothing about this one.
  const std::int64_t history = parts_.sequencer->Stats().history_epoch;
  const bool same = hello.history_epoch() == 0 || hello.history_epoch() >= history;
  const std::int64_t next = same ? hello.last_directive_seq() + 1 : 1;
  parts_.sequencer->SubmitHello(
      principal_.name, hello,
      [self = shared_from_this(), next, last = outbox.last_directive_seq](
          const OpenedSession& opened) { self->Opened(opened, next, last); });
}

void Session::Opened(const OpenedSession& opened, std::int64_t next_directive,
                     std::int64_t last_directive) {
  if (!opened.status.ok()) {
    Refusal refusal = WhyNotQueued(opened.status);
    if (absl::IsResourceExhausted(opened.status)) {
      refusal.code = static_cast<int>(absl::StatusCode::kUnavailable);
      refusal.reason = "READ_ONLY";
    } else if (absl::IsFailedPrecondition(opened.status)) {
      refusal.reason = "QUARANTINED";
      parts_.sequencer->SessionClosed(principal_.name, opened.session_epoch);
    } else if (absl::IsAborted(opened.status)) {
      refusal.reason = "CLIENT_AHEAD";
      refusal.metadata = {{"durable_seq", std::to_string(opened.durable_seq)},
                          {"history_epoch", std::to_string(opened.history_epoch)}};
      Log(LogLevel::kError,
          absl::StrCat("ALARM session: ", principal_.name, ": ", refusal.message));
    }
    return End(refusal);
  }
  bool ended = false;
  {
    MutexLock lock(&mutex_);
    ended = state_ == State::kEnded;
    session_epoch_ = opened.session_epoch;
    durable_seq_ = opened.durable_seq;
    next_directive_ = next_directive;
    last_directive_ = std::max(last_directive_, last_directive);
    if (!ended) {
      v1::HelloOk ok;
      ok.set_server(principal_.name);
      ok.set_session_epoch(opened.session_epoch);
      ok.set_history_epoch(opened.history_epoch);
      ok.set_durable_seq(static_cast<std::int64_t>(opened.durable_seq));
      ok.set_credit_events(static_cast<std::int32_t>(limits_.credit_events));
      ok.set_credit_bytes(static_cast<std::int64_t>(limits_.credit_bytes));
      ok.mutable_resend_window()->set_seconds(limits_.resend_window_seconds);
      if (std::shared_ptr<const v1::AuditCheckpoint> newest = NewCheckpoint()) {
        *ok.mutable_audit_checkpoint() = *newest;
        told_checkpoint_ = std::move(newest);
      }
      hello_ok_ = std::move(ok);
      state_ = State::kOpen;
    }
  }
  if (ended) {
    parts_.sequencer->SessionClosed(principal_.name, opened.session_epoch);
    return;
  }
  Log(LogLevel::kInfo, absl::StrCat("session: ", principal_.name, " opened session ",
                                    opened.session_epoch, " at seq ", opened.durable_seq));
  HW_CRASH_POINT("session.hello_committed");
  // Before the first write: the older session ends before this one speaks.
  parts_.registry->Opened(shared_from_this());
  MutexLock lock(&mutex_);
  actions_.emplace_back(ReadAction{});
  // Always read once what is there: directives that were committed before this session was known
  // were told to nobody.
  filling_ = true;
  parts_.workers->Post([self = shared_from_this()] { self->FillOutbox(); });
  Pump();
  Drain();
}

std::optional<Refusal> Session::CheckBatch(std::size_t message_bytes, const v1::EventBatch& batch) {
  const auto events = static_cast<std::size_t>(batch.events_size());
  if (message_bytes > limits_.batch_bytes_max || batch.events_size() > limits_.batch_events_max) {
    return Refuse(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                  absl::StrCat("a batch of ", events, " events and ", message_bytes,
                               " bytes; at most ", limits_.batch_events_max, " and ",
                               limits_.batch_bytes_max, " are taken: send smaller ones"));
  }
  if (batch.first_seq() < 1) return Malformed("EventBatch.first_seq must be at least 1");
  std::size_t bytes = 0;
  for (const std::string& event : batch.events())
    bytes += event.size();
  MutexLock lock(&mutex_);
  if (flight_events_ + events > limits_.credit_events ||
      flight_bytes_ + bytes > limits_.credit_bytes) {
    return Refuse(
        absl::StatusCode::kResourceExhausted, "CREDIT_EXCEEDED",
        absl::StrCat("more than ", limits_.credit_events, " events or ", limits_.credit_bytes,
                     " bytes on their way: wait for acknowledgements"));
  }
  flight_events_ += events;
  flight_bytes_ += bytes;
  return std::nullopt;
}

void Session::HandleEvents(std::size_t message_bytes, v1::EventBatch* batch) {
  if (std::optional<Refusal> refusal = CheckBatch(message_bytes, *batch); refusal.has_value()) {
    return End(*refusal);
  }
  if (batch->events().empty()) return Submit();
  absl::StatusOr<PreparedBatch> prepared =
      parts_.preparer->Prepare(principal_.name, session_epoch(), batch);
  if (!prepared.ok()) {
    Log(LogLevel::kError, absl::StrCat("session: ", prepared.status().ToString()));
    return End(Refuse(absl::StatusCode::kInternal, "STORE", "events cannot be sealed"));
  }
  {
    MutexLock lock(&mutex_);
    batch_ = *std::move(prepared);
  }
  Submit();
}

void Session::HandleResults(const v1::DirectiveResults& results) {
  if (results.results_size() > limits_.results_max) {
    return End(
        Refuse(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
               absl::StrCat("at most ", limits_.results_max, " directive results a message")));
  }
  std::vector<v1::DirectiveAnswered> answers;
  for (const v1::DirectiveResult& result : results.results()) {
    if (result.outcome() == v1::DIRECTIVE_OUTCOME_UNSPECIFIED) {
      return End(Malformed("DirectiveResult.outcome is not set"));
    }
    absl::StatusOr<std::optional<v1::DirectiveAnswered>> answer = Resolve(result);
    if (!answer.ok()) {
      Log(LogLevel::kError, absl::StrCat("session: ", answer.status().ToString()));
      return End(Refuse(absl::StatusCode::kInternal, "STORE", "the store cannot be read"));
    }
    if (answer->has_value()) answers.push_back(**std::move(answer));
  }
  {
    MutexLock lock(&mutex_);
    if (!answers.empty()) answers_ = std::move(answers);
  }
  Submit();
}

absl::StatusOr<std::optional<v1::DirectiveAnswered>> Session::Resolve(
    const v1::DirectiveResult& result) {
  if (!v1::DirectiveOutcome_IsValid(result.outcome())) {
    Log(LogLevel::kWarning, absl::StrCat("session: ", principal_.name, " answered directive ",
                                         result.directive_seq(), " with an unknown outcome"));
    return std::nullopt;
  }
  const absl::StatusOr<v1::Directive> directive =
      parts_.store->GetDirective(principal_.name, result.directive_seq());
  if (absl::IsNotFound(directive.status())) {
    Log(LogLevel::kWarning, absl::StrCat("session: ", principal_.name, " answered directive ",
                                         result.directive_seq(), ", which it never got"));
    return std::nullopt;
  }
  if (!directive.ok()) return directive.status();
  const absl::StatusOr<bool> answered = WasAnswered(*directive, result);
  if (!answered.ok()) return answered.status();
  if (*answered) return std::nullopt;
  v1::DirectiveAnswered resolved;
  *resolved.mutable_result() = result;
  CutText(kDetailMax, resolved.mutable_result()->mutable_detail());
  resolved.set_account(directive->account());
  resolved.set_cause(directive->cause());
  resolved.set_action(std::string(ActionName(*directive)));
  resolved.set_account_revision(directive->account_revision());
  return resolved;
}

// What the sequencer does not remember any more, the store does.
absl::StatusOr<bool> Session::WasAnswered(const v1::Directive& directive,
                                          const v1::DirectiveResult& result) {
  const bool seen = result.outcome() == v1::DIRECTIVE_OUTCOME_SEEN;
  if (directive.cause().empty()) {
    absl::StatusOr<std::vector<v1::Directive>> open =
        parts_.store->ReadOutbox(principal_.name, directive.directive_seq(), 1);
    if (!open.ok()) return open.status();
    return !seen && (open->empty() || open->front().directive_seq() != directive.directive_seq());
  }
  absl::StatusOr<std::vector<v1::DirectiveStatus>> known =
      parts_.store->DirectivesOf(directive.cause());
  if (!known.ok()) return known.status();
  for (const v1::DirectiveStatus& status : *known) {
    if (status.server() != principal_.name || status.directive_seq() != directive.directive_seq()) {
      continue;
    }
    return status.outcome() == result.outcome() ||
           (!seen && status.outcome() != v1::DIRECTIVE_OUTCOME_UNSPECIFIED);
  }
  return false;
}

void Session::Submit() {
  std::optional<PreparedBatch> batch;
  std::optional<std::vector<v1::DirectiveAnswered>> answers;
  std::int64_t epoch = 0;
  {
    MutexLock lock(&mutex_);
    if (state_ != State::kOpen) return;
    batch.swap(batch_);
    answers.swap(answers_);
    epoch = session_epoch_;
  }
  absl::Status status;
  if (batch.has_value()) {
    status = parts_.sequencer->SubmitEvents(*std::move(batch));
    HW_CRASH_POINT("session.events_queued");
  }
  if (answers.has_value()) {
    status = parts_.sequencer->SubmitDirectiveResults(principal_.name, epoch, *std::move(answers));
    HW_CRASH_POINT("session.answers_queued");
  }
  if (absl::IsResourceExhausted(status)) {
    {
      MutexLock lock(&mutex_);
      // What was not taken is untouched.
      batch_ = std::move(batch);      // NOLINT(bugprone-use-after-move): taken only if OK
      answers_ = std::move(answers);  // NOLINT(bugprone-use-after-move): taken only if OK
    }
    parts_.registry->Paused(shared_from_this());
    return;
  }
  if (!status.ok()) return End(WhyNotQueued(status));
  MutexLock lock(&mutex_);
  if (state_ == State::kOpen) actions_.emplace_back(ReadAction{});
  Drain();
}

void Session::Retry() {
  parts_.workers->Post([self = shared_from_this()] { self->Submit(); });
}

Refusal Session::WhyNotQueued(const absl::Status& status) const {
  Refusal refusal = Refuse(status.code(), "UNKNOWN",
                           std::string(status.message().data(), status.message().size()));
  if (absl::IsAborted(status)) {
    refusal.reason = "FENCED";
  } else if (absl::IsOutOfRange(status)) {
    refusal.reason = "SEQ_GAP";
    refusal.metadata = {
        {"expected_seq", std::to_string(parts_.sequencer->ExpectedSeq(principal_.name))}};
  } else if (absl::IsUnavailable(status)) {
    refusal.reason = "SHUTTING_DOWN";
  }
  return refusal;
}

// ---- what was committed -------------------------------------------------------------------------

void Session::OnAck(const SourceAck& ack) {
  MutexLock lock(&mutex_);
  if (state_ != State::kOpen || ack.session_epoch != session_epoch_) return;
  durable_seq_ = ack.durable_seq;
  if (ack.events == 0 && ack.rejected.empty()) return;
  if (!ack_.has_value()) {
    ack_ = ack;
  } else {
    ack_->durable_seq = ack.durable_seq;
    ack_->events += ack.events;
    ack_->bytes += ack.bytes;
    ack_->rejected.insert(ack_->rejected.end(), ack.rejected.begin(), ack.rejected.end());
  }
  Pump();
  Drain();
}

void Session::OnDirective(const v1::Directive& directive) {
  MutexLock lock(&mutex_);
  last_directive_ = std::max(last_directive_, directive.directive_seq());
  if (state_ != State::kOpen) return;
  if (!filling_ && directive.directive_seq() == next_directive_ &&
      directives_.size() < limits_.directives_max) {
    directives_.push_back(directive);
    ++next_directive_;
  }
  Pump();
  Drain();
}

absl::Status Session::MayGoOn() const {
  return parts_.authenticator == nullptr ? absl::OkStatus()
                                         : parts_.authenticator->Recheck(principal_);
}

void Session::Recheck() {
  const absl::Status may = MayGoOn();
  if (may.ok()) return;
  MutexLock lock(&mutex_);
  EndLocked(RefusalOf(may), writing_);
  Drain();
}

void Session::Tick() {
  Recheck();
  MutexLock lock(&mutex_);
  const std::int64_t now = parts_.clock->BootUs();
  if (state_ == State::kNew && now - last_write_us_ >= limits_.hello_within_us) {
    EndLocked(Refuse(absl::StatusCode::kDeadlineExceeded, "NO_HELLO", "no Hello came"), false);
    Drain();
  }
  if (state_ != State::kOpen) return;
  if (writing_ && now - last_write_us_ >= limits_.stuck_after_us) {
    EndLocked(Refuse(absl::StatusCode::kDeadlineExceeded, "STUCK",
                     "the client does not take what it is sent"),
              true);
  } else if (!writing_ && now - last_write_us_ >= limits_.progress_after_us) {
    progress_due_ = true;
  }
  if (parts_.sequencer->events_paused() != told_paused_ || NewCheckpoint() != nullptr) {
    progress_due_ = true;
  }
  Pump();
  Drain();
}

// Reads the next directives without an answer from the store.
void Session::FillOutbox() {
  std::int64_t from = 0;
  std::int64_t last = 0;
  {
    MutexLock lock(&mutex_);
    from = next_directive_;
    last = last_directive_;
  }
  absl::StatusOr<std::vector<v1::Directive>> found =
      parts_.store->ReadOutbox(principal_.name, from, kFillMax);
  if (!found.ok()) {
    Log(LogLevel::kError, absl::StrCat("session: ", found.status().ToString()));
    return End(Refuse(absl::StatusCode::kInternal, "STORE", "the store cannot be read"));
  }
  MutexLock lock(&mutex_);
  filling_ = false;
  // A short page is the end of what was there when it was read: what is missing up to `last` was
  // answered before or dropped. Behind a full one there may be more than `last`: what was committed
  // while the session opened was told to nobody.
  unread_ = found->size() == kFillMax;
  if (!unread_) next_directive_ = std::max(next_directive_, last + 1);
  for (v1::Directive& directive : *found) {
    next_directive_ = std::max(next_directive_, directive.directive_seq() + 1);
    last_directive_ = std::max(last_directive_, directive.directive_seq());
    directives_.push_back(std::move(directive));
  }
  Pump();
  Drain();
}

// ---- locked -------------------------------------------------------------------------------------

std::shared_ptr<const v1::AuditCheckpoint> Session::NewCheckpoint() const {
  std::shared_ptr<const v1::AuditCheckpoint> newest =
      parts_.checkpoint ? parts_.checkpoint() : nullptr;
  return newest == told_checkpoint_ ? nullptr : newest;
}

v1::SessionResponse Session::TakeAck() {
  v1::SessionResponse response;
  v1::Ack* ack = response.mutable_ack();
  ack->set_durable_seq(static_cast<std::int64_t>(ack_->durable_seq));
  for (v1::RejectedEvent& rejected : ack_->rejected)
    *ack->add_rejected() = std::move(rejected);
  // Before the write: the client may send more as soon as it reads this.
  flight_events_ -= std::min(flight_events_, ack_->events);
  flight_bytes_ -= std::min(flight_bytes_, ack_->bytes);
  ack_.reset();
  HW_CRASH_POINT("session.ack_taken");
  return response;
}

std::optional<v1::SessionResponse> Session::NextResponse() {
  v1::SessionResponse response;
  if (hello_ok_.has_value()) {
    *response.mutable_hello_ok() = *std::move(hello_ok_);
    hello_ok_.reset();
    return response;
  }
  // In turn, so that neither holds up the other.
  const bool directive_first = directive_turn_ && !directives_.empty();
  directive_turn_ = !directive_turn_;
  if (ack_.has_value() && !directive_first) return TakeAck();
  if (!directives_.empty()) {
    *response.mutable_directive() = std::move(directives_.front());
    directives_.pop_front();
    HW_CRASH_POINT("session.directive_taken");
    return response;
  }
  if (!progress_due_) return std::nullopt;
  progress_due_ = false;
  v1::Progress* progress = response.mutable_progress();
  progress->set_durable_seq(static_cast<std::int64_t>(durable_seq_));
  progress->set_last_directive_seq(last_directive_);
  SetTime(parts_.sequencer->NowUs(), progress->mutable_daemon_time());
  told_paused_ = parts_.sequencer->events_paused();
  progress->set_intake_paused(told_paused_);
  if (std::shared_ptr<const v1::AuditCheckpoint> newest = NewCheckpoint()) {
    *progress->mutable_audit_checkpoint() = *newest;
    told_checkpoint_ = std::move(newest);
  }
  return response;
}

void Session::Pump() {
  if (state_ != State::kOpen) return;
  if (directives_.empty() && !filling_ && (unread_ || next_directive_ <= last_directive_)) {
    filling_ = true;
    parts_.workers->Post([self = shared_from_this()] { self->FillOutbox(); });
  }
  if (writing_) return;
  std::optional<v1::SessionResponse> response = NextResponse();
  if (!response.has_value()) return;
  writing_ = true;
  last_write_us_ = parts_.clock->BootUs();
  actions_.emplace_back(WriteAction{response->SerializeAsString()});
}

void Session::EndLocked(const Refusal& refusal, bool abort) {
  if (state_ == State::kEnded) return;
  if (refusal.code != 0) {
    Log(LogLevel::kInfo, absl::StrCat("session: ", principal_.name, " ended: ", refusal.reason,
                                      ": ", refusal.message));
  }
  state_ = State::kEnded;
  // Nothing comes after the end.
  actions_.clear();
  actions_.emplace_back(EndAction{refusal, abort});
}

void Session::Drain() {
  if (draining_) return;
  draining_ = true;
  while (!actions_.empty()) {
    Action action = std::move(actions_.front());
    actions_.pop_front();
    mutex_.Unlock();
    if (auto* write = std::get_if<WriteAction>(&action)) {
      transport_->Write(std::move(write->bytes));
    } else if (auto* end = std::get_if<EndAction>(&action)) {
      parts_.sequencer->SessionClosed(principal_.name, session_epoch());
      parts_.registry->Ended(this);
      if (end->abort) {
        transport_->Abort(end->refusal);
      } else {
        transport_->Finish(end->refusal);
      }
    } else {
      transport_->Read();
    }
    mutex_.Lock();
  }
  draining_ = false;
}

}  // namespace hallwarden::daemon
