// One session of a game server: the protocol of HallService.Session without its transport.
#ifndef HALLWARDEN_DAEMON_HALL_SESSION_H_
#define HALLWARDEN_DAEMON_HALL_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/hall_service.pb.h"

#include "absl/status/status.h"
#include "daemon/auth.h"
#include "daemon/hall/work_threads.h"
#include "daemon/mutex.h"
#include "daemon/prepare.h"
#include "daemon/sequencer.h"
#include "rules/engine/effect.h"
#include "storage/store.h"

namespace hallwarden::daemon {

struct SessionLimits {
  std::size_t credit_events = 4096;
  std::size_t credit_bytes = 1U << 20;
  int batch_events_max = 4096;
  std::size_t batch_bytes_max = 256U << 10;
  int results_max = 4096;
  // Directives in memory; a slower reader gets them from the store.
  std::size_t directives_max = 64;
  std::int64_t progress_after_us = 5'000'000;
  // A write that the client does not take for so long ends the session.
  std::int64_t stuck_after_us = 60'000'000;
  // A stream that says no Hello for so long ends.
  std::int64_t hello_within_us = 30'000'000;
  std::int64_t resend_window_seconds = 86'400;
};

// Where a session's messages go. Calls come one at a time; Finish or Abort is the last one.
class SessionTransport {
 public:
  virtual ~SessionTransport() = default;
  // Asks for the next message: Session::OnMessage or OnClosed follows.
  virtual void Read() = 0;
  // Sends a serialized SessionResponse: Session::OnWritten follows.
  virtual void Write(std::string bytes) = 0;
  // Ends the stream; code 0 is OK.
  virtual void Finish(const Refusal& refusal) = 0;
  // Ends the stream although a write does not end.
  virtual void Abort(const Refusal& refusal) = 0;
};

class Session;

// Who tells sessions what was committed.
class SessionRegistry {
 public:
  virtual ~SessionRegistry() = default;
  // The session opened: whatever this server had before is fenced.
  virtual void Opened(const std::shared_ptr<Session>& session) = 0;
  virtual void Ended(const Session* session) = 0;
  // The queue is full; call Retry after the next commit.
  virtual void Paused(const std::shared_ptr<Session>& session) = 0;
};

// Thread-safe. Blocking work runs on the worker pool, one message at a time; the next one is read
// when the one before is queued, so that a slow daemon slows its clients.
class Session : public std::enable_shared_from_this<Session> {
 public:
  struct Parts {
    Sequencer* sequencer = nullptr;
    storage::Store* store = nullptr;
    EventPreparer* preparer = nullptr;
    WorkThreads* workers = nullptr;
    SessionRegistry* registry = nullptr;
    Clock* clock = nullptr;
    // Null: whoever came in stays.
    const Authenticator* authenticator = nullptr;
    // Newest signed checkpoint of the audit, null if there is none. May be empty.
    std::function<std::shared_ptr<const v1::AuditCheckpoint>()> checkpoint;
  };

  // `transport` stays valid until its last call.
  Session(const SessionLimits& limits, const Parts& parts, Principal principal,
          SessionTransport* transport);

  // ---- transport --------------------------------------------------------------------------------
  // Asks for the Hello.
  void Start();
  void OnMessage(std::string bytes);
  void OnWritten(bool ok);
  // The client closed its side or the connection broke.
  void OnClosed();

  // ---- what was committed
  // ---------------------------------------------------------------------------
  void OnAck(const SourceAck& ack);
  // A directive of this server, durable. Numbers come in order.
  void OnDirective(const v1::Directive& directive);
  // There may be room in the queue again.
  void Retry();
  // Once a second or oftener.
  void Tick();
  // Ends the session if its principal may not go on: its token or certificate was revoked or
  // expired.
  void Recheck();
  // Ends the session.
  void End(const Refusal& refusal);

  [[nodiscard]] const std::string& server() const { return principal_.name; }
  [[nodiscard]] const Principal& principal() const { return principal_; }
  [[nodiscard]] std::int64_t session_epoch() const;

 private:
  enum class State : std::uint8_t { kNew, kOpening, kOpen, kEnded };
  struct ReadAction {};
  struct WriteAction {
    std::string bytes;
  };
  struct EndAction {
    Refusal refusal;
    bool abort = false;
  };
  using Action = std::variant<ReadAction, WriteAction, EndAction>;

