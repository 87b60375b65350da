// Gold that moves outside of play: gifts, grants, exchanges.
//
// A trader (银商) is a hub: within a week many accounts pay it and it pays many. A gift from a
// young or fed account counts as a feeder's loss when it is most of what that account ever had.
#ifndef HALLWARDEN_RULES_PLAY_GOLD_H_
#define HALLWARDEN_RULES_PLAY_GOLD_H_

#include "hallwarden/v1/event.pb.h"

#include "rules/play/claim.h"

namespace hallwarden::play {

// The account's own move. `to` is the receiver with its realm, of gifts.
void OnMoved(const Context& context, const v1::AssetMoved& moved, std::string_view to,
             PlayCell* cell, Outcome* out);

// A gift arrived. Payload of Message::Kind::kGift.
void OnGift(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_GOLD_H_
