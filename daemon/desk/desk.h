// What GmService does, without gRPC: every call is a function of a request, a store and a core.
#ifndef HALLWARDEN_DAEMON_DESK_DESK_H_
#define HALLWARDEN_DAEMON_DESK_DESK_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hallwarden/v1/appeal_service.pb.h"
#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/case_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/journal.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"
#include "hallwarden/v1/stats_service.pb.h"
#include "hallwarden/v1/text_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/audit_notary.h"
#include "daemon/auth.h"
#include "daemon/desk/core.h"
#include "daemon/desk/explain.h"
#include "daemon/desk/hourly_limits.h"
#include "daemon/desk/lexicon_shelf.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/picks.h"
#include "daemon/desk/long_reads.h"
#include "daemon/desk/request_ids.h"
#include "daemon/desk/worker_pool.h"
#include "daemon/space_guard.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// One authorised call.
struct Call {
  std::string method;  // `GmService.LiftSanction`
  Principal principal;
  // True once the caller is gone: what is not journalled yet is abandoned.
  std::function<bool()> cancelled;
};

// All outlive the desk.
struct DeskParts {
  storage::Store* store = nullptr;
  DeskCore* core = nullptr;
  WorkerPool* pool = nullptr;
  // Where the engine looks for policies: compiled there before their activation is journalled.
  const Artefacts* artefacts = nullptr;
  // May be null: then health does not speak of them.
  const SpaceGuard* space = nullptr;
  const AuditNotary* notary = nullptr;
};

// Every method expects a request that CheckShape accepted, runs on a thread of the pool, may block
// on the store, and calls `done` once, later or at once, on a thread of the pool too. Request and
// response live until then. Answers hold personal fields: MaskFor takes out what the caller may not
// see, except where words would stand in other fields, which the desk itself leaves out.
// Thread-safe.
class Desk {
 public:
  using Done = std::function<void(const absl::Status&)>;

  explicit Desk(const DeskParts& parts);

  // Journals that a mutating call was refused before it became a command, then calls `done`.
  void AuditRefusal(const Call& call, std::string_view resource, const absl::Status& refusal,
                    std::function<void()> done);

  // ---- accounts ---------------------------------------------------------------------------------
  void GetAccount(const Call& call, const v1::GetAccountRequest& request, v1::Account* response,
                  const Done& done);
  void SearchAccounts(const Call& call, const v1::SearchAccountsRequest& request,
                      v1::SearchAccountsResponse* response, const Done& done);
  void ListTimeline(const Call& call, const v1::ListTimelineRequest& request,
                    v1::ListTimelineResponse* response, const Done& done);

  // ---- actions: one body, see Act ---------------------------------------------------------------
  void PunishAccount(const Call& call, const v1::PunishAccountRequest& request,
                     v1::ActionResponse* response, const Done& done);
  void CreateSanction(const Call& call, const v1::CreateSanctionRequest& request,
                      v1::ActionResponse* response, const Done& done);
  void KickAccount(const Call& call, const v1::KickAccountRequest& request,
                   v1::ActionResponse* response, const Done& done);
  void ResetProfile(const Call& call, const v1::ResetProfileRequest& request,
                    v1::ActionResponse* response, const Done& done);
  void LiftSanction(const Call& call, const v1::LiftSanctionRequest& request,
                    v1::ActionResponse* response, const Done& done);
  void ReinstateSanction(const Call& call, const v1::ReinstateSanctionRequest& request,
                         v1::ActionResponse* response, const Done& done);
  void UndoAction(const Call& call, const v1::UndoActionRequest& request,
                  v1::ActionResponse* response, const Done& done);
  void CloseCase(const Call& call, const v1::CloseCaseRequest& request,
                 v1::ActionResponse* response, const Done& done);
  void CreateNote(const Call& call, const v1::CreateNoteRequest& request,
                  v1::ActionResponse* response, const Done& done);
  void RevokeToken(const Call& call, const v1::RevokeTokenRequest& request,
                   v1::ActionResponse* response, const Done& done);
  void RetireServer(const Call& call, const v1::RetireServerRequest& request,
                    v1::ActionResponse* response, const Done& done);
  void QuarantineServer(const Call& call, const v1::QuarantineServerRequest& request,
                        v1::ActionResponse* response, const Done& done);
  void ReleaseServer(const Call& call, const v1::ReleaseServerRequest& request,
                     v1::ActionResponse* response, const Done& done);
  void ReleaseRule(const Call& call, const v1::ReleaseRuleRequest& request,
                   v1::ActionResponse* response, const Done& done);
  void AcceptRestore(const Call& call, const v1::AcceptRestoreRequest& request,
                     v1::ActionResponse* response, const Done& done);
  void AcceptClock(const Call& call, const v1::AcceptClockRequest& request,
                   v1::ActionResponse* response, const Done& done);

