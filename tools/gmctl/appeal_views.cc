#include "tools/gmctl/appeal_views.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kReplyWidth = 60;

Cell Word(Vocabulary vocabulary, int number, const Look& look) {
  return {WordFor(vocabulary, number, look.catalogue()), ShortName(vocabulary, number)};
}

void Push(Sheet& sheet, const google::protobuf::Message& message, const std::string& name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{
      .cells = std::move(cells), .value = Value::FromMessage(message, look.zone()), .name = name});
}

// Who is to move or, once it is over, how it ended.
Cell StandingOf(const v1::Appeal& appeal, const Look& look) {
  if (appeal.state() == v1::APPEAL_STATE_OPEN) {
    return Word(Vocabulary::kAppealSide, appeal.waiting_side(), look);
  }
  return appeal.has_decision() ? Word(Vocabulary::kAppealVerdict, appeal.decision().verdict(), look)
                               : Word(Vocabulary::kAppealWithdrawal, appeal.withdrawal(), look);
}

void AddHead(const v1::AppealView& view, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  const v1::Appeal& appeal = view.appeal();
  pairs->emplace_back(text.Text("appeal.id"),
                      Cat({Tinted(kTintBold, ShortId(appeal.name())), "  ",
                           WordFor(Vocabulary::kAppealKind, appeal.kind(), text), "  ",
                           StandingOf(appeal, look).human}));
  pairs->emplace_back(text.Text("appeal.submitted"), Cat({look.Moment(appeal.create_time()), "  ",
                                                          ActorWord(appeal.submitted_by(), look)}));
  if (appeal.has_due_time()) {
    const std::string due = look.Moment(appeal.due_time());
    pairs->emplace_back(
        text.Text("case.due"),
        view.overdue() ? Tinted(kTintRed, text.Text("queue.overdue", {{"when", due}})) : due);
  }
  if (appeal.has_claim()) {
    pairs->emplace_back(
        text.Text("case.holder"),
        text.Text("case.holder_line", {{"who", Guard(appeal.claim().actor().principal())},
                                       {"until", look.Moment(appeal.claim().expire_time())}}));
  }
}

std::string Messages(const v1::Appeal& appeal, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::AppealMessage& message : appeal.messages()) {
    const std::string_view who = message.internal()                         ? "appeal.colleague"
                                 : message.side() == v1::APPEAL_SIDE_PLAYER ? "appeal.player"
                                                                            : "appeal.desk";
    lines.push_back(Cat(
        {look.Moment(message.create_time()), "  ", look.catalogue().Text(who),
         message.side() == v1::APPEAL_SIDE_DESK ? "  " : "",
         message.side() == v1::APPEAL_SIDE_DESK ? ActorWord(message.actor(), look) : std::string(),
         "  ", EscapePlayerText(message.text())}));
  }
  return Join(lines, "\n");
}

// What was imposed, as it stands now, and how it came about.
void AddSanction(const v1::ExplainSanctionResponse& explained, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  const v1::Sanction& sanction = explained.sanction();
  pairs->emplace_back(
      text.Text("sanction.id"),
      Cat({ShortId(sanction.name()), "  ", WordFor(Vocabulary::kOffence, sanction.offence(), text),
           "  ", EffectWords(sanction, look), "  ", TermWords(sanction, look)}));
  std::vector<std::string> steps;
  for (const v1::LocalizedText& line : explained.lines())
    steps.push_back(text.Text(line));
  if (!steps.empty()) pairs->emplace_back(text.Text("sanction.why"), Join(steps, "\n"));
}

void AddAdvice(const v1::AppealRecommendation& advice, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> lines = {Tinted(kTintBold, text.Text(advice.summary()))};
  if (advice.has_term()) {
    lines.push_back(text.Text("appeal.new_term", {{"term", look.Term(advice.term())}}));
  }
  for (const v1::RecommendationReason& reason : advice.reasons())
    lines.push_back(Cat({reason.for_player() ? "+ " : "- ", text.Text(reason.text())}));
  for (const v1::LocalizedText& check : advice.checks())
    lines.push_back(Cat({"? ", text.Text(check)}));
  pairs->emplace_back(text.Text("appeal.advice"), Join(lines, "\n"));
}

