#include "daemon/desk/unary_calls.h"

#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/grpc_status.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/mask.h"
#include "daemon/desk/shape.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

absl::Status TooBusy() {
  return absl::ResourceExhaustedError("too many calls wait");
}

// What callers are not told goes to the log. Messages of our own parts hold no personal data.
void LogHidden(const std::string& method, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kInternal && status.code() != absl::StatusCode::kUnknown &&
      status.code() != absl::StatusCode::kDataLoss) {
    return;
  }
  Log(LogLevel::kError, method + ": " + status.ToString());
}

const v1::ActionOptions* OptionsIn(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("options");
  if (field == nullptr) return nullptr;
  return dynamic_cast<const v1::ActionOptions*>(
      &request.GetReflection()->GetMessage(request, field));
}

// Refused calls that would have changed something are audited. Dry runs change nothing, except that
// asking for what one's role may not do at all is worth a line.
bool IsAudited(const google::protobuf::Message& request, const absl::Status& status) {
  const v1::ActionOptions* options = OptionsIn(request);
  if (options == nullptr || !IsRefusal(status)) return false;
  return !options->validate_only() || absl::IsPermissionDenied(status);
}

}  // namespace

absl::StatusOr<UnaryCalls::CallPtr> UnaryCalls::Identify(const grpc::CallbackServerContext& context,
                                                         const char* method) const {
  absl::StatusOr<Principal> principal = parts_.authenticator->Authenticate(context);
  if (!principal.ok()) return principal.status();
  auto call = std::make_shared<Call>();
  call->method = method;
  call->principal = *std::move(principal);
  call->cancelled = [&context] { return context.IsCancelled(); };
  return call;
}

void UnaryCalls::Refuse(grpc::ServerUnaryReactor* reactor, const CallPtr& call,
                        const google::protobuf::Message& request, const absl::Status& status) {
  const auto finish = [reactor, status] { reactor->Finish(ToGrpcStatus(status)); };
  if (!IsAudited(request, status)) {
    finish();
    return;
  }
  const bool taken =
      parts_.pool->TryRun([this, call, resource = ResourceOf(request), status, finish] {
        parts_.desk->AuditRefusal(*call, resource, status, finish);
      });
  if (!taken) reactor->Finish(ToGrpcStatus(TooBusy()));
}

grpc::ServerUnaryReactor* UnaryCalls::RunAny(grpc::CallbackServerContext* context,
                                             const char* method,
                                             const google::protobuf::Message* request,
                                             google::protobuf::Message* response,
                                             const Handle& handle) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<CallPtr> identified = Identify(*context, method);
  if (!identified.ok()) {
    reactor->Finish(ToGrpcStatus(identified.status()));
    return reactor;
  }
  const CallPtr& call = *identified;
  absl::Status status = Authorize(method, call->principal);
  if (status.ok()) status = CheckShape(*request, parts_.core->NowUs());
  if (!status.ok()) {
    Refuse(reactor, call, *request, status);
    return reactor;
  }
  if (!Count(call->principal.name)) {
    reactor->Finish(ToGrpcStatus(TooBusy()));
    return reactor;
  }
  const auto finish = [this, reactor, call, response](const absl::Status& result) {
    Uncount(call->principal.name);
    LogHidden(call->method, result);
    MaskFor(call->principal.role, response);
    reactor->Finish(ToGrpcStatus(result));
  };
  const bool taken = parts_.pool->TryRun([call, handle, finish] { handle(*call, finish); });
  if (!taken) {
    Uncount(call->principal.name);
    reactor->Finish(ToGrpcStatus(TooBusy()));
  }
  return reactor;
}

bool UnaryCalls::Count(const std::string& principal) {
  const MutexLock lock(&mutex_);
  std::size_t& own = calls_[principal];
  if (own >= kCallsPerPrincipal) return false;
  ++own;
  return true;
}

void UnaryCalls::Uncount(const std::string& principal) {
  const MutexLock lock(&mutex_);
  const auto own = calls_.find(principal);
  if (--own->second == 0) calls_.erase(own);
}

}  // namespace hallwarden::daemon
