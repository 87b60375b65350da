// lift, undo, sanction ls|get|explain
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/dossier_view.h"
#include "tools/gmctl/evidence_words.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

std::string StepWords(const v1::Sanction& sanction, const Look& look) {
  const v1::LadderStep& step = sanction.step();
  if (step.ladder().empty()) return look.catalogue().Text("sanction.by_hand");
  return Cat({Guard(step.ladder()), "  ", std::to_string(step.from_rung()), " -> ",
              std::to_string(step.to_rung()), " / ", std::to_string(step.rung_count())});
}

std::string PriorLines(const v1::Sanction& sanction, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> lines;
  for (const v1::CountedPrior& prior : sanction.step().priors()) {
    const std::string key = Cat({"prior.", prior.reason()});
    const std::string why = text.Has(key) ? text.Text(key) : Guard(prior.reason());
    lines.push_back(Cat({ShortId(prior.sanction()), "  ", look.Moment(prior.create_time()), "  ",
                         text.Text(prior.counted() ? "sanction.counted" : "sanction.not_counted"),
                         " (", why, ")"}));
  }
  return Join(lines, "\n");
}

std::string ReductionLines(const v1::Sanction& sanction, const Look& look) {
  const Catalogue& text = look.catalogue();
  const auto term = [&](bool has, const google::protobuf::Duration& duration) {
    return has ? look.Term(duration) : text.Text("word.for_ever");
  };
  std::vector<std::string> lines;
  for (const v1::Reduction& reduction : sanction.reductions()) {
    lines.push_back(text.Text(
        "sanction.reduced_line",
        {{"when", look.Moment(reduction.create_time())},
         {"who", ActorWord(reduction.actor(), look)},
         {"before", term(reduction.has_term_before(), reduction.term_before())},
         {"after",
          Cat({term(reduction.has_term_after(), reduction.term_after()), "  ",
               WordsFor(Vocabulary::kCapability, reduction.capabilities_after(), text)})}}));
  }
  return Join(lines, "\n");
}

void Add(Pairs& pairs, const Look& look, std::string_view key, std::string value) {
  if (!value.empty()) pairs.emplace_back(look.catalogue().Text(key), std::move(value));
}

Pairs Describe(const v1::Sanction& sanction, const Look& look) {
  const Catalogue& text = look.catalogue();
  Pairs pairs;
  Add(pairs, look, "sanction.id", Tinted(kTintBold, ShortId(sanction.name())));
  Add(pairs, look, "sanction.account", Guard(sanction.account()));
  Add(pairs, look, "sanction.offence", WordFor(Vocabulary::kOffence, sanction.offence(), text));
  Add(pairs, look, "sanction.effect", EffectWords(sanction, look));
  Add(pairs, look, "sanction.state",
      Cat({WordFor(Vocabulary::kState, sanction.state(), text), "  ", TermWords(sanction, look)}));
  Add(pairs, look, "sanction.step", StepWords(sanction, look));
  Add(pairs, look, "sanction.priors", PriorLines(sanction, look));
  Add(pairs, look, "sanction.by",
      Cat({ActorWord(sanction.actor(), look), "  ", look.Moment(sanction.create_time())}));
  Add(pairs, look, "sanction.reason", Guard(sanction.reason()));
  Add(pairs, look, "sanction.rule",
      Cat({Guard(sanction.rule()), "  ", Guard(sanction.policy_revision())}));
  Add(pairs, look, "sanction.evidence", EvidenceLines(sanction.finding(), look));
  Add(pairs, look, "sanction.notice", text.Text(sanction.notice()));
  Add(pairs, look, "sanction.seen",
      sanction.has_seen_time() ? look.Moment(sanction.seen_time()) : text.Text("word.no"));
  Add(pairs, look, "sanction.counts", text.Text(sanction.counted() ? "word.yes" : "word.no"));
  Add(pairs, look, "sanction.enforced", text.Text(sanction.enforced() ? "word.yes" : "word.no"));
  if (sanction.has_lift()) {
    Add(pairs, look, "sanction.lift",
        Cat({WordFor(Vocabulary::kDisposition, sanction.lift().disposition(), text), "  ",
             ActorWord(sanction.lift().actor(), look), "  ",
             look.Moment(sanction.lift().lift_time()), "  ", Guard(sanction.lift().reason())}));
  }
  Add(pairs, look, "sanction.reduced", ReductionLines(sanction, look));
  Add(pairs, look, "sanction.case", ShortId(sanction.case_name()));
  Add(pairs, look, "sanction.appeal", ShortId(sanction.appeal()));
  return pairs;
}

std::string DirectiveLines(const v1::ExplainSanctionResponse& answer, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> lines;
  for (const v1::DirectiveStatus& one : answer.directives()) {
    const std::string outcome = one.outcome() == v1::DIRECTIVE_OUTCOME_UNSPECIFIED
                                    ? text.Text("sanction.unanswered")
                                    : WordFor(Vocabulary::kOutcome, one.outcome(), text);
    lines.push_back(Cat({Guard(one.server()), " #", std::to_string(one.directive_seq()), "  ",
                         Guard(one.action()), "  ", outcome, one.detail().empty() ? "" : "  ",
                         Guard(one.detail())}));
  }
  return Join(lines, "\n");
}

}  // namespace

