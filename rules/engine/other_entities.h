// Facts to entities that are no accounts. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_OTHER_ENTITIES_H_
#define HALLWARDEN_RULES_ENGINE_OTHER_ENTITIES_H_

#include "rules/engine/step.h"

namespace hallwarden {

// A server numbers a directive and sends it.
void OnDirectiveWanted(const Step& step, const Fact& fact);
// An account was registered from an address or device.
void OnRegisteredFrom(const Step& step, const Fact& fact);
// An account took or left a folded nickname.
void OnName(const Step& step, const Fact& fact);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_OTHER_ENTITIES_H_
