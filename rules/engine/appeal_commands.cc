#include "rules/engine/appeal_commands.h"

#include <string_view>
#include <utility>

#include "rules/engine/account_commands.h"
#include "rules/engine/case_change.h"
#include "rules/engine/cases.h"
#include "rules/engine/decide.h"
#include "rules/policy/notice.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kMonthUs = 30 * kDayUs;

std::string_view SanctionId(std::string_view name) {
  constexpr std::string_view kPrefix = "sanctions/";
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return name;
}

// When the sanction ceased to do anything; 0: it still does.
std::int64_t OverSince(const SanctionMark& sanction) {
  if (sanction.InForce()) return 0;
  return sanction.end_us != 0 ? sanction.end_us : sanction.create_us;
}

Refusal NotPossible(const std::string& name, const std::string& why) {
  return Refuse(Code::kFailedPrecondition, "APPEAL_NOT_POSSIBLE",
                name + " cannot be appealed against: " + why, {{"name", name}, {"why", why}});
}

// Whether an appeal of this kind against the sanction makes sense at all.
Outcome CheckPossible(const Step& step, const SanctionMark* sanction,
                      const v1::SubmitAppealRequest& request) {
  const std::string& name = request.parent();
  if (sanction == nullptr) {
    return Refuse(Code::kNotFound, "NOT_FOUND", "no such sanction: " + name, {{"name", name}});
  }
  if (sanction->state == v1::SANCTION_STATE_LIFTED) return NotPossible(name, "it is lifted");
  if (sanction->kind == v1::SANCTION_KIND_KICK) {
    return NotPossible(name, "a kick takes nothing away that could be given back");
  }
  const std::int64_t over_us = OverSince(*sanction);
  if (over_us == 0) return std::nullopt;
  if (request.kind() != v1::APPEAL_KIND_MISTAKE) {
    return NotPossible(name, "it is over; only that it was a mistake can still be said");
  }
  if (over_us + step.policy->appeals().late_until_us < step.now_us) {
    return NotPossible(name, "it has been over for too long");
  }
  return std::nullopt;
}

Refusal Limited(const Step& step, const std::string& what, std::int64_t from_us) {
  std::vector<std::pair<std::string, std::string>> metadata = {{"what", what}};
  std::string message = what;
  if (from_us != 0) {
    const std::string from = LocalTextOf(step, from_us);
    message += "; the next one is taken from " + from + " on";
    metadata.emplace_back("from", from);
  }
  return Refuse(Code::kResourceExhausted, "APPEAL_LIMIT", std::move(message), std::move(metadata));
}

// Limits against floods of appeals, and against asking until somebody gives in.
Outcome CheckLimits(const Step& step, const AppealCell& cell, const std::string& sanction) {
  const policy::AppealSettings& settings = step.policy->appeals();
  const std::uint32_t decided = cell.DecidedAgainst(sanction);
  if (decided >= settings.per_sanction) {
    return Limited(step, "it was decided " + std::to_string(decided) + " times", 0);
  }
  const std::int64_t again_us = cell.LastDecided(sanction) + settings.again_after_us;
  if (decided > 0 && again_us > step.now_us) {
    return Limited(step, "it was decided a short while ago", again_us);
  }
  const std::int64_t month_us = cell.SubmittedBack(settings.per_month) + kMonthUs;
  if (cell.SubmittedBack(settings.per_month) != 0 && month_us > step.now_us) {
    return Limited(step, std::to_string(settings.per_month) + " appeals of the account in 30 days",
                   month_us);
  }
  const std::int64_t day_us = cell.SubmittedBack(settings.per_day) + kDayUs;
  if (cell.SubmittedBack(settings.per_day) != 0 && day_us > step.now_us) {
    return Limited(step, std::to_string(settings.per_day) + " appeals of the account in 24 hours",
                   day_us);
  }
  return std::nullopt;
}

