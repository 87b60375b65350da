#include "rules/engine/reports.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/engine/sanctions.h"
#include "rules/state/codec.h"
#include "rules/state/ids.h"
#include "rules/state/play_cell.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::string_view kReasonPlace = "{reason}";

// A report on its way from the reporter to the reported.
struct Report {
  std::string reporter;
  std::string target;
  std::string server;
  std::string table;
  std::string hand;
  v1::ReportCategory category = v1::REPORT_CATEGORY_UNSPECIFIED;
  std::uint32_t reliability = 0;
  bool about_message = false;
};

std::string Encode(const Report& report) {
  std::string payload;
  Writer writer(&payload);
  for (const std::string* text :
       {&report.reporter, &report.target, &report.server, &report.table, &report.hand}) {
    writer.Bytes(*text);
  }
  writer.Varint(static_cast<std::uint64_t>(report.category));
  writer.Varint(report.reliability);
  writer.Byte(report.about_message ? 1 : 0);
  return payload;
}

std::optional<Report> DecodeReport(std::string_view payload) {
  Reader in(payload);
  Report report;
  for (std::string* text :
       {&report.reporter, &report.target, &report.server, &report.table, &report.hand}) {
    *text = in.Bytes();
  }
  const std::uint64_t category = in.Varint();
  report.reliability = static_cast<std::uint32_t>(in.Varint());
  report.about_message = in.Byte() != 0;
  if (!in.done() || category > static_cast<std::uint64_t>(v1::ReportCategory_MAX)) {
    return std::nullopt;
  }
  report.category = static_cast<v1::ReportCategory>(category);
  return report;
}

v1::Offence OffenceOf(v1::ReportCategory category) {
  switch (category) {
    case v1::REPORT_CATEGORY_NAME:
      return v1::OFFENCE_NAME;
    case v1::REPORT_CATEGORY_STALLING:
      return v1::OFFENCE_STALLING;
    case v1::REPORT_CATEGORY_GOLD_FARMING:
      return v1::OFFENCE_GOLD_FARMING;
    case v1::REPORT_CATEGORY_ADVERTISING:
      return v1::OFFENCE_ADVERTISING;
    case v1::REPORT_CATEGORY_CHEATING:
      return v1::OFFENCE_CHEATING;
    case v1::REPORT_CATEGORY_ABUSE:
      return v1::OFFENCE_ABUSE;
    case v1::REPORT_CATEGORY_GOLD_TRADING:
      return v1::OFFENCE_GOLD_TRADING;
    default:
      return v1::OFFENCE_UNSPECIFIED;
  }
}

void PostReport(const Step& step, const AccountRef& ref, PostingDetail detail, std::string why,
                v1::ReportCategory category) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_REPORT;
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.resource = std::move(why);
  posting.amount = category;
  Post(step, ref, std::move(posting));
}

// Counts the report against the reporter's limits; why it does not count, empty if it does.
std::string_view CheckReporter(const Step& step, ReporterMark* mark, const RecentReport& report) {
  const policy::DeskSettings& settings = step.policy->desk();
  const std::int64_t hour = step.now_us / kHourUs;
  const std::int64_t day = step.now_us / kDayUs;
  if (mark->hour != hour) mark->in_hour = 0;
  if (mark->day != day) mark->in_day = 0;
  mark->hour = hour;
  mark->day = day;
  if (mark->in_hour >= settings.reports_per_hour || mark->in_day >= settings.reports_per_day) {
    return "TOO_MANY";
  }
  ++mark->in_hour;
  ++mark->in_day;
  std::erase_if(mark->recent,
                [&](const RecentReport& old) { return old.report_us <= step.now_us - kDayUs; });
  const bool repeated =
      std::any_of(mark->recent.begin(), mark->recent.end(), [&](const RecentReport& old) {
        return old.target == report.target && old.category == report.category;
      });
  if (repeated) return "REPEATED";
  if (mark->recent.size() >= ReporterMark::kRecentMax) mark->recent.erase(mark->recent.begin());
  mark->recent.push_back(report);
  return ReliabilityMilli(*mark) < settings.min_reliability_milli ? "UNRELIABLE" : "";
}

