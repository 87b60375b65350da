// Commands about one account.
#include "rules/engine/account_commands.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "rules/engine/cases.h"
#include "rules/engine/command_context.h"
#include "rules/engine/decide.h"
#include "rules/engine/play_events.h"
#include "rules/engine/sanctions.h"
#include "rules/ladder/ladder.h"
#include "rules/policy/notice.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kTermMaxUs = 3653 * kDayUs;  // ten years
constexpr std::int64_t kHoldMaxUs = 72 * kHourUs;

std::string SanctionId(std::string_view name) {
  constexpr std::string_view kPrefix = "sanctions/";
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return std::string(name);
}

v1::LocalizedText TermOf(const Step& step, bool permanent, std::int64_t term_us) {
  if (permanent) return Both("\xe6\xb0\xb8\xe4\xb9\x85", "permanent");
  const std::string until =
      policy::LocalMinuteText(step.now_us + term_us, step.policy->utc_offset_us());
  return Both(policy::TermText(term_us, policy::Language::kZh) + " (" + until + ")",
              policy::TermText(term_us, policy::Language::kEn) + " (until " + until + ")");
}

// The role's limit on a restriction. `on_ladder`: the very rung that the ladder computes.
Outcome CheckLimit(const CommandContext& context, bool permanent, std::int64_t term_us,
                   bool on_ladder) {
  const v1::Actor& actor = context.actor();
  // What the daemon itself orders is bound by the policy's rules, not by roles.
  if (actor.machine()) return std::nullopt;
  const policy::RoleLimit* limit = context.step.policy->LimitOf(actor.role());
  const std::string role = v1::Role_Name(actor.role());
  if (limit == nullptr) {
    return Refuse(Code::kPermissionDenied, "ROLE_LIMIT_TERM",
                  "role " + role + " may not sanction: ask a GM", {{"role", role}});
  }
  if (permanent && !limit->permanent && !(on_ladder && limit->confirm_permanent)) {
    return Refuse(Code::kPermissionDenied, "ROLE_LIMIT_PERMANENT",
                  "role " + role + " may not make this permanent: ask a senior GM",
                  {{"role", role}});
  }
  if (!permanent && term_us > limit->max_term_us) {
    const std::string max = policy::TermText(limit->max_term_us, policy::Language::kEn);
    return Refuse(Code::kPermissionDenied, "ROLE_LIMIT_TERM",
                  "role " + role + " may restrict for at most " + max,
                  {{"role", role}, {"max", max}});
  }
  return std::nullopt;
}

std::string EtagOf(const AccountRef& ref) {
  return std::to_string(ref.cell->rest ? ref.cell->rest->version : AccountRest().version);
}

// A GM's own evidence, as a finding.
v1::Finding HumanFinding(const CommandContext& context, const AccountRef& ref, v1::Offence offence,
                         const google::protobuf::RepeatedPtrField<v1::Evidence>& evidence) {
  v1::Finding finding;
  finding.set_account(ref.account);
  finding.set_offence(offence);
  finding.set_confidence(v1::CONFIDENCE_PLAIN);
  finding.set_detector("human");
  *finding.mutable_evidence() = evidence;
  SetTimestamp(context.step.now_us, finding.mutable_create_time());
  return finding;
}

void FillResponse(CommandContext* context, const AccountRef& ref, const SanctionMark& mark,
                  const v1::LadderStep& step) {
  *context->response.mutable_sanction() = DescribeSanction(ref, mark);
  *context->response.mutable_sanction()->mutable_step() = step;
  context->response.mutable_sanction()->set_policy_revision(context->step.policy->revision());
  *context->response.mutable_sanction()->mutable_actor() = context->actor();
  context->response.mutable_sanction()->set_reason(context->options.reason());
  context->after = "sanctions/" + mark.id;
}

// 0 none, 1 yes or no, 2 type the account.
int ConfirmationOf(v1::SanctionKind kind, bool permanent, std::int64_t term_us) {
  if (kind == v1::SANCTION_KIND_WARNING || kind == v1::SANCTION_KIND_KICK) return 0;
  if (permanent) return 2;
  return term_us <= kDayUs ? 0 : 1;
}

