// What the commands about cases have in common. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_CASE_CHANGE_H_
#define HALLWARDEN_RULES_ENGINE_CASE_CHANGE_H_

#include <string>

#include "rules/engine/case_commands.h"

namespace hallwarden {

// A time as people of the hall read it.
[[nodiscard]] std::string LocalTime(const Step& step, std::int64_t at_us);

[[nodiscard]] std::string StateOf(const CaseRef& found);

// Puts a note of the actor's into the change; nothing if the text is empty.
void AddNote(const CommandContext& context, const CaseRef& found, const std::string& text,
             v1::Case* change);
// Refuses one note more than a case holds.
[[nodiscard]] Outcome CheckNotes(const CaseRef& found);

// What every change of a case ends with.
struct Done {
  v1::CaseStep step = v1::CASE_STEP_UNSPECIFIED;
  std::string detail;
  std::string note;
  PostingDetail posting = PostingDetail::kNone;  // kNone: no line in the history
  std::string before;                            // state before
};

void Finish(CommandContext* context, const AccountRef& ref, const CaseRef& found, const Done& done);

// The actor takes the case, or takes it for another while.
[[nodiscard]] Outcome ClaimCase(CommandContext* context, const AccountRef& ref,
                                const v1::ClaimCaseRequest& request);

Outcome OpenCase(CommandContext* context, const AccountRef& ref,
                 const v1::OpenCaseRequest& request);
Outcome MergeCase(CommandContext* context, const AccountRef& ref,
                  const v1::MergeCaseRequest& request);
Outcome ReopenCase(CommandContext* context, const AccountRef& ref,
                   const v1::ReopenCaseRequest& request);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_CASE_CHANGE_H_
