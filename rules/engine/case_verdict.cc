// Closing cases: the verdict on the account, and on everybody of its ring by his own class.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/engine/account_commands.h"
#include "rules/engine/case_commands.h"
#include "rules/engine/sanctions.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

bool Fits(v1::CaseKind kind, v1::CaseVerdict verdict) {
  const bool misconduct = kind == v1::CASE_KIND_MISCONDUCT;
  switch (verdict) {
    case v1::CASE_VERDICT_CONFIRMED:
    case v1::CASE_VERDICT_DISMISSED:
      return misconduct;
    case v1::CASE_VERDICT_FOUNDED:
    case v1::CASE_VERDICT_UNFOUNDED:
      return !misconduct;
    case v1::CASE_VERDICT_NO_ACTION:
      return true;
    default:
      return false;
  }
}

// A verdict on its way to an account of the ring.
struct RingVerdict {
  std::string account;
  std::string subject;  // account of the case
  std::string case_id;
  v1::CaseVerdict verdict = v1::CASE_VERDICT_UNSPECIFIED;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  std::int64_t since_us = 0;  // when the case was opened
  v1::Actor actor;
  std::string reason;
  bool silent = false;
};

std::string Encode(const RingVerdict& verdict) {
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(verdict.account);
  writer.Bytes(verdict.subject);
  writer.Bytes(verdict.case_id);
  for (const int value : {static_cast<int>(verdict.verdict), static_cast<int>(verdict.offence),
                          static_cast<int>(verdict.category), static_cast<int>(verdict.severity),
                          static_cast<int>(verdict.actor.role())}) {
    writer.Varint(static_cast<std::uint64_t>(value));
  }
  writer.Signed(verdict.since_us);
  writer.Bytes(verdict.actor.principal());
  writer.Bytes(verdict.reason);
  writer.Byte(verdict.silent ? 1 : 0);
  return payload;
}

std::optional<RingVerdict> DecodeVerdict(std::string_view payload) {
  Reader in(payload);
  RingVerdict verdict;
  verdict.account = in.Bytes();
  verdict.subject = in.Bytes();
  verdict.case_id = in.Bytes();
  verdict.verdict = static_cast<v1::CaseVerdict>(in.Varint());
  verdict.offence = static_cast<v1::Offence>(in.Varint());
  verdict.category = static_cast<v1::TextCategory>(in.Varint());
  verdict.severity = static_cast<v1::Severity>(in.Varint());
  verdict.actor.set_role(static_cast<v1::Role>(in.Varint()));
  verdict.since_us = in.Signed();
  verdict.actor.set_principal(std::string(in.Bytes()));
  verdict.reason = in.Bytes();
  verdict.silent = in.Byte() != 0;
  if (!in.done()) return std::nullopt;
  return verdict;
}

Outcome NoLadder(v1::Offence offence) {
  const std::string name = v1::Offence_Name(offence);
  return Refuse(Code::kFailedPrecondition, "NO_RULE_FOR_OFFENCE",
                "the policy has no ladder for " + name + ": impose a sanction by hand",
                {{"offence", name}});
}

// Marks who was said to have no part in it.
Outcome Spare(const CaseRef& found, const v1::DecideCaseRequest& request) {
  for (const std::string& account : request.spared_accounts()) {
    const auto member = std::find_if(found.desk->ring.begin(), found.desk->ring.end(),
                                     [&](const DeskMember& m) { return m.account == account; });
    if (member == found.desk->ring.end()) {
      return Refuse(Code::kInvalidArgument, "NOT_IN_RING",
                    account + " does not belong to the ring of " + found.name(),
                    {{"account", account}, {"name", found.name()}});
    }
  }
  for (DeskMember& member : found.desk->ring) {
    const auto& spared = request.spared_accounts();
    member.spared = std::find(spared.begin(), spared.end(), member.account) != spared.end();
  }
  return std::nullopt;
}

void TellRing(CommandContext* context, const AccountRef& ref, const CaseRef& found,
              const v1::DecideCaseRequest& request) {
  if (request.verdict() != v1::CASE_VERDICT_CONFIRMED &&
      request.verdict() != v1::CASE_VERDICT_DISMISSED) {
    return;
  }
  RingVerdict verdict;
  verdict.subject = ref.account;
  verdict.case_id = found.mark->id;
  verdict.verdict = request.verdict();
  verdict.offence = found.mark->offence;
  verdict.category = found.mark->category;
  verdict.severity =
      request.severity() != v1::SEVERITY_UNSPECIFIED ? request.severity() : found.desk->severity;
  verdict.since_us = found.desk->create_us;
  verdict.actor = context->actor();
  verdict.reason = context->options.reason();
  verdict.silent = context->options.silent();
  int told = 0;
  for (const DeskMember& member : found.desk->ring) {
    if (member.spared || member.account == ref.account) continue;
    verdict.account = member.account;
    context->step.Tell(ref.key, KeyOfAccount(member.account), FactKind::kRingVerdict,
                       Encode(verdict));
    ++told;
  }
  if (told > 0) context->Plan("ring", {}, Same(std::to_string(told)));
}

