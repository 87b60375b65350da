// Certificates and tokens over time: what is revoked cuts running streams, what is renewed is taken
// over without a restart.
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "hallwarden/v1/gate_service.grpc.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "tests/daemon/app/secure_app.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

class IdentityTest : public SecureAppTest {
 protected:
  // One game server with both of its long streams open.
  struct Server {
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<grpc::ClientContext> session_context = With("");
    std::unique_ptr<grpc::ClientContext> watch_context = With("");
    std::unique_ptr<grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>> session;
    std::unique_ptr<grpc::ClientReader<v1::WatchSanctionsResponse>> watch;
    v1::SessionResponse response;
    v1::WatchSanctionsResponse watched;
  };

  void Open(const PemPair& certificate, Server* server) {
    server->channel = Connect(certificate);
    server->session =
        v1::HallService::NewStub(server->channel)->Session(server->session_context.get());
    v1::SessionRequest request;
    request.mutable_hello()->set_protocol(1);
    ASSERT_TRUE(server->session->Write(request));
    ASSERT_TRUE(server->session->Read(&server->response));
    ASSERT_TRUE(server->response.has_hello_ok());
    server->watch = v1::GateService::NewStub(server->channel)
                        ->WatchSanctions(server->watch_context.get(), v1::WatchSanctionsRequest());
  }
  // Reads on until the stream ends.
  static grpc::Status EndOfSession(Server* server) {
    while (server->session->Read(&server->response)) {
    }
    return server->session->Finish();
  }
  static grpc::Status EndOfWatch(Server* server) {
    while (server->watch->Read(&server->watched)) {
    }
    return server->watch->Finish();
  }
};

TEST_F(IdentityTest, TheCertificateSaysWhichServerItIs) {
  MakeToken("gs1", v1::ROLE_GAME_SERVER);
  Server server;
  Open(IssueClient(&authority_, "gs1"), &server);
  EXPECT_EQ(server.response.hello_ok().server(), "gs1");
  server.session_context->TryCancel();
  server.watch_context->TryCancel();
  EndOfSession(&server);
  EndOfWatch(&server);
}

TEST_F(IdentityTest, ARevokedRegistrationCutsRunningStreams) {
  std::string name;
  MakeToken("gs1", v1::ROLE_GAME_SERVER, &name);
  Server server;
  Open(IssueClient(&authority_, "gs1"), &server);
  Revoke(name);
  EXPECT_EQ(ReasonOf(EndOfSession(&server)), "TOKEN_REVOKED");
  EXPECT_EQ(ReasonOf(EndOfWatch(&server)), "TOKEN_REVOKED");
  EXPECT_EQ(WhoAmI(server.channel, "").reason, "CERTIFICATE_UNKNOWN") << "the connection is open";
}

TEST_F(IdentityTest, ARevokedCertificateCutsRunningStreamsAndItsSuccessorStays) {
  MakeToken("gs1", v1::ROLE_GAME_SERVER);
  MakeToken("gs2", v1::ROLE_GAME_SERVER);
  const PemPair stolen = IssueClient(&authority_, "gs1");
  Server server;
  Server other;
  Open(stolen, &server);
  Open(IssueClient(&authority_, "gs2"), &other);
  Write(folder() + "/revoked.pem", authority_.Revoke({stolen.certificate}));
  EXPECT_EQ(ReasonOf(EndOfSession(&server)), "CERTIFICATE_REVOKED");
  EXPECT_EQ(ReasonOf(EndOfWatch(&server)), "CERTIFICATE_REVOKED");
  EXPECT_EQ(WhoAmI(Connect(stolen), "").reason, "CERTIFICATE_REVOKED") << "a new connection, too";
  EXPECT_EQ(WhoAmI(Connect(IssueClient(&authority_, "gs1")), "").code, grpc::StatusCode::OK);
  EXPECT_EQ(WhoAmI(other.channel, "").code, grpc::StatusCode::OK);
  v1::SessionRequest request;
  request.mutable_events()->set_first_seq(1);
  request.mutable_events()->add_events("no event");
  ASSERT_TRUE(other.session->Write(request)) << "the other server was not touched";
  do {
    ASSERT_TRUE(other.session->Read(&other.response));
  } while (!other.response.has_ack());
  other.session_context->TryCancel();
  other.watch_context->TryCancel();
  EndOfSession(&other);
  EndOfWatch(&other);
}