// Whether the two can have sat at one table: now, or often enough to be remembered.
bool SatTogether(const Step& step, const AccountRef& ref, const Report& report) {
  const std::optional<Presence> here = ref.cell->presences.Find(report.server);
  if (here.has_value() && !report.table.empty() && here->table == report.table) return true;
  const PlayCell* play = step.cells->plays().Find(ref.key.id);
  if (play == nullptr || !play->table) return false;
  const auto& rivals = play->table->rivals;
  return std::any_of(rivals.begin(), rivals.end(),
                     [&](const RivalCell& rival) { return rival.account == report.reporter; });
}

// Facts decide what can be reported: who was never there has not seen it.
bool Reportable(const Step& step, const AccountRef& ref, const Report& report) {
  switch (report.category) {
    case v1::REPORT_CATEGORY_NAME:
      return ref.cell->nickname != Hash128{} || ref.cell->signature != Hash128{};
    case v1::REPORT_CATEGORY_STALLING:
    case v1::REPORT_CATEGORY_GOLD_FARMING:
    case v1::REPORT_CATEGORY_CHEATING:
      return SatTogether(step, ref, report);
    case v1::REPORT_CATEGORY_ADVERTISING:
    case v1::REPORT_CATEGORY_ABUSE:
      return report.about_message || ref.cell->presences.Find(report.server).has_value();
    case v1::REPORT_CATEGORY_GOLD_TRADING:
      return true;
    default:
      return false;
  }
}

// The words stay in the record of the report, sealed under the reporter's key.
v1::CaseReport CaseReportOf(const WaitingReport& waiting) {
  v1::CaseReport report;
  report.set_reporter(waiting.reporter);
  report.set_category(static_cast<v1::ReportCategory>(waiting.category));
  SetTimestamp(waiting.report_us, report.mutable_report_time());
  report.set_reliability_milli(static_cast<std::int32_t>(waiting.reliability));
  report.set_hand(waiting.hand);
  report.set_journal_position(static_cast<std::int64_t>(waiting.position));
  return report;
}

void AddToCase(const Step& step, const AccountRef& ref, const CaseRef& found,
               const v1::CaseReport& report) {
  const auto& reporters = found.desk->reporters;
  if (std::find(reporters.begin(), reporters.end(), report.reporter()) != reporters.end()) return;
  const policy::DeskSettings& settings = step.policy->desk();
  const std::string before = QueueKey(*found.desk, settings);
  v1::Case change = ChangeOf(step, ref, found);
  CountReport(report, found.desk);
  *change.add_reports() = report;
  if (QueueKey(*found.desk, settings) != before) {
    Log(step, found, {v1::CASE_STEP_JOINED, MachineActor(), "report", ""}, &change);
  }
  SendChange(step, found, std::move(change));
}

