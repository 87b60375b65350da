// The session over real gRPC, against a small service in this process.
#include "tools/session/grpc_transport.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "tools/session/retained_events.h"
#include "tools/session/session_client.h"

namespace hallwarden::session {
namespace {

using ::testing::HasSubstr;

grpc::Status WithReason(grpc::StatusCode code, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  google::rpc::Status status;
  status.set_code(code);
  status.add_details()->PackFrom(info);
  return {code, "said the service", status.SerializeAsString()};
}

// Acknowledges everything; after each acknowledgement sends one directive. Breaks streams as told.
class SmallService final : public v1::HallService::Service {
 public:
  grpc::Status Session(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::SessionResponse, v1::SessionRequest>* stream) override {
    const auto token = context->client_metadata().find("authorization");
    if (token == context->client_metadata().end() || token->second != "Bearer secret") {
      return {grpc::StatusCode::UNAUTHENTICATED, "no such token"};
    }
    v1::SessionRequest request;
    if (!stream->Read(&request) || !request.has_hello()) return grpc::Status::CANCELLED;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ++sessions_;
      v1::SessionResponse response;
      response.mutable_hello_ok()->set_server("hall");
      response.mutable_hello_ok()->set_session_epoch(sessions_);
      response.mutable_hello_ok()->set_history_epoch(1);
      response.mutable_hello_ok()->set_durable_seq(durable_);
      response.mutable_hello_ok()->set_credit_events(64);
      response.mutable_hello_ok()->set_credit_bytes(1 << 20);
      stream->Write(response);
    }
    if (end_with_ != nullptr) return WithReason(grpc::StatusCode::ABORTED, end_with_);
    int batches = 0;
    while (stream->Read(&request)) {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const v1::DirectiveResult& result : request.directive_results().results()) {
        results_.push_back(result.directive_seq());
      }
      if (!request.has_events()) continue;
      std::int64_t seq = request.events().first_seq();
      for (const std::string& event : request.events().events()) {
        if (seq++ > durable_) {
          events_.push_back(event);
          ++durable_;
        }
      }
      if (break_every_ > 0 && ++batches == break_every_) {
        return WithReason(grpc::StatusCode::UNAVAILABLE, "SHUTTING_DOWN");
      }
      v1::SessionResponse response;
      response.mutable_ack()->set_durable_seq(durable_);
      stream->Write(response);
      response.mutable_directive()->set_directive_seq(++directive_);
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  std::mutex mutex_;
  std::int64_t sessions_ = 0;
  std::int64_t durable_ = 0;
  std::int64_t directive_ = 0;
  std::vector<std::string> events_;
  std::vector<std::int64_t> results_;
  int break_every_ = 0;
  const char* end_with_ = nullptr;
};

// Numbers as events, answers everything at once, keeps no positions.
class Numbers final : public EventSource, public DirectiveHandler, public PositionStore {
 public:
  explicit Numbers(int count) {
    for (int i = 1; i <= count; ++i)
      events_.Append(std::to_string(i));
  }
  absl::Status Resume(std::int64_t durable_seq) override {
    return events_.ContinueBehind(durable_seq);
  }
  absl::StatusOr<Fetch> Get(std::int64_t seq, std::string* event) override {
    const std::string* found = events_.Get(seq);
    if (found == nullptr) return Fetch::kEnd;
    *event = *found;
    return Fetch::kEvent;
  }
  absl::Status Acked(std::int64_t /*durable_seq*/) override { return absl::OkStatus(); }
  void Rejected(const v1::RejectedEvent& /*rejected*/) override {}
  void Handle(const v1::Directive& directive) override {
    seen_.push_back(directive.directive_seq());
    client_->Answer(directive.directive_seq(), v1::DIRECTIVE_OUTCOME_APPLIED, "");
  }
  absl::Status Save(const Positions& /*positions*/) override { return absl::OkStatus(); }

  SessionClient* client_ = nullptr;
  std::vector<std::int64_t> seen_;

 private:
  RetainedEvents events_{1};
};

class GrpcTransportTest : public ::testing::Test {
 protected:
  GrpcTransportTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~GrpcTransportTest() override {
    client_.reset();
    transport_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }

