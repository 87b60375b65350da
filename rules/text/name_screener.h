// Does this nickname, signature or club name break the name rule, where, and how is it read? It
// only claims. What follows from a hit is the policy's business.
#ifndef HALLWARDEN_RULES_TEXT_NAME_SCREENER_H_
#define HALLWARDEN_RULES_TEXT_NAME_SCREENER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/siphash.h"
#include "rules/text/lexicon.h"
#include "rules/text/screener.h"

namespace hallwarden::text {

using NameHit = TextHit;
inline constexpr std::size_t kNameHitsMax = kTextHitsMax;

// Thread-safe. Construction compiles the list (below two seconds for 60,000 entries): build aside,
// then swap.
class NameScreener {
 public:
  // Requires: `lexicon` is not null.
  explicit NameScreener(std::shared_ptr<const Lexicon> lexicon);
  ~NameScreener();
  NameScreener(NameScreener&&) noexcept;
  NameScreener& operator=(NameScreener&&) noexcept;
  NameScreener(const NameScreener&) = delete;
  NameScreener& operator=(const NameScreener&) = delete;

  // The hits in `name` (any bytes, any length; what exceeds the caps of fold.h is not read), at
  // most kNameHitsMax, strongest first: greater severity, then undisguised, then leftmost, then
  // longest, then smaller entry_id. A hit that an allow entry covers on the original text is left
  // out, and so are one that an innocent word crosses, and one inside a longer hit of the same
  // category and at least its severity. `cost`, if given, receives what it took.
  [[nodiscard]] std::vector<NameHit> Screen(std::string_view name,
                                            ScreenCost* cost = nullptr) const;

  [[nodiscard]] const Lexicon& lexicon() const { return *lexicon_; }

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  std::unique_ptr<const Screener> screener_;
};

// Equal for names that a GM would call the same: case, width, letter and digit styles, diacritics,
// invisible characters, traditional or simplified, spaces around or doubled. Different for names
// that differ in anything else. For sanctions that must not be repeated for "the same" name and for
// finding identical names; with a secret key it does not reveal the name.
[[nodiscard]] Hash128 NameFingerprint(std::string_view name, const SipKey& key);

// How `name` is read, one sentence per step that changed something, for GMs and for tests:
//   "original: ...", "dropped: 2 invisible characters", "plain: ...", "look-alike: ...",
//   "stripped: ...".
[[nodiscard]] std::vector<std::string> ExplainReading(std::string_view name);

// Runs the examples of a list against it. One "file:line: ..." sentence per broken promise; empty
// if all hold. To be called before a list is activated.
[[nodiscard]] std::vector<std::string> CheckExamples(const NameScreener& screener);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_NAME_SCREENER_H_