void PlanEffect(CommandContext* context, const AccountRef& ref) {
  const auto& presences = ref.cell->presences;
  if (presences.empty()) {
    context->Plan("enforces", {},
                  Both("\xe4\xb8\x8d\xe5\x9c\xa8\xe7\xba\xbf\xef\xbc\x9b\xe4\xb8\x8b\xe6\xac\xa1"
                       "\xe7\x99\xbb\xe5\xbd\x95\xe6\x97\xb6\xe7\x94\x9f\xe6\x95\x88",
                       "not online; holds at the next login"));
    return;
  }
  std::string places;
  bool playing = false;
  for (const Presence presence : presences) {
    if (!places.empty()) places += ", ";
    places += presence.server;
    if (!presence.table.empty()) places.append(" table ").append(presence.table);
    playing = playing || !presence.hand.empty();
  }
  context->Plan("enforces", {}, Same(places));
  if (playing) {
    context->Plan("when", {},
                  Both("\xe6\x9c\xac\xe5\xb1\x80\xe7\xbb\x93\xe6\x9d\x9f\xe5\x90\x8e",
                       "after the hand in play"));
  }
}

Outcome CheckRung(const RungOrder& order, const policy::Ladder& ladder, std::int32_t computed) {
  const auto last = static_cast<std::int32_t>(ladder.rungs.size());
  if (order.rung < 0 || order.rung > last) {
    return Refuse(Code::kInvalidArgument, "RUNG_OUT_OF_RANGE",
                  "ladder " + std::string(ladder.id) + " has rungs 1 to " + std::to_string(last),
                  {{"ladder", std::string(ladder.id)}, {"last", std::to_string(last)}});
  }
  if (order.rung != 0 && order.rung != computed && order.deviation_reason.size() < 4) {
    return Refuse(Code::kInvalidArgument, "DEVIATION_REASON_REQUIRED",
                  "rung " + std::to_string(order.rung) + " is not the computed " +
                      std::to_string(computed) + ": say why",
                  {{"rung", std::to_string(order.rung)}, {"computed", std::to_string(computed)}});
  }
  return std::nullopt;
}

// The term that a request asks for, in microseconds from now; 0 and `permanent` for ever.
Outcome TermAsked(const CommandContext& context, const v1::CreateSanctionRequest& request,
                  std::int64_t* term_us, bool* permanent) {
  *term_us = 0;
  *permanent = false;
  switch (request.term_case()) {
    case v1::CreateSanctionRequest::kDuration:
      *term_us = DurationUs(request.duration());
      break;
    case v1::CreateSanctionRequest::kEndTime:
      *term_us = TimestampUs(request.end_time()) - context.step.now_us;
      break;
    case v1::CreateSanctionRequest::kPermanent:
      *permanent = request.permanent();
      break;
    case v1::CreateSanctionRequest::TERM_NOT_SET:
      break;
  }
  // Whatever is not plainly permanent needs a term above zero: nothing mistyped becomes for ever.
  if (!*permanent && (*term_us <= 0 || *term_us > kTermMaxUs)) {
    return Refuse(Code::kInvalidArgument, "TERM_REQUIRED",
                  "give a term above zero and below ten years, or say permanent");
  }
  return std::nullopt;
}

Outcome CheckCreate(const v1::CreateSanctionRequest& request, policy::CapabilityMask mask,
                    bool silent) {
  const bool warning = request.kind() == v1::SANCTION_KIND_WARNING;
  if (!warning && request.kind() != v1::SANCTION_KIND_RESTRICTION &&
      request.kind() != v1::SANCTION_KIND_HOLD) {
    return Refuse(Code::kInvalidArgument, "KIND_REQUIRED",
                  "kind must be warning, restriction or hold");
  }
  if (request.offence() == v1::OFFENCE_UNSPECIFIED) {
    return Refuse(Code::kInvalidArgument, "OFFENCE_REQUIRED", "name an offence");
  }
  if (!warning && mask == 0) {
    return Refuse(Code::kInvalidArgument, "CAPABILITIES_REQUIRED", "say what to take away");
  }
  if (warning && silent) {
    return Refuse(Code::kInvalidArgument, "SILENT_WARNING", "a warning cannot be silent");
  }
  return std::nullopt;
}

