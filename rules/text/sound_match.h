// Whether a match by sound is meant as the entry, or is the ordinary word that sounds so. Private
// to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_SOUND_MATCH_H_
#define HALLWARDEN_RULES_TEXT_SOUND_MATCH_H_

#include <string>

#include "rules/text/lexicon.h"
#include "rules/text/matcher.h"
#include "rules/text/sound.h"

namespace hallwarden::text {

struct SoundMatch {
  bool fits = false;
  Severity most = Severity::kReview;  // no hit of it is stronger
};

// `pattern` as it is written, one character for each unit of the match. What speaks for the entry:
// characters kept as they are, rare characters in the place of common ones (nobody writes them
// otherwise), length, letters of pinyin among characters, whole words of pinyin, a number
// or account name that the entry announces.
[[nodiscard]] SoundMatch MatchSound(const SoundText& sound, const Matcher::Match& match,
                                    const std::u32string& pattern, const LexiconEntry& entry);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_SOUND_MATCH_H_
