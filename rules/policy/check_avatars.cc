// How avatars are judged: every value within what makes sense.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/avatar_settings.h"
#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {
namespace {

struct Limits {
  std::string_view what;
  std::int32_t value;
  std::int32_t min;
  std::int32_t max;
  std::string_view hint;
};

void CheckLimits(const CheckContext& context, Place place, const Limits& limits) {
  if (limits.value >= limits.min && limits.value <= limits.max) return;
  context.reporter->Error(place, std::string(limits.what) + " is " + std::to_string(limits.value),
                          std::string(limits.hint));
}

bool IsHost(std::string_view host) {
  constexpr std::size_t kHostMax = 253;
  if (host.empty() || host.size() > kHostMax || host.front() == '.' || host.back() == '.') {
    return false;
  }
  if (host.find('.') == std::string_view::npos) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

void CheckAvatars(const CheckContext& context) {
  using A = v1::AvatarPolicy;
  const A& source = context.policy->avatars();
  const auto avatars = ChildOf(context.policy, source, v1::Policy::kAvatarsFieldNumber);
  CheckLimits(context, avatars.At(A::kMaxDistanceFieldNumber),
              {"max_distance", source.max_distance(), 0, kAvatarDistanceMax,
               "1 to 31 bits of 256; beyond that pictures match that have nothing in common"});
  if (source.min_quality() != 0) {
    CheckLimits(context, avatars.At(A::kMinQualityFieldNumber),
                {"min_quality", source.min_quality(), kAvatarQualityMin, 100,
                 "50 to 100; pictures of lower quality hold too little to tell them apart"});
  }
  CheckLimits(context, avatars.At(A::kPatrolPerDayFieldNumber),
              {"patrol_per_day", source.patrol_per_day(), -1, kAvatarPatrolMax,
               "at most 100000; -1 for none, 0 for the built-in value"});
  if (!v1::Confidence_IsValid(source.qr_confidence())) {
    context.reporter->Error(avatars.At(A::kQrConfidenceFieldNumber), "an unknown qr_confidence",
                            "CONFIDENCE_NOTE, CONFIDENCE_REVIEW or CONFIDENCE_PLAIN");
  }
  if (source.own_hosts_size() > kAvatarOwnHostsMax) {
    context.reporter->Error(avatars.At(A::kOwnHostsFieldNumber, kAvatarOwnHostsMax),
                            std::to_string(source.own_hosts_size()) + " own_hosts",
                            "at most 64; a host stands for all below it");
  }
  for (int i = 0; i < std::min(source.own_hosts_size(), kAvatarOwnHostsMax); ++i) {
    if (IsHost(source.own_hosts(i))) continue;
    context.reporter->Error(avatars.At(A::kOwnHostsFieldNumber, i),
                            "own_hosts \"" + source.own_hosts(i) + "\" is no host",
                            "a name in lower case without scheme and path, for example "
                            "\"hall.example.com\"");
  }
}

}  // namespace hallwarden::policy
