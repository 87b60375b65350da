#include "tools/gmctl/targets.h"

#include <optional>
#include <string_view>

#include "tools/gmctl/problem.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kCandidatesShown = 20;
constexpr std::size_t kLongestAccount = 64;

bool IsAccountId(std::string_view text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-";
  return !text.empty() && text.size() <= kLongestAccount &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// What stands behind `prefix`, or nothing.
std::optional<std::string> Behind(std::string_view prefix, const std::string& target) {
  if (!target.starts_with(prefix)) return std::nullopt;
  return target.substr(prefix.size());
}

// A list of candidates is talk: whoever reads the output of a script must not take it for data.
void ShowCandidates(Context& context, const Sheet& sheet) {
  SheetStyle style;
  style.format = Format::kTable;
  const absl::StatusOr<std::string> text = PrintSheet(sheet, style, context.catalogue());
  if (text.ok()) context.Prompt(*text);
}

absl::StatusOr<std::string> FindByNickname(Context& context, const std::string& nickname) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::SearchAccountsRequest request;
  // So that an escaped name can be copied from a screen.
  request.set_nickname(UnescapePlayerText(nickname).value_or(nickname));
  request.set_page_size(kCandidatesShown);
  const auto answer = (*daemon)->SearchAccounts(request);
  if (!answer.ok()) return answer.status();
  if (answer->accounts_size() == 0) {
    return Problem(ExitCode::kNotFound, "err.target.no_name", {{"name", nickname}});
  }
  if (answer->accounts_size() == 1 && answer->next_page_token().empty()) {
    return answer->accounts(0).account();
  }
  Sheet sheet = AccountSheet();
  for (const v1::Account& account : answer->accounts())
    AddRow(sheet, account, context.look());
  ShowCandidates(context, sheet);
  const std::string more = answer->next_page_token().empty() ? "" : "+";
  return Problem(ExitCode::kNotFound, "err.target.ambiguous",
                 {{"name", nickname}, {"count", std::to_string(answer->accounts_size()) + more}});
}

absl::StatusOr<v1::Sanction> GetSanction(Context& context, const std::string& id) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetSanctionRequest request;
  request.set_name(id.starts_with("sanctions/") ? id : "sanctions/" + id);
  absl::StatusOr<v1::Sanction> sanction = (*daemon)->GetSanction(request);
  if (sanction.ok()) {
    context.Remember({.account = sanction->account(), .sanction = sanction->name()});
  }
  return sanction;
}

absl::StatusOr<std::string> AccountOfCase(Context& context, const std::string& id) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetCaseRequest request;
  request.set_name(id.starts_with("cases/") ? id : "cases/" + id);
  const auto item = (*daemon)->GetCase(request);
  if (!item.ok()) return item.status();
  return item->account();
}

bool IsCaseTarget(const std::string& target) {
  return target.starts_with("cs_") || target.starts_with("cases/");
}

absl::StatusOr<std::string> ReadAccount(Context& context, const std::string& target) {
  if (const auto name = Behind("name:", target)) {
    if (name->empty()) return UsageProblem("err.target.syntax", {{"target", target}});
    return FindByNickname(context, *name);
  }
  if (IsSanctionTarget(target)) {
    const absl::StatusOr<v1::Sanction> sanction = GetSanction(context, target);
    if (!sanction.ok()) return sanction.status();
    return sanction->account();
  }
  if (IsCaseTarget(target)) return AccountOfCase(context, target);
  if (target == "@last") {
    const std::string last = context.state().Last(context.server()).account;
    if (last.empty()) return Problem(ExitCode::kNotFound, "err.target.no_last");
    return last;
  }
  std::string id = target;
  for (const std::string_view prefix : {"uid:", "accounts/"}) {
    id = Behind(prefix, id).value_or(id);
  }
  if (!IsAccountId(id)) return UsageProblem("err.target.syntax", {{"target", target}});
  return id;
}

absl::StatusOr<v1::Sanction> OnlySanctionInForce(Context& context, const std::string& account) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ListSanctionsRequest request;
  request.set_parent(AccountName(account));
  request.add_states(v1::SANCTION_STATE_PENDING);
  request.add_states(v1::SANCTION_STATE_ACTIVE);
  request.set_page_size(kCandidatesShown);
  const auto answer = (*daemon)->ListSanctions(request);
  if (!answer.ok()) return answer.status();
  if (answer->sanctions_size() == 0) {
    return Problem(ExitCode::kNotFound, "err.target.no_sanction", {{"account", account}});
  }
  if (answer->sanctions_size() > 1) {
    Sheet sheet = SanctionSheet();
    for (const v1::Sanction& one : answer->sanctions())
      AddRow(sheet, one, context.look());
    ShowCandidates(context, sheet);
    return Problem(ExitCode::kNotFound, "err.target.many_sanctions", {{"account", account}});
  }
  context.Remember({.account = account, .sanction = answer->sanctions(0).name()});
  return answer->sanctions(0);
}

}  // namespace

bool IsSanctionTarget(const std::string& target) {
  return target.starts_with("sn_") || target.starts_with("sanctions/");
}

std::string AccountName(const std::string& account) {
  return "accounts/" + account;
}

absl::StatusOr<std::string> ResolveAccount(Context& context, const std::string& target) {
  // The server is known only after this, and @last depends on it.
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  absl::StatusOr<std::string> account = ReadAccount(context, target);
  if (account.ok()) context.Remember({.account = *account, .sanction = ""});
  return account;
}

absl::StatusOr<v1::Sanction> ResolveSanction(Context& context, const std::string& target) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  if (target == "@last") {
    const LastSpokenOf last = context.state().Last(context.server());
    if (!last.sanction.empty()) return GetSanction(context, last.sanction);
  }
  if (IsSanctionTarget(target)) return GetSanction(context, target);
  const absl::StatusOr<std::string> account = ResolveAccount(context, target);
  if (!account.ok()) return account.status();
  return OnlySanctionInForce(context, *account);
}

absl::StatusOr<std::string> ResolveCase(Context& context, const std::string& target) {
  if (target.starts_with("cases/")) return target;
  if (target.starts_with("cs_")) return "cases/" + target;
  const absl::StatusOr<std::string> account = ResolveAccount(context, target);
  if (!account.ok()) return account.status();
  v1::ListCasesRequest request;
  request.set_parent(AccountName(*account));
  request.set_page_size(kCandidatesShown);
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const auto answer = (*daemon)->ListCases(request);
  if (!answer.ok()) return answer.status();
  if (answer->cases_size() == 1) return answer->cases(0).name();
  Sheet sheet = CaseSheet();
  for (const v1::Case& item : answer->cases())
    AddRow(sheet, item, context.look());
  if (!sheet.rows.empty()) ShowCandidates(context, sheet);
  return Problem(ExitCode::kNotFound,
                 sheet.rows.empty() ? "err.target.no_case" : "err.target.many_cases",
                 {{"account", *account}});
}

}  // namespace hallwarden::gmctl
