// "Does anybody know this picture?": how an avatar asks the banks. Internal to rules/engine.
//
//   account --kAvatarAsked--> banks --kAvatarSaid--> account
//
// The account says what it saw and what it would claim by itself; the banks say which claim is to
// be made, if any. What a picture matches and how many unknown ones were queued today is theirs
// alone.
#ifndef HALLWARDEN_RULES_ENGINE_AVATAR_QUESTION_H_
#define HALLWARDEN_RULES_ENGINE_AVATAR_QUESTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/avatar/avatar_rule.h"
#include "rules/engine/decide.h"

namespace hallwarden {

struct AvatarQuestion {
  std::string account;
  std::string server;
  // Where and when the avatar was set; its finding is what the account would claim by itself: an
  // advert read from a QR code, or nothing. Its fingerprint belongs to that claim, or is the
  // picture's.
  Claim claim;
  // Nullopt: nothing that can be compared.
  std::optional<avatar::Look> look;
  // Limits as they were when it was asked: the policy may change meanwhile.
  std::int32_t max_distance = 0;
  std::int32_t min_quality = 0;
  std::int32_t patrol_per_day = 0;
  std::int64_t local_day = 0;
  avatar::Risk risk = avatar::Risk::kNone;
};

[[nodiscard]] std::string EncodeAvatarQuestion(const AvatarQuestion& question);
// Nullopt for what is none.
[[nodiscard]] std::optional<AvatarQuestion> DecodeAvatarQuestion(std::string_view payload);

// The answer: a claim to be made by this account, or one without offence: there is none.
struct AvatarAnswer {
  std::string account;
  Claim claim;
};

[[nodiscard]] std::string EncodeAvatarAnswer(const AvatarAnswer& answer);
[[nodiscard]] std::optional<AvatarAnswer> DecodeAvatarAnswer(std::string_view payload);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_AVATAR_QUESTION_H_
