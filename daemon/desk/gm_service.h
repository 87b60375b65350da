// GmService over gRPC: admits a call, hands it to the desk, finishes it. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_GM_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_GM_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/server_context.h>

#include "hallwarden/v1/gm_service.grpc.pb.h"
#include "hallwarden/v1/gm_service.pb.h"

#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/clock.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/feed.h"
#include "daemon/desk/unary_calls.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Tail streams of one principal, and of all together.
inline constexpr std::size_t kTailsPerPrincipal = 8;
inline constexpr std::size_t kTailsMax = 128;

class TailStream;

class GmService final : public v1::GmService::CallbackService {
 public:
  // All outlive the service.
  struct Parts {
    Authenticator* authenticator = nullptr;
    Clock* clock = nullptr;
    Desk* desk = nullptr;
    Feed* feed = nullptr;
    DeskCore* core = nullptr;
    storage::Store* store = nullptr;
    WorkerPool* pool = nullptr;
  };

  explicit GmService(const Parts& parts);

  // Ends the streams with UNAVAILABLE. Call it before the server's Shutdown, and stop sequencer and
  // pool after it: calls on their way are answered by them.
  void Stop();

  // The door of its unary calls, for the other services of the desk: their callers share its
  // limits.
  [[nodiscard]] UnaryCalls* calls() { return &calls_; }

  // Once a second or oftener: ends the streams of those who may not go on, and of those who have
  // taken nothing for a minute.
  void Tick();

#define HW_UNARY(method, request, response)                                                     \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in, \
                                   v1::response* out) override;
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

  grpc::ServerWriteReactor<v1::TailResponse>* Tail(grpc::CallbackServerContext* context,
                                                   const v1::TailRequest* in) override;

 private:
  // False: too many.
  [[nodiscard]] bool CountTail(const std::string& principal);
  void UncountTail(const std::string& principal);

  const Parts parts_;
  UnaryCalls calls_;
  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  std::map<std::string, std::size_t> tails_ HW_GUARDED_BY(mutex_);
  std::vector<std::weak_ptr<TailStream>> streams_ HW_GUARDED_BY(mutex_);
  std::size_t tail_count_ HW_GUARDED_BY(mutex_) = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_GM_SERVICE_H_
