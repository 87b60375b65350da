#include "tests/chaos/fake_server.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/session/grpc_transport.h"

namespace hallwarden::chaos {
namespace {

// The resend window: acknowledged events that are kept all the same.
constexpr std::int64_t kKeptBehind = 512;

session::SessionOptions OptionsOf(const FakeServerOptions& options) {
  session::SessionOptions session;
  session.software = "chaos/1";
  session.batch_events_max = options.batch_max;
  session.backoff = {session::Micros{10'000}, session::Micros{200'000}};
  session.silence_max = session::Micros{8'000'000};
  session.save_interval = session::Micros{100'000};
  session.poll_interval = session::Micros{2'000};
  return session;
}

}  // namespace

FakeServer::FakeServer(FakeServerOptions options, MangleCounts* counts)
    : options_(std::move(options)),
      counts_(counts),
      random_(options_.seed),
      jitter_(options_.seed + 1),
      traffic_(options_.traffic),
      validator_(options_.name) {}

FakeServer::~FakeServer() {
  Stop();
}

void FakeServer::Start() {
  Revive();
  thread_ = std::thread([this] { Run(); });
}

void FakeServer::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void FakeServer::SetLimit(std::int64_t seq) {
  limit_ = std::max(limit_.load(), seq);
  idle_ = false;
}

void FakeServer::Behave() {
  behave_ = true;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (transport_ != nullptr) transport_->Behave();
}

std::unique_ptr<session::Transport> FakeServer::Dial() const {
  auto channel = session::MakeChannel({.target = options_.target});
  return session::MakeGrpcTransport(*channel, [token = options_.token] { return token; });
}

// A new process with the old one's files.
void FakeServer::Revive() {
  client_.reset();
  todo_.clear();
  transport_ = std::make_unique<ManglingTransport>(Dial(), behave_ ? Mangling() : options_.mangling,
                                                   random_.Next(), counts_, &validator_);
  session::SessionClient::Parts parts;
  parts.transport = transport_.get();
  parts.source = this;
  parts.handler = this;
  parts.store = this;
  parts.clock = &clock_;
  parts.jitter = &jitter_;
  client_ =
      std::make_unique<session::SessionClient>(OptionsOf(options_), std::move(parts), positions_);
}

void FakeServer::Renew() {
  if (client_->open()) return;
  client_->Disconnect();
  transport_->Redial(Dial());
}

void FakeServer::Run() {
  std::int64_t resent_before = 0;
  while (!stop_) {
    session::Micros wait{1'000};
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (crash_.exchange(false)) {
        resent_before += client_->stats().events_resent;
        ++crashes_;
        Revive();
      }
      if (renew_.exchange(false)) Renew();
      const absl::StatusOr<session::Micros> step = client_->Step();
      if (!step.ok()) {
        faults_.push_back(absl::StrCat(options_.name, " gave up: ", step.status().ToString()));
        idle_ = false;  // whoever gave up is not at rest
        return;
      }
      wait = std::min(*step, session::Micros{5'000});
      AnswerWhatIsDue();
      connects_ = client_->stats().connects;
      resent_ = resent_before + client_->stats().events_resent;
      idle_ = client_->open() && todo_.empty() && client_->Settled();
    }
    transport_->Wait(wait);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  client_.reset();
  transport_.reset();
}

ServerView FakeServer::View() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {options_.name, acked_, hashes_, validator_.delivered()};
}

std::vector<std::string> FakeServer::Faults() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> all = faults_;
  all.insert(all.end(), validator_.faults().begin(), validator_.faults().end());
  if (client_ != nullptr && client_->stats().directive_gaps > 0) {
    all.push_back(options_.name + ": directives never came");
  }
  return all;
}

// ---- events -------------------------------------------------------------------------------------

absl::Status FakeServer::Resume(std::int64_t durable_seq) {
  if (durable_seq + 1 < kept_first_) {
    return absl::FailedPreconditionError(
        absl::StrCat("event ", durable_seq + 1, " is wanted, the first one kept is ", kept_first_));
  }
  if (durable_seq > static_cast<std::int64_t>(hashes_.size())) {
    return absl::FailedPreconditionError(absl::StrCat("event ", durable_seq, " is durable, only ",
                                                      hashes_.size(), " were ever made"));
  }
  return absl::OkStatus();
}

absl::StatusOr<session::Fetch> FakeServer::Get(std::int64_t seq, std::string* event) {
  if (seq > static_cast<std::int64_t>(hashes_.size())) {
    if (seq > limit_) return session::Fetch::kNothingYet;
    bool broken = false;
    kept_.push_back(traffic_.Next(&broken));
    hashes_.push_back(broken ? 0 : HashOf(kept_.back()));
  }
  if (seq < kept_first_) {
    return absl::FailedPreconditionError(absl::StrCat("event ", seq, " is not kept any more"));
  }
  *event = kept_[static_cast<std::size_t>(seq - kept_first_)];
  return session::Fetch::kEvent;
}

absl::Status FakeServer::Acked(std::int64_t durable_seq) {
  acked_ = std::max(acked_.load(), durable_seq);
  while (kept_first_ + kKeptBehind < durable_seq) {
    kept_.pop_front();
    ++kept_first_;
  }
  return absl::OkStatus();
}

void FakeServer::Rejected(const v1::RejectedEvent& rejected) {
  const bool known = rejected.reason() == v1::REJECT_REASON_MALFORMED ||
                     rejected.reason() == v1::REJECT_REASON_NO_SESSION;
  if (!known && faults_.size() < 20) {
    faults_.push_back(absl::StrCat(options_.name, ": event ", rejected.seq(),
                                   " was refused: ", rejected.detail()));
  }
}

absl::Status FakeServer::Save(const session::Positions& positions) {
  positions_ = positions;
  return absl::OkStatus();
}

// ---- directives ---------------------------------------------------------------------------------

void FakeServer::Handle(const v1::Directive& directive) {
  const auto before = answered_.find(directive.directive_seq());
  if (before != answered_.end()) {
    // Carried out before a crash; the answer may have been lost.
    for (const v1::DirectiveOutcome outcome : before->second)
      client_->Answer(directive.directive_seq(), outcome, "");
    return;
  }
  Plan(directive);
}

void FakeServer::Plan(const v1::Directive& directive) {
  Todo todo{clock_.Now(), directive.directive_seq(), v1::DIRECTIVE_OUTCOME_APPLIED};
  const bool moody = options_.moody && !behave_;
  if (moody && Chance(30))
    todo.due += session::Micros{static_cast<std::int64_t>(random_.Next() % 60'000)};
  if (moody && Chance(8)) todo.outcome = v1::DIRECTIVE_OUTCOME_NOT_HERE;
  if (moody && Chance(4)) todo.outcome = v1::DIRECTIVE_OUTCOME_REJECTED;
  todo_.push_back(todo);
  if (todo.outcome != v1::DIRECTIVE_OUTCOME_APPLIED || !options_.moody) return;
  if (directive.has_reset_nickname() && Chance(70)) {
    traffic_.NameWasReset(directive.account(), directive.reset_nickname().replacement());
  }
  if (directive.has_warn() && Chance(50)) {
    todo.outcome = v1::DIRECTIVE_OUTCOME_SEEN;
    todo_.push_back(todo);
  }
}

void FakeServer::AnswerWhatIsDue() {
  const session::Micros now = clock_.Now();
  while (!todo_.empty() && (todo_.front().due <= now || behave_)) {
    const Todo todo = todo_.front();
    todo_.pop_front();
    answered_[todo.seq].push_back(todo.outcome);
    client_->Answer(todo.seq, todo.outcome,
                    todo.outcome == v1::DIRECTIVE_OUTCOME_REJECTED ? "moody" : "");
  }
}

}  // namespace hallwarden::chaos