// Decides on the case that was found. `claimed`: the actor has to hold it.
Outcome Close(CommandContext* context, const AccountRef& ref, const v1::DecideCaseRequest& request,
              bool claimed) {
  CaseRef found;
  Outcome bad = TakeCase(*context, ref, request.name(), {.held = claimed}, &found);
  if (bad.has_value()) return bad;
  const Step& step = context->step;
  if (!Fits(found.desk->kind, request.verdict())) {
    return Refuse(Code::kInvalidArgument, "VERDICT_DOES_NOT_FIT",
                  found.desk->kind == v1::CASE_KIND_MISCONDUCT
                      ? "misconduct is confirmed, dismissed, or closed without action"
                      : "this kind is founded, unfounded, or closed without action",
                  {{"kind", v1::CaseKind_Name(found.desk->kind)}});
  }
  const bool confirmed = request.verdict() == v1::CASE_VERDICT_CONFIRMED;
  if (!confirmed && (request.rung() != 0 || !request.spared_accounts().empty())) {
    return Refuse(Code::kInvalidArgument, "ONLY_FOR_CONFIRMED",
                  "a rung and spared accounts belong to a confirmation");
  }
  Ending ending;
  ending.verdict = request.verdict();
  ending.actor = context->actor();
  ending.reason = context->options.reason();
  if (confirmed) {
    if (bad = Spare(found, request); bad.has_value()) return bad;
    // Another severity than the machine's leads to another rule.
    const bool regraded = request.severity() != v1::SEVERITY_UNSPECIFIED &&
                          request.severity() != found.mark->severity;
    const policy::Rule* rule = regraded ? nullptr : step.policy->FindRule(found.mark->rule);
    if (rule == nullptr || rule->ladder == nullptr) {
      rule = step.policy->RuleForGm(found.mark->offence, found.mark->category,
                                    regraded ? request.severity() : found.mark->severity,
                                    ClassOf(ref, step.now_us));
    }
    if (rule == nullptr || rule->ladder == nullptr) return NoLadder(found.mark->offence);
    const RungOrder order{rule,
                          found.mark->offence,
                          found.mark->category,
                          request.rung(),
                          request.deviation_reason(),
                          found.mark->id,
                          found.mark->fingerprint,
                          nullptr};
    if (bad = ImposeRung(context, ref, order); bad.has_value()) return bad;
    // A violation goes at once, whatever the rung.
    if (found.mark->fingerprint != Hash128{} &&
        ref.cell->Rest().avatar == found.mark->fingerprint) {
      ResetAvatar(step, ref, "cases/" + found.mark->id);
    }
    ending.deviation_reason = request.deviation_reason();
    ending.sanction = context->response.sanction().name();
  }
  TellRing(context, ref, found, request);
  const std::string before = v1::CaseState_Name(found.desk->state);
  EndCase(step, ref, found, ending);
  context->Plan("case", Same(before), Same(v1::CaseVerdict_Name(request.verdict())));
  if (context->before.empty()) context->before = before;
  if (context->after.empty()) context->after = v1::CaseVerdict_Name(request.verdict());
  context->etag = std::to_string(found.mark->revision);
  if (!confirmed) context->response.set_confirmation_level(1);
  return std::nullopt;
}

// The account's sanction for the same matter, if it has one already: twice for one thing is unjust.
const SanctionMark* SameMatter(const AccountRef& ref, const RingVerdict& verdict) {
  for (const SanctionMark& mark : ref.cell->Sanctions()) {
    if (mark.kind == v1::SANCTION_KIND_HOLD || mark.kind == v1::SANCTION_KIND_KICK) continue;
    if (mark.state == v1::SANCTION_STATE_LIFTED || mark.offence != verdict.offence) continue;
    if (mark.case_id == verdict.case_id || mark.create_us >= verdict.since_us) return &mark;
  }
  return nullptr;
}

