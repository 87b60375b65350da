#include "rules/policy/avatar_settings.h"

#include <algorithm>

namespace hallwarden::policy {

AvatarSettings MakeAvatarSettings(const v1::AvatarPolicy& source) {
  AvatarSettings settings;
  if (source.max_distance() != 0) settings.max_distance = source.max_distance();
  if (source.min_quality() != 0) settings.min_quality = source.min_quality();
  if (source.qr_confidence() != v1::CONFIDENCE_UNSPECIFIED) {
    settings.qr_confidence = source.qr_confidence();
  }
  if (source.patrol_per_day() != 0) settings.patrol_per_day = std::max(source.patrol_per_day(), 0);
  settings.own_hosts.assign(source.own_hosts().begin(), source.own_hosts().end());
  return settings;
}

}  // namespace hallwarden::policy
