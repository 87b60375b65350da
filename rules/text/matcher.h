// Aho-Corasick over folded code points: all occurrences of many patterns in one pass.
//
// Compact: patterns' code points are renumbered into dense symbols, the root has a direct table,
// every other state a sorted slice of edges; at the root a hashed bit for each pair of symbols that
// a pattern begins with lets most of a text pass at one look each. A text of n units costs O(n +
// hits) steps times the binary search in a slice (most slices hold one edge).
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

  // Matches nothing.
  Matcher() = default;

  // Appends every occurrence to `*matches`, ordered by end, then by longer pattern, then by value.
  void FindAll(const std::vector<Unit>& text, std::vector<Match>* matches) const;

  // A text given code by code, without building it first.
  class Walk {
   public:
    explicit Walk(const Matcher& matcher) : matcher_(matcher) {}

    // Takes the next code, as SymbolOf() names it. Visits the value of every pattern that ends with
    // it; some may be visited twice. Stops and returns true as soon as `visit(value)` does.
    template <typename Visit>
    bool Feed(std::uint32_t symbol, const Visit& visit) {
      if (state_ != 0) {
        state_ = symbol == 0 ? 0 : matcher_.Step(state_, symbol);
      } else if (symbol != 0) {
        if (pending_ != 0 && matcher_.MayBegin(pending_, symbol)) {
          state_ = matcher_.Step(matcher_.root_[pending_], symbol);
        }
        if (matcher_.singles_[symbol] != 0 && VisitAt(matcher_.root_[symbol], visit)) return true;
      }
      pending_ = symbol;
      return state_ != 0 && VisitAt(state_, visit);
    }

   private:
    template <typename Visit>
    bool VisitAt(std::uint32_t state, const Visit& visit) {
      for (std::uint32_t at = state; at != kNone; at = matcher_.states_[at].output_link) {
        const State& found = matcher_.states_[at];
        for (std::uint32_t k = found.output_begin; k < found.output_end; ++k) {
          if (visit(matcher_.outputs_[k])) return true;
        }
      }
      return false;
    }

    const Matcher& matcher_;
    std::uint32_t state_ = 0;
    std::uint32_t pending_ = 0;  // the symbol before, while nothing has begun
  };

  // The number of a code in this matcher; 0 if it is in no pattern.
  [[nodiscard]] std::uint32_t SymbolOf(char32_t code) const {
    return code < bmp_symbols_.size() ? bmp_symbols_[code] : AstralSymbolOf(code);
  }

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

  void NumberSymbols(const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns);
  // Returns the values that end in each state.
  std::vector<std::vector<std::uint32_t>> GrowTrie(
      const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns);
  void LinkFailures(std::vector<std::vector<std::uint32_t>>& outputs);
  [[nodiscard]] std::uint32_t AstralSymbolOf(char32_t code) const;
  [[nodiscard]] std::uint32_t Child(const State& state, std::uint32_t symbol) const;
  [[nodiscard]] std::uint32_t Step(std::uint32_t state, std::uint32_t symbol) const;

  // False if no pattern begins with these two symbols.
  [[nodiscard]] bool MayBegin(std::uint32_t first, std::uint32_t second) const {
    const std::uint32_t bit = BeginBit(first, second);
    return (begins_[bit / 64] >> (bit % 64) & 1U) != 0;
  }
  static std::uint32_t BeginBit(std::uint32_t first, std::uint32_t second) {
    return (first * 0x9e3779b1U + second * 0x85ebca6bU) >> (32U - kBeginBits);
  }
  void NoteBegins(const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns);

  // Most text is read at the root. There one bit tells whether to look further.
  static constexpr std::uint32_t kBeginBits = 17;
  std::vector<std::uint64_t> begins_;
  std::vector<std::uint8_t> singles_;  // by symbol: a pattern of this one symbol
  std::vector<std::uint32_t> bmp_symbols_;
  std::vector<std::pair<char32_t, std::uint32_t>> astral_symbols_;  // sorted
  std::vector<std::uint32_t> root_;                                 // symbol -> state, or 0
  std::vector<Edge> edges_;
  std::vector<State> states_;
  std::vector<std::uint32_t> outputs_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_MATCHER_H_
