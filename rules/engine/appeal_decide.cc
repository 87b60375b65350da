// The decision about an appeal: uphold, reduce, lift. Whoever imposed the sanction decides nothing
// here but that he was mistaken.
#include <string>
#include <string_view>
#include <utility>

#include "rules/appeal/recommend.h"
#include "rules/appeal/reduce.h"
#include "rules/engine/appeal_commands.h"
#include "rules/engine/decide.h"
#include "rules/engine/play_events.h"
#include "rules/engine/sanction_change.h"
#include "rules/ladder/ladder.h"
#include "rules/policy/notice.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::size_t kReasonMinBytes = 4;

Outcome CheckVerdict(const v1::DecideAppealRequest& request) {
  const bool lift = request.verdict() == v1::APPEAL_VERDICT_LIFT;
  switch (request.disposition()) {
    case v1::DISPOSITION_UNSPECIFIED:
      if (!lift) break;
      return Refuse(Code::kInvalidArgument, "DISPOSITION_REQUIRED",
                    "say why it is lifted: mistake, mercy, compromised, appeal upheld or amnesty");
    case v1::DISPOSITION_MISTAKE:
    case v1::DISPOSITION_MERCY:
    case v1::DISPOSITION_COMPROMISED:
    case v1::DISPOSITION_APPEAL_UPHELD:
    case v1::DISPOSITION_AMNESTY:
      if (lift) break;
      return Refuse(Code::kInvalidArgument, "DISPOSITION_WITHOUT_LIFT",
                    "a disposition goes with lifting only");
    default:
      return Refuse(Code::kInvalidArgument, "DISPOSITION_REQUIRED",
                    "an appeal lifts as mistake, mercy, compromised, appeal upheld or amnesty");
  }
  const bool reduce = request.verdict() == v1::APPEAL_VERDICT_REDUCE;
  const bool ends = request.end_case() != v1::DecideAppealRequest::END_NOT_SET;
  if (!reduce && (ends || !request.capabilities().empty())) {
    return Refuse(Code::kInvalidArgument, "TERM_WITHOUT_REDUCE",
                  "a new end and capabilities go with reducing only");
  }
  if (reduce || lift || request.verdict() == v1::APPEAL_VERDICT_UPHOLD) return std::nullopt;
  return Refuse(Code::kInvalidArgument, "VERDICT_REQUIRED", "uphold, reduce or lift");
}

// Whoever imposed it, and whoever may not touch what others imposed.
Outcome CheckDecider(const CommandContext& context, const AppealRef& found,
                     const v1::DecideAppealRequest& request) {
  const v1::Actor& actor = context.actor();
  if (Imposed(*found.sanction, actor.principal())) {
    if (request.verdict() == v1::APPEAL_VERDICT_LIFT &&
        request.disposition() == v1::DISPOSITION_MISTAKE) {
      return std::nullopt;
    }
    return Refuse(Code::kPermissionDenied, "OWN_SANCTION",
                  "you imposed it: lift it as your own mistake, or release the appeal; an appeal "
                  "agent, a senior GM or a lead decides it",
                  {{"name", found.name()}});
  }
  const policy::RoleLimit* limit = context.step.policy->LimitOf(actor.role());
  if (limit != nullptr && limit->lift_others) return std::nullopt;
  const std::string role = v1::Role_Name(actor.role());
  return Refuse(Code::kPermissionDenied, "ROLE_LIMIT_APPEAL",
                "role " + role +
                    " decides no appeals against what others imposed: leave it to an "
                    "appeal agent, a senior GM or a lead",
                {{"role", role}});
}

// The handbook: a partner account is freed for a mistake only.
Outcome CheckPartner(const AccountRef& ref, const AppealRef& found,
                     const v1::DecideAppealRequest& request) {
  if (ClassOf(ref, found.sanction->create_us) != v1::ACCOUNT_CLASS_PARTNER ||
      request.verdict() == v1::APPEAL_VERDICT_UPHOLD || appeal::Overturns(request.disposition())) {
    return std::nullopt;
  }
  return Refuse(Code::kPermissionDenied, "PARTNER_ACCOUNT",
                "a partner account's sanction is lifted for a mistake only",
                {{"account", ref.account}});
}

