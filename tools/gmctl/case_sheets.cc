// Rows of the queue and of a case's log.
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kSummaryWidth = 48;

Cell Word(Vocabulary vocabulary, int number, const Look& look) {
  return {WordFor(vocabulary, number, look.catalogue()), ShortName(vocabulary, number)};
}

// Who works on it, or whom it waits for.
std::string HandsOf(const v1::QueueItem& item) {
  if (item.has_claim()) return Guard(item.claim().principal());
  return item.has_referral() ? Guard(item.referral().department()) : std::string();
}

void Push(Sheet& sheet, const google::protobuf::Message& message, const std::string& name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{
      .cells = std::move(cells), .value = Value::FromMessage(message, look.zone()), .name = name});
}

}  // namespace

Sheet QueueSheet() {
  return Sheet{.columns = {{.key = "case"},
                           {.key = "due"},
                           {.key = "state"},
                           {.key = "kind"},
                           {.key = "offence"},
                           {.key = "account"},
                           {.key = "accounts"},
                           {.key = "holder"},
                           {.key = "summary", .width_max = kSummaryWidth},
                           {.key = "level", .wide_only = true},
                           {.key = "gold", .wide_only = true},
                           {.key = "reports", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::QueueItem& item, const Look& look) {
  Cell due = MomentCell(item.has_due_time(), item.due_time(), look);
  if (item.overdue()) due.human = look.catalogue().Text("queue.overdue", {{"when", due.human}});
  Push(sheet, item, item.name(),
       {{ShortId(item.name()), Guard(item.name())},
        due,
        Word(Vocabulary::kCaseState, item.state(), look),
        Word(Vocabulary::kCaseKind, item.kind(), look),
        Word(Vocabulary::kOffence, item.offence(), look),
        SameCell(Guard(item.account())),
        SameCell(std::to_string(item.account_count())),
        SameCell(HandsOf(item)),
        SameCell(look.catalogue().Text(item.summary())),
        Word(Vocabulary::kRole, item.least_role(), look),
        SameCell(std::to_string(item.gold())),
        SameCell(std::to_string(item.report_count()))},
       look);
}

Sheet CaseLogSheet() {
  return Sheet{.columns = {{.key = "time"},
                           {.key = "step"},
                           {.key = "actor"},
                           {.key = "detail"},
                           {.key = "reason"}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::CaseLogEntry& entry, const Look& look) {
  Push(sheet, entry, "",
       {MomentCell(entry.has_create_time(), entry.create_time(), look),
        Word(Vocabulary::kCaseStep, entry.step(), look),
        {ActorWord(entry.actor(), look), Guard(entry.actor().principal())},
        SameCell(Guard(entry.detail())),
        SameCell(Guard(entry.reason()))},
       look);
}

}  // namespace hallwarden::gmctl
