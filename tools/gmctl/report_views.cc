#include "tools/gmctl/report_views.h"

#include <cstdint>
#include <utility>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

// Nothing happened: nothing is shown, so that the eye finds what did.
Cell CountCell(int count) {
  const std::string plain = std::to_string(count);
  return {count == 0 ? "" : plain, plain};
}

Cell WaitCell(bool has, const google::protobuf::Duration& duration, const Look& look) {
  if (!has) return {};
  return {look.Term(duration), std::to_string(duration.seconds())};
}

Cell MedianCell(const v1::Waiting& waiting, const Look& look) {
  return WaitCell(waiting.has_median_duration(), waiting.median_duration(), look);
}
Cell WorstCell(const v1::Waiting& waiting, const Look& look) {
  return WaitCell(waiting.has_worst_duration(), waiting.worst_duration(), look);
}

// `12 / 15`: taken within 5 minutes, of all that were taken.
Cell PromptCell(const v1::Waiting& waiting) {
  if (waiting.count() == 0) return {};
  const std::string within = std::to_string(waiting.within_five_minutes_count());
  return {Cat({within, " / ", std::to_string(waiting.count())}), within};
}

Cell TimeCell(bool has, const google::protobuf::Timestamp& time, const Look& look) {
  if (!has) return {};
  return {look.Moment(time), look.Exact(time)};
}

Cell WordCell(Vocabulary vocabulary, int number, const Look& look) {
  return {WordFor(vocabulary, number, look.catalogue()), ShortName(vocabulary, number)};
}

template <class Message>
void Push(Sheet& sheet, const Message& message, std::string name, std::vector<Cell> cells,
          const Look& look) {
  sheet.rows.push_back(Row{.cells = std::move(cells),
                           .value = Value::FromMessage(message, look.zone()),
                           .name = std::move(name)});
}

void AddKind(Sheet& sheet, const v1::CaseFigures& kind, const Look& look) {
  const Cell name = kind.kind() == v1::CASE_KIND_UNSPECIFIED
                        ? Cell{look.catalogue().Text("report.all_kinds"), "all"}
                        : WordCell(Vocabulary::kCaseKind, kind.kind(), look);
  Push(sheet, kind, name.plain,
       {name, CountCell(kind.opened_count()), CountCell(kind.closed_count()),
        CountCell(kind.upheld_count()), CountCell(kind.rejected_count()),
        CountCell(kind.overdue_count()), CountCell(kind.reopened_count()),
        CountCell(kind.open_now_count()), MedianCell(kind.first_claim(), look),
        WorstCell(kind.first_claim(), look), PromptCell(kind.first_claim()),
        MedianCell(kind.closing(), look), WorstCell(kind.closing(), look)},
       look);
}

Sheet CasesSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "kind"},
                          {.key = "opened"},
                          {.key = "closed"},
                          {.key = "upheld"},
                          {.key = "not_upheld"},
                          {.key = "overdue"},
                          {.key = "reopened", .if_any = true},
                          {.key = "waiting_now"},
                          {.key = "taken_median"},
                          {.key = "taken_worst"},
                          {.key = "taken_promptly"},
                          {.key = "closed_median"},
                          {.key = "closed_worst"}},
              .rows = {},
              .single = false};
  for (const v1::CaseFigures& kind : report.kinds())
    AddKind(sheet, kind, look);
  if (report.kinds_size() > 1) AddKind(sheet, report.total(), look);
  return sheet;
}

Sheet HardSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "case"},
                          {.key = "kind"},
                          {.key = "account"},
                          {.key = "opened_at"},
                          {.key = "overdue_since", .if_any = true},
                          {.key = "holder", .if_any = true},
                          {.key = "waits_for", .if_any = true}},
              .rows = {},
              .single = false};
  for (const v1::HardCase& hard : report.hard_cases()) {
    Push(sheet, hard, hard.name(),
         {{ShortId(hard.name()), Guard(hard.name())},
          WordCell(Vocabulary::kCaseKind, hard.kind(), look),
          SameCell(Guard(hard.account())),
          TimeCell(hard.has_create_time(), hard.create_time(), look),
          TimeCell(hard.has_overdue_time(), hard.overdue_time(), look),
          SameCell(Guard(hard.holder())),
          SameCell(Guard(hard.department()))},
         look);
  }
  return sheet;
}