// A recommendation is no order; whoever decides otherwise says why.
Outcome CheckDeviation(const CommandContext& context, const v1::DecideAppealRequest& request) {
  if (!context.command.has_recommendation()) return std::nullopt;
  const v1::AppealRecommendation& advice = context.command.recommendation();
  const bool same =
      advice.verdict() == request.verdict() &&
      appeal::Overturns(advice.disposition()) == appeal::Overturns(request.disposition());
  if (same || request.deviation_reason().size() >= kReasonMinBytes) return std::nullopt;
  const std::string verdict = v1::AppealVerdict_Name(advice.verdict());
  return Refuse(Code::kInvalidArgument, "DEVIATION_REASON_REQUIRED",
                "recommended is " + verdict + " (" + advice.summary().en() +
                    "): say why you decide otherwise",
                {{"recommended", verdict}, {"summary", advice.summary().en()}});
}

Outcome CheckCompensation(const CommandContext& context, const v1::DecideAppealRequest& request) {
  const std::int64_t gold = request.compensation_gold();
  if (gold == 0) return std::nullopt;
  if (request.disposition() != v1::DISPOSITION_MISTAKE) {
    return Refuse(Code::kInvalidArgument, "COMPENSATION_WITHOUT_MISTAKE",
                  "only a mistake is made up for");
  }
  const std::int64_t most = context.step.policy->appeals().compensation_max_gold;
  if (gold > 0 && gold <= most) return std::nullopt;
  return Refuse(Code::kInvalidArgument, "COMPENSATION_TOO_HIGH",
                "the policy lets at most " + std::to_string(most) + " gold be proposed",
                {{"max", std::to_string(most)}});
}

std::string_view WhyNot(appeal::ReductionFault fault) {
  switch (fault) {
    case appeal::ReductionFault::kNothingAsked:
      return "say a new term or end, or what is still taken away";
    case appeal::ReductionFault::kTermAndEnd:
      return "a term or an end, not both";
    case appeal::ReductionFault::kNotPositive:
      return "the new term must be above zero";
    case appeal::ReductionFault::kNotShorter:
      return "the new end must be before the old one";
    case appeal::ReductionFault::kNotMilder:
      return "what is still taken away must be a part of what was";
    case appeal::ReductionFault::kNone:
      break;
  }
  return "";
}

policy::CapabilityMask MaskIn(const google::protobuf::RepeatedField<int>& capabilities) {
  policy::CapabilityMask mask = 0;
  for (const int capability : capabilities) {
    mask = static_cast<policy::CapabilityMask>(
        mask | policy::MaskOf(static_cast<v1::Capability>(capability)));
  }
  return mask;
}

// What the decision makes of the sanction; nullopt and `to` filled when that can be done.
Outcome PlanReduction(const CommandContext& context, const AppealRef& found,
                      const v1::DecideAppealRequest& request, appeal::Reduced* to) {
  const SanctionMark& sanction = *found.sanction;
  const std::string name = "sanctions/" + sanction.id;
  if (!Restricts(sanction) || !sanction.InForce()) {
    return Refuse(Code::kFailedPrecondition, "NOTHING_TO_REDUCE",
                  name + " restricts nothing any more: uphold it, or lift it as a mistake",
                  {{"name", name}});
  }
  appeal::ReductionOrder order;
  if (request.end_case() == v1::DecideAppealRequest::kTerm)
    order.term_us = DurationUs(request.term());
  if (request.end_case() == v1::DecideAppealRequest::kEndTime) {
    order.end_us = TimestampUs(request.end_time());
  }
  order.capabilities = MaskIn(request.capabilities());
  *to = appeal::Reduce(
      {sanction.start_us, sanction.term_us, sanction.permanent, sanction.capabilities}, order,
      context.step.now_us);
  if (to->fault == appeal::ReductionFault::kNone) return std::nullopt;
  const std::string why(WhyNot(to->fault));
  return Refuse(Code::kInvalidArgument, "NOT_REDUCED", name + " is not reduced so: " + why,
                {{"name", name}, {"why", why}});
}

