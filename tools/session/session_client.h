// The game server's side of HallService.Session: what a client must do so that no event is lost or
// counted twice and every directive is carried out. Knows no network (see transport.h) and no file
// (see PositionStore).
#ifndef HALLWARDEN_TOOLS_SESSION_SESSION_CLIENT_H_
#define HALLWARDEN_TOOLS_SESSION_SESSION_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/hall_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/session/backoff.h"
#include "tools/session/clock.h"
#include "tools/session/latency.h"
#include "tools/session/positions.h"
#include "tools/session/transport.h"

namespace hallwarden::session {

// What Fetch found.
enum class Fetch {
  kEvent,
  // Perhaps later.
  kNothingYet,
  // There will never be another one.
  kEnd,
};

// Where events come from, by number. All calls come from the client's thread.
class EventSource {
 public:
  virtual ~EventSource() = default;

  // A session begins: the daemon holds everything up to `durable_seq`; Fetch will be asked for the
  // next one. An error stops the client: the source cannot give what comes next, or never made so
  // many events.
  virtual absl::Status Resume(std::int64_t durable_seq) = 0;
  // Gets the serialized HallEvent `seq`. Numbers are asked for in order from the one after
  // Resume's. The same number must always bring the same bytes. An error stops the client.
  virtual absl::StatusOr<Fetch> Get(std::int64_t seq, std::string* event) = 0;
  // Everything up to `durable_seq` is synced at the daemon. Keep it for the resend window all the
  // same.
  virtual absl::Status Acked(std::int64_t durable_seq) = 0;
  // Lowest number that Resume could still go on with: what the source keeps. 0: unknown. Told to
  // the daemon, which after an accepted restore gives up what lies before.
  [[nodiscard]] virtual std::int64_t OldestHeld() const { return 0; }
  // One event was refused, for good. May be missing for events whose acknowledgement was lost.
  virtual void Rejected(const v1::RejectedEvent& rejected) = 0;
};

// Who carries out directives. All calls come from the client's thread.
class DirectiveHandler {
 public:
  virtual ~DirectiveHandler() = default;
  // Directives come in order of directive_seq. Answer with SessionClient::Answer, now or later, but
  // only when the directive was applied and persisted. After a crash one may come again: absorb it
  // by directive_id.
  virtual void Handle(const v1::Directive& directive) = 0;
};

// Where positions survive a crash.
class PositionStore {
 public:
  virtual ~PositionStore() = default;
  // Durable on return.
  virtual absl::Status Save(const Positions& positions) = 0;
};

// Why a client gave up. What is not listed here is retried for ever.
enum class Failure {
  kNone,
  // The source or the position store failed.
  kLocal,
  // The credential, the role or the protocol was refused.
  kRefused,
  // Another client with the same credential took over.
  kFenced,
  // Client and daemon disagree about the past, or the events that are needed are gone. An operator
  // must decide.
  kHistory,
};

struct SessionOptions {
  // Shown to people.
  std::string software = "hallwarden-session/1";
  // Events per batch; the contract allows 4,096.
  std::size_t batch_events_max = 4096;
  // Bytes of events per batch; the contract allows 256 KiB with everything around them.
  std::size_t batch_bytes_max = std::size_t{200} * 1024;
  BackoffOptions backoff;
  // A daemon that says nothing for so long is taken for gone; it promises a sign of life every 5 s.
  Micros silence_max{20'000'000};
  // Acknowledged positions are saved at most this often. Directives are saved before each answer.
  Micros save_interval{1'000'000};
  // Says so when a directive_seq is missing. A client that forgets its positions cannot know.
  bool check_directive_holes = true;
  // How long to wait before a source that had nothing is asked again.
  Micros poll_interval{50'000};
};

struct SessionStats {
  std::int64_t connects = 0;
  std::int64_t sessions = 0;
  std::int64_t events_sent = 0;
  // Events sent again because their acknowledgement never came.
  std::int64_t events_resent = 0;
  std::int64_t bytes_sent = 0;
  std::int64_t batches_sent = 0;
  std::int64_t events_acked = 0;
  std::int64_t events_rejected = 0;
  std::int64_t directives = 0;
  // Directives that came again and were answered without a second delivery.
  std::int64_t directive_repeats = 0;
  // Holes in directive_seq that a reconnect did not fill.
  std::int64_t directive_gaps = 0;
  std::int64_t results_sent = 0;
  // Times that the daemon's audit contradicted what was kept of it.
  std::int64_t audit_alarms = 0;
  // From sending a batch to the acknowledgement of its last event.
  LatencyHistogram ack_latency;
};

// One session after another with one daemon, until told to stop.
//
// Threads: everything belongs to one owner thread, which calls Step (or Run) and gets every
// callback from inside it. Other threads may only call Transport::Wake. Everything passed in must
// outlive the client.
class SessionClient {
 public:
  struct Parts {
    Transport* transport = nullptr;
    EventSource* source = nullptr;
    DirectiveHandler* handler = nullptr;
    PositionStore* store = nullptr;
    const Clock* clock = nullptr;
    Jitter* jitter = nullptr;
    // Told what happens, one line each, for people. May be empty.
    std::function<void(const std::string&)> log;
  };

  SessionClient(SessionOptions options, Parts parts, Positions positions);

  // Takes what arrived, sends what may be sent, never waits. Returns how long there is nothing to
  // do unless something arrives. An error is final: see failure().
  absl::StatusOr<Micros> Step();

