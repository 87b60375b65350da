#include "tools/gmctl/views.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kTextWidth = 40;
constexpr int kNameWidth = 24;

Cell WordCell(Vocabulary vocabulary, int number, const Look& look) {
  return {WordFor(vocabulary, number, look.catalogue()), ShortName(vocabulary, number)};
}

Cell AgoCell(bool known, const google::protobuf::Timestamp& time, const Look& look) {
  return known ? Cell{look.Ago(time), look.Exact(time)} : Cell{};
}

Cell LocalCell(const v1::LocalizedText& text, const Look& look) {
  return SameCell(look.catalogue().Text(text));
}

Cell BoolCell(bool value, const Look& look) {
  return {look.catalogue().Text(value ? "word.yes" : "word.no"), value ? "true" : "false"};
}

Cell NumberCell(std::int64_t number) {
  return SameCell(std::to_string(number));
}

// Nothing is shown as nothing.
Cell SomeCell(std::int64_t number) {
  return {number == 0 ? "" : std::to_string(number), std::to_string(number)};
}

Cell IdCell(const std::string& resource) {
  return {ShortId(resource), Guard(resource)};
}

Cell ActorCell(const v1::Actor& actor, const Look& look) {
  return {ActorWord(actor, look), Guard(actor.principal())};
}

std::string RungWords(const v1::LadderStep& step) {
  if (step.ladder().empty()) return "";
  return Cat({Guard(step.ladder()), " ", std::to_string(step.to_rung()), "/",
              std::to_string(step.rung_count())});
}

void Push(Sheet& sheet, const google::protobuf::Message& message, const std::string& name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{
      .cells = std::move(cells), .value = Value::FromMessage(message, look.zone()), .name = name});
}

// Whether the daemon still believes a server.
Cell StandingCell(const v1::Server& server, const Look& look) {
  std::string_view word = "good";
  if (server.retired()) word = "retired";
  if (server.has_trip_time()) word = "tripped";
  if (server.has_quarantine_time()) word = "quarantined";
  return {look.catalogue().Text(Cat({"standing.", word})), std::string(word)};
}

// What a finding rests on first, as it was read.
std::string FirstWords(const v1::Finding& finding) {
  return finding.evidence().empty() ? std::string() : EscapePlayerText(finding.evidence(0).text());
}

// `enforce` of MODE_ENFORCE: as the policy's author writes it, in lower case.
std::string ModeWord(v1::Mode mode) {
  constexpr std::string_view kPrefix = "MODE_";
  std::string word = v1::Mode_Name(mode);
  if (word.starts_with(kPrefix)) word.erase(0, kPrefix.size());
  for (char& c : word)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word;
}

std::vector<Cell> EntryCells(const v1::TimelineEntry& entry, const Look& look) {
  return {MomentCell(entry.has_create_time(), entry.create_time(), look),
          WordCell(Vocabulary::kTimelineKind, entry.kind(), look),
          LocalCell(entry.summary(), look),
          SameCell(EscapePlayerText(entry.text())),
          ActorCell(entry.actor(), look),
          IdCell(entry.resource()),
          MomentCell(entry.has_event_time(), entry.event_time(), look)};
}

}  // namespace

std::string ShortId(std::string_view resource) {
  const std::size_t slash = resource.rfind('/');
  return Guard(slash == std::string_view::npos ? resource : resource.substr(slash + 1));
}

std::string ActorWord(const v1::Actor& actor, const Look& look) {
  if (actor.machine()) return look.catalogue().Text("word.machine");
  return Guard(actor.principal());
}

std::string EffectWords(const v1::Sanction& sanction, const Look& look) {
  const Catalogue& text = look.catalogue();
  if (sanction.kind() == v1::SANCTION_KIND_WARNING || sanction.kind() == v1::SANCTION_KIND_KICK) {
    return WordFor(Vocabulary::kSanctionKind, sanction.kind(), text);
  }
  std::string term;
  if (sanction.permanent()) {
    term = text.Text("word.for_ever");
  } else if (sanction.has_term()) {
    term = look.Term(sanction.term());
  }
  return Cat({WordFor(Vocabulary::kSanctionKind, sanction.kind(), text), " ",
              WordsFor(Vocabulary::kCapability, sanction.capabilities(), text),
              term.empty() ? "" : " ", term});
}

