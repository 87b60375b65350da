#include "daemon/hall/sessions.h"

#include <algorithm>
#include <utility>
#include <variant>

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

std::shared_ptr<Session> Sessions::Make(const Principal& principal, SessionTransport* transport) {
  MutexLock lock(&mutex_);
  if (closed_ || streams_.size() >= options_.streams_max) return nullptr;
  const auto of_server = std::count_if(streams_.begin(), streams_.end(), [&](const auto& entry) {
    return entry.second.server == principal.name;
  });
  if (static_cast<std::size_t>(of_server) >= options_.streams_per_server_max) return nullptr;
  auto session = std::make_shared<Session>(
      options_.limits, Session::Parts{sequencer_, store_, &preparer_, &workers_, this, clock_},
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

void Sessions::Tick() {
  for (const std::shared_ptr<Session>& session : All())
    session->Tick();
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
  for (const PositionedEffect& effect : committed.group->effects) {
    if (const auto* send = std::get_if<SendDirective>(&effect.effect)) {
      if (const auto session = Find(send->server)) session->OnDirective(send->directive);
    } else if (const auto* put = std::get_if<PutToken>(&effect.effect)) {
      if (put->token.has_revoke_time()) EndRevoked(put->token.name());
    }
  }
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

void Sessions::EndRevoked(const std::string& token) {
  for (const std::shared_ptr<Session>& session : All()) {
    if (session->principal().token != token) continue;
    session->End(
        MakeRefusal(absl::StatusCode::kUnauthenticated, "TOKEN_REVOKED", "the token was revoked"));
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
  streams_.erase(session);
  const auto it = open_.find(session->server());
  if (it != open_.end() && it->second.get() == session) open_.erase(it);
}

void Sessions::Paused(const std::shared_ptr<Session>& session) {
  MutexLock lock(&mutex_);
  paused_.push_back(session);
}

}  // namespace hallwarden::daemon
