#include "tests/daemon/app/secure_app.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "daemon/log.h"

namespace hallwarden::daemon {

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&info)) return info.reason();
  }
  return "";
}

SecureAppTest::SecureAppTest() : folder_(::testing::TempDir() + "secure_app_XXXXXX") {
  EXPECT_NE(mkdtemp(folder_.data()), nullptr);
  SetLogLevel(LogLevel::kOff);
  flags_.store = folder_ + "/store";
  flags_.listen = "127.0.0.1:0";
  flags_.tls.certificate = folder_ + "/server.crt";
  flags_.tls.key = folder_ + "/server.key";
  flags_.tls.client_authorities = folder_ + "/clients.pem";
  flags_.tls.revocations = folder_ + "/revoked.pem";
  flags_.tls.trust_domain = "hall.test";
}

SecureAppTest::~SecureAppTest() {
  app_.reset();
  std::filesystem::remove_all(folder_);
}

void SecureAppTest::SetUp() {
  const PemPair server = IssueServer(&server_authority_);
  Write(folder_ + "/server.crt", server.certificate);
  Write(folder_ + "/server.key", server.key);
  Write(folder_ + "/clients.pem", authority_.pem());
  Write(folder_ + "/revoked.pem", authority_.Revoke({}));
  absl::StatusOr<std::unique_ptr<App>> app = App::Start(flags_);
  ASSERT_TRUE(app.ok()) << app.status();
  app_ = *std::move(app);
  const absl::Status finished = app_->FinishStart();
  ASSERT_TRUE(finished.ok()) << finished;
  std::ifstream(flags_.store + "/admin.token") >> admin_;
  ASSERT_FALSE(admin_.empty());
}

std::shared_ptr<grpc::Channel> SecureAppTest::Connect(
    const std::optional<PemPair>& certificate, const grpc::ChannelArguments& arguments) const {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = server_authority_.pem();
  if (certificate.has_value()) {
    options.pem_cert_chain = certificate->certificate;
    options.pem_private_key = certificate->key;
  }
  grpc::ChannelArguments own = arguments;
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(app_->port()),
                                   grpc::SslCredentials(options), own);
}

std::unique_ptr<grpc::ClientContext> SecureAppTest::With(const std::string& token) {
  auto context = std::make_unique<grpc::ClientContext>();
  if (!token.empty()) context->AddMetadata("authorization", "Bearer " + token);
  return context;
}

std::string SecureAppTest::MakeToken(const std::string& principal, v1::Role role, std::string* name,
                                     std::int64_t lifetime_ms) {
  v1::CreateTokenRequest request;
  request.set_principal(principal);
  request.set_role(role);
  request.mutable_lifetime()->set_seconds(lifetime_ms / 1000);
  request.mutable_lifetime()->set_nanos(static_cast<std::int32_t>(lifetime_ms % 1000 * 1'000'000));
  request.mutable_options()->set_reason("a test");
  static int number = 0;
  request.mutable_options()->set_request_id("create-token-" + std::to_string(++number));
  v1::CreateTokenResponse response;
  const auto stub = v1::GmService::NewStub(Connect(std::nullopt));
  const grpc::Status status = stub->CreateToken(With(admin_).get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  if (name != nullptr) *name = response.token().name();
  return response.secret();
}

void SecureAppTest::Revoke(const std::string& token_name) {
  v1::RevokeTokenRequest request;
  request.set_name(token_name);
  request.mutable_options()->set_reason("a test");
  static int number = 0;
  request.mutable_options()->set_request_id("revoke-token-" + std::to_string(++number));
  v1::ActionResponse response;
  const auto stub = v1::GmService::NewStub(Connect(std::nullopt));
  const grpc::Status status = stub->RevokeToken(With(admin_).get(), request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

void SecureAppTest::Write(const std::string& file, const std::string& text) {
  std::ofstream(file + ".new", std::ios::binary) << text;
  std::filesystem::rename(file + ".new", file);
}

Answer SecureAppTest::WhoAmI(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& token) const {
  v1::WhoAmIResponse response;
  const auto stub = v1::GmService::NewStub(channel);
  const grpc::Status status = stub->WhoAmI(With(token).get(), v1::WhoAmIRequest(), &response);
  return {status.error_code(), ReasonOf(status), status.error_message()};
}

PemPair IssuePerson(TestAuthority* authority, const std::string& principal) {
  return authority->Issue({.common_name = principal,
                           .alternative_names = {"URI:spiffe://hall.test/person/" + principal}});
}

}  // namespace hallwarden::daemon