  // Steps and waits until `done` is true (OK) or the client gives up.
  absl::Status Run(const std::function<bool()>& done);

  // Answers a directive that Handle was given, or, in the run after a crash, that it will be given
  // again. SEEN may follow APPLIED.
  void Answer(std::int64_t directive_seq, v1::DirectiveOutcome outcome, const std::string& detail);
  // How many of the calls of Answer, counted from the first one, have certainly arrived.
  [[nodiscard]] std::int64_t SettledAnswers() const;

  // Saves the positions and ends the stream, after what Answer was told is sent. Waits at most
  // `wait_max` for the daemon. The client must not be used afterwards.
  absl::Status Close(Micros wait_max);

  // Breaks the stream, as a bad network does. The client comes back by itself.
  void Disconnect();

  // True when every event the source will ever have is acknowledged.
  [[nodiscard]] bool Drained() const;
  // True when every directive that was handed over is answered, and every answer sent.
  [[nodiscard]] bool Settled() const { return outstanding_.empty() && results_.empty(); }
  [[nodiscard]] bool HasUnsentAnswers() const { return !results_.empty(); }
  [[nodiscard]] bool open() const { return state_ == State::kOpen; }
  [[nodiscard]] Failure failure() const { return failure_; }
  [[nodiscard]] const SessionStats& stats() const { return stats_; }
  [[nodiscard]] const Positions& positions() const { return positions_; }
  // What the daemon said at the beginning of the present session.
  [[nodiscard]] const v1::HelloOk& hello_ok() const { return hello_ok_; }

 private:
  enum class State { kBackoff, kConnecting, kHello, kOpen, kStopped };

  struct Result {
    v1::DirectiveResult result;
    // Number of the call of Answer; 0: said again to a repeat.
    std::int64_t ordinal = 0;
    // Highest event on its way when the result was sent: once it is acknowledged, the result
    // arrived too, for the daemon journals one stream in order. 0: not sent on this stream.
    std::int64_t settled_by = 0;
  };

  void Log(const std::string& line) const;
  absl::Status Stop(Failure failure, absl::Status why);
  absl::Status Begin(Micros now);
  void Retry(Micros now, const std::string& why);

  absl::Status HandleIncoming(const Incoming& incoming, Micros now);
  absl::Status HandleHelloOk(const v1::HelloOk& ok, Micros now);
  absl::Status HandleAck(std::int64_t durable_seq, Micros now);
  // False: nothing can be declared that would help.
  bool DeclareOldest(std::int64_t durable_seq, Micros now);
  void HandleProgress(const v1::Progress& progress);
  // Keeps the checkpoint, and says so if it contradicts the one before. Never a reason to stop:
  // players are to be protected even by a daemon whose audit must be looked at.
  void Witness(const v1::AuditCheckpoint& checkpoint);
  absl::Status HandleDirective(const v1::Directive& directive, Micros now);
  bool AbsorbRepeat(std::int64_t seq);
  absl::Status HandleEnd(const StreamEnd& end, Micros now);

  absl::Status SendAll(Micros now);
  absl::Status SendResults();
  absl::StatusOr<bool> SendBatch(Micros now);
  // Moves what fits from the source into `batch`. False: nothing to send now.
  absl::StatusOr<bool> FillBatch(v1::EventBatch* batch, std::int64_t* bytes);
  [[nodiscard]] bool CreditIsWorthIt() const;
  absl::Status SaveIfDue(Micros now);
  absl::Status Save(Micros now);
  void AddResult(Result result);
  void Settle();
  void RecomputeDirectivePosition();
  [[nodiscard]] Micros UntilNextDuty(Micros now) const;

  SessionOptions options_;
  Parts parts_;
  Backoff backoff_;
  Positions positions_;
  State state_ = State::kBackoff;
  Failure failure_ = Failure::kNone;
  absl::Status failure_status_;
  SessionStats stats_;
  v1::HelloOk hello_ok_;

  Micros retry_at_{0};
  Micros last_heard_{0};
  Micros last_save_{0};
  bool positions_changed_ = false;
  bool told_paused_ = false;
  bool told_audit_ = false;
  // What the next Hello says of it; 0: nothing.
  std::int64_t declared_oldest_ = 0;

  // Events: acknowledged < next to send; sizes of those between; one fetched event that did not fit
  // its batch.
  std::int64_t next_seq_ = 1;
  std::int64_t highest_sent_ = 0;
  std::deque<std::uint32_t> in_flight_;
  std::int64_t in_flight_bytes_ = 0;
  std::string lookahead_;
  bool have_lookahead_ = false;
  bool source_ended_ = false;
  bool source_idle_ = false;
  std::deque<std::pair<std::int64_t, Micros>> batch_times_;

  // Directives: highest delivered, those of them without an answer, answers that a repeat gets,
  // answers to send and answers that may have been lost with a stream.
  std::int64_t delivered_ = 0;
  bool any_start_ = false;
  std::int64_t gap_seen_ = 0;
  std::set<std::int64_t> outstanding_;
  std::map<std::int64_t, std::vector<v1::DirectiveResult>> answers_;
  std::int64_t answers_made_ = 0;
  std::deque<Result> results_;
  std::deque<Result> in_doubt_;
  // Numbers in results_ and in_doubt_.
  std::multiset<std::int64_t> unsettled_;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_SESSION_CLIENT_H_
