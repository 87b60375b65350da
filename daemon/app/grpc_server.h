// The gRPC server with the limits that this version of gRPC needs.
#ifndef HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_
#define HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/server.h>

#include "absl/status/statusor.h"
#include "daemon/border/accept_loop.h"
#include "daemon/border/tls_files.h"
#include "daemon/clock.h"

namespace hallwarden::daemon {

class GrpcServer {
 public:
  struct Options {
    // Where to listen (see Listen); empty: in-process channels only. Without TLS only loopback.
    std::string listen = {};
    // A second, unencrypted place for what runs on this host; empty: none. Loopback only.
    std::string listen_plain = {};
    // Null: no TLS. Outlives the server.
    const TlsFiles* tls = nullptr;
    ConnectionLimits connections = {};
    // For how fast connections come. Required if it listens. Outlives the server.
    Clock* clock = nullptr;
    // A connection was refused; see AcceptLoop.
    AcceptLoop::Refused refused = {};
  };

  // INVALID_ARGUMENT if it may not listen there, UNAVAILABLE if it cannot. Services outlive the
  // server.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(
      Options options, const std::vector<grpc::Service*>& services);
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // NOT_SERVING from here on; new connections are not taken.
  void StopServing();
  // What health checks are told: everything serves, or only the gate. Not ready until it is said.
  void SetReady(bool ready);
  // Ends what still runs after `deadline`. Without one, an open stream would hold it up for ever.
  void Shutdown(std::chrono::milliseconds deadline);

  [[nodiscard]] grpc::Server* server() { return server_.get(); }
  // 0 if it listens nowhere.
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int plain_port() const { return plain_port_; }
  // Thread-safe.
  [[nodiscard]] ConnectionStats connections() const;

 private:
  struct Doors;
  GrpcServer() = default;

  std::vector<std::shared_ptr<grpc::ServerCredentials>> credentials_;
  std::unique_ptr<grpc::Server> server_;
  // Hands connections to the server: ends before it.
  std::unique_ptr<AcceptLoop> accept_loop_;
  int port_ = 0;
  int plain_port_ = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_GRPC_SERVER_H_
