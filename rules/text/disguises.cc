// The readings that undo what people do on purpose: escapes, emoji for words, split characters,
// look-alike Han characters, fillers, reversal. And the chain of all readings.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/text/fold_table.h"
#include "rules/text/reading_tables.h"
#include "rules/text/readings.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

Folded Like(const Folded& parent) {
  Folded read;
  read.notes = parent.notes;
  read.bytes_read = parent.bytes_read;
  read.units.reserve(parent.units.size());
  return read;
}

int HexValue(char32_t code) {
  if (code >= U'0' && code <= U'9') return static_cast<int>(code - U'0');
  if (code >= U'a' && code <= U'f') return static_cast<int>(code - U'a') + 10;
  return -1;
}

// Reads the escapes of one text: %E5%82%BB, &#20667; &#x50bb; &lt; and \u50bb.
class Unescaper {
 public:
  explicit Unescaper(const Folded& parent) : from_(parent.units), read_(Like(parent)) {}

  std::optional<Folded> Run() {
    std::size_t i = 0;
    bool changed = false;
    while (i < from_.size()) {
      std::string bytes;
      const std::size_t end = ReadAt(i, &bytes);
      if (end == i) {
        read_.units.push_back(from_[i]);
        ++i;
        continue;
      }
      changed = true;
      Append(bytes, i, end);
      i = end;
    }
    if (!changed) return std::nullopt;
    return std::move(read_);
  }

 private:
  [[nodiscard]] bool Is(std::size_t i, char32_t code) const {
    return i < from_.size() && from_[i].code == code;
  }

  // The end of the escapes that begin at `i`, whose bytes are appended; `i` if there are none.
  std::size_t ReadAt(std::size_t i, std::string* bytes) const {
    switch (from_[i].code) {
      case U'%':
        return ReadPercent(i, bytes);
      case U'&':
        return Is(i + 1, U'#') ? ReadNumber(i, bytes) : i;
      case U'\\':
        return Is(i + 1, U'u') ? ReadHex(i, bytes) : i;
      default:
        return i;
    }
  }

  std::size_t ReadPercent(std::size_t i, std::string* bytes) const {
    std::size_t end = i;
    while (Is(end, U'%') && end + 2 < from_.size()) {
      const int high = HexValue(from_[end + 1].code);
      const int low = HexValue(from_[end + 2].code);
      if (high < 0 || low < 0) break;
      bytes->push_back(static_cast<char>(high * 16 + low));
      end += 3;
    }
    return end;
  }

  std::size_t ReadNumber(std::size_t i, std::string* bytes) const {
    std::size_t at = i + 2;
    const char32_t base = Is(at, U'x') ? 16 : 10;
    if (base == 16) ++at;
    char32_t code = 0;
    const std::size_t first = at;
    while (at < from_.size() && at < first + 7) {
      const int digit = HexValue(from_[at].code);
      if (digit < 0 || static_cast<char32_t>(digit) >= base) break;
      code = code * base + static_cast<char32_t>(digit);
      ++at;
    }
    if (at == first || !Is(at, U';') || code > 0x10ffff) return i;
    AppendUtf8(code, bytes);
    return at + 1;
  }

  std::size_t ReadHex(std::size_t i, std::string* bytes) const {
    char32_t code = 0;
    for (std::size_t at = i + 2; at < i + 6; ++at) {
      const int digit = at < from_.size() ? HexValue(from_[at].code) : -1;
      if (digit < 0) return i;
      code = code * 16 + static_cast<char32_t>(digit);
    }
    AppendUtf8(code, bytes);
    return i + 6;
  }

  // What the bytes fold to stands for the original units [begin, end).
  void Append(const std::string& bytes, std::size_t begin, std::size_t end) {
    for (Unit unit : Fold(bytes).units) {
      unit.begin = from_[begin].begin;
      unit.end = from_[end - 1].end;
      unit.changes |= kChangeEscape;
      read_.units.push_back(unit);
    }
  }

  const std::vector<Unit>& from_;
  Folded read_;
};

bool MayHoldEscapes(const Folded& parent) {
  return std::any_of(parent.units.begin(), parent.units.end(), [](const Unit& unit) {
    return unit.code == U'%' || unit.code == U'&' || unit.code == U'\\';
  });
}

}  // namespace

std::optional<Folded> ReadEscapes(const Folded& parent) {
  if (!MayHoldEscapes(parent)) return std::nullopt;
  return Unescaper(parent).Run();
}

std::optional<Folded> ReadEmoji(const Folded& parent) {
  const ReadingTables& tables = ReadingTables::Get();
  const auto word_of = [&tables](char32_t code) {
    return code >= 0x2000 && !IsHan(code) ? tables.EmojiWord(code) : std::u32string_view();
  };
  const bool any = std::any_of(parent.units.begin(), parent.units.end(),
                               [&](const Unit& unit) { return !word_of(unit.code).empty(); });
  if (!any) return std::nullopt;
  Folded read = Like(parent);
  for (const Unit& unit : parent.units) {
    const std::u32string_view word = word_of(unit.code);
    if (word.empty()) {
      read.units.push_back(unit);
      continue;
    }
    for (const char32_t code : word) {
      read.units.push_back(unit);
      read.units.back().code = code;
      read.units.back().changes |= kChangeEmoji;
    }
  }
  if (std::optional<Folded> stripped = Strip(read); stripped.has_value()) return stripped;
  return read;
}