  // ---- sanctions, cases, audit
  // --------------------------------------------------------------------
  void GetSanction(const Call& call, const v1::GetSanctionRequest& request, v1::Sanction* response,
                   const Done& done);
  void ListSanctions(const Call& call, const v1::ListSanctionsRequest& request,
                     v1::ListSanctionsResponse* response, const Done& done);
  void ExplainSanction(const Call& call, const v1::ExplainSanctionRequest& request,
                       v1::ExplainSanctionResponse* response, const Done& done);
  void GetCase(const Call& call, const v1::GetCaseRequest& request, v1::Case* response,
               const Done& done);
  void ListCases(const Call& call, const v1::ListCasesRequest& request,
                 v1::ListCasesResponse* response, const Done& done);
  void GetAuditRecord(const Call& call, const v1::GetAuditRecordRequest& request,
                      v1::AuditRecord* response, const Done& done);
  void ListAuditEntries(const Call& call, const v1::ListAuditEntriesRequest& request,
                        v1::ListAuditEntriesResponse* response, const Done& done);
  void ListAuditRecords(const Call& call, const v1::ListAuditRecordsRequest& request,
                        v1::ListAuditRecordsResponse* response, const Done& done);

  // ---- looking back
  // ------------------------------------------------------------------------------
  void TraceGold(const Call& call, const v1::TraceGoldRequest& request,
                 v1::TraceGoldResponse* response, const Done& done);
  void ListLogins(const Call& call, const v1::ListLoginsRequest& request,
                  v1::ListLoginsResponse* response, const Done& done);
  void GetHandRecord(const Call& call, const v1::GetHandRecordRequest& request,
                     v1::HandRecord* response, const Done& done);
  void CheckExchange(const Call& call, const v1::CheckExchangeRequest& request,
                     v1::CheckExchangeResponse* response, const Done& done);

  void GetDeskReport(const Call& call, const v1::GetDeskReportRequest& request,
                     v1::DeskReport* response, const Done& done);

  // ---- the queue of cases
  // --------------------------------------------------------------------------
  void ListQueue(const Call& call, const v1::ListQueueRequest& request,
                 v1::ListQueueResponse* response, const Done& done);
  void NextCase(const Call& call, const v1::NextCaseRequest& request,
                v1::NextCaseResponse* response, const Done& done);
  void GetCaseView(const Call& call, const v1::GetCaseViewRequest& request, v1::CaseView* response,
                   const Done& done);
  void ListCaseLog(const Call& call, const v1::ListCaseLogRequest& request,
                   v1::ListCaseLogResponse* response, const Done& done);
  void OpenCase(const Call& call, const v1::OpenCaseRequest& request, v1::ActionResponse* response,
                const Done& done);
  void ClaimCase(const Call& call, const v1::ClaimCaseRequest& request,
                 v1::ActionResponse* response, const Done& done);
  void ReleaseCase(const Call& call, const v1::ReleaseCaseRequest& request,
                   v1::ActionResponse* response, const Done& done);
  void AssignCase(const Call& call, const v1::AssignCaseRequest& request,
                  v1::ActionResponse* response, const Done& done);
  void EscalateCase(const Call& call, const v1::EscalateCaseRequest& request,
                    v1::ActionResponse* response, const Done& done);
  void ReferCase(const Call& call, const v1::ReferCaseRequest& request,
                 v1::ActionResponse* response, const Done& done);
  void ReturnCase(const Call& call, const v1::ReturnCaseRequest& request,
                  v1::ActionResponse* response, const Done& done);
  void CreateCaseNote(const Call& call, const v1::CreateCaseNoteRequest& request,
                      v1::ActionResponse* response, const Done& done);
  void MergeCase(const Call& call, const v1::MergeCaseRequest& request,
                 v1::ActionResponse* response, const Done& done);
  void ReopenCase(const Call& call, const v1::ReopenCaseRequest& request,
                  v1::ActionResponse* response, const Done& done);
  void DecideCase(const Call& call, const v1::DecideCaseRequest& request,
                  v1::ActionResponse* response, const Done& done);

