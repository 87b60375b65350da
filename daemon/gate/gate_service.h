// GateService over gRPC.
#ifndef HALLWARDEN_DAEMON_GATE_GATE_SERVICE_H_
#define HALLWARDEN_DAEMON_GATE_GATE_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <grpcpp/support/server_callback.h>

#include "hallwarden/v1/gate_service.grpc.pb.h"

#include "absl/status/status.h"
#include "daemon/auth.h"
#include "daemon/clock.h"
#include "daemon/gate/gate_table.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

class WatchStream;

// Thread-safe. Answers from the table alone, on gRPC's threads.
class GateService final : public v1::GateService::CallbackService {
 public:
  struct Parts {
    Authenticator* authenticator = nullptr;
    GateTable* table = nullptr;
    Clock* clock = nullptr;
    // Commit time now.
    std::function<std::int64_t()> now_us;
  };

  // Everything handed in outlives the service.
  explicit GateService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* CheckAccount(grpc::CallbackServerContext* context,
                                         const v1::CheckAccountRequest* request,
                                         v1::CheckAccountResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchSanctionsResponse>* WatchSanctions(
      grpc::CallbackServerContext* context, const v1::WatchSanctionsRequest* request) override;

  // Once a second or oftener: tells idle watchers that they are alive, ends those who may not go on
  // and those who have taken nothing for a minute.
  void Tick();
  // Answers since the start, and streams of watchers.
  [[nodiscard]] std::uint64_t allowed() const { return allowed_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] std::size_t watchers() { return Streams().size(); }
  // Ends the watchers with SHUTTING_DOWN. Idempotent.
  void Shutdown();

 private:
  [[nodiscard]] std::vector<std::shared_ptr<WatchStream>> Streams();

  const Parts parts_;
  std::atomic<std::uint64_t> allowed_{0};
  std::atomic<std::uint64_t> refused_{0};
  Mutex mutex_;
  std::vector<std::weak_ptr<WatchStream>> streams_ HW_GUARDED_BY(mutex_);
  bool closed_ HW_GUARDED_BY(mutex_) = false;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_GATE_GATE_SERVICE_H_