// Whether the actor may lift what somebody else imposed.
Outcome CheckOwner(const CommandContext& context, const SanctionMark& mark) {
  const v1::Actor& actor = context.actor();
  if (mark.principal == actor.principal()) return std::nullopt;
  const policy::RoleLimit* limit = context.step.policy->LimitOf(actor.role());
  if (limit != nullptr && limit->lift_others) return std::nullopt;
  return Refuse(Code::kPermissionDenied, "NOT_YOUR_SANCTION",
                "imposed by " + mark.principal + ": your role lifts only its own; ask a lead",
                {{"principal", mark.principal}});
}

Outcome CheckLiftable(const SanctionMark* mark, const std::string& name) {
  if (mark == nullptr) {
    return Refuse(Code::kNotFound, "NOT_FOUND", "no such sanction: " + name, {{"name", name}});
  }
  if (mark->state == v1::SANCTION_STATE_LIFTED) {
    return Refuse(Code::kFailedPrecondition, "ALREADY_LIFTED", name + " is lifted already",
                  {{"name", name}});
  }
  return std::nullopt;
}

void DoLift(CommandContext* context, const AccountRef& ref, SanctionMark* mark,
            v1::Disposition disposition) {
  v1::Lift lift;
  lift.set_disposition(disposition);
  lift.set_reason(context->options.reason());
  *lift.mutable_actor() = context->actor();
  SetTimestamp(context->step.now_us, lift.mutable_lift_time());
  context->before = v1::SanctionState_Name(mark->state);
  const bool counted = MarkCounts(*mark);
  Lift(context->step, ref, mark, lift);
  ForgetPlay(context->step, ref, mark->offence);
  context->after = v1::Disposition_Name(disposition);
  context->Plan("state", Same(context->before), Same(v1::SanctionState_Name(mark->state)));
  context->Plan("counts", Same(counted ? "yes" : "no"), Same(MarkCounts(*mark) ? "yes" : "no"));
  context->response.set_confirmation_level(1);
  *context->response.mutable_sanction() = DescribeSanction(ref, *mark);
  *context->response.mutable_sanction()->mutable_lift() = lift;
}

}  // namespace

Outcome CheckEtag(const CommandContext& context, const std::string& current) {
  const std::string& wanted = context.options.etag();
  if (wanted.empty() || wanted == current) return std::nullopt;
  return Refuse(Code::kAborted, "ETAG_MISMATCH",
                "changed meanwhile: now " + current + ", you saw " + wanted + "; look again",
                {{"current", current}, {"seen", wanted}});
}

Outcome ImposeRung(CommandContext* context, const AccountRef& ref, const RungOrder& order) {
  const Step& step = context->step;
  const policy::Ladder& ladder = *order.rule->ladder;
  const Standing standing =
      StandingOn(ladder, ref.cell->Sanctions(), ref.cell->hands_played, step.now_us);
  const auto last = static_cast<std::int32_t>(ladder.rungs.size());
  // While the last sanction is unseen the ladder stands still: the same rung again.
  const bool climbs = ClimbFrom(standing, step.now_us) != Climb::kUnseen;
  const std::int32_t computed =
      std::min(climbs ? standing.rung + 1 : std::max(1, standing.rung), last);
  if (Outcome bad = CheckRung(order, ladder, computed); bad.has_value()) return bad;
  const std::int32_t to = order.rung == 0 ? computed : order.rung;
  const policy::Rung& rung = ladder.At(to);
  const bool permanent = rung.kind == policy::RungKind::kPermanent;
  if (rung.kind != policy::RungKind::kWarning) {
    Outcome bad = CheckLimit(*context, permanent, rung.term_us, to == computed);
    if (bad.has_value()) return bad;
  }
  ImposeSpec spec;
  spec.kind = rung.kind == policy::RungKind::kWarning ? v1::SANCTION_KIND_WARNING
                                                      : v1::SANCTION_KIND_RESTRICTION;
  spec.offence = order.offence;
  spec.category = order.category;
  spec.capabilities = rung.capabilities;
  spec.permanent = permanent;
  spec.term_us = rung.term_us;
  spec.now = rung.now;
  spec.step.set_ladder(std::string(ladder.id));
  spec.step.set_from_rung(standing.rung);
  spec.step.set_to_rung(to);
  spec.step.set_rung_count(last);
  for (const v1::CountedPrior& prior : standing.priors)
    *spec.step.add_priors() = prior;
  if (to != computed) spec.step.set_deviation_reason(order.deviation_reason);
  spec.rule = order.rule->id;
  spec.actor = context->actor();
  spec.reason = context->options.reason();
  spec.finding = order.finding;
  spec.notice = rung.notice;
  spec.case_id = order.case_id;
  spec.silent = context->options.silent();
  spec.fingerprint = order.fingerprint;
  context->before = "rung " + std::to_string(standing.rung);
  context->Plan("rung", Same(std::to_string(standing.rung)),
                Same(std::to_string(to) + " / " + std::to_string(last)));
  if (rung.kind != policy::RungKind::kWarning) {
    context->Plan("term", {}, TermOf(step, permanent, rung.term_us));
  }
  PlanEffect(context, ref);
  context->response.set_confirmation_level(ConfirmationOf(spec.kind, permanent, spec.term_us));
  FillResponse(context, ref, Impose(step, ref, spec), spec.step);
  return std::nullopt;
}

