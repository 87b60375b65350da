#include "daemon/gate/gate_service.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/auth/access_table.h"
#include "daemon/auth/grpc_status.h"
#include "daemon/auth/refusals.h"
#include "daemon/event_check.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kWatchersMax = 256;
constexpr std::ptrdiff_t kWatchersPerPrincipal = 8;
// A write that the client does not take for so long ends the stream.
constexpr std::int64_t kStuckAfterUs = 60'000'000;
constexpr std::int64_t kAliveAfterUs = 5'000'000;
constexpr std::size_t kWordMax = 64;

absl::Status ShuttingDown() {
  return ToStatus({static_cast<int>(absl::StatusCode::kUnavailable),
                   "SHUTTING_DOWN",
                   "the daemon is shutting down: come back",
                   {}});
}

absl::Status CheckRequest(const v1::CheckAccountRequest& request) {
  if (!IsAccount(request.account())) {
    return InvalidField("account", "1 to 64 bytes of [A-Za-z0-9_.:-]");
  }
  if (request.capability() == v1::CAPABILITY_UNSPECIFIED ||
      !v1::Capability_IsValid(request.capability())) {
    return InvalidField("capability", "one of the capabilities");
  }
  if (request.hand().size() > kWordMax || request.game().size() > kWordMax ||
      request.hall().size() > kWordMax) {
    return InvalidField("hand, game, hall", "at most 64 bytes each");
  }
  return absl::OkStatus();
}

absl::StatusOr<Principal> Admit(Authenticator* authenticator,
                                const grpc::CallbackServerContext& context,
                                std::string_view method) {
  absl::StatusOr<Principal> principal = authenticator->Authenticate(context);
  if (!principal.ok()) return principal.status();
  if (absl::Status status = Authorize(method, *principal); !status.ok()) return status;
  return principal;
}

}  // namespace

// One watcher. Whoever set `busy_` is the only one to touch the cursor and to start a write or the
// end; whoever comes meanwhile leaves word in `again_` or `end_`.
class WatchStream final : public grpc::ServerWriteReactor<v1::WatchSanctionsResponse>,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  WatchStream(GateTable* table, Clock* clock, Principal principal,
              grpc::CallbackServerContext* context)
      : table_(table), clock_(clock), principal_(std::move(principal)), context_(context) {}

  [[nodiscard]] const Principal& principal() const { return principal_; }

  void Begin(const absl::StatusOr<GateTable::Cursor>& cursor) {
    self_ = shared_from_this();
    if (!cursor.ok()) return End(cursor.status());
    cursor_ = *cursor;
    table_->AddWatcher([weak = weak_from_this()] {
      const std::shared_ptr<WatchStream> stream = weak.lock();
      if (stream != nullptr) stream->Pump(false);
      return stream != nullptr;
    });
    Pump(false);
  }

  void Tick() {
    if (clock_->BootUs() - WritingSince() >= kStuckAfterUs) {
      Cut(ToStatus({static_cast<int>(absl::StatusCode::kDeadlineExceeded),
                    "STUCK",
                    "the client does not take what it is sent",
                    {}}));
    } else {
      Pump(true);
    }
  }
  // Ends it although a write may be on its way.
  void Cut(const absl::Status& status) {
    {
      MutexLock lock(&mutex_);
      // A write that does not end holds up the status, too. Locked: the call lasts at least until
      // OnWriteDone, which waits for the lock.
      if (writing_since_us_ != kNever) context_->TryCancel();
    }
    End(status);
  }

  void End(const absl::Status& status) {
    {
      MutexLock lock(&mutex_);
      if (!end_.has_value()) end_ = status;
    }
    Pump(false);
  }

  void OnWriteDone(bool ok) override {
    const std::shared_ptr<WatchStream> self = self_;
    {
      MutexLock lock(&mutex_);
      writing_since_us_ = kNever;
      busy_ = false;
      if (!ok && !end_.has_value()) end_ = absl::OkStatus();
    }
    Pump(false);
  }
  void OnCancel() override {
    const std::shared_ptr<WatchStream> self = self_;
    End(absl::OkStatus());
  }
  void OnDone() override { self_.reset(); }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  std::int64_t WritingSince() {
    MutexLock lock(&mutex_);
    return writing_since_us_;
  }

  // Writes what is next, unless a write is on its way or all is over. Whoever finds another at work
  // leaves it to him.
  void Pump(bool tick) {
    std::optional<absl::Status> end;
    do {
      if (!Enter(&end)) return;
      if (!end.has_value() && WriteNext(tick, &end)) return;
      if (end.has_value()) return Conclude(*end);
    } while (Again());
  }

  // False: somebody else is at work, or there is nothing left to do. `end`: how the stream has to
  // end, if it has to.
  bool Enter(std::optional<absl::Status>* end) {
    MutexLock lock(&mutex_);
    again_ = true;
    if (busy_ || finished_) return false;
    busy_ = true;
    again_ = false;
    *end = end_;
    return true;
  }

  // True: a write has begun.
  bool WriteNext(bool tick, std::optional<absl::Status>* end) {
    absl::StatusOr<std::optional<v1::WatchSanctionsResponse>> next = table_->Next(&cursor_);
    if (!next.ok()) {
      *end = next.status();
      return false;
    }
    const bool alive = tick && clock_->BootUs() - last_us_ >= kAliveAfterUs;
    if (!next->has_value() && alive) *next = table_->Alive(cursor_);
    if (!next->has_value()) return false;
    response_ = **std::move(next);
    last_us_ = clock_->BootUs();
    {
      MutexLock lock(&mutex_);
      writing_since_us_ = last_us_;
    }
    StartWrite(&response_);
    return true;
  }

  // The stream may be gone when this returns.
  void Conclude(const absl::Status& end) {
    {
      MutexLock lock(&mutex_);
      finished_ = true;
    }
    Finish(ToGrpcStatus(end));
  }

  // True: something came while we were at work.
  bool Again() {
    MutexLock lock(&mutex_);
    busy_ = false;
    return again_ || end_.has_value();
  }

  GateTable* table_;
  Clock* clock_;
  const Principal principal_;
  grpc::CallbackServerContext* const context_;
  std::shared_ptr<WatchStream> self_;
  GateTable::Cursor cursor_;
  v1::WatchSanctionsResponse response_;
  std::int64_t last_us_ = 0;
  Mutex mutex_;
  // When the write now on its way began; kNever: there is none.
  std::int64_t writing_since_us_ HW_GUARDED_BY(mutex_) = kNever;
  bool busy_ HW_GUARDED_BY(mutex_) = false;
  bool again_ HW_GUARDED_BY(mutex_) = false;
  bool finished_ HW_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> end_ HW_GUARDED_BY(mutex_);
};