  // ---- worker
  // -----------------------------------------------------------------------------------------
  void Handle(const std::string& bytes);
  void HandleHello(const v1::Hello& hello);
  void HandleEvents(std::size_t message_bytes, v1::EventBatch* batch);
  void HandleResults(const v1::DirectiveResults& results);
  void Opened(const OpenedSession& opened, std::int64_t next_directive,
              std::int64_t last_directive);
  [[nodiscard]] std::optional<Refusal> CheckHello(const v1::Hello& hello,
                                                  const storage::OutboxState& outbox) const;
  [[nodiscard]] std::optional<Refusal> CheckBatch(std::size_t message_bytes,
                                                  const v1::EventBatch& batch);
  // Nullopt: nothing to journal.
  [[nodiscard]] absl::StatusOr<std::optional<v1::DirectiveAnswered>> Resolve(
      const v1::DirectiveResult& result);
  [[nodiscard]] absl::StatusOr<bool> WasAnswered(const v1::Directive& directive,
                                                 const v1::DirectiveResult& result);
  void FillOutbox();
  // Submits what waits, and reads on if it was taken.
  void Submit();
  [[nodiscard]] absl::Status MayGoOn() const;
  [[nodiscard]] Refusal WhyNotQueued(const absl::Status& status) const;

  // ---- locked
  // -----------------------------------------------------------------------------------------
  void Pump() HW_REQUIRES(mutex_);
  [[nodiscard]] std::optional<v1::SessionResponse> NextResponse() HW_REQUIRES(mutex_);
  [[nodiscard]] v1::SessionResponse TakeAck() HW_REQUIRES(mutex_);
  // Null: nothing newer than what the client was told.
  [[nodiscard]] std::shared_ptr<const v1::AuditCheckpoint> NewCheckpoint() const
      HW_REQUIRES(mutex_);
  void EndLocked(const Refusal& refusal, bool abort) HW_REQUIRES(mutex_);
  // Carries out actions outside the lock, one thread at a time.
  void Drain() HW_REQUIRES(mutex_);

  const SessionLimits limits_;
  const Parts parts_;
  const Principal principal_;
  SessionTransport* const transport_;

  mutable Mutex mutex_;
  State state_ HW_GUARDED_BY(mutex_) = State::kNew;
  std::int64_t session_epoch_ HW_GUARDED_BY(mutex_) = 0;
  std::deque<Action> actions_ HW_GUARDED_BY(mutex_);
  bool draining_ HW_GUARDED_BY(mutex_) = false;
  bool writing_ HW_GUARDED_BY(mutex_) = false;
  std::int64_t last_write_us_ HW_GUARDED_BY(mutex_) = 0;

  // What waits for room in the queue: at most one message.
  std::optional<PreparedBatch> batch_ HW_GUARDED_BY(mutex_);
  std::optional<std::vector<v1::DirectiveAnswered>> answers_ HW_GUARDED_BY(mutex_);

  // Sent by the client and not yet on its way back as acknowledged.
  std::size_t flight_events_ HW_GUARDED_BY(mutex_) = 0;
  std::size_t flight_bytes_ HW_GUARDED_BY(mutex_) = 0;

  std::optional<v1::HelloOk> hello_ok_ HW_GUARDED_BY(mutex_);
  std::optional<SourceAck> ack_ HW_GUARDED_BY(mutex_);
  std::uint64_t durable_seq_ HW_GUARDED_BY(mutex_) = 0;
  std::deque<v1::Directive> directives_ HW_GUARDED_BY(mutex_);
  // Next to be queued, and the last that is known to exist; more may lie in the outbox.
  std::int64_t next_directive_ HW_GUARDED_BY(mutex_) = 1;
  std::int64_t last_directive_ HW_GUARDED_BY(mutex_) = 0;
  bool unread_ HW_GUARDED_BY(mutex_) = false;
  bool filling_ HW_GUARDED_BY(mutex_) = false;
  bool directive_turn_ HW_GUARDED_BY(mutex_) = false;
  bool progress_due_ HW_GUARDED_BY(mutex_) = false;
  // What the client was told last.
  bool told_paused_ HW_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const v1::AuditCheckpoint> told_checkpoint_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_HALL_SESSION_H_
