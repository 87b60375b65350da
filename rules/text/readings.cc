// Look-alikes and separators; the other readings are in disguises.cc.
#include "rules/text/readings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/text/fold.h"
#include "rules/text/fold_table.h"

namespace hallwarden::text {
namespace {

// Alphabets end below the CJK blocks.
constexpr char32_t kAlphabetsEnd = 0x2e80;
// Longest mark-up tag, brackets included, that the stripped reading takes for a separator.
constexpr std::size_t kTagUnitsMax = 24;

bool IsAscii(char32_t code) {
  return code < 0x80;
}

// A digit or ASCII sign is a letter only in company, other look-alikes are on their own.
bool NeedsCompany(char32_t code) {
  return IsAscii(code) && !IsLatin(code);
}

// Reads one Latin-looking word [begin, end) of `units` with its look-alikes as letters.
class LookalikeWord {
 public:
  LookalikeWord(const FoldTable& table, std::vector<Unit>& units, std::size_t begin,
                std::size_t end)
      : table_(table), units_(units), begin_(begin), end_(end) {}

  bool Apply() {
    if (!LooksLatin()) return false;
    const std::vector<Unit> before(units_.begin() + Offset(begin_), units_.begin() + Offset(end_));
    bool changed = false;
    for (std::size_t i = begin_; i < end_; ++i) {
      const char32_t letter = table_.LookalikeOf(units_[i].code);
      if (letter == 0) continue;
      if (NeedsCompany(units_[i].code) && !HasCompany(before, i - begin_)) continue;
      units_[i].code = letter;
      units_[i].changes |= kChangeLookalike;
      changed = true;
    }
    return changed;
  }

 private:
  static std::ptrdiff_t Offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

  // At least one Latin letter, or two look-alikes and no letter of another alphabet.
  [[nodiscard]] bool LooksLatin() const {
    std::size_t latin = 0;
    std::size_t alike = 0;
    std::size_t other = 0;
    for (std::size_t i = begin_; i < end_; ++i) {
      const char32_t code = units_[i].code;
      if (IsLatin(code)) {
        ++latin;
      } else if (!IsAscii(code)) {
        ++(table_.LookalikeOf(code) != 0 ? alike : other);
      }
    }
    return latin > 0 ? latin + alike >= 2 || end_ - begin_ > 2 : alike >= 2 && other == 0;
  }

  [[nodiscard]] bool IsLetter(const std::vector<Unit>& word, std::size_t i) const {
    return i < word.size() && (IsLatin(word[i].code) ||
                               (!IsAscii(word[i].code) && table_.LookalikeOf(word[i].code) != 0));
  }

  // Between letters; `$` and `@` also beside one; a digit also alone before one at the start.
  [[nodiscard]] bool HasCompany(const std::vector<Unit>& word, std::size_t i) const {
    const bool after = i > 0 && IsLetter(word, i - 1);
    const bool before = IsLetter(word, i + 1);
    const char32_t code = word[i].code;
    if (after && before) return true;
    if (code == U'@') return after || before;
    if (code == U'$') {
      const bool doubled =
          (i > 0 && word[i - 1].code == code) || (i + 1 < word.size() && word[i + 1].code == code);
      return after || before || doubled;
    }
    return IsDigit(code) && i == 0 && before && IsLetter(word, 2);
  }

  const FoldTable& table_;
  std::vector<Unit>& units_;
  std::size_t begin_;
  std::size_t end_;
};

bool IsWordPart(const FoldTable& table, char32_t code) {
  if (IsLatin(code) || IsDigit(code) || table.LookalikeOf(code) != 0) return true;
  return code >= 0x80 && code < kAlphabetsEnd && !table.IsSeparator(code);
}

class Stripper {
 public:
  explicit Stripper(const Folded& parent) : table_(FoldTable::Get()), from_(parent.units) {
    read_.notes = parent.notes;
    read_.bytes_read = parent.bytes_read;
    read_.units.reserve(from_.size());
    MarkSeparators();
  }

  std::optional<Folded> Run() {
    std::size_t i = 0;
    while (i < from_.size()) {
      if (separator_[i] != 0) {
        i = TakeSeparators(i);
      } else {
        Append(from_[i]);
        ++i;
      }
    }
    if (!changed_) return std::nullopt;
    return std::move(read_);
  }

 private:
  void MarkSeparators() {
    separator_.resize(from_.size());
    for (std::size_t i = 0; i < from_.size(); ++i) {
      const char32_t code = from_[i].code;
      separator_[i] = table_.IsSeparator(code) || table_.IsOrnament(code) ? 1 : 0;
    }
    std::size_t i = 0;
    while (i < from_.size()) {
      const std::size_t end = TagEnd(i);
      std::fill(separator_.begin() + Offset(i), separator_.begin() + Offset(end), char{1});
      i = std::max(end, i + 1);
    }
  }

  static std::ptrdiff_t Offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

  // The end of the mark-up tag ("[color=red]", "<b>", "{rt1}") that starts at `begin`, or `begin`.
  [[nodiscard]] std::size_t TagEnd(std::size_t begin) const {
    static constexpr std::u32string_view kOpen = U"[<{";
    static constexpr std::u32string_view kClose = U"]>}";
    const std::size_t kind = kOpen.find(from_[begin].code);
    if (kind == std::u32string_view::npos) return begin;
    const std::size_t limit = std::min(from_.size(), begin + kTagUnitsMax);
    for (std::size_t i = begin + 1; i < limit && IsAscii(from_[i].code); ++i) {
      if (from_[i].code == kClose[kind]) return i + 1;
    }
    return begin;
  }