// Enough of them make a case. It rests on nothing but them, so people look at it, never a machine.
void OpenForReports(const Step& step, const AccountRef& ref, v1::ReportCategory category) {
  std::vector<WaitingReport>& waiting = DeskOf(step, ref).waiting;
  CaseSpec spec;
  spec.matter.offence = OffenceOf(category);
  spec.cause = "REPORTED";
  spec.actor = MachineActor();
  std::uint32_t weight = 0;
  v1::Finding finding;
  finding.set_account(ref.account);
  finding.set_offence(spec.matter.offence);
  finding.set_confidence(v1::CONFIDENCE_REVIEW);
  finding.set_detector("report");
  SetTimestamp(step.now_us, finding.mutable_create_time());
  for (const WaitingReport& report : waiting) {
    if (report.category != category) continue;
    weight += report.reliability;
    *spec.body.add_reports() = CaseReportOf(report);
    v1::Evidence& evidence = *finding.add_evidence();
    evidence.set_journal_position(static_cast<std::int64_t>(report.position));
    evidence.set_surface("report");
    evidence.set_hand(report.hand);
    SetTimestamp(report.report_us, evidence.mutable_event_time());
  }
  if (weight < step.policy->desk().open_weight_milli) return;
  std::erase_if(waiting, [&](const WaitingReport& report) { return report.category == category; });
  const auto count = std::to_string(spec.body.reports_size());
  finding.mutable_summary()->set_zh(count + " \u540d\u73a9\u5bb6\u4e3e\u62a5");
  finding.mutable_summary()->set_en("reported by " + count + " players");
  finding.set_finding_id(MakeId("fd_", ref.account, ref.cell->Rest().next_ordinal++));
  const policy::Rule* rule =
      step.policy->RuleForGm(spec.matter.offence, v1::TEXT_CATEGORY_UNSPECIFIED,
                             v1::SEVERITY_UNSPECIFIED, ClassOf(ref, step.now_us));
  if (rule != nullptr) spec.rule = rule->id;
  if (spec.matter.offence == v1::OFFENCE_NAME) spec.fingerprint = ref.cell->nickname;
  NewCase(step, ref, std::move(spec), &finding);
}

void Notify(const Step& step, const AccountRef& ref, const v1::LocalizedText& text) {
  if (text.zh().empty() || ref.cell->presences.empty()) return;
  v1::Directive directive;
  directive.set_account(ref.account);
  directive.set_directive_id(DirectiveId(ref.account, "notify", ref.cell->Rest().next_ordinal++));
  SetTimestamp(step.now_us, directive.mutable_create_time());
  *directive.mutable_notify()->mutable_notice() = text;
  SendToPresences(step, ref, std::move(directive));
}

std::string Filled(std::string text, const std::string& reason) {
  const std::size_t at = text.find(kReasonPlace);
  if (at != std::string::npos) text.replace(at, kReasonPlace.size(), reason);
  return text;
}

}  // namespace

