// Who calls.
#ifndef HALLWARDEN_DAEMON_AUTH_H_
#define HALLWARDEN_DAEMON_AUTH_H_

#include <cstdint>
#include <memory>
#include <string>

#include "hallwarden/v1/common.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace grpc {
class CallbackServerContext;
}

namespace hallwarden::daemon {

struct ClientCertificate;

// An authenticated caller.
struct Principal {
  std::string name;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  // Resource name of the credential, `tokens/{token}`: streams end when it is revoked.
  std::string token;
  // Expiry of the credential, 0 for none: streams end then.
  std::int64_t expire_us = 0;
  // Address of the caller, for the audit.
  std::string peer;
  // The certificate that the connection showed, if any: streams end when it stops counting.
  std::shared_ptr<const ClientCertificate> certificate;
};

// Thread-safe; never blocks.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // UNAUTHENTICATED if there is no valid credential; the message tells nothing that helps guessing.
  [[nodiscard]] virtual absl::StatusOr<Principal> Authenticate(
      const grpc::CallbackServerContext& context) = 0;
  // Whether the principal of a running stream may go on. Ask with each message and at least once a
  // second.
  [[nodiscard]] virtual absl::Status Recheck(const Principal& principal) const = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_H_
