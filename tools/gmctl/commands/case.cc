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

using Pairs = std::vector<std::pair<std::string, std::string>>;

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

std::string PlanWords(const google::protobuf::RepeatedPtrField<v1::PlanLine>& lines,
                      const Look& look) {
  std::vector<std::string> words;
  for (const v1::PlanLine& line : lines) {
    if (line.key() == "case" || line.key() == "enforces") continue;
    const std::string before = look.catalogue().Text(line.before());
    const std::string after = look.catalogue().Text(line.after());
    words.push_back(before.empty() ? after : Cat({before, " -> ", after}));
  }
  return Join(words, "  ");
}

// Everybody else it is about, each with what a confirmation would do to him.
std::string LinkedLines(const v1::CaseView& view, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::LinkedAccount& linked : view.linked()) {
    lines.push_back(Cat({Guard(linked.account()), "  ", std::to_string(linked.gold()), "  ",
                         PlanWords(linked.outlook(), look)}));
  }
  return Join(lines, "\n");
}

Pairs DescribeView(const v1::CaseView& view, const Look& look) {
  const Catalogue& text = look.catalogue();
  const v1::Case& item = view.case_record();
  Pairs pairs = Describe(item, look);
  // What to do next stays the last line.
  Pairs next;
  if (item.state() != v1::CASE_STATE_CLOSED && !pairs.empty()) {
    next.push_back(pairs.back());
    pairs.pop_back();
  }
  pairs.emplace_back(text.Text("case.kind"), WordFor(Vocabulary::kCaseKind, item.kind(), text));
  if (item.has_due_time()) {
    pairs.emplace_back(text.Text("case.due"), look.Moment(item.due_time()));
  }
  if (item.has_claim()) {
    pairs.emplace_back(text.Text("case.holder"), Cat({Guard(item.claim().principal()), "  ",
                                                      look.Moment(item.claim().lease_end_time())}));
  }
  if (item.has_referral()) {
    pairs.emplace_back(
        text.Text("case.department"),
        Cat({Guard(item.referral().department()), "  ", Guard(item.referral().waits_for()), "  ",
             look.Moment(item.referral().until_time())}));
  }
  if (!item.text().empty()) {
    pairs.emplace_back(text.Text("case.text"), EscapePlayerText(item.text()));
  }
  for (const v1::CaseReport& report : item.reports()) {
    pairs.emplace_back(text.Text("case.report"),
                       Cat({Guard(report.reporter()), "  ", EscapePlayerText(report.text())}));
  }
  for (const v1::CaseNote& note : item.notes()) {
    pairs.emplace_back(text.Text("case.note"),
                       Cat({ActorWord(note.actor(), look), "  ", EscapePlayerText(note.text())}));
  }
  if (!view.linked().empty()) {
    pairs.emplace_back(text.Text("case.ring"), LinkedLines(view, look));
  }
  if (!view.outlook().empty()) {
    pairs.emplace_back(text.Text("case.outlook"), PlanWords(view.outlook(), look));
  }
  if (view.has_obstacle()) {
    pairs.emplace_back(text.Text("case.obstacle"), text.Text(view.obstacle()));
  }
  pairs.insert(pairs.end(), next.begin(), next.end());
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

absl::Status PrintCaseView(Context& context, const v1::CaseView& view) {
  const v1::Case& item = view.case_record();
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(DescribeView(view, context.look())));
    return absl::OkStatus();
  }
  Sheet sheet = CaseSheet();
  sheet.single = true;
  AddRow(sheet, item, context.look());
  sheet.rows.back().value = Value::FromMessage(view, context.look().zone());
  return context.Print(sheet);
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
