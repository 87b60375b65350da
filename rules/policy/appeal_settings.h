// How appeals are handled, compiled from the policy's `appeals`: terms, limits, texts, replies.
// Built-in values stand with each field of appeal_policy.proto.
#ifndef HALLWARDEN_RULES_POLICY_APPEAL_SETTINGS_H_
#define HALLWARDEN_RULES_POLICY_APPEAL_SETTINGS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hallwarden/v1/appeal_policy.pb.h"
#include "hallwarden/v1/common.pb.h"

namespace hallwarden::policy {

// What players are told; the fields of AppealTexts in their order.
enum class AppealText : std::uint8_t {
  kReceived,
  kWaiting,
  kUpheld,
  kReduced,
  kLifted,
  kApology,
  kNoAnswer,
  kAnswered,
  kAsked,
  kEnded,
  kMilder,
  kServed,
};
inline constexpr std::size_t kAppealTexts = 12;

// Every value is present and within its range.
struct AppealSettings {
  std::int64_t answer_us = 0;
  std::int64_t decide_us = 0;
  std::int64_t player_us = 0;
  std::int64_t lease_us = 0;
  std::uint32_t per_day = 0;
  std::uint32_t per_month = 0;
  std::uint32_t per_sanction = 0;
  std::int64_t again_after_us = 0;
  std::int64_t late_until_us = 0;
  std::uint32_t player_messages = 0;
  std::int64_t compensation_max_gold = 0;  // 0: none may be proposed
  // A rule whose machine is overturned in more than this share of at least so many decided appeals
  // of 30 days is left to people.
  std::uint32_t overturned_percent = 0;
  std::uint32_t overturned_least = 0;

  // False: no rule ever falls because of appeals.
  [[nodiscard]] bool CanOverturn() const { return overturned_percent < 100; }
};

// Built-in values where `appeals` has none.
[[nodiscard]] AppealSettings CompileAppeals(const v1::AppealPolicy& appeals);

// Name of the field of AppealTexts.
[[nodiscard]] std::string_view NameOf(AppealText which);

// The policy's text, or the built-in one. Lives as long as `texts`.
[[nodiscard]] const v1::LocalizedText& TextOf(const v1::AppealTexts& texts, AppealText which);

// Null if the policy has none of this identifier. Points into `appeals`.
[[nodiscard]] const v1::CannedReply* FindReply(const v1::AppealPolicy& appeals,
                                               std::string_view reply_id);

// Whether a reply is for this offence.
[[nodiscard]] bool IsFor(const v1::CannedReply& reply, v1::Offence offence);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_APPEAL_SETTINGS_H_