Outcome PunishAccount(CommandContext* context, const AccountRef& ref,
                      const v1::PunishAccountRequest& request) {
  if (Outcome bad = CheckEtag(*context, EtagOf(ref)); bad.has_value()) return bad;
  const Step& step = context->step;
  const policy::Rule* rule = step.policy->RuleForGm(request.offence(), request.category(),
                                                    request.severity(), ClassOf(ref, step.now_us));
  if (rule == nullptr || rule->ladder == nullptr) {
    const std::string offence = v1::Offence_Name(request.offence());
    return Refuse(Code::kFailedPrecondition, "NO_RULE_FOR_OFFENCE",
                  "the policy has no ladder for " + offence + ": impose a sanction by hand",
                  {{"offence", offence}});
  }
  const v1::Finding finding = HumanFinding(*context, ref, request.offence(), request.evidence());
  RungOrder order{rule,
                  request.offence(),
                  request.category(),
                  request.rung(),
                  request.deviation_reason(),
                  CaseId(request.case_name()),
                  request.offence() == v1::OFFENCE_NAME ? ref.cell->nickname : Hash128{},
                  &finding};
  return ImposeRung(context, ref, order);
}

Outcome CreateSanction(CommandContext* context, const AccountRef& ref,
                       const v1::CreateSanctionRequest& request) {
  if (Outcome bad = CheckEtag(*context, EtagOf(ref)); bad.has_value()) return bad;
  policy::CapabilityMask mask = 0;
  for (const int capability : request.capabilities()) {
    if (capability <= v1::CAPABILITY_UNSPECIFIED || !v1::Capability_IsValid(capability)) {
      return Refuse(Code::kInvalidArgument, "CAPABILITIES_REQUIRED",
                    "unknown capability " + std::to_string(capability),
                    {{"capability", std::to_string(capability)}});
    }
    mask = static_cast<policy::CapabilityMask>(
        mask | policy::MaskOf(static_cast<v1::Capability>(capability)));
  }
  Outcome bad = CheckCreate(request, mask, context->options.silent());
  if (bad.has_value()) return bad;
  ImposeSpec spec;
  spec.kind = request.kind();
  if (spec.kind != v1::SANCTION_KIND_WARNING) {
    spec.capabilities = mask;
    bad = TermAsked(*context, request, &spec.term_us, &spec.permanent);
    if (bad.has_value()) return bad;
    if (spec.kind == v1::SANCTION_KIND_HOLD && (spec.permanent || spec.term_us > kHoldMaxUs)) {
      return Refuse(Code::kInvalidArgument, "HOLD_TOO_LONG",
                    "a hold lasts at most 72 hours: it waits for a decision");
    }
    bad = CheckLimit(*context, spec.permanent, spec.term_us, false);
    if (bad.has_value()) return bad;
    context->Plan("term", {}, TermOf(context->step, spec.permanent, spec.term_us));
  }
  const v1::Finding finding = HumanFinding(*context, ref, request.offence(), request.evidence());
  spec.offence = request.offence();
  spec.now = request.now();
  spec.scope = request.scope();
  spec.actor = context->actor();
  spec.reason = context->options.reason();
  spec.finding = &finding;
  spec.case_id = CaseId(request.case_name());
  spec.silent = context->options.silent();
  spec.game = request.scope().game();
  if (request.offence() == v1::OFFENCE_NAME) spec.fingerprint = ref.cell->nickname;
  PlanEffect(context, ref);
  context->response.set_confirmation_level(ConfirmationOf(spec.kind, spec.permanent, spec.term_us));
  FillResponse(context, ref, Impose(context->step, ref, spec), spec.step);
  return std::nullopt;
}

