#include "tools/gmctl/grpc_api.h"

#include <chrono>
#include <string>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/appeal_service.grpc.pb.h"
#include "hallwarden/v1/bank_service.grpc.pb.h"
#include "hallwarden/v1/case_service.grpc.pb.h"
#include "hallwarden/v1/gm_service.grpc.pb.h"
#include "hallwarden/v1/recovery_service.grpc.pb.h"
#include "hallwarden/v1/stats_service.grpc.pb.h"
#include "hallwarden/v1/text_service.grpc.pb.h"

#include "tools/channel/credentials.h"
#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {
namespace {

// A list of 1,000 dossiers stays below it; a server that sends more is broken.
constexpr int kLargestAnswerBytes = 16 * 1024 * 1024;
// gRPC waits up to two minutes between tries by itself; a GM does not. How long one try may take is
// what its third setting really says; a busy host needs seconds for a handshake.
constexpr int kFirstBackoffMs = 100;
constexpr int kLastBackoffMs = 1000;
constexpr int kLongestHandshakeMs = 5000;
constexpr int kKeepaliveMs = 60 * 1000;

// The one place where gRPC's status becomes ours.
absl::Status ToStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status out(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status rich;
  if (!rich.ParseFromString(status.error_details())) return out;
  for (const google::protobuf::Any& detail : rich.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.Is<google::rpc::ErrorInfo>() || !detail.UnpackTo(&info)) continue;
    ServerReason reason{.reason = info.reason(), .domain = info.domain(), .metadata = {}};
    for (const auto& [name, value] : info.metadata())
      reason.metadata[name] = value;
    return WithServerReason(std::move(out), reason);
  }
  return out;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const Connection& connection) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestAnswerBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstBackoffMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kLongestHandshakeMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLastBackoffMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  // A proxy of the environment must never see a GM's token.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials =
      channel::MakeCredentials(connection.server, connection.tls, connection.plaintext, &arguments);
  if (!credentials.ok()) return credentials.status();
  return grpc::CreateCustomChannel(connection.server, *credentials, arguments);
}

class GrpcApi final : public GmApi {
 public:
  GrpcApi(const std::shared_ptr<grpc::Channel>& channel, std::string token)
      : stub_(v1::GmService::NewStub(channel)),
        banks_(v1::BankService::NewStub(channel)),
        texts_(v1::TextService::NewStub(channel)),
        cases_(v1::CaseService::NewStub(channel)),
        recovery_(v1::RecoveryService::NewStub(channel)),
        stats_(v1::StatsService::NewStub(channel)),
        appeals_(v1::AppealService::NewStub(channel)),
        token_(std::move(token)) {}

#define HW_DEFINE_ON(stub, name, request, response)                                             \
  absl::StatusOr<v1::response> name(const v1::request& call, absl::Duration timeout) override { \
    const auto ask = [&](grpc::ClientContext* context, v1::response* answer) {                  \
      return (stub)->name(context, call, answer);                                               \
    };                                                                                          \
    return Ask<v1::response>(timeout, ask);                                                     \
  }
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(stub_, name, request, response)
  HW_FOR_EACH_UNARY_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(banks_, name, request, response)
  HW_FOR_EACH_BANK_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(texts_, name, request, response)
  HW_FOR_EACH_TEXT_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(cases_, name, request, response)
  HW_FOR_EACH_CASE_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(recovery_, name, request, response)
  HW_FOR_EACH_RECOVERY_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(stats_, name, request, response)
  HW_FOR_EACH_STATS_CALL(HW_DEFINE)
#undef HW_DEFINE
#define HW_DEFINE(name, request, response) HW_DEFINE_ON(appeals_, name, request, response)
  HW_FOR_EACH_APPEAL_CALL(HW_DEFINE)
#undef HW_DEFINE
#undef HW_DEFINE_ON

  absl::Status Tail(const v1::TailRequest& call,
                    const std::function<bool(const v1::TailResponse&)>& take) override {
    grpc::ClientContext context;
    Prepare(context);
    const auto reader = stub_->Tail(&context, call);
    v1::TailResponse entry;
    bool wanted = true;
    while (wanted && reader->Read(&entry))
      wanted = take(entry);
    if (!wanted) context.TryCancel();
    const grpc::Status status = reader->Finish();
    return wanted ? ToStatus(status) : absl::OkStatus();
  }

 private:
  template <class Response, class Call>
  absl::StatusOr<Response> Ask(absl::Duration timeout, const Call& ask) const {
    grpc::ClientContext context;
    Prepare(context);
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
    Response answer;
    const grpc::Status status = ask(&context, &answer);
    if (!status.ok()) return ToStatus(status);
    return answer;
  }

  void Prepare(grpc::ClientContext& context) const {
    if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
  }

  std::unique_ptr<v1::GmService::Stub> stub_;
  std::unique_ptr<v1::BankService::Stub> banks_;
  std::unique_ptr<v1::TextService::Stub> texts_;
  std::unique_ptr<v1::CaseService::Stub> cases_;
  std::unique_ptr<v1::RecoveryService::Stub> recovery_;
  std::unique_ptr<v1::StatsService::Stub> stats_;
  std::unique_ptr<v1::AppealService::Stub> appeals_;
  std::string token_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GmApi>> ConnectGrpc(const Connection& connection) {
  const absl::StatusOr<std::shared_ptr<grpc::Channel>> made = MakeChannel(connection);
  if (!made.ok()) {
    const absl::string_view what = made.status().message();
    return Problem(ExitCode::kError, "err.config.tls",
                   {{"what", std::string(what.data(), what.size())}});
  }
  return ApiOver(*made, connection.token);
}

std::unique_ptr<GmApi> ApiOver(const std::shared_ptr<grpc::Channel>& channel,
                               const std::string& token) {
  return std::make_unique<GrpcApi>(channel, token);
}

}  // namespace hallwarden::gmctl
