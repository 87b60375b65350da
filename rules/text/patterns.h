// A lexicon made ready for searching: the forms in which each entry is looked for, in the matchers
// of letters and of sounds. Private to rules/text. Immutable and thread-safe after construction.
#ifndef HALLWARDEN_RULES_TEXT_PATTERNS_H_
#define HALLWARDEN_RULES_TEXT_PATTERNS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/text/bit_set.h"
#include "rules/text/lexicon.h"
#include "rules/text/matcher.h"
#include "rules/text/sound.h"

namespace hallwarden::text {

// One way an entry is looked for. The stripped readings have every repeated character once, so
// their patterns do too, and `repeats` tells how often each must have stood there at least.
struct Form {
  std::uint32_t entry = 0;
  bool plain = false;                  // for readings in which separators and repeats still stand
  bool stripped = false;               // for the others
  bool variant = false;                // one character is drawn like the one of the entry
  std::vector<std::uint16_t> repeats;  // empty: once each
};

// True if an entry is also looked for from the back in a text without direction controls.
[[nodiscard]] inline bool StrongBackwards(const LexiconEntry& entry) {
  return entry.severity == Severity::kPlain || (entry.flags & kFlagSound) != 0;
}

class PatternSet {
 public:
  explicit PatternSet(const Lexicon& lexicon);

  [[nodiscard]] const Lexicon& lexicon() const { return lexicon_; }
  [[nodiscard]] const LexiconEntry& EntryOf(const Form& form) const {
    return lexicon_.entries()[form.entry];
  }
  [[nodiscard]] const std::vector<Form>& forms() const { return forms_; }
  [[nodiscard]] const Matcher& letters() const { return letters_; }

  // The matcher of syllables; its values are entries, written as SoundPattern() tells.
  [[nodiscard]] const Matcher& sounds() const { return sounds_; }
  [[nodiscard]] const std::u32string& SoundPattern(std::uint32_t entry) const {
    return sound_patterns_[entry];
  }
  // Cheap tests: false if no entry sounds like anything in `parent`, or like these syllables and
  // the two before them in a text without letters.
  [[nodiscard]] bool MayHoldSounds(const Folded& parent) const;
  [[nodiscard]] bool MayEndSound(char32_t before, char32_t last, char32_t syllable) const {
    return sound_pairs_.Has(last, syllable) || sound_triples_.Has(before, last, syllable);
  }
  // False if no entry that is also read from the back begins with these three.
  [[nodiscard]] bool MayBeginBackwards(char32_t first, char32_t second, char32_t third) const {
    return backward_triples_.Has(first, second, third) || backward_pairs_.Has(first, second);
  }

  // The first of the entries whose pinyin initials make up `word`: one of 4 letters or more, or two
  // of 3 or more, without vowels. -1 if there is none.
  [[nodiscard]] std::int64_t EntryOfInitials(const std::u32string& word) const;

 private:
  [[nodiscard]] std::int64_t Initials(std::u32string_view word) const;
  void AddForms(std::uint32_t id, Matcher::Builder* builder);
  void AddForm(std::u32string_view pattern, Form form, Matcher::Builder* builder);
  void AddVariants(std::uint32_t id, const std::u32string& pattern, Matcher::Builder* builder);
  void AddSound(std::uint32_t id, Matcher::Builder* builder);
  void AddSpellings(const std::u32string& sound);
  [[nodiscard]] bool MayHoldPinyin(const Folded& parent) const;

  const Lexicon& lexicon_;
  std::size_t by_sound_ = 0;  // entries that are looked for by sound
  std::vector<Form> forms_;
  Matcher letters_;
  std::vector<std::u32string> sound_patterns_;  // by entry; empty if not by sound
  std::vector<std::pair<std::u32string, std::uint32_t>> initials_;  // sorted
  BitSet sound_pairs_{16};       // of entries of two syllables that are heard in characters alone
  BitSet sound_triples_{18};     // the first three syllables of longer ones
  BitSet sound_letters_{18};     // four letters that the pinyin of an entry begins with
  BitSet backward_pairs_{16};    // of entries that announce a number
  BitSet backward_triples_{18};  // the first three characters of other entries
  Matcher sounds_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_PATTERNS_H_
