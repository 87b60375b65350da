#include "rules/engine/cases.h"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/engine/play_events.h"
#include "rules/engine/queue_place.h"
#include "rules/engine/reports.h"
#include "rules/engine/sanctions.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kEvidenceMaxUnits = 12;
constexpr std::int64_t kMilliPerUnit = 1'000;

// Timers carry the place of the case in the desk's list; cases are never removed from it.
Timer TimerOf(const Step& step, const AccountRef& ref, const CaseRef& found, TimerKind kind,
              std::int64_t due_us) {
  const std::int64_t place = found.desk - DeskOf(step, ref).cases.data();
  return Timer{due_us, ref.key, static_cast<std::uint8_t>(kind), place, ref.account};
}

std::int64_t TenfoldsOf(std::int64_t gold) {
  std::int64_t tenfolds = 0;
  for (; gold >= 10; gold /= 10)
    ++tenfolds;
  return tenfolds;
}

DeskCase NewDesk(const Step& step, const std::string& id, v1::CaseKind kind) {
  const policy::CaseTerm& term = step.policy->desk().Term(kind);
  DeskCase desk;
  desk.id = id;
  desk.kind = kind;
  desk.create_us = step.now_us;
  desk.due_us = step.now_us + term.answer_us;
  desk.least_role = static_cast<std::uint8_t>(term.least_role);
  return desk;
}

// Gold that changed hands in a ring, one way or the other.
std::int64_t GoldOf(const v1::Finding& finding) {
  std::int64_t gold = 0;
  for (const v1::RingMember& member : finding.ring()) {
    if (member.account() == finding.account()) continue;
    const std::int64_t share = std::clamp(member.gold(), -kMaxGold, kMaxGold);
    gold = std::min(gold + (share < 0 ? -share : share), kMaxGold);
  }
  return gold;
}

void AddMember(const std::string& account, DeskCase* desk) {
  if (account.empty() || desk->ring.size() >= DeskCase::kMembersMax) return;
  const bool known = std::any_of(desk->ring.begin(), desk->ring.end(),
                                 [&](const DeskMember& m) { return m.account == account; });
  if (!known) desk->ring.push_back({account, false});
}

// What the order of the queue and the verdict need of a finding. Evidence counts in whole units and
// gold in tenfolds, so that a case changes its place, and its log grows, a bounded number of times.
void Weigh(const v1::Finding& finding, DeskCase* desk) {
  desk->severity = std::max(desk->severity, finding.severity());
  desk->evidence_milli = std::max(desk->evidence_milli, finding.evidence_log10_milli());
  desk->gold = std::max(desk->gold, GoldOf(finding));
  for (const v1::RingMember& member : finding.ring()) {
    if (member.account() != finding.account()) AddMember(member.account(), desk);
  }
}

void LiftHold(const Step& step, const AccountRef& ref, const CaseRef& found, const Ending& ending) {
  SanctionMark* hold = ref.cell->FindSanction(found.mark->hold_id);
  if (hold == nullptr || !hold->InForce()) return;
  const bool dismissed = ending.verdict == v1::CASE_VERDICT_DISMISSED;
  v1::Lift lift;
  lift.set_disposition(dismissed ? v1::DISPOSITION_MISTAKE : v1::DISPOSITION_MERCY);
  lift.set_reason("case decided: " + found.name());
  *lift.mutable_actor() = ending.actor;
  // Only a dismissal pardons what was judged.
  lift.mutable_actor()->set_machine(!dismissed);
  SetTimestamp(step.now_us, lift.mutable_lift_time());
  Lift(step, ref, hold, lift);
}

PostingDetail DetailOf(v1::CaseVerdict verdict) {
  switch (verdict) {
    case v1::CASE_VERDICT_CONFIRMED:
      return PostingDetail::kCaseConfirmed;
    case v1::CASE_VERDICT_DISMISSED:
      return PostingDetail::kCaseDismissed;
    default:
      return PostingDetail::kCaseClosed;
  }
}

// `confirmed`, as cases were closed with before verdicts had an enum.
std::string WordOf(v1::CaseVerdict verdict) {
  switch (verdict) {
    case v1::CASE_VERDICT_CONFIRMED:
      return "confirmed";
    case v1::CASE_VERDICT_DISMISSED:
      return "dismissed";
    case v1::CASE_VERDICT_NO_ACTION:
      return "no_action";
    case v1::CASE_VERDICT_FOUNDED:
      return "founded";
    case v1::CASE_VERDICT_UNFOUNDED:
      return "unfounded";
    default:
      return "merged";
  }
}

