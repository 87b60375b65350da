#include "daemon/desk/gm_service.h"

#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/grpc_status.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/shape.h"
#include "daemon/desk/tail_stream.h"

namespace hallwarden::daemon {
namespace {

absl::Status TooBusy() {
  return absl::ResourceExhaustedError("too many calls wait");
}

// A stream that ends before it begins.
class RefusedTail final : public grpc::ServerWriteReactor<v1::TailResponse> {
 public:
  explicit RefusedTail(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

GmService::GmService(const Parts& parts)
    : parts_(parts), calls_({parts.authenticator, parts.desk, parts.core, parts.pool}) {}

void GmService::Stop() {
  stopping_ = true;
  parts_.feed->WakeAll();
}

#define HW_UNARY(method, request, response)                                                        \
  grpc::ServerUnaryReactor* GmService::method(grpc::CallbackServerContext* context,                \
                                              const v1::request* in, v1::response* out) {          \
    return calls_.Run<v1::request, v1::response>(context, "GmService." #method, &Desk::method, in, \
                                                 out);                                             \
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
HW_UNARY(ReinstateSanction, ReinstateSanctionRequest, ActionResponse)
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
  const absl::StatusOr<UnaryCalls::CallPtr> call = calls_.Identify(*context, "GmService.Tail");
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
