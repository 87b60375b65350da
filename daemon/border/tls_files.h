// The files that TLS needs, read again when they change.
#ifndef HALLWARDEN_DAEMON_BORDER_TLS_FILES_H_
#define HALLWARDEN_DAEMON_BORDER_TLS_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth/client_certificate.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Who must show a client certificate.
enum class ClientCertificateRule : std::uint8_t {
  kNobody,   // those who have one are asked for it all the same
  kServers,  // game servers: a token alone is not enough
  kAll,      // nobody gets past the handshake without one
};

struct TlsOptions {
  // All PEM files. Empty: no TLS.
  std::string certificate;
  std::string key;
  // Authorities of clients; empty: clients are not asked for certificates.
  std::string client_authorities;
  // Revocation lists of those authorities; may be empty.
  std::string revocations;
  // Only with authorities; by default kServers.
  std::optional<ClientCertificateRule> required;

  // Trust domain of SPIFFE ids; empty: the common name is the principal.
  std::string trust_domain;

  [[nodiscard]] ClientCertificateRule rule() const {
    return asks_clients() ? required.value_or(ClientCertificateRule::kServers)
                          : ClientCertificateRule::kNobody;
  }
  [[nodiscard]] bool enabled() const { return !certificate.empty(); }
  [[nodiscard]] bool asks_clients() const { return !client_authorities.empty(); }
};

// What one handshake needs. Immutable.
struct TlsMaterial {
  std::string certificate_pem;
  std::string key_pem;
  std::string client_authorities_pem;
  // Counts what was taken over; 1 is the first.
  std::uint64_t generation = 0;
};

// Thread-safe.
class TlsFiles {
 public:
  // Reads and checks everything. `certificates` learns whom to trust; it outlives this. Errors name
  // the file and what is wrong with it.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Load(const TlsOptions& options,
                                                        ClientCertificates* certificates);

  // Once or twice a second: takes over what changed. Files that do not fit together (a certificate
  // whose key has not come yet) change nothing: what was there stays, and the log says why. Blocks
  // on the file system.
  void Poll();

  [[nodiscard]] std::shared_ptr<const TlsMaterial> Material() const;
  // Why the files as they are now are not taken over; OK: they are.
  [[nodiscard]] absl::Status Trouble() const;
  [[nodiscard]] const TlsOptions& options() const { return options_; }

 private:
  TlsFiles(TlsOptions options, ClientCertificates* certificates);

  // What tells one state of the files from another: inode, size and time of each.
  [[nodiscard]] std::string Signature() const;
  [[nodiscard]] absl::Status TakeOver();

  const TlsOptions options_;
  ClientCertificates* const certificates_;
  std::string signature_;
  mutable Mutex mutex_;
  std::shared_ptr<const TlsMaterial> material_ HW_GUARDED_BY(mutex_);
  absl::Status trouble_ HW_GUARDED_BY(mutex_);
};

// When the certificate in `pem` ends, microseconds since the epoch; 0 if it cannot be read.
[[nodiscard]] std::int64_t CertificateEndUs(const std::string& pem);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_BORDER_TLS_FILES_H_