// Fills everything singular that the way through the queue changes.
void Describe(const Step& step, const CaseRef& found, v1::Case* change) {
  const DeskCase& desk = *found.desk;
  change->set_name(found.name());
  change->set_revision(found.mark->revision);
  SetTimestamp(step.now_us, change->mutable_update_time());
  change->set_state(desk.state);
  change->set_kind(desk.kind);
  change->set_severity(desk.severity);
  change->set_category(found.mark->category);
  change->set_finding_count(static_cast<std::int32_t>(found.mark->findings));
  change->set_report_count(static_cast<std::int32_t>(desk.reports));
  change->set_least_role(static_cast<v1::Role>(desk.least_role));
  SetTimestamp(desk.due_us, change->mutable_due_time());
  change->clear_overdue_time();
  if (desk.overdue) SetTimestamp(desk.due_us, change->mutable_overdue_time());
  change->set_queue_key(QueueKey(desk, step.policy->desk()));
  change->set_gold(desk.gold);
  change->set_evidence_log10_milli(desk.evidence_milli);
  if (desk.first_claim_us != 0) {
    SetTimestamp(desk.first_claim_us, change->mutable_first_claim_time());
  }
  change->clear_claim();
  if (!desk.holder.empty()) {
    v1::CaseClaim& claim = *change->mutable_claim();
    claim.set_principal(desk.holder);
    claim.set_assigned_by(desk.assigned_by);
    SetTimestamp(desk.claim_us, claim.mutable_claim_time());
    SetTimestamp(desk.lease_end_us, claim.mutable_lease_end_time());
  }
  change->clear_referral();
  if (!desk.department.empty()) {
    v1::CaseReferral& referral = *change->mutable_referral();
    referral.set_department(desk.department);
    referral.set_waits_for(desk.waits_for);
    referral.mutable_actor()->set_principal(desk.referred_by);
    referral.mutable_actor()->set_role(static_cast<v1::Role>(desk.referred_role));
    SetTimestamp(desk.refer_us, referral.mutable_refer_time());
    SetTimestamp(desk.until_us, referral.mutable_until_time());
  }
}

}  // namespace

DeskCell& DeskOf(const Step& step, const AccountRef& ref) {
  return step.cells->desks().Mutable(ref.key.id);
}

CaseRef FindCase(const Step& step, const AccountRef& ref, std::string_view id) {
  CaseMark* mark = ref.cell->FindCase(id);
  if (mark == nullptr) return {};
  DeskCell& cell = DeskOf(step, ref);
  DeskCase* desk = cell.FindCase(id);
  if (desk == nullptr) {
    cell.cases.push_back(NewDesk(step, mark->id, v1::CASE_KIND_MISCONDUCT));
    desk = &cell.cases.back();
    desk->severity = mark->severity;
    desk->state = mark->open ? v1::CASE_STATE_OPEN : v1::CASE_STATE_CLOSED;
    // When it was closed nobody remembers; from now on it counts as closed now.
    if (!mark->open) desk->close_us = step.now_us;
    const CaseRef found{mark, desk};
    if (mark->open)
      step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kCaseDue, desk->due_us)});
  }
  return {mark, desk};
}

CaseRef FindOpenCase(const Step& step, const AccountRef& ref, const CaseMatter& matter) {
  if (!ref.cell->rest) return {};
  for (const CaseMark& mark : ref.cell->rest->cases) {
    if (!mark.open || mark.offence != matter.offence) continue;
    const CaseRef found = FindCase(step, ref, mark.id);
    if (found.desk->kind == matter.kind && found.desk->matter == matter.matter) return found;
  }
  return {};
}

