// Where the engine meets the detectors of play: events and facts go in, claims and facts come out.
// Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_PLAY_EVENTS_H_
#define HALLWARDEN_RULES_ENGINE_PLAY_EVENTS_H_

#include <string>
#include <string_view>

#include "rules/engine/decide.h"
#include "rules/engine/record.h"
#include "rules/engine/step.h"

namespace hallwarden {

// An event of an account that has a session, after the engine has followed it. `new_session`: it
// opened one.
void OnPlayEvent(const Step& step, const Record& record, const AccountRef& ref,
                 const EventView& event, bool new_session);

// Appended to what a seat hears of a settled hand.
[[nodiscard]] std::string PlayHandPayload(const Step& step, const EventView& event);

// The account's seat in a settled hand, as `server` told it.
void OnPlayHand(const Step& step, const AccountRef& ref, std::string_view server,
                std::string_view payload);

// An account that may feed this one tells of a hand or gift between them; or this account is named
// in a ring.
void OnPlayMessage(const Step& step, const Fact& fact);

// An incident of the service: told by the game server `step.source`.
void OnServiceIncident(const Step& step, const EventView& event);

// A game server's own record of trouble: a sign of it, or a question about a claim.
void OnServiceTrouble(const Step& step, const Fact& fact);
void OnServiceAsked(const Step& step, const Fact& fact);
// The answer: a claim that may be made, or one that was nobody's fault.
void OnServiceSaid(const Step& step, const Fact& fact);

// A human decided about play of this kind: the evidence begins anew.
void ForgetPlay(const Step& step, const AccountRef& ref, v1::Offence offence);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_PLAY_EVENTS_H_