AppealMark NewMark(const Step& step, const AccountRef& ref, const v1::Actor& actor,
                   const v1::SubmitAppealRequest& request) {
  AppealMark mark;
  mark.id = MakeId("ap_", ref.account, ref.cell->Rest().next_ordinal++);
  mark.sanction = SanctionId(request.parent());
  mark.kind = request.kind();
  mark.state = v1::APPEAL_STATE_OPEN;
  mark.english = request.language() == "en";
  mark.from_server = actor.role() == v1::ROLE_GAME_SERVER;
  mark.submitter = actor.principal();
  mark.create_us = step.now_us;
  return mark;
}

// The appeal with all that never changes.
v1::Appeal NewAppeal(const CommandContext& context, const AccountRef& ref, const AppealRef& found) {
  const Step& step = context.step;
  const SanctionMark& sanction = *found.sanction;
  v1::Appeal appeal;
  appeal.set_account(ref.account);
  appeal.set_sanction("sanctions/" + sanction.id);
  appeal.set_kind(found.mark->kind);
  SetTimestamp(step.now_us, appeal.mutable_create_time());
  appeal.set_language(found.mark->english ? "en" : "zh");
  appeal.set_offence(sanction.offence);
  appeal.set_category(sanction.category);
  appeal.set_rule(sanction.rule);
  appeal.mutable_imposed_by()->set_principal(sanction.principal);
  appeal.mutable_imposed_by()->set_machine(sanction.machine);
  appeal.set_account_class(ClassOf(ref, sanction.create_us));
  *appeal.mutable_submitted_by() = context.actor();
  appeal.set_journal_position(static_cast<std::int64_t>(step.position));
  return appeal;
}

Outcome SubmitAppeal(CommandContext* context, const AccountRef& ref,
                     const v1::SubmitAppealRequest& request) {
  const Step& step = context->step;
  SanctionMark* const sanction = ref.cell->FindSanction(SanctionId(request.parent()));
  if (Outcome bad = CheckPossible(step, sanction, request); bad.has_value()) return bad;
  AppealCell& cell = AppealsOf(step, ref);
  if (const AppealMark* open = cell.FindOpen(sanction->id); open != nullptr) {
    const std::string name = "appeals/" + open->id;
    return Refuse(Code::kAlreadyExists, "APPEAL_OPEN",
                  name + " against it is open: add what is new as a message", {{"name", name}});
  }
  if (Outcome bad = CheckLimits(step, cell, sanction->id); bad.has_value()) return bad;
  cell.appeals.push_back(NewMark(step, ref, context->actor(), request));
  ++ref.cell->Rest().version;
  const AppealRef found{&cell.appeals.back(), sanction};
  v1::Appeal appeal = NewAppeal(*context, ref, found);
  AddMessage(step, context->actor(), found, {v1::APPEAL_SIDE_PLAYER, false, request.text(), ""},
             &appeal);
  ++found.mark->player_messages;
  SetSide(step, ref, found, v1::APPEAL_SIDE_DESK, step.policy->appeals().answer_us);
  const v1::LocalizedText receipt =
      AppealWords(step, ref, found, step.policy->AppealNotice(policy::AppealText::kReceived),
                  found.mark->due_us);
  if (!context->options.silent()) TellPlayer(step, ref, found, receipt);
  Describe(step, found, &appeal);
  step.Emit(PutAppeal{std::move(appeal)});
  PatchSanction patch;
  patch.name = "sanctions/" + sanction->id;
  patch.account = ref.account;
  patch.revision = ++sanction->revision;
  patch.appeal = found.name();
  step.Emit(std::move(patch));
  PostAppeal(step, ref, found,
             {PostingDetail::kAppealSubmitted, context->actor().principal(), found.mark->kind});
  context->Plan("appeal", {}, Same(found.name()));
  context->Plan("due", {}, Same(LocalTextOf(step, found.mark->due_us)));
  context->Plan("receipt", {}, receipt);
  context->after = found.name();
  context->etag = std::to_string(found.mark->revision);
  return std::nullopt;
}

