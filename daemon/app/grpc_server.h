// The gRPC server with the limits that this version of gRPC needs.
#ifndef HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_
#define HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/server.h>

#include "absl/status/statusor.h"

namespace hallwarden::daemon {

class GrpcServer {
 public:
  // Listens on `listen`, empty: in-process channels only. INVALID_ARGUMENT if it is no loopback
  // address, UNAVAILABLE if it cannot be had. Services outlive the server.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      const std::string& listen, const std::vector<grpc::Service*>& services);

  // NOT_SERVING from here on.
  void StopServing();
  // Ends what still runs after `deadline`. Without one, an open stream would hold it up for ever.
  void Shutdown(std::chrono::milliseconds deadline);

  [[nodiscard]] grpc::Server* server() { return server_.get(); }
  // 0 if it listens nowhere.
  [[nodiscard]] int port() const { return port_; }

 private:
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_
