// Where players are: their sessions on game servers, and the hands they sit in. Internal to
// rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_SEATS_H_
#define HALLWARDEN_RULES_ENGINE_SEATS_H_

#include "rules/engine/event_view.h"
#include "rules/engine/fact.h"
#include "rules/engine/step.h"

namespace hallwarden {

// The account has a session on the event's server from now on, or still has.
void OpenSession(const Step& step, const AccountRef& ref, const EventView& event);

// ... and none any more. Hands of it may still be told: see OnHandEnded.
void CloseSession(const Step& step, const AccountRef& ref);

// Follows the player from table to table.
void FollowPlayer(const AccountRef& ref, Presence presence, const EventView& event);

// He stood up. A broken connection does not end the hand: auto-play holds the seat.
void OnLeftTable(const Step& step, const AccountRef& ref, const v1::LeftTable& left);

// Tells every seat of a hand that began, was settled or broke off. The seat of the event's own
// account hears it the same way.
void TellHand(const Step& step, const AccountRef& ref, const EventView& event);

// What a seat hears. It may hear it late: what the player did since, in the order of his server's
// own stream, changes nothing about whether he sat there. So one shard and sixteen decide alike.
void OnHandBegan(const Step& step, const Fact& fact);
void OnHandEnded(const Step& step, const Fact& fact);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_SEATS_H_