  // ---- appeals ----------------------------------------------------------------------------------
  void ListAppeals(const Call& call, const v1::ListAppealsRequest& request,
                   v1::ListAppealsResponse* response, const Done& done);
  void NextAppeal(const Call& call, const v1::NextAppealRequest& request,
                  v1::NextAppealResponse* response, const Done& done);
  void GetAppeal(const Call& call, const v1::GetAppealRequest& request, v1::Appeal* response,
                 const Done& done);
  void GetAppealView(const Call& call, const v1::GetAppealViewRequest& request,
                     v1::AppealView* response, const Done& done);
  void SubmitAppeal(const Call& call, const v1::SubmitAppealRequest& request,
                    v1::SubmitAppealResponse* response, const Done& done);
  void ClaimAppeal(const Call& call, const v1::ClaimAppealRequest& request,
                   v1::ActionResponse* response, const Done& done);
  void ReleaseAppeal(const Call& call, const v1::ReleaseAppealRequest& request,
                     v1::ActionResponse* response, const Done& done);
  void CreateAppealMessage(const Call& call, const v1::CreateAppealMessageRequest& request,
                           v1::ActionResponse* response, const Done& done);
  void CreateAppealNote(const Call& call, const v1::CreateAppealNoteRequest& request,
                        v1::ActionResponse* response, const Done& done);
  void DecideAppeal(const Call& call, const v1::DecideAppealRequest& request,
                    v1::ActionResponse* response, const Done& done);
  void WithdrawAppeal(const Call& call, const v1::WithdrawAppealRequest& request,
                      v1::ActionResponse* response, const Done& done);
  void ListCannedReplies(const Call& call, const v1::ListCannedRepliesRequest& request,
                         v1::ListCannedRepliesResponse* response, const Done& done);

  // ---- policy and partner register
  // ----------------------------------------------------------------
  void GetPolicy(const Call& call, const v1::GetPolicyRequest& request,
                 v1::GetPolicyResponse* response, const Done& done);
  void ApplyPolicy(const Call& call, const v1::ApplyPolicyRequest& request,
                   v1::ApplyPolicyResponse* response, const Done& done);
  void ListPolicies(const Call& call, const v1::ListPoliciesRequest& request,
                    v1::ListPoliciesResponse* response, const Done& done);
  void ImportPartners(const Call& call, const v1::ImportPartnersRequest& request,
                      v1::ImportPartnersResponse* response, const Done& done);
  void ListPartners(const Call& call, const v1::ListPartnersRequest& request,
                    v1::ListPartnersResponse* response, const Done& done);

  // ---- banks of pictures
  // ------------------------------------------------------------------------------
  void ListBankEntries(const Call& call, const v1::ListBankEntriesRequest& request,
                       v1::ListBankEntriesResponse* response, const Done& done);
  void AddBankEntries(const Call& call, const v1::AddBankEntriesRequest& request,
                      v1::ActionResponse* response, const Done& done);
  void RemoveBankEntries(const Call& call, const v1::RemoveBankEntriesRequest& request,
                         v1::ActionResponse* response, const Done& done);
  void TestBanks(const Call& call, const v1::TestBanksRequest& request,
                 v1::TestBanksResponse* response, const Done& done);
  // ---- words and word lists
  // ----------------------------------------------------------------------------
  void ExplainText(const Call& call, const v1::ExplainTextRequest& request,
                   v1::ExplainTextResponse* response, const Done& done);
  void GetLexicon(const Call& call, const v1::GetLexiconRequest& request, v1::Lexicon* response,
                  const Done& done);
  void ListLexiconEntries(const Call& call, const v1::ListLexiconEntriesRequest& request,
                          v1::ListLexiconEntriesResponse* response, const Done& done);
  void GetLexiconEntry(const Call& call, const v1::GetLexiconEntryRequest& request,
                       v1::LexiconEntry* response, const Done& done);
  void ChangeLexicon(const Call& call, const v1::ChangeLexiconRequest& request,
                     v1::ChangeLexiconResponse* response, const Done& done);
  void StageLexicon(const Call& call, const v1::StageLexiconRequest& request,
                    v1::StageLexiconResponse* response, const Done& done);
  void BacktestLexicon(const Call& call, const v1::BacktestLexiconRequest& request,
                       v1::BacktestLexiconResponse* response, const Done& done);
  void TestLexicon(const Call& call, const v1::TestLexiconRequest& request,
                   v1::TestLexiconResponse* response, const Done& done);
  void ExportLexicon(const Call& call, const v1::ExportLexiconRequest& request,
                     v1::ExportLexiconResponse* response, const Done& done);
  void RescreenNames(const Call& call, const v1::RescreenNamesRequest& request,
                     v1::ActionResponse* response, const Done& done);

