#include "daemon/app/grpc_server.h"

#include <algorithm>
#include <utility>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <sys/resource.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/border/address.h"
#include "daemon/border/server_credentials.h"

namespace hallwarden::daemon {
namespace {

// ApplyPolicy carries 1 MiB of text; sessions check their own, smaller bound.
constexpr int kReceiveMax = (1 << 20) + (64 << 10);
constexpr int kMetadataMax = 8 << 10;
constexpr int kHandshakeTimeoutMs = 5000;
constexpr int kStreamsPerConnection = 256;
constexpr int kKeepaliveMs = 10'000;
constexpr int kKeepaliveTimeoutMs = 5000;
constexpr int kPingIntervalMs = 5000;
// Bounds what a message that never ends may buffer.
constexpr std::size_t kQuotaBytes = std::size_t{256} << 20;

// What this version of gRPC does without each of these is told in docs/ARCHITECTURE.md.
void SetLimits(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kReceiveMax);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataMax);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnection);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kPingIntervalMs);
  grpc::ResourceQuota quota("hallwarden");
  quota.Resize(kQuotaBytes);
  builder->SetResourceQuota(quota);
}

// The store needs descriptors, too, and a write that finds none ends the daemon: connections get at
// most half of what the process may have.
ConnectionLimits WithinDescriptors(ConnectionLimits limits) {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur != RLIM_INFINITY) {
    limits.connections_max =
        std::min<std::size_t>(limits.connections_max, descriptors.rlim_cur / 2);
  }
  return limits;
}

absl::Status CheckPlaces(const GrpcServer::Options& options) {
  if (!options.listen.empty() && options.tls == nullptr && !IsLoopback(options.listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen ", options.listen,
                     " is no loopback address, and without TLS nothing leaves this host: give ",
                     "--tls-cert and --tls-key (tools/certs makes them for a try-out), or listen ",
                     "on 127.0.0.1"));
  }
  if (!options.listen_plain.empty() && !IsLoopback(options.listen_plain)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen-plain ", options.listen_plain,
                     " is no loopback address: what is not encrypted stays on this host"));
  }
  return absl::OkStatus();
}

}  // namespace

// The ways in, bound before the server is built, so that a place that is taken is told at once.
struct GrpcServer::Doors {
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

  // Binds `address` and registers its way into the server. The port, 0 for none.
  absl::StatusOr<int> Add(const std::string& address,
                          std::shared_ptr<grpc::ServerCredentials> credentials,
                          grpc::ServerBuilder* builder) {
    absl::StatusOr<std::vector<ListeningSocket>> sockets = Listen(address);
    if (!sockets.ok()) return sockets.status();
    const int port = sockets->front().port();
    const std::shared_ptr<Acceptor> acceptor =
        builder->experimental().AddExternalConnectionAcceptor(
            grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
            std::move(credentials));
    for (ListeningSocket& socket : *sockets) {
      doors.push_back({std::move(socket), [acceptor](int fd) {
                         Acceptor::NewConnectionParameters connection;
                         connection.fd = fd;
                         acceptor->HandleNewConnection(&connection);
                       }});
    }
    return port;
  }

  std::vector<AcceptLoop::Door> doors;
};

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    Options options, const std::vector<grpc::Service*>& services) {
  if (absl::Status status = CheckPlaces(options); !status.ok()) return status;
  std::unique_ptr<GrpcServer> server(new GrpcServer());
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(&builder);
  Doors doors;
  const auto open = [&](const std::string& address, bool encrypted, int* port) -> absl::Status {
    if (address.empty()) return absl::OkStatus();
    server->credentials_.push_back(encrypted ? MakeServerCredentials(options.tls)
                                             : grpc::InsecureServerCredentials());
    const absl::StatusOr<int> bound = doors.Add(address, server->credentials_.back(), &builder);
    if (bound.ok()) *port = *bound;
    return bound.status();
  };
  absl::Status status = open(options.listen, options.tls != nullptr, &server->port_);
  if (status.ok()) status = open(options.listen_plain, false, &server->plain_port_);
  if (!status.ok()) return status;
  for (grpc::Service* service : services)
    builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::InternalError("the gRPC server does not start; its reason is on standard error");
  }
  server->SetReady(false);
  if (doors.doors.empty()) return server;
  absl::StatusOr<std::unique_ptr<AcceptLoop>> loop =
      AcceptLoop::Start(std::move(doors.doors), WithinDescriptors(options.connections),
                        options.clock, std::move(options.refused));
  if (!loop.ok()) return loop.status();
  server->accept_loop_ = *std::move(loop);
  return server;
}

GrpcServer::~GrpcServer() {
  accept_loop_.reset();
}

void GrpcServer::StopServing() {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  if (accept_loop_ != nullptr) accept_loop_->Stop();
}

// The gate answers from the committed table, whatever else is still on its way up.
void GrpcServer::SetReady(bool ready) {
  auto* const health = server_->GetHealthCheckService();
  if (health == nullptr) return;
  for (const char* service :
       {"", "hallwarden.v1.HallService", "hallwarden.v1.GmService", "hallwarden.v1.BankService",
        "hallwarden.v1.TextService", "hallwarden.v1.CaseService", "hallwarden.v1.RecoveryService",
        "hallwarden.v1.StatsService", "hallwarden.v1.AppealService"}) {
    health->SetServingStatus(service, ready);
  }
  health->SetServingStatus("hallwarden.v1.GateService", true);
}

void GrpcServer::Shutdown(std::chrono::milliseconds deadline) {
  if (accept_loop_ != nullptr) accept_loop_->Stop();
  server_->Shutdown(std::chrono::system_clock::now() + deadline);
  server_->Wait();
}

ConnectionStats GrpcServer::connections() const {
  return accept_loop_ == nullptr ? ConnectionStats() : accept_loop_->Stats();
}

}  // namespace hallwarden::daemon
