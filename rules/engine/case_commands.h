// What people do with cases. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_CASE_COMMANDS_H_
#define HALLWARDEN_RULES_ENGINE_CASE_COMMANDS_H_

#include "rules/engine/cases.h"
#include "rules/engine/command_context.h"

namespace hallwarden {

// True for the requests of CaseService, which are all about an account.
[[nodiscard]] bool IsCaseCommand(const v1::Command& command);
[[nodiscard]] const v1::ActionOptions& CaseOptionsOf(const v1::Command& command);
// Method and resource, for the audit.
[[nodiscard]] std::pair<std::string, std::string> NameOfCaseCommand(const v1::Command& command);

Outcome RunCase(CommandContext* context, const AccountRef& ref);

// The case that a command is about, if the actor may work on it as it stands; else why not.
struct CaseNeeds {
  bool open = true;      // not closed
  bool free = true;      // nobody else holds it
  bool held = false;     // the actor holds it
  bool own_rank = true;  // the actor's role is at least the case's
};
Outcome TakeCase(const CommandContext& context, const AccountRef& ref, const std::string& name,
                 const CaseNeeds& needs, CaseRef* found);

// Closes with a verdict: CaseService.DecideCase, and GmService.CloseCase, which asks for no claim.
Outcome DecideCase(CommandContext* context, const AccountRef& ref,
                   const v1::DecideCaseRequest& request);
Outcome CloseCase(CommandContext* context, const AccountRef& ref,
                  const v1::CloseCaseRequest& request);

// account -> account: a ring that you belong to was judged.
void OnRingVerdict(const Step& step, const Fact& fact);
// account -> account: what that came to.
void OnRingHandled(const Step& step, const Fact& fact);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_CASE_COMMANDS_H_
