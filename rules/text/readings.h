// The readings of a text: the plain one of fold.h, and those that undo one kind of disguise more.
//
// They form one chain, each starting from the one before it that changed something, so that
// disguises that were combined are undone together. Two of them (kLookalike and kEmoji) are side
// branches: what they take for letters or words may just as well be an ornament to the others.
//
//   plain - unescaped -+- stripped - stripped look-alike - joined - variant - filled - reversed
//                      +- look-alike                                  \- sound (see sound.h)
//                      +- emoji
#ifndef HALLWARDEN_RULES_TEXT_READINGS_H_
#define HALLWARDEN_RULES_TEXT_READINGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/text/fold.h"

namespace hallwarden::text {

// In the order they are tried, from the plainest.
enum class Reading : std::uint8_t {
  kPlain = 0,              // Fold() itself
  kUnescaped = 1,          // %E5%82%BB, &#20667; &amp; \u50bb as what they stand for
  kLookalike = 2,          // Cyrillic, Greek, small capitals, signs and digits inside Latin words
  kEmoji = 3,              // emoji as the words they stand for, then stripped
  kStripped = 4,           // separators between characters out, repeated characters once
  kStrippedLookalike = 5,  // look-alikes in what was stripped
  kJoined = 6,             // parts of a character side by side as the character
  kVariant = 7,            // Han characters drawn like others, Martian writing
  kFilled = 8,             // single letters and digits between Han characters out
  kReversed = 9,           // from the back
  kSound = 10,             // by sound: homophones, pinyin, zhuyin; units are syllables, see sound.h
};
inline constexpr std::size_t kReadingCount = 11;

// "plain", "look-alike", "stripped", ...
[[nodiscard]] std::string_view ReadingName(Reading reading);

// True if separators are out and repeated characters stand once in it.
[[nodiscard]] bool IsStripped(Reading reading);

// All readings of one text, made on demand. Not thread-safe. Each reading costs time linear in the
// text and is made only if a cheap test says that it may differ from what it starts from.
class ReadingChain {
 public:
  explicit ReadingChain(std::string_view utf8);

  [[nodiscard]] const Folded& plain() const { return *folded_[0]; }

  // The last reading so far that changed something, without the side branches.
  [[nodiscard]] const Folded& base() const { return *base_; }

  // The text under `reading`, or null if it is the same as under the reading it starts from, so
  // that no one looks at the same text twice. Must be called for all
  // readings in their order; kReversed may be left out.
  const Folded* Next(Reading reading);

 private:
  std::string_view utf8_;
  std::array<std::optional<Folded>, kReadingCount> folded_;
  const Folded* base_ = nullptr;   // the last one of the chain that changed something
  const Folded* words_ = nullptr;  // plain or unescaped: separators are still there
  const Folded* sound_ = nullptr;  // what the sound reading starts from
};

// The single steps, for ReadingChain and for tests: nothing if the reading changes nothing.
[[nodiscard]] std::optional<Folded> ReadEscapes(const Folded& parent);
[[nodiscard]] std::optional<Folded> ReadLookalikes(const Folded& parent);
[[nodiscard]] std::optional<Folded> ReadEmoji(const Folded& parent);
[[nodiscard]] std::optional<Folded> Strip(const Folded& parent);
[[nodiscard]] std::optional<Folded> JoinParts(const Folded& parent);
[[nodiscard]] std::optional<Folded> ReadVariants(const Folded& parent);
[[nodiscard]] std::optional<Folded> TakeFillersOut(const Folded& parent);
[[nodiscard]] std::optional<Folded> Reverse(const Folded& parent);

// Cheap tests: false if the step certainly changes nothing.
[[nodiscard]] bool MayHoldLookalikes(const Folded& parent);
[[nodiscard]] bool MayHoldSeparators(const Folded& parent);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_READINGS_H_
