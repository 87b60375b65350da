// Gold farming: who feeds this account.
//
// An account that is young, or is itself fed, tells every opponent what a hand between them
// brought. The receiver bets that it wins more against them than even a much better player would
// (`sink_win_milli`), pooled over all of them, so that ten small accounts of two hands each count
// like one of twenty. Whether they are linked by device or invitation is a second, independent bet.
// Both begin anew each week.
#ifndef HALLWARDEN_RULES_PLAY_FEEDING_H_
#define HALLWARDEN_RULES_PLAY_FEEDING_H_

#include <cstdint>
#include <string_view>

#include "rules/play/claim.h"
#include "rules/play/hand.h"

namespace hallwarden::play {

// The account tells its opponents of this hand, if it is one that could be feeding them.
void TellThoseItFeeds(const Context& context, const Hand& hand, std::size_t mine, PlayCell* cell,
                      Outcome* out);

// The payer's side of a gift, for the receiver.
[[nodiscard]] std::string EncodeGift(const Context& context, std::int64_t amount,
                                     const PlayCell& cell);

// A young or fed account's hand against this one, or its gift. Payload of Message::Kind::kFed or
// kGift.
void OnFed(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out);

// This account stands in another one's ring. Payload of Message::Kind::kNamed.
void OnNamed(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out);

// Gold left a fed account for `payee`: is it a mule?
void OnPassedOn(const Context& context, std::string_view payee, std::int64_t gold, PlayCell* cell,
                Outcome* out);

// True if the account is young: it may be somebody's throw-away account.
[[nodiscard]] bool IsYoung(const policy::PlaySettings& settings, std::int64_t event_us,
                           const PlayCell& cell);

// Evidence that the account is being fed.
[[nodiscard]] Milli FedLevel(const PlayCell& cell, const policy::PlaySettings& settings);

// When and what an event was, from a payload of kFed or kGift; 0 if the bytes are none.
[[nodiscard]] std::int64_t FedEventTime(std::string_view payload);
[[nodiscard]] std::string_view FedGame(std::string_view payload);
[[nodiscard]] std::string_view FedHand(std::string_view payload);

// Forgets the evidence: a decision was made about it.
void ClearFeeding(PlayCell* cell);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_FEEDING_H_
