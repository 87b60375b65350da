#include "daemon/app/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/app/flags.h"

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
  // A second daemon on the same port must fail, not share it.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota("hallwarden");
  quota.Resize(kQuotaBytes);
  builder->SetResourceQuota(quota);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const std::string& listen, const std::vector<grpc::Service*>& services) {
  if (!listen.empty() && !IsLoopback(listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen ", listen,
                     " is no loopback address. Connections are not encrypted yet: that comes with ",
                     "certificates for game servers. Until then listen on 127.0.0.1 and tunnel"));
  }
  auto server = std::make_unique<GrpcServer>();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(&builder);
  if (!listen.empty()) {
    builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &server->port_);
  }
  for (grpc::Service* service : services)
    builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || (!listen.empty() && server->port_ == 0)) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", listen, ": is another daemon running there?"));
  }
  return server;
}

void GrpcServer::StopServing() {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
}

void GrpcServer::Shutdown(std::chrono::milliseconds deadline) {
  server_->Shutdown(std::chrono::system_clock::now() + deadline);
  server_->Wait();
}

}  // namespace hallwarden::daemon
