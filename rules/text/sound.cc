#include "rules/text/sound.h"

#include <algorithm>
#include <array>
#include <map>

#include "rules/text/data.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr std::size_t kRunMax = 64;  // letters of a run that are looked at together

// Spellings that sloppy typing does not tell apart become one.
std::string Merged(std::string spelling) {
  for (const std::string_view initial : {"zh", "ch", "sh"}) {
    if (spelling.starts_with(initial)) spelling.erase(1, 1);
  }
  if (spelling.starts_with("n") && spelling.size() > 1) spelling[0] = 'l';
  for (const std::string_view final : {"ing", "eng", "ang"}) {
    if (spelling.ends_with(final)) spelling.pop_back();
  }
  return spelling;
}

bool IsBopomofo(char32_t code) {
  return code >= 0x3105 && code <= 0x3129;
}

// Zhuyin letters in Unicode order from U+3105, as what they stand for in pinyin.
constexpr std::array<std::string_view, 37> kBopomofo = {
    "b",  "p",  "m",  "f",  "d",  "t",   "n",   "l",  "g", "k", "h", "j", "q",
    "x",  "zh", "ch", "sh", "r",  "z",   "c",   "s",  "a", "o", "e", "e", "ai",
    "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "i", "u", "v"};

bool IsMedial(std::string_view part) {
  return part == "i" || part == "u" || part == "v";
}
bool IsConsonant(std::string_view part) {
  return part.find_first_of("aeiouv") == std::string_view::npos;
}

// Initial, medial and final of one zhuyin syllable in pinyin spelling.
std::string SpellZhuyin(std::string_view initial, std::string_view medial, std::string_view final) {
  std::string rest(medial);
  if (!medial.empty() && final == "en") {
    rest += "n";
  } else if (medial == "i" && final == "eng") {
    rest = "ing";
  } else if (medial == "u" && final == "eng") {
    rest = initial.empty() ? "ueng" : "ong";
  } else if (medial == "v" && final == "eng") {
    rest = "iong";
  } else {
    rest += final;
  }
  if (!initial.empty()) {
    if (rest.empty()) rest = "i";
    const bool palatal = initial == "j" || initial == "q" || initial == "x";
    if (palatal && rest[0] == 'v') rest[0] = 'u';
    if (rest == "iou") rest = "iu";
    if (rest == "uei") rest = "ui";
    return std::string(initial) + rest;
  }
  if (medial == "i")
    return rest == "i" || rest == "in" || rest == "ing" ? "y" + rest : "y" + rest.substr(1);
  if (medial == "u") {
    if (rest == "u") return "wu";
    return rest == "un" ? "wen" : "w" + rest.substr(1);
  }
  if (medial == "v") return rest == "iong" ? "yong" : "yu" + rest.substr(1);
  return rest;
}

}  // namespace

const SoundTable& SoundTable::Get() {
  static const SoundTable* const kTable = new SoundTable();  // never destroyed: used by statics
  return *kTable;
}

SoundTable::SoundTable()
    : syllables_(kLast - kFirst + 1),
      exact_(kLast - kFirst + 1),
      common_(kLast - kFirst + 1),
      initials_(kLast - kFirst + 1) {
  std::string_view text = SoundsText();
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (!line.empty() && line[0] != '#') Read(line);
  }
  std::sort(spellings_.begin(), spellings_.end());
  slots_.resize(kSlots);
  for (const auto& [letters, syllable] : spellings_) {
    const std::uint32_t key = KeyOf(letters);
    std::uint32_t slot = SlotOf(key);
    while (slots_[slot].first != 0) {
      slot = (slot + 1) % kSlots;
    }
    slots_[slot] = {key, syllable};
  }
}

char32_t SoundTable::Number(const std::string& spelling) {
  const std::string merged = Merged(spelling);
  const auto it = std::find(merged_.begin(), merged_.end(), merged);
  const auto number = static_cast<char32_t>(it - merged_.begin());
  if (it == merged_.end()) merged_.push_back(merged);
  return kSyllableBase + number;
}

