#include "rules/engine/case_commands.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "rules/engine/account_commands.h"
#include "rules/engine/case_change.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kReferMaxUs = 90 * kDayUs;

// One step up. ROLE_UNSPECIFIED: nobody stands above.
v1::Role Above(v1::Role role) {
  constexpr std::array kSteps = {v1::ROLE_GM, v1::ROLE_SENIOR_GM, v1::ROLE_LEAD, v1::ROLE_ADMIN};
  for (std::size_t i = 0; i + 1 < kSteps.size(); ++i) {
    if (kSteps[i] == role) return kSteps[i + 1];
  }
  return v1::ROLE_UNSPECIFIED;
}

bool Leads(const CommandContext& context) {
  return DeskRank(context.actor().role()) >= DeskRank(v1::ROLE_LEAD);
}

// One's own, or anybody's for a lead.
Outcome CheckHolder(const CommandContext& context, const CaseRef& found) {
  const std::string& holder = found.desk->holder;
  if (holder == context.actor().principal() || (!holder.empty() && Leads(context))) {
    return std::nullopt;
  }
  if (holder.empty()) {
    return Refuse(Code::kFailedPrecondition, "CASE_NOT_CLAIMED",
                  "nobody holds " + found.name() + ": claim it first", {{"name", found.name()}});
  }
  return Refuse(Code::kPermissionDenied, "CASE_CLAIMED",
                found.name() + " is held by " + holder + ": ask him or a lead",
                {{"name", found.name()}, {"holder", holder}});
}

Outcome Release(CommandContext* context, const AccountRef& ref,
                const v1::ReleaseCaseRequest& request) {
  CaseRef found;
  Outcome bad = TakeCase(*context, ref, request.name(), {.free = false, .own_rank = false}, &found);
  if (!bad.has_value()) bad = CheckHolder(*context, found);
  if (!bad.has_value() && !request.text().empty()) bad = CheckNotes(found);
  if (bad.has_value()) return bad;
  const std::string before = StateOf(found);
  const std::string holder = found.desk->holder;
  DropClaim(context->step, ref, found);
  context->Plan("holder", Same(holder), {});
  Finish(context, ref, found,
         {v1::CASE_STEP_RELEASED, holder, request.text(), PostingDetail::kCaseReleased, before});
  return std::nullopt;
}

Outcome Assign(CommandContext* context, const AccountRef& ref,
               const v1::AssignCaseRequest& request) {
  CaseRef found;
  Outcome bad = TakeCase(*context, ref, request.name(), {.free = false, .own_rank = false}, &found);
  // Whoever leads gives out what nobody holds, too.
  if (!bad.has_value() && !(found.desk->holder.empty() && Leads(*context))) {
    bad = CheckHolder(*context, found);
  }
  if (!bad.has_value()) bad = CheckNotes(found);
  if (bad.has_value()) return bad;
  const auto least = static_cast<v1::Role>(found.desk->least_role);
  if (DeskRank(request.assignee_role()) < DeskRank(least)) {
    const std::string role = v1::Role_Name(least);
    return Refuse(Code::kFailedPrecondition, "ASSIGNEE_MAY_NOT",
                  request.assignee() + " may not decide it: it needs " + role + " or above",
                  {{"assignee", request.assignee()}, {"role", role}});
  }
  const std::string before = StateOf(found);
  const std::string holder = found.desk->holder;
  GiveClaim(context->step, ref, found, request.assignee());
  found.desk->assigned_by = context->actor().principal();
  context->Plan("holder", holder.empty() ? v1::LocalizedText() : Same(holder),
                Same(request.assignee()));
  context->Plan("lease", {}, Same(LocalTime(context->step, found.desk->lease_end_us)));
  Finish(context, ref, found,
         {v1::CASE_STEP_ASSIGNED, request.assignee(), request.text(), PostingDetail::kCaseAssigned,
          before});
  return std::nullopt;
}

Outcome Escalate(CommandContext* context, const AccountRef& ref,
                 const v1::EscalateCaseRequest& request) {
  CaseRef found;
  if (Outcome bad = TakeCase(*context, ref, request.name(), {}, &found); bad.has_value()) {
    return bad;
  }
  const auto least = static_cast<v1::Role>(found.desk->least_role);
  const v1::Role above = Above(least);
  if (above == v1::ROLE_UNSPECIFIED) {
    return Refuse(Code::kFailedPrecondition, "NOBODY_ABOVE",
                  found.name() + " is with " + v1::Role_Name(least) + " already, nobody is above",
                  {{"name", found.name()}, {"role", v1::Role_Name(least)}});
  }
  const std::string before = StateOf(found);
  DropClaim(context->step, ref, found);
  DropReferral(context->step, ref, found);
  found.desk->least_role = static_cast<std::uint8_t>(above);
  context->Plan("least_role", Same(v1::Role_Name(least)), Same(v1::Role_Name(above)));
  Finish(
      context, ref, found,
      {v1::CASE_STEP_ESCALATED, v1::Role_Name(above), "", PostingDetail::kCaseEscalated, before});
  return std::nullopt;
}

