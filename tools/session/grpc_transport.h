// HallService.Session over gRPC, and the one place where channels are made.
#ifndef HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_
#define HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tools/channel/client_tls.h"
#include "tools/session/transport.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace hallwarden::session {

struct ChannelOptions {
  // host:port or unix:path of the daemon.
  std::string target = "127.0.0.1:7700";
  // To another host the channel is encrypted, unless this is set: then whoever is on the way can
  // read the token.
  bool allow_remote_plaintext = false;
  channel::ClientTls tls = {};
};

// Makes a channel. INVALID_ARGUMENT or NOT_FOUND: the files of TLS. Does not connect yet.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

// Gives a channel at each connect.
using ChannelSource = std::function<std::shared_ptr<grpc::Channel>()>;

// A source that makes a new channel when the files of TLS were replaced, as those of short-lived
// certificates are; if they cannot be read then, the old channel stays. Errors as MakeChannel.
absl::StatusOr<ChannelSource> MakeChannelSource(const ChannelOptions& options);

// Reads the bearer token of a file: its first word. INVALID_ARGUMENT when there is none.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);
// Reads `server token` lines; `#` begins a comment. A line of one word is the token of the server
// "".
absl::StatusOr<std::map<std::string, std::string>> ReadTokenLines(const std::string& path);

// A transport for one server. `channel` and `token` are asked at each connect, so that files may
// change meanwhile. An empty token is not sent: the certificate says who calls.
std::unique_ptr<Transport> MakeGrpcTransport(ChannelSource channel,
                                             std::function<std::string()> token);
// The same over one channel.
std::unique_ptr<Transport> MakeGrpcTransport(std::shared_ptr<grpc::Channel> channel,
                                             std::function<std::string()> token);

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_GRPC_TRANSPORT_H_
