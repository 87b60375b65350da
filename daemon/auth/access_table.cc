#include "daemon/auth/access_table.h"

#include <algorithm>
#include <array>

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr RoleMask Bit(v1::Role role) {
  return static_cast<RoleMask>(1U << static_cast<unsigned>(role));
}

template <class... Roles>
constexpr RoleMask Of(Roles... roles) {
  return static_cast<RoleMask>((0U | ... | static_cast<unsigned>(roles)));
}

constexpr RoleMask kViewer = Bit(v1::ROLE_VIEWER);
constexpr RoleMask kGm = Bit(v1::ROLE_GM);
constexpr RoleMask kSenior = Bit(v1::ROLE_SENIOR_GM);
constexpr RoleMask kAppeal = Bit(v1::ROLE_APPEAL_AGENT);
constexpr RoleMask kLead = Bit(v1::ROLE_LEAD);
constexpr RoleMask kAdmin = Bit(v1::ROLE_ADMIN);
constexpr RoleMask kServer = Bit(v1::ROLE_GAME_SERVER);

// Groups that the table is written in.
constexpr RoleMask kPeople = Of(kViewer, kGm, kSenior, kAppeal, kLead, kAdmin);
// Act on accounts, each within the limits that the policy gives his role.
constexpr RoleMask kDesk = Of(kGm, kSenior, kLead, kAdmin);
constexpr RoleMask kDeskAndAppeals = Of(kDesk, kAppeal);
// Answer for others.
constexpr RoleMask kSupervisors = Of(kSenior, kLead, kAdmin);
constexpr RoleMask kLeads = Of(kLead, kAdmin);

constexpr bool kReads = false;
constexpr bool kMutates = true;

// Sorted by method; a test compares it with the descriptors of the services.
constexpr auto kTable = std::to_array<Access>({
    {"AppealService.ClaimAppeal", kDeskAndAppeals, kMutates},
    {"AppealService.CreateAppealMessage", Of(kDeskAndAppeals, kServer), kMutates},
    {"AppealService.CreateAppealNote", kDeskAndAppeals, kMutates},
    {"AppealService.DecideAppeal", kDeskAndAppeals, kMutates},
    {"AppealService.GetAppeal", Of(kPeople, kServer), kReads},
    {"AppealService.GetAppealView", kPeople, kReads},
    {"AppealService.ListAppeals", kPeople, kReads},
    {"AppealService.ListCannedReplies", kPeople, kReads},
    {"AppealService.NextAppeal", Of(kSupervisors, kAppeal), kMutates},
    {"AppealService.ReleaseAppeal", kDeskAndAppeals, kMutates},
    {"AppealService.SubmitAppeal", Of(kDeskAndAppeals, kServer), kMutates},
    {"AppealService.WithdrawAppeal", Of(kDeskAndAppeals, kServer), kMutates},
    {"BankService.AddBankEntries", kSupervisors, kMutates},
    {"BankService.ListBankEntries", kPeople, kReads},
    {"BankService.RemoveBankEntries", kSupervisors, kMutates},
    {"BankService.TestBanks", kDesk, kReads},
    {"CaseService.AssignCase", kDesk, kMutates},
    {"CaseService.ClaimCase", kDesk, kMutates},
    {"CaseService.CreateCaseNote", kDeskAndAppeals, kMutates},
    {"CaseService.DecideCase", kDesk, kMutates},
    {"CaseService.EscalateCase", kDesk, kMutates},
    {"CaseService.GetCaseView", kPeople, kReads},
    {"CaseService.ListCaseLog", kPeople, kReads},
    {"CaseService.ListQueue", kPeople, kReads},
    {"CaseService.MergeCase", kDesk, kMutates},
    {"CaseService.NextCase", kDesk, kMutates},
    {"CaseService.OpenCase", kDeskAndAppeals, kMutates},
    {"CaseService.ReferCase", kDesk, kMutates},
    {"CaseService.ReleaseCase", kDesk, kMutates},
    {"CaseService.ReopenCase", kSupervisors, kMutates},
    {"CaseService.ReturnCase", kDeskAndAppeals, kMutates},
    {"GateService.CheckAccount", kServer, kReads},
    {"GateService.WatchSanctions", kServer, kReads},
    {"GmService.AcceptClock", kAdmin, kMutates},
    {"GmService.AcceptRestore", kAdmin, kMutates},
    {"GmService.ApplyPolicy", kAdmin, kMutates},
    {"GmService.CheckPermission", kPeople, kReads},
    {"GmService.CloseCase", kDesk, kMutates},
    {"GmService.CreateNote", kDeskAndAppeals, kMutates},
    {"GmService.CreateSanction", kDesk, kMutates},
    {"GmService.CreateToken", kAdmin, kMutates},
    {"GmService.ExplainSanction", kPeople, kReads},
    {"GmService.GetAccount", kPeople, kReads},
    {"GmService.GetAuditRecord", kSupervisors, kReads},
    {"GmService.GetCase", kPeople, kReads},
    {"GmService.GetHealth", kPeople, kReads},
    {"GmService.GetPolicy", kPeople, kReads},
    {"GmService.GetSanction", kPeople, kReads},
    {"GmService.GetServer", kPeople, kReads},
    {"GmService.ImportPartners", kAdmin, kMutates},
    {"GmService.KickAccount", kDesk, kMutates},
    {"GmService.LiftSanction", kDeskAndAppeals, kMutates},
    {"GmService.ListAuditEntries", kSupervisors, kReads},
    {"GmService.ListAuditRecords", kSupervisors, kReads},
    {"GmService.ListCases", kPeople, kReads},
    {"GmService.ListCaused", kPeople, kReads},
    {"GmService.ListPartners", kPeople, kReads},
    {"GmService.ListPolicies", kPeople, kReads},
    {"GmService.ListRules", kPeople, kReads},
    {"GmService.ListSanctions", kPeople, kReads},
    {"GmService.ListServers", kPeople, kReads},
    {"GmService.ListTimeline", kPeople, kReads},
    {"GmService.ListTokens", kLeads, kReads},
    {"GmService.PunishAccount", kDesk, kMutates},
    {"GmService.QuarantineServer", kSupervisors, kMutates},
    {"GmService.ReinstateSanction", kSupervisors, kMutates},
    {"GmService.ReleaseRule", kLeads, kMutates},
    {"GmService.ReleaseServer", kLeads, kMutates},
    {"GmService.ResetProfile", kDesk, kMutates},
    {"GmService.RetireServer", kLeads, kMutates},
    {"GmService.ReverseServer", kLeads, kMutates},
    {"GmService.RevokeToken", kLeads, kMutates},
    {"GmService.SearchAccounts", kPeople, kReads},
    {"GmService.Tail", kPeople, kReads},
    {"GmService.UndoAction", kDeskAndAppeals, kMutates},
    {"GmService.WhoAmI", Of(kPeople, kServer), kReads},
    {"HallService.Session", kServer, kReads},
    {"RecoveryService.CheckExchange", kPeople, kReads},
    {"RecoveryService.GetHandRecord", kPeople, kReads},
    {"RecoveryService.ListLogins", kPeople, kReads},
    {"RecoveryService.TraceGold", kDesk, kReads},
    {"StatsService.GetDeskReport", kDesk, kReads},
    {"TextService.BacktestLexicon", kSupervisors, kReads},
    {"TextService.ChangeLexicon", kSupervisors, kMutates},
    {"TextService.ExplainText", kPeople, kReads},
    {"TextService.ExportLexicon", kPeople, kReads},
    {"TextService.GetLexicon", kPeople, kReads},
    {"TextService.GetLexiconEntry", kPeople, kReads},
    {"TextService.ListLexiconEntries", kPeople, kReads},
    {"TextService.RescreenNames", kSupervisors, kMutates},
    {"TextService.StageLexicon", kSupervisors, kReads},
    {"TextService.TestLexicon", kPeople, kReads},
});

}  // namespace

