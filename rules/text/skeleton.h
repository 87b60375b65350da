// Names that look alike: what a name looks like at a glance, and names that show nothing or try to
// be mistaken for another.
#ifndef HALLWARDEN_RULES_TEXT_SKELETON_H_
#define HALLWARDEN_RULES_TEXT_SKELETON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/siphash.h"
#include "rules/text/screener.h"

namespace hallwarden::text {

// The name as it looks at a glance, UTF-8: what the plain reading undoes, look-alike letters and
// Han characters as one, strokes (l 1 I | and the like) as 1, O and 0 as 0, ornaments, spaces and
// punctuation out. Two names with the same skeleton can be mistaken for each other; names of fewer
// than two characters of skeleton say nothing. Ours and not Unicode's: that one reads m as rn and
// leaves the Han characters alone.
[[nodiscard]] std::string NameSkeleton(std::string_view name);

// A keyed hash of the skeleton, for comparing names without keeping them. Coarser than
// NameFingerprint: the same fingerprint implies the same look, never the other way.
[[nodiscard]] Hash128 NameLook(std::string_view name, const SipKey& key);

// What is wrong with a name whatever it says, as hits of Category::kUnreadable: nothing visible,
// direction controls, a tail of strokes that are drawn alike ("|l").
// entry_id is kNoEntry.
[[nodiscard]] std::vector<TextHit> JudgeNameShape(std::string_view name);

inline constexpr std::uint32_t kNoEntry = 0xffffffffU;

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_SKELETON_H_
