// What gmctl asks of the daemon, without a network: one virtual method for each call of GmService.
#ifndef HALLWARDEN_TOOLS_GMCTL_API_H_
#define HALLWARDEN_TOOLS_GMCTL_API_H_

#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "hallwarden/v1/appeal_service.pb.h"
#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/case_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"
#include "hallwarden/v1/stats_service.pb.h"
#include "hallwarden/v1/text_service.pb.h"

#include "tools/channel/client_tls.h"

// Every unary call of GmService: name, request, response. The one list; a test compares it with the
// service's descriptor.
#define HW_FOR_EACH_UNARY_CALL(X)                                        \
  X(GetAccount, GetAccountRequest, Account)                              \
  X(SearchAccounts, SearchAccountsRequest, SearchAccountsResponse)       \
  X(ListTimeline, ListTimelineRequest, ListTimelineResponse)             \
  X(PunishAccount, PunishAccountRequest, ActionResponse)                 \
  X(CreateSanction, CreateSanctionRequest, ActionResponse)               \
  X(KickAccount, KickAccountRequest, ActionResponse)                     \
  X(ResetProfile, ResetProfileRequest, ActionResponse)                   \
  X(LiftSanction, LiftSanctionRequest, ActionResponse)                   \
  X(UndoAction, UndoActionRequest, ActionResponse)                       \
  X(ReinstateSanction, ReinstateSanctionRequest, ActionResponse)         \
  X(GetSanction, GetSanctionRequest, Sanction)                           \
  X(ListSanctions, ListSanctionsRequest, ListSanctionsResponse)          \
  X(ExplainSanction, ExplainSanctionRequest, ExplainSanctionResponse)    \
  X(ListCases, ListCasesRequest, ListCasesResponse)                      \
  X(GetCase, GetCaseRequest, Case)                                       \
  X(CloseCase, CloseCaseRequest, ActionResponse)                         \
  X(CreateNote, CreateNoteRequest, ActionResponse)                       \
  X(GetPolicy, GetPolicyRequest, GetPolicyResponse)                      \
  X(ApplyPolicy, ApplyPolicyRequest, ApplyPolicyResponse)                \
  X(ListPolicies, ListPoliciesRequest, ListPoliciesResponse)             \
  X(ImportPartners, ImportPartnersRequest, ImportPartnersResponse)       \
  X(ListPartners, ListPartnersRequest, ListPartnersResponse)             \
  X(ListAuditEntries, ListAuditEntriesRequest, ListAuditEntriesResponse) \
  X(ListAuditRecords, ListAuditRecordsRequest, ListAuditRecordsResponse) \
  X(GetAuditRecord, GetAuditRecordRequest, AuditRecord)                  \
  X(WhoAmI, WhoAmIRequest, WhoAmIResponse)                               \
  X(CheckPermission, CheckPermissionRequest, CheckPermissionResponse)    \
  X(CreateToken, CreateTokenRequest, CreateTokenResponse)                \
  X(ListTokens, ListTokensRequest, ListTokensResponse)                   \
  X(RevokeToken, RevokeTokenRequest, ActionResponse)                     \
  X(ListServers, ListServersRequest, ListServersResponse)                \
  X(RetireServer, RetireServerRequest, ActionResponse)                   \
  X(GetServer, GetServerRequest, Server)                                 \
  X(QuarantineServer, QuarantineServerRequest, ActionResponse)           \
  X(ReleaseServer, ReleaseServerRequest, ActionResponse)                 \
  X(ListCaused, ListCausedRequest, ListCausedResponse)                   \
  X(ReverseServer, ReverseServerRequest, ActionResponse)                 \
  X(ListRules, ListRulesRequest, ListRulesResponse)                      \
  X(ReleaseRule, ReleaseRuleRequest, ActionResponse)                     \
  X(AcceptRestore, AcceptRestoreRequest, ActionResponse)                 \
  X(AcceptClock, AcceptClockRequest, ActionResponse)                     \
  X(GetHealth, GetHealthRequest, Health)

// ... and of BankService.
#define HW_FOR_EACH_BANK_CALL(X)                                      \
  X(ListBankEntries, ListBankEntriesRequest, ListBankEntriesResponse) \
  X(AddBankEntries, AddBankEntriesRequest, ActionResponse)            \
  X(RemoveBankEntries, RemoveBankEntriesRequest, ActionResponse)      \
  X(TestBanks, TestBanksRequest, TestBanksResponse)
// ... and of TextService.
#define HW_FOR_EACH_TEXT_CALL(X)                                               \
  X(ExplainText, ExplainTextRequest, ExplainTextResponse)                      \
  X(GetLexicon, GetLexiconRequest, Lexicon)                                    \
  X(ListLexiconEntries, ListLexiconEntriesRequest, ListLexiconEntriesResponse) \
  X(GetLexiconEntry, GetLexiconEntryRequest, LexiconEntry)                     \
  X(ChangeLexicon, ChangeLexiconRequest, ChangeLexiconResponse)                \
  X(StageLexicon, StageLexiconRequest, StageLexiconResponse)                   \
  X(BacktestLexicon, BacktestLexiconRequest, BacktestLexiconResponse)          \
  X(TestLexicon, TestLexiconRequest, TestLexiconResponse)                      \
  X(ExportLexicon, ExportLexiconRequest, ExportLexiconResponse)                \
  X(RescreenNames, RescreenNamesRequest, ActionResponse)
