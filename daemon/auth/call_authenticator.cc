#include "daemon/auth/call_authenticator.h"

#include <string>
#include <utility>
#include <vector>

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr std::string_view kScheme = "Bearer ";

absl::Status Unauthenticated(const char* reason, const char* message) {
  return RefusalStatus(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status NoToken() {
  return Unauthenticated("NO_TOKEN", "metadata `authorization: Bearer {token}` is missing");
}

// Nullopt: none. Two headers are no token: a proxy and a client that disagree must not be settled
// by order.
absl::StatusOr<std::optional<std::string_view>> SecretOf(
    const grpc::CallbackServerContext& context) {
  const auto range = context.client_metadata().equal_range("authorization");
  if (range.first == range.second) return std::nullopt;
  const std::string_view value(range.first->second.data(), range.first->second.size());
  if (std::next(range.first) != range.second || !value.starts_with(kScheme)) return NoToken();
  return value.substr(kScheme.size());
}

// A property of the connection; empty if it has none. The texts live as long as `context`.
std::string_view Property(const grpc::AuthContext& context, const char* name) {
  const std::vector<grpc::string_ref> values = context.FindPropertyValues(name);
  return values.empty() ? std::string_view()
                        : std::string_view(values.front().data(), values.front().size());
}

}  // namespace

CallAuthenticator::CallAuthenticator(Parts parts) : parts_(std::move(parts)) {}

absl::StatusOr<Principal> CallAuthenticator::Authenticate(
    const grpc::CallbackServerContext& context) {
  const std::int64_t now_us = parts_.now_us();
  const std::string peer = AddressOf(context.peer());
  absl::StatusOr<Principal> principal = Check(context, now_us);
  if (principal.ok()) {
    principal->peer = peer;
  } else {
    parts_.refused->Count(peer, now_us);
  }
  return principal;
}

absl::Status CallAuthenticator::Recheck(const Principal& principal) const {
  if (absl::Status status = parts_.tokens->Recheck(principal, parts_.now_us()); !status.ok()) {
    return status;
  }
  if (principal.certificate == nullptr || parts_.certificates == nullptr) return absl::OkStatus();
  return parts_.certificates
      ->Check(principal.certificate->pem, principal.certificate->chain_pem, parts_.wall_us())
      .status();
}

absl::StatusOr<CallAuthenticator::CertificatePtr> CallAuthenticator::CertificateOf(
    const grpc::CallbackServerContext& context) const {
  if (parts_.certificates == nullptr) return CertificatePtr();
  const std::shared_ptr<const grpc::AuthContext> connection = context.auth_context();
  // Only what a handshake verified counts.
  if (connection == nullptr || Property(*connection, GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME) !=
                                   GRPC_SSL_TRANSPORT_SECURITY_TYPE) {
    return CertificatePtr();
  }
  const std::string_view pem = Property(*connection, GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.empty()) return CertificatePtr();
  return parts_.certificates->Check(
      pem, Property(*connection, GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME), parts_.wall_us());
}

absl::StatusOr<Principal> CallAuthenticator::Check(const grpc::CallbackServerContext& context,
                                                   std::int64_t now_us) const {
  // First: who shows a certificate that stopped counting gets nothing, whatever token he has.
  absl::StatusOr<CertificatePtr> certificate = CertificateOf(context);
  if (!certificate.ok()) return certificate.status();
  const absl::StatusOr<std::optional<std::string_view>> secret = SecretOf(context);
  if (!secret.ok()) return secret.status();
  if (*certificate == nullptr) {
    if (!secret->has_value()) return NoToken();
    absl::StatusOr<Principal> principal = parts_.tokens->Check(**secret, now_us);
    if (principal.ok() && parts_.servers_need_certificate &&
        principal->role == v1::ROLE_GAME_SERVER) {
      return Unauthenticated("CERTIFICATE_REQUIRED", "game servers must show a certificate here");
    }
    return principal;
  }
  const absl::StatusOr<CertificateClaim> claim = ClaimOf(**certificate, parts_.trust_domain);
  if (!claim.ok()) return claim.status();
  if (!secret->has_value() && !claim->server) return NoToken();
  absl::StatusOr<Principal> principal = secret->has_value()
                                            ? parts_.tokens->Check(**secret, now_us)
                                            : parts_.tokens->FindServer(claim->principal, now_us);
  if (!principal.ok()) return principal.status();
  const bool server = principal->role == v1::ROLE_GAME_SERVER;
  if (principal->name != claim->principal || !(server ? claim->server : claim->person)) {
    return Unauthenticated("CERTIFICATE_MISMATCH",
                           "the token and the client certificate are not of the same principal");
  }
  principal->certificate = *std::move(certificate);
  return principal;
}

}  // namespace hallwarden::daemon
