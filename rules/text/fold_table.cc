#include "rules/text/fold_table.h"

#include <algorithm>
#include <cstdlib>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include "rules/text/data.h"
#include "rules/text/fold.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr char32_t kBrailleBlank = 0x2800;
constexpr char32_t kVoicedMark = 0x3099;
constexpr char32_t kSemiVoicedMark = 0x309a;

bool InRange(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

UChar32 ToIcu(char32_t code) {
  return static_cast<UChar32>(code);
}
char32_t FromIcu(UChar32 code) {
  return static_cast<char32_t>(code);
}

bool IsBidiControl(char32_t code) {
  return code == 0x061c || InRange(code, 0x200e, 0x200f) || InRange(code, 0x202a, 0x202e) ||
         InRange(code, 0x2066, 0x2069);
}

bool IsBreak(char32_t code) {
  return InRange(code, 0x09, 0x0d) || code == 0x85 || InRange(code, 0x2028, 0x2029);
}

bool IsMark(char32_t code) {
  const auto type = u_charType(ToIcu(code));
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

// A mark that no one script needs: accents, zalgo, enclosing circles, Cyrillic number signs.
bool IsFreeMark(char32_t code) {
  if (!IsMark(code)) return false;
  if (u_charType(ToIcu(code)) == U_ENCLOSING_MARK || InRange(code, 0x483, 0x489)) return true;
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(ToIcu(code), &error);
  return script == USCRIPT_INHERITED || script == USCRIPT_COMMON;
}

bool IsWordCharacter(char32_t code) {
  switch (u_charType(ToIcu(code))) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK:
    case U_DECIMAL_DIGIT_NUMBER:
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
      return true;
    default:
      return false;
  }
}

// Circled, parenthesised and negative numbers that NFKC leaves alone or turns into Han numerals.
int DecorativeNumber(char32_t code) {
  struct Run {
    char32_t first;
    char32_t last;
    int number_of_first;
  };
  static constexpr Run kRuns[] = {
      {0x24eb, 0x24f4, 11}, {0x24f5, 0x24fe, 1}, {0x24ff, 0x24ff, 0},
      {0x2776, 0x277f, 1},  {0x2780, 0x2789, 1}, {0x278a, 0x2793, 1},
      {0x3220, 0x3229, 1},  {0x3280, 0x3289, 1}, {0x1f51f, 0x1f51f, 10}};
  for (const Run& run : kRuns) {
    if (InRange(code, run.first, run.last)) {
      return run.number_of_first + static_cast<int>(code - run.first);
    }
  }
  return -1;
}

// Regional-indicator, negative circled and negative squared letters, which NFKC leaves alone.
char32_t DecorativeLetter(char32_t code) {
  for (const char32_t first : {0x1f1e6U, 0x1f150U, 0x1f170U}) {
    if (InRange(code, first, first + 25)) return U'a' + (code - first);
  }
  return 0;
}

// Blocks whose NFKC form keeps a pair of brackets, a full stop or a comma around the content.
bool IsEnclosed(char32_t code) {
  return InRange(code, 0x2460, 0x24ff) || InRange(code, 0x3200, 0x32ff) ||
         InRange(code, 0x1f100, 0x1f1ff) || InRange(code, 0x1f240, 0x1f248);
}

bool IsEnclosure(char32_t code) {
  return code == U'(' || code == U')' || code == U'.' || code == U',' || code == 0x3014 ||
         code == 0x3015;
}

std::u32string ToCodes(const icu::UnicodeString& text) {
  std::u32string codes;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    codes.push_back(FromIcu(text.char32At(i)));
  }
  return codes;
}

// ICU's data is linked in; without it no text can be read and no decision may be made.
const icu::Normalizer2& RequireNormalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = get(error);
  if (U_FAILURE(error) != 0 || normalizer == nullptr) std::abort();
  return *normalizer;
}

const icu::Normalizer2& NfkcCasefold() {
  static const icu::Normalizer2& normalizer =
      RequireNormalizer(&icu::Normalizer2::getNFKCCasefoldInstance);
  return normalizer;
}