void SoundTable::Read(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  const std::string spelling(line.substr(0, first));
  const char32_t syllable = Number(spelling);
  ++lines_;
  // One letter would be everywhere, and few write it for a word.
  if (spelling.size() > 1) {
    spellings_.emplace_back(std::u32string(spelling.begin(), spelling.end()), syllable);
  }
  const auto mark = [&](std::string_view characters, bool common) {
    for (const char32_t code : DecodeUtf8(characters)) {
      if (code < kFirst || code > kLast) continue;
      syllables_[code - kFirst] = static_cast<std::uint16_t>(syllable);
      common_[code - kFirst] = common;
      exact_[code - kFirst] = lines_;
      initials_[code - kFirst] = spelling[0];
    }
  };
  mark(line.substr(first + 1, second - first - 1), true);
  mark(line.substr(second + 1), false);
}

char32_t SoundTable::Spelled(std::u32string_view letters) const {
  const std::uint32_t key = KeyOf(letters);
  for (std::uint32_t slot = SlotOf(key);; slot = (slot + 1) % kSlots) {
    if (slots_[slot].first == key) return slots_[slot].second;
    if (slots_[slot].first == 0) return 0;
  }
}

// Five bits a letter; 0 for what is no letter, which spells nothing.
std::uint32_t SoundTable::KeyOf(std::u32string_view letters) {
  std::uint32_t key = 0;
  for (const char32_t letter : letters) {
    if (!IsLatin(letter)) return 0xffffffffU;
    key = key << 5U | (letter - U'a' + 1);
  }
  return key;
}

std::vector<std::u32string> SoundTable::SpellingsOf(char32_t syllable) const {
  std::vector<std::u32string> found;
  for (const auto& [letters, code] : spellings_) {
    if (code == syllable) found.push_back(letters);
  }
  if (found.empty()) found.emplace_back(1, syllable);
  return found;
}

std::string_view SoundTable::Spelling(char32_t syllable) const {
  const std::size_t number = syllable - kSyllableBase;
  return syllable >= kSyllableBase && number < merged_.size() ? std::string_view(merged_[number])
                                                              : std::string_view();
}

namespace {

class SoundReader {
 public:
  explicit SoundReader(const Folded& parent) : table_(SoundTable::Get()), from_(parent.units) {
    read_.text.notes = parent.notes;
    read_.text.bytes_read = parent.bytes_read;
    read_.text.units.reserve(from_.size());
    read_.sources.reserve(from_.size());
    read_.written.reserve(from_.size());
  }

  SoundText Run() {
    std::size_t i = 0;
    while (i < from_.size()) {
      const char32_t code = from_[i].code;
      if (IsLatin(code)) {
        i = ReadRun(i);
      } else if (IsBopomofo(code)) {
        i = ReadZhuyin(i);
      } else {
        ReadOne(i);
        ++i;
      }
    }
    return std::move(read_);
  }

 private:
  void Add(char32_t code, std::size_t begin, std::size_t end, SoundSource source,
           char32_t written) {
    Unit unit = from_[begin];
    for (std::size_t i = begin; i < end; ++i) {
      unit.begin = std::min(unit.begin, from_[i].begin);
      unit.end = std::max(unit.end, from_[i].end);
      unit.changes |= from_[i].changes;
    }
    unit.code = code;
    unit.repeat = 1;
    if (source != SoundSource::kHan && source != SoundSource::kOther) {
      unit.changes |= kChangeSound;
      if (source != SoundSource::kPartial) read_.has_pinyin = true;
    }
    read_.text.units.push_back(unit);
    read_.sources.push_back(source);
    read_.written.push_back(written);
  }

  void ReadOne(std::size_t i) {
    const char32_t code = from_[i].code;
    if (const char32_t syllable = table_.Of(code); syllable != 0) {
      Add(syllable, i, i + 1, SoundSource::kHan, code);
    } else if (!IsSeparator(code)) {
      Add(code, i, i + 1, SoundSource::kOther, 0);
    }
  }