grpc::ServerUnaryReactor* GateService::CheckAccount(grpc::CallbackServerContext* context,
                                                    const v1::CheckAccountRequest* request,
                                                    v1::CheckAccountResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<Principal> principal =
      Admit(parts_.authenticator, *context, "GateService.CheckAccount");
  absl::Status status = principal.status();
  if (status.ok()) status = CheckRequest(*request);
  if (status.ok()) {
    *response = parts_.table->Check(*request, parts_.now_us());
    ++(response->allowed() ? allowed_ : refused_);
  }
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

grpc::ServerWriteReactor<v1::WatchSanctionsResponse>* GateService::WatchSanctions(
    grpc::CallbackServerContext* context, const v1::WatchSanctionsRequest* request) {
  const absl::StatusOr<Principal> principal =
      Admit(parts_.authenticator, *context, "GateService.WatchSanctions");
  auto stream = std::make_shared<WatchStream>(parts_.table, parts_.clock,
                                              principal.ok() ? *principal : Principal(), context);
  absl::StatusOr<GateTable::Cursor> cursor =
      principal.ok() ? parts_.table->Begin(request->resume_token())
                     : absl::StatusOr<GateTable::Cursor>(principal.status());
  if (cursor.ok()) {
    MutexLock lock(&mutex_);
    std::erase_if(streams_, [](const auto& weak) { return weak.expired(); });
    const auto own = std::count_if(streams_.begin(), streams_.end(), [&](const auto& weak) {
      const std::shared_ptr<WatchStream> other = weak.lock();
      return other != nullptr && other->principal().name == principal->name;
    });
    if (closed_ || streams_.size() >= kWatchersMax || own >= kWatchersPerPrincipal) {
      cursor = closed_ ? ShuttingDown()
                       : ToStatus({static_cast<int>(absl::StatusCode::kResourceExhausted),
                                   "TOO_MANY_WATCHERS",
                                   "too many watch already: share one stream",
                                   {}});
    } else {
      streams_.push_back(stream);
    }
  }
  stream->Begin(cursor);
  return stream.get();
}

std::vector<std::shared_ptr<WatchStream>> GateService::Streams() {
  std::vector<std::shared_ptr<WatchStream>> streams;
  MutexLock lock(&mutex_);
  for (const auto& weak : streams_) {
    if (auto stream = weak.lock()) streams.push_back(std::move(stream));
  }
  return streams;
}

void GateService::Tick() {
  for (const std::shared_ptr<WatchStream>& stream : Streams()) {
    const absl::Status may = parts_.authenticator->Recheck(stream->principal());
    if (!may.ok()) {
      stream->Cut(may);
    } else {
      stream->Tick();
    }
  }
}

void GateService::Shutdown() {
  {
    MutexLock lock(&mutex_);
    closed_ = true;
  }
  for (const std::shared_ptr<WatchStream>& stream : Streams())
    stream->End(ShuttingDown());
}

}  // namespace hallwarden::daemon
