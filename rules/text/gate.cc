#include "rules/text/gate.h"

#include <algorithm>

#include "rules/text/contact.h"
#include "rules/text/fold_table.h"
#include "rules/text/reading_tables.h"
#include "rules/text/sound.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr char32_t kCodes = 0x10000;
constexpr std::size_t kTextBytesMax = 600;

enum Kind : std::uint8_t { kStop = 0, kKeep = 1, kSkip = 2, kDigit = 3 };

// Punctuation of ordinary writing; other signs may be part of a disguise.
constexpr std::u32string_view kPunctuation =
    U" .,!?:;~\u3002\u3001\u2026\u2014\u201c\u201d\u2018\u2019";

}  // namespace

Gate::Gate(const PatternSet& patterns) : patterns_(patterns), ok_(kCodes, kStop) {
  const FoldTable& table = FoldTable::Get();
  const ReadingTables& readings = ReadingTables::Get();
  for (char32_t code = 0x3400; code <= 0x9fff; ++code) {
    if (table.IsOrnament(code) || readings.RareVariant(code) != 0) continue;
    ok_[code] = MayBeDigit(code) ? kDigit : kKeep;
  }
  for (const char32_t code : kPunctuation) {
    ok_[code] = kSkip;
  }
  for (std::uint32_t id = 0; id < patterns.lexicon().entries().size(); ++id) {
    AddEntry(id);
  }
}

void Gate::AddEntry(std::uint32_t id) {
  const LexiconEntry& entry = patterns_.lexicon().entries()[id];
  // Signs of exact patterns are looked for where they stand.
  if ((entry.flags & kFlagExact) != 0 || entry.kind == EntryKind::kMark) {
    for (const char32_t code : entry.folded) {
      if (code < kCodes && ok_[code] == kSkip && code != U' ') ok_[code] = kStop;
    }
  }
}

bool Gate::MayHoldRule(std::uint64_t classes) const {
  const auto& rules = patterns_.lexicon().rules();
  return std::any_of(rules.begin(), rules.end(),
                     [classes](const LexiconRule& rule) { return (rule.needs & ~classes) == 0; });
}

bool Gate::Clears(std::string_view text) const {
  if (text.size() > kTextBytesMax) return false;
  const FoldTable& table = FoldTable::Get();
  const ReadingTables& readings = ReadingTables::Get();
  const SoundTable& sounds = SoundTable::Get();
  Matcher::Walk walk(patterns_.letters());
  std::uint64_t classes = 0;
  const auto denies = [this, &classes](std::uint32_t value) {
    const LexiconEntry& entry = patterns_.EntryOf(patterns_.forms()[value]);
    // What announces a number or account name needs one: here only digits in disguise could be.
    if ((entry.flags & (kFlagId | kFlagNumber)) != 0) return false;
    if (entry.kind == EntryKind::kMark) classes |= std::uint64_t{1} << entry.mark;
    return entry.kind == EntryKind::kDeny;
  };
  std::size_t size = 0;
  std::size_t digits = 0;  // in a row
  char32_t last = 0;
  char32_t before = 0;
  char32_t last_sound = 0;
  char32_t before_sound = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded piece = DecodeOne(text.substr(at));
    at += piece.size;
    const CodeInfo info = table.Of(piece.code);
    if (!piece.valid || info.kind() != CodeKind::kOne || (info.changes() & ~kChangesHonest) != 0) {
      return false;
    }
    const char32_t code = info.value();
    const std::uint8_t kind = code < kCodes ? ok_[code] : std::uint8_t{kStop};
    if (kind == kSkip) continue;
    if (kind == kStop || readings.MayJoin(last, code)) return false;
    digits = kind == kDigit ? digits + 1 : 0;
    if (digits == kDisguisedDigitsMin) return false;
    if (code == last) continue;
    const char32_t sound = sounds.Of(code);
    if (patterns_.MayBeginBackwards(code, last, before) ||
        (sound != 0 && patterns_.MayEndSound(before_sound, last_sound, sound)) ||
        walk.Feed(code, denies)) {
      return false;
    }
    if (sound != 0) {
      before_sound = last_sound;
      last_sound = sound;
    }
    before = last;
    last = code;
    ++size;
  }
  return size > 0 && (classes == 0 || !MayHoldRule(classes));
}

}  // namespace hallwarden::text