  // One run of letters, cut into syllables so that the fewest letters are left over.
  std::size_t ReadRun(std::size_t begin) {
    std::size_t end = begin;
    while (end < from_.size() && end < begin + kRunMax && IsLatin(from_[end].code)) {
      ++end;
    }
    const std::size_t size = end - begin;
    std::array<std::uint8_t, kRunMax + 1> cost = {};  // letters left over from here on
    std::array<std::uint8_t, kRunMax + 1> step = {};  // size of the syllable here, 0: a letter
    std::u32string letters;
    for (std::size_t i = begin; i < end; ++i) {
      letters.push_back(from_[i].code);
    }
    for (std::size_t i = size; i-- > 0;) {
      cost[i] = static_cast<std::uint8_t>(cost[i + 1] + 1);
      for (std::size_t length = 2; length <= SoundTable::kLettersMax && i + length <= size;
           ++length) {
        if (cost[i + length] > cost[i]) continue;
        if (cost[i + length] == cost[i] && step[i] == 0) continue;
        if (table_.Spelled(std::u32string_view(letters).substr(i, length)) == 0) continue;
        cost[i] = cost[i + length];
        step[i] = static_cast<std::uint8_t>(length);
      }
    }
    const SoundSource source = cost[0] == 0 ? SoundSource::kPinyin : SoundSource::kPartial;
    std::size_t i = 0;
    while (i < size) {
      if (step[i] == 0) {
        Add(letters[i], begin + i, begin + i + 1, SoundSource::kOther, 0);
        ++i;
      } else {
        Add(table_.Spelled(std::u32string_view(letters).substr(i, step[i])), begin + i,
            begin + i + step[i], source, 0);
        i += step[i];
      }
    }
    return SkipTone(end, size > 0 && step[0] != 0 && source == SoundSource::kPinyin);
  }

  // A tone written as a digit behind a syllable.
  std::size_t SkipTone(std::size_t at, bool after_syllable) const {
    if (!after_syllable || at + 1 >= from_.size()) return at;
    const char32_t code = from_[at].code;
    return code >= U'1' && code <= U'4' && !IsDigit(from_[at + 1].code) ? at + 1 : at;
  }

  std::size_t ReadZhuyin(std::size_t begin) {
    std::string_view parts[3];  // initial, medial, final
    std::size_t stage = 0;
    std::size_t i = begin;
    while (i < from_.size() && IsBopomofo(from_[i].code)) {
      const std::string_view part = kBopomofo[from_[i].code - 0x3105];
      const std::size_t kind = IsMedial(part) ? 1 : IsConsonant(part) ? 0 : 2;
      if (kind < stage || !parts[kind].empty()) break;
      parts[kind] = part;
      stage = kind;
      ++i;
    }
    const std::string spelling = SpellZhuyin(parts[0], parts[1], parts[2]);
    const std::u32string letters(spelling.begin(), spelling.end());
    const char32_t syllable = table_.Spelled(letters);
    if (syllable != 0) {
      Add(syllable, begin, i, SoundSource::kZhuyin, 0);
    } else {
      Add(from_[begin].code, begin, begin + 1, SoundSource::kOther, 0);
      i = begin + 1;
    }
    return i;
  }

  const SoundTable& table_;
  const std::vector<Unit>& from_;
  SoundText read_;
};

}  // namespace

SoundText ReadSounds(const Folded& parent) {
  return SoundReader(parent).Run();
}

std::u32string SoundOf(std::u32string_view pattern) {
  const SoundTable& table = SoundTable::Get();
  std::u32string sounds;
  for (const char32_t code : pattern) {
    const char32_t syllable = table.Of(code);
    if (syllable != 0) {
      sounds.push_back(syllable);
    } else if (!IsSeparator(code)) {
      sounds.push_back(code);
    }
  }
  return sounds;
}

std::u32string InitialsOf(std::u32string_view pattern) {
  const SoundTable& table = SoundTable::Get();
  std::u32string initials;
  for (const char32_t code : pattern) {
    const char initial = table.InitialOf(code);
    if (initial == 0) return {};
    initials.push_back(static_cast<unsigned char>(initial));
  }
  return initials;
}

}  // namespace hallwarden::text
