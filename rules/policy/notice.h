// What players read: notices, terms and local time, in Chinese and English.
//
// A notice is filled in one pass over a template that was cut into pieces when the policy was
// compiled. What is filled in is never looked at again, so an account called `{appeal_entry}`
// stays just that.
#ifndef HALLWARDEN_RULES_POLICY_NOTICE_H_
#define HALLWARDEN_RULES_POLICY_NOTICE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/policy/policy.h"

namespace hallwarden::policy {

enum class Language : std::uint8_t { kZh, kEn };

// What a placeholder stands for.
enum class Placeholder : std::uint8_t {
  kAccount,
  kMonth,
  kDay,
  kGame,
  kReason,
  kUntil,
  kTerm,
  kSanction,
  kAppealEntry,
  // In texts about appeals only.
  kAppeal,
  kDue,
};

// `{account}` for kAccount, and so on.
[[nodiscard]] std::string_view PlaceholderText(Placeholder placeholder);

// A literal, or a placeholder behind it.
struct NoticePiece {
  std::string_view literal;
  bool has_placeholder = false;
  Placeholder placeholder = Placeholder::kAccount;  // meaningful if has_placeholder
};

// A template cut into pieces. Views point into `source`.
struct NoticeTemplate {
  std::string_view id;
  std::vector<NoticePiece> zh;
  std::vector<NoticePiece> en;
  const v1::NoticeTemplate* source = nullptr;
};

// What a notice is filled with. Views need to live during Render only.
struct NoticeContext {
  std::string_view account;
  std::string_view sanction;  // number that the player quotes when he appeals
  std::string_view game;      // identifier; empty: the hall as a whole
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  std::int64_t time_us = 0;   // when it happened; fills {month} and {day}
  std::int64_t until_us = 0;  // when the restriction ends; fills {until}
  std::int64_t term_us = 0;   // how long it lasts; fills {term}
  std::string_view appeal;    // number of the appeal
  std::int64_t due_us = 0;    // when somebody is to answer; fills {due}
};

// Fills a template. Bytes of account, sanction and game that are no printable UTF-8 become `?`, so
// that the result is always a valid proto3 string. Empty texts if the template does not exist.
[[nodiscard]] v1::LocalizedText Render(const CompiledPolicy& policy, std::string_view template_id,
                                       const NoticeContext& context);
[[nodiscard]] v1::LocalizedText Render(const CompiledPolicy& policy, const NoticeTemplate& notice,
                                       const NoticeContext& context);

// Template for a sanction that no rung and no rule names one for: imposed beside the ladder. Every
// policy has these: `warning`, `kick`, `hold`, and `ban`, `mute` (chat only) and `restrict`
// (anything else) with `_term` and `_permanent`.
[[nodiscard]] std::string_view StandardTemplate(v1::SanctionKind kind, CapabilityMask capabilities,
                                                bool permanent);
// Template for a sanction that was lifted. Every policy has it.
inline constexpr std::string_view kLiftTemplate = "lift";

// A term in words, rounded up to the minute: `7 days`, `1 day 6 hours`, `30 minutes`.
[[nodiscard]] std::string TermText(std::int64_t term_us, Language language);

// Local time for people, rounded up to the minute, so that nobody is told a moment before he is
// free: `2026-11-29 20:15`.
[[nodiscard]] std::string LocalMinuteText(std::int64_t time_us, std::int64_t utc_offset_us);

// Local time as RFC 3339 writes it: `2026-11-29T20:15:00+08:00`. Drops fractions of a second.
[[nodiscard]] std::string Rfc3339Text(std::int64_t time_us, std::int64_t utc_offset_us);

// The nickname that replaces a reset one: `neutral_nickname` with {number} replaced by the last
// eight decimal digits of `number`, a keyed hash of the account.
[[nodiscard]] std::string NeutralNickname(const CompiledPolicy& policy, std::uint64_t number);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_NOTICE_H_