Outcome ClaimAppeal(CommandContext* context, const AccountRef& ref,
                    const v1::ClaimAppealRequest& request) {
  AppealRef found;
  Outcome bad = TakeAppeal(*context, ref, request.name(), {.free = true}, &found);
  if (bad.has_value()) return bad;
  const Step& step = context->step;
  const std::string before = StandingOf(*found.mark);
  const bool renewed = found.mark->holder == context->actor().principal();
  GiveClaim(step, ref, found, context->actor());
  context->Plan("appeal", {}, Same(found.name()));
  context->Plan("holder", {}, Same(found.mark->holder));
  context->Plan("lease", {}, Same(LocalTextOf(step, found.mark->lease_end_us)));
  if (Imposed(*found.sanction, found.mark->holder)) {
    context->Plan("own_sanction", {}, Same(found.sanction->principal));
  }
  FinishAppeal(context, found, ChangeOf(step, ref, found), before);
  if (!renewed) {
    PostAppeal(step, ref, found, {PostingDetail::kAppealClaimed, found.mark->holder, 0});
  }
  return std::nullopt;
}

Outcome ReleaseAppeal(CommandContext* context, const AccountRef& ref,
                      const v1::ReleaseAppealRequest& request) {
  AppealRef found;
  if (Outcome bad = TakeAppeal(*context, ref, request.name(), {}, &found); bad.has_value()) {
    return bad;
  }
  const std::string holder = found.mark->holder;
  const bool leads = DeskRank(context->actor().role()) >= DeskRank(v1::ROLE_LEAD);
  if (holder.empty()) {
    return Refuse(Code::kFailedPrecondition, "APPEAL_NOT_CLAIMED", "nobody holds " + found.name(),
                  {{"name", found.name()}});
  }
  if (holder != context->actor().principal() && !leads) {
    return Refuse(Code::kPermissionDenied, "APPEAL_CLAIMED",
                  found.name() + " is held by " + holder + ": ask him or a lead",
                  {{"name", found.name()}, {"holder", holder}});
  }
  const std::string before = StandingOf(*found.mark);
  DropClaim(context->step, ref, found);
  context->Plan("holder", Same(holder), {});
  FinishAppeal(context, found, ChangeOf(context->step, ref, found), before);
  PostAppeal(context->step, ref, found,
             {PostingDetail::kAppealReleased, context->actor().principal(), 0});
  return std::nullopt;
}

Outcome WithdrawAppeal(CommandContext* context, const AccountRef& ref,
                       const v1::WithdrawAppealRequest& request) {
  AppealRef found;
  if (Outcome bad = TakeAppeal(*context, ref, request.name(), {}, &found); bad.has_value()) {
    return bad;
  }
  context->before = StandingOf(*found.mark);
  Withdraw(context->step, ref, found, v1::APPEAL_WITHDRAWAL_BY_PLAYER, context->actor());
  context->after = StandingOf(*found.mark);
  context->Plan("side", Same(context->before), Same(context->after));
  context->etag = std::to_string(found.mark->revision);
  return std::nullopt;
}

}  // namespace

bool IsAppealCommand(const v1::Command& command) {
  return command.request_case() >= v1::Command::kSubmitAppeal &&
         command.request_case() <= v1::Command::kWithdrawAppeal;
}

Outcome TakeAppeal(const CommandContext& context, const AccountRef& ref, const std::string& name,
                   const AppealNeeds& needs, AppealRef* found) {
  *found = FindAppeal(context.step, ref, AppealId(name));
  if (!*found) {
    return Refuse(Code::kNotFound, "NOT_FOUND", "no such appeal: " + name, {{"name", name}});
  }
  const AppealMark& mark = *found->mark;
  const std::string& me = context.actor().principal();
  if (context.actor().role() == v1::ROLE_GAME_SERVER && mark.submitter != me) {
    return Refuse(Code::kPermissionDenied, "NOT_YOUR_APPEAL",
                  name + " was not submitted by this game server", {{"name", name}});
  }
  if (needs.open && mark.state != v1::APPEAL_STATE_OPEN) {
    return Refuse(Code::kFailedPrecondition, "APPEAL_OVER", name + " is over", {{"name", name}});
  }
  if (needs.free && !mark.holder.empty() && mark.holder != me) {
    const std::string until = LocalTextOf(context.step, mark.lease_end_us);
    return Refuse(Code::kFailedPrecondition, "APPEAL_CLAIMED",
                  name + " is held by " + mark.holder + " until " + until,
                  {{"name", name}, {"holder", mark.holder}, {"until", until}});
  }
  if (needs.held && mark.holder != me) {
    return Refuse(Code::kFailedPrecondition, "APPEAL_NOT_CLAIMED", "claim " + name + " first",
                  {{"name", name}});
  }
  return CheckEtag(context, std::to_string(mark.revision));
}