  SessionClient& Start(Numbers* numbers, const std::string& token) {
    transport_ = MakeGrpcTransport(server_->InProcessChannel({}), [token] { return token; });
    SessionOptions options;
    options.batch_events_max = 7;
    options.backoff.first_max = Micros{1000};
    options.backoff.wait_max = Micros{1000};
    client_ = std::make_unique<SessionClient>(options,
                                              SessionClient::Parts{.transport = transport_.get(),
                                                                   .source = numbers,
                                                                   .handler = numbers,
                                                                   .store = numbers,
                                                                   .clock = &clock_,
                                                                   .jitter = &jitter_,
                                                                   .log = nullptr},
                                              Positions{});
    numbers->client_ = client_.get();
    return *client_;
  }

  SmallService service_;
  std::unique_ptr<grpc::Server> server_;
  SteadyClock clock_;
  SeededJitter jitter_{1};
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<SessionClient> client_;
};

TEST_F(GrpcTransportTest, DeliversEverythingOnceAndAnswersDirectives) {
  Numbers numbers(1000);
  SessionClient& client = Start(&numbers, "secret");
  ASSERT_TRUE(client.Run([&client] { return client.Drained() && client.Settled(); }).ok());
  ASSERT_TRUE(client.Close(Micros{10'000'000}).ok());
  const std::lock_guard<std::mutex> lock(service_.mutex_);
  ASSERT_EQ(service_.events_.size(), 1000U);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(service_.events_[static_cast<std::size_t>(i)], std::to_string(i + 1));
  EXPECT_TRUE(std::is_sorted(numbers.seen_.begin(), numbers.seen_.end()));
  EXPECT_EQ(service_.results_, numbers.seen_);
}

TEST_F(GrpcTransportTest, ComesBackAfterEachBreakAndLosesNothing) {
  service_.break_every_ = 3;
  Numbers numbers(500);
  SessionClient& client = Start(&numbers, "secret");
  ASSERT_TRUE(client.Run([&client] { return client.Drained(); }).ok());
  const std::lock_guard<std::mutex> lock(service_.mutex_);
  EXPECT_EQ(service_.events_.size(), 500U);
  EXPECT_GT(service_.sessions_, 10);
}

TEST_F(GrpcTransportTest, SaysSoWhenTheTokenIsRefused) {
  Numbers numbers(1);
  SessionClient& client = Start(&numbers, "wrong");
  const absl::Status status = client.Run([] { return false; });
  EXPECT_EQ(client.failure(), Failure::kRefused);
  EXPECT_THAT(std::string(status.message()), HasSubstr("gmctl token ls"));
}

TEST_F(GrpcTransportTest, ReadsTheReasonOutOfTheStatus) {
  service_.end_with_ = "FENCED";
  Numbers numbers(1);
  SessionClient& client = Start(&numbers, "secret");
  EXPECT_FALSE(client.Run([] { return false; }).ok());
  EXPECT_EQ(client.failure(), Failure::kFenced);
}

TEST(MakeChannelTest, LeavesTheHostEncryptedOnly) {
  EXPECT_TRUE(channel::IsEncrypted("hall.example.org:7700", {}, false));
  EXPECT_TRUE(channel::IsEncrypted("127.example.org:7700", {}, false));
  EXPECT_TRUE(channel::IsEncrypted("127.0.0.1:7700", {.ca = "ca.pem"}, false));
  EXPECT_FALSE(channel::IsEncrypted("127.0.0.1:7700", {}, false));
  EXPECT_FALSE(channel::IsEncrypted("hall.example.org:7700", {}, true));
  EXPECT_TRUE(MakeChannel({.target = "hall.example.org:7700"}).ok()) << "authorities of the system";
  EXPECT_FALSE(MakeChannel({.target = "127.0.0.1:7700", .tls = {.ca = "/no/such/file"}}).ok());
  EXPECT_FALSE(MakeChannel({.target = "127.0.0.1:7700", .tls = {.certificate = "c"}}).ok());
  EXPECT_FALSE(MakeChannel({.target = "hall.example.org:7700",
                            .allow_remote_plaintext = true,
                            .tls = {.ca = "ca.pem"}})
                   .ok());
  EXPECT_TRUE(
      MakeChannel({.target = "hall.example.org:7700", .allow_remote_plaintext = true}).ok());
  EXPECT_TRUE(MakeChannel({.target = "127.0.0.1:7700"}).ok());
  EXPECT_TRUE(MakeChannel({.target = "[::1]:7700"}).ok());
}

}  // namespace
}  // namespace hallwarden::session