  [[nodiscard]] bool IsLatinAt(std::size_t i) const {
    return i < from_.size() && separator_[i] == 0 && IsLatin(from_[i].code);
  }

  // Letters of the Latin word that ends before `end`, or that starts at `begin`; 3 means "more".
  [[nodiscard]] std::size_t WordBefore(std::size_t end) const {
    std::size_t size = 0;
    while (size < 3 && size < end && IsLatinAt(end - size - 1)) {
      ++size;
    }
    return size;
  }
  [[nodiscard]] std::size_t WordAfter(std::size_t begin) const {
    std::size_t size = 0;
    while (size < 3 && IsLatinAt(begin + size)) {
      ++size;
    }
    return size;
  }

  // Whether what stands on both sides of the separators [begin, end) is read as one. Latin words
  // never join across a space; only letters that are spelled out one by one do.
  [[nodiscard]] bool Joins(std::size_t begin, std::size_t end) const {
    const char32_t left = from_[begin - 1].code;
    const char32_t right = from_[end].code;
    const bool western_left = IsLatin(left) || IsDigit(left);
    const bool western_right = IsLatin(right) || IsDigit(right);
    if (!western_left || !western_right) return true;
    if (IsDigit(left) || IsDigit(right)) return false;
    const auto first = from_.begin() + Offset(begin);
    const auto last = from_.begin() + Offset(end);
    const auto ornament = [this](const Unit& unit) { return table_.IsOrnament(unit.code); };
    if (std::all_of(first, last, ornament)) return true;
    const bool space = std::any_of(first, last, [](const Unit& unit) { return unit.code == U' '; });
    const std::size_t longest = space ? 1 : 2;
    return WordBefore(begin) <= longest && WordAfter(end) <= longest;
  }

  // Spaces and punctuation as they stand between the words of a sentence.
  [[nodiscard]] bool OrdinaryBetweenWords(std::size_t begin, std::size_t end) const {
    static constexpr std::u32string_view kOrdinary = U" ,.!?;:'\"";
    if (from_[begin].code == U' ' && end - begin == 1) return true;
    if (!IsLatin(from_[begin - 1].code) || !IsLatin(from_[end].code)) return false;
    return std::all_of(
        from_.begin() + Offset(begin), from_.begin() + Offset(end),
        [](const Unit& unit) { return kOrdinary.find(unit.code) != std::u32string_view::npos; });
  }

  std::size_t TakeSeparators(std::size_t begin) {
    std::size_t end = begin;
    while (end < from_.size() && separator_[end] != 0) {
      ++end;
    }
    if (begin == 0 || end == from_.size()) {
      // Nothing is joined at the ends, so nothing can be read there that could not before.
    } else if (Joins(begin, end)) {
      changed_ = true;
      joined_ = kChangeJoined;
    } else {
      changed_ = changed_ || !OrdinaryBetweenWords(begin, end);
      Unit space = from_[begin];
      space.code = U' ';
      read_.units.push_back(space);
    }
    return end;
  }

  void Append(const Unit& unit) {
    const bool repeats = !read_.units.empty() && read_.units.back().code == unit.code;
    if (repeats && !IsDigit(unit.code)) {
      Unit& last = read_.units.back();
      last.end = unit.end;
      last.changes |= unit.changes | kChangeRepeat;
      if (last.repeat < std::numeric_limits<std::uint16_t>::max()) ++last.repeat;
      changed_ = true;
    } else {
      read_.units.push_back(unit);
      read_.units.back().changes |= joined_;
    }
    joined_ = kChangeNone;
  }

  const FoldTable& table_;
  const std::vector<Unit>& from_;
  std::vector<char> separator_;
  std::uint32_t joined_ = kChangeNone;
  bool changed_ = false;
  Folded read_;
};

}  // namespace

std::optional<Folded> ReadLookalikes(const Folded& parent) {
  Folded read = parent;
  const FoldTable& table = FoldTable::Get();
  bool changed = false;
  std::size_t i = 0;
  while (i < read.units.size()) {
    std::size_t end = i;
    bool plain = true;  // nothing but a-z
    while (end < read.units.size() && IsWordPart(table, read.units[end].code)) {
      plain = plain && IsLatin(read.units[end].code);
      ++end;
    }
    if (!plain && LookalikeWord(table, read.units, i, end).Apply()) changed = true;
    i = std::max(end, i + 1);
  }
  if (!changed) return std::nullopt;
  return read;
}

// A digit or ASCII sign may be read as a letter only beside a letter.
bool MayHoldLookalikes(const Folded& parent) {
  const FoldTable& table = FoldTable::Get();
  bool company = false;  // the unit before is a letter or may become one
  bool waiting = false;  // the unit before may become a letter in company
  for (const Unit& unit : parent.units) {
    const bool alike = table.LookalikeOf(unit.code) != 0;
    if (alike && !IsAscii(unit.code)) return true;
    if (alike && company) return true;
    company = IsLatin(unit.code);
    if (company && waiting) return true;
    waiting = alike;
  }
  return false;
}

bool MayHoldSeparators(const Folded& parent) {
  const FoldTable& table = FoldTable::Get();
  char32_t last = 0;
  for (const Unit& unit : parent.units) {
    const char32_t code = unit.code;
    if (!IsDigit(code)) {
      if (code == last) return true;
      if (!IsLatin(code) && (table.IsSeparator(code) || table.IsOrnament(code))) return true;
    }
    last = code;
  }
  return false;
}

std::optional<Folded> Strip(const Folded& parent) {
  if (parent.units.empty()) return std::nullopt;
  return Stripper(parent).Run();
}

}  // namespace hallwarden::text
