// Cases begin, begin again and become one.
#include <algorithm>
#include <string>
#include <utility>

#include "rules/engine/account_commands.h"
#include "rules/engine/case_change.h"
#include "rules/engine/reports.h"
#include "rules/policy/notice.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

Hash128 MatterOf(const v1::OpenCaseRequest& request) {
  if (request.kind() == v1::CASE_KIND_MISCONDUCT) return {};
  const v1::CaseReference& what = request.reference();
  std::string bytes;
  for (const std::string* part :
       {&what.table(), &what.hand(), &what.match(), &what.exchange(), &what.game()}) {
    bytes += *part;
    bytes.push_back('\n');
  }
  return PublicHash(bytes);
}

Outcome CheckOpen(const v1::OpenCaseRequest& request) {
  const bool misconduct = request.kind() == v1::CASE_KIND_MISCONDUCT;
  if (request.kind() == v1::CASE_KIND_UNSPECIFIED) {
    return Refuse(Code::kInvalidArgument, "KIND_REQUIRED", "say what kind of case it is");
  }
  if (misconduct == (request.offence() == v1::OFFENCE_UNSPECIFIED)) {
    return Refuse(Code::kInvalidArgument, "OFFENCE_REQUIRED",
                  misconduct ? "misconduct needs an offence"
                             : "only misconduct has an offence: leave it out");
  }
  return std::nullopt;
}

// A GM's or agent's words, as a finding.
v1::Finding FindingOf(const CommandContext& context, const AccountRef& ref,
                      const v1::OpenCaseRequest& request) {
  v1::Finding finding;
  finding.set_account(ref.account);
  finding.set_offence(request.offence());
  finding.set_category(request.category());
  finding.set_severity(request.severity());
  finding.set_confidence(v1::CONFIDENCE_REVIEW);
  finding.set_detector("human");
  *finding.mutable_evidence() = request.evidence();
  finding.set_finding_id(MakeId("fd_", ref.account, ref.cell->Rest().next_ordinal++));
  SetTimestamp(context.step.now_us, finding.mutable_create_time());
  return finding;
}

}  // namespace

Outcome MergeCase(CommandContext* context, const AccountRef& ref,
                  const v1::MergeCaseRequest& request) {
  // The other one first, too: a case from before the desk gets its place now, which moves the
  // others.
  (void)FindCase(context->step, ref, CaseId(request.into()));
  CaseRef found;
  if (Outcome bad = TakeCase(*context, ref, request.name(), {}, &found); bad.has_value()) {
    return bad;
  }
  const CaseRef into = FindCase(context->step, ref, CaseId(request.into()));
  if (!into) {
    return Refuse(Code::kInvalidArgument, "OTHER_ACCOUNT",
                  request.into() + " is no case of account " + ref.account +
                      ": several accounts belong into one case as its ring",
                  {{"name", request.into()}, {"account", ref.account}});
  }
  if (into.mark == found.mark) {
    return Refuse(Code::kInvalidArgument, "CASE_INTO_ITSELF",
                  "a case cannot be merged into itself");
  }
  if (into.desk->state == v1::CASE_STATE_CLOSED || into.desk->kind != found.desk->kind) {
    return Refuse(Code::kFailedPrecondition, "CASE_DIFFERS",
                  into.name() + " is closed or of another kind", {{"name", into.name()}});
  }
  const std::string before = StateOf(found);
  found.desk->merged_into = into.mark->id;
  into.mark->findings += found.mark->findings;
  into.desk->reports += found.desk->reports;
  into.desk->severity = std::max(into.desk->severity, found.desk->severity);
  into.desk->evidence_milli = std::max(into.desk->evidence_milli, found.desk->evidence_milli);
  into.desk->gold = std::max(into.desk->gold, found.desk->gold);
  // Whoever waited longer keeps his place.
  if (found.desk->due_us < into.desk->due_us) {
    ClearDueTimer(context->step, ref, into);
    into.desk->due_us = found.desk->due_us;
    into.desk->overdue = found.desk->overdue;
    SetDueTimer(context->step, ref, into);
  }
  for (const DeskMember& member : found.desk->ring) {
    const bool known =
        std::any_of(into.desk->ring.begin(), into.desk->ring.end(),
                    [&](const DeskMember& m) { return m.account == member.account; });
    if (!known && into.desk->ring.size() < DeskCase::kMembersMax) into.desk->ring.push_back(member);
  }
  v1::Case change = ChangeOf(context->step, ref, into);
  change.add_merged_cases(found.name());
  Log(context->step, into,
      {v1::CASE_STEP_MERGED, context->actor(), found.name(), context->options.reason()}, &change);
  SendChange(context->step, into, std::move(change));
  Ending ending;
  ending.verdict = v1::CASE_VERDICT_MERGED;
  ending.actor = context->actor();
  ending.reason = context->options.reason();
  ending.detail = into.name();
  EndCase(context->step, ref, found, ending);
  context->Plan("case", Same(before), Same(v1::CaseState_Name(v1::CASE_STATE_CLOSED)));
  context->Plan("into", {}, Same(into.name()));
  context->before = before;
  context->after = "merged into " + into.name();
  context->etag = std::to_string(found.mark->revision);
  return std::nullopt;
}

