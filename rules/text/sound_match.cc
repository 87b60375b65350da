#include "rules/text/sound_match.h"

#include <string_view>

namespace hallwarden::text {
namespace {

// Letters of a word of pinyin alone: fewer are words of other languages.
constexpr std::size_t kLettersMin = 5;

// Characters that say enough by themselves for a second one to be heard beside them.
constexpr std::u32string_view kTelling =
    U"\u50bb\u8d31\u903c\u5c4c\u5978\u6deb\u5ad6\u5993\u5a3c\u5a4a\u88f8\u808f\u5c44\u9a9a\u8d4c"
    U"\u64cd\u8279";

struct Counts {
  std::size_t same = 0;     // the very character
  std::size_t common = 0;   // another one of everyday writing
  std::size_t rare = 0;     // another one that is not
  std::size_t sloppy = 0;   // of common and rare: sounds alike only in sloppy typing
  std::size_t spelled = 0;  // pinyin or zhuyin
  std::size_t partial = 0;  // of those, in a run that is not all pinyin
  std::size_t letters = 0;  // bytes of what was spelled
  bool telling = false;     // one that is the same says enough
};

Counts Count(const SoundText& sound, const Matcher::Match& match, const std::u32string& pattern) {
  const SoundTable& table = SoundTable::Get();
  Counts counts;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::size_t at = match.begin + i;
    switch (sound.sources[at]) {
      case SoundSource::kHan:
        if (sound.written[at] == pattern[i]) {
          ++counts.same;
          if (kTelling.find(pattern[i]) != std::u32string_view::npos) counts.telling = true;
        } else {
          ++(table.IsCommon(sound.written[at]) ? counts.common : counts.rare);
          if (!table.SameSpelling(sound.written[at], pattern[i])) ++counts.sloppy;
        }
        break;
      case SoundSource::kOther:
        ++counts.same;
        break;
      case SoundSource::kPartial:
        ++counts.partial;
        [[fallthrough]];
      case SoundSource::kPinyin:
      case SoundSource::kZhuyin:
        ++counts.spelled;
        counts.letters += static_cast<std::size_t>(sound.text.units[at].end) -
                          static_cast<std::size_t>(sound.text.units[at].begin);
        break;
    }
  }
  return counts;
}

// Homophones only. Two characters are enough only if the entry asks to be heard; what announces a
// number or an account name is told by that.
bool HomophonesFit(const Counts& counts, std::size_t size, const LexiconEntry& entry) {
  const std::size_t other = counts.common + counts.rare;
  if (other == 0) return false;  // found by its characters
  if ((entry.flags & (kFlagId | kFlagNumber)) != 0) return counts.sloppy <= 1;
  if (size == 2) {
    if ((entry.flags & kFlagSound) == 0 || counts.sloppy > 0) return false;
    return (counts.same == 1 && counts.telling) || counts.rare >= 1;
  }
  if (size == 3) {
    const bool rude = entry.category == Category::kPorn || entry.category == Category::kInsult;
    if (counts.sloppy > (counts.rare >= 2 || (rude && counts.same == 2) ? 1U : 0U)) return false;
    return counts.common <= 1 || (counts.common == 2 && counts.rare == 1);
  }
  return counts.sloppy <= size / 3 || (counts.sloppy <= size / 2 && counts.rare >= 1);
}

// True if the unit before or behind belongs to the same run of pinyin.
bool Adjoins(const SoundText& sound, std::size_t left, std::size_t right) {
  const auto spelled = [&sound](std::size_t i) {
    return sound.sources[i] == SoundSource::kPinyin || sound.sources[i] == SoundSource::kPartial ||
           (sound.sources[i] == SoundSource::kOther && IsLatin(sound.text.units[i].code));
  };
  return spelled(left) && spelled(right) &&
         sound.text.units[left].end == sound.text.units[right].begin;
}

bool PinyinFits(const SoundText& sound, const Matcher::Match& match, const Counts& counts,
                std::size_t size) {
  if (counts.spelled < size) {
    // Mixed with characters.
    if (counts.common + counts.rare == 0) return counts.same >= 1;
    return size >= 3 && (counts.same >= 1 || counts.rare >= 1);
  }
  if (counts.letters < kLettersMin) return false;
  const bool open_left = match.begin > 0 && Adjoins(sound, match.begin - 1, match.begin);
  const bool open_right =
      match.end < sound.text.units.size() && Adjoins(sound, match.end - 1, match.end);
  if (size == 2) return counts.partial == 0 && !open_left && !open_right;
  return counts.partial == 0 || (!open_left && size >= 3);
}

}  // namespace

SoundMatch MatchSound(const SoundText& sound, const Matcher::Match& match,
                      const std::u32string& pattern, const LexiconEntry& entry) {
  SoundMatch how;
  if (match.end - match.begin != pattern.size()) return how;
  const Counts counts = Count(sound, match, pattern);
  how.fits = counts.spelled > 0 ? PinyinFits(sound, match, counts, pattern.size())
                                : HomophonesFit(counts, pattern.size(), entry);
  return how;
}

}  // namespace hallwarden::text