v1::Reduction ReductionOf(const CommandContext& context, const AppealRef& found,
                          const appeal::Reduced& to) {
  const SanctionMark& sanction = *found.sanction;
  v1::Reduction reduction;
  SetTimestamp(context.step.now_us, reduction.mutable_create_time());
  *reduction.mutable_actor() = context.actor();
  reduction.set_reason(context.options.reason());
  reduction.set_appeal(found.name());
  if (!sanction.permanent) SetDuration(sanction.term_us, reduction.mutable_term_before());
  if (!to.permanent) SetDuration(to.term_us, reduction.mutable_term_after());
  SetDuration(to.served_us, reduction.mutable_served());
  for (const v1::Capability capability : CapabilitiesIn(sanction.capabilities)) {
    reduction.add_capabilities_before(capability);
  }
  for (const v1::Capability capability : CapabilitiesIn(to.capabilities)) {
    reduction.add_capabilities_after(capability);
  }
  return reduction;
}

v1::LocalizedText TermWords(bool permanent, std::int64_t term_us) {
  if (permanent) return Both("\xe6\xb0\xb8\xe4\xb9\x85", "permanent");
  return Both(policy::TermText(term_us, policy::Language::kZh),
              policy::TermText(term_us, policy::Language::kEn));
}

// Does to the sanction what was decided. Returns what the player is told.
policy::AppealText Carry(CommandContext* context, const AccountRef& ref, const AppealRef& found,
                         const appeal::Reduced& to, v1::AppealDecision* decision) {
  SanctionMark* const sanction = found.sanction;
  const Step& step = context->step;
  switch (decision->verdict()) {
    case v1::APPEAL_VERDICT_REDUCE: {
      *decision->mutable_reduction() = ReductionOf(*context, found, to);
      context->Plan("term", TermWords(sanction->permanent, sanction->term_us),
                    TermWords(to.permanent, to.term_us));
      if (to.end_us != 0) context->Plan("until", {}, Same(LocalTextOf(step, to.end_us)));
      const bool shorter = to.term_us != sanction->term_us || to.permanent != sanction->permanent;
      ReduceSanction(step, ref, sanction, to, decision->reduction());
      if (to.over) return policy::AppealText::kServed;
      return shorter ? policy::AppealText::kReduced : policy::AppealText::kMilder;
    }
    case v1::APPEAL_VERDICT_LIFT: {
      v1::Lift lift;
      lift.set_disposition(decision->disposition());
      lift.set_reason(context->options.reason());
      *lift.mutable_actor() = context->actor();
      SetTimestamp(step.now_us, lift.mutable_lift_time());
      const std::string before = v1::SanctionState_Name(sanction->state);
      const bool counted = MarkCounts(*sanction);
      Lift(step, ref, sanction, lift);
      ForgetPlay(step, ref, sanction->offence);
      context->Plan("state", Same(before), Same(v1::SanctionState_Name(sanction->state)));
      context->Plan("counts", Same(counted ? "yes" : "no"),
                    Same(MarkCounts(*sanction) ? "yes" : "no"));
      return appeal::Overturns(decision->disposition()) ? policy::AppealText::kApology
                                                        : policy::AppealText::kLifted;
    }
    default:
      context->Plan("state", {}, Same(v1::SanctionState_Name(sanction->state)));
      return policy::AppealText::kUpheld;
  }
}

// The rule hears what became of what its machine did: one that is wrong too often is left to
// people.
void TellRule(const Step& step, const AccountRef& ref, const SanctionMark& sanction,
              bool overturned) {
  if (!sanction.machine || sanction.rule.empty()) return;
  const policy::AppealSettings& settings = step.policy->appeals();
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(sanction.rule);
  writer.Byte(overturned ? 1 : 0);
  writer.Varint(settings.overturned_percent);
  writer.Varint(settings.overturned_least);
  step.Tell(ref.key, RuleKey(sanction.rule), FactKind::kAppealDecided, std::move(payload));
}

PostingDetail DetailOf(v1::AppealVerdict verdict) {
  switch (verdict) {
    case v1::APPEAL_VERDICT_REDUCE:
      return PostingDetail::kAppealReduced;
    case v1::APPEAL_VERDICT_LIFT:
      return PostingDetail::kAppealLifted;
    default:
      return PostingDetail::kAppealUpheld;
  }
}

