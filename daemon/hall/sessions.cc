#include "daemon/hall/sessions.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "daemon/auth/refusals.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {
namespace {

Refusal MakeRefusal(absl::StatusCode code, const char* reason, const char* message) {
  return {static_cast<int>(code), reason, message, {}};
}

}  // namespace

Sessions::Sessions(const Options& options, Sequencer* sequencer, storage::Store* store,
                   Clock* clock)
    : options_(options),
      sequencer_(sequencer),
      store_(store),
      clock_(clock),
      preparer_(&store->vault()),
      workers_(options.worker_threads) {}

Sessions::~Sessions() {
  Shutdown();
}

absl::StatusOr<std::shared_ptr<Session>> Sessions::Make(const Principal& principal,
                                                        SessionTransport* transport) {
  MutexLock lock(&mutex_);
  if (closed_) {
    return ToStatus(MakeRefusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                                "the daemon is shutting down: come back"));
  }
  const auto of_server = streams_of_.find(principal.name);
  if (streams_.size() >= options_.streams_max ||
      (of_server != streams_of_.end() && of_server->second >= options_.streams_per_server_max)) {
    return ToStatus(MakeRefusal(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS",
                                "too many streams are open: keep one, close the others"));
  }
  ++streams_of_[principal.name];
  auto session = std::make_shared<Session>(options_.limits,
                                           Session::Parts{sequencer_, store_, &preparer_, &workers_,
                                                          this, clock_, options_.authenticator,
                                                          options_.checkpoint},
                                           principal, transport);
  streams_[session.get()] = {principal.name, session};
  return session;
}

std::shared_ptr<Session> Sessions::Find(const std::string& server) const {
  MutexLock lock(&mutex_);
  const auto it = open_.find(server);
  return it == open_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<Session>> Sessions::All() const {
  std::vector<std::shared_ptr<Session>> all;
  MutexLock lock(&mutex_);
  for (const auto& entry : streams_) {
    if (auto session = entry.second.session.lock()) all.push_back(std::move(session));
  }
  return all;
}

std::size_t Sessions::count() const {
  MutexLock lock(&mutex_);
  return streams_.size();
}

void Sessions::Tick() {
  for (const std::shared_ptr<Session>& session : All())
    session->Tick();
  // What waited for disk space waits for no commit.
  if (!sequencer_->events_paused()) RetryPaused();
}

void Sessions::Shutdown() {
  {
    MutexLock lock(&mutex_);
    closed_ = true;
  }
  for (const std::shared_ptr<Session>& session : All()) {
    session->End(MakeRefusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                             "the daemon is shutting down: come back"));
  }
  // What still runs for an ended session comes to nothing; afterwards nothing uses the sequencer.
  workers_.Stop();
}

void Sessions::OnCommitted(const CommittedGroup& committed) {
  for (const SourceAck& ack : committed.acks) {
    if (const auto session = Find(ack.source)) session->OnAck(ack);
  }
  bool rights_changed = false;
  for (const PositionedEffect& effect : committed.group->effects) {
    if (const auto* send = std::get_if<SendDirective>(&effect.effect)) {
      if (const auto session = Find(send->server)) session->OnDirective(send->directive);
    } else if (std::holds_alternative<PutToken>(effect.effect)) {
      rights_changed = true;
    } else if (const auto* standing = std::get_if<PutServerStanding>(&effect.effect)) {
      if (standing->quarantine_us != 0) EndQuarantined(standing->server);
    }
  }
  if (rights_changed) RecheckAll();
  RetryPaused();
}

void Sessions::RetryPaused() {
  std::vector<std::weak_ptr<Session>> paused;
  {
    MutexLock lock(&mutex_);
    paused.swap(paused_);
  }
  for (const std::weak_ptr<Session>& waiting : paused) {
    if (const auto session = waiting.lock()) session->Retry();
  }
}

// The token table listens before this does: it knows already.
void Sessions::RecheckAll() {
  for (const std::shared_ptr<Session>& session : All())
    session->Recheck();
}

// Streams that have not said Hello yet, too: theirs would be refused.
void Sessions::EndQuarantined(const std::string& server) {
  for (const std::shared_ptr<Session>& session : All()) {
    if (session->server() != server) continue;
    session->End(
        MakeRefusal(absl::StatusCode::kFailedPrecondition, "QUARANTINED",
                    "an operator cut this server off: keep everything and come back later"));
  }
}

void Sessions::Opened(const std::shared_ptr<Session>& session) {
  std::shared_ptr<Session> older;
  {
    MutexLock lock(&mutex_);
    older = std::exchange(open_[session->server()], session);
  }
  if (older != nullptr && older != session) {
    older->End(MakeRefusal(absl::StatusCode::kAborted, "FENCED",
                           "a newer session of this server took over"));
  }
}

void Sessions::Ended(const Session* session) {
  MutexLock lock(&mutex_);
  const auto stream = streams_.find(session);
  if (stream != streams_.end()) {
    const auto of_server = streams_of_.find(stream->second.server);
    if (--of_server->second == 0) streams_of_.erase(of_server);
    streams_.erase(stream);
  }
  const auto it = open_.find(session->server());
  if (it != open_.end() && it->second.get() == session) open_.erase(it);
}

void Sessions::Paused(const std::shared_ptr<Session>& session) {
  MutexLock lock(&mutex_);
  paused_.push_back(session);
}

}  // namespace hallwarden::daemon
