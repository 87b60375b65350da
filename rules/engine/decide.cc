#include "rules/engine/decide.h"

#include <algorithm>
#include <utility>

#include "rules/engine/question.h"
#include "rules/engine/sanctions.h"
#include "rules/ladder/ladder.h"
#include "rules/name/name_rule.h"
#include "rules/state/codec.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

void PostFinding(const Step& step, const AccountRef& ref, PostingDetail detail,
                 std::string resource) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_FINDING;
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.resource = std::move(resource);
  Post(step, ref, std::move(posting));
}

void Note(const Step& step, const AccountRef& ref, const Claim& claim, std::string_view rule,
          bool shadow) {
  step.Emit(PutFinding{claim.finding, std::string(rule), shadow});
  PostFinding(step, ref, shadow ? PostingDetail::kFindingShadow : PostingDetail::kFindingNoted,
              std::string(rule));
}

// Counts against the rule's norm; the limits go along as with a question.
void TellHit(const Step& step, const AccountRef& ref, const policy::Rule& rule) {
  const policy::Breakers& breakers = step.policy->breakers();
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(rule.id);
  writer.Signed(breakers.rule_norm_factor);
  writer.Signed(breakers.rule_norm_floor);
  step.Tell(ref.key, RuleKey(rule.id), FactKind::kRuleHit, std::move(payload));
}

bool Pardoned(const AccountRef& ref, const Hash128& fingerprint) {
  if (!ref.cell->rest || fingerprint == Hash128{}) return false;
  const std::vector<Hash128>& pardoned = ref.cell->rest->pardoned;
  return std::find(pardoned.begin(), pardoned.end(), fingerprint) != pardoned.end();
}

// Violating content goes at once, whatever the rung; only what is plain.
void ResetContent(const Step& step, const AccountRef& ref, const Claim& claim,
                  const policy::Rule& rule, std::string_view cause) {
  const bool plain = claim.finding.confidence() == v1::CONFIDENCE_PLAIN;
  if (!rule.reset_content || !plain || claim.finding.evidence().empty()) return;
  const std::string& surface = claim.finding.evidence(0).surface();
  if (surface == "nickname" && ref.cell->nickname == claim.fingerprint) {
    ResetNickname(step, ref, cause);
  }
  if (surface == "signature" && ref.cell->signature == claim.fingerprint) {
    ResetSignature(step, ref, cause);
  }
  if (surface == "avatar" && ref.cell->rest && ref.cell->rest->avatar == claim.fingerprint) {
    ResetAvatar(step, ref, cause);
  }
}

// Holds what the rule names, if it names anything, until a human decided about the case.
void Hold(const Step& step, const AccountRef& ref, const Claim& claim, const policy::Rule& rule,
          const std::string& case_id) {
  if (rule.hold_capabilities == 0 || rule.hold_term_us <= 0) return;
  CaseMark* opened = ref.cell->FindCase(case_id);
  if (opened == nullptr || !opened->hold_id.empty()) return;
  ImposeSpec spec;
  spec.kind = v1::SANCTION_KIND_HOLD;
  spec.offence = claim.finding.offence();
  spec.category = claim.finding.category();
  spec.capabilities = rule.hold_capabilities;
  spec.term_us = rule.hold_term_us;
  spec.rule = rule.id;
  spec.actor = MachineActor();
  spec.finding = &claim.finding;
  spec.notice = rule.hold_notice;
  spec.game = claim.game;
  spec.case_id = case_id;
  spec.fingerprint = claim.fingerprint;
  spec.judged_position = claim.judged_position;
  const std::string hold_id = Impose(step, ref, spec).id;
  ref.cell->FindCase(case_id)->hold_id = hold_id;
}

// Why a machine may not impose this rung; empty: it may.
std::string_view MachineBar(const policy::Rung& rung, const Claim& claim) {
  if (rung.human_only) return "HUMAN_ONLY";
  if (rung.kind != policy::RungKind::kPermanent) return {};
  if (!rung.machine_permanent) return "PERMANENT_IS_HUMAN";
  if (Disguised(claim.finding)) return "PERMANENT_ON_DISGUISE";
  return {};
}

