// The one place where the tools make credentials of channels.
#ifndef HALLWARDEN_TOOLS_CHANNEL_CREDENTIALS_H_
#define HALLWARDEN_TOOLS_CHANNEL_CREDENTIALS_H_

#include <memory>
#include <string>

#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "absl/status/statusor.h"
#include "tools/channel/client_tls.h"

namespace hallwarden::channel {

// Reads the files of `tls` if the channel is encrypted. INVALID_ARGUMENT or NOT_FOUND say which
// file is wrong. `arguments` get the daemon's name where it is another.
[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const std::string& target, const ClientTls& tls, bool plaintext,
    grpc::ChannelArguments* arguments);

// Another text whenever one of the files was replaced.
[[nodiscard]] std::string FileSignature(const ClientTls& tls);

}  // namespace hallwarden::channel

#endif  // HALLWARDEN_TOOLS_CHANNEL_CREDENTIALS_H_
