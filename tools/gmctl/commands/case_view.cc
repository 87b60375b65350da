#include "tools/gmctl/commands/case_view.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/dossier_view.h"
#include "tools/gmctl/escape.h"
#include "tools/gmctl/evidence_words.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

std::string CauseWords(const v1::Case& item, const Look& look) {
  const std::string key = Cat({"cause.", item.cause()});
  return look.catalogue().Has(key) ? look.catalogue().Text(key) : Guard(item.cause());
}

// What it is, where it stands, who has it.
void AddHead(const v1::CaseView& view, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  const v1::Case& item = view.case_record();
  const bool misconduct = item.offence() != v1::OFFENCE_UNSPECIFIED;
  pairs->emplace_back(text.Text("case.id"),
                      Cat({Tinted(kTintBold, ShortId(item.name())), "  ",
                           misconduct ? WordFor(Vocabulary::kOffence, item.offence(), text)
                                      : WordFor(Vocabulary::kCaseKind, item.kind(), text),
                           "  ", WordFor(Vocabulary::kCaseState, item.state(), text)}));
  pairs->emplace_back(text.Text("case.opened"), Cat({look.Moment(item.create_time()), "  (",
                                                     look.Ago(item.create_time()), ")"}));
  if (item.has_due_time() && item.state() != v1::CASE_STATE_CLOSED) {
    const std::string due = look.Moment(item.due_time());
    pairs->emplace_back(
        text.Text("case.due"),
        view.overdue() ? Tinted(kTintRed, text.Text("queue.overdue", {{"when", due}})) : due);
  }
  if (item.has_claim()) {
    pairs->emplace_back(
        text.Text("case.holder"),
        text.Text("case.holder_line", {{"who", Guard(item.claim().principal())},
                                       {"until", look.Moment(item.claim().lease_end_time())}}));
  }
  if (item.has_referral()) {
    pairs->emplace_back(
        text.Text("case.department"),
        Cat({Guard(item.referral().department()), "  ", Guard(item.referral().waits_for()), "  ",
             look.Moment(item.referral().until_time())}));
  }
}

// What was said about it, by whom.
void AddWords(const v1::Case& item, const Look& look, bool explain, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  pairs->emplace_back(text.Text("case.cause"), CauseWords(item, look));
  if (!item.rule().empty()) {
    pairs->emplace_back(text.Text("case.rule"),
                        Cat({Guard(item.rule()), "  ", Guard(item.policy_revision())}));
  }
  if (!item.text().empty()) {
    pairs->emplace_back(text.Text("case.text"), EscapePlayerText(item.text()));
  }
  for (const v1::CaseReport& report : item.reports()) {
    pairs->emplace_back(text.Text("case.report"),
                        Cat({Guard(report.reporter()), "  ", EscapePlayerText(report.text())}));
  }
  for (const v1::CaseNote& note : item.notes()) {
    pairs->emplace_back(text.Text("case.note"),
                        Cat({ActorWord(note.actor(), look), "  ", EscapePlayerText(note.text())}));
  }
  for (const v1::Finding& finding : item.findings())
    pairs->emplace_back(text.Text("case.finding"), FindingWords(finding, look, explain));
  if (item.finding_count() > item.findings_size()) {
    pairs->emplace_back(
        text.Text("case.findings"),
        text.Text("case.findings_line", {{"all", std::to_string(item.finding_count())},
                                         {"shown", std::to_string(item.findings_size())}}));
  }
  if (!item.hold_sanction().empty()) {
    pairs->emplace_back(text.Text("case.hold"), ShortId(item.hold_sanction()));
  }
}

// What a confirmation would do: the rung, and the end of what it forbids.
std::string PlanWords(const google::protobuf::RepeatedPtrField<v1::PlanLine>& lines,
                      const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> words;
  for (const v1::PlanLine& line : lines) {
    if (line.key() == "case" || line.key() == "enforces" || line.key() == "ring") continue;
    const std::string key = Cat({"plan.", line.key()});
    const std::string title = text.Has(key) ? text.Text(key) : Guard(line.key());
    const std::string before = text.Text(line.before());
    const std::string after = text.Text(line.after());
    words.push_back(Cat({title, " ", before.empty() ? after : Cat({before, " -> ", after})}));
  }
  return Join(words, "  ");
}

