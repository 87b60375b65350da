#include "rules/text/patterns.h"

#include <algorithm>

#include "rules/text/reading_tables.h"
#include "rules/text/readings.h"

namespace hallwarden::text {
namespace {

// In a list with more entries by sound than these none is written out with look-alikes: an imported
// list would need millions of forms.
constexpr std::size_t kVariantEntriesMax = 10'000;
constexpr std::size_t kInitialsMin = 3;       // of an entry
constexpr std::size_t kInitialsAloneMin = 4;  // of an entry that is the whole word
constexpr std::size_t kInitialsMax = 16;
constexpr std::u32string_view kVowels = U"aeiou";
std::size_t HanCount(std::u32string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), IsHan));
}

// Plain patterns of Han characters by default. Notes and what is only exact never.
bool BySound(const LexiconEntry& entry) {
  if (entry.kind != EntryKind::kDeny && entry.kind != EntryKind::kMark) return false;
  if ((entry.flags & (kFlagNoSound | kFlagExact | kFlagLink)) != 0) return false;
  const std::size_t han = HanCount(entry.folded);
  if (han == 0 || entry.folded.size() < 2) return false;
  if ((entry.flags & kFlagSound) != 0) return true;
  return entry.kind == EntryKind::kDeny && entry.severity == Severity::kPlain && han >= 2;
}

}  // namespace

PatternSet::PatternSet(const Lexicon& lexicon) : lexicon_(lexicon) {
  const auto& entries = lexicon.entries();
  by_sound_ = static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), BySound));
  sound_patterns_.resize(entries.size());
  Matcher::Builder letters;
  Matcher::Builder sounds;
  for (std::uint32_t id = 0; id < entries.size(); ++id) {
    AddForms(id, &letters);
    if (BySound(entries[id])) AddSound(id, &sounds);
  }
  std::sort(initials_.begin(), initials_.end());
  letters_ = std::move(letters).Build();
  sounds_ = std::move(sounds).Build();
}

void PatternSet::AddForms(std::uint32_t id, Matcher::Builder* builder) {
  const LexiconEntry& entry = lexicon_.entries()[id];
  const bool exact = (entry.flags & kFlagExact) != 0 || entry.kind == EntryKind::kWord;
  Folded plain;
  for (const char32_t code : entry.folded) {
    plain.units.push_back(Unit{.code = code});
  }
  const std::optional<Folded> stripped = MayHoldSeparators(plain) ? Strip(plain) : std::nullopt;
  Form form;
  form.entry = id;
  form.plain = true;
  form.stripped = !exact && !stripped.has_value();
  AddForm(entry.folded, form, builder);
  if (BySound(entry) && by_sound_ <= kVariantEntriesMax) AddVariants(id, entry.folded, builder);
  if (exact || !stripped.has_value()) return;
  form.plain = false;
  form.stripped = true;
  for (const Unit& unit : stripped->units) {
    form.repeats.push_back(unit.repeat);
  }
  AddForm(stripped->ToCodes(), std::move(form), builder);
}

void PatternSet::AddForm(std::u32string_view pattern, Form form, Matcher::Builder* builder) {
  builder->Add(pattern, static_cast<std::uint32_t>(forms_.size()));
  const LexiconEntry& entry = lexicon_.entries()[form.entry];
  const bool announces = (entry.flags & (kFlagId | kFlagNumber)) != 0;
  const bool backwards = form.stripped && !form.variant &&
                         (entry.kind == EntryKind::kDeny || entry.kind == EntryKind::kMark) &&
                         (announces || StrongBackwards(entry));
  if (backwards && pattern.size() >= 3) {
    backward_triples_.Add(pattern[0], pattern[1], pattern[2]);
  } else if (backwards && pattern.size() == 2) {
    backward_pairs_.Add(pattern[0], pattern[1]);
  }
  forms_.push_back(std::move(form));
}

// The pattern with one character replaced by one that is drawn like it. Words of two characters are
// too short for any but the nearest.
void PatternSet::AddVariants(std::uint32_t id, const std::u32string& pattern,
                             Matcher::Builder* builder) {
  const ReadingTables& tables = ReadingTables::Get();
  const bool announces = (lexicon_.entries()[id].flags & (kFlagId | kFlagNumber)) != 0;
  const Form form{.entry = id, .plain = true, .stripped = true, .variant = true, .repeats = {}};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char32_t nearest = tables.NearestVariant(pattern[i]);
    const std::u32string_view variants = pattern.size() > 2 || announces
                                             ? tables.CommonVariants(pattern[i])
                                             : std::u32string_view(&nearest, nearest == 0 ? 0 : 1);
    for (const char32_t variant : variants) {
      std::u32string written = pattern;
      written[i] = variant;
      AddForm(written, form, builder);
    }
  }
}

