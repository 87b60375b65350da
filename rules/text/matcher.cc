#include "rules/text/matcher.h"

#include <algorithm>

namespace hallwarden::text {

void Matcher::Builder::Add(std::u32string_view pattern, std::uint32_t value) {
  patterns_.emplace_back(pattern, value);
}

// Symbols rise with their code points and the patterns are sorted, so the trie grows depth first:
// a new edge is either the last one of its state or comes after it.
Matcher Matcher::Builder::Build() && {
  std::sort(patterns_.begin(), patterns_.end());
  Matcher matcher;
  matcher.NumberSymbols(patterns_);
  std::vector<std::vector<std::uint32_t>> outputs = matcher.GrowTrie(patterns_);
  matcher.LinkFailures(outputs);
  matcher.NoteBegins(patterns_);
  return matcher;
}

void Matcher::NumberSymbols(const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns) {
  std::vector<char32_t> codes;
  for (const auto& [pattern, value] : patterns) {
    codes.insert(codes.end(), pattern.begin(), pattern.end());
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  bmp_symbols_.assign(kDirectSymbols, 0);
  std::uint32_t next = 1;
  for (const char32_t code : codes) {
    if (code < kDirectSymbols) {
      bmp_symbols_[code] = next;
    } else {
      astral_symbols_.emplace_back(code, next);
    }
    ++next;
  }
  root_.assign(next, 0);
}

std::vector<std::vector<std::uint32_t>> Matcher::GrowTrie(
    const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns) {
  std::vector<std::vector<Edge>> children(1);
  std::vector<std::vector<std::uint32_t>> outputs(1);
  states_.resize(1);
  for (const auto& [pattern, value] : patterns) {
    std::uint32_t state = 0;
    for (const char32_t code : pattern) {
      const std::uint32_t symbol = SymbolOf(code);
      if (children[state].empty() || children[state].back().symbol != symbol) {
        const auto fresh = static_cast<std::uint32_t>(states_.size());
        children[state].push_back(Edge{.symbol = symbol, .target = fresh});
        states_.push_back(State{.depth = states_[state].depth + 1});
        children.emplace_back();
        outputs.emplace_back();
      }
      state = children[state].back().target;
    }
    outputs[state].push_back(value);
  }
  for (std::size_t state = 0; state < states_.size(); ++state) {
    states_[state].edges_begin = static_cast<std::uint32_t>(edges_.size());
    edges_.insert(edges_.end(), children[state].begin(), children[state].end());
    states_[state].edges_end = static_cast<std::uint32_t>(edges_.size());
  }
  for (const Edge& edge : children[0]) {
    root_[edge.symbol] = edge.target;
  }
  return outputs;
}

// Breadth first, so that a state's shorter suffixes are linked before it.
void Matcher::LinkFailures(std::vector<std::vector<std::uint32_t>>& outputs) {
  std::vector<std::uint32_t> queue = {0};
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const std::uint32_t parent = queue[head];
    for (std::uint32_t i = states_[parent].edges_begin; i < states_[parent].edges_end; ++i) {
      const Edge edge = edges_[i];
      State& child = states_[edge.target];
      child.fail = parent == 0 ? 0 : Step(states_[parent].fail, edge.symbol);
      const State& suffix = states_[child.fail];
      child.output_link = outputs[child.fail].empty() ? suffix.output_link : child.fail;
      queue.push_back(edge.target);
    }
  }
  for (std::size_t state = 0; state < states_.size(); ++state) {
    std::sort(outputs[state].begin(), outputs[state].end());
    states_[state].output_begin = static_cast<std::uint32_t>(outputs_.size());
    outputs_.insert(outputs_.end(), outputs[state].begin(), outputs[state].end());
    states_[state].output_end = static_cast<std::uint32_t>(outputs_.size());
  }
}

std::uint32_t Matcher::AstralSymbolOf(char32_t code) const {
  const auto it = std::lower_bound(astral_symbols_.begin(), astral_symbols_.end(),
                                   std::pair(code, std::uint32_t{0}));
  return it != astral_symbols_.end() && it->first == code ? it->second : 0;
}

std::uint32_t Matcher::Child(const State& state, std::uint32_t symbol) const {
  const auto first = edges_.begin() + state.edges_begin;
  const auto last = edges_.begin() + state.edges_end;
  const auto it = std::lower_bound(first, last, symbol, [](const Edge& edge, std::uint32_t wanted) {
    return edge.symbol < wanted;
  });
  return it != last && it->symbol == symbol ? it->target : kNone;
}

std::uint32_t Matcher::Step(std::uint32_t state, std::uint32_t symbol) const {
  while (state != 0) {
    const std::uint32_t child = Child(states_[state], symbol);
    if (child != kNone) return child;
    state = states_[state].fail;
  }
  return root_[symbol];
}

void Matcher::NoteBegins(const std::vector<std::pair<std::u32string, std::uint32_t>>& patterns) {
  begins_.assign((1U << kBeginBits) / 64, 0);
  singles_.assign(root_.size(), 0);
  for (const auto& [pattern, value] : patterns) {
    const std::uint32_t first = SymbolOf(pattern[0]);
    if (pattern.size() == 1) {
      singles_[first] = 1;
      continue;
    }
    const std::uint32_t bit = BeginBit(first, SymbolOf(pattern[1]));
    begins_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
}

void Matcher::FindAll(const std::vector<Unit>& text, std::vector<Match>* matches) const {
  if (bmp_symbols_.empty()) return;
  std::uint32_t state = 0;
  std::uint32_t next = text.empty() ? 0 : SymbolOf(text[0].code);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint32_t symbol = next;
    next = i + 1 < text.size() ? SymbolOf(text[i + 1].code) : 0;
    if (state == 0) {
      if (symbol == 0 || !(MayBegin(symbol, next) || singles_[symbol] != 0)) continue;
      state = root_[symbol];
    } else {
      state = symbol == 0 ? 0 : Step(state, symbol);
    }
    if (state == 0) continue;
    const std::uint32_t end = static_cast<std::uint32_t>(i) + 1;
    for (std::uint32_t at = state; at != kNone; at = states_[at].output_link) {
      const State& found = states_[at];
      for (std::uint32_t k = found.output_begin; k < found.output_end; ++k) {
        matches->push_back(Match{.value = outputs_[k], .begin = end - found.depth, .end = end});
      }
    }
  }
}

std::size_t Matcher::memory_bytes() const {
  return bmp_symbols_.size() * sizeof(bmp_symbols_[0]) +
         astral_symbols_.size() * sizeof(astral_symbols_[0]) + root_.size() * sizeof(root_[0]) +
         edges_.size() * sizeof(Edge) + states_.size() * sizeof(State) +
         outputs_.size() * sizeof(outputs_[0]) + begins_.size() * sizeof(begins_[0]);
}

}  // namespace hallwarden::text
