// The sentences that GMs read, in both languages, worded from what was computed. Never shown to
// players.
#ifndef HALLWARDEN_RULES_PLAY_WORDING_H_
#define HALLWARDEN_RULES_PLAY_WORDING_H_

#include <cstdint>
#include <string>

#include "hallwarden/v1/common.pb.h"

#include "rules/evidence/log10.h"

namespace hallwarden::play {

// 「正常玩家约一亿人中不到一人会这样」 and its English: how rare this is, rounded towards more
// common. Empty below a hundred.
[[nodiscard]] v1::LocalizedText Odds(evidence::Milli level);

// Joins a sentence and the odds behind it.
void SetSummary(std::string zh, std::string en, evidence::Milli level, v1::Finding* finding);

// `12 of 30`, for both languages.
[[nodiscard]] std::string OfZh(std::uint64_t part, std::uint64_t whole);
[[nodiscard]] std::string OfEn(std::uint64_t part, std::uint64_t whole);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_WORDING_H_
