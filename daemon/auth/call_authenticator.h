// Who makes a gRPC call: by its token and by the certificate of its connection.
#ifndef HALLWARDEN_DAEMON_AUTH_CALL_AUTHENTICATOR_H_
#define HALLWARDEN_DAEMON_AUTH_CALL_AUTHENTICATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <grpcpp/server_context.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/auth/client_certificate.h"
#include "daemon/auth/peer_counter.h"
#include "daemon/auth/token_table.h"

namespace hallwarden::daemon {

// Reads `authorization: Bearer {secret}` of each call, and the certificate that the handshake of
// its connection verified. What it finds stays with the call: gRPC's AuthContext belongs to the
// connection, and a property added there by one call would speak for all later ones. Thread-safe;
// never blocks.
class CallAuthenticator final : public Authenticator {
 public:
  // All handed in outlive the authenticator.
  struct Parts {
    const TokenTable* tokens = nullptr;
    PeerCounter* refused = nullptr;
    // The time by which tokens expire: the sequencer's.
    std::function<std::int64_t()> now_us = {};
    // Null: certificates are not looked at.
    ClientCertificates* certificates = nullptr;
    // The time by which certificates expire: the host's. Required with certificates.
    std::function<std::int64_t()> wall_us = {};
    // Game servers must show a certificate.
    bool servers_need_certificate = false;
    // See ClaimOf.
    std::string trust_domain = {};
  };
  explicit CallAuthenticator(Parts parts);

  // A game server that shows a certificate needs no token; whoever shows both must be the same in
  // both. UNAUTHENTICATED, counted by peer, with reason NO_TOKEN, BAD_TOKEN, TOKEN_EXPIRED,
  // TOKEN_REVOKED, CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED, CERTIFICATE_UNTRUSTED,
  // CERTIFICATE_UNKNOWN, CERTIFICATE_MISMATCH or CERTIFICATE_REQUIRED.
  [[nodiscard]] absl::StatusOr<Principal> Authenticate(
      const grpc::CallbackServerContext& context) override;

  [[nodiscard]] absl::Status Recheck(const Principal& principal) const override;

 private:
  using CertificatePtr = std::shared_ptr<const ClientCertificate>;

  // Null: the connection showed none.
  [[nodiscard]] absl::StatusOr<CertificatePtr> CertificateOf(
      const grpc::CallbackServerContext& context) const;
  [[nodiscard]] absl::StatusOr<Principal> Check(const grpc::CallbackServerContext& context,
                                                std::int64_t now_us) const;

  const Parts parts_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_CALL_AUTHENTICATOR_H_