  // ---- who may, tokens
  // ----------------------------------------------------------------------------
  void WhoAmI(const Call& call, const v1::WhoAmIRequest& request, v1::WhoAmIResponse* response,
              const Done& done);
  void CheckPermission(const Call& call, const v1::CheckPermissionRequest& request,
                       v1::CheckPermissionResponse* response, const Done& done);
  void CreateToken(const Call& call, const v1::CreateTokenRequest& request,
                   v1::CreateTokenResponse* response, const Done& done);
  void ListTokens(const Call& call, const v1::ListTokensRequest& request,
                  v1::ListTokensResponse* response, const Done& done);

  // ---- servers, health
  // ------------------------------------------------------------------------------
  void ListServers(const Call& call, const v1::ListServersRequest& request,
                   v1::ListServersResponse* response, const Done& done);
  void GetServer(const Call& call, const v1::GetServerRequest& request, v1::Server* response,
                 const Done& done);
  void ListCaused(const Call& call, const v1::ListCausedRequest& request,
                  v1::ListCausedResponse* response, const Done& done);
  void ReverseServer(const Call& call, const v1::ReverseServerRequest& request,
                     v1::ActionResponse* response, const Done& done);
  void ListRules(const Call& call, const v1::ListRulesRequest& request,
                 v1::ListRulesResponse* response, const Done& done);
  void GetHealth(const Call& call, const v1::GetHealthRequest& request, v1::Health* response,
                 const Done& done);

 private:
  // A command on its way, and what came of it.
  struct Action {
    Call call;
    v1::Command command;
    v1::ActionOptions options;
    std::string resource;  // for the audit of a refusal before the journal
    // Revision of the case or appeal that it is about: what a plan is pinned by. Empty: the
    // account's.
    std::string case_etag;
    // NextCase and NextAppeal: kinds asked for, and what is set aside for it.
    std::vector<int> kinds;
    std::string picked;
  };
  struct Acted {
    v1::ActionResponse response;
    std::uint64_t position = 0;  // of the command's record; 0 for a rehearsal
    bool repeat = false;         // the answer is of an earlier call
  };
  using ActionPtr = std::shared_ptr<Action>;
  using ActedDone = std::function<void(const absl::StatusOr<Acted>&)>;

  // The whole way of a mutating call: repeats are answered from flights and store, the target is
  // resolved, the command journalled (or rehearsed for validate_only), and `done` called after the
  // covering commit. What is refused before the journal is audited.
  void Act(const ActionPtr& action, const ActedDone& done);
  void Rehearse(const ActionPtr& action, const ActedDone& done);
  void RehearseAt(const std::string& etag, const ActionPtr& action, const ActedDone& done);
  // Journals the command, if its author is within the hourly limit of the role.
  void Submit(const ActionPtr& action, const ActedDone& done);
  // Audits `status` if it is a refusal, then calls `done` with it.
  void Refuse(const ActionPtr& action, const absl::Status& status, const ActedDone& done);
  // The answer that this request id got before: nullopt if none, REQUEST_ID_REUSED if it was given
  // to another request.
  [[nodiscard]] std::optional<absl::StatusOr<Acted>> StoredAnswer(const Action& action);
  [[nodiscard]] absl::StatusOr<Acted> ActedOf(const Action& action, const CommandOutcome& outcome);
  // Fills target_account, and refuses what is not there.
  [[nodiscard]] absl::Status ResolveTarget(Action* action);
  [[nodiscard]] absl::Status ResolveToken(std::string_view name);
  // Fills the role of who gets a case.
  [[nodiscard]] absl::Status ResolveAssignee(v1::AssignCaseRequest* request);
  // Finds the case that NextCase claims and sets it aside; Unpick gives it free again.
  [[nodiscard]] absl::Status PickNext(Action* action);
  void Unpick(Action* action);
  [[nodiscard]] absl::Status PickNextAppeal(Action* action);
  void FillView(const Call& call, const std::string& name, v1::CaseView* view, const Done& done);
  void FillOutlook(const Call& call, v1::CaseView* view, int next, const Done& done);
  [[nodiscard]] absl::Status ResolveServer(std::string_view name);