CaseRef NewCase(const Step& step, const AccountRef& ref, CaseSpec spec,
                const v1::Finding* finding) {
  AccountRest& rest = ref.cell->Rest();
  ++rest.version;
  CaseMark mark;
  mark.id = MakeId("cs_", ref.account, rest.next_ordinal++);
  mark.offence = spec.matter.offence;
  mark.category = spec.category;
  mark.severity = spec.severity;
  mark.open = true;
  mark.create_us = step.now_us;
  mark.findings = finding == nullptr ? 0 : 1;
  mark.rule = std::move(spec.rule);
  mark.fingerprint = spec.fingerprint;
  DeskCell& cell = DeskOf(step, ref);
  DeskCase desk = NewDesk(step, mark.id, spec.matter.kind);
  desk.matter = spec.matter.matter;
  desk.severity = spec.severity;
  desk.gold = std::min(spec.gold, kMaxGold);
  if (spec.least_role != v1::ROLE_UNSPECIFIED &&
      DeskRank(spec.least_role) > DeskRank(static_cast<v1::Role>(desk.least_role))) {
    desk.least_role = static_cast<std::uint8_t>(spec.least_role);
  }
  for (const v1::CaseReport& report : spec.body.reports())
    CountReport(report, &desk);
  if (finding != nullptr) Weigh(*finding, &desk);
  rest.cases.push_back(std::move(mark));
  cell.cases.push_back(std::move(desk));
  const CaseRef found{&rest.cases.back(), &cell.cases.back()};
  v1::Case opened = std::move(spec.body);
  opened.set_account(ref.account);
  opened.set_offence(found.mark->offence);
  SetTimestamp(step.now_us, opened.mutable_create_time());
  if (finding != nullptr) *opened.add_findings() = *finding;
  opened.set_rule(found.mark->rule);
  opened.set_policy_revision(step.policy->revision());
  opened.set_cause(std::move(spec.cause));
  *opened.mutable_opened_by() = spec.actor;
  Log(step, found, {v1::CASE_STEP_OPENED, spec.actor, opened.cause(), spec.reason}, &opened);
  Describe(step, found, &opened);
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kCaseDue, found.desk->due_us)});
  step.Emit(PutCase{std::move(opened)});
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_CASE;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kCaseOpened);
  posting.resource = found.name();
  if (!spec.actor.machine()) posting.principal = spec.actor.principal();
  posting.amount = 1;
  posting.notable = true;
  Post(step, ref, std::move(posting));
  return found;
}

void JoinCase(const Step& step, const CaseRef& found, const v1::Finding& finding,
              v1::Case* change) {
  const policy::DeskSettings& settings = step.policy->desk();
  const std::string before = QueueKey(*found.desk, settings);
  ++found.mark->findings;
  Weigh(finding, found.desk);
  *change->add_findings() = finding;
  if (QueueKey(*found.desk, settings) == before) return;
  Log(step, found, {v1::CASE_STEP_JOINED, MachineActor(), finding.detector(), ""}, change);
}

v1::Case ChangeOf(const Step& step, const AccountRef& ref, const CaseRef& found) {
  ++found.mark->revision;
  ++ref.cell->Rest().version;
  v1::Case change;
  change.set_account(ref.account);
  Describe(step, found, &change);
  return change;
}

void Log(const Step& step, const CaseRef& found, const LogLine& line, v1::Case* change) {
  ++found.desk->log;
  v1::CaseLogEntry& entry = *change->add_log();
  entry.set_step(line.step);
  SetTimestamp(step.now_us, entry.mutable_create_time());
  *entry.mutable_actor() = line.actor;
  entry.set_detail(line.detail);
  entry.set_reason(line.reason);
  entry.set_journal_position(static_cast<std::int64_t>(step.position));
}

void SendChange(const Step& step, const CaseRef& found, v1::Case change) {
  Describe(step, found, &change);
  step.Emit(PatchCase{std::move(change)});
}

void PostCase(const Step& step, const AccountRef& ref, const CaseRef& found, PostingDetail detail,
              const v1::Actor& actor) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_CASE;
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.resource = found.name();
  if (!actor.machine()) posting.principal = actor.principal();
  posting.notable = true;
  Post(step, ref, std::move(posting));
}

void DropClaim(const Step& step, const AccountRef& ref, const CaseRef& found) {
  DeskCase& desk = *found.desk;
  if (desk.holder.empty()) return;
  step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kCaseLease, desk.lease_end_us)});
  desk.holder.clear();
  desk.assigned_by.clear();
  desk.claim_us = 0;
  desk.lease_end_us = 0;
  if (desk.state == v1::CASE_STATE_CLAIMED) desk.state = v1::CASE_STATE_OPEN;
}

void DropReferral(const Step& step, const AccountRef& ref, const CaseRef& found) {
  DeskCase& desk = *found.desk;
  if (desk.department.empty()) return;
  step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kCaseReferral, desk.until_us)});
  desk.department.clear();
  desk.waits_for.clear();
  desk.referred_by.clear();
  desk.referred_role = 0;
  desk.refer_us = 0;
  desk.until_us = 0;
  if (desk.state == v1::CASE_STATE_REFERRED) desk.state = v1::CASE_STATE_OPEN;
}