Sheet PeopleSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "who"},
                          {.key = "taken"},
                          {.key = "closed"},
                          {.key = "closed_median"},
                          {.key = "closed_worst"},
                          {.key = "sanctions"},
                          {.key = "lifts"},
                          {.key = "mistakes"},
                          {.key = "appeals_decided", .if_any = true},
                          {.key = "appealed", .if_any = true},
                          {.key = "overturned", .if_any = true}},
              .rows = {},
              .single = false};
  for (const v1::PersonFigures& person : report.people()) {
    Push(sheet, person, person.principal(),
         {SameCell(Guard(person.principal())), CountCell(person.claimed_count()),
          CountCell(person.closed_count()), MedianCell(person.closing(), look),
          WorstCell(person.closing(), look), CountCell(person.sanction_count()),
          CountCell(person.lift_count()), CountCell(person.mistake_count()),
          CountCell(person.decided_appeal_count()), CountCell(person.appealed_count()),
          CountCell(person.overturned_count())},
         look);
  }
  return sheet;
}

Sheet RulesSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "rule"},
                          {.key = "warnings"},
                          {.key = "for_a_term"},
                          {.key = "permanents"},
                          {.key = "holds"},
                          {.key = "by_machine"},
                          {.key = "lifts"},
                          {.key = "mistakes"},
                          {.key = "appealed", .if_any = true},
                          {.key = "overturned", .if_any = true}},
              .rows = {},
              .single = false};
  for (const v1::RuleFigures& rule : report.rules()) {
    const Cell name = rule.rule().empty() ? Cell{look.catalogue().Text("report.by_hand"), ""}
                                          : SameCell(Guard(rule.rule()));
    Push(sheet, rule, rule.rule(),
         {name, CountCell(rule.warning_count()), CountCell(rule.restriction_count()),
          CountCell(rule.permanent_count()), CountCell(rule.hold_count()),
          CountCell(rule.machine_count()), CountCell(rule.lifted_count()),
          CountCell(rule.mistake_count()), CountCell(rule.appeal_count()),
          CountCell(rule.overturned_count())},
         look);
  }
  return sheet;
}

// One line; none if there was nothing about appeals.
Sheet AppealsSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "submitted"},
                          {.key = "decided"},
                          {.key = "stood"},
                          {.key = "reduced"},
                          {.key = "lifted_on_appeal"},
                          {.key = "overturned"},
                          {.key = "withdrawn"},
                          {.key = "overdue"},
                          {.key = "waiting_now"},
                          {.key = "answered_median"},
                          {.key = "answered_worst"},
                          {.key = "answered_promptly"},
                          {.key = "decided_median"},
                          {.key = "decided_worst"}},
              .rows = {},
              .single = false};
  const v1::AppealFigures& all = report.appeals();
  if (all.submitted_count() + all.decided_count() + all.withdrawn_count() + all.overdue_count() +
          all.open_now_count() ==
      0) {
    return sheet;
  }
  Push(sheet, all, "",
       {CountCell(all.submitted_count()), CountCell(all.decided_count()),
        CountCell(all.upheld_count()), CountCell(all.reduced_count()),
        CountCell(all.lifted_count()), CountCell(all.overturned_count()),
        CountCell(all.withdrawn_count()), CountCell(all.overdue_count()),
        CountCell(all.open_now_count()), MedianCell(all.first_answer(), look),
        WorstCell(all.first_answer(), look), PromptCell(all.first_answer()),
        MedianCell(all.deciding(), look), WorstCell(all.deciding(), look)},
       look);
  return sheet;
}

Sheet ComplaintsSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "about"},
                          {.key = "complaints"},
                          {.key = "upheld"},
                          {.key = "not_upheld"},
                          {.key = "waiting_now"}},
              .rows = {},
              .single = false};
  for (const v1::ComplaintFigures& one : report.complaints()) {
    Push(sheet, one, "",
         {WordCell(Vocabulary::kReportCategory, one.category(), look),
          CountCell(one.complaint_count()), CountCell(one.upheld_count()),
          CountCell(one.rejected_count()), CountCell(one.waiting_count())},
         look);
  }
  return sheet;
}

