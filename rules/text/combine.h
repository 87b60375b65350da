// Patterns that combine: which rules of a lexicon hold for the classes that stand in a text.
// Private to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_COMBINE_H_
#define HALLWARDEN_RULES_TEXT_COMBINE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/text/lexicon.h"

namespace hallwarden::text {

// A class at a place of the text.
struct ClassMark {
  std::uint8_t what = 0;
  bool disguised = false;
  std::uint32_t at = 0;     // character where it begins, counted in the plain reading
  std::uint32_t begin = 0;  // bytes [begin, end) of the original
  std::uint32_t end = 0;
};

// A rule that holds, and the bytes from its first class to its last.
struct RuleMatch {
  std::uint32_t rule = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool disguised = false;
};

// Steps of the search in one text, over all rules; what would need more is not found.
inline constexpr std::size_t kRuleStepsMax = 4'000;

// `marks` in any order; they are sorted. `*steps` is raised by the steps taken.
[[nodiscard]] std::vector<RuleMatch> MatchRules(const Lexicon& lexicon,
                                                std::vector<ClassMark> marks, std::size_t* steps);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_COMBINE_H_
