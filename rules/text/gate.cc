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

constexpr std::uint32_t kKindBits = 2;
constexpr std::uint32_t kKindMask = 3;

enum Kind : std::uint8_t { kStop = 0, kKeep = 1, kSkip = 2, kDigit = 3 };

// Punctuation of ordinary writing; other signs may be part of a disguise.
constexpr std::u32string_view kPunctuation =
    U" .,!?:;~\u3002\u3001\u2026\u2014\u201c\u201d\u2018\u2019";

}  // namespace

Gate::Gate(const PatternSet& patterns) : patterns_(patterns), kinds_(kCodes, kStop) {
  const FoldTable& table = FoldTable::Get();
  const ReadingTables& readings = ReadingTables::Get();
  for (char32_t code = 0x3400; code <= 0x9fff; ++code) {
    if (table.IsOrnament(code) || readings.RareVariant(code) != 0) continue;
    kinds_[code] = MayBeDigit(code) ? kDigit : kKeep;
  }
  for (const char32_t code : kPunctuation) {
    kinds_[code] = kSkip;
  }
  for (const LexiconEntry& entry : patterns.lexicon().entries()) {
    StopAtSignsOf(entry);
  }
  FillCodes();
}

void Gate::FillCodes() {
  const FoldTable& table = FoldTable::Get();
  const SoundTable& sounds = SoundTable::Get();
  codes_.resize(kCodes);
  for (char32_t code = 0; code < kCodes; ++code) {
    const CodeInfo info = table.Of(code);
    const bool plain = info.kind() == CodeKind::kOne && info.value() < kCodes &&
                       (info.changes() & ~kChangesHonest) == 0;
    const char32_t folded = plain ? info.value() : char32_t{0};
    const std::uint32_t kind = plain ? kinds_[folded] : std::uint32_t{kStop};
    codes_[code] = Code{.symbol = patterns_.letters().SymbolOf(folded) << kKindBits | kind,
                        .code = static_cast<std::uint16_t>(folded),
                        .sound = static_cast<std::uint16_t>(sounds.Of(folded))};
  }
}

void Gate::StopAtSignsOf(const LexiconEntry& entry) {
  // Signs of exact patterns are looked for where they stand.
  if ((entry.flags & kFlagExact) != 0 || entry.kind == EntryKind::kMark) {
    for (const char32_t code : entry.folded) {
      if (code < kCodes && kinds_[code] == kSkip && code != U' ') kinds_[code] = kStop;
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
  const ReadingTables& readings = ReadingTables::Get();
  Matcher::Walk walk(patterns_.letters());
  std::uint64_t classes = 0;
  const auto denies = [this, &classes](std::uint32_t value) {
    const LexiconEntry& entry = patterns_.EntryOf(patterns_.forms()[value]);
    // What announces a number or account name needs one: here only digits in disguise could be.
    if ((entry.flags & (kFlagId | kFlagNumber)) != 0) return false;
    if (entry.kind == EntryKind::kMark) classes |= std::uint64_t{1} << entry.mark;
    return entry.kind == EntryKind::kDeny;
  };
  bool any = false;
  bool heard = false;      // something may sound like an entry
  std::size_t digits = 0;  // in a row
  char32_t last = 0;
  char32_t before = 0;
  char32_t last_sound = 0;
  char32_t before_sound = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded piece = DecodeOne(text.substr(at));
    at += piece.size;
    if (!piece.valid || piece.code >= kCodes) return false;
    const Code known = codes_[piece.code];
    const std::uint32_t kind = known.symbol & kKindMask;
    if (kind == kSkip) continue;
    const char32_t code = known.code;
    if (kind == kStop || readings.MayJoin(last, code)) return false;
    digits = kind == kDigit ? digits + 1 : 0;
    if (digits == kDisguisedDigitsMin) return false;
    if (code == last) continue;
    const char32_t sound = known.sound;
    heard = heard || (sound != 0 && patterns_.MayEndSound(before_sound, last_sound, sound));
    if (patterns_.MayBeginBackwards(code, last, before) ||
        walk.Feed(known.symbol >> kKindBits, denies)) {
      return false;
    }
    if (sound != 0) {
      before_sound = last_sound;
      last_sound = sound;
    }
    before = last;
    last = code;
    any = true;
  }
  if (!any || (classes != 0 && MayHoldRule(classes))) return false;
  return !heard || !HoldsSound(text);
}

bool Gate::HoldsSound(std::string_view text) const {
  Matcher::Walk walk(patterns_.sounds());
  char32_t last = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded piece = DecodeOne(text.substr(at));
    at += piece.size;
    const Code known = codes_[piece.code];
    if ((known.symbol & kKindMask) == kSkip || known.code == last) continue;
    last = known.code;
    const std::uint32_t symbol = known.sound == 0 ? 0 : patterns_.sounds().SymbolOf(known.sound);
    if (walk.Feed(symbol, [](std::uint32_t) { return true; })) return true;
  }
  return false;
}

}  // namespace hallwarden::text