  // An appeal as things stand now.
  struct Advised {
    v1::Sanction sanction;
    std::optional<LiveAccount> account;
    PolicyPtr policy;
    v1::AppealRecommendation recommendation;
  };
  // Calls `next` with what the handbook says about the appeal, or `done` with what went wrong.
  void Advise(const v1::Appeal& appeal, const Done& done,
              const std::function<void(const Advised&)>& next);
  void FillAppealView(const Call& call, const std::string& name, v1::AppealView* view,
                      const Done& done);
  [[nodiscard]] absl::Status FillAppealContext(const Call& call, const Advised& advised,
                                               v1::AppealView* view);
  [[nodiscard]] absl::StatusOr<bool> LoginsBroke(const v1::Sanction& sanction);

  // What an action ends in that is answered as the engine answered.
  [[nodiscard]] static ActedDone Answers(v1::ActionResponse* response, const Done& done);
  // An action without its command's request: the caller puts it in.
  [[nodiscard]] ActionPtr NewAction(const Call& call, const google::protobuf::Message& request,
                                    std::string_view resource) const;
  // `request` is of a type that a command can hold.
  void ActPlainly(const Call& call, const google::protobuf::Message& request,
                  v1::ActionResponse* response, const Done& done);

  [[nodiscard]] absl::Status FinishAccount(const LiveAccount& live, const PolicyPtr& policy,
                                           v1::Account* account);
  [[nodiscard]] absl::StatusOr<std::string> TimelinePage(const v1::ListTimelineRequest& request,
                                                         v1::Role role,
                                                         v1::ListTimelineResponse* response);
  // True: it counts towards the page.
  using AddPosting = std::function<bool(const storage::StoredPosting& posting)>;
  // An account's history, newest first, tail and store together. Where to go on, empty: nowhere.
  [[nodiscard]] absl::StatusOr<std::string> HistoryPage(const std::string& account,
                                                        std::int64_t since_us, const PageSpec& page,
                                                        const AddPosting& add);
  // Everything that ListLogins says, up to `limit` logins.
  [[nodiscard]] absl::StatusOr<std::string> LoginPage(const std::string& account,
                                                      std::int64_t since_us, const PageSpec& page,
                                                      v1::ListLoginsResponse* response);
  [[nodiscard]] absl::Status AddOrigins(std::int64_t since_us, v1::TraceGoldResponse* response);
  [[nodiscard]] absl::Status FillExchanges(const std::string& account, std::int64_t since_us,
                                           v1::CheckExchangeResponse* response);
  [[nodiscard]] absl::StatusOr<storage::StoredPolicy> FindPolicy(std::string_view revision);
  void ActivatePolicy(const ActionPtr& action, const std::string& source,
                      v1::ApplyPolicyResponse* response, const Done& done);
  void ActivateLexicon(const ActionPtr& action, v1::ChangeLexiconResponse* response,
                       const Done& done);
  static void RehearsePolicy(const Glance& seen, const policy::CompiledPolicy& policy,
                             const v1::ActionOptions& options, v1::ApplyPolicyResponse* response,
                             const Done& done);

  // Every game server by name; `late_us` is how long a directive may wait.
  [[nodiscard]] absl::Status GatherServers(std::int64_t late_us,
                                           std::map<std::string, v1::Server>* servers);
  [[nodiscard]] absl::Status PlanReversal(const v1::ReverseServerRequest& request,
                                          v1::ActionResponse* response);
  [[nodiscard]] absl::Status FillExplanation(const std::string& name, const ExplainOptions& options,
                                             v1::ExplainSanctionResponse* response);
  void FillHealth(const Glance& seen, v1::Health* health);

  // What a look ends in: runs `next` on the pool with what it gave, or `done` with its error.
  [[nodiscard]] DeskCore::GlanceDone WithGlance(Done done, std::function<void(const Glance&)> next);

  storage::Store* const store_;
  DeskCore* const core_;
  WorkerPool* const pool_;
  const Artefacts* const artefacts_;
  const SpaceGuard* const space_;
  const AuditNotary* const notary_;
  LexiconShelf lexicons_;
  LongReads long_reads_;
  RequestIds request_ids_;
  Picks picks_;
  HourlyLimits hourly_limits_;
};

// What the timeline and the tail tell of a posting. `words` belong to it and may be empty.
[[nodiscard]] v1::TimelineEntry EntryOf(const storage::StoredPosting& posting, std::string words);

// The words of the player that belong to a posting: the nickname or signature that it tells of.
// Empty if there are none, they were erased, or `role` may not see them. Blocks.
[[nodiscard]] std::string WordsOf(storage::Store* store, const storage::StoredPosting& posting,
                                  v1::Role role);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_DESK_H_