std::span<const Access> AccessTable() {
  return kTable;
}

const Access* FindAccess(std::string_view method) {
  constexpr std::string_view kPackage = "hallwarden.v1.";
  std::string name(method);
  if (name.starts_with('/')) {
    name.erase(0, 1);
    std::replace(name.begin(), name.end(), '/', '.');
  }
  if (name.starts_with(kPackage)) name.erase(0, kPackage.size());
  const auto* found = std::lower_bound(
      kTable.begin(), kTable.end(), name,
      [](const Access& access, const std::string& key) { return access.method < key; });
  return found != kTable.end() && found->method == name ? found : nullptr;
}

bool RoleIn(v1::Role role, RoleMask roles) {
  return role > v1::ROLE_UNSPECIFIED && role < v1::Role_ARRAYSIZE && (roles & Bit(role)) != 0;
}

std::vector<v1::Role> RolesOf(RoleMask roles) {
  std::vector<v1::Role> out;
  for (int number = 1; number < v1::Role_ARRAYSIZE; ++number) {
    const auto role = static_cast<v1::Role>(number);
    if (RoleIn(role, roles)) out.push_back(role);
  }
  return out;
}

absl::Status Authorize(std::string_view method, const Principal& principal) {
  const Access* access = FindAccess(method);
  if (access != nullptr && RoleIn(principal.role, access->roles)) return absl::OkStatus();
  std::string allowed;
  if (access != nullptr) {
    for (const v1::Role role : RolesOf(access->roles)) {
      if (!allowed.empty()) allowed += ',';
      allowed += v1::Role_Name(role);
    }
  }
  const std::string name(access != nullptr ? access->method : method);
  const std::string role = v1::Role_Name(principal.role);
  return RefusalStatus(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                       role + " may not call " + name + "; roles that may: " + allowed,
                       {{"role", role}, {"method", name}, {"roles", allowed}});
}

bool MaySeeText(v1::Role role) {
  return RoleIn(role, kDeskAndAppeals);
}

bool MaySeeOrigins(v1::Role role) {
  return RoleIn(role, kSupervisors);
}

}  // namespace hallwarden::daemon
