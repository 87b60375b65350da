#include "tools/gmctl/text_views.h"

#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kTextWidth = 48;

std::string SurfaceWord(v1::LexiconSurface surface) {
  switch (surface) {
    case v1::LEXICON_SURFACE_NAMES:
      return "names";
    case v1::LEXICON_SURFACE_CHAT:
      return "chat";
    case v1::LEXICON_SURFACE_BOTH:
      return "both";
    default:
      return "";
  }
}

std::string GradeWord(v1::LexiconSeverity severity) {
  switch (severity) {
    case v1::LEXICON_SEVERITY_NOTE:
      return "note";
    case v1::LEXICON_SEVERITY_REVIEW:
      return "review";
    case v1::LEXICON_SEVERITY_PLAIN:
      return "plain";
    default:
      return "";
  }
}

std::string Number(std::int64_t number) {
  return std::to_string(number);
}

// `porn plain "words" [3, 9) read as "words"`, and what speaks against it.
std::string MatchWords(const v1::TextMatch& match, const Catalogue& text) {
  std::string out =
      Cat({Guard(match.category()), " ", GradeWord(match.severity()), " ", Guard(match.pattern()),
           " [", Number(match.span_begin()), ", ", Number(match.span_end()), ")"});
  if (!match.reading().empty()) {
    out += " " + text.Text("text.read_as", {{"reading", match.reading()}});
  }
  if (match.operators()) out += ", " + text.Text("text.own");
  if (match.disguised()) out += ", " + text.Text("text.disguised");
  if (!match.allowed_by().empty()) {
    out += ", " + text.Text("text.allowed", {{"entry", match.allowed_by()}});
  }
  return out;
}

void Push(Sheet& sheet, const google::protobuf::Message& message, const std::string& name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{
      .cells = std::move(cells), .value = Value::FromMessage(message, look.zone()), .name = name});
}

}  // namespace

std::string VerdictWord(v1::TextVerdict verdict, const Catalogue& text) {
  switch (verdict) {
    case v1::TEXT_VERDICT_CLEAN:
      return text.Text("verdict.clean");
    case v1::TEXT_VERDICT_NOTE:
      return text.Text("verdict.note");
    case v1::TEXT_VERDICT_QUEUE:
      return text.Text("verdict.queue");
    case v1::TEXT_VERDICT_ACT:
      return text.Text("verdict.act");
    default:
      return "?";
  }
}

