// The heart of name and chat screening: all readings of a text against one list. Private to
// rules/text; callers use name_screener.h and chat_screener.h.
#ifndef HALLWARDEN_RULES_TEXT_SCREENER_H_
#define HALLWARDEN_RULES_TEXT_SCREENER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/text/lexicon.h"

namespace hallwarden::text {

struct TextHit {
  Category category = Category::kPorn;
  Severity severity = Severity::kNote;
  // Index into Lexicon::entries() of the list that was asked; a rule's is entries().size() and its
  // index into Lexicon::rules().
  std::uint32_t entry_id = 0;
  std::string entry;      // its pattern as written, or the name of the rule
  std::string reading;    // the matched part as read, UTF-8
  std::size_t begin = 0;  // bytes [begin, end) of the original text
  std::size_t end = 0;
  // Found only after undoing more than case, width and traditional writing: styled letters,
  // invisible characters, diacritics, look-alikes, separators, repeats and so on.
  bool disguised = false;

  friend bool operator==(const TextHit&, const TextHit&) = default;
};

inline constexpr std::size_t kTextHitsMax = 32;

// What a screening did, for tests of its bounds and for tuning.
struct ScreenCost {
  std::size_t units = 0;       // folded units read, over all readings
  std::size_t candidates = 0;  // occurrences of patterns that were looked at
  std::size_t rule_steps = 0;  // steps of the search for combinations
};

// Thread-safe. Construction compiles the list: build aside, then swap.
class Screener {
 public:
  // `lexicon` must outlive the screener.
  explicit Screener(const Lexicon& lexicon);
  ~Screener();
  Screener(const Screener&) = delete;
  Screener& operator=(const Screener&) = delete;

  // See NameScreener::Screen. `cost` may be null.
  [[nodiscard]] std::vector<TextHit> Screen(std::string_view text, ScreenCost* cost) const;

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_SCREENER_H_