Sheet PartnersSheet(const v1::DeskReport& report, const Look& look) {
  Sheet sheet{.columns = {{.key = "channel"},
                          {.key = "account"},
                          {.key = "offence"},
                          {.key = "effect"},
                          {.key = "time"},
                          {.key = "sanction", .wide_only = true},
                          {.key = "lifted", .if_any = true}},
              .rows = {},
              .single = false};
  const Catalogue& text = look.catalogue();
  for (const v1::PartnerSanction& one : report.partners()) {
    Cell effect = WordCell(Vocabulary::kSanctionKind, one.kind(), look);
    if (one.permanent()) effect = {text.Text("report.permanent"), "permanent"};
    Push(sheet, one, one.sanction(),
         {SameCell(Guard(one.channel())), SameCell(Guard(one.account())),
          WordCell(Vocabulary::kOffence, one.offence(), look), effect,
          TimeCell(one.has_create_time(), one.create_time(), look), SameCell(Guard(one.sanction())),
          one.lifted() ? Cell{text.Text("word.yes"), "yes"} : Cell{}},
         look);
  }
  return sheet;
}

// ---- the page ----------------------------------------------------------------------------------

// Text as HTML; what was guarded for a terminal stays as it is.
std::string Html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

constexpr std::string_view kStyle =
    ":root{--ink:#1d2433;--dim:#667085;--line:#e3e7ee;--paper:#fff;--wash:#f6f8fb;--mark:#1f5fbf}"
    "*{box-sizing:border-box}body{margin:0;background:var(--wash);color:var(--ink);"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans CJK SC','Microsoft YaHei',"
    "sans-serif}main{max-width:1120px;margin:0 auto;padding:32px 24px}h1{font-size:24px;margin:0}"
    "p{margin:4px 0;color:var(--dim)}section{background:var(--paper);border:1px solid var(--line);"
    "border-radius:8px;margin:20px 0;padding:16px 20px;overflow-x:auto}h2{font-size:17px;margin:0 "
    "0 8px}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{"
    "text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);white-space:nowrap}"
    "th{font-weight:600;color:var(--dim);font-size:13px;white-space:normal;vertical-align:bottom}"
    "tr:last-child td{border-bottom:0}.n{"
    "text-align:right}.big{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}.big div{flex:1 1 "
    "150px;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:12px "
    "16px}.big b{display:block;font-size:26px;line-height:1.2}.big span{color:var(--dim);font-size:"
    "13px}.late b{color:#b42318}.warn{color:#93370d;background:#fffaeb;border:1px solid #fedf89;"
    "border-radius:8px;padding:8px 12px;margin:12px 0}@media print{body{background:#fff}section,"
    ".big div{break-inside:avoid}}@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--dim:"
    "#98a2b3;--line:#2b3342;--paper:#171c26;--wash:#0f131b;--mark:#7db0ff}.warn{color:#fec84b;"
    "background:#2b2412;border-color:#7a5b12}.late b{color:#ff8a80}}";

bool IsNumber(const Cell& cell) {
  return !cell.plain.empty() && cell.plain.find_first_not_of("0123456789") == std::string::npos;
}

// A column of numbers stands to the right.
bool IsNumeric(const Sheet& sheet, std::size_t column) {
  bool any = false;
  for (const Row& row : sheet.rows) {
    const Cell& cell = row.cells.at(column);
    if (cell.plain.empty()) continue;
    if (!IsNumber(cell)) return false;
    any = true;
  }
  return any;
}

