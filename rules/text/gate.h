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
  // What the gate wants to know of a character, in one place of memory.
  struct Code {
    std::uint32_t symbol = 0;  // of the matcher
    std::uint16_t code = 0;    // as it is folded
    std::uint16_t sound = 0;   // its syllable, 0 if it has none
  };
  static_assert(sizeof(Code) == 8);

  void StopAtSignsOf(const LexiconEntry& entry);
  void FillCodes();
  // Whether an entry sounds like a part of `text`, which Clears() has read already.
  [[nodiscard]] bool HoldsSound(std::string_view text) const;
  [[nodiscard]] bool MayHoldRule(std::uint64_t classes) const;

  const PatternSet& patterns_;
  std::vector<std::uint8_t> kinds_;  // by folded code below kCodes: what it is to the gate
  std::vector<Code> codes_;          // by code as it is written
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_GATE_H_
