// Authentication of gRPC calls by token.
#ifndef HALLWARDEN_DAEMON_AUTH_TOKEN_AUTHENTICATOR_H_
#define HALLWARDEN_DAEMON_AUTH_TOKEN_AUTHENTICATOR_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include <grpcpp/server_context.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/auth/peer_counter.h"
#include "daemon/auth/token_table.h"

namespace hallwarden::daemon {

// Reads `authorization: Bearer {secret}` of each call. What it finds stays with the call: gRPC's
// AuthContext belongs to the connection, and a property added there by one call would speak for all
// later ones. Thread-safe; never blocks.
class TokenAuthenticator final : public Authenticator {
 public:
  // Everything handed in outlives the authenticator. `now_us` gives the time by which tokens
  // expire: the sequencer's.
  TokenAuthenticator(const TokenTable* tokens, PeerCounter* refused,
                     std::function<std::int64_t()> now_us);

  // UNAUTHENTICATED with reason NO_TOKEN, BAD_TOKEN, TOKEN_EXPIRED or TOKEN_REVOKED; counted by
  // peer.
  [[nodiscard]] absl::StatusOr<Principal> Authenticate(
      const grpc::CallbackServerContext& context) override;

  // Whether the principal of a running stream may go on.
  [[nodiscard]] absl::Status Recheck(const Principal& principal) const;

 private:
  [[nodiscard]] absl::StatusOr<Principal> Check(const grpc::CallbackServerContext& context,
                                                std::int64_t now_us) const;

  const TokenTable* tokens_;
  PeerCounter* refused_;
  const std::function<std::int64_t()> now_us_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_TOKEN_AUTHENTICATOR_H_
