// What people and game servers do with appeals. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_APPEAL_COMMANDS_H_
#define HALLWARDEN_RULES_ENGINE_APPEAL_COMMANDS_H_

#include <string>
#include <utility>

#include "rules/engine/appeals.h"
#include "rules/engine/command_context.h"

namespace hallwarden {

// True for the requests of AppealService, which are all about an account.
[[nodiscard]] bool IsAppealCommand(const v1::Command& command);
[[nodiscard]] const v1::ActionOptions& AppealOptionsOf(const v1::Command& command);
// Method and resource, for the audit.
[[nodiscard]] std::pair<std::string, std::string> NameOfAppealCommand(const v1::Command& command);

Outcome RunAppeal(CommandContext* context, const AccountRef& ref);

// The appeal that a command is about, if the actor may work on it as it stands; else why not.
struct AppealNeeds {
  bool open = true;   // not over
  bool free = false;  // nobody else holds it
  bool held = false;  // the actor holds it
};
Outcome TakeAppeal(const CommandContext& context, const AccountRef& ref, const std::string& name,
                   const AppealNeeds& needs, AppealRef* found);

// Puts words into the change. Requires: there is room.
struct Said {
  v1::AppealSide side = v1::APPEAL_SIDE_UNSPECIFIED;
  bool internal = false;
  std::string text;
  std::string canned_reply;
};
void AddMessage(const Step& step, const v1::Actor& actor, const AppealRef& found, const Said& said,
                v1::Appeal* change);
// Refuses one message more than an appeal holds.
[[nodiscard]] Outcome CheckRoom(const AppealRef& found);

Outcome SayInAppeal(CommandContext* context, const AccountRef& ref,
                    const v1::CreateAppealMessageRequest& request);
Outcome NoteInAppeal(CommandContext* context, const AccountRef& ref,
                     const v1::CreateAppealNoteRequest& request);
Outcome DecideAppeal(CommandContext* context, const AccountRef& ref,
                     const v1::DecideAppealRequest& request);

// What every command that changed an appeal ends with.
void FinishAppeal(CommandContext* context, const AppealRef& found, v1::Appeal change,
                  const std::string& before);

// Who is to move or, once it is over, how it ended. For plan and audit.
[[nodiscard]] std::string StandingOf(const AppealMark& mark);

// A time as people of the hall read it.
[[nodiscard]] std::string LocalTextOf(const Step& step, std::int64_t at_us);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_APPEAL_COMMANDS_H_