std::string TermWords(const v1::Sanction& sanction, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::string state = WordFor(Vocabulary::kState, sanction.state(), text);
  if (sanction.state() == v1::SANCTION_STATE_LIFTED) {
    return Cat(
        {state, " (", WordFor(Vocabulary::kDisposition, sanction.lift().disposition(), text), ")"});
  }
  if (sanction.state() == v1::SANCTION_STATE_EXPIRED) return state;
  if (sanction.permanent()) return text.Text("word.for_ever");
  if (sanction.has_end_time()) return look.Until(sanction.end_time());
  if (!sanction.not_before_hand().empty()) {
    return text.Text("msg.after_hand", {{"hand", sanction.not_before_hand()}});
  }
  return state;
}

Cell MomentCell(bool known, const google::protobuf::Timestamp& time, const Look& look) {
  if (!known) return Cell{};
  return Cell{ShortTime(FromProto(time), look.zone(), true), look.Exact(time)};
}

Sheet AccountSheet() {
  return Sheet{.columns = {{.key = "account"},
                           {.key = "nickname", .width_max = kNameWidth},
                           {.key = "class"},
                           {.key = "channel", .wide_only = true},
                           {.key = "restrictions"},
                           {.key = "sanctions"},
                           {.key = "open_cases"},
                           {.key = "registered", .wide_only = true},
                           {.key = "last_event"},
                           {.key = "etag", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Account& account, const Look& look) {
  std::vector<int> taken;
  for (const v1::Restriction& one : account.restrictions())
    taken.push_back(one.capability());
  const std::string human = WordsFor(Vocabulary::kCapability, taken, look.catalogue());
  std::vector<std::string> cases(account.open_cases().begin(), account.open_cases().end());
  Push(sheet, account, account.name(),
       {SameCell(Guard(account.account())),
        SameCell(EscapePlayerText(account.nickname())),
        WordCell(Vocabulary::kAccountClass, account.account_class(), look),
        SameCell(Guard(account.partner_channel())),
        {human, ShortNames(Vocabulary::kCapability, taken)},
        NumberCell(account.sanction_count()),
        {std::to_string(cases.size()), Guard(Join(cases, ","))},
        MomentCell(account.has_register_time(), account.register_time(), look),
        AgoCell(account.has_last_event_time(), account.last_event_time(), look),
        SameCell(Guard(account.etag()))},
       look);
}

Sheet SanctionSheet() {
  return Sheet{.columns = {{.key = "sanction"},
                           {.key = "account"},
                           {.key = "offence"},
                           {.key = "effect"},
                           {.key = "state"},
                           {.key = "end"},
                           {.key = "rung"},
                           {.key = "created"},
                           {.key = "by"},
                           {.key = "counted", .wide_only = true},
                           {.key = "enforced", .wide_only = true},
                           {.key = "seen", .wide_only = true},
                           {.key = "rule", .wide_only = true},
                           {.key = "reason", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Sanction& sanction, const Look& look) {
  const std::string kind = ShortName(Vocabulary::kSanctionKind, sanction.kind());
  const std::string caps = ShortNames(Vocabulary::kCapability, sanction.capabilities());
  const std::string end = sanction.permanent()      ? "permanent"
                          : sanction.has_end_time() ? look.Exact(sanction.end_time())
                                                    : "";
  Push(sheet, sanction, sanction.name(),
       {IdCell(sanction.name()),
        SameCell(Guard(sanction.account())),
        WordCell(Vocabulary::kOffence, sanction.offence(), look),
        {EffectWords(sanction, look), Cat({kind, caps.empty() ? "" : ":", caps})},
        WordCell(Vocabulary::kState, sanction.state(), look),
        {TermWords(sanction, look), end},
        SameCell(RungWords(sanction.step())),
        AgoCell(sanction.has_create_time(), sanction.create_time(), look),
        ActorCell(sanction.actor(), look),
        BoolCell(sanction.counted(), look),
        BoolCell(sanction.enforced(), look),
        MomentCell(sanction.has_seen_time(), sanction.seen_time(), look),
        SameCell(Guard(sanction.rule())),
        SameCell(Guard(sanction.reason()))},
       look);
}

Sheet CaseSheet() {
  return Sheet{.columns = {{.key = "case"},
                           {.key = "age"},
                           {.key = "state"},
                           {.key = "offence"},
                           {.key = "account"},
                           {.key = "findings"},
                           {.key = "cause"},
                           {.key = "evidence", .width_max = kTextWidth},
                           {.key = "hold"},
                           {.key = "rule", .wide_only = true},
                           {.key = "verdict", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Case& item, const Look& look) {
  std::string evidence;
  if (item.findings_size() > 0) {
    const v1::Finding& last = item.findings(item.findings_size() - 1);
    if (last.evidence_size() > 0) evidence = EscapePlayerText(last.evidence(0).text());
  }
  const std::string cause_key = Cat({"cause.", item.cause()});
  const bool known = look.catalogue().Has(cause_key);
  Push(sheet, item, item.name(),
       {IdCell(item.name()),
        AgoCell(item.has_create_time(), item.create_time(), look),
        WordCell(Vocabulary::kCaseState, item.state(), look),
        WordCell(Vocabulary::kOffence, item.offence(), look),
        SameCell(Guard(item.account())),
        NumberCell(item.finding_count()),
        {known ? look.catalogue().Text(cause_key) : Guard(item.cause()), Guard(item.cause())},
        SameCell(evidence),
        IdCell(item.hold_sanction()),
        SameCell(Guard(item.rule())),
        SameCell(Guard(item.verdict()))},
       look);
}

Sheet TimelineSheet() {
  return Sheet{.columns = {{.key = "time"},
                           {.key = "kind"},
                           {.key = "summary"},
                           {.key = "text", .width_max = kTextWidth},
                           {.key = "by"},
                           {.key = "resource"},
                           {.key = "event_time", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::TimelineEntry& entry, const Look& look) {
  Push(sheet, entry, entry.resource(), EntryCells(entry, look), look);
}

Sheet TailSheet() {
  Sheet sheet = TimelineSheet();
  sheet.columns.insert(sheet.columns.begin() + 1, Column{.key = "account"});
  sheet.columns.push_back(Column{.key = "resume_token", .wide_only = true});
  return sheet;
}

void AddRow(Sheet& sheet, const v1::TailResponse& entry, const Look& look) {
  std::vector<Cell> cells = EntryCells(entry.entry(), look);
  cells.insert(cells.begin() + 1, SameCell(Guard(entry.account())));
  cells.push_back(SameCell(Guard(entry.resume_token())));
  Push(sheet, entry, entry.entry().resource(), std::move(cells), look);
}

Sheet PolicySheet() {
  return Sheet{
      .columns = {{.key = "policy"}, {.key = "title"}, {.key = "activated"}, {.key = "by"}},
      .rows = {},
      .single = false};
}

void AddRow(Sheet& sheet, const v1::GetPolicyResponse& policy, const Look& look) {
  Push(sheet, policy, policy.name(),
       {IdCell(policy.name()), SameCell(Guard(policy.policy().title())),
        MomentCell(policy.has_activate_time(), policy.activate_time(), look),
        ActorCell(policy.actor(), look)},
       look);
}

Sheet DiagnosticSheet() {
  return Sheet{.columns = {{.key = "place"}, {.key = "grade"}, {.key = "what"}, {.key = "hint"}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Diagnostic& diagnostic, const Look& look) {
  const std::string place = Cat({Guard(diagnostic.file()), ":", std::to_string(diagnostic.line()),
                                 ":", std::to_string(diagnostic.column())});
  Push(sheet, diagnostic, place,
       {SameCell(place),
        {look.catalogue().Text(diagnostic.fatal() ? "word.fatal" : "word.warning"),
         diagnostic.fatal() ? "error" : "warning"},
        SameCell(Guard(diagnostic.reason())),
        SameCell(Guard(diagnostic.hint()))},
       look);
}

Sheet PartnerSheet() {
  return Sheet{
      .columns = {{.key = "account"}, {.key = "channel"}, {.key = "begin"}, {.key = "end"}},
      .rows = {},
      .single = false};
}

void AddRow(Sheet& sheet, const v1::PartnerSpan& span, const Look& look) {
  Cell end = MomentCell(span.has_end_time(), span.end_time(), look);
  if (!span.has_end_time()) end.human = look.catalogue().Text("word.still");
  Push(sheet, span, Cat({"accounts/", span.account()}),
       {SameCell(Guard(span.account())), SameCell(Guard(span.channel())),
        MomentCell(span.has_begin_time(), span.begin_time(), look), end},
       look);
}

Sheet TokenSheet() {
  return Sheet{.columns = {{.key = "token"},
                           {.key = "principal"},
                           {.key = "role"},
                           {.key = "created"},
                           {.key = "expires"},
                           {.key = "revoked"},
                           {.key = "by", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Token& token, const Look& look) {
  Push(sheet, token, token.name(),
       {IdCell(token.name()), SameCell(Guard(token.principal())),
        WordCell(Vocabulary::kRole, token.role(), look),
        MomentCell(token.has_create_time(), token.create_time(), look),
        MomentCell(token.has_expire_time(), token.expire_time(), look),
        MomentCell(token.has_revoke_time(), token.revoke_time(), look),
        ActorCell(token.actor(), look)},
       look);
}

Sheet ServerSheet() {
  return Sheet{.columns = {{.key = "server"},
                           {.key = "connected"},
                           {.key = "durable_seq"},
                           {.key = "unanswered"},
                           {.key = "unenforced"},
                           {.key = "rejected"},
                           {.key = "last_event"},
                           {.key = "standing"},
                           {.key = "session_epoch", .wide_only = true},
                           {.key = "last_directive_seq", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Server& server, const Look& look) {
  Push(sheet, server, server.name(),
       {IdCell(server.name()), BoolCell(server.connected(), look), NumberCell(server.durable_seq()),
        NumberCell(server.unanswered_directives()), NumberCell(server.unenforced_directives()),
        NumberCell(server.rejected_events()),
        AgoCell(server.has_last_event_time(), server.last_event_time(), look),
        StandingCell(server, look), NumberCell(server.session_epoch()),
        NumberCell(server.last_directive_seq())},
       look);
}

Sheet ServerDetailSheet(const v1::Server& server, const Look& look) {
  Sheet sheet = ServerSheet();
  for (Column& column : sheet.columns)
    column.wide_only = false;
  for (const char* key : {"quarantined", "tripped", "caused", "caused_minute", "caused_hour",
                          "reversal", "reversed"}) {
    sheet.columns.push_back({.key = key});
  }
  AddRow(sheet, server, look);
  const v1::Reversal& job = server.reversal();
  Cell state;
  if (server.has_reversal()) {
    const bool running = job.running();
    state = {
        look.catalogue().Text(running ? "msg.reversal_running" : "msg.reversal_done",
                              {{"who", job.principal()}, {"since", look.Exact(job.since_time())}}),
        running ? "running" : "done"};
  }
  const Cell done = server.has_reversal() ? SameCell(Cat({std::to_string(job.lifted_count()), " / ",
                                                          std::to_string(job.seen_count())}))
                                          : Cell{};
  for (Cell cell : {MomentCell(server.has_quarantine_time(), server.quarantine_time(), look),
                    MomentCell(server.has_trip_time(), server.trip_time(), look),
                    NumberCell(server.caused_sanctions()), NumberCell(server.caused_this_minute()),
                    NumberCell(server.caused_this_hour()), state, done}) {
    sheet.rows.back().cells.push_back(std::move(cell));
  }
  return sheet;
}

Sheet CausedSheet() {
  return Sheet{.columns = {{.key = "what"},
                           {.key = "account"},
                           {.key = "offence"},
                           {.key = "effect"},
                           {.key = "state"},
                           {.key = "created"},
                           {.key = "rule"},
                           {.key = "evidence", .width_max = kTextWidth}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Caused& caused, const Look& look) {
  if (caused.has_opened()) {
    const v1::Case& opened = caused.opened();
    Push(sheet, caused, opened.name(),
         {IdCell(opened.name()),
          SameCell(Guard(opened.account())),
          WordCell(Vocabulary::kOffence, opened.offence(), look),
          {look.catalogue().Text("word.case"), "case"},
          WordCell(Vocabulary::kCaseState, opened.state(), look),
          MomentCell(opened.has_create_time(), opened.create_time(), look),
          SameCell(Guard(opened.rule())),
          SameCell(opened.findings().empty() ? "" : FirstWords(opened.findings(0)))},
         look);
    return;
  }
  const v1::Sanction& sanction = caused.sanction();
  const std::string kind = ShortName(Vocabulary::kSanctionKind, sanction.kind());
  Push(sheet, caused, sanction.name(),
       {IdCell(sanction.name()),
        SameCell(Guard(sanction.account())),
        WordCell(Vocabulary::kOffence, sanction.offence(), look),
        {EffectWords(sanction, look), kind},
        WordCell(Vocabulary::kState, sanction.state(), look),
        MomentCell(sanction.has_create_time(), sanction.create_time(), look),
        SameCell(Guard(sanction.rule())),
        SameCell(FirstWords(sanction.finding()))},
       look);
}

Sheet RuleSheet() {
  return Sheet{.columns = {{.key = "rule"},
                           {.key = "mode"},
                           {.key = "in_review"},
                           {.key = "hits_hour"},
                           {.key = "norm_hour"},
                           {.key = "norm_days"},
                           {.key = "acted_hour"},
                           {.key = "quota_hour"},
                           {.key = "appealed", .if_any = true},
                           {.key = "overturned", .if_any = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::RuleStatus& rule, const Look& look) {
  const std::int64_t tenths = rule.norm_milli() / 100;
  const std::string norm = Cat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10)});
  Push(sheet, rule, rule.name(),
       {IdCell(rule.name()), SameCell(ModeWord(rule.mode())),
        MomentCell(rule.has_review_time(), rule.review_time(), look),
        NumberCell(rule.hits_this_hour()), SameCell(rule.norm_days() == 0 ? "" : norm),
        NumberCell(rule.norm_days()), NumberCell(rule.acted_this_hour()),
        NumberCell(rule.hourly_quota()), SomeCell(rule.appeal_count()),
        SomeCell(rule.overturned_count())},
       look);
}

Sheet AuditSheet() {
  return Sheet{.columns = {{.key = "record"},
                           {.key = "time"},
                           {.key = "by"},
                           {.key = "method"},
                           {.key = "resource"},
                           {.key = "code"},
                           {.key = "error_reason"},
                           {.key = "reason", .width_max = kTextWidth},
                           {.key = "account", .wide_only = true},
                           {.key = "before", .wide_only = true},
                           {.key = "after", .wide_only = true},
                           {.key = "peer", .wide_only = true},
                           {.key = "request_id", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::AuditRecord& record, const Look& look) {
  Push(sheet, record, record.name(),
       {IdCell(record.name()), MomentCell(record.has_create_time(), record.create_time(), look),
        ActorCell(record.actor(), look), SameCell(Guard(record.method())),
        SameCell(Guard(record.resource())), NumberCell(record.code()),
        SameCell(Guard(record.error_reason())), SameCell(Guard(record.reason())),
        SameCell(Guard(record.account())), SameCell(Guard(record.before())),
        SameCell(Guard(record.after())), SameCell(Guard(record.peer())),
        SameCell(Guard(record.request_id()))},
       look);
}

Sheet PlanSheet() {
  return Sheet{.columns = {{.key = "key"}, {.key = "before"}, {.key = "after"}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::PlanLine& line, const Look& look) {
  Push(sheet, line, line.key(),
       {SameCell(Guard(line.key())), LocalCell(line.before(), look), LocalCell(line.after(), look)},
       look);
}

}  // namespace hallwarden::gmctl
