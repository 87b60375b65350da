// case ls|show|close
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/case_view.h"
#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

absl::StatusOr<v1::CaseView> FetchCase(Context& context, const std::string& target) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<std::string> name = ResolveCase(context, target);
  if (!name.ok()) return name.status();
  v1::GetCaseViewRequest request;
  request.set_name(*name);
  absl::StatusOr<v1::CaseView> view = (*daemon)->GetCaseView(request);
  if (view.ok()) {
    const v1::Case& item = view->case_record();
    context.Remember({.account = item.account(), .sanction = item.hold_sanction()});
  }
  return view;
}

}  // namespace

absl::Status CommandCaseList(Context& context) {
  v1::ListCasesRequest request;
  request.set_parent(AccountName("-"));
  if (!context.args().positionals().empty()) {
    const absl::StatusOr<std::string> account = ResolveAccount(context, context.args().At(0));
    if (!account.ok()) return account.status();
    request.set_parent(AccountName(*account));
  }
  request.set_include_closed(context.args().Has("closed"));
  return PrintPages(
      context, CaseSheet(), request, &Client::ListCases,
      [](const auto& page) -> const auto& { return page.cases(); });
}

absl::Status CommandCaseShow(Context& context) {
  const absl::StatusOr<v1::CaseView> view = FetchCase(context, context.args().At(0));
  if (!view.ok()) return view.status();
  return PrintCaseView(context, *view);
}

absl::Status CommandCaseClose(Context& context) {
  const Args& args = context.args();
  // No default: a forgotten flag must neither punish nor acquit.
  constexpr std::pair<std::string_view, v1::CaseVerdict> kVerdicts[] = {
      {"convict", v1::CASE_VERDICT_CONFIRMED},   {"dismiss", v1::CASE_VERDICT_DISMISSED},
      {"no-action", v1::CASE_VERDICT_NO_ACTION}, {"founded", v1::CASE_VERDICT_FOUNDED},
      {"unfounded", v1::CASE_VERDICT_UNFOUNDED},
  };
  v1::DecideCaseRequest request;
  int given = 0;
  for (const auto& [flag, verdict] : kVerdicts) {
    if (!args.Has(flag)) continue;
    request.set_verdict(verdict);
    ++given;
  }
  if (given != 1) return UsageProblem("err.case.verdict");
  const absl::StatusOr<int> rung = ReadCount(context, "rung", 1, 100, 0);
  if (!rung.ok()) return rung.status();
  request.set_rung(*rung);
  request.set_deviation_reason(args.Get("why"));
  if (args.Has("severity")) {
    const absl::StatusOr<int> severity = ReadWord(Vocabulary::kSeverity, args.Get("severity"));
    if (!severity.ok()) return severity.status();
    request.set_severity(static_cast<v1::Severity>(*severity));
  }
  for (const std::string& account : args.All("spare"))
    request.add_spared_accounts(account);
  const absl::StatusOr<v1::CaseView> view = FetchCase(context, args.At(0));
  if (!view.ok()) return view.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  request.set_name(view->case_record().name());
  Order order = MakeOrder(**daemon, "DecideCase", request, &Client::DecideCase);
  order.target = view->case_record().account();
  order.etag = view->etag();
  return GiveOrder(context, order);
}

}  // namespace hallwarden::gmctl