// Every unary call of CaseService, likewise.
#define HW_FOR_EACH_CASE_CALL(X)                           \
  X(ListQueue, ListQueueRequest, ListQueueResponse)        \
  X(NextCase, NextCaseRequest, NextCaseResponse)           \
  X(GetCaseView, GetCaseViewRequest, CaseView)             \
  X(OpenCase, OpenCaseRequest, ActionResponse)             \
  X(ClaimCase, ClaimCaseRequest, ActionResponse)           \
  X(ReleaseCase, ReleaseCaseRequest, ActionResponse)       \
  X(AssignCase, AssignCaseRequest, ActionResponse)         \
  X(EscalateCase, EscalateCaseRequest, ActionResponse)     \
  X(ReferCase, ReferCaseRequest, ActionResponse)           \
  X(ReturnCase, ReturnCaseRequest, ActionResponse)         \
  X(CreateCaseNote, CreateCaseNoteRequest, ActionResponse) \
  X(MergeCase, MergeCaseRequest, ActionResponse)           \
  X(ReopenCase, ReopenCaseRequest, ActionResponse)         \
  X(DecideCase, DecideCaseRequest, ActionResponse)         \
  X(ListCaseLog, ListCaseLogRequest, ListCaseLogResponse)
// ... and of RecoveryService.
#define HW_FOR_EACH_RECOVERY_CALL(X)                   \
  X(TraceGold, TraceGoldRequest, TraceGoldResponse)    \
  X(ListLogins, ListLoginsRequest, ListLoginsResponse) \
  X(GetHandRecord, GetHandRecordRequest, HandRecord)   \
  X(CheckExchange, CheckExchangeRequest, CheckExchangeResponse)
// ... and of StatsService.
#define HW_FOR_EACH_STATS_CALL(X) X(GetDeskReport, GetDeskReportRequest, DeskReport)
// ... and of AppealService.
#define HW_FOR_EACH_APPEAL_CALL(X)                                   \
  X(ListAppeals, ListAppealsRequest, ListAppealsResponse)            \
  X(NextAppeal, NextAppealRequest, NextAppealResponse)               \
  X(GetAppeal, GetAppealRequest, Appeal)                             \
  X(GetAppealView, GetAppealViewRequest, AppealView)                 \
  X(SubmitAppeal, SubmitAppealRequest, SubmitAppealResponse)         \
  X(ClaimAppeal, ClaimAppealRequest, ActionResponse)                 \
  X(ReleaseAppeal, ReleaseAppealRequest, ActionResponse)             \
  X(CreateAppealMessage, CreateAppealMessageRequest, ActionResponse) \
  X(CreateAppealNote, CreateAppealNoteRequest, ActionResponse)       \
  X(DecideAppeal, DecideAppealRequest, ActionResponse)               \
  X(WithdrawAppeal, WithdrawAppealRequest, ActionResponse)           \
  X(ListCannedReplies, ListCannedRepliesRequest, ListCannedRepliesResponse)

namespace hallwarden::gmctl {

// One try of one call each. Not thread-safe. Every method answers within `timeout`, or with
// DEADLINE_EXCEEDED. Errors carry the daemon's reason (problem.h) where it gave one.
class GmApi {
 public:
  GmApi() = default;
  GmApi(const GmApi&) = delete;
  GmApi& operator=(const GmApi&) = delete;
  virtual ~GmApi() = default;

#define HW_DECLARE(name, request, response) \
  virtual absl::StatusOr<v1::response> name(const v1::request& call, absl::Duration timeout) = 0;
  HW_FOR_EACH_UNARY_CALL(HW_DECLARE)
  HW_FOR_EACH_BANK_CALL(HW_DECLARE)
  HW_FOR_EACH_TEXT_CALL(HW_DECLARE)
  HW_FOR_EACH_CASE_CALL(HW_DECLARE)
  HW_FOR_EACH_RECOVERY_CALL(HW_DECLARE)
  HW_FOR_EACH_STATS_CALL(HW_DECLARE)
  HW_FOR_EACH_APPEAL_CALL(HW_DECLARE)
#undef HW_DECLARE

  // Hands every entry to `take` until the stream ends or `take` returns false, which gives OK.
  virtual absl::Status Tail(const v1::TailRequest& call,
                            const std::function<bool(const v1::TailResponse&)>& take) = 0;
};

// Where the daemon is and who asks.
struct Connection {
  std::string server;  // host:port, or unix:path
  std::string token;   // Empty: nobody in particular. Never printed.
  channel::ClientTls tls = {};
  bool plaintext = false;  // not encrypted, though it leaves this host
};

// Makes the connection; does not yet talk to anybody.
using Connector = std::function<absl::StatusOr<std::unique_ptr<GmApi>>(const Connection&)>;

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_API_H_