std::optional<Folded> JoinParts(const Folded& parent) {
  const ReadingTables& tables = ReadingTables::Get();
  const std::vector<Unit>& units = parent.units;
  std::optional<Folded> read;
  std::size_t i = 0;
  while (i < units.size()) {
    std::pair<char32_t, std::size_t> joined = {0, 0};
    if (i + 1 < units.size() && tables.MayJoin(units[i].code, units[i + 1].code)) {
      joined = tables.Joined(units, i);
    }
    if (joined.first == 0) {
      if (read.has_value()) read->units.push_back(units[i]);
      ++i;
      continue;
    }
    if (!read.has_value()) {
      read = Like(parent);
      read->units.assign(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(i));
    }
    Unit unit = units[i];
    unit.code = joined.first;
    unit.end = units[i + joined.second - 1].end;
    unit.changes |= kChangeSplit;
    read->units.push_back(unit);
    i += joined.second;
  }
  return read;
}

std::optional<Folded> ReadVariants(const Folded& parent) {
  const ReadingTables& tables = ReadingTables::Get();
  std::optional<Folded> read;
  for (std::size_t i = 0; i < parent.units.size(); ++i) {
    const char32_t code = parent.units[i].code;
    if (code < 0x2e80) continue;
    const char32_t variant = tables.RareVariant(code);
    if (variant == 0) continue;
    if (!read.has_value()) read = parent;
    read->units[i].code = variant;
    read->units[i].changes |= kChangeVariant;
  }
  return read;
}

// A letter or digit, or a kana, alone between two Han characters.
std::optional<Folded> TakeFillersOut(const Folded& parent) {
  const auto filler = [](char32_t code) {
    return IsLatin(code) || IsDigit(code) || (code >= 0x3041 && code <= 0x30ff);
  };
  const std::vector<Unit>& units = parent.units;
  std::optional<Folded> read;
  bool gap = false;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool between = i > 0 && i + 1 < units.size() && filler(units[i].code) &&
                         IsHan(units[i - 1].code) && IsHan(units[i + 1].code);
    if (between && !read.has_value()) {
      read = Like(parent);
      read->units.assign(units.begin(), units.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (between) {
      gap = true;
    } else if (read.has_value()) {
      read->units.push_back(units[i]);
      if (gap) read->units.back().changes |= kChangeFilled;
      gap = false;
    }
  }
  return read;
}

std::optional<Folded> Reverse(const Folded& parent) {
  if (parent.units.size() < 2) return std::nullopt;
  Folded read = parent;
  std::reverse(read.units.begin(), read.units.end());
  for (Unit& unit : read.units) {
    unit.changes |= kChangeReversed;
  }
  return read;
}

std::string_view ReadingName(Reading reading) {
  static constexpr std::array<std::string_view, kReadingCount> kNames = {
      "plain",  "unescaped", "look-alike", "emoji",    "stripped", "stripped look-alike",
      "joined", "variant",   "filled",     "reversed", "sound"};
  const auto number = static_cast<std::size_t>(reading);
  return number < kNames.size() ? kNames[number] : "unknown";
}

bool IsStripped(Reading reading) {
  return reading >= Reading::kEmoji;
}

ReadingChain::ReadingChain(std::string_view utf8) : utf8_(utf8) {
  folded_[0] = Fold(utf8);
  base_ = words_ = sound_ = &*folded_[0];
}

const Folded* ReadingChain::Next(Reading reading) {
  std::optional<Folded>& read = folded_[static_cast<std::size_t>(reading)];
  switch (reading) {
    case Reading::kPlain:
      return base_;
    case Reading::kUnescaped:
      read = ReadEscapes(*base_);
      if (read.has_value()) words_ = &*read;
      break;
    case Reading::kLookalike:
      if (MayHoldLookalikes(*words_)) read = ReadLookalikes(*words_);
      return read.has_value() ? &*read : nullptr;
    case Reading::kEmoji:
      read = ReadEmoji(*words_);
      return read.has_value() ? &*read : nullptr;
    case Reading::kStripped:
      if (MayHoldSeparators(*base_)) read = Strip(*base_);
      break;
    case Reading::kStrippedLookalike:
      if (MayHoldLookalikes(*base_)) read = ReadLookalikes(*base_);
      break;
    case Reading::kJoined: {
      // Some parts are drawn like ornaments, so they are looked for before those are taken out.
      std::optional<Folded> joined = JoinParts(*words_);
      std::optional<Folded> stripped = joined.has_value() ? Strip(*joined) : std::nullopt;
      const Folded& least = stripped.has_value() ? *stripped
                            : joined.has_value() ? *joined
                                                 : *base_;
      read = JoinParts(least);
      if (!read.has_value() && joined.has_value()) {
        read = stripped.has_value() ? std::move(stripped) : std::move(joined);
      }
      break;
    }
    case Reading::kVariant:
      read = ReadVariants(*base_);
      break;
    case Reading::kFilled:
      sound_ = base_;
      read = TakeFillersOut(*base_);
      break;
    case Reading::kReversed:
      read = Reverse(*base_);
      return read.has_value() ? &*read : nullptr;
    case Reading::kSound:
      return sound_;
  }
  if (read.has_value()) base_ = &*read;
  return read.has_value() ? base_ : nullptr;
}

}  // namespace hallwarden::text