void PatternSet::AddSound(std::uint32_t id, Matcher::Builder* builder) {
  const LexiconEntry& entry = lexicon_.entries()[id];
  std::u32string pattern;
  for (const char32_t code : entry.folded) {
    if (!IsSeparator(code)) pattern.push_back(code);
  }
  const std::u32string sound = SoundOf(pattern);
  if (sound.size() < 2 || sound.size() != pattern.size()) return;
  builder->Add(sound, id);
  const bool heard = (entry.flags & (kFlagSound | kFlagId | kFlagNumber)) != 0;
  if (sound.size() > 2) {
    sound_triples_.Add(sound[0], sound[1], sound[2]);
  } else if (heard) {
    sound_pairs_.Add(sound[0], sound[1]);
  }
  AddSpellings(sound);
  const std::u32string initials = InitialsOf(pattern);
  if (entry.kind == EntryKind::kDeny && initials.size() >= kInitialsMin &&
      initials.find_first_of(kVowels) == std::u32string::npos) {
    initials_.emplace_back(initials, id);
  }
  sound_patterns_[id] = std::move(pattern);
}

// Four letters that a text in pinyin has where the entry begins, for every way to spell its first
// syllables. With a character for one of the two, the letters of the other are enough.
void PatternSet::AddSpellings(const std::u32string& sound) {
  const SoundTable& table = SoundTable::Get();
  std::vector<std::u32string> written = {U""};
  for (std::size_t i = 0; i < sound.size() && i < 3; ++i) {
    std::vector<std::u32string> longer;
    for (const std::u32string& before : written) {
      if (before.size() >= 4) {
        longer.push_back(before);
        continue;
      }
      for (const std::u32string& syllable : table.SpellingsOf(sound[i])) {
        longer.push_back(before + syllable);
      }
    }
    written = std::move(longer);
  }
  for (const std::u32string& letters : written) {
    if (letters.size() < 4) continue;
    sound_letters_.Add((letters[0] << 8U) + letters[1], (letters[2] << 8U) + letters[3]);
  }
}

// Letters beside a character, or four letters that an entry begins with.
bool PatternSet::MayHoldPinyin(const Folded& parent) const {
  char32_t letters[4] = {};
  std::size_t run = 0;  // letters since the last character; separators do not end it
  bool after_han = false;
  bool adjacent = false;  // in the same run of letters
  for (const Unit& unit : parent.units) {
    if (IsLatin(unit.code)) {
      if (after_han && run >= 1 && adjacent) return true;  // two letters behind a character
      letters[run % 4] = unit.code;
      ++run;
      adjacent = true;
      if (run >= 4 && sound_letters_.Has((letters[run % 4] << 8U) + letters[(run + 1) % 4],
                                         (letters[(run + 2) % 4] << 8U) + letters[(run + 3) % 4])) {
        return true;
      }
    } else if (IsHan(unit.code)) {
      if (run >= 2) return true;  // letters before a character
      run = 0;
      after_han = true;
      adjacent = false;
    } else {
      adjacent = false;
      if (!IsSeparator(unit.code) && !IsDigit(unit.code)) run = 0;
    }
  }
  return false;
}

bool PatternSet::MayHoldSounds(const Folded& parent) const {
  const SoundTable& table = SoundTable::Get();
  char32_t last = 0;
  char32_t before = 0;
  bool latin = false;
  for (const Unit& unit : parent.units) {
    latin = latin || IsLatin(unit.code);
    if (unit.code >= 0x3105 && unit.code <= 0x3129) return true;
    const char32_t syllable = table.Of(unit.code);
    if (syllable == 0) continue;
    if (MayEndSound(before, last, syllable)) return true;
    before = last;
    last = syllable;
  }
  return latin && MayHoldPinyin(parent);
}

std::int64_t PatternSet::Initials(std::u32string_view word) const {
  const auto it = std::lower_bound(
      initials_.begin(), initials_.end(), word,
      [](const auto& row, std::u32string_view wanted) { return row.first < wanted; });
  return it != initials_.end() && it->first == word ? std::int64_t{it->second} : -1;
}

std::int64_t PatternSet::EntryOfInitials(const std::u32string& word) const {
  if (word.size() < kInitialsAloneMin || word.size() > kInitialsMax) return -1;
  if (word.find_first_of(kVowels) != std::u32string::npos) return -1;
  if (const std::int64_t whole = Initials(word); whole >= 0) return whole;
  const std::u32string_view view = word;
  for (std::size_t cut = kInitialsMin; cut + kInitialsMin <= view.size(); ++cut) {
    const std::int64_t first = Initials(view.substr(0, cut));
    if (first >= 0 && Initials(view.substr(cut)) >= 0) return first;
  }
  return -1;
}

}  // namespace hallwarden::text
