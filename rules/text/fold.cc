#include "rules/text/fold.h"

#include <algorithm>

#include <unicode/uchar.h>
#include <unicode/uversion.h>

#include "rules/text/fold_table.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr char32_t kZeroWidthJoiner = 0x200d;
constexpr char32_t kKeycap = 0x20e3;

bool IsVariationSelector(char32_t code) {
  return code == 0xfe0e || code == 0xfe0f;
}
bool IsRoman(char32_t code) {
  return code >= 0x2160 && code <= 0x217b;
}

// Hangul syllables are composed by arithmetic (Unicode 15, 3.12). 0 if the two do not combine.
char32_t ComposeHangul(char32_t first, char32_t second) {
  constexpr char32_t kSyllables = 0xac00;
  constexpr char32_t kLeads = 0x1100;
  constexpr char32_t kVowels = 0x1161;
  constexpr char32_t kTails = 0x11a7;
  const bool lead = first >= kLeads && first < kLeads + 19;
  if (lead && second >= kVowels && second < kVowels + 21) {
    return kSyllables + ((first - kLeads) * 21 + (second - kVowels)) * 28;
  }
  const bool open = first >= kSyllables && first <= 0xd7a3 && (first - kSyllables) % 28 == 0;
  if (open && second > kTails && second < kTails + 28) return first + (second - kTails);
  return 0;
}

// One pass over the decoded pieces; see Fold().
class Folder {
 public:
  explicit Folder(std::string_view text) : table_(FoldTable::Get()), text_(text) {
    const std::size_t most = std::min(text.size(), kFoldCodePointsMax);
    folded_.units.reserve(text.size() > 16 ? most / 2 : most);
  }

  Folded Run() {
    std::size_t pieces = 0;
    while (position_ < text_.size()) {
      const Decoded piece = DecodeOne(text_.substr(position_));
      if (pieces == kFoldCodePointsMax || position_ + piece.size > kFoldBytesMax ||
          folded_.units.size() >= kFoldUnitsMax) {
        folded_.notes.truncated = true;
        break;
      }
      ++pieces;
      begin_ = position_;
      position_ += piece.size;
      if (!piece.valid) folded_.notes.invalid_utf8 = true;
      Read(piece.code);
      previous_ = piece.code;
    }
    folded_.bytes_read = position_;
    return std::move(folded_);
  }

 private:
  void Read(char32_t code) {
    const CodeInfo info = table_.Of(code);
    if (info.kind() == CodeKind::kOne) {
      mark_run_ = 0;
      Emit(info.value(), info.changes());
      if (info.value() != U' ') folded_.notes.blank = false;
      return;
    }
    ReadUncommon(code, info);
  }

  void ReadUncommon(char32_t code, CodeInfo info) {
    switch (info.kind()) {
      case CodeKind::kOne:
        break;
      case CodeKind::kSeveral:
        mark_run_ = 0;
        EmitSeveral(table_.Several(info.value()), info.changes());
        break;
      case CodeKind::kRoman:
        mark_run_ = 0;
        EmitRoman(code, info);
        break;
      case CodeKind::kInvisible:
        DropInvisible(code);
        break;
      case CodeKind::kBidi:
        folded_.notes.bidi_control = true;
        gap_ = kChangeGap;
        break;
      case CodeKind::kControl:
        folded_.notes.control = true;
        gap_ = kChangeGap;
        break;
      case CodeKind::kBreak:
        folded_.notes.control = true;
        Emit(U' ', kChangeNone);
        break;
      case CodeKind::kMark:
        ReadMark(info.value());
        break;
      case CodeKind::kOwnMark:
        if (!CutMark()) Emit(code, kChangeNone);
        break;
    }
  }

  void Emit(char32_t code, std::uint32_t changes) {
    changes |= gap_;
    gap_ = kChangeNone;
    // Every bit of `changes` but the honest ones and the gap tells of a style.
    if ((changes & (kChangeStyle | kChangeDigit)) != 0) folded_.notes.styled = true;
    if ((changes & kChangeTraditional) != 0) folded_.notes.traditional = true;
    if ((changes & kChangeMark) != 0) folded_.notes.mark = true;
    if (code >= 0x1161 && !folded_.units.empty() && code <= 0x11ff) {
      Unit& last = folded_.units.back();
      if (const char32_t syllable = ComposeHangul(last.code, code); syllable != 0) {
        last.code = syllable;
        last.end = static_cast<std::uint16_t>(position_);
        return;
      }
    }
    folded_.units.push_back(Unit{.code = code,
                                 .begin = static_cast<std::uint16_t>(begin_),
                                 .end = static_cast<std::uint16_t>(position_),
                                 .changes = changes});
  }