void Climb(const Step& step, const AccountRef& ref, const Claim& claim, const policy::Rule& rule) {
  const policy::Ladder& ladder = *rule.ladder;
  const Standing standing =
      StandingOn(ladder, ref.cell->Sanctions(), ref.cell->hands_played, step.now_us);
  const hallwarden::Climb climb = ClimbFrom(standing, claim.event_us);
  if (climb != hallwarden::Climb::kNextRung) {
    const std::string id =
        OpenCase(step, ref, claim, rule,
                 climb == hallwarden::Climb::kUnseen ? "WARNING_UNSEEN" : "BEFORE_SEEN");
    ResetContent(step, ref, claim, rule, "cases/" + id);
    return;
  }
  const auto last = static_cast<std::int32_t>(ladder.rungs.size());
  const std::int32_t to = std::min(standing.rung + 1, last);
  const policy::Rung& rung = ladder.At(to);
  const std::string_view bar = MachineBar(rung, claim);
  if (!bar.empty()) {
    const std::string id = OpenCase(step, ref, claim, rule, bar);
    Hold(step, ref, claim, rule, id);
    ResetContent(step, ref, claim, rule, "cases/" + id);
    return;
  }
  ImposeSpec spec;
  spec.kind = rung.kind == policy::RungKind::kWarning ? v1::SANCTION_KIND_WARNING
                                                      : v1::SANCTION_KIND_RESTRICTION;
  spec.offence = claim.finding.offence();
  spec.category = claim.finding.category();
  spec.capabilities = rung.capabilities;
  spec.permanent = rung.kind == policy::RungKind::kPermanent;
  spec.term_us = rung.term_us;
  spec.now = rung.now;
  spec.step.set_ladder(std::string(ladder.id));
  spec.step.set_from_rung(standing.rung);
  spec.step.set_to_rung(to);
  spec.step.set_rung_count(last);
  for (const v1::CountedPrior& prior : standing.priors)
    *spec.step.add_priors() = prior;
  spec.rule = rule.id;
  spec.actor = MachineActor();
  spec.finding = &claim.finding;
  spec.notice = rung.notice;
  spec.game = claim.game;
  spec.fingerprint = claim.fingerprint;
  spec.judged_position = claim.judged_position;
  const std::string id = Impose(step, ref, spec).id;
  ResetContent(step, ref, claim, rule, "sanctions/" + id);
}

void Act(const Step& step, const AccountRef& ref, const Claim& claim, const policy::Rule& rule) {
  switch (rule.action) {
    case v1::ACTION_LADDER:
      Climb(step, ref, claim, rule);
      return;
    case v1::ACTION_HOLD: {
      const std::string id = OpenCase(step, ref, claim, rule, "HELD");
      Hold(step, ref, claim, rule, id);
      ResetContent(step, ref, claim, rule, "cases/" + id);
      return;
    }
    case v1::ACTION_CASE:
      OpenCase(step, ref, claim, rule, "CASE");
      return;
    default:
      Note(step, ref, claim, rule.id, false);
      return;
  }
}

}  // namespace

v1::AccountClass ClassOf(const AccountRef& ref, std::int64_t at_us) {
  return ref.cell->PartnerChannel(at_us).empty() ? v1::ACCOUNT_CLASS_ORDINARY
                                                 : v1::ACCOUNT_CLASS_PARTNER;
}

void Decide(const Step& step, const AccountRef& ref, Claim claim) {
  v1::Finding& finding = claim.finding;
  finding.set_account(ref.account);
  finding.set_finding_id(MakeId("fd_", ref.account, ref.cell->Rest().next_ordinal++));
  SetTimestamp(step.now_us, finding.mutable_create_time());
  for (v1::Evidence& evidence : *finding.mutable_evidence()) {
    if (evidence.journal_position() == 0) {
      evidence.set_journal_position(static_cast<std::int64_t>(claim.judged_position));
    }
    if (!evidence.has_event_time()) SetTimestamp(claim.event_us, evidence.mutable_event_time());
  }
  policy::FindingKey key;
  key.offence = finding.offence();
  key.category = finding.category();
  key.severity = finding.severity();
  key.confidence = finding.confidence();
  key.account_class = ClassOf(ref, claim.event_us);
  if (const policy::Rule* shadow = step.policy->MatchShadow(key); shadow != nullptr) {
    Note(step, ref, claim, shadow->id, true);
    TellHit(step, ref, *shadow);
  }
  const policy::Rule* rule = step.policy->Match(key);
  if (rule == nullptr) {
    Note(step, ref, claim, "", false);
    return;
  }
  if (Pardoned(ref, claim.fingerprint)) {
    Note(step, ref, claim, "pardoned", false);
    return;
  }
  if (rule->mode == v1::MODE_REVIEW && rule->action != v1::ACTION_NOTE) {
    TellHit(step, ref, *rule);
    OpenCase(step, ref, claim, *rule, "REVIEW");
    return;
  }
  const bool acts = rule->action == v1::ACTION_LADDER || rule->action == v1::ACTION_HOLD;
  if (!acts) {
    TellHit(step, ref, *rule);
    Act(step, ref, claim, *rule);
    return;
  }
  Question question;
  question.account = ref.account;
  question.server = finding.server();
  question.rule = rule->id;
  question.hourly_quota = static_cast<std::uint32_t>(rule->hourly_quota);
  question.breakers = step.policy->breakers();
  question.can_be_overturned = step.policy->appeals().CanOverturn();
  question.claim = std::move(claim);
  if (AskNext(step, ref.key, question, false)) return;
  TellHit(step, ref, *rule);
  Act(step, ref, question.claim, *rule);
}

void OnGranted(const Step& step, const AccountRef& ref, const Question& question) {
  // The policy may have changed while the question was on its way; the rule that asked decides.
  const policy::Rule* rule = step.policy->FindRule(question.rule);
  if (rule == nullptr) {
    Note(step, ref, question.claim, question.rule, false);
    return;
  }
  Act(step, ref, question.claim, *rule);
}

void OnParked(const Step& step, const AccountRef& ref, const Question& question,
              std::string_view cause) {
  const policy::Rule* rule = step.policy->FindRule(question.rule);
  if (rule == nullptr) {
    Note(step, ref, question.claim, question.rule, false);
    return;
  }
  OpenCase(step, ref, question.claim, *rule, cause);
}

}  // namespace hallwarden
