// How a notice is cut into pieces. Internal to rules/policy: the check and the compiler must agree.
#ifndef HALLWARDEN_RULES_POLICY_NOTICE_INTERNAL_H_
#define HALLWARDEN_RULES_POLICY_NOTICE_INTERNAL_H_

#include <string_view>
#include <vector>

#include "rules/policy/notice.h"

namespace hallwarden::policy {

inline constexpr int kPlaceholders = 11;
// Placeholders of sanctions' notices: the first ones.
inline constexpr int kNoticePlaceholders = 9;

// Identifier of the game that stands for the hall as a whole.
inline constexpr std::string_view kHallGame = "hall";

// A text in pieces, and what in it is in braces and no placeholder, or a brace by itself.
struct CutText {
  std::vector<NoticePiece> pieces;
  std::vector<std::string_view> bad;
};

// Views point into `text`.
[[nodiscard]] CutText CutNotice(std::string_view text);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_NOTICE_INTERNAL_H_