// Everybody else it is about: what he does in it, what links him, what a confirmation would do.
std::string LinkedLines(const v1::CaseView& view, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> lines;
  for (const v1::LinkedAccount& linked : view.linked()) {
    std::vector<std::string> parts = {Guard(linked.account())};
    parts.push_back(WordFor(Vocabulary::kRingRole, linked.role(), text));
    parts.push_back(WordFor(Vocabulary::kAccountClass, linked.account_class(), text));
    if (linked.gold() > 0) {
      parts.push_back(text.Text("case.gave", {{"gold", std::to_string(linked.gold())}}));
    } else if (linked.gold() < 0) {
      parts.push_back(text.Text("case.got", {{"gold", std::to_string(-linked.gold())}}));
    }
    for (const int link : linked.links())
      parts.push_back(WordFor(Vocabulary::kRegistrationLink, link, text));
    if (linked.sanction_count() > 0) {
      parts.push_back(
          text.Text("case.sanctions_before", {{"count", std::to_string(linked.sanction_count())}}));
    }
    const std::string plan = PlanWords(linked.outlook(), look);
    if (!plan.empty()) parts.push_back(Cat({"=> ", plan}));
    lines.push_back(Join(parts, "  "));
  }
  return Join(lines, "\n");
}

std::string VerdictWords(const v1::Case& item, const Look& look) {
  std::vector<std::string> parts;
  // A case that was closed before verdicts had kinds has only the words.
  parts.push_back(item.case_verdict() == v1::CASE_VERDICT_UNSPECIFIED
                      ? Guard(item.verdict())
                      : WordFor(Vocabulary::kCaseVerdict, item.case_verdict(), look.catalogue()));
  parts.push_back(ActorWord(item.closed_by(), look));
  if (item.has_close_time()) parts.push_back(look.Moment(item.close_time()));
  if (!item.verdict_reason().empty()) parts.push_back(Guard(item.verdict_reason()));
  if (!item.merged_into().empty()) parts.push_back(ShortId(item.merged_into()));
  for (const std::string& sanction : item.sanctions())
    parts.push_back(ShortId(sanction));
  return Join(parts, "  ");
}

void AddEnd(const v1::CaseView& view, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  const v1::Case& item = view.case_record();
  if (item.state() == v1::CASE_STATE_CLOSED) {
    pairs->emplace_back(text.Text("case.verdict"), VerdictWords(item, look));
    return;
  }
  if (!view.outlook().empty()) {
    pairs->emplace_back(text.Text("case.outlook"), PlanWords(view.outlook(), look));
  }
  if (view.has_obstacle()) {
    pairs->emplace_back(text.Text("case.obstacle"), text.Text(view.obstacle()));
  }
  const std::string_view next = item.has_claim() ? "case.next_decide" : "case.next_claim";
  const std::string_view verdicts = item.offence() != v1::OFFENCE_UNSPECIFIED
                                        ? "--convict | --dismiss | --no-action"
                                        : "--founded | --unfounded | --no-action";
  pairs->emplace_back(text.Text("case.next"),
                      Tinted(kTintDim, text.Text(next, {{"id", ShortId(item.name())},
                                                        {"verdicts", std::string(verdicts)}})));
}

Pairs DescribeView(const v1::CaseView& view, const Look& look, bool explain) {
  Pairs pairs;
  AddHead(view, look, &pairs);
  AddWords(view.case_record(), look, explain, &pairs);
  if (view.has_account()) {
    for (auto& line : ShortDossier(view.account(), look))
      pairs.push_back(std::move(line));
  } else {
    pairs.emplace_back(look.catalogue().Text("case.account"), Guard(view.case_record().account()));
  }
  if (!view.linked().empty()) {
    pairs.emplace_back(look.catalogue().Text("case.ring"), LinkedLines(view, look));
  }
  AddEnd(view, look, &pairs);
  return pairs;
}

}  // namespace

absl::Status PrintCaseView(Context& context, const v1::CaseView& view) {
  const v1::Case& item = view.case_record();
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(DescribeView(view, context.look(), context.args().Has("explain"))));
    return absl::OkStatus();
  }
  Sheet sheet = CaseSheet();
  sheet.single = true;
  AddRow(sheet, item, context.look());
  sheet.rows.back().value = Value::FromMessage(view, context.look().zone());
  return context.Print(sheet);
}

}  // namespace hallwarden::gmctl
