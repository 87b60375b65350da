// What people ask for. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_COMMANDS_H_
#define HALLWARDEN_RULES_ENGINE_COMMANDS_H_

#include "rules/engine/record.h"
#include "rules/engine/step.h"

namespace hallwarden {

// The entity that a command is about: the one that owns its request id.
[[nodiscard]] EntityKey RouteCommand(const v1::Command& command);

// Applies a command: exactly one Audit and one Answer, a repeat of an answered one only an Answer. A
// refused command changes nothing else.
void OnCommand(const Step& step, const v1::Command& command);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_COMMANDS_H_