void AddDecision(const v1::AppealDecision& decision, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> parts = {WordFor(Vocabulary::kAppealVerdict, decision.verdict(), text)};
  if (decision.disposition() != v1::DISPOSITION_UNSPECIFIED) {
    parts.push_back(WordFor(Vocabulary::kDisposition, decision.disposition(), text));
  }
  parts.push_back(ActorWord(decision.actor(), look));
  parts.push_back(look.Moment(decision.decide_time()));
  parts.push_back(Guard(decision.reason()));
  std::vector<std::string> lines = {Join(parts, "  ")};
  if (decision.has_compensation()) {
    lines.push_back(text.Text("appeal.compensation",
                              {{"gold", std::to_string(decision.compensation().gold())}}));
  }
  if (!decision.deviation_reason().empty()) {
    lines.push_back(text.Text("appeal.otherwise", {{"why", Guard(decision.deviation_reason())}}));
  }
  pairs->emplace_back(text.Text("appeal.decision"), Join(lines, "\n"));
  pairs->emplace_back(text.Text("appeal.told"), text.Text(decision.notice()));
}

std::string Earlier(const v1::AppealView& view, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::Appeal& earlier : view.earlier()) {
    lines.push_back(Cat({ShortId(earlier.name()), "  ", look.Moment(earlier.create_time()), "  ",
                         WordFor(Vocabulary::kAppealKind, earlier.kind(), look.catalogue()), "  ",
                         ShortId(earlier.sanction()), "  ", StandingOf(earlier, look).human}));
  }
  return Join(lines, "\n");
}

void AddEnd(const v1::AppealView& view, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  const v1::Appeal& appeal = view.appeal();
  if (view.has_recommendation()) AddAdvice(view.recommendation(), look, pairs);
  if (appeal.has_decision()) AddDecision(appeal.decision(), look, pairs);
  if (!view.earlier().empty()) {
    pairs->emplace_back(text.Text("appeal.earlier"), Earlier(view, look));
  }
  if (view.has_obstacle()) {
    pairs->emplace_back(text.Text("case.obstacle"), text.Text(view.obstacle()));
  }
  if (appeal.state() != v1::APPEAL_STATE_OPEN) return;
  const std::string_view next = appeal.has_claim() ? "appeal.next_decide" : "appeal.next_claim";
  pairs->emplace_back(text.Text("case.next"),
                      Tinted(kTintDim, text.Text(next, {{"id", ShortId(appeal.name())}})));
}

}  // namespace

Sheet AppealSheet() {
  return Sheet{.columns = {{.key = "appeal"},
                           {.key = "due"},
                           {.key = "state"},
                           {.key = "says"},
                           {.key = "offence"},
                           {.key = "account"},
                           {.key = "sanction"},
                           {.key = "holder", .if_any = true},
                           {.key = "own", .if_any = true},
                           {.key = "messages", .wide_only = true},
                           {.key = "rule", .wide_only = true},
                           {.key = "submitted_at", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::AppealItem& item, const Look& look) {
  const v1::Appeal& appeal = item.appeal();
  Cell due = MomentCell(appeal.has_due_time(), appeal.due_time(), look);
  if (item.overdue()) due.human = look.catalogue().Text("queue.overdue", {{"when", due.human}});
  Push(sheet, item, appeal.name(),
       {{ShortId(appeal.name()), Guard(appeal.name())},
        due,
        StandingOf(appeal, look),
        Word(Vocabulary::kAppealKind, appeal.kind(), look),
        Word(Vocabulary::kOffence, appeal.offence(), look),
        SameCell(Guard(appeal.account())),
        {ShortId(appeal.sanction()), Guard(appeal.sanction())},
        SameCell(Guard(appeal.claim().actor().principal())),
        item.own_sanction() ? Cell{look.catalogue().Text("word.yes"), "yes"} : Cell{},
        SameCell(std::to_string(item.message_count())),
        SameCell(Guard(appeal.rule())),
        MomentCell(appeal.has_create_time(), appeal.create_time(), look)},
       look);
}

Sheet ReplySheet() {
  return Sheet{.columns = {{.key = "reply"},
                           {.key = "stage"},
                           {.key = "title"},
                           {.key = "text", .width_max = kReplyWidth}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::CannedReply& reply, const Look& look) {
  Push(sheet, reply, reply.reply_id(),
       {SameCell(Guard(reply.reply_id())), Word(Vocabulary::kReplyStage, reply.stage(), look),
        SameCell(look.catalogue().Text(reply.title())),
        SameCell(look.catalogue().Text(reply.text()))},
       look);
}

Pairs DescribeAppeal(const v1::AppealView& view, const Look& look) {
  Pairs pairs;
  AddHead(view, look, &pairs);
  if (view.has_account()) {
    for (auto& line : ShortDossier(view.account(), look))
      pairs.push_back(std::move(line));
  } else {
    pairs.emplace_back(look.catalogue().Text("case.account"), Guard(view.appeal().account()));
  }
  if (view.has_explanation()) AddSanction(view.explanation(), look, &pairs);
  pairs.emplace_back(look.catalogue().Text("appeal.said"), Messages(view.appeal(), look));
  AddEnd(view, look, &pairs);
  return pairs;
}

}  // namespace hallwarden::gmctl
