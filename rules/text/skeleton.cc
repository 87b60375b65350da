#include "rules/text/skeleton.h"

#include <algorithm>

#include "rules/text/fold.h"
#include "rules/text/readings.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// Strokes that look like one another in most fonts: l, 1, i, |, U+4E28, U+4E00 stands apart.
bool IsStroke(char32_t code) {
  static constexpr std::u32string_view kStrokes = U"l1i|\u4e28\u4e36\u01c0\u2223\uffe8\u3163\u0131";
  return kStrokes.find(code) != std::u32string_view::npos;
}

bool IsRound(char32_t code) {
  static constexpr std::u32string_view kRound = U"o0\u3007\u25cb\u25ef\u2b55\u03bf\u043e";
  return kRound.find(code) != std::u32string_view::npos;
}

TextHit Shape(Severity severity, std::string entry, std::size_t begin, std::size_t end) {
  return TextHit{.category = Category::kUnreadable,
                 .severity = severity,
                 .entry_id = kNoEntry,
                 .entry = std::move(entry),
                 .reading = {},
                 .begin = begin,
                 .end = end,
                 .disguised = true};
}

// Two or more different strokes at the end of a name that has something else before them.
bool EndsInStrokes(const std::vector<Unit>& units, std::size_t* begin) {
  std::size_t first = units.size();
  bool different = false;
  while (first > 0 && IsStroke(units[first - 1].code)) {
    --first;
    if (units[first].code != units.back().code) different = true;
  }
  *begin = first;
  return different && first > 0 && units.size() - first >= 2 && !IsLatin(units[first - 1].code) &&
         !IsDigit(units[first - 1].code);
}

}  // namespace

std::string NameSkeleton(std::string_view name) {
  Folded folded = Fold(name);
  std::string skeleton;
  // Strokes and rounds first: to the look-alike reading some of them are ornaments or letters.
  for (Unit& unit : folded.units) {
    if (IsStroke(unit.code)) unit.code = U'1';
    if (IsRound(unit.code)) unit.code = U'0';
  }
  if (std::optional<Folded> read = ReadLookalikes(folded); read.has_value()) folded = *read;
  if (std::optional<Folded> read = ReadVariants(folded); read.has_value()) folded = *read;
  for (const Unit& unit : folded.units) {
    if (IsSeparator(unit.code) || IsOrnament(unit.code)) continue;
    const char32_t code = IsStroke(unit.code) ? U'1' : IsRound(unit.code) ? U'0' : unit.code;
    AppendUtf8(code, &skeleton);
  }
  return skeleton;
}

Hash128 NameLook(std::string_view name, const SipKey& key) {
  return SipHash128(key, NameSkeleton(name));
}

std::vector<TextHit> JudgeNameShape(std::string_view name) {
  std::vector<TextHit> hits;
  if (name.empty()) return hits;
  const Folded folded = Fold(name);
  if (folded.notes.blank) {
    hits.push_back(Shape(Severity::kReview, "(blank)", 0, name.size()));
    return hits;
  }
  if (folded.notes.bidi_control) {
    hits.push_back(Shape(Severity::kReview, "(direction controls)", 0, name.size()));
  }
  std::size_t begin = 0;
  if (EndsInStrokes(folded.units, &begin)) {
    hits.push_back(Shape(Severity::kReview, "(strokes drawn alike)", folded.units[begin].begin,
                         folded.units.back().end));
  }
  return hits;
}

}  // namespace hallwarden::text
