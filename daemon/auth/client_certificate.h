// What a client certificate says, and whether it still counts.
#ifndef HALLWARDEN_DAEMON_AUTH_CLIENT_CERTIFICATE_H_
#define HALLWARDEN_DAEMON_AUTH_CLIENT_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

// A certificate that was read.
struct ClientCertificate {
  std::string pem;
  // Certificates between it and the authority, as the client sent them.
  std::string chain_pem;
  // `spiffe://{trust domain}/{path}`; empty if it has none.
  std::string spiffe_id;
  // Empty if there is none, several, or one with other characters than [A-Za-z0-9._-].
  std::string common_name;
  std::int64_t not_after_us = 0;
};

// Reads a certificate in PEM. INVALID_ARGUMENT if it is none, or has two SPIFFE ids: which of them
// is meant must not be ours to choose.
[[nodiscard]] absl::StatusOr<ClientCertificate> ReadClientCertificate(std::string_view pem,
                                                                      std::string_view chain_pem);

// What a certificate claims to be.
struct CertificateClaim {
  std::string principal;
  // Whether the certificate is one of a game server or of a person; with common names it does not
  // say.
  bool server = true;
  bool person = true;
};

// With a trust domain the SPIFFE id decides: `spiffe://{trust_domain}/server/{principal}` or
// `.../person/{principal}`. Without one (`trust_domain` empty) the common name is the principal. Of
// another form: UNAUTHENTICATED, reason CERTIFICATE_UNKNOWN.
[[nodiscard]] absl::StatusOr<CertificateClaim> ClaimOf(const ClientCertificate& certificate,
                                                       std::string_view trust_domain);

// Whom the daemon trusts to vouch for clients: certificates of authorities and their revocation
// lists, both in PEM. Immutable.
class ClientAuthorities {
 public:
  // INVALID_ARGUMENT if there is no certificate in `authorities`, something in either is damaged,
  // or a list is not signed by one of them. `crls` may be empty.
  static absl::StatusOr<std::shared_ptr<const ClientAuthorities>> Make(
      const std::string& authorities, const std::string& crls);
  ~ClientAuthorities();
  ClientAuthorities(const ClientAuthorities&) = delete;
  ClientAuthorities& operator=(const ClientAuthorities&) = delete;

  // UNAUTHENTICATED with reason CERTIFICATE_REVOKED, CERTIFICATE_EXPIRED or CERTIFICATE_UNTRUSTED.
  // A revocation list past its own date still revokes. Slow (two signatures): remember the answer.
  [[nodiscard]] absl::Status Verify(const ClientCertificate& certificate,
                                    std::int64_t wall_us) const;

 private:
  struct Store;
  explicit ClientAuthorities(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

// Certificates of clients, read and verified once until the authorities change. Thread-safe.
class ClientCertificates {
 public:
  // From now on these vouch; null: nobody does.
  void SetAuthorities(std::shared_ptr<const ClientAuthorities> authorities);

  // Reads and verifies, or remembers. The certificate's own end is checked each time.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const ClientCertificate>> Check(
      std::string_view pem, std::string_view chain_pem, std::int64_t wall_us);

  // Changes whenever an answer may have: authorities or revocations are others.
  [[nodiscard]] std::uint64_t generation() const;

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const ClientAuthorities> authorities_ HW_GUARDED_BY(mutex_);
  std::uint64_t generation_ HW_GUARDED_BY(mutex_) = 0;
  // By both texts of PEM. Only what was verified: a refusal may be over tomorrow.
  std::unordered_map<std::string, std::shared_ptr<const ClientCertificate>> verified_
      HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_CLIENT_CERTIFICATE_H_
