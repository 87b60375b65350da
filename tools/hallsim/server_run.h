// One simulated game server: traffic on one side, a session on the other.
#ifndef HALLWARDEN_TOOLS_HALLSIM_SERVER_RUN_H_
#define HALLWARDEN_TOOLS_HALLSIM_SERVER_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/hallsim/traffic.h"
#include "tools/session/position_file.h"
#include "tools/session/retained_events.h"
#include "tools/session/session_client.h"

namespace hallwarden::hallsim {

struct RunOptions {
  // Events to make. 0: as many as the traffic has.
  std::int64_t events = 0;
  // Events per second of real time. 0: as fast as the daemon takes them.
  std::int64_t rate = 0;
  // Simulated microseconds per real microsecond at most. 0: no limit.
  std::int64_t pace = 0;
  // Breaks the connection after so many acknowledged events, again and again. 0: never.
  std::int64_t kill_connection_every = 0;
  // Waits so long for directives after everything is acknowledged and answered.
  session::Micros linger{2'000'000};
  // Waits so long for the gate to let locked-out offenders in again.
  session::Micros wait_locked_out{0};
  session::RetentionOptions retention;
  session::SessionOptions session;
};

// What one server did.
struct RunReport {
  session::SessionStats session;
  std::int64_t events_made = 0;
  std::map<std::string, std::int64_t> directives;
  std::map<std::string, std::int64_t> outcomes;
  std::map<std::string, std::int64_t> rejects;
  // First refusal of each reason, in words.
  std::map<std::string, std::string> reject_examples;
  // Until the last acknowledgement.
  session::Micros took{0};
};

// May the account log in? Empty: the gate could not be asked.
using GateCheck = std::function<std::optional<bool>(const std::string& account)>;

// Everything belongs to the thread that calls Run. What is passed in must outlive it.
class ServerRun final : public session::EventSource,
                        public session::DirectiveHandler,
                        public session::PositionStore {
 public:
  struct Parts {
    Traffic* traffic = nullptr;
    session::Transport* transport = nullptr;
    const session::Clock* clock = nullptr;
    session::Jitter* jitter = nullptr;
    // May be nullptr: positions are then forgotten.
    session::PositionFile* positions = nullptr;
    GateCheck gate;
    std::function<void(const std::string&)> log;
    // Asked between steps: true ends the run early.
    std::function<bool()> stop;
  };

  ServerRun(RunOptions options, Parts parts)
      : options_(std::move(options)), parts_(std::move(parts)) {}

  // Plays until the traffic is at its end and everything is acknowledged.
  absl::Status Run();
  [[nodiscard]] const RunReport& report() const { return report_; }
  // Why Run failed, where the session knows.
  [[nodiscard]] session::Failure failure() const {
    return client_.has_value() ? client_->failure() : session::Failure::kLocal;
  }

  absl::Status Resume(std::int64_t durable_seq) override;
  [[nodiscard]] std::int64_t OldestHeld() const override {
    return events_.has_value() ? events_->first_seq() : 0;
  }
  absl::StatusOr<session::Fetch> Get(std::int64_t seq, std::string* event) override;
  absl::Status Acked(std::int64_t durable_seq) override;
  void Rejected(const v1::RejectedEvent& rejected) override;
  void Handle(const v1::Directive& directive) override;
  absl::Status Save(const session::Positions& positions) override;

 private:
  [[nodiscard]] bool MayMakeAnother(session::Micros now) const;
  // False: nothing to make now.
  bool MakeEvent();
  void SendAnswers(bool all);
  void AskGate(session::Micros now);
  bool Done();

  RunOptions options_;
  Parts parts_;
  RunReport report_;
  std::optional<session::SessionClient> client_;
  std::optional<session::RetainedEvents> events_;
  // Made, but not due yet, or behind answers that must leave first.
  v1::HallEvent pending_;
  bool have_pending_ = false;
  std::int64_t first_event_us_ = -1;
  session::Micros began_{0};
  session::Micros last_news_{0};
  session::Micros last_gate_{0};
  std::int64_t next_kill_ = 0;
  bool idle_ = false;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_SERVER_RUN_H_
