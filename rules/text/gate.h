// The cheap path: most lines hold nothing that any reading could turn into a hit, and one pass over
// their bytes shows it. Private to rules/text. Immutable and thread-safe after construction.
#ifndef HALLWARDEN_RULES_TEXT_GATE_H_
#define HALLWARDEN_RULES_TEXT_GATE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/text/patterns.h"

namespace hallwarden::text {

class Gate {
 public:
  // `patterns` must outlive the gate.
  explicit Gate(const PatternSet& patterns);

  // True if no reading of `text` has a hit of any severity. False means nothing: the text must be
  // read. Lines of Han characters and ordinary punctuation are mostly cleared, others never.
  [[nodiscard]] bool Clears(std::string_view text) const;

 private:
  void AddEntry(std::uint32_t id);
  [[nodiscard]] bool MayHoldRule(std::uint64_t classes) const;

  const PatternSet& patterns_;
  std::vector<std::uint8_t> ok_;  // by code below kCodes: what it is to the gate
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_GATE_H_