Outcome NoDepartment(const CommandContext& context, const std::string& asked) {
  std::string known;
  for (const policy::Department& department : context.step.policy->desk().departments) {
    if (!known.empty()) known += ", ";
    known += department.id + " (" + department.title.zh() + ")";
  }
  return Refuse(Code::kInvalidArgument, "UNKNOWN_DEPARTMENT",
                known.empty() ? "the policy names no departments: write desk { departments ... }"
                              : "no department " + asked + "; there are " + known,
                {{"department", asked}, {"known", known}});
}

Outcome Refer(CommandContext* context, const AccountRef& ref, const v1::ReferCaseRequest& request) {
  CaseRef found;
  if (Outcome bad = TakeCase(*context, ref, request.name(), {.own_rank = false}, &found);
      bad.has_value()) {
    return bad;
  }
  const Step& step = context->step;
  const policy::Department* department = step.policy->desk().FindDepartment(request.department());
  if (department == nullptr) return NoDepartment(*context, request.department());
  const std::int64_t until_us = request.has_until_time() ? TimestampUs(request.until_time())
                                                         : step.now_us + department->answer_us;
  if (until_us <= step.now_us || until_us > step.now_us + kReferMaxUs) {
    return Refuse(Code::kInvalidArgument, "UNTIL_OUT_OF_RANGE",
                  "it may wait from now to 90 days ahead");
  }
  const std::string before = StateOf(found);
  DropClaim(step, ref, found);
  DropReferral(step, ref, found);
  DeskCase& desk = *found.desk;
  desk.department = department->id;
  desk.waits_for = request.waits_for();
  desk.referred_by = context->actor().principal();
  desk.referred_role = static_cast<std::uint8_t>(context->actor().role());
  desk.refer_us = step.now_us;
  desk.until_us = until_us;
  desk.state = v1::CASE_STATE_REFERRED;
  SetReferralTimer(step, ref, found);
  context->Plan("department", {}, department->title);
  context->Plan("until", {}, Same(LocalTime(step, until_us)));
  Finish(context, ref, found,
         {v1::CASE_STEP_REFERRED, department->id, "", PostingDetail::kCaseReferred, before});
  return std::nullopt;
}

Outcome Return(CommandContext* context, const AccountRef& ref,
               const v1::ReturnCaseRequest& request) {
  CaseRef found;
  Outcome bad = TakeCase(*context, ref, request.name(), {.own_rank = false}, &found);
  if (!bad.has_value() && found.desk->state != v1::CASE_STATE_REFERRED) {
    bad = Refuse(Code::kFailedPrecondition, "CASE_NOT_REFERRED",
                 found.name() + " waits for no department", {{"name", found.name()}});
  }
  if (!bad.has_value()) bad = CheckNotes(found);
  if (bad.has_value()) return bad;
  const std::string before = StateOf(found);
  const std::string department = found.desk->department;
  DropReferral(context->step, ref, found);
  Finish(
      context, ref, found,
      {v1::CASE_STEP_RETURNED, department, request.text(), PostingDetail::kCaseReturned, before});
  return std::nullopt;
}

Outcome Note(CommandContext* context, const AccountRef& ref,
             const v1::CreateCaseNoteRequest& request) {
  CaseRef found;
  Outcome bad = TakeCase(*context, ref, request.parent(),
                         {.open = false, .free = false, .own_rank = false}, &found);
  if (!bad.has_value()) bad = CheckNotes(found);
  if (bad.has_value()) return bad;
  Finish(context, ref, found,
         {v1::CASE_STEP_NOTED, "", request.text(), PostingDetail::kNone, StateOf(found)});
  return std::nullopt;
}

}  // namespace

bool IsCaseCommand(const v1::Command& command) {
  return command.request_case() >= v1::Command::kOpenCase &&
         command.request_case() <= v1::Command::kDecideCase;
}

