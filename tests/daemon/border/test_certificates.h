// Authorities and certificates made on the spot.
#ifndef HALLWARDEN_TESTS_DAEMON_BORDER_TEST_CERTIFICATES_H_
#define HALLWARDEN_TESTS_DAEMON_BORDER_TEST_CERTIFICATES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hallwarden::daemon {

struct PemPair {
  std::string certificate;
  std::string key;
};

struct CertificateRequest {
  std::string common_name = {};
  // As OpenSSL writes them: `URI:spiffe://a/b`, `DNS:localhost`, `IP:127.0.0.1`.
  std::vector<std::string> alternative_names = {};
  // Seconds from now; a negative end has expired.
  std::int64_t begin_s = -3600;
  std::int64_t end_s = 86'400;
};

// An authority of its own, with a new P-256 key.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name);
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  [[nodiscard]] std::string pem() const;
  [[nodiscard]] PemPair Issue(const CertificateRequest& request);
  // A revocation list of these certificates, PEM. `next_update_s`: seconds from now.
  [[nodiscard]] std::string Revoke(const std::vector<std::string>& certificates,
                                   std::int64_t next_update_s = 86'400);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// For 127.0.0.1, ::1 and localhost.
[[nodiscard]] PemPair IssueServer(TestAuthority* authority);
// A client with one SPIFFE id, `spiffe://hall.test/server/{name}`.
[[nodiscard]] PemPair IssueClient(TestAuthority* authority, const std::string& name);
[[nodiscard]] std::string SpiffeOf(const std::string& name);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_TESTS_DAEMON_BORDER_TEST_CERTIFICATES_H_
