// Everything that is neither ladder, rule nor text: title, local time, roles, timing, retention.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {
namespace {

namespace pb = google::protobuf;

constexpr std::int64_t kCenturyUs = 36'525 * kDayUs;
constexpr int kOffsetMaxMinutes = 14 * 60;
constexpr std::size_t kNicknameMaxBytes = 32;
constexpr int kBulkMax = 100'000;
constexpr int kBreakerMax = 1'000'000;

void CheckGeneral(const CheckContext& context) {
  const v1::Policy& policy = context.policy.get();
  const Place title = context.policy.At(v1::Policy::kTitleFieldNumber);
  if (policy.title().empty()) {
    context.reporter->Error(title, "a policy without title",
                            "give it one of [a-z0-9._-], for example title: \"2026-11-night\"");
  } else {
    CheckId(context, title, policy.title(), ".-");
  }
  const int offset = policy.utc_offset_minutes();
  if (offset < -kOffsetMaxMinutes || offset > kOffsetMaxMinutes) {
    context.reporter->Error(context.policy.At(v1::Policy::kUtcOffsetMinutesFieldNumber),
                            "utc_offset_minutes is " + std::to_string(offset),
                            "within 14 hours of UTC, in minutes: 480 for China");
  }
  const Place nickname = context.policy.At(v1::Policy::kNeutralNicknameFieldNumber);
  const std::string& name = policy.neutral_nickname();
  if (name.find_first_not_of(" \n") == std::string::npos) {
    context.reporter->Error(nickname, "no neutral_nickname",
                            "a reset name needs another: for example \"player{number}\"");
  } else if (name.size() > kNicknameMaxBytes) {
    context.reporter->Error(nickname,
                            "neutral_nickname has " + std::to_string(name.size()) + " bytes",
                            "at most " + std::to_string(kNicknameMaxBytes) +
                                "; {number} becomes 8 digits, a Chinese character has 3 bytes");
  } else if (name.find('\n') != std::string::npos) {
    context.reporter->Error(nickname, "a new line in neutral_nickname", "remove it");
  } else if (name.find("{number}") == std::string::npos) {
    context.reporter->Warning(nickname, "neutral_nickname without {number}",
                              "all reset accounts would have the same name, which is an anomaly "
                              "itself");
  }
}

using LimitNode = Node<v1::RoleLimit>;

void CheckLimitOfRole(const CheckContext& context, const LimitNode& limit) {
  const std::string name = v1::Role_Name(limit->role());
  const Place role = limit.At(v1::RoleLimit::kRoleFieldNumber);
  switch (limit->role()) {
    case v1::ROLE_UNSPECIFIED:
      context.reporter->Error(role, "a limit without role", "write role: ROLE_GM or another");
      break;
    case v1::ROLE_VIEWER:
    case v1::ROLE_GAME_SERVER:
      context.reporter->Error(role, "a limit for " + name + ", which never imposes anything",
                              "remove it");
      break;
    case v1::ROLE_ADMIN:
      if (!limit->has_max_term() && !limit->permanent() && !limit->confirm_permanent()) break;
      context.reporter->Warning(role, "ROLE_ADMIN may sanction players",
                                "who makes the policy should not also apply it: give people a "
                                "second role instead");
      break;
    default:
      break;
  }
}

void CheckLimitNumbers(const CheckContext& context, const LimitNode& limit) {
  if (limit->has_max_term()) {
    CheckDuration(context, limit.At(v1::RoleLimit::kMaxTermFieldNumber), limit->max_term(),
                  {"max_term", kTermMinUs, kTermMaxUs});
  } else if (limit->permanent()) {
    context.reporter->Error(limit.At(v1::RoleLimit::kPermanentFieldNumber),
                            "permanent without max_term: a role that may ban for ever, but not "
                            "for a day",
                            "write max_term, or remove permanent");
  }
  if (limit->max_bulk() < 1) {
    context.reporter->Error(limit.At(v1::RoleLimit::kMaxBulkFieldNumber),
                            "max_bulk is " + std::to_string(limit->max_bulk()),
                            "1 is one account at a time; a role that may do nothing needs no "
                            "limit");
  } else if (limit->max_bulk() > kBulkMax) {
    context.reporter->Error(limit.At(v1::RoleLimit::kMaxBulkFieldNumber),
                            "max_bulk is " + std::to_string(limit->max_bulk()),
                            "at most " + std::to_string(kBulkMax));
  }
  if (limit->hourly_limit() < 1) {
    context.reporter->Error(limit.At(v1::RoleLimit::kHourlyLimitFieldNumber),
                            "hourly_limit is " + std::to_string(limit->hourly_limit()),
                            "at least 1; zero would mean none to one reader and all to another");
  }
}

// True if `lower` may anything that `higher` may not.
bool Exceeds(const v1::RoleLimit& lower, const v1::RoleLimit& higher) {
  return ToMicros(lower.max_term()) > ToMicros(higher.max_term()) ||
         (lower.permanent() && !higher.permanent()) ||
         (lower.confirm_permanent() && !higher.confirm_permanent()) ||
         (lower.lift_others() && !higher.lift_others()) || lower.max_bulk() > higher.max_bulk();
}

void CheckRoleOrder(const CheckContext& context, const std::map<v1::Role, int>& by_role) {
  constexpr std::array<v1::Role, 3> kUpwards = {v1::ROLE_GM, v1::ROLE_SENIOR_GM, v1::ROLE_LEAD};
  for (std::size_t i = 0; i < kUpwards.size(); ++i) {
    const std::string name = v1::Role_Name(kUpwards[i]);
    const auto found = by_role.find(kUpwards[i]);
    if (found == by_role.end()) {
      context.reporter->Warning(context.policy.At(v1::Policy::kRoleLimitsFieldNumber, 0),
                                "no limit for " + name + ": it may do nothing to accounts",
                                "add role_limits for it");
      continue;
    }
    const auto below = i == 0 ? by_role.end() : by_role.find(kUpwards[i - 1]);
    if (below == by_role.end()) continue;
    if (Exceeds(context.policy->role_limits(below->second),
                context.policy->role_limits(found->second))) {
      context.reporter->Warning(
          context.policy.At(v1::Policy::kRoleLimitsFieldNumber, found->second),
          name + " may do less than " + v1::Role_Name(kUpwards[i - 1]),
          "what exceeds one role is proposed to the next, which must be able to decide it");
    }
  }
}

void CheckRoles(const CheckContext& context) {
  std::map<v1::Role, int> by_role;
  for (int i = 0; i < context.policy->role_limits_size(); ++i) {
    const auto limit = ChildOf(context.policy, context.policy->role_limits(i),
                               v1::Policy::kRoleLimitsFieldNumber, i);
    CheckLimitOfRole(context, limit);
    CheckLimitNumbers(context, limit);
    if (!by_role.emplace(limit->role(), i).second) {
      context.reporter->Error(limit.At(v1::RoleLimit::kRoleFieldNumber),
                              "a second limit for " + v1::Role_Name(limit->role()),
                              "one per role: remove one");
    }
  }
  CheckRoleOrder(context, by_role);
}

struct TimingField {
  DurationRange range;
  const pb::Duration& value;
  int field_number = 0;
  bool present = false;
};

void CheckTiming(const CheckContext& context) {
  const v1::Timing& timing = context.policy->timing();
  const auto node = ChildOf(context.policy, timing, v1::Policy::kTimingFieldNumber);
  if (!context.policy->has_timing()) {
    context.reporter->Error({1, 1}, "a policy without timing",
                            "add timing { hand_end_deadline { seconds: 600 } ... }");
    return;
  }
  const TimingField fields[] = {
      {{"hand_end_deadline", kSecondUs, kHourUs},
       timing.hand_end_deadline(),
       v1::Timing::kHandEndDeadlineFieldNumber,
       timing.has_hand_end_deadline()},
      {{"undo_window", 0, kDayUs},
       timing.undo_window(),
       v1::Timing::kUndoWindowFieldNumber,
       timing.has_undo_window()},
      {{"unenforced_after", kSecondUs, kDayUs},
       timing.unenforced_after(),
       v1::Timing::kUnenforcedAfterFieldNumber,
       timing.has_unenforced_after()},
      {{"result_retention", kHourUs, 366 * kDayUs},
       timing.result_retention(),
       v1::Timing::kResultRetentionFieldNumber,
       timing.has_result_retention()},
      {{"lateness", kMinuteUs, 30 * kDayUs},
       timing.lateness(),
       v1::Timing::kLatenessFieldNumber,
       timing.has_lateness()},
      {{"skew", kSecondUs, kHourUs},
       timing.skew(),
       v1::Timing::kSkewFieldNumber,
       timing.has_skew()},
  };
  for (const TimingField& field : fields) {
    if (field.present) {
      CheckDuration(context, node.At(field.field_number), field.value, field.range);
    } else {
      context.reporter->Error(node.place, "timing without " + std::string(field.range.what),
                              "add " + std::string(field.range.what) + " { seconds: ... }");
    }
  }
}

void CheckBreakers(const CheckContext& context) {
  if (!context.policy->has_breakers()) return;
  const v1::Breakers& breakers = context.policy->breakers();
  const auto node = ChildOf(context.policy, breakers, v1::Policy::kBreakersFieldNumber);
  struct Number {
    const char* name;
    int value;
    int field_number;
  };
  const Number numbers[] = {
      {"server_per_minute", breakers.server_per_minute(),
       v1::Breakers::kServerPerMinuteFieldNumber},
      {"server_per_hour", breakers.server_per_hour(), v1::Breakers::kServerPerHourFieldNumber},
      {"rule_norm_factor", breakers.rule_norm_factor(), v1::Breakers::kRuleNormFactorFieldNumber},
      {"rule_norm_floor", breakers.rule_norm_floor(), v1::Breakers::kRuleNormFloorFieldNumber},
  };
  for (const Number& number : numbers) {
    if (number.value >= -1 && number.value <= kBreakerMax) continue;
    context.reporter->Error(
        node.At(number.field_number),
        std::string(number.name) + " is " + std::to_string(number.value),
        "1 to " + std::to_string(kBreakerMax) + ", 0 for the default, -1 for no breaker");
  }
  if (breakers.server_per_minute() == -1 && breakers.server_per_hour() == -1) {
    context.reporter->Warning(node.At(v1::Breakers::kServerPerMinuteFieldNumber),
                              "nothing limits what one game server can cause",
                              "a server that was broken into could have everybody banned: write "
                              "server_per_hour: 240");
  }
}

void CheckRetention(const CheckContext& context) {
  const v1::Retention& retention = context.policy->retention();
  const auto node = ChildOf(context.policy, retention, v1::Policy::kRetentionFieldNumber);
  const TimingField fields[] = {
      {{"journal", kDayUs, kCenturyUs},
       retention.journal(),
       v1::Retention::kJournalFieldNumber,
       retention.has_journal()},
      {{"history", kDayUs, kCenturyUs},
       retention.history(),
       v1::Retention::kHistoryFieldNumber,
       retention.has_history()},
      {{"audit", kDayUs, kCenturyUs},
       retention.audit(),
       v1::Retention::kAuditFieldNumber,
       retention.has_audit()},
  };
  for (const TimingField& field : fields) {
    if (!field.present) continue;
    CheckDuration(context, node.At(field.field_number), field.value, field.range);
  }
  if (retention.has_journal() &&
      ToMicros(retention.journal()) < ToMicros(context.policy->timing().lateness())) {
    context.reporter->Error(node.At(v1::Retention::kJournalFieldNumber),
                            "journal is kept shorter than timing.lateness",
                            "late events would arrive after what they belong to is gone");
  }
  if (retention.has_audit() && retention.has_history() &&
      ToMicros(retention.audit()) < ToMicros(retention.history())) {
    context.reporter->Warning(node.At(v1::Retention::kAuditFieldNumber),
                              "audit is kept shorter than history",
                              "nobody could tell any more who did what the history shows");
  }
}

void CheckFailModes(const CheckContext& context) {
  std::uint32_t seen = 0;
  for (int i = 0; i < context.policy->fail_modes_size(); ++i) {
    const auto mode = ChildOf(context.policy, context.policy->fail_modes(i),
                              v1::Policy::kFailModesFieldNumber, i);
    if (!v1::Capability_IsValid(mode->capability())) continue;
    const Place place = mode.At(v1::FailMode::kCapabilityFieldNumber);
    const std::uint32_t bit = 1U << static_cast<unsigned>(mode->capability());
    if (mode->capability() == v1::CAPABILITY_UNSPECIFIED) {
      context.reporter->Error(place, "a fail mode without capability",
                              "write capability: CAPABILITY_...");
    } else if ((seen & bit) != 0) {
      context.reporter->Error(place,
                              "a second fail mode for " + v1::Capability_Name(mode->capability()),
                              "one per capability: remove one");
    }
    seen |= bit;
    if (mode->capability() == v1::CAPABILITY_LOGIN && mode->deny()) {
      context.reporter->Warning(mode.At(v1::FailMode::kDenyFieldNumber),
                                "nobody could log in while the daemon cannot be reached",
                                "write deny: false; servers keep the sanctions that they know");
    }
  }
  for (int i = 1; i < v1::Capability_ARRAYSIZE; ++i) {
    if ((seen & 1U << static_cast<unsigned>(i)) != 0) continue;
    context.reporter->Warning(context.policy.At(v1::Policy::kFailModesFieldNumber, 0),
                              "no fail mode for " +
                                  v1::Capability_Name(static_cast<v1::Capability>(i)) +
                                  ": servers allow it while the daemon cannot be reached",
                              "add fail_modes { capability: ... deny: false } to say so");
  }
}

}  // namespace

void CheckSettings(const CheckContext& context) {
  CheckGeneral(context);
  CheckRoles(context);
  CheckTiming(context);
  CheckBreakers(context);
  CheckRetention(context);
  CheckFailModes(context);
}

}  // namespace hallwarden::policy