void AppendTable(const Sheet& sheet, const Catalogue& text, std::string* out) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
    if (!LeftOut(sheet, i)) columns.push_back(i);
  }
  *out += "<table><thead><tr>";
  for (const std::size_t i : columns) {
    *out += IsNumeric(sheet, i) ? "<th class=n>" : "<th>";
    *out += Html(text.Text(Cat({"col.", sheet.columns[i].key}))) + "</th>";
  }
  *out += "</tr></thead><tbody>\n";
  for (const Row& row : sheet.rows) {
    *out += "<tr>";
    for (const std::size_t i : columns) {
      *out += IsNumeric(sheet, i) ? "<td class=n>" : "<td>";
      *out += Html(row.cells.at(i).human) + "</td>";
    }
    *out += "</tr>\n";
  }
  *out += "</tbody></table>";
}

void AppendBig(std::string_view key, const std::string& number, bool bad, const Catalogue& text,
               std::string* out) {
  *out += Cat({"<div", bad ? " class=late" : "", "><b>", Html(number), "</b><span>",
               Html(text.Text(key)), "</span></div>\n"});
}

void AppendHead(const v1::DeskReport& report, const Look& look, std::string* out) {
  const Catalogue& text = look.catalogue();
  const v1::CaseFigures& total = report.total();
  const v1::Waiting& first = total.first_claim();
  *out += "<div class=big>\n";
  AppendBig("report.big_closed", std::to_string(total.closed_count()), false, text, out);
  AppendBig("report.big_waiting", std::to_string(total.open_now_count()), false, text, out);
  AppendBig("report.big_overdue", std::to_string(total.overdue_count()), total.overdue_count() > 0,
            text, out);
  AppendBig("report.big_taken",
            first.has_median_duration() ? look.Term(first.median_duration()) : "-", false, text,
            out);
  AppendBig("report.big_sanctioned", std::to_string(report.sanctioned_account_count()), false, text,
            out);
  *out += "</div>\n";
}

}  // namespace

std::vector<ReportPart> ReportParts(const v1::DeskReport& report, const Look& look) {
  std::vector<ReportPart> parts;
  parts.push_back({"report.cases", CasesSheet(report, look)});
  parts.push_back({"report.hard", HardSheet(report, look)});
  parts.push_back({"report.people", PeopleSheet(report, look)});
  parts.push_back({"report.rules", RulesSheet(report, look)});
  parts.push_back({"report.appeals", AppealsSheet(report, look)});
  parts.push_back({"report.complaints", ComplaintsSheet(report, look)});
  parts.push_back({"report.partners", PartnersSheet(report, look)});
  return parts;
}

std::vector<std::string> ReportCaveats(const v1::DeskReport& report, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> caveats;
  if (!report.complete()) {
    const std::string until =
        report.has_read_until_time() ? look.Moment(report.read_until_time()) : "-";
    caveats.push_back(text.Text("report.late", {{"until", until}}));
  }
  if (report.before_journal()) caveats.push_back(text.Text("report.before_journal"));
  if (report.partners_truncated()) caveats.push_back(text.Text("report.partners_truncated"));
  return caveats;
}

std::string ReportPage(const v1::DeskReport& report, const Look& look) {
  const Catalogue& text = look.catalogue();
  const bool chinese = text.language() == Language::kChinese;
  const std::string title = text.Text("report.title");
  const std::string span = text.Text("report.span", {{"since", look.Moment(report.since_time())},
                                                     {"until", look.Moment(report.until_time())}});
  std::string out = Cat({"<!DOCTYPE html>\n<html lang=\"", chinese ? "zh-CN" : "en",
                         "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                         "content=\"width=device-width,initial-scale=1\"><title>",
                         Html(title), "</title><style>", kStyle, "</style></head><body><main>\n",
                         "<h1>", Html(title), "</h1><p>", Html(span), "</p>\n"});
  for (const std::string& caveat : ReportCaveats(report, look))
    out += Cat({"<div class=warn>", Html(caveat), "</div>\n"});
  AppendHead(report, look, &out);
  for (const ReportPart& part : ReportParts(report, look)) {
    out += Cat({"<section><h2>", Html(text.Text(part.title)), "</h2>"});
    if (part.sheet.rows.empty()) {
      out += Cat({"<p>", Html(text.Text("report.nothing")), "</p>"});
    } else {
      AppendTable(part.sheet, text, &out);
    }
    out += "</section>\n";
  }
  out += "</main></body></html>\n";
  return out;
}

}  // namespace hallwarden::gmctl