TEST_F(IdentityTest, ARevokedTokenEndsATail) {
  std::string name;
  const std::string token = MakeToken("gm-li", v1::ROLE_GM, &name);
  const auto context = With(token);
  const auto tail =
      v1::GmService::NewStub(Connect(std::nullopt))->Tail(context.get(), v1::TailRequest());
  tail->WaitForInitialMetadata();
  Revoke(name);
  v1::TailResponse response;
  while (tail->Read(&response)) {
  }
  EXPECT_EQ(ReasonOf(tail->Finish()), "TOKEN_REVOKED");
}

TEST_F(IdentityTest, ARenewedServerCertificateIsTakenOverWithoutARestart) {
  const auto before = Connect(std::nullopt);
  EXPECT_EQ(WhoAmI(before, admin_).code, grpc::StatusCode::OK);
  TestAuthority renewed("renewed");
  const PemPair pair = IssueServer(&renewed);
  Write(folder() + "/server.key", pair.key);
  Write(folder() + "/server.crt", pair.certificate);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = renewed.pem();
  Answer answer;
  do {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    answer = WhoAmI(grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(app_->port()),
                                              grpc::SslCredentials(options), arguments),
                    admin_);
  } while (answer.code == grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(answer.code, grpc::StatusCode::OK) << answer.message;
  EXPECT_EQ(WhoAmI(before, admin_).code, grpc::StatusCode::OK) << "its connection goes on";
}

TEST_F(IdentityTest, WhatIsNotEncryptedIsNotUnderstood) {
  const auto plain = grpc::CreateChannel("127.0.0.1:" + std::to_string(app_->port()),
                                         grpc::InsecureChannelCredentials());
  EXPECT_EQ(WhoAmI(plain, admin_).code, grpc::StatusCode::UNAVAILABLE);
}

class EverybodyTest : public SecureAppTest {
 protected:
  // The fixture's own helper needs no certificate; here nobody gets in without one.
  EverybodyTest() { flags_.tls.required = ClientCertificateRule::kAll; }
};

TEST_F(EverybodyTest, NobodyGetsPastTheHandshakeWithoutACertificate) {
  EXPECT_EQ(WhoAmI(Connect(std::nullopt), admin_).code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(WhoAmI(Connect(IssuePerson(&authority_, "admin")), admin_).code, grpc::StatusCode::OK);
}

class StartTest : public SecureAppTest {
 protected:
  void SetUp() override {}
};

TEST_F(StartTest, OffThisHostNothingRunsWithoutTls) {
  flags_.listen = "0.0.0.0:0";
  flags_.tls = {};
  const auto app = App::Start(flags_);
  ASSERT_FALSE(app.ok());
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("--tls-cert"));
}

TEST_F(StartTest, WhatIsPlainStaysOnThisHost) {
  // NOLINTNEXTLINE(bugprone-parent-virtual-call): what StartTest leaves out for the others.
  SecureAppTest::SetUp();
  app_.reset();
  flags_.listen_plain = "0.0.0.0:0";
  const auto app = App::Start(flags_);
  ASSERT_FALSE(app.ok());
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("--listen-plain"));
}

TEST_F(StartTest, AMissingKeyIsToldWithItsName) {
  // NOLINTNEXTLINE(bugprone-parent-virtual-call): what StartTest leaves out for the others.
  SecureAppTest::SetUp();
  app_.reset();
  flags_.tls.key = folder() + "/nothing.key";
  const auto app = App::Start(flags_);
  ASSERT_FALSE(app.ok());
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("nothing.key"));
}

}  // namespace
}  // namespace hallwarden::daemon