// What the actor may not impose on this one stays for somebody who may.
void LeaveToOthers(const Step& step, const AccountRef& ref, const RingVerdict& verdict,
                   const Refusal& refusal) {
  const CaseMatter matter{v1::CASE_KIND_MISCONDUCT, verdict.offence, {}};
  CaseRef found = FindOpenCase(step, ref, matter);
  const bool senior = refusal.code == static_cast<int>(Code::kPermissionDenied);
  if (!found) {
    CaseSpec spec;
    spec.matter = matter;
    spec.category = verdict.category;
    spec.severity = verdict.severity;
    spec.cause = refusal.reason;
    spec.actor = verdict.actor;
    spec.reason = "cases/" + verdict.case_id + ": " + refusal.message;
    if (senior) spec.least_role = v1::ROLE_SENIOR_GM;
    NewCase(step, ref, std::move(spec), nullptr);
    return;
  }
  v1::Case change = ChangeOf(step, ref, found);
  if (senior && DeskRank(static_cast<v1::Role>(found.desk->least_role)) < 2) {
    found.desk->least_role = static_cast<std::uint8_t>(v1::ROLE_SENIOR_GM);
  }
  Log(step, found,
      {v1::CASE_STEP_ESCALATED, verdict.actor, "cases/" + verdict.case_id, refusal.message},
      &change);
  SendChange(step, found, std::move(change));
}

// The account's own case about the same ring ends with it.
void EndOwnCase(const Step& step, const AccountRef& ref, const RingVerdict& verdict,
                const std::string& sanction) {
  const CaseRef own = FindOpenCase(step, ref, {v1::CASE_KIND_MISCONDUCT, verdict.offence, {}});
  if (!own || own.mark->id == verdict.case_id) return;
  // Wrong about one ring is not wrong about another.
  const bool same_ring =
      std::any_of(own.desk->ring.begin(), own.desk->ring.end(),
                  [&](const DeskMember& m) { return m.account == verdict.subject; });
  if (verdict.verdict == v1::CASE_VERDICT_DISMISSED && !same_ring) return;
  Ending ending;
  ending.verdict = verdict.verdict;
  ending.actor = verdict.actor;
  ending.reason = verdict.reason;
  ending.detail = "cases/" + verdict.case_id;
  ending.sanction = sanction;
  EndCase(step, ref, own, ending);
}

void AnswerRing(const Step& step, const AccountRef& ref, const RingVerdict& verdict,
                const std::string& sanction) {
  if (sanction.empty()) return;
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(verdict.subject);
  writer.Bytes(verdict.case_id);
  writer.Bytes(sanction);
  step.Tell(ref.key, KeyOfAccount(verdict.subject), FactKind::kRingHandled, std::move(payload));
}

}  // namespace

Outcome DecideCase(CommandContext* context, const AccountRef& ref,
                   const v1::DecideCaseRequest& request) {
  return Close(context, ref, request, true);
}

Outcome CloseCase(CommandContext* context, const AccountRef& ref,
                  const v1::CloseCaseRequest& request) {
  v1::DecideCaseRequest decide;
  decide.set_name(request.name());
  decide.set_verdict(request.confirm() ? v1::CASE_VERDICT_CONFIRMED : v1::CASE_VERDICT_DISMISSED);
  return Close(context, ref, decide, false);
}

void OnRingVerdict(const Step& step, const Fact& fact) {
  const std::optional<RingVerdict> verdict = DecodeVerdict(fact.payload);
  if (!verdict.has_value() || step.policy == nullptr) return;
  if (step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, verdict->account);
  if (verdict->verdict == v1::CASE_VERDICT_DISMISSED) {
    EndOwnCase(step, ref, *verdict, "");
    return;
  }
  std::string sanction;
  if (const SanctionMark* mark = SameMatter(ref, *verdict); mark != nullptr) {
    sanction = "sanctions/" + mark->id;
  } else {
    const policy::Rule* rule = step.policy->RuleForGm(verdict->offence, verdict->category,
                                                      verdict->severity, ClassOf(ref, step.now_us));
    // The command stays the subject's: this is what its verdict means for one more account.
    v1::Command command;
    *command.mutable_actor() = verdict->actor;
    v1::ActionOptions options;
    options.set_reason(verdict->reason);
    options.set_silent(verdict->silent);
    CommandContext context{step, command, options, {}, {}, {}, {}, {}, {}};
    Outcome refused = NoLadder(verdict->offence);
    if (rule != nullptr && rule->ladder != nullptr) {
      const RungOrder order{rule, verdict->offence, verdict->category, 0,
                            "",   verdict->case_id, Hash128{},         nullptr};
      refused = ImposeRung(&context, ref, order);
    }
    if (refused.has_value()) {
      LeaveToOthers(step, ref, *verdict, *refused);
      return;
    }
    sanction = context.response.sanction().name();
  }
  EndOwnCase(step, ref, *verdict, sanction);
  AnswerRing(step, ref, *verdict, sanction);
}

void OnRingHandled(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view account = in.Bytes();
  const std::string_view id = in.Bytes();
  const std::string_view sanction = in.Bytes();
  if (!in.done() || step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, account);
  const CaseRef found = FindCase(step, ref, id);
  if (!found || step.policy == nullptr) return;
  v1::Case change = ChangeOf(step, ref, found);
  change.add_sanctions(std::string(sanction));
  SendChange(step, found, std::move(change));
}

}  // namespace hallwarden
