// The avatar rule: from what was read from a picture to a finding. It only claims; the policy
// decides.
#ifndef HALLWARDEN_RULES_AVATAR_AVATAR_RULE_H_
#define HALLWARDEN_RULES_AVATAR_AVATAR_RULE_H_

#include <optional>
#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/event.pb.h"

#include "rules/avatar/bank.h"
#include "rules/avatar/pdq.h"
#include "rules/policy/avatar_settings.h"
#include "rules/text/name_screener.h"

namespace hallwarden::avatar {

// An avatar as it can be compared.
struct Look {
  Dihedral hashes;
  int quality = 0;
};

// From the daemon's reading of the image or, where there is none, from the hash that the game
// server made. Nullopt if there is neither, or the hash is none that a picture can have.
[[nodiscard]] std::optional<Look> LookOf(const v1::AvatarChanged& changed);

// The strongest claim that the QR codes in it allow: OFFENCE_ADVERTISING, with the code's words as
// evidence. Nullopt if they say nothing worth a note. `names` may be null: then only where they
// lead is judged.
[[nodiscard]] std::optional<v1::Finding> JudgeQrCodes(const v1::AvatarReading& reading,
                                                      const text::NameScreener* names,
                                                      const policy::AvatarSettings& settings);

// A match with a blocking entry: OFFENCE_AVATAR, an advert OFFENCE_ADVERTISING. Evidence names the
// entry, how far away and how it is turned.
[[nodiscard]] v1::Finding ClaimMatch(const BankPicture& picture, const v1::AvatarMatch& match);

// Nobody knows this avatar, and its account gave reason to look at it.
enum class Risk : std::uint8_t {
  kNone = 0,
  kOpenCase = 1,  // a case about it is open
  kPunished = 2,  // a sanction counts against it
};
[[nodiscard]] v1::Finding ClaimUnknown(Risk risk, const v1::AvatarMatch& look);

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_AVATAR_RULE_H_