Outcome ReopenCase(CommandContext* context, const AccountRef& ref,
                   const v1::ReopenCaseRequest& request) {
  CaseRef found;
  if (Outcome bad = TakeCase(*context, ref, request.name(), {.open = false}, &found);
      bad.has_value()) {
    return bad;
  }
  const Step& step = context->step;
  if (found.desk->state != v1::CASE_STATE_CLOSED) {
    return Refuse(Code::kFailedPrecondition, "CASE_OPEN", found.name() + " is open",
                  {{"name", found.name()}});
  }
  if (!found.desk->merged_into.empty()) {
    const std::string into = "cases/" + found.desk->merged_into;
    return Refuse(Code::kFailedPrecondition, "CASE_MERGED",
                  found.name() + " goes on in " + into + ": open that one again",
                  {{"name", found.name()}, {"into", into}});
  }
  const std::int64_t window_us = step.policy->desk().reopen_us;
  if (step.now_us - found.desk->close_us > window_us) {
    const std::string window = policy::TermText(window_us, policy::Language::kEn);
    return Refuse(Code::kFailedPrecondition, "REOPEN_WINDOW_OVER",
                  "a case may be opened again for " + window + ": open a new one",
                  {{"window", window}});
  }
  const CaseMatter matter{found.desk->kind, found.mark->offence, found.desk->matter};
  if (const CaseRef other = FindOpenCase(step, ref, matter)) {
    return Refuse(Code::kFailedPrecondition, "CASE_EXISTS",
                  other.name() + " is open about the same matter: go on there",
                  {{"name", other.name()}});
  }
  // The search may have moved what was found.
  found = FindCase(step, ref, CaseId(request.name()));
  const std::string before = StateOf(found);
  found.mark->open = true;
  found.desk->state = v1::CASE_STATE_OPEN;
  found.desk->close_us = 0;
  RestartTerm(step, ref, found);
  Finish(context, ref, found,
         {v1::CASE_STEP_REOPENED, "", "", PostingDetail::kCaseReopened, before});
  return std::nullopt;
}

Outcome OpenCase(CommandContext* context, const AccountRef& ref,
                 const v1::OpenCaseRequest& request) {
  if (Outcome bad = CheckOpen(request); bad.has_value()) return bad;
  const Step& step = context->step;
  const CaseMatter matter{request.kind(), request.offence(), MatterOf(request)};
  CaseRef found = FindOpenCase(step, ref, matter);
  const bool joined = static_cast<bool>(found);
  if (joined) {
    if (Outcome bad = CheckNotes(found); bad.has_value()) return bad;
  }
  const v1::Finding finding = FindingOf(*context, ref, request);
  v1::CaseReport report;
  report.set_reporter(request.reporter());
  // Whoever comes to the desk is taken at his word like a player never heard of before.
  report.set_reliability_milli(500);
  SetTimestamp(step.now_us, report.mutable_report_time());
  report.set_journal_position(static_cast<std::int64_t>(step.position));
  const bool by_player = !request.reporter().empty();
  if (joined) {
    v1::Case change = ChangeOf(step, ref, found);
    JoinCase(step, found, finding, &change);
    found.desk->gold = std::max(found.desk->gold, std::min(request.gold(), kMaxGold));
    if (by_player) {
      CountReport(report, found.desk);
      *change.add_reports() = report;
    }
    AddNote(*context, found, request.text(), &change);
    Log(step, found, {v1::CASE_STEP_NOTED, context->actor(), "", context->options.reason()},
        &change);
    SendChange(step, found, std::move(change));
    PostCase(step, ref, found, PostingDetail::kCaseJoined, context->actor());
  } else {
    CaseSpec spec;
    spec.matter = matter;
    spec.category = request.category();
    spec.severity = request.severity();
    const policy::Rule* rule = step.policy->RuleForGm(
        request.offence(), request.category(), request.severity(), ClassOf(ref, step.now_us));
    if (rule != nullptr && request.offence() != v1::OFFENCE_UNSPECIFIED) spec.rule = rule->id;
    spec.cause = "OPENED";
    if (request.offence() == v1::OFFENCE_NAME) spec.fingerprint = ref.cell->nickname;
    spec.actor = context->actor();
    spec.reason = context->options.reason();
    spec.gold = request.gold();
    spec.body.set_text(request.text());
    if (request.has_reference()) *spec.body.mutable_reference() = request.reference();
    if (by_player) *spec.body.add_reports() = report;
    found = NewCase(step, ref, std::move(spec), &finding);
  }
  context->resource = found.name();
  context->Plan("case", {}, Same(found.name()));
  context->Plan("due", {}, Same(LocalTime(step, found.desk->due_us)));
  context->after = std::string(joined ? "joined " : "opened ") + found.name();
  context->etag = std::to_string(found.mark->revision);
  if (!request.claim()) return std::nullopt;
  v1::ClaimCaseRequest claim;
  claim.set_name(found.name());
  // Whoever may open it but not decide it leaves it to the others.
  (void)ClaimCase(context, ref, claim);
  return std::nullopt;
}

}  // namespace hallwarden