std::uint32_t ReliabilityMilli(const ReporterMark& mark) {
  const std::uint64_t all = std::uint64_t{mark.founded} + mark.unfounded + 2;
  return static_cast<std::uint32_t>((std::uint64_t{mark.founded} + 1) * 1'000 / all);
}

void CountReport(const v1::CaseReport& report, DeskCase* desk) {
  ++desk->reports;
  if (desk->reporters.size() >= DeskCase::kReportersMax) return;
  desk->report_weight += static_cast<std::uint32_t>(std::max(report.reliability_milli(), 0));
  if (!report.reporter().empty()) desk->reporters.push_back(report.reporter());
}

void OnPlayerReported(const Step& step, const AccountRef& ref, const EventView& event) {
  const v1::PlayerReported& told = event.player_reported();
  const v1::ReportCategory category = told.category();
  if (step.policy == nullptr) {
    PostReport(step, ref, PostingDetail::kReported, "", category);
    return;
  }
  Report report;
  report.reporter = ref.account;
  report.category = category;
  std::string_view why;
  if (told.target_account().empty() || OffenceOf(category) == v1::OFFENCE_UNSPECIFIED) {
    why = "INCOMPLETE";
  } else {
    report.target = QualifiedAccount(event.realm(), told.target_account());
    if (report.target == ref.account) why = "ONESELF";
  }
  const EntityKey target = KeyOfAccount(report.target);
  ReporterMark& mark = DeskOf(step, ref).reporter;
  if (why.empty()) {
    why = CheckReporter(step, &mark, {target.id, static_cast<std::uint8_t>(category), step.now_us});
  }
  if (!why.empty()) {
    PostReport(step, ref, PostingDetail::kReportIgnored, std::string(why), category);
    return;
  }
  PostReport(step, ref, PostingDetail::kReported, "", category);
  const std::optional<Presence> here = ref.cell->presences.Find(step.source);
  report.server = step.source;
  if (here.has_value()) {
    report.table = here->table;
    report.hand = event.hand().empty() ? std::string(here->hand) : std::string(event.hand());
  }
  report.reliability = ReliabilityMilli(mark);
  report.about_message = !told.message().empty();
  step.Tell(ref.key, target, FactKind::kReported, Encode(report));
  Notify(step, ref, step.policy->desk().thanks);
}

void OnReported(const Step& step, const Fact& fact) {
  const std::optional<Report> report = DecodeReport(fact.payload);
  if (!report.has_value() || step.policy == nullptr) return;
  // Nobody reports an account into being.
  if (step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, report->target);
  if (!Reportable(step, ref, *report)) {
    PostReport(step, ref, PostingDetail::kReportIgnored, "NOT_REPORTABLE", report->category);
    return;
  }
  PostReport(step, ref, PostingDetail::kReportedByOther, "", report->category);
  WaitingReport waiting;
  waiting.reporter = report->reporter;
  waiting.category = static_cast<std::uint8_t>(report->category);
  waiting.reliability = report->reliability;
  waiting.report_us = step.now_us;
  waiting.position = step.position;
  waiting.hand = report->hand;
  CaseMatter matter;
  matter.offence = OffenceOf(report->category);
  if (const CaseRef found = FindOpenCase(step, ref, matter)) {
    AddToCase(step, ref, found, CaseReportOf(waiting));
    return;
  }
  std::vector<WaitingReport>& all = DeskOf(step, ref).waiting;
  std::erase_if(all, [&](const WaitingReport& old) {
    return old.report_us <= step.now_us - DeskCell::kWaitUs ||
           (old.reporter == waiting.reporter && old.category == waiting.category);
  });
  if (all.size() >= DeskCell::kWaitingMax) all.erase(all.begin());
  all.push_back(std::move(waiting));
  OpenForReports(step, ref, report->category);
}

void TellReporters(const Step& step, const AccountRef& ref, const CaseRef& found,
                   v1::CaseVerdict verdict) {
  if (verdict == v1::CASE_VERDICT_MERGED) return;
  for (const std::string& reporter : found.desk->reporters) {
    std::string payload;
    Writer writer(&payload);
    writer.Bytes(reporter);
    writer.Varint(static_cast<std::uint64_t>(verdict));
    writer.Varint(static_cast<std::uint64_t>(found.mark->offence));
    writer.Varint(static_cast<std::uint64_t>(found.mark->category));
    step.Tell(ref.key, KeyOfAccount(reporter), FactKind::kReportOutcome, std::move(payload));
  }
}

void OnReportOutcome(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view account = in.Bytes();
  const auto verdict = static_cast<v1::CaseVerdict>(in.Varint());
  const auto offence = static_cast<v1::Offence>(in.Varint());
  const auto category = static_cast<v1::TextCategory>(in.Varint());
  if (!in.done() || step.policy == nullptr) return;
  if (step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, account);
  ReporterMark& mark = DeskOf(step, ref).reporter;
  const policy::DeskSettings& settings = step.policy->desk();
  const bool founded = verdict == v1::CASE_VERDICT_CONFIRMED || verdict == v1::CASE_VERDICT_FOUNDED;
  // Too little to say is nobody's fault: it costs no reporter his word.
  if (founded) ++mark.founded;
  if (verdict == v1::CASE_VERDICT_DISMISSED || verdict == v1::CASE_VERDICT_UNFOUNDED) {
    ++mark.unfounded;
  }
  const v1::LocalizedText& reason = step.policy->OffenceText(offence, category);
  v1::LocalizedText text = founded ? settings.founded : settings.unfounded;
  text.set_zh(Filled(text.zh(), reason.zh()));
  text.set_en(Filled(text.en(), reason.en()));
  Notify(step, ref, text);
}

}  // namespace hallwarden