Outcome KickAccount(CommandContext* context, const AccountRef& ref,
                    const v1::KickAccountRequest& request) {
  if (Outcome bad = CheckEtag(*context, EtagOf(ref)); bad.has_value()) return bad;
  if (ref.cell->presences.empty()) {
    return Refuse(Code::kFailedPrecondition, "NOT_NEEDED", "the account is not online");
  }
  ImposeSpec spec;
  spec.kind = v1::SANCTION_KIND_KICK;
  spec.offence = request.offence();
  spec.actor = context->actor();
  spec.reason = context->options.reason();
  spec.silent = context->options.silent();
  spec.table = request.table();
  PlanEffect(context, ref);
  FillResponse(context, ref, Impose(context->step, ref, spec), spec.step);
  return std::nullopt;
}

Outcome ResetProfile(CommandContext* context, const AccountRef& ref,
                     const v1::ResetProfileRequest& request) {
  if (Outcome bad = CheckEtag(*context, EtagOf(ref)); bad.has_value()) return bad;
  const Step& step = context->step;
  if (request.field() == v1::PROFILE_FIELD_UNSPECIFIED) {
    return Refuse(Code::kInvalidArgument, "FIELD_REQUIRED", "say what to reset");
  }
  if (request.punish()) {
    v1::PunishAccountRequest punish;
    punish.set_offence(request.field() == v1::PROFILE_FIELD_AVATAR ? v1::OFFENCE_AVATAR
                                                                   : v1::OFFENCE_NAME);
    if (Outcome bad = PunishAccount(context, ref, punish); bad.has_value()) return bad;
  }
  const std::string cause = context->response.sanction().name();
  switch (request.field()) {
    case v1::PROFILE_FIELD_NICKNAME:
      ResetNickname(step, ref, cause);
      break;
    case v1::PROFILE_FIELD_SIGNATURE:
      ResetSignature(step, ref, cause);
      break;
    default:
      ResetAvatar(step, ref, cause);
      break;
  }
  ++ref.cell->Rest().version;
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_PROFILE;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kProfileReset);
  posting.principal = context->actor().principal();
  posting.amount = request.field();
  posting.notable = true;
  Post(step, ref, std::move(posting));
  if (!request.punish()) PlanEffect(context, ref);
  context->response.set_confirmation_level(request.punish() ? context->response.confirmation_level()
                                                            : 1);
  if (context->after.empty()) context->after = v1::ProfileField_Name(request.field()) + " reset";
  return std::nullopt;
}

Outcome LiftSanction(CommandContext* context, const AccountRef& ref,
                     const v1::LiftSanctionRequest& request) {
  SanctionMark* mark = ref.cell->FindSanction(SanctionId(request.name()));
  if (Outcome bad = CheckLiftable(mark, request.name()); bad.has_value()) return bad;
  if (Outcome bad = CheckEtag(*context, std::to_string(mark->revision)); bad.has_value()) {
    return bad;
  }
  // What is over may still be taken off the ladder, but only in a way that does so.
  if (!mark->InForce() && DispositionCounts(request.disposition())) {
    return Refuse(Code::kFailedPrecondition, "SANCTION_NOT_ACTIVE",
                  request.name() + " is over: only a disposition that stops it counting helps",
                  {{"name", request.name()}});
  }
  switch (request.disposition()) {
    case v1::DISPOSITION_MISTAKE:
    case v1::DISPOSITION_MERCY:
    case v1::DISPOSITION_COMPROMISED:
    case v1::DISPOSITION_AMNESTY:
      break;
    default:
      return Refuse(Code::kInvalidArgument, "DISPOSITION_REQUIRED",
                    "say why: mistake, mercy, compromised or amnesty");
  }
  if (Outcome bad = CheckOwner(*context, *mark); bad.has_value()) return bad;
  DoLift(context, ref, mark, request.disposition());
  return std::nullopt;
}

