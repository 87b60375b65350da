// The daemon with TLS, and whoever knocks.
#ifndef HALLWARDEN_TESTS_DAEMON_APP_SECURE_APP_H_
#define HALLWARDEN_TESTS_DAEMON_APP_SECURE_APP_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.grpc.pb.h"

#include "daemon/app/app.h"
#include "daemon/app/flags.h"
#include "tests/daemon/border/test_certificates.h"

namespace hallwarden::daemon {

// What a caller shows.
struct Shown {
  std::string name;  // for messages of the test
  // Nullopt: no certificate.
  std::optional<PemPair> certificate;
  // Empty: no token.
  std::string token;
};

struct Answer {
  grpc::StatusCode code = grpc::StatusCode::OK;
  std::string reason;  // of its ErrorInfo, empty if it has none
  std::string message;
};

[[nodiscard]] std::string ReasonOf(const grpc::Status& status);

// Starts a daemon with TLS on a free port of this host, an admin, an authority of clients and the
// trust domain `hall.test`; game servers must show certificates.
class SecureAppTest : public ::testing::Test {
 protected:
  SecureAppTest();
  ~SecureAppTest() override;

  void SetUp() override;
  // Changes flags before SetUp, in the constructor of a derived fixture.
  Flags flags_;

  [[nodiscard]] std::shared_ptr<grpc::Channel> Connect(
      const std::optional<PemPair>& certificate,
      const grpc::ChannelArguments& arguments = {}) const;
  static std::unique_ptr<grpc::ClientContext> With(const std::string& token);
  // Makes a token as the administrator. `name`, if given, gets its resource name.
  std::string MakeToken(const std::string& principal, v1::Role role, std::string* name = nullptr,
                        std::int64_t lifetime_ms = 86'400'000);
  void Revoke(const std::string& token_name);
  // Writes aside and moves in place.
  static void Write(const std::string& file, const std::string& text);
  // Calls until it answers so; the test's own time-out ends it.
  [[nodiscard]] Answer WhoAmI(const std::shared_ptr<grpc::Channel>& channel,
                              const std::string& token) const;
  [[nodiscard]] std::string folder() const { return folder_; }

  TestAuthority authority_{"clients"};
  TestAuthority server_authority_{"servers"};
  std::string admin_;
  std::unique_ptr<App> app_;

 private:
  std::string folder_;
};

// A certificate of the trust domain.
[[nodiscard]] PemPair IssuePerson(TestAuthority* authority, const std::string& principal);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_TESTS_DAEMON_APP_SECURE_APP_H_
