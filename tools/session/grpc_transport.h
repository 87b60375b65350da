// HallService.Session over gRPC, and the one place where channels are made.
#ifndef HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_
#define HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tools/session/transport.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace hallwarden::session {

struct ChannelOptions {
  // host:port or unix:path of the daemon.
  std::string target = "127.0.0.1:7700";
  // The channel is not encrypted yet: it refuses to leave this host unless this is set.
  bool allow_remote_plaintext = false;
};

// Makes a channel. INVALID_ARGUMENT: the target is not on this host. Does not connect yet.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

// Reads the bearer token of a file: its first word. INVALID_ARGUMENT when there is none.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);
// Reads `server token` lines; `#` begins a comment. A line of one word is the token of the server
// "".
absl::StatusOr<std::map<std::string, std::string>> ReadTokenLines(const std::string& path);

// A transport for one server. `token` is asked at each connect, so that a file may change
// meanwhile.
std::unique_ptr<Transport> MakeGrpcTransport(std::shared_ptr<grpc::Channel> channel,
                                             std::function<std::string()> token);

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_
