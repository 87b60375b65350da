// Aho-Corasick over folded code points: all occurrences of many patterns in one pass.
//
// Compact: patterns' code points are renumbered into dense symbols, the root has a direct table,
// every other state a sorted slice of edges. A text of n units costs O(n + hits) steps times the
// binary search in a slice (most slices hold one edge).
#ifndef HALLWARDEN_RULES_TEXT_MATCHER_H_
#define HALLWARDEN_RULES_TEXT_MATCHER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/text/fold.h"

namespace hallwarden::text {

// Immutable after Build. Thread-safe. Order of results depends on patterns and text only.
class Matcher {
 public:
  // One occurrence: pattern `value` covers units [begin, end) of the text.
  struct Match {
    std::uint32_t value = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  class Builder {
   public:
    // Requires: `pattern` is not empty. The same pattern may be added with several values.
    void Add(std::u32string_view pattern, std::uint32_t value);
    [[nodiscard]] Matcher Build() &&;

   private:
    std::vector<std::pair<std::u32string, std::uint32_t>> patterns_;
  };

  // Appends every occurrence to `*matches`, ordered by end, then by longer pattern, then by value.
  void FindAll(const std::vector<Unit>& text, std::vector<Match>* matches) const;

  [[nodiscard]] std::size_t state_count() const { return states_.size(); }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr std::size_t kDirectSymbols = 0x10000;

  struct Edge {
    std::uint32_t symbol = 0;
    std::uint32_t target = 0;
  };
  struct State {
    std::uint32_t edges_begin = 0;  // into edges_, sorted by symbol
    std::uint32_t edges_end = 0;
    std::uint32_t fail = 0;          // the longest proper suffix that is a state
    std::uint32_t output_begin = 0;  // into outputs_: patterns that end exactly here
    std::uint32_t output_end = 0;
    std::uint32_t output_link = kNone;  // the nearest suffix state with outputs
    std::uint32_t depth = 0;
  };

  Matcher() = default;
  void NumberSymbols(const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns);
  // Returns the values that end in each state.
  std::vector<std::vector<std::uint32_t>> GrowTrie(
      const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns);
  void LinkFailures(std::vector<std::vector<std::uint32_t>>& outputs);
  [[nodiscard]] std::uint32_t SymbolOf(char32_t code) const;  // 0: in no pattern
  [[nodiscard]] std::uint32_t Child(const State& state, std::uint32_t symbol) const;
  [[nodiscard]] std::uint32_t Step(std::uint32_t state, std::uint32_t symbol) const;

  std::vector<std::uint32_t> bmp_symbols_;
  std::vector<std::pair<char32_t, std::uint32_t>> astral_symbols_;  // sorted
  std::vector<std::uint32_t> root_;                                 // symbol -> state, or 0
  std::vector<Edge> edges_;
  std::vector<State> states_;
  std::vector<std::uint32_t> outputs_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_MATCHER_H_
