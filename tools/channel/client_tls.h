// How a client proves who it is and whom it talks to, without gRPC.
#ifndef HALLWARDEN_TOOLS_CHANNEL_CLIENT_TLS_H_
#define HALLWARDEN_TOOLS_CHANNEL_CLIENT_TLS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace hallwarden::channel {

// Names of PEM files; empty: none.
struct ClientTls {
  // Authorities of the daemon. Empty: those of this system.
  std::string ca = {};
  // Own certificate and its key: both or neither.
  std::string certificate = {};
  std::string key = {};
  // The name that the daemon's certificate must have, if it is another than the one dialled.
  std::string server_name = {};

  [[nodiscard]] bool any() const {
    return !ca.empty() || !certificate.empty() || !key.empty() || !server_name.empty();
  }
};

// Whether `target` (host:port or unix:path) is this very host, where an unencrypted channel shows
// nothing to anybody.
[[nodiscard]] bool IsThisHost(std::string_view target);

// Whether the channel is encrypted: always to another host, and to this one if TLS is asked for;
// never with `plaintext`.
[[nodiscard]] bool IsEncrypted(std::string_view target, const ClientTls& tls, bool plaintext);

// INVALID_ARGUMENT if what is given does not fit together.
[[nodiscard]] absl::Status CheckTls(const ClientTls& tls, bool plaintext);

}  // namespace hallwarden::channel

#endif  // HALLWARDEN_TOOLS_CHANNEL_CLIENT_TLS_H_