Sheet LexiconEntrySheet() {
  return Sheet{.columns = {{.key = "entry"},
                           {.key = "surface"},
                           {.key = "category"},
                           {.key = "grade"},
                           {.key = "pattern", .width_max = kTextWidth},
                           {.key = "hits"},
                           {.key = "last_hit"},
                           {.key = "until_day"},
                           {.key = "by"},
                           {.key = "reason", .width_max = kTextWidth},
                           {.key = "flags", .wide_only = true},
                           {.key = "built_in", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::LexiconEntry& entry, const Look& look) {
  std::vector<std::string> flags;
  for (const std::string& flag : entry.flags())
    flags.push_back(Guard(flag));
  const bool allow = entry.kind() == v1::LEXICON_ENTRY_KIND_ALLOW;
  Push(sheet, entry, entry.name(),
       {SameCell(ShortId(entry.name())), SameCell(SurfaceWord(entry.surface())),
        SameCell(allow ? "allow" : Guard(entry.category())), SameCell(GradeWord(entry.severity())),
        SameCell(Guard(entry.pattern())), SameCell(Number(entry.hit_count())),
        MomentCell(entry.has_last_hit_time(), entry.last_hit_time(), look),
        SameCell(Guard(entry.until_date())), SameCell(Guard(entry.author())),
        SameCell(Guard(entry.reason())), SameCell(Join(flags, ",")),
        SameCell(entry.built_in() ? "yes" : "")},
       look);
}

Sheet LexiconSheet(const v1::Lexicon& lexicon, const Look& look) {
  Sheet sheet{.columns = {{.key = "artefact"},
                          {.key = "entries"},
                          {.key = "expired_entries"},
                          {.key = "list_changed"},
                          {.key = "by"},
                          {.key = "built_in_names"},
                          {.key = "built_in_chat"},
                          {.key = "rescreen"},
                          {.key = "rescreened"},
                          {.key = "rescreen_findings"},
                          {.key = "rescreen_cursor"},
                          {.key = "rescreen_began"},
                          {.key = "rescreen_ended"}},
              .rows = {},
              .single = true};
  const v1::RescreenStatus& job = lexicon.rescreen();
  const std::string state = job.running() ? "running" : job.has_end_time() ? "done" : "";
  const std::string cursor =
      job.end_position() == 0
          ? ""
          : Cat({Number(job.cursor_position()), "/", Number(job.end_position())});
  Push(sheet, lexicon, lexicon.name(),
       {SameCell(Guard(lexicon.artefact().substr(0, 12))), SameCell(Number(lexicon.entry_count())),
        SameCell(Number(lexicon.expired_count())),
        MomentCell(lexicon.has_change_time(), lexicon.change_time(), look),
        SameCell(Guard(lexicon.actor().principal())),
        SameCell(Cat({Number(lexicon.names_count()), " ", Guard(lexicon.names_version())})),
        SameCell(Cat({Number(lexicon.chat_count()), " ", Guard(lexicon.chat_version())})),
        SameCell(state), SameCell(Number(job.screened_count())),
        SameCell(Number(job.finding_count())), SameCell(cursor),
        MomentCell(job.has_start_time(), job.start_time(), look),
        MomentCell(job.has_end_time(), job.end_time(), look)},
       look);
  return sheet;
}

Sheet BacktestSheet() {
  return Sheet{.columns = {{.key = "account"},
                           {.key = "surface"},
                           {.key = "before"},
                           {.key = "after"},
                           {.key = "text", .width_max = kTextWidth},
                           {.key = "event_time"}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::BacktestSample& sample, const Look& look) {
  Push(sheet, sample, sample.account(),
       {SameCell(Guard(sample.account())), SameCell(Guard(sample.surface())),
        SameCell(VerdictWord(sample.before(), look.catalogue())),
        SameCell(VerdictWord(sample.after(), look.catalogue())), SameCell(Guard(sample.text())),
        MomentCell(sample.has_event_time(), sample.event_time(), look)},
       look);
}

std::string ReadingText(const v1::ExplainTextResponse& answer, const Catalogue& text) {
  std::string out;
  for (const v1::ReadingStep& step : answer.steps()) {
    out += text.Text(step.title());
    if (!step.text().empty()) out += ": " + Guard(step.text());
    out += "\n";
  }
  for (const v1::TextMatch& match : answer.matches())
    out += Cat({text.Text("text.match"), MatchWords(match, text), "\n"});
  for (const v1::LocalizedText& remark : answer.remarks())
    out += Cat({text.Text("text.remark"), text.Text(remark), "\n"});
  for (const std::string& contact : answer.contacts())
    out += Cat({text.Text("text.contact"), Guard(contact), "\n"});
  out += Cat({text.Text("text.verdict"), VerdictWord(answer.verdict(), text), "\n"});
  return out;
}

std::string BacktestText(const v1::BacktestLexiconResponse& answer, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::string out = text.Text("text.backtest", {{"texts", Number(answer.text_count())},
                                                {"hits", Number(answer.hit_count())},
                                                {"accounts", Number(answer.account_count())},
                                                {"act", Number(answer.act_count())},
                                                {"cleared", Number(answer.cleared_count())}}) +
                    "\n";
  out += text.Text(answer.complete() ? "text.coverage_all" : "text.coverage_part",
                   {{"first", Number(answer.first_position())},
                    {"last", Number(answer.last_position())},
                    {"erased", Number(answer.erased_count())},
                    {"since", answer.has_first_time() ? look.Moment(answer.first_time()) : ""}}) +
         "\n";
  for (const v1::BacktestSample& sample : answer.samples()) {
    out += Cat({"  ", Guard(sample.account()), "  ", Guard(sample.surface()), "  ",
                VerdictWord(sample.before(), text), " -> ", VerdictWord(sample.after(), text), "  ",
                Guard(sample.text()), "\n"});
  }
  return out;
}

}  // namespace hallwarden::gmctl
