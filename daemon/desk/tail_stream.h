// GmService.Tail: one stream.
#ifndef HALLWARDEN_DAEMON_DESK_TAIL_STREAM_H_
#define HALLWARDEN_DAEMON_DESK_TAIL_STREAM_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include <grpcpp/alarm.h>
#include <grpcpp/support/server_callback.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "daemon/auth.h"
#include "daemon/clock.h"
#include "daemon/desk/feed.h"
#include "daemon/desk/worker_pool.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Reads a page of the feed, writes it entry by entry, reads on, and waits for news when there is
// nothing more. At most one page is in memory, however slowly the client reads. Ends when the
// client goes or takes nothing for a minute, when its token or certificate stops counting, or when
// the service stops.
class TailStream final : public grpc::ServerWriteReactor<v1::TailResponse>,
                         public std::enable_shared_from_this<TailStream> {
 public:
  struct Parts {
    Feed* feed = nullptr;
    WorkerPool* pool = nullptr;
    const Authenticator* authenticator = nullptr;
    Clock* clock = nullptr;
    std::function<std::int64_t()> now_us;
    // Ends the call although a write does not end.
    std::function<void()> cancel;
    // True once the service stops.
    std::function<bool()> stopping;
    // Runs once, when gRPC is done with the stream.
    std::function<void()> over;
  };

  // `follow`: waits for news at the end instead of finishing.
  static std::shared_ptr<TailStream> Make(Parts parts, const Principal& principal,
                                          TailReader reader, bool follow);
  // Owns itself from here on. Requires a running pool.
  void Start();
  // Once a second or oftener: looks after rights and after a write that does not end.
  void Tick();

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // Who may act on the stream: exactly one at a time.
  enum class State {
    kWorking,  // a job of the pool, or a callback of gRPC that goes on
    kWriting,  // gRPC: a write is on its way
    kWaiting,  // the feed: the next news, or a nudge, goes on
    kEnded,    // nobody
  };

  TailStream(Parts parts, const Principal& principal, TailReader reader, bool follow);

  // Goes on until there is something to wait for. Blocks on the store.
  void Work();
  // Something happened that a waiting stream must look at. Never blocks.
  void Nudge();
  // Why the stream must end now; OK: it may go on.
  [[nodiscard]] grpc::Status MayGoOn();
  void End(const grpc::Status& status);
  void WriteNext();
  // False: something happened meanwhile, look again.
  [[nodiscard]] bool WaitFor(std::uint64_t seen);
  void SetAlarm();

  const Parts parts_;
  const Principal principal_;
  const bool follow_;
  TailReader reader_;
  std::deque<v1::TailResponse> batch_;
  v1::TailResponse writing_;
  grpc::Alarm expiry_;
  std::shared_ptr<TailStream> self_;

  Mutex mutex_;
  State state_ HW_GUARDED_BY(mutex_) = State::kWorking;
  bool nudged_ HW_GUARDED_BY(mutex_) = false;
  bool gone_ HW_GUARDED_BY(mutex_) = false;
  std::int64_t writing_since_us_ HW_GUARDED_BY(mutex_) = 0;
  std::uint64_t wait_number_ HW_GUARDED_BY(mutex_) = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_TAIL_STREAM_H_