void GiveClaim(const Step& step, const AccountRef& ref, const CaseRef& found,
               const std::string& holder) {
  DeskCase& desk = *found.desk;
  const bool renewed = desk.holder == holder;
  const std::int64_t claim_us = renewed ? desk.claim_us : step.now_us;
  const std::string assigned_by = renewed ? desk.assigned_by : std::string();
  DropClaim(step, ref, found);
  DropReferral(step, ref, found);
  desk.holder = holder;
  desk.assigned_by = assigned_by;
  desk.claim_us = claim_us;
  desk.lease_end_us = step.now_us + step.policy->desk().lease_us;
  desk.state = v1::CASE_STATE_CLAIMED;
  if (desk.first_claim_us == 0) desk.first_claim_us = step.now_us;
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kCaseLease, desk.lease_end_us)});
}

void SetReferralTimer(const Step& step, const AccountRef& ref, const CaseRef& found) {
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kCaseReferral, found.desk->until_us)});
}

void RestartTerm(const Step& step, const AccountRef& ref, const CaseRef& found) {
  DeskCase& desk = *found.desk;
  desk.overdue = false;
  desk.due_us = step.now_us + step.policy->desk().Term(desk.kind).answer_us;
  SetDueTimer(step, ref, found);
}

void SetDueTimer(const Step& step, const AccountRef& ref, const CaseRef& found) {
  if (found.desk->overdue) return;
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kCaseDue, found.desk->due_us)});
}

void ClearDueTimer(const Step& step, const AccountRef& ref, const CaseRef& found) {
  if (found.desk->overdue) return;
  step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kCaseDue, found.desk->due_us)});
}

void EndCase(const Step& step, const AccountRef& ref, const CaseRef& found, const Ending& ending) {
  DropClaim(step, ref, found);
  DropReferral(step, ref, found);
  ClearDueTimer(step, ref, found);
  found.desk->state = v1::CASE_STATE_CLOSED;
  found.desk->close_us = step.now_us;
  found.mark->open = false;
  v1::Case change = ChangeOf(step, ref, found);
  LiftHold(step, ref, found, ending);
  const bool merged = ending.verdict == v1::CASE_VERDICT_MERGED;
  const bool dismissed = ending.verdict == v1::CASE_VERDICT_DISMISSED;
  const auto pardon = [&](const CaseMark& mark) {
    if (dismissed && mark.fingerprint != Hash128{}) {
      ref.cell->Rest().pardoned.push_back(mark.fingerprint);
    }
  };
  pardon(*found.mark);
  TellReporters(step, ref, found, ending.verdict);
  // What was merged into it ends with it: its holds and its reporters wait for this verdict.
  for (DeskCase& other : DeskOf(step, ref).cases) {
    if (merged || other.merged_into != found.mark->id) continue;
    const CaseRef part = FindCase(step, ref, other.id);
    LiftHold(step, ref, part, ending);
    pardon(*part.mark);
    TellReporters(step, ref, part, ending.verdict);
  }
  const bool judged = ending.verdict == v1::CASE_VERDICT_CONFIRMED || dismissed;
  if (judged) ForgetPlay(step, ref, found.mark->offence);
  change.set_verdict(WordOf(ending.verdict));
  change.set_case_verdict(ending.verdict);
  change.set_verdict_reason(ending.reason);
  change.set_deviation_reason(ending.deviation_reason);
  *change.mutable_closed_by() = ending.actor;
  SetTimestamp(step.now_us, change.mutable_close_time());
  if (!ending.sanction.empty()) change.add_sanctions(ending.sanction);
  if (merged) change.set_merged_into("cases/" + found.desk->merged_into);
  Log(step, found,
      {v1::CASE_STEP_CLOSED, ending.actor,
       ending.detail.empty() ? WordOf(ending.verdict) : ending.detail, ending.reason},
      &change);
  SendChange(step, found, std::move(change));
  PostCase(step, ref, found, DetailOf(ending.verdict), ending.actor);
}

bool IsDeskTimer(int kind) {
  return kind == static_cast<int>(TimerKind::kCaseLease) ||
         kind == static_cast<int>(TimerKind::kCaseDue) ||
         kind == static_cast<int>(TimerKind::kCaseReferral);
}

