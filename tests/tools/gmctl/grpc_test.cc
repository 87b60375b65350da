// The one file that knows gRPC, against a real server in this process.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/gm_service.grpc.pb.h"

#include "tools/gmctl/grpc_api.h"
#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::ElementsAre;

constexpr absl::Duration kTimeout = absl::Seconds(10);

class SmallDaemon final : public v1::GmService::Service {
 public:
  grpc::Status GetAccount(grpc::ServerContext* context, const v1::GetAccountRequest* request,
                          v1::Account* answer) override {
    const auto header = context->client_metadata().find("authorization");
    if (header == context->client_metadata().end() || header->second != "Bearer hw_1") {
      return {grpc::StatusCode::UNAUTHENTICATED, "no token"};
    }
    if (request->name() == "accounts/404") return Rich();
    answer->set_name(request->name());
    answer->set_nickname("\xff\x1b");
    return grpc::Status::OK;
  }

  grpc::Status GetHealth(grpc::ServerContext* context, const v1::GetHealthRequest*,
                         v1::Health*) override {
    while (!context->IsCancelled())
      absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  }

  grpc::Status Tail(grpc::ServerContext* context, const v1::TailRequest* request,
                    grpc::ServerWriter<v1::TailResponse>* writer) override {
    for (int i = request->resume_token().empty() ? 0 : std::stoi(request->resume_token()) + 1;
         i < 3; ++i) {
      v1::TailResponse entry;
      entry.set_resume_token(std::to_string(i));
      writer->Write(entry);
    }
    while (!request->no_follow() && !context->IsCancelled()) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return grpc::Status::OK;
  }

 private:
  static grpc::Status Rich() {
    google::rpc::ErrorInfo info;
    info.set_reason("NOT_FOUND");
    info.set_domain("hallwarden");
    (*info.mutable_metadata())["name"] = "accounts/404";
    google::rpc::Status rich;
    rich.set_code(static_cast<int>(grpc::StatusCode::NOT_FOUND));
    rich.add_details()->PackFrom(info);
    return {grpc::StatusCode::NOT_FOUND, "no such account", rich.SerializeAsString()};
  }
};

class GrpcApiTest : public ::testing::Test {
 protected:
  GrpcApiTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&daemon_);
    server_ = builder.BuildAndStart();
  }
  ~GrpcApiTest() override { server_->Shutdown(); }

  std::unique_ptr<GmApi> Connect(const std::string& token) {
    return ApiOver(server_->InProcessChannel(grpc::ChannelArguments()), token);
  }

  SmallDaemon daemon_;
  std::unique_ptr<grpc::Server> server_;
};

v1::GetAccountRequest Asking(const std::string& name) {
  v1::GetAccountRequest request;
  request.set_name(name);
  return request;
}

TEST_F(GrpcApiTest, CarriesTheTokenAndBytesThatAreNoUtf8) {
  const auto account = Connect("hw_1")->GetAccount(Asking("accounts/1"), kTimeout);
  ASSERT_TRUE(account.ok()) << account.status();
  EXPECT_EQ(account->nickname(), "\xff\x1b");
  EXPECT_EQ(Connect("")->GetAccount(Asking("accounts/1"), kTimeout).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(GrpcApiTest, UnpacksTheReasonOfARefusal) {
  const absl::Status status =
      Connect("hw_1")->GetAccount(Asking("accounts/404"), kTimeout).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  const auto reason = ServerReasonOf(status);
  ASSERT_TRUE(reason.has_value());
  EXPECT_EQ(reason->reason, "NOT_FOUND");
  EXPECT_EQ(reason->metadata.at("name"), "accounts/404");
}

TEST_F(GrpcApiTest, GivesUpAtTheDeadline) {
  const auto health = Connect("hw_1")->GetHealth(v1::GetHealthRequest(), absl::Milliseconds(50));
  EXPECT_EQ(health.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(GrpcApiTest, AnAbsentServerIsUnavailable) {
  const auto api = ConnectGrpc({.server = "unix:/nonexistent/gmctl.sock", .token = "hw_1"});
  ASSERT_TRUE(api.ok());
  EXPECT_EQ((*api)->GetAccount(Asking("accounts/1"), kTimeout).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(GrpcApiTest, StreamsUntilTheEndOrUntilNobodyReads) {
  const auto api = Connect("hw_1");
  v1::TailRequest request;
  std::vector<std::string> tokens;
  request.set_no_follow(true);
  EXPECT_TRUE(api->Tail(request,
                        [&](const v1::TailResponse& entry) {
                          tokens.push_back(entry.resume_token());
                          return true;
                        })
                  .ok());
  EXPECT_THAT(tokens, ElementsAre("0", "1", "2"));
  tokens.clear();
  request.set_no_follow(false);
  request.set_resume_token("0");
  EXPECT_TRUE(api->Tail(request,
                        [&](const v1::TailResponse& entry) {
                          tokens.push_back(entry.resume_token());
                          return tokens.size() < 2;
                        })
                  .ok());
  EXPECT_THAT(tokens, ElementsAre("1", "2"));
}

}  // namespace
}  // namespace hallwarden::gmctl
