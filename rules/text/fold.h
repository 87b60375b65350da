// How a line of player text is read before any list is asked: one pass that undoes what changes the
// bytes but not what a person sees, with a way back to the original bytes of every folded unit.
//
// Everything here is pure and thread-safe. The results depend on the tables in `data/` and on the
// Unicode version of the linked ICU (see UnicodeVersion); a change of either is a change of engine
// version. Time and memory are linear in min(size, kFoldBytesMax).
#ifndef HALLWARDEN_RULES_TEXT_FOLD_H_
#define HALLWARDEN_RULES_TEXT_FOLD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden::text {

// Caps, applied while decoding and so before anything else. What exceeds them is not read, and the
// result says `truncated`.
inline constexpr std::size_t kFoldBytesMax = 2048;
inline constexpr std::size_t kFoldCodePointsMax = 512;
// Folded units; one code point may become up to 18 (U+FDFA), so a few more than this can be met.
inline constexpr std::size_t kFoldUnitsMax = 1024;
// Combining marks in a row; further ones are cut (text with more is drawn over its neighbours).
inline constexpr std::size_t kFoldMarkRunMax = 30;

// What one folded unit underwent, a set of bits. Case and width are how honest people type and
// traditional is how honest people write, so those three are no disguise; the others are.
enum Change : std::uint32_t {
  kChangeNone = 0,
  kChangeCase = 1U << 0U,         // A -> a
  kChangeWidth = 1U << 1U,        // full-width or half-width form
  kChangeTraditional = 1U << 2U,  // traditional or variant Han -> simplified
  kChangeStyle = 1U << 3U,        // circled, mathematical, squared ... letters; compatibility Han
  kChangeDigit = 1U << 4U,        // a digit of another style or script -> 0-9
  kChangeMark = 1U << 5U,         // a diacritic or combining mark was taken off
  kChangeGap = 1U << 6U,          // an invisible or control character stood before this unit
  kChangeLookalike = 1U << 7U,    // a character of another script or a digit read as a letter
  kChangeJoined = 1U << 8U,       // separators that stood before this unit were taken out
  kChangeRepeat = 1U << 9U,       // stands for two or more equal units
  kChangeEscape = 1U << 10U,      // was written as %E5.., &#20667; or \\u50bb
  kChangeEmoji = 1U << 11U,       // an emoji read as the word it stands for
  kChangeSplit = 1U << 12U,       // parts of a character side by side, read as the character
  kChangeVariant = 1U << 13U,   // a Han character that is drawn like this one, or its Martian form
  kChangeFilled = 1U << 14U,    // a letter or digit that stood before this unit was taken out
  kChangeReversed = 1U << 15U,  // read from the back
  kChangeSound = 1U << 16U,     // read by its sound
};
inline constexpr std::uint32_t kChangesHonest = kChangeCase | kChangeWidth | kChangeTraditional;

// One folded code point and the bytes [begin, end) of the original it stands for. Units are in
// order: begins never decrease. Several units may share their bytes (one original character that
// folds to several).
struct Unit {
  char32_t code = 0;
  std::uint16_t begin = 0;
  std::uint16_t end = 0;
  std::uint32_t changes = kChangeNone;
  std::uint16_t repeat = 1;  // how many equal units in a row it stands for, at least 1
};

// What was met on the way. None of it is a violation by itself; a caller may well rule that a name
// with `bidi_control` or `blank` is not acceptable.
struct FoldNotes {
  bool truncated = false;     // a cap was met; the rest was not read
  bool invalid_utf8 = false;  // some bytes were no UTF-8; each became U+FFFD
  bool invisible = false;     // zero-width, filler, variation selector, tag, soft hyphen ...
  bool bidi_control = false;  // an override, embedding, isolate or direction mark
  bool control = false;       // C0 or C1 control, line or paragraph separator, private use
  bool mark = false;          // combining marks that no language puts there, or diacritics
  bool styled = false;        // letters or digits in decorative forms
  bool traditional = false;   // traditional or variant Han
  bool blank = true;          // nothing visible but spaces

  friend bool operator==(const FoldNotes&, const FoldNotes&) = default;
};

// A text under one reading.
struct Folded {
  std::vector<Unit> units;
  FoldNotes notes;
  std::size_t bytes_read = 0;  // of the original; less than its size if a cap was met

  // The folded text as UTF-8, for people and for tests.
  [[nodiscard]] std::string ToUtf8() const;
  [[nodiscard]] std::u32string ToCodes() const;
};

// The plain reading: bytes -> code points (an own decoder that never stops: each maximal invalid
// part is one U+FFFD), caps, invisible, control and decorative marks out, NFKC, case folding,
// digits of every style to 0-9, traditional to simplified. Spaces of every kind become U+0020.
// Never joins two visible characters that had a visible character or a space between them.
[[nodiscard]] Folded Fold(std::string_view utf8);

// True for what stands between words: spaces, punctuation, symbols, emoji. `code` is folded.
[[nodiscard]] bool IsSeparator(char32_t code);
// True for characters that are drawn as ornaments between others in nicknames though they are
// letters to Unicode (for example U+706C, U+4E36). Only the stripped reading takes them out.
[[nodiscard]] bool IsOrnament(char32_t code);
// True for Han ideographs, including the extensions.
[[nodiscard]] bool IsHan(char32_t code);
// True for a-z.
[[nodiscard]] bool IsLatin(char32_t code);
// True for 0-9.
[[nodiscard]] bool IsDigit(char32_t code);

// The Unicode version of the linked ICU, for example "15.0".
[[nodiscard]] std::string UnicodeVersion();

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_FOLD_H_