void FinishAppeal(CommandContext* context, const AppealRef& found, v1::Appeal change,
                  const std::string& before) {
  SendChange(context->step, found, std::move(change));
  const std::string after = StandingOf(*found.mark);
  if (before != after) context->Plan("side", Same(before), Same(after));
  context->before = before;
  context->after = after;
  context->etag = std::to_string(found.mark->revision);
}

std::string StandingOf(const AppealMark& mark) {
  return mark.state == v1::APPEAL_STATE_OPEN ? v1::AppealSide_Name(mark.side)
                                             : v1::AppealState_Name(mark.state);
}

std::string LocalTextOf(const Step& step, std::int64_t at_us) {
  return policy::LocalMinuteText(at_us, step.policy->utc_offset_us());
}

const v1::ActionOptions& AppealOptionsOf(const v1::Command& command) {
  static const v1::ActionOptions kNone;
  switch (command.request_case()) {
    case v1::Command::kSubmitAppeal:
      return command.submit_appeal().options();
    case v1::Command::kClaimAppeal:
      return command.claim_appeal().options();
    case v1::Command::kReleaseAppeal:
      return command.release_appeal().options();
    case v1::Command::kCreateAppealMessage:
      return command.create_appeal_message().options();
    case v1::Command::kCreateAppealNote:
      return command.create_appeal_note().options();
    case v1::Command::kDecideAppeal:
      return command.decide_appeal().options();
    case v1::Command::kWithdrawAppeal:
      return command.withdraw_appeal().options();
    default:
      return kNone;
  }
}

std::pair<std::string, std::string> NameOfAppealCommand(const v1::Command& command) {
  switch (command.request_case()) {
    case v1::Command::kSubmitAppeal:
      return {"AppealService.SubmitAppeal", command.submit_appeal().parent()};
    case v1::Command::kClaimAppeal:
      return {"AppealService.ClaimAppeal", command.claim_appeal().name()};
    case v1::Command::kReleaseAppeal:
      return {"AppealService.ReleaseAppeal", command.release_appeal().name()};
    case v1::Command::kCreateAppealMessage:
      return {"AppealService.CreateAppealMessage", command.create_appeal_message().parent()};
    case v1::Command::kCreateAppealNote:
      return {"AppealService.CreateAppealNote", command.create_appeal_note().parent()};
    case v1::Command::kDecideAppeal:
      return {"AppealService.DecideAppeal", command.decide_appeal().name()};
    default:
      return {"AppealService.WithdrawAppeal", command.withdraw_appeal().name()};
  }
}

Outcome RunAppeal(CommandContext* context, const AccountRef& ref) {
  const v1::Command& command = context->command;
  switch (command.request_case()) {
    case v1::Command::kSubmitAppeal:
      return SubmitAppeal(context, ref, command.submit_appeal());
    case v1::Command::kClaimAppeal:
      return ClaimAppeal(context, ref, command.claim_appeal());
    case v1::Command::kReleaseAppeal:
      return ReleaseAppeal(context, ref, command.release_appeal());
    case v1::Command::kCreateAppealMessage:
      return SayInAppeal(context, ref, command.create_appeal_message());
    case v1::Command::kCreateAppealNote:
      return NoteInAppeal(context, ref, command.create_appeal_note());
    case v1::Command::kDecideAppeal:
      return DecideAppeal(context, ref, command.decide_appeal());
    default:
      return WithdrawAppeal(context, ref, command.withdraw_appeal());
  }
}

}  // namespace hallwarden