const icu::Normalizer2& Nfc() {
  static const icu::Normalizer2& normalizer = RequireNormalizer(&icu::Normalizer2::getNFCInstance);
  return normalizer;
}

std::u32string NormalizeOne(char32_t code) {
  UErrorCode error = U_ZERO_ERROR;
  return ToCodes(NfkcCasefold().normalize(icu::UnicodeString(ToIcu(code)), error));
}

// The letter under the accents for Latin and Greek; elsewhere accents make other letters.
char32_t WithoutAccents(char32_t code) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(ToIcu(code), &error);
  if (script != USCRIPT_LATIN && script != USCRIPT_GREEK) return code;
  icu::UnicodeString parts;
  if (Nfc().getDecomposition(ToIcu(code), parts) == 0) return code;
  return WithoutAccents(FromIcu(parts.char32At(0)));
}

char32_t AsciiDigit(char32_t code) {
  if (u_charType(ToIcu(code)) != U_DECIMAL_DIGIT_NUMBER) return code;
  const std::int32_t digit = u_charDigitValue(ToIcu(code));
  return digit < 0 ? code : U'0' + static_cast<char32_t>(digit);
}

std::u32string NumberText(int number) {
  std::u32string text;
  if (number >= 10) text.push_back(U'0' + static_cast<char32_t>(number / 10));
  text.push_back(U'0' + static_cast<char32_t>(number % 10));
  return text;
}

// Why `code` became `folded`, as bits of enum Change.
std::uint32_t ChangesOf(char32_t code, const std::u32string& folded) {
  const bool one = folded.size() == 1;
  if (one && folded[0] == code) return kChangeNone;
  std::uint32_t changes = 0;
  if (InRange(code, 0xff00, 0xffef)) {
    changes = kChangeWidth;
    if (u_isupper(ToIcu(code)) != 0) changes |= kChangeCase;
    return changes;
  }
  const char32_t lower = FromIcu(u_foldCase(ToIcu(code), U_FOLD_CASE_DEFAULT));
  if (lower != code) changes |= kChangeCase;
  if (one && lower == folded[0]) return changes;
  if (one && WithoutAccents(lower) == folded[0]) return changes | kChangeMark;
  if (one && IsDigit(folded[0])) return changes | kChangeDigit;
  return changes | kChangeStyle;
}

template <typename Visit>
void ForEachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (!line.empty() && line[0] != '#') visit(DecodeUtf8(line));
  }
}

}  // namespace

const FoldTable& FoldTable::Get() {
  static const FoldTable* const kTable = new FoldTable();  // never destroyed: used by other statics
  return *kTable;
}

FoldTable::FoldTable() : infos_(kTableSize), simplified_(kTraitsSize), traits_(kTraitsSize) {
  ReadSimplified();
  ReadLookalikes();
  ReadOrnaments();
  for (char32_t code = 0; code < kTableSize; ++code) {
    Fill(code);
  }
}

void FoldTable::ReadSimplified() {
  ForEachLine(SimplifiedText(), [this](const std::u32string& line) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (line[i] == U' ') continue;
      if (line[i] < kTraitsSize && line[i + 1] < kTraitsSize) {
        simplified_[line[i]] = static_cast<std::uint16_t>(line[i + 1]);
      }
      ++i;
    }
  });
}

void FoldTable::ReadLookalikes() {
  ForEachLine(LookalikesText(), [this](const std::u32string& line) {
    for (std::size_t i = 3; i < line.size(); ++i) {
      if (line[i] < kTraitsSize) traits_[line[i]] |= static_cast<std::uint8_t>(line[0]);
    }
  });
}

void FoldTable::ReadOrnaments() {
  ForEachLine(OrnamentsText(), [this](const std::u32string& line) {
    for (const char32_t code : line) {
      if (code != U' ' && code < kTraitsSize) traits_[code] |= kOrnament;
    }
  });
}

char32_t FoldTable::ComposeKana(char32_t base, char32_t mark) {
  if (mark != kVoicedMark && mark != kSemiVoicedMark) return 0;
  const UChar32 composed = Nfc().composePair(ToIcu(base), ToIcu(mark));
  return composed < 0 ? 0 : FromIcu(composed);
}

