#include "rules/engine/case_change.h"

#include <utility>

#include "rules/policy/notice.h"
#include "rules/state/time.h"

namespace hallwarden {

std::string LocalTime(const Step& step, std::int64_t at_us) {
  return policy::LocalMinuteText(at_us, step.policy->utc_offset_us());
}

std::string StateOf(const CaseRef& found) {
  return v1::CaseState_Name(found.desk->state);
}

void AddNote(const CommandContext& context, const CaseRef& found, const std::string& text,
             v1::Case* change) {
  if (text.empty()) return;
  ++found.desk->notes;
  v1::CaseNote& note = *change->add_notes();
  note.set_text(text);
  *note.mutable_actor() = context.actor();
  SetTimestamp(context.step.now_us, note.mutable_create_time());
}

Outcome CheckNotes(const CaseRef& found) {
  if (found.desk->notes < DeskCase::kNotesMax) return std::nullopt;
  const std::string most = std::to_string(DeskCase::kNotesMax);
  return Refuse(Code::kFailedPrecondition, "CASE_NOTES_FULL",
                found.name() + " has " + most + " notes: close it, or write about the account",
                {{"name", found.name()}, {"max", most}});
}

void Finish(CommandContext* context, const AccountRef& ref, const CaseRef& found,
            const Done& done) {
  v1::Case change = ChangeOf(context->step, ref, found);
  AddNote(*context, found, done.note, &change);
  Log(context->step, found, {done.step, context->actor(), done.detail, context->options.reason()},
      &change);
  SendChange(context->step, found, std::move(change));
  if (done.posting != PostingDetail::kNone) {
    PostCase(context->step, ref, found, done.posting, context->actor());
  }
  const std::string after = v1::CaseState_Name(found.desk->state);
  if (done.before != after) context->Plan("case", Same(done.before), Same(after));
  context->before = done.before;
  context->after = done.detail.empty() ? after : after + " " + done.detail;
  context->etag = std::to_string(found.mark->revision);
}

Outcome ClaimCase(CommandContext* context, const AccountRef& ref,
                  const v1::ClaimCaseRequest& request) {
  CaseRef found;
  if (Outcome bad = TakeCase(*context, ref, request.name(), {}, &found); bad.has_value()) {
    return bad;
  }
  const Step& step = context->step;
  const std::string& who = context->actor().principal();
  const std::string before = StateOf(found);
  const bool renewed = found.desk->holder == who;
  const std::string waited_for = found.desk->department;
  GiveClaim(step, ref, found, who);
  context->Plan("name", {}, Same(found.name()));
  context->Plan("holder", {}, Same(who));
  context->Plan("lease", {}, Same(LocalTime(step, found.desk->lease_end_us)));
  if (!waited_for.empty()) context->Plan("department", Same(waited_for), {});
  if (!renewed) {
    Finish(context, ref, found,
           {v1::CASE_STEP_CLAIMED, who, "", PostingDetail::kCaseClaimed, before});
    return std::nullopt;
  }
  // A renewal is no news: it stands in the claim.
  SendChange(step, found, ChangeOf(step, ref, found));
  context->before = before;
  context->after = before + " renewed";
  context->etag = std::to_string(found.mark->revision);
  return std::nullopt;
}

}  // namespace hallwarden
