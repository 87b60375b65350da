// GmService over an in-process channel: who gets in, what every error looks like, what streams do.
#include "daemon/desk/gm_service.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/gm_service.grpc.pb.h"

#include "daemon/auth/access_table.h"
#include "daemon/auth/bootstrap.h"
#include "daemon/auth/call_authenticator.h"
#include "daemon/auth/peer_counter.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAreArray;

class GmServiceTest : public ::testing::Test {
 protected:
  GmServiceTest()
      : counter_(nullptr),
        authenticator_({.tokens = &world_.tokens(),
                        .refused = &counter_,
                        .now_us = [this] { return world_.core().NowUs(); },
                        .wall_us = {}}),
        service_({&authenticator_, &clock_, &world_.desk(), &world_.feed(), &world_.core(),
                  &world_.store(), &world_.pool()}) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
    stub_ = v1::GmService::NewStub(channel_);
  }

  void TearDown() override {
    service_.Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(3));
    world_.sequencer().Stop();
    world_.pool().Stop();
  }

  // Secret of a token in force for this role.
  std::string SecretOf(v1::Role role, std::int64_t lifetime_us = kDayUs) {
    NewToken made = *MakeToken(v1::Role_Name(role), role, world_.core().NowUs(), lifetime_us);
    world_.tokens().Put({made.put.token(), made.put.secret_sha256()});
    token_names_[made.secret] = made.put.token().name();
    return made.secret;
  }

  static std::unique_ptr<grpc::ClientContext> With(const std::string& secret) {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!secret.empty()) context->AddMetadata("authorization", "Bearer " + secret);
    return context;
  }

  // Any unary call by its name, with a request of these bytes.
  grpc::Status Any(const std::string& method, const std::string& secret,
                   const std::string& bytes = "") {
    const std::string path = "/hallwarden.v1.GmService/" + method.substr(method.find('.') + 1);
    const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    const auto context = With(secret);
    return grpc::internal::BlockingUnaryCall(channel_.get(), rpc, context.get(), request,
                                             &response);
  }

  static google::rpc::ErrorInfo InfoOf(const grpc::Status& status) {
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    EXPECT_TRUE(details.ParseFromString(status.error_details())) << status.error_message();
    EXPECT_TRUE(details.details_size() > 0 && details.details(0).UnpackTo(&info));
    EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
    EXPECT_EQ(info.domain(), "hallwarden");
    EXPECT_NE(info.metadata().find("hint_zh"), info.metadata().end()) << info.reason();
    return info;
  }

  DeskWorld world_;
  SystemClock clock_;
  PeerCounter counter_;
  CallAuthenticator authenticator_;
  GmService service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::GmService::Stub> stub_;
  std::map<std::string, std::string> token_names_;
};

TEST_F(GmServiceTest, AdmitsExactlyWhomTheTableNames) {
  std::map<v1::Role, std::string> secrets;
  for (int role = 1; role < v1::Role_ARRAYSIZE; ++role) {
    secrets[static_cast<v1::Role>(role)] = SecretOf(static_cast<v1::Role>(role));
  }
  for (const Access& access : AccessTable()) {
    const std::string method(access.method);
    if (!method.starts_with("GmService.") || method == "GmService.Tail") continue;
    for (const auto& [role, secret] : secrets) {
      const grpc::Status status = Any(method, secret);
      const bool denied = status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
      EXPECT_EQ(denied, !RoleIn(role, access.roles)) << method << " " << v1::Role_Name(role);
      EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
      EXPECT_NE(status.error_code(), grpc::StatusCode::INTERNAL) << method;
      if (status.ok()) continue;
      EXPECT_EQ(InfoOf(status).reason() == "ROLE_NOT_ALLOWED", denied) << method;
    }
  }
}

TEST_F(GmServiceTest, LetsNobodyInWithoutAGoodToken) {
  const std::string expired = SecretOf(v1::ROLE_ADMIN, 1);
  const std::string revoked = SecretOf(v1::ROLE_ADMIN);
  PutToken revocation;
  revocation.token.set_name(token_names_[revoked]);
  revocation.token.mutable_revoke_time()->set_seconds(1);
  world_.tokens().Put(revocation);
  world_.clock().Advance(10);
  const std::uint64_t audited = world_.store().last_position();
  for (const Access& access : AccessTable()) {
    const std::string method(access.method);
    if (!method.starts_with("GmService.") || method == "GmService.Tail") continue;
    for (const auto& [secret, reason] :
         std::map<std::string, std::string>{{"", "NO_TOKEN"},
                                            {"nonsense", "BAD_TOKEN"},
                                            {expired, "TOKEN_EXPIRED"},
                                            {revoked, "TOKEN_REVOKED"}}) {
      const grpc::Status status = Any(method, secret);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
      EXPECT_EQ(InfoOf(status).reason(), reason) << method;
    }
  }
  EXPECT_EQ(world_.store().last_position(), audited) << "counted, not journalled";
  EXPECT_GT(counter_.total(), 100U);
}