char32_t FoldTable::Simplify(char32_t code) const {
  const char32_t simplified = code < kTraitsSize ? simplified_[code] : 0;
  return simplified == 0 ? code : simplified;
}

CodeInfo FoldTable::Compute(char32_t code) {
  CodeInfo info(code, CodeKind::kOne);
  if (IsHan(code)) {
    const std::u32string folded = NormalizeOne(code);  // U+2F800.. are compatibility forms
    if (folded.size() == 1 && folded[0] != code) {
      info.Set(folded[0], CodeKind::kOne);
      info.AddChanges(kChangeStyle);
    }
  } else if (InRange(code, 0xe0000, 0xe0fff)) {
    info.Set(code, CodeKind::kInvisible);
  } else {
    info.MarkSeparator();
  }
  return info;
}

void FoldTable::Fill(char32_t code) {
  CodeInfo& info = infos_[code];
  info.Set(code, CodeKind::kOne);
  if (InRange(code, 0x3400, 0x9fff) || InRange(code, 0xac00, 0xd7a3)) {
    info.Set(Simplify(code), CodeKind::kOne);
    if (info.value() != code) info.AddChanges(kChangeTraditional);
    return;
  }
  const auto type = u_charType(ToIcu(code));
  const bool ignorable = u_hasBinaryProperty(ToIcu(code), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
  if (IsBidiControl(code)) {
    info.Set(code, CodeKind::kBidi);
  } else if (IsBreak(code)) {
    info.Set(code, CodeKind::kBreak);
  } else if (type == U_CONTROL_CHAR) {
    info.Set(code, CodeKind::kControl);
  } else if (type == U_FORMAT_CHAR || code == kBrailleBlank || ignorable) {
    info.Set(code, CodeKind::kInvisible);
  } else if (type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR || type == U_SURROGATE) {
    info.MarkSeparator();
  } else if (IsMark(code)) {
    info.Set(code, IsFreeMark(code) ? CodeKind::kMark : CodeKind::kOwnMark);
  } else if (type == U_SPACE_SEPARATOR) {
    info.Set(U' ', CodeKind::kOne);
    info.MarkSeparator();
    if (code != U' ') info.AddChanges(kChangeWidth);
  } else {
    FillVisible(code);
  }
}

void FoldTable::FillVisible(char32_t code) {
  std::u32string folded;
  if (const int number = DecorativeNumber(code); number >= 0) {
    folded = NumberText(number);
  } else if (const char32_t letter = DecorativeLetter(code); letter != 0) {
    folded.push_back(letter);
  } else {
    for (const char32_t part : NormalizeOne(code)) {
      if (IsEnclosed(code) && IsEnclosure(part)) continue;
      const bool voiced = part == kVoicedMark || part == kSemiVoicedMark;
      if (IsFreeMark(part) && !voiced) continue;
      folded.push_back(AsciiDigit(WithoutAccents(part)));
    }
  }
  if (folded.empty()) folded.push_back(code);
  CodeInfo& info = infos_[code];
  info.AddChanges(ChangesOf(code, folded));
  for (char32_t& part : folded) {
    if (Simplify(part) == part) continue;
    part = Simplify(part);
    info.AddChanges(kChangeTraditional);
  }
  const bool roman = InRange(code, 0x2160, 0x216b) || InRange(code, 0x2170, 0x217b);
  if (folded.size() == 1 && !roman) {
    // The half-width sound marks: letters by category, but they join the kana before them.
    const bool mark = folded[0] == kVoicedMark || folded[0] == kSemiVoicedMark;
    info.Set(folded[0], mark ? CodeKind::kMark : CodeKind::kOne);
    if (!IsWordCharacter(folded[0])) info.MarkSeparator();
    return;
  }
  const std::size_t length = std::min<std::size_t>(folded.size(), kLengthMask);
  const std::size_t value = (pool_.size() << kLengthBits) | length;
  info.Set(static_cast<std::uint32_t>(value), roman ? CodeKind::kRoman : CodeKind::kSeveral);
  pool_.append(folded, 0, length);
}

}  // namespace hallwarden::text