v1::AppealDecision DecisionOf(const CommandContext& context,
                              const v1::DecideAppealRequest& request) {
  v1::AppealDecision decision;
  decision.set_verdict(request.verdict());
  decision.set_disposition(request.disposition());
  *decision.mutable_actor() = context.actor();
  SetTimestamp(context.step.now_us, decision.mutable_decide_time());
  decision.set_reason(context.options.reason());
  decision.set_deviation_reason(request.deviation_reason());
  if (context.command.has_recommendation()) {
    *decision.mutable_recommendation() = context.command.recommendation();
  }
  if (request.compensation_gold() != 0) {
    decision.mutable_compensation()->set_gold(request.compensation_gold());
    *decision.mutable_compensation()->mutable_actor() = context.actor();
    decision.mutable_compensation()->set_reason(context.options.reason());
  }
  return decision;
}

// Everything that speaks against the decision, before anything is changed.
Outcome CheckDecision(const CommandContext& context, const AccountRef& ref, const AppealRef& found,
                      const v1::DecideAppealRequest& request, appeal::Reduced* to) {
  Outcome bad = CheckVerdict(request);
  if (!bad.has_value()) bad = CheckDecider(context, found, request);
  if (!bad.has_value()) bad = CheckPartner(ref, found, request);
  if (!bad.has_value()) bad = CheckDeviation(context, request);
  if (!bad.has_value()) bad = CheckCompensation(context, request);
  if (!bad.has_value() && !request.text().empty()) bad = CheckRoom(found);
  if (!bad.has_value() && request.verdict() == v1::APPEAL_VERDICT_REDUCE) {
    bad = PlanReduction(context, found, request, to);
  }
  if (bad.has_value()) return bad;
  if (request.verdict() != v1::APPEAL_VERDICT_LIFT || found.sanction->InForce() ||
      !DispositionCounts(request.disposition())) {
    return std::nullopt;
  }
  const std::string name = "sanctions/" + found.sanction->id;
  return Refuse(Code::kFailedPrecondition, "SANCTION_NOT_ACTIVE",
                name + " is over: only a disposition that stops it counting helps",
                {{"name", name}});
}

}  // namespace

Outcome DecideAppeal(CommandContext* context, const AccountRef& ref,
                     const v1::DecideAppealRequest& request) {
  const Step& step = context->step;
  AppealRef found;
  appeal::Reduced to;
  Outcome bad = TakeAppeal(*context, ref, request.name(), {.held = true}, &found);
  if (!bad.has_value()) bad = CheckDecision(*context, ref, found, request, &to);
  if (bad.has_value()) return bad;
  AppealMark& mark = *found.mark;
  const std::string before = StandingOf(mark);
  // Closed first: what becomes of the sanction ends no open appeal.
  Close(step, ref, found, v1::APPEAL_STATE_DECIDED);
  mark.verdict = request.verdict();
  if (mark.first_answer_us == 0) mark.first_answer_us = step.now_us;
  v1::AppealDecision decision = DecisionOf(*context, request);
  const policy::AppealText text = Carry(context, ref, found, to, &decision);
  *decision.mutable_notice() = AppealWords(step, ref, found, step.policy->AppealNotice(text));
  if (!context->options.silent()) TellPlayer(step, ref, found, decision.notice());
  context->Plan("notice", {}, decision.notice());
  v1::Appeal change = ChangeOf(step, ref, found);
  *change.mutable_decision() = std::move(decision);
  if (!request.text().empty()) {
    AddMessage(step, context->actor(), found, {v1::APPEAL_SIDE_DESK, false, request.text(), ""},
               &change);
  }
  FinishAppeal(context, found, std::move(change), before);
  context->after = v1::AppealVerdict_Name(request.verdict());
  if (request.disposition() != v1::DISPOSITION_UNSPECIFIED) {
    context->after += " " + v1::Disposition_Name(request.disposition());
  }
  PostAppeal(step, ref, found,
             {DetailOf(request.verdict()), context->actor().principal(), request.disposition()});
  TellRule(step, ref, *found.sanction, appeal::Overturns(request.disposition()));
  context->response.set_confirmation_level(1);
  *context->response.mutable_sanction() = DescribeSanction(ref, *found.sanction);
  return std::nullopt;
}

}  // namespace hallwarden