void OnDeskTimer(const Step& step, const AccountRef& ref, const v1::TimerFired& timer) {
  std::vector<DeskCase>& cases = DeskOf(step, ref).cases;
  if (timer.payload() < 0 || static_cast<std::uint64_t>(timer.payload()) >= cases.size() ||
      step.policy == nullptr) {
    return;
  }
  const CaseRef found = FindCase(step, ref, cases[static_cast<std::size_t>(timer.payload())].id);
  if (!found || found.desk->state == v1::CASE_STATE_CLOSED) return;
  LogLine line;
  line.actor = MachineActor();
  PostingDetail detail = PostingDetail::kCaseLeaseExpired;
  switch (static_cast<TimerKind>(timer.timer_kind())) {
    case TimerKind::kCaseLease:
      if (found.desk->holder.empty() || found.desk->lease_end_us > step.now_us) return;
      line.step = v1::CASE_STEP_LEASE_EXPIRED;
      line.detail = found.desk->holder;
      DropClaim(step, ref, found);
      break;
    case TimerKind::kCaseReferral:
      if (found.desk->department.empty() || found.desk->until_us > step.now_us) return;
      line.step = v1::CASE_STEP_RETURNED;
      line.detail = found.desk->department;
      detail = PostingDetail::kCaseReturned;
      DropReferral(step, ref, found);
      break;
    default:
      if (found.desk->overdue || found.desk->due_us > step.now_us) return;
      line.step = v1::CASE_STEP_OVERDUE;
      detail = PostingDetail::kCaseOverdue;
      found.desk->overdue = true;
      break;
  }
  v1::Case change = ChangeOf(step, ref, found);
  Log(step, found, line, &change);
  SendChange(step, found, std::move(change));
  PostCase(step, ref, found, detail, line.actor);
}

std::string QueueKey(const DeskCase& desk, const policy::DeskSettings& settings) {
  QueueBand band = desk.overdue ? QueueBand::kOverdue : QueueBand::kWaiting;
  std::int64_t place = desk.due_us;
  switch (desk.state) {
    case v1::CASE_STATE_CLOSED:
      return {};
    case v1::CASE_STATE_REFERRED:
      band = QueueBand::kElsewhere;
      place = desk.until_us;
      break;
    default:
      if (desk.overdue) break;
      if (desk.severity == v1::SEVERITY_SERIOUS) place -= settings.serious_us;
      place -= std::clamp<std::int64_t>(desk.evidence_milli / kMilliPerUnit, 0, kEvidenceMaxUnits) *
               settings.evidence_us;
      place -= TenfoldsOf(desk.gold) * settings.gold_us;
      place -= desk.report_weight * settings.report_us / kMilliPerUnit;
      break;
  }
  return QueuePlace(band, place);
}

int DeskRank(v1::Role role) {
  switch (role) {
    case v1::ROLE_GM:
      return 1;
    case v1::ROLE_SENIOR_GM:
      return 2;
    case v1::ROLE_LEAD:
      return 3;
    case v1::ROLE_ADMIN:
      return 4;
    default:
      return 0;
  }
}

std::string CaseId(std::string_view name) {
  constexpr std::string_view kPrefix = "cases/";
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return std::string(name);
}

std::string OpenCase(const Step& step, const AccountRef& ref, const Claim& claim,
                     const policy::Rule& rule, std::string_view cause) {
  CaseSpec spec;
  spec.matter.offence = claim.finding.offence();
  if (const CaseRef known = FindOpenCase(step, ref, spec.matter)) {
    v1::Case change = ChangeOf(step, ref, known);
    JoinCase(step, known, claim.finding, &change);
    SendChange(step, known, std::move(change));
    Posting posting;
    posting.kind = v1::TIMELINE_KIND_CASE;
    posting.notable = true;
    posting.detail = static_cast<std::uint8_t>(PostingDetail::kCaseJoined);
    posting.resource = known.name();
    posting.amount = known.mark->findings;
    Post(step, ref, std::move(posting));
    return known.mark->id;
  }
  spec.category = claim.finding.category();
  spec.severity = claim.finding.severity();
  spec.rule = rule.id;
  spec.cause = cause;
  spec.fingerprint = claim.fingerprint;
  spec.actor = MachineActor();
  return NewCase(step, ref, std::move(spec), &claim.finding).mark->id;
}

}  // namespace hallwarden
