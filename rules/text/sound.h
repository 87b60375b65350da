// How Chinese text sounds, without tones: homophones, pinyin and zhuyin become the same syllables.
// What sounds alike in sloppy typing is one: zh z, ch c, sh s, n l, -ing -in, -eng -en, -ang -an.
// Private to rules/text. Immutable and thread-safe after construction.
#ifndef HALLWARDEN_RULES_TEXT_SOUND_H_
#define HALLWARDEN_RULES_TEXT_SOUND_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/text/fold.h"

namespace hallwarden::text {

// A syllable as a code point of the private use area, so that a Matcher can look for it.
inline constexpr char32_t kSyllableBase = 0xe000;

class SoundTable {
 public:
  // Built at the first call, the same for ever.
  static const SoundTable& Get();

  // The syllable of a Han character as a code point, 0 if it has none.
  [[nodiscard]] char32_t Of(char32_t code) const {
    return code >= kFirst && code <= kLast ? syllables_[code - kFirst] : char32_t{0};
  }
  // True if two Han characters sound the same even to careful ears.
  [[nodiscard]] bool SameSpelling(char32_t a, char32_t b) const {
    return a >= kFirst && a <= kLast && b >= kFirst && b <= kLast &&
           exact_[a - kFirst] == exact_[b - kFirst];
  }
  // True for the Han characters of everyday writing.
  [[nodiscard]] bool IsCommon(char32_t code) const {
    return code >= kFirst && code <= kLast && common_[code - kFirst];
  }
  // The letter that the pinyin of a Han character begins with, 0 if it has none.
  [[nodiscard]] char InitialOf(char32_t code) const {
    return code >= kFirst && code <= kLast ? initials_[code - kFirst] : char{0};
  }
  // The syllable that exactly these letters spell, 0 if none.
  [[nodiscard]] char32_t Spelled(std::u32string_view letters) const;
  // One way to spell a syllable, for people.
  [[nodiscard]] std::string_view Spelling(char32_t syllable) const;

  // All ways to spell a syllable; the code itself if it is none.
  [[nodiscard]] std::vector<std::u32string> SpellingsOf(char32_t syllable) const;

  static constexpr std::size_t kLettersMax = 6;

 private:
  static constexpr char32_t kFirst = 0x4e00;
  static constexpr char32_t kLast = 0x9fff;

  SoundTable();
  static constexpr std::uint32_t kSlots = 2048;
  static std::uint32_t KeyOf(std::u32string_view letters);
  static std::uint32_t SlotOf(std::uint32_t key) { return key * 0x9e3779b1U >> 21U; }
  void Read(std::string_view line);
  char32_t Number(const std::string& spelling);

  std::vector<std::uint16_t> syllables_;
  std::vector<std::uint16_t> exact_;  // lines of the data file
  std::vector<bool> common_;
  std::uint16_t lines_ = 0;
  std::vector<char> initials_;
  std::vector<std::pair<std::u32string, char32_t>> spellings_;  // sorted
  std::vector<std::pair<std::uint32_t, char32_t>> slots_;       // the same, hashed by letters
  std::vector<std::string> merged_;                             // by number: the merged spelling
};

// Where a syllable came from.
enum class SoundSource : std::uint8_t {
  kHan = 0,      // a character: it may be the very one of a pattern, or a homophone
  kPinyin = 1,   // letters of a run that is nothing but pinyin
  kPartial = 2,  // letters of a run that is pinyin only in part
  kZhuyin = 3,
  kOther = 4,  // a letter, digit or character without sound
};

// A text as syllables. `sources` and `written` are parallel to `text.units`; `written` is the Han
// character a syllable was read from, 0 for others.
struct SoundText {
  Folded text;
  std::vector<SoundSource> sources;
  std::vector<char32_t> written;
  bool has_pinyin = false;  // whole words of letters, or zhuyin, were read as syllables
};

// Reads `parent` (separators are skipped). Linear in its size.
[[nodiscard]] SoundText ReadSounds(const Folded& parent);

// `pattern` as ReadSounds reads it when it is written in characters: Han to syllables, the rest
// as it is.
[[nodiscard]] std::u32string SoundOf(std::u32string_view pattern);

// The initials of the syllables of a pattern of Han characters as letters ("cnm"); empty if it
// holds anything else.
[[nodiscard]] std::u32string InitialsOf(std::u32string_view pattern);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_SOUND_H_
