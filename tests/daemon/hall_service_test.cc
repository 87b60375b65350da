// Sessions and gate checks through gRPC, in process.

#include "daemon/hall/hall_service.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/gate_service.grpc.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "daemon/app/grpc_server.h"
#include "daemon/gate/gate_service.h"
#include "tests/daemon/spine_fixture.h"

namespace hallwarden::daemon {
namespace {

// Whoever names himself in `authorization` is believed.
class TrustingAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Principal> Authenticate(const grpc::CallbackServerContext& context) override {
    const auto& metadata = context.client_metadata();
    const auto it = metadata.find("authorization");
    if (it == metadata.end()) return absl::UnauthenticatedError("no token");
    Principal principal;
    principal.name.assign(it->second.data(), it->second.size());
    principal.role = principal.name == "gm-li" ? v1::ROLE_GM : v1::ROLE_GAME_SERVER;
    return principal;
  }
  absl::Status Recheck(const Principal&) const override { return absl::OkStatus(); }
};

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "no details";
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&info)) return info.reason();
  }
  return "no ErrorInfo";
}

class HallServiceTest : public SpineTest {
 protected:
  using Stream = grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>;

  void Serve() {
    Start();
    ASSERT_TRUE(gate_table_.Load(store_.get()).ok());
    hall_ = std::make_unique<HallService>(&authenticator_, sessions_.get());
    gate_ = std::make_unique<GateService>(GateService::Parts{
        &authenticator_, &gate_table_, &clock_, [this] { return sequencer_->NowUs(); }});
    absl::StatusOr<std::unique_ptr<GrpcServer>> server =
        GrpcServer::Start({}, {hall_.get(), gate_.get()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = server_->server()->InProcessChannel(grpc::ChannelArguments());
    hall_stub_ = v1::HallService::NewStub(channel_);
    gate_stub_ = v1::GateService::NewStub(channel_);
  }
  ~HallServiceTest() override { EndServing(); }
  void EndServing() {
    if (server_ == nullptr) return;
    sessions_->Shutdown();
    gate_->Shutdown();
    server_->Shutdown(std::chrono::milliseconds(3000));
    server_.reset();
  }
  static std::unique_ptr<grpc::ClientContext> As(const std::string& who) {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!who.empty()) context->AddMetadata("authorization", who);
    return context;
  }

  TrustingAuthenticator authenticator_;
  GateTable gate_table_;
  std::unique_ptr<HallService> hall_;
  std::unique_ptr<GateService> gate_;
  std::unique_ptr<GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::HallService::Stub> hall_stub_;
  std::unique_ptr<v1::GateService::Stub> gate_stub_;
};

TEST_F(HallServiceTest, EventsAreAcknowledged) {
  Serve();
  auto context = As("hall-1");
  const std::unique_ptr<Stream> stream = hall_stub_->Session(context.get());
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  ASSERT_TRUE(stream->Write(request));
  v1::SessionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.hello_ok().server(), "hall-1");
  ASSERT_TRUE(stream->Write(Batch(1, {LoggedIn("a"), "\xff", LoggedOut("a")})));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.ack().durable_seq(), 3);
  EXPECT_EQ(response.ack().rejected_size(), 1);
  stream->WritesDone();
  while (stream->Read(&response)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(HallServiceTest, WhoHasNoTokenGetsNoSession) {
  Serve();
  auto context = As("");
  const grpc::Status status = hall_stub_->Session(context.get())->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(HallServiceTest, APersonGetsNoSession) {
  Serve();
  auto context = As("gm-li");
  const grpc::Status status = hall_stub_->Session(context.get())->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "NOT_A_GAME_SERVER");
}

TEST_F(HallServiceTest, AMalformedRequestIsAnsweredAndNotTakenForTheEnd) {
  Serve();
  auto context = As("hall-1");
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(context.get(), "/hallwarden.v1.HallService/Session", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(&queue);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice garbage("\xff\xff\xff\xff");
  call->Write(grpc::ByteBuffer(&garbage, 1), &queue);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Status status;
  call->Finish(&status, &queue);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "MALFORMED_REQUEST");
}

TEST_F(HallServiceTest, ShutdownEndsOpenStreamsWithAReason) {
  Serve();
  auto context = As("hall-1");
  const std::unique_ptr<Stream> stream = hall_stub_->Session(context.get());
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  ASSERT_TRUE(stream->Write(request));
  v1::SessionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  std::thread reader([&] {
    while (stream->Read(&response)) {
    }
  });
  // The in-process transport drops what is under way when its server stops; TCP does not.
  sessions_->Shutdown();
  reader.join();
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
}

TEST_F(HallServiceTest, AStreamThatSaysNothingDoesNotHoldUpTheEnd) {
  Serve();
  auto context = As("hall-1");
  const std::unique_ptr<Stream> stream = hall_stub_->Session(context.get());
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  ASSERT_TRUE(stream->Write(request));
  EndServing();
  EXPECT_FALSE(stream->Finish().ok());
}

TEST_F(HallServiceTest, ACancelledStreamIsForgotten) {
  Serve();
  auto context = As("hall-1");
  const std::unique_ptr<Stream> stream = hall_stub_->Session(context.get());
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  ASSERT_TRUE(stream->Write(request));
  v1::SessionResponse response;
  ASSERT_TRUE(stream->Read(&response));
  context->TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  Await([this] { return !sequencer_->Sources().front().connected; }, "the end of the session");
}

TEST_F(HallServiceTest, TheGateAnswersFromItsTable) {
  Serve();
  storage::Group group;
  PositionedEffect effect;
  effect.position = 1;
  PutGate put;
  put.entry.set_account("a");
  put.entry.set_account_revision(1);
  put.entry.add_restrictions()->set_capability(v1::CAPABILITY_LOGIN);
  put.entry.mutable_restrictions(0)->set_permanent(true);
  effect.effect = put;
  group.effects.push_back(effect);
  CommittedGroup committed;
  committed.group = &group;
  committed.durable_position = 1;
  gate_table_.OnCommitted(committed);
  // The sequencer has nothing to do with it.
  store_->HoldCommits();
  v1::CheckAccountRequest request;
  request.set_account("a");
  request.set_capability(v1::CAPABILITY_LOGIN);
  v1::CheckAccountResponse response;
  ASSERT_TRUE(gate_stub_->CheckAccount(As("hall-1").get(), request, &response).ok());
  EXPECT_FALSE(response.allowed());
  request.set_capability(v1::CAPABILITY_CHAT);
  ASSERT_TRUE(gate_stub_->CheckAccount(As("hall-1").get(), request, &response).ok());
  EXPECT_TRUE(response.allowed());
  request.set_account("a b");
  EXPECT_EQ(gate_stub_->CheckAccount(As("hall-1").get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(gate_stub_->CheckAccount(As("").get(), request, &response).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(HallServiceTest, AWatchSeesChangesAndEndsWithTheDaemon) {
  Serve();
  auto context = As("hall-1");
  const auto stream = gate_stub_->WatchSanctions(context.get(), v1::WatchSanctionsRequest());
  v1::WatchSanctionsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.account(), "");
  EXPECT_NE(response.resume_token(), "");
  storage::Group group;
  PositionedEffect effect;
  effect.position = 100;
  PutGate put;
  put.entry.set_account("a");
  put.entry.set_account_revision(7);
  effect.effect = put;
  group.effects.push_back(effect);
  CommittedGroup committed;
  committed.group = &group;
  committed.durable_position = 100;
  gate_table_.OnCommitted(committed);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.account(), "a");
  EXPECT_EQ(response.account_revision(), 7);
  EXPECT_EQ(response.resume_token(), "100-0");
  std::thread reader([&] {
    while (stream->Read(&response)) {
    }
  });
  gate_->Shutdown();
  reader.join();
  EXPECT_EQ(ReasonOf(stream->Finish()), "SHUTTING_DOWN");
}

TEST_F(HallServiceTest, AWatchWithAForeignTokenIsRefused) {
  Serve();
  auto context = As("hall-1");
  v1::WatchSanctionsRequest request;
  request.set_resume_token("what");
  v1::WatchSanctionsResponse response;
  const auto stream = gate_stub_->WatchSanctions(context.get(), request);
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(GrpcServerTest, ListensOnLoopbackOnly) {
  const auto refused = GrpcServer::Start({.listen = "0.0.0.0:0"}, {});
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << refused.status();
}

}  // namespace
}  // namespace hallwarden::daemon
