// GmApi over gRPC. The only files of gmctl that know gRPC.
#ifndef HALLWARDEN_TOOLS_GMCTL_GRPC_API_H_
#define HALLWARDEN_TOOLS_GMCTL_GRPC_API_H_

#include <memory>

#include <absl/status/statusor.h>

#include "tools/gmctl/api.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace hallwarden::gmctl {

// A Connector. Encrypted to another host, unless `connection` says otherwise.
[[nodiscard]] absl::StatusOr<std::unique_ptr<GmApi>> ConnectGrpc(const Connection& connection);

// The same over a channel that exists, for example a server's in-process one.
[[nodiscard]] std::unique_ptr<GmApi> ApiOver(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& token);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_GRPC_API_H_
