// case ls|show|close
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

absl::StatusOr<v1::Case> FetchCase(Context& context, const std::string& target) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<std::string> name = ResolveCase(context, target);
  if (!name.ok()) return name.status();
  v1::GetCaseRequest request;
  request.set_name(*name);
  absl::StatusOr<v1::Case> item = (*daemon)->GetCase(request);
  if (item.ok()) context.Remember({.account = item->account(), .sanction = item->hold_sanction()});
  return item;
}

std::string EvidenceWords(const v1::Evidence& one) {
  std::vector<std::string> parts;
  if (!one.surface().empty()) parts.push_back(Guard(one.surface()));
  if (!one.text().empty()) parts.push_back(EscapePlayerText(one.text()));
  if (!one.matched_entry().empty()) parts.push_back(Cat({"[", Guard(one.matched_entry()), "]"}));
  for (const v1::Measure& measure : one.measures()) {
    parts.push_back(Cat({Guard(measure.key()), "=", std::to_string(measure.value_milli() / 1000)}));
  }
  if (!one.table().empty()) parts.push_back(Cat({"table ", Guard(one.table())}));
  if (!one.hand().empty()) parts.push_back(Cat({"hand ", Guard(one.hand())}));
  if (!one.remark().empty()) parts.push_back(Guard(one.remark()));
  return Join(parts, "  ");
}

std::string FindingLines(const v1::Case& item, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::Finding& finding : item.findings()) {
    lines.push_back(Cat({Tinted(kTintBold, Guard(finding.detector())), "  ",
                         WordFor(Vocabulary::kCategory, finding.category(), look.catalogue()), "  ",
                         finding.has_create_time() ? look.Moment(finding.create_time()) : ""}));
    for (const v1::Evidence& one : finding.evidence())
      lines.push_back("+ " + EvidenceWords(one));
    for (const v1::Evidence& one : finding.counter_evidence()) {
      lines.push_back("- " + EvidenceWords(one));
    }
  }
  return Join(lines, "\n");
}

std::string CauseWords(const v1::Case& item, const Look& look) {
  const std::string key = Cat({"cause.", item.cause()});
  return look.catalogue().Has(key) ? look.catalogue().Text(key) : Guard(item.cause());
}

Pairs Describe(const v1::Case& item, const Look& look) {
  const Catalogue& text = look.catalogue();
  Pairs pairs;
  pairs.emplace_back(text.Text("case.id"),
                     Cat({Tinted(kTintBold, ShortId(item.name())), "  ",
                          WordFor(Vocabulary::kCaseState, item.state(), text)}));
  pairs.emplace_back(text.Text("case.account"), Guard(item.account()));
  pairs.emplace_back(text.Text("case.offence"),
                     WordFor(Vocabulary::kOffence, item.offence(), text));
  pairs.emplace_back(text.Text("case.opened"), Cat({look.Moment(item.create_time()), "  (",
                                                    look.Ago(item.create_time()), ")"}));
  pairs.emplace_back(text.Text("case.cause"), CauseWords(item, look));
  pairs.emplace_back(text.Text("case.rule"),
                     Cat({Guard(item.rule()), "  ", Guard(item.policy_revision())}));
  pairs.emplace_back(text.Text("case.findings"),
                     Cat({std::to_string(item.finding_count()), "\n", FindingLines(item, look)}));
  if (!item.hold_sanction().empty()) {
    pairs.emplace_back(text.Text("case.hold"), ShortId(item.hold_sanction()));
  }
  if (item.state() == v1::CASE_STATE_CLOSED) {
    pairs.emplace_back(text.Text("case.verdict"),
                       Cat({Guard(item.verdict()), "  ", ActorWord(item.closed_by(), look)}));
  } else {
    pairs.emplace_back(
        text.Text("case.next"),
        Tinted(kTintDim, text.Text("case.next_line", {{"id", ShortId(item.name())}})));
  }
  return pairs;
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
  const absl::StatusOr<v1::Case> item = FetchCase(context, context.args().At(0));
  if (!item.ok()) return item.status();
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(Describe(*item, context.look())));
    return absl::OkStatus();
  }
  Sheet sheet = CaseSheet();
  sheet.single = true;
  AddRow(sheet, *item, context.look());
  return context.Print(sheet);
}

absl::Status CommandCaseClose(Context& context) {
  const Args& args = context.args();
  // No default: a forgotten flag must neither punish nor acquit.
  if (args.Has("convict") == args.Has("dismiss")) return UsageProblem("err.case.verdict");
  const absl::StatusOr<v1::Case> item = FetchCase(context, args.At(0));
  if (!item.ok()) return item.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::CloseCaseRequest request;
  request.set_name(item->name());
  request.set_confirm(args.Has("convict"));
  Order order = MakeOrder(**daemon, "CloseCase", request, &Client::CloseCase);
  order.target = item->account();
  order.etag = std::to_string(item->revision());
  return GiveOrder(context, order);
}

}  // namespace hallwarden::gmctl