Outcome TakeCase(const CommandContext& context, const AccountRef& ref, const std::string& name,
                 const CaseNeeds& needs, CaseRef* found) {
  *found = FindCase(context.step, ref, CaseId(name));
  if (!*found) {
    return Refuse(Code::kNotFound, "NOT_FOUND", "no such case: " + name, {{"name", name}});
  }
  const DeskCase& desk = *found->desk;
  if (needs.open && desk.state == v1::CASE_STATE_CLOSED) {
    return Refuse(Code::kFailedPrecondition, "CASE_CLOSED", name + " is closed already",
                  {{"name", name}});
  }
  const std::string& me = context.actor().principal();
  if (needs.free && !desk.holder.empty() && desk.holder != me) {
    const std::string until = LocalTime(context.step, desk.lease_end_us);
    return Refuse(Code::kFailedPrecondition, "CASE_CLAIMED",
                  name + " is held by " + desk.holder + " until " + until,
                  {{"name", name}, {"holder", desk.holder}, {"until", until}});
  }
  if (needs.held && desk.holder != me) {
    return Refuse(Code::kFailedPrecondition, "CASE_NOT_CLAIMED", "claim " + name + " first",
                  {{"name", name}});
  }
  const auto least = static_cast<v1::Role>(desk.least_role);
  if (needs.own_rank && DeskRank(context.actor().role()) < DeskRank(least)) {
    const std::string role = v1::Role_Name(least);
    return Refuse(Code::kPermissionDenied, "CASE_LEVEL",
                  name + " was given up to " + role + ": leave it to him",
                  {{"name", name}, {"role", role}});
  }
  if (Outcome bad = CheckEtag(context, std::to_string(found->mark->revision)); bad.has_value()) {
    return bad;
  }
  if (desk.log < DeskCase::kLogMax || context.command.has_decide_case() ||
      context.command.has_close_case()) {
    return std::nullopt;
  }
  return Refuse(Code::kFailedPrecondition, "CASE_LOG_FULL",
                name + " has been through too many hands: close it", {{"name", name}});
}

const v1::ActionOptions& CaseOptionsOf(const v1::Command& command) {
  static const v1::ActionOptions kNone;
  switch (command.request_case()) {
    case v1::Command::kOpenCase:
      return command.open_case().options();
    case v1::Command::kClaimCase:
      return command.claim_case().options();
    case v1::Command::kReleaseCase:
      return command.release_case().options();
    case v1::Command::kAssignCase:
      return command.assign_case().options();
    case v1::Command::kEscalateCase:
      return command.escalate_case().options();
    case v1::Command::kReferCase:
      return command.refer_case().options();
    case v1::Command::kReturnCase:
      return command.return_case().options();
    case v1::Command::kCreateCaseNote:
      return command.create_case_note().options();
    case v1::Command::kMergeCase:
      return command.merge_case().options();
    case v1::Command::kReopenCase:
      return command.reopen_case().options();
    case v1::Command::kDecideCase:
      return command.decide_case().options();
    default:
      return kNone;
  }
}

std::pair<std::string, std::string> NameOfCaseCommand(const v1::Command& command) {
  switch (command.request_case()) {
    case v1::Command::kOpenCase:
      return {"CaseService.OpenCase", "accounts/" + command.target_account()};
    case v1::Command::kClaimCase:
      return {"CaseService.ClaimCase", command.claim_case().name()};
    case v1::Command::kReleaseCase:
      return {"CaseService.ReleaseCase", command.release_case().name()};
    case v1::Command::kAssignCase:
      return {"CaseService.AssignCase", command.assign_case().name()};
    case v1::Command::kEscalateCase:
      return {"CaseService.EscalateCase", command.escalate_case().name()};
    case v1::Command::kReferCase:
      return {"CaseService.ReferCase", command.refer_case().name()};
    case v1::Command::kReturnCase:
      return {"CaseService.ReturnCase", command.return_case().name()};
    case v1::Command::kCreateCaseNote:
      return {"CaseService.CreateCaseNote", command.create_case_note().parent()};
    case v1::Command::kMergeCase:
      return {"CaseService.MergeCase", command.merge_case().name()};
    case v1::Command::kReopenCase:
      return {"CaseService.ReopenCase", command.reopen_case().name()};
    default:
      return {"CaseService.DecideCase", command.decide_case().name()};
  }
}

Outcome RunCase(CommandContext* context, const AccountRef& ref) {
  const v1::Command& command = context->command;
  switch (command.request_case()) {
    case v1::Command::kOpenCase:
      return OpenCase(context, ref, command.open_case());
    case v1::Command::kClaimCase:
      return ClaimCase(context, ref, command.claim_case());
    case v1::Command::kReleaseCase:
      return Release(context, ref, command.release_case());
    case v1::Command::kAssignCase:
      return Assign(context, ref, command.assign_case());
    case v1::Command::kEscalateCase:
      return Escalate(context, ref, command.escalate_case());
    case v1::Command::kReferCase:
      return Refer(context, ref, command.refer_case());
    case v1::Command::kReturnCase:
      return Return(context, ref, command.return_case());
    case v1::Command::kCreateCaseNote:
      return Note(context, ref, command.create_case_note());
    case v1::Command::kMergeCase:
      return MergeCase(context, ref, command.merge_case());
    case v1::Command::kReopenCase:
      return ReopenCase(context, ref, command.reopen_case());
    default:
      return DecideCase(context, ref, command.decide_case());
  }
}

}  // namespace hallwarden