  void EmitSeveral(std::u32string_view codes, std::uint32_t changes) {
    for (const char32_t code : codes) {
      const bool composed = !folded_.units.empty() && ComposeVoiced(code);
      if (!composed) Emit(code, changes);
      if (code != U' ') folded_.notes.blank = false;
    }
  }

  // A Roman numeral is a number beside digits and other Roman numerals, else letters.
  void EmitRoman(char32_t code, CodeInfo info) {
    const bool after =
        IsRoman(previous_) || (!folded_.units.empty() && IsDigit(folded_.units.back().code));
    const char32_t next =
        position_ < text_.size() ? DecodeOne(text_.substr(position_)).code : char32_t{0};
    if (after || IsRoman(next) || IsDigit(next)) {
      const char32_t number = (code & 0xfU) + 1;
      if (number >= 10) Emit(U'1', kChangeDigit);
      Emit(U'0' + number % 10, kChangeDigit);
      folded_.notes.blank = false;
    } else {
      EmitSeveral(table_.Several(info.value()), info.changes());
    }
  }

  // Emoji carry variation selectors and joiners honestly; between letters they hide something.
  void DropInvisible(char32_t code) {
    const bool emoji_part = IsVariationSelector(code) || code == kZeroWidthJoiner;
    const bool after_symbol = !folded_.units.empty() && gap_ == kChangeNone &&
                              (table_.IsSeparator(folded_.units.back().code) ||
                               (IsVariationSelector(code) && IsDigit(previous_)));
    if (emoji_part && after_symbol) return;
    folded_.notes.invisible = true;
    gap_ = kChangeGap;
  }

  // True if the mark exceeds the run that is read.
  bool CutMark() {
    ++mark_run_;
    if (mark_run_ <= kFoldMarkRunMax) return false;
    folded_.notes.truncated = true;
    return true;
  }

  bool ComposeVoiced(char32_t mark) {
    Unit& last = folded_.units.back();
    const char32_t composed = FoldTable::ComposeKana(last.code, mark);
    if (composed == 0) return false;
    last.code = composed;
    last.end = static_cast<std::uint16_t>(position_);
    return true;
  }

  void ReadMark(char32_t code) {
    if (CutMark()) return;
    if (!folded_.units.empty() && ComposeVoiced(code)) return;
    if (folded_.units.empty()) {
      folded_.notes.mark = true;
      return;
    }
    Unit& last = folded_.units.back();
    last.end = static_cast<std::uint16_t>(position_);
    if (code == kKeycap && IsDigit(last.code)) {
      last.changes |= kChangeDigit;
      folded_.notes.styled = true;
      return;
    }
    last.changes |= kChangeMark;
    folded_.notes.mark = true;
  }

  const FoldTable& table_;
  std::string_view text_;
  std::size_t position_ = 0;  // of the next piece
  std::size_t begin_ = 0;     // of the piece being read
  char32_t previous_ = 0;     // the piece before it
  std::uint32_t gap_ = kChangeNone;
  std::size_t mark_run_ = 0;
  Folded folded_;
};

}  // namespace

std::string Folded::ToUtf8() const {
  std::string text;
  for (const Unit& unit : units) {
    AppendUtf8(unit.code, &text);
  }
  return text;
}

std::u32string Folded::ToCodes() const {
  std::u32string codes;
  codes.reserve(units.size());
  for (const Unit& unit : units) {
    codes.push_back(unit.code);
  }
  return codes;
}

Folded Fold(std::string_view utf8) {
  return Folder(utf8).Run();
}

bool IsSeparator(char32_t code) {
  return FoldTable::Get().IsSeparator(code);
}

bool IsOrnament(char32_t code) {
  return FoldTable::Get().IsOrnament(code);
}

bool IsHan(char32_t code) {
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) ||
         code == 0x3007 || (code >= 0xf900 && code <= 0xfaff) ||
         (code >= 0x20000 && code <= 0x3ffff);
}

bool IsLatin(char32_t code) {
  return code >= U'a' && code <= U'z';
}

bool IsDigit(char32_t code) {
  return code >= U'0' && code <= U'9';
}

std::string UnicodeVersion() {
  UVersionInfo version = {};
  u_getUnicodeVersion(version);
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

}  // namespace hallwarden::text
