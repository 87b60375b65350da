// A game server: makes events, keeps what it must not forget, carries out directives, crashes and
// comes back. Uses the reference client of tools/session.
#ifndef HALLWARDEN_TESTS_CHAOS_FAKE_SERVER_H_
#define HALLWARDEN_TESTS_CHAOS_FAKE_SERVER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/mangling_transport.h"
#include "tests/chaos/oracle.h"
#include "tests/chaos/traffic.h"
#include "tests/chaos/validators.h"
#include "tools/session/session_client.h"

namespace hallwarden::chaos {

struct FakeServerOptions {
  std::string name;
  std::string token;
  // unix:path or 127.0.0.1:port.
  std::string target;
  TrafficOptions traffic;
  Mangling mangling;
  std::uint64_t seed = 1;
  std::size_t batch_max = 128;
  // Refuses, does not know, answers late and reports what was seen, now and then. False: applies
  // everything at once.
  bool moody = true;
};

class FakeServer final : public session::EventSource,
                         public session::DirectiveHandler,
                         public session::PositionStore {
 public:
  FakeServer(FakeServerOptions options, MangleCounts* counts);
  ~FakeServer() override;

  void Start();
  // Ends the thread. The view stays.
  void Stop();

  // It may make events up to this number.
  void SetLimit(std::int64_t seq);
  // The server's process dies and starts again with what it had made durable.
  void Crash() { crash_ = true; }
  // The daemon was started again: a new connection at once instead of after a back-off.
  void DaemonIsUp() { renew_ = true; }
  // No more faults of its own.
  void Behave();

  [[nodiscard]] std::int64_t acked() const { return acked_; }
  [[nodiscard]] std::int64_t limit() const { return limit_; }
  [[nodiscard]] std::int64_t connects() const { return connects_; }
  [[nodiscard]] std::int64_t resent() const { return resent_; }
  [[nodiscard]] std::int64_t crashes() const { return crashes_; }
  // Everything is acknowledged and every directive that came is answered.
  [[nodiscard]] bool Idle() const { return idle_ && acked_ >= limit_; }

  [[nodiscard]] ServerView View() const;
  // What is wrong as the server sees it.
  [[nodiscard]] std::vector<std::string> Faults() const;

  // ---- session client, on the server's thread ----
  absl::Status Resume(std::int64_t durable_seq) override;
  absl::StatusOr<session::Fetch> Get(std::int64_t seq, std::string* event) override;
  absl::Status Acked(std::int64_t durable_seq) override;
  void Rejected(const v1::RejectedEvent& rejected) override;
  void Handle(const v1::Directive& directive) override;
  absl::Status Save(const session::Positions& positions) override;

 private:
  struct Todo {
    session::Micros due{0};
    std::int64_t seq = 0;
    v1::DirectiveOutcome outcome = v1::DIRECTIVE_OUTCOME_APPLIED;
  };

  void Run();
  void Renew();
  void Revive();
  std::unique_ptr<session::Transport> Dial() const;
  void AnswerWhatIsDue();
  void Plan(const v1::Directive& directive);
  bool Chance(int percent) { return random_.Next() % 100 < static_cast<std::uint64_t>(percent); }

  FakeServerOptions options_;
  MangleCounts* counts_;
  session::SteadyClock clock_;
  session::SeededJitter random_;
  session::SeededJitter jitter_;
  std::atomic<std::int64_t> limit_{0};
  std::atomic<std::int64_t> acked_{0};
  std::atomic<std::int64_t> connects_{0};
  std::atomic<std::int64_t> resent_{0};
  std::atomic<std::int64_t> crashes_{0};
  std::atomic<bool> crash_{false};
  std::atomic<bool> renew_{false};
  std::atomic<bool> behave_{false};
  std::atomic<bool> idle_{false};
  std::atomic<bool> stop_{false};

  // Held by the thread while it works, by others while they look.
  mutable std::mutex mutex_;
  Traffic traffic_;
  // What a crash does not take: events that are not acknowledged, what was answered, positions.
  std::deque<std::string> kept_;
  std::int64_t kept_first_ = 1;
  std::vector<std::uint64_t> hashes_;
  std::map<std::int64_t, std::vector<v1::DirectiveOutcome>> answered_;
  session::Positions positions_;
  std::vector<std::string> faults_;
  StreamValidator validator_;
  // What a crash takes.
  std::deque<Todo> todo_;
  std::unique_ptr<ManglingTransport> transport_;
  std::unique_ptr<session::SessionClient> client_;
  std::thread thread_;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_FAKE_SERVER_H_
