// The operator's own entries, on top of the built-in lists: the file format, its limits, and the
// screeners that both make together.
//
// The format is that of lexicon.h with deny and allow lines and examples only, and three more
// sections that say where the entries behind them count:
//   [names]  nicknames, signatures, club names    [chat]  chat, posts, notices    [both]  both
// A file begins in [both]. [must_hit] and [must_miss] belong to the surface before them, [entries]
// goes back to its entries.
#ifndef HALLWARDEN_RULES_TEXT_OPERATOR_LIST_H_
#define HALLWARDEN_RULES_TEXT_OPERATOR_LIST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/text/chat_screener.h"
#include "rules/text/lexicon.h"
#include "rules/text/name_screener.h"

namespace hallwarden::text {

inline constexpr std::size_t kOperatorBytesMax = std::size_t{8} << 20U;
inline constexpr std::size_t kOperatorEntriesMax = 60'000;
inline constexpr std::size_t kOperatorPatternBytesMax = 256;
inline constexpr std::size_t kOperatorCommentBytesMax = 512;
inline constexpr std::size_t kOperatorAuthorBytesMax = 64;

// Bits.
enum class OperatorSurface : std::uint8_t { kNames = 1, kChat = 2, kBoth = 3 };

struct OperatorEntry {
  OperatorSurface surface = OperatorSurface::kBoth;
  LexiconEntry entry;

  // 16 hex digits that follow from surface, kind, folded pattern and flags: the same entry has the
  // same id in every file.
  [[nodiscard]] std::string Id() const;
};

// An immutable, checked list. Copyable and movable; const use is thread-safe.
class OperatorList {
 public:
  // An empty one.
  OperatorList();

  // INVALID_ARGUMENT with up to 20 faults a surface, "file:line: reason; hint": those of
  // Lexicon::Parse, and patterns of one character, sets, marks, words, rules, what is over the
  // limits above, and the same entry under two surfaces that overlap. RESOURCE_EXHAUSTED if `text`
  // is longer than kOperatorBytesMax.
  static absl::StatusOr<OperatorList> Parse(std::string_view text, std::string_view file);

  // In file order.
  [[nodiscard]] const std::vector<OperatorEntry>& entries() const { return entries_; }
  [[nodiscard]] const Lexicon& names() const { return *names_; }
  [[nodiscard]] const Lexicon& chat() const { return *chat_; }

  // The list as text that Parse takes: entries by surface in file order, then the examples. The
  // same for every text that holds the same.
  [[nodiscard]] std::string ToText() const;

  // This list without the ids of `remove` and with `add` in place of what has their ids, checked
  // like Parse. Examples stay. Errors as Parse, with the number of the entry in ToText's text.
  [[nodiscard]] absl::StatusOr<OperatorList> Changed(const std::vector<OperatorEntry>& add,
                                                     const std::vector<std::string>& remove) const;

  // Without the entries whose last day lies before `day`; nullopt if there are none.
  [[nodiscard]] std::optional<OperatorList> Without(std::int32_t day) const;

 private:
  std::vector<OperatorEntry> entries_;
  std::shared_ptr<const Lexicon> names_;
  std::shared_ptr<const Lexicon> chat_;
};

// What judges names and chat; the same lists for ever.
struct Screeners {
  std::shared_ptr<const NameScreener> names;
  std::shared_ptr<const ChatScreener> chat;
};

// Compiles both lists with `own` on top: about a second for 60,000 entries, so off any thread that
// others wait for. A null list gives a null screener.
[[nodiscard]] Screeners BuildScreeners(const std::shared_ptr<const Lexicon>& names,
                                       const std::shared_ptr<const Lexicon>& chat,
                                       const OperatorList& own);

// Runs `promises` (must_hit, must_miss of a list) against a screener: one "file:line: ..." sentence
// per broken one.
[[nodiscard]] std::vector<std::string> BrokenPromises(const Lexicon& promises,
                                                      const NameScreener& screener);
[[nodiscard]] std::vector<std::string> BrokenPromises(const Lexicon& promises,
                                                      const ChatScreener& screener);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_OPERATOR_LIST_H_
