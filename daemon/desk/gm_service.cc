#include "daemon/desk/gm_service.h"

#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/grpc_status.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/mask.h"
#include "daemon/desk/shape.h"
#include "daemon/desk/tail_stream.h"
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

// A stream that ends before it begins.
class RefusedTail final : public grpc::ServerWriteReactor<v1::TailResponse> {
 public:
  explicit RefusedTail(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

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

GmService::GmService(const Parts& parts) : parts_(parts) {}

void GmService::Stop() {
  stopping_ = true;
  parts_.feed->WakeAll();
}

absl::StatusOr<GmService::CallPtr> GmService::Identify(const grpc::CallbackServerContext& context,
                                                       const char* method) {
  absl::StatusOr<Principal> principal = parts_.authenticator->Authenticate(context);
  if (!principal.ok()) return principal.status();
  auto call = std::make_shared<Call>();
  call->method = method;
  call->principal = *std::move(principal);
  call->cancelled = [&context] { return context.IsCancelled(); };
  return call;
}

void GmService::Refuse(grpc::ServerUnaryReactor* reactor, const CallPtr& call,
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

template <class Request, class Response>
grpc::ServerUnaryReactor* GmService::Unary(grpc::CallbackServerContext* context, const char* method,
                                           Handler<Request, Response> handler,
                                           std::pair<const Request*, Response*> messages) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::StatusOr<CallPtr> identified = Identify(*context, method);
  if (!identified.ok()) {
    reactor->Finish(ToGrpcStatus(identified.status()));
    return reactor;
  }
  const CallPtr& call = *identified;
  const auto [request, response] = messages;
  absl::Status status = Authorize(method, call->principal);
  if (status.ok()) status = CheckShape(*request, parts_.core->NowUs());
  if (!status.ok()) {
    Refuse(reactor, call, *request, status);
    return reactor;
  }
  if (!CountCall(call->principal.name)) {
    reactor->Finish(ToGrpcStatus(TooBusy()));
    return reactor;
  }
  const auto finish = [this, reactor, call, response = response](const absl::Status& result) {
    UncountCall(call->principal.name);
    LogHidden(call->method, result);
    MaskFor(call->principal.role, response);
    reactor->Finish(ToGrpcStatus(result));
  };
  const bool taken = parts_.pool->TryRun(
      [desk = parts_.desk, handler, call, request = request, response = response, finish] {
        (desk->*handler)(*call, *request, response, finish);
      });
  if (!taken) {
    UncountCall(call->principal.name);
    reactor->Finish(ToGrpcStatus(TooBusy()));
  }
  return reactor;
}

#define HW_UNARY(method, request, response)                                               \
  grpc::ServerUnaryReactor* GmService::method(grpc::CallbackServerContext* context,       \
                                              const v1::request* in, v1::response* out) { \
    return Unary<v1::request, v1::response>(context, "GmService." #method, &Desk::method, \
                                            {in, out});                                   \
  }
HW_UNARY(GetAccount, GetAccountRequest, Account)
HW_UNARY(SearchAccounts, SearchAccountsRequest, SearchAccountsResponse)
HW_UNARY(ListTimeline, ListTimelineRequest, ListTimelineResponse)
HW_UNARY(PunishAccount, PunishAccountRequest, ActionResponse)
HW_UNARY(CreateSanction, CreateSanctionRequest, ActionResponse)
HW_UNARY(KickAccount, KickAccountRequest, ActionResponse)
HW_UNARY(ResetProfile, ResetProfileRequest, ActionResponse)
HW_UNARY(LiftSanction, LiftSanctionRequest, ActionResponse)
HW_UNARY(UndoAction, UndoActionRequest, ActionResponse)
HW_UNARY(GetSanction, GetSanctionRequest, Sanction)
HW_UNARY(ListSanctions, ListSanctionsRequest, ListSanctionsResponse)
HW_UNARY(ExplainSanction, ExplainSanctionRequest, ExplainSanctionResponse)
HW_UNARY(ListCases, ListCasesRequest, ListCasesResponse)
HW_UNARY(GetCase, GetCaseRequest, Case)
HW_UNARY(CloseCase, CloseCaseRequest, ActionResponse)
HW_UNARY(CreateNote, CreateNoteRequest, ActionResponse)
HW_UNARY(GetPolicy, GetPolicyRequest, GetPolicyResponse)
HW_UNARY(ApplyPolicy, ApplyPolicyRequest, ApplyPolicyResponse)
HW_UNARY(ListPolicies, ListPoliciesRequest, ListPoliciesResponse)
HW_UNARY(ImportPartners, ImportPartnersRequest, ImportPartnersResponse)
HW_UNARY(ListPartners, ListPartnersRequest, ListPartnersResponse)
HW_UNARY(ListAuditEntries, ListAuditEntriesRequest, ListAuditEntriesResponse)
HW_UNARY(ListAuditRecords, ListAuditRecordsRequest, ListAuditRecordsResponse)
HW_UNARY(GetAuditRecord, GetAuditRecordRequest, AuditRecord)
HW_UNARY(WhoAmI, WhoAmIRequest, WhoAmIResponse)
HW_UNARY(CheckPermission, CheckPermissionRequest, CheckPermissionResponse)
HW_UNARY(CreateToken, CreateTokenRequest, CreateTokenResponse)
HW_UNARY(ListTokens, ListTokensRequest, ListTokensResponse)
HW_UNARY(RevokeToken, RevokeTokenRequest, ActionResponse)
HW_UNARY(ListServers, ListServersRequest, ListServersResponse)
HW_UNARY(RetireServer, RetireServerRequest, ActionResponse)
HW_UNARY(GetServer, GetServerRequest, Server)
HW_UNARY(QuarantineServer, QuarantineServerRequest, ActionResponse)
HW_UNARY(ReleaseServer, ReleaseServerRequest, ActionResponse)
HW_UNARY(ListCaused, ListCausedRequest, ListCausedResponse)
HW_UNARY(ReverseServer, ReverseServerRequest, ActionResponse)
HW_UNARY(ListRules, ListRulesRequest, ListRulesResponse)
HW_UNARY(ReleaseRule, ReleaseRuleRequest, ActionResponse)
HW_UNARY(AcceptRestore, AcceptRestoreRequest, ActionResponse)
HW_UNARY(AcceptClock, AcceptClockRequest, ActionResponse)
HW_UNARY(GetHealth, GetHealthRequest, Health)
#undef HW_UNARY

grpc::ServerWriteReactor<v1::TailResponse>* GmService::Tail(grpc::CallbackServerContext* context,
                                                            const v1::TailRequest* in) {
  const absl::StatusOr<CallPtr> call = Identify(*context, "GmService.Tail");
  if (!call.ok()) return new RefusedTail(call.status());
  const Principal& principal = (*call)->principal;
  absl::Status status = Authorize((*call)->method, principal);
  if (status.ok()) status = CheckShape(*in, parts_.core->NowUs());
  if (!status.ok()) return new RefusedTail(status);
  absl::StatusOr<TailReader> reader = TailReader::Make(parts_.store, *in, principal.role);
  if (!reader.ok()) return new RefusedTail(reader.status());
  if (!CountTail(principal.name)) return new RefusedTail(TooBusy());
  TailStream::Parts parts;
  parts.feed = parts_.feed;
  parts.pool = parts_.pool;
  parts.authenticator = parts_.authenticator;
  parts.clock = parts_.clock;
  parts.now_us = [core = parts_.core] { return core->NowUs(); };
  parts.cancel = [context] { context->TryCancel(); };
  parts.stopping = [this] { return stopping_.load(); };
  parts.over = [this, name = principal.name] { UncountTail(name); };
  const std::shared_ptr<TailStream> stream =
      TailStream::Make(std::move(parts), principal, *std::move(reader), !in->no_follow());
  {
    const MutexLock lock(&mutex_);
    std::erase_if(streams_, [](const auto& weak) { return weak.expired(); });
    streams_.push_back(stream);
  }
  stream->Start();
  return stream.get();
}

void GmService::Tick() {
  std::vector<std::shared_ptr<TailStream>> streams;
  {
    const MutexLock lock(&mutex_);
    for (const auto& weak : streams_) {
      if (auto stream = weak.lock()) streams.push_back(std::move(stream));
    }
  }
  for (const std::shared_ptr<TailStream>& stream : streams)
    stream->Tick();
}

bool GmService::CountCall(const std::string& principal) {
  const MutexLock lock(&mutex_);
  std::size_t& own = calls_[principal];
  if (own >= kCallsPerPrincipal) return false;
  ++own;
  return true;
}

void GmService::UncountCall(const std::string& principal) {
  const MutexLock lock(&mutex_);
  const auto own = calls_.find(principal);
  if (--own->second == 0) calls_.erase(own);
}

bool GmService::CountTail(const std::string& principal) {
  const MutexLock lock(&mutex_);
  if (tail_count_ >= kTailsMax) return false;
  std::size_t& own = tails_[principal];
  if (own >= kTailsPerPrincipal) return false;
  ++own;
  ++tail_count_;
  return true;
}

void GmService::UncountTail(const std::string& principal) {
  const MutexLock lock(&mutex_);
  const auto own = tails_.find(principal);
  if (--own->second == 0) tails_.erase(own);
  --tail_count_;
}

}  // namespace hallwarden::daemon