Outcome UndoAction(CommandContext* context, const AccountRef& ref,
                   const v1::UndoActionRequest& request) {
  SanctionMark* found = nullptr;
  if (!request.name().empty()) {
    found = ref.cell->FindSanction(SanctionId(request.name()));
  } else if (ref.cell->rest) {
    for (SanctionMark& mark : ref.cell->rest->sanctions) {
      if (mark.principal == context->actor().principal() && !mark.machine && mark.InForce()) {
        found = &mark;
      }
    }
  }
  if (found == nullptr || found->state == v1::SANCTION_STATE_LIFTED) {
    return Refuse(Code::kFailedPrecondition, "NOTHING_TO_UNDO",
                  "no sanction of yours in force on this account");
  }
  if (found->principal != context->actor().principal()) {
    return Refuse(Code::kPermissionDenied, "NOT_YOUR_SANCTION",
                  "imposed by " + found->principal + ": use lift",
                  {{"principal", found->principal}});
  }
  const std::int64_t window = context->step.policy->timing().undo_window_us;
  if (context->step.now_us - found->create_us > window) {
    const std::string text = policy::TermText(window, policy::Language::kEn);
    return Refuse(Code::kFailedPrecondition, "UNDO_WINDOW_OVER",
                  "undo works for " + text + ": use lift", {{"window", text}});
  }
  context->resource = "sanctions/" + found->id;
  DoLift(context, ref, found, v1::DISPOSITION_UNDONE);
  return std::nullopt;
}

Outcome ReinstateSanction(CommandContext* context, const AccountRef& ref,
                          const v1::ReinstateSanctionRequest& request) {
  SanctionMark* mark = ref.cell->FindSanction(SanctionId(request.name()));
  if (mark == nullptr || mark->state != v1::SANCTION_STATE_LIFTED) {
    return Refuse(Code::kFailedPrecondition, "NOT_LIFTED",
                  request.name() + " is not lifted: there is nothing to take back",
                  {{"name", request.name()}});
  }
  if (Outcome bad = CheckEtag(*context, std::to_string(mark->revision)); bad.has_value()) {
    return bad;
  }
  // It is what imposing it again would be.
  if (mark->kind != v1::SANCTION_KIND_WARNING && mark->kind != v1::SANCTION_KIND_KICK) {
    Outcome bad = CheckLimit(*context, mark->permanent, mark->term_us, mark->rung > 0);
    if (bad.has_value()) return bad;
  }
  v1::Reinstatement reinstatement;
  reinstatement.set_reason(context->options.reason());
  *reinstatement.mutable_actor() = context->actor();
  SetTimestamp(context->step.now_us, reinstatement.mutable_reinstate_time());
  context->before = v1::Disposition_Name(mark->disposition);
  const bool counted = MarkCounts(*mark);
  Reinstate(context->step, ref, mark, reinstatement);
  context->after = v1::SanctionState_Name(mark->state);
  context->Plan("state", Same(v1::SanctionState_Name(v1::SANCTION_STATE_LIFTED)),
                Same(context->after));
  context->Plan("counts", Same(counted ? "yes" : "no"), Same(MarkCounts(*mark) ? "yes" : "no"));
  if (mark->InForce() && mark->kind != v1::SANCTION_KIND_WARNING) PlanEffect(context, ref);
  context->response.set_confirmation_level(mark->permanent ? 2 : 1);
  *context->response.mutable_sanction() = DescribeSanction(ref, *mark);
  *context->response.mutable_sanction()->mutable_reinstatement() = reinstatement;
  return std::nullopt;
}

Outcome CreateNote(CommandContext* context, const AccountRef& ref,
                   const v1::CreateNoteRequest& request) {
  AccountRest& rest = ref.cell->Rest();
  v1::Note note;
  note.set_name("notes/" + MakeId("nt_", ref.account, rest.next_ordinal++));
  note.set_account(ref.account);
  note.set_text(request.text());
  *note.mutable_actor() = context->actor();
  SetTimestamp(context->step.now_us, note.mutable_create_time());
  context->after = note.name();
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_NOTE;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kNoted);
  posting.resource = note.name();
  posting.principal = context->actor().principal();
  Post(context->step, ref, std::move(posting));
  context->step.Emit(PutNote{std::move(note)});
  return std::nullopt;
}

}  // namespace hallwarden