TEST_F(GmServiceTest, TwoTokensAreNone) {
  const std::string secret = SecretOf(v1::ROLE_ADMIN);
  const auto context = With(secret);
  context->AddMetadata("authorization", "Bearer " + secret);
  v1::WhoAmIResponse response;
  EXPECT_EQ(InfoOf(stub_->WhoAmI(context.get(), {}, &response)).reason(), "NO_TOKEN");
}

// Two callers on one connection: the second must not inherit the first one's role.
TEST_F(GmServiceTest, RolesDoNotAddUpOnAConnection) {
  const std::string admin = SecretOf(v1::ROLE_ADMIN);
  const std::string viewer = SecretOf(v1::ROLE_VIEWER);
  for (int i = 0; i < 3; ++i) {
    v1::ListTokensResponse tokens;
    EXPECT_TRUE(stub_->ListTokens(With(admin).get(), {}, &tokens).ok());
    EXPECT_EQ(stub_->ListTokens(With(viewer).get(), {}, &tokens).error_code(),
              grpc::StatusCode::PERMISSION_DENIED);
  }
}

TEST_F(GmServiceTest, RefusedMutatingCallIsAuditedOnceAndReadsAreNot) {
  const std::string viewer = SecretOf(v1::ROLE_VIEWER);
  v1::KickAccountRequest kick;
  kick.set_name("accounts/10086");
  EXPECT_EQ(Any("GmService.KickAccount", viewer, kick.SerializeAsString()).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Any("GmService.ListTokens", viewer).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  const std::string gm = SecretOf(v1::ROLE_GM);
  EXPECT_EQ(Any("GmService.KickAccount", gm, kick.SerializeAsString()).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  std::vector<std::string> lines;
  for (const v1::AuditRecord& record : world_.Audit()) {
    if (!record.method().starts_with("GmService.")) continue;
    lines.push_back(record.actor().principal() + " " + record.method() + " " + record.resource() +
                    " " + record.error_reason());
  }
  EXPECT_THAT(lines,
              ElementsAreArray({"ROLE_VIEWER GmService.KickAccount accounts/10086 ROLE_NOT_ALLOWED",
                                "ROLE_GM GmService.KickAccount accounts/10086 INVALID_FIELD"}));
}

TEST_F(GmServiceTest, MasksWhatTheCallerMayNotSee) {
  world_.Register("10086", "Wanderer");
  v1::GetAccountRequest request;
  request.set_name("accounts/10086");
  struct Seen {
    v1::Role role;
    std::string nickname;
    std::string ip;
  };
  for (const Seen& seen : {Seen{v1::ROLE_VIEWER, "", ""}, Seen{v1::ROLE_GM, "Wanderer", ""},
                           Seen{v1::ROLE_APPEAL_AGENT, "Wanderer", ""},
                           Seen{v1::ROLE_LEAD, "Wanderer", "192.0.2.7"}}) {
    v1::Account account;
    ASSERT_TRUE(stub_->GetAccount(With(SecretOf(seen.role)).get(), request, &account).ok());
    EXPECT_EQ(account.nickname(), seen.nickname) << v1::Role_Name(seen.role);
    EXPECT_EQ(account.register_ip(), seen.ip) << v1::Role_Name(seen.role);
  }
}

TEST_F(GmServiceTest, AnswersAfterTheStoreHoldsIt) {
  world_.Register("10086", "Wanderer");
  v1::CreateSanctionRequest request;
  request.set_parent("accounts/10086");
  request.set_kind(v1::SANCTION_KIND_WARNING);
  request.set_offence(v1::OFFENCE_ABUSE);
  *request.mutable_options() = world_.Options();
  v1::ActionResponse response;
  const std::string gm = SecretOf(v1::ROLE_GM);
  ASSERT_TRUE(stub_->CreateSanction(With(gm).get(), request, &response).ok());
  EXPECT_TRUE(world_.store().GetSanction(response.sanction().name()).ok());
}

// ---- streams
// ----------------------------------------------------------------------------------------

TEST_F(GmServiceTest, TailGivesBacklogThenNews) {
  world_.Register("a", "one");
  std::vector<std::string> wanted = {world_.Warn("a").sanction().name()};
  v1::TailRequest request;
  request.set_backlog(1000);
  const auto context = With(SecretOf(v1::ROLE_GM));
  const auto reader = stub_->Tail(context.get(), request);
  std::vector<std::string> got;
  v1::TailResponse entry;
  for (int i = 0; i < 5; ++i) {
    while (got.size() < wanted.size() && reader->Read(&entry)) {
      if (entry.entry().kind() == v1::TIMELINE_KIND_SANCTION) {
        got.push_back(entry.entry().resource());
      }
    }
    EXPECT_EQ(got, wanted);
    wanted.push_back(world_.Warn("a").sanction().name());
  }
  context->TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(GmServiceTest, TailWithoutFollowEnds) {
  world_.Register("a", "one");
  world_.Warn("a");
  v1::TailRequest request;
  request.set_backlog(1000);
  request.set_no_follow(true);
  const auto context = With(SecretOf(v1::ROLE_VIEWER));
  const auto reader = stub_->Tail(context.get(), request);
  v1::TailResponse entry;
  int entries = 0;
  while (reader->Read(&entry))
    ++entries;
  EXPECT_GT(entries, 0);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(GmServiceTest, TailEndsWithItsToken) {
  const std::string secret = SecretOf(v1::ROLE_GM);
  const auto context = With(secret);
  // With what is past: the stream may begin before or after the warning.
  v1::TailRequest request;
  request.set_backlog(1000);
  const auto reader = stub_->Tail(context.get(), request);
  world_.Register("a", "one");
  world_.Warn("a");
  v1::TailResponse entry;
  while (reader->Read(&entry) && entry.entry().kind() != v1::TIMELINE_KIND_SANCTION) {
  }
  // Revoked while it waits: the commit of the revocation ends it.
  PutToken revocation;
  revocation.token.set_name(token_names_[secret]);
  revocation.token.mutable_revoke_time()->set_seconds(1);
  storage::Group group;
  group.effects.push_back({1, 0, 1, revocation});
  CommittedGroup committed;
  committed.group = &group;
  world_.feed().OnCommitted(committed);
  EXPECT_FALSE(reader->Read(&entry));
  EXPECT_EQ(InfoOf(reader->Finish()).reason(), "TOKEN_REVOKED");
}

TEST_F(GmServiceTest, TailIsRefusedLikeAnyOtherCall) {
  const auto refused = [this](const std::string& secret, const v1::TailRequest& request) {
    const auto context = With(secret);
    const auto reader = stub_->Tail(context.get(), request);
    v1::TailResponse entry;
    EXPECT_FALSE(reader->Read(&entry));
    return InfoOf(reader->Finish()).reason();
  };
  EXPECT_EQ(refused("", {}), "NO_TOKEN");
  EXPECT_EQ(refused(SecretOf(v1::ROLE_GAME_SERVER), {}), "ROLE_NOT_ALLOWED");
  v1::TailRequest request;
  request.set_resume_token("nonsense");
  EXPECT_EQ(refused(SecretOf(v1::ROLE_GM), request), "RESUME_TOKEN");
  request.set_backlog(-1);
  EXPECT_EQ(refused(SecretOf(v1::ROLE_GM), request), "INVALID_FIELD");
}

TEST_F(GmServiceTest, TailsOfOnePrincipalAreBounded) {
  world_.Register("a", "one");
  world_.Warn("a");
  const std::string secret = SecretOf(v1::ROLE_GM);
  v1::TailRequest request;
  request.set_backlog(1);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::TailResponse>>> readers;
  for (std::size_t i = 0; i <= kTailsPerPrincipal; ++i) {
    contexts.push_back(With(secret));
    readers.push_back(stub_->Tail(contexts.back().get(), request));
  }
  // Each that was let in tells its first entry; one was refused.
  v1::TailResponse entry;
  std::vector<bool> let_in;
  for (const auto& reader : readers) let_in.push_back(reader->Read(&entry));
  EXPECT_EQ(std::count(let_in.begin(), let_in.end(), false), 1);
  service_.Stop();
  for (std::size_t i = 0; i < readers.size(); ++i) {
    EXPECT_FALSE(readers[i]->Read(&entry));
    EXPECT_EQ(InfoOf(readers[i]->Finish()).reason(), let_in[i] ? "SHUTTING_DOWN" : "TOO_BUSY");
  }
}

// A client that reads nothing for a while loses nothing and costs one page.
TEST_F(GmServiceTest, SlowReaderGetsEverything) {
  constexpr int kWarnings = 200;
  world_.Register("a", "one");
  v1::TailRequest request;
  request.set_backlog(1000);
  const auto context = With(SecretOf(v1::ROLE_GM));
  const auto reader = stub_->Tail(context.get(), request);
  std::vector<std::string> wanted;
  for (int i = 0; i < kWarnings; ++i)
    wanted.push_back(world_.Warn("a").sanction().name());
  std::vector<std::string> got;
  v1::TailResponse entry;
  while (got.size() < wanted.size() && reader->Read(&entry)) {
    if (entry.entry().kind() == v1::TIMELINE_KIND_SANCTION) got.push_back(entry.entry().resource());
  }
  EXPECT_EQ(got, wanted);
  context->TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

}  // namespace
}  // namespace hallwarden::daemon
