// What a detector of play works with and what comes out of it.
#ifndef HALLWARDEN_RULES_PLAY_CLAIM_H_
#define HALLWARDEN_RULES_PLAY_CLAIM_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "rules/evidence/log10.h"
#include "rules/policy/play_settings.h"
#include "rules/state/play_cell.h"

namespace hallwarden::play {

using evidence::Milli;

// Stored on disk and in cells: numbers are never reused or changed.
enum class ClaimKind : std::uint8_t {
  kStalling = 1,
  kIdling = 2,
  kFarming = 3,
  kMule = 4,
  kTrading = 5,
  kCollusion = 6,
  kThrowing = 7,
  kWinning = 8,
  kTakeover = 9,
  kNamed = 10,  // by another account's ring
  kAlternating = 11,
  kRegulars = 12,
};

// One act of one account. Lives for one call.
struct Context {
  const policy::PlaySettings* settings = nullptr;
  std::string_view account;  // with its realm
  std::int64_t event_us = 0;
  std::string_view game;
  std::string_view hand;
  // Of the partner register at that time: idling counts, and its ring hears the account's class.
  bool partner = false;
};

// What is claimed, for the policy to decide.
struct PlayClaim {
  ClaimKind kind = ClaimKind::kStalling;
  v1::Finding finding;
  std::int64_t event_us = 0;
  std::string game;
  // Ask the service first whether anything since then was its own fault. 0: no need.
  std::int64_t blameless_from_us = 0;
};

// What another account must hear.
struct Message {
  enum class Kind : std::uint8_t { kFed = 1, kGift = 2, kNamed = 3 };
  Kind kind = Kind::kFed;
  std::string to;  // account with its realm
  std::string payload;
};

struct Outcome {
  std::vector<PlayClaim> claims;
  std::vector<Message> messages;
};

// Tier of evidence: 0 nothing, 1 note, 2 case, 3 hold and case, 4 low rungs.
[[nodiscard]] int TierOf(const policy::PlaySettings& settings, Milli level);

// True if a claim of this kind and level is news: it reached a higher tier than the last one, or a
// day has passed since. Remembers it.
[[nodiscard]] bool Due(const policy::PlaySettings& settings, ClaimKind kind, Milli level,
                       std::int64_t event_us, PlayCell* cell);

// A finding with what all of them have.
[[nodiscard]] PlayClaim MakeClaim(const Context& context, ClaimKind kind, v1::Offence offence,
                                  std::string_view detector, Milli level);

// Adds a number: in units, not thousandths. `expected_milli` is what honest play gives at most, in
// thousandths.
void AddMeasure(std::string_view key, std::int64_t value, std::int64_t expected_milli,
                v1::Evidence* evidence);
// Adds the hands to look at, as evidence of their own.
void AddHands(const std::vector<HandMark>& hands, v1::Finding* finding);
// Keeps the last `max` of the hands.
void KeepHand(const Context& context, std::size_t max, std::vector<HandMark>* hands);

// 64 bits of an account's or other name under a public key.
[[nodiscard]] std::uint64_t ShortHash(std::string_view name);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_CLAIM_H_
