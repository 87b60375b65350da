// What a settled hand tells one seat: who he meets, who loses to him, who wins with him, how often
// he wins.
#ifndef HALLWARDEN_RULES_PLAY_TABLE_H_
#define HALLWARDEN_RULES_PLAY_TABLE_H_

#include "rules/play/claim.h"
#include "rules/play/hand.h"

namespace hallwarden::play {

// Seat `mine` of the hand is this account's.
void OnHand(const Context& context, const Hand& hand, std::size_t mine, PlayCell* cell,
            Outcome* out);

// Chance of the first of two ratings to win against the second, in thousandths: 1 / (1 +
// 10^(-d/400)) from a table.
[[nodiscard]] std::int32_t ExpectedMilli(std::int64_t rating_milli, std::int64_t other_milli);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_TABLE_H_