absl::Status CommandLift(Context& context) {
  if (!context.args().Has("as")) {
    return UsageProblem(
        "err.args.flag_missing",
        {{"flag", "--as"}, {"command", "lift"}, {"list", "mistake, mercy, compromised, amnesty"}});
  }
  const auto disposition = ReadWord(Vocabulary::kDisposition, context.args().Get("as"));
  if (!disposition.ok()) return disposition.status();
  const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, context.args().At(0));
  if (!sanction.ok()) return sanction.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::LiftSanctionRequest request;
  request.set_name(sanction->name());
  request.set_disposition(static_cast<v1::Disposition>(*disposition));
  Order order = MakeOrder(**daemon, "LiftSanction", request, &Client::LiftSanction);
  order.target = sanction->account();
  order.etag = std::to_string(sanction->revision());
  return GiveOrder(context, order);
}

absl::Status CommandUndo(Context& context) {
  const std::string target = context.args().positionals().empty() ? "@last" : context.args().At(0);
  v1::UndoActionRequest request;
  Order order;
  if (IsSanctionTarget(target)) {
    const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, target);
    if (!sanction.ok()) return sanction.status();
    request.set_name(sanction->name());
    order.target = sanction->account();
    order.etag = std::to_string(sanction->revision());
  } else {
    const absl::StatusOr<std::string> account = ResolveAccount(context, target);
    if (!account.ok()) return account.status();
    request.set_account(AccountName(*account));
    order.target = *account;
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order made = MakeOrder(**daemon, "UndoAction", request, &Client::UndoAction);
  made.target = order.target;
  made.etag = order.etag;
  return GiveOrder(context, made);
}

absl::Status CommandSanctionList(Context& context) {
  const Args& args = context.args();
  v1::ListSanctionsRequest request;
  request.set_parent(AccountName("-"));
  if (!args.positionals().empty()) {
    const absl::StatusOr<std::string> account = ResolveAccount(context, args.At(0));
    if (!account.ok()) return account.status();
    request.set_parent(AccountName(*account));
  }
  if (args.Has("state")) {
    const auto states = ReadWords(Vocabulary::kState, args.Get("state"));
    if (!states.ok()) return states.status();
    for (const int state : *states)
      request.add_states(static_cast<v1::SanctionState>(state));
  }
  if (args.Has("rule")) {
    const auto offence = ReadWord(Vocabulary::kOffence, args.Get("rule"));
    if (!offence.ok()) return offence.status();
    request.set_offence(static_cast<v1::Offence>(*offence));
  }
  return PrintPages(
      context, SanctionSheet(), request, &Client::ListSanctions,
      [](const auto& page) -> const auto& { return page.sanctions(); });
}

absl::Status CommandSanctionGet(Context& context) {
  const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, context.args().At(0));
  if (!sanction.ok()) return sanction.status();
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(Describe(*sanction, context.look())));
    return absl::OkStatus();
  }
  Sheet sheet = SanctionSheet();
  sheet.single = true;
  AddRow(sheet, *sanction, context.look());
  return context.Print(sheet);
}

absl::Status CommandSanctionExplain(Context& context) {
  const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, context.args().At(0));
  if (!sanction.ok()) return sanction.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ExplainSanctionRequest request;
  request.set_name(sanction->name());
  const auto answer = (*daemon)->ExplainSanction(request);
  if (!answer.ok()) return answer.status();
  const Look& look = context.look();
  if (context.for_people()) {
    Pairs pairs = Describe(answer->sanction(), look);
    std::vector<std::string> steps;
    for (const v1::LocalizedText& line : answer->lines()) {
      steps.push_back(look.catalogue().Text(line));
    }
    Add(pairs, look, "sanction.why", Join(steps, "\n"));
    Add(pairs, look, "sanction.directives", DirectiveLines(*answer, look));
    context.Out(PrintPairs(pairs));
    return absl::OkStatus();
  }
  Sheet sheet;
  sheet.columns = {{.key = "step"}, {.key = "explanation"}};
  sheet.single = true;
  for (int i = 0; i < answer->lines_size(); ++i) {
    sheet.rows.push_back(Row{.cells = {SameCell(std::to_string(i + 1)),
                                       SameCell(look.catalogue().Text(answer->lines(i)))},
                             .value = Value::FromMessage(answer->lines(i), look.zone()),
                             .name = answer->sanction().name()});
  }
  if (context.manner().sheet.format != Format::kTsv) {
    // Every other format shows the whole answer, once.
    sheet.rows.assign(1, Row{.cells = {Cell{}, Cell{}},
                             .value = Value::FromMessage(*answer, look.zone()),
                             .name = answer->sanction().name()});
  }
  return context.Print(sheet);
}

}  // namespace hallwarden::gmctl
