// How avatars are judged, with the defaults filled in.
#ifndef HALLWARDEN_RULES_POLICY_AVATAR_SETTINGS_H_
#define HALLWARDEN_RULES_POLICY_AVATAR_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "hallwarden/v1/avatar_policy.pb.h"
#include "hallwarden/v1/common.pb.h"

namespace hallwarden::policy {

// See v1::AvatarPolicy. Distance and quality are what the authors of PDQ recommend ("The TMK+PDQF
// Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019); the rest is ours.
struct AvatarSettings {
  std::int32_t max_distance = 31;
  std::int32_t min_quality = 50;
  v1::Confidence qr_confidence = v1::CONFIDENCE_PLAIN;
  // What one GM looks through in half an hour. 0: none.
  std::int32_t patrol_per_day = 200;
  std::vector<std::string> own_hosts;
};

// Bounds of what a policy may say; 0 stands for the default.
inline constexpr std::int32_t kAvatarDistanceMax = 31;
inline constexpr std::int32_t kAvatarQualityMin = 50;
inline constexpr std::int32_t kAvatarPatrolMax = 100'000;
inline constexpr int kAvatarOwnHostsMax = 64;

// Requires: `source` was checked.
[[nodiscard]] AvatarSettings MakeAvatarSettings(const v1::AvatarPolicy& source);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_AVATAR_SETTINGS_H_
