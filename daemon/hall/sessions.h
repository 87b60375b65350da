// All sessions of game servers: who is open, and what each is told.
#ifndef HALLWARDEN_DAEMON_HALL_SESSIONS_H_
#define HALLWARDEN_DAEMON_HALL_SESSIONS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/hall/session.h"
#include "daemon/hall/work_threads.h"
#include "daemon/mutex.h"
#include "daemon/prepare.h"
#include "daemon/sequencer.h"

namespace hallwarden::daemon {

// Thread-safe. Listens to the sequencer: add it before Sequencer::Start.
class Sessions final : public Listener, public SessionRegistry {
 public:
  struct Options {
    SessionLimits limits = {};
    // Streams in all, those that said no Hello yet included.
    std::size_t streams_max = 8192;
    // Of one server: one that is open, and those that are about to take over.
    std::size_t streams_per_server_max = 8;
    std::size_t worker_threads = 2;
    // Asked whether a session may go on; outlives this. Null: whoever came in stays.
    const Authenticator* authenticator = nullptr;
    // As Session::Parts::checkpoint.
    std::function<std::shared_ptr<const v1::AuditCheckpoint>()> checkpoint;
  };

  // Everything handed in outlives this.
  Sessions(const Options& options, Sequencer* sequencer, storage::Store* store, Clock* clock);
  ~Sessions() override;
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // A new stream. RESOURCE_EXHAUSTED, reason TOO_MANY_STREAMS: there are too many, of this server
  // or in all; UNAVAILABLE: Shutdown was called.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<Session>> Make(const Principal& principal,
                                                              SessionTransport* transport);

  // Once a second or oftener.
  void Tick();
  // Streams that are open.
  [[nodiscard]] std::size_t count() const;
  // Ends every session with SHUTTING_DOWN and takes no new one. Idempotent.
  void Shutdown();

  [[nodiscard]] const EventPreparer& preparer() const { return preparer_; }

  // Listener.
  void OnCommitted(const CommittedGroup& committed) override;

  // SessionRegistry.
  void Opened(const std::shared_ptr<Session>& session) override;
  void Ended(const Session* session) override;
  void Paused(const std::shared_ptr<Session>& session) override;

 private:
  [[nodiscard]] std::shared_ptr<Session> Find(const std::string& server) const;
  [[nodiscard]] std::vector<std::shared_ptr<Session>> All() const;
  // Ends the sessions that may not go on.
  void RecheckAll();
  void EndQuarantined(const std::string& server);
  void RetryPaused();

  struct Stream {
    std::string server;
    std::weak_ptr<Session> session;
  };

  const Options options_;
  Sequencer* const sequencer_;
  storage::Store* const store_;
  Clock* const clock_;
  EventPreparer preparer_;
  mutable Mutex mutex_;
  std::map<const Session*, Stream> streams_ HW_GUARDED_BY(mutex_);
  std::map<std::string, std::size_t, std::less<>> streams_of_ HW_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<Session>, std::less<>> open_ HW_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<Session>> paused_ HW_GUARDED_BY(mutex_);
  bool closed_ HW_GUARDED_BY(mutex_) = false;
  // Last: its threads use all of the above.
  WorkThreads workers_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_HALL_SESSIONS_H_
