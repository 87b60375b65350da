// A match in one reading of a text, and the questions that an entry's flags ask about it. Private
// to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_CONTEXT_H_
#define HALLWARDEN_RULES_TEXT_CONTEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/text/fold.h"

namespace hallwarden::text {

class MatchContext {
 public:
  // The match covers units [begin, end). `units` must outlive the context.
  MatchContext(const std::vector<Unit>& units, std::size_t begin, std::size_t end)
      : units_(units), begin_(begin), end_(end) {}

  // Whether the match is what an entry with these flags (EntryFlag) looks for. Takes the number or
  // account name that the entry announces into the match.
  [[nodiscard]] bool Fits(std::uint32_t flags);

  // Nothing but ornaments, spaces, punctuation and digits around it.
  [[nodiscard]] bool IsWhole() const;

  // More was undone than case, width and traditional writing.
  [[nodiscard]] bool Disguised() const;

  [[nodiscard]] std::string Reading() const;

  // The bytes of the original that the match covers.
  [[nodiscard]] std::size_t begin_byte() const;
  [[nodiscard]] std::size_t end_byte() const;

 private:
  [[nodiscard]] bool StartsWord() const;
  [[nodiscard]] bool EndsWord() const;
  [[nodiscard]] bool IsBreak(const Unit& left, const Unit& right) const;
  [[nodiscard]] bool OnlyFillers(std::size_t begin, std::size_t end) const;
  [[nodiscard]] std::size_t AfterGap() const;
  [[nodiscard]] bool AfterHost() const;
  [[nodiscard]] bool EndsHost() const;

  const std::vector<Unit>& units_;
  std::size_t begin_;
  std::size_t end_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_CONTEXT_H_
