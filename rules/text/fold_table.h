// What each code point becomes under the plain reading, worked out once from ICU and the data
// files. Private to rules/text. Immutable and thread-safe after construction.
#ifndef HALLWARDEN_RULES_TEXT_FOLD_TABLE_H_
#define HALLWARDEN_RULES_TEXT_FOLD_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden::text {

enum class CodeKind : std::uint8_t {
  kOne = 0,        // becomes the one code point `value`
  kSeveral = 1,    // becomes Several(value)
  kInvisible = 2,  // dropped: draws nothing
  kBidi = 3,       // dropped: changes the direction of its neighbours
  kControl = 4,    // dropped: control character
  kBreak = 5,      // a control character that ends or tabs a line: becomes a space
  kMark = 6,       // dropped: the combining mark `value` without a script of its own
  kOwnMark = 7,    // kept: a combining mark that belongs to one script (Thai, Devanagari ...)
  kRoman = 8,      // a Roman numeral: the letters Several(value), or a number among numbers
};

// Packed into 32 bits, so that the whole table stays in the second-level cache.
class CodeInfo {
 public:
  CodeInfo() = default;
  CodeInfo(std::uint32_t value, CodeKind kind) { Set(value, kind); }

  // The one code point, or what Several() takes. Below 2^21.
  [[nodiscard]] std::uint32_t value() const { return bits_ & kValueMask; }
  [[nodiscard]] CodeKind kind() const {
    return static_cast<CodeKind>((bits_ >> kKindShift) & kKindMask);
  }
  // The low bits of enum Change, up to kChangeMark.
  [[nodiscard]] std::uint32_t changes() const { return (bits_ >> kChangesShift) & kChangesMask; }
  // Of a kOne: neither letter, number nor mark.
  [[nodiscard]] bool separator() const { return (bits_ >> kSeparatorShift) != 0; }

  void Set(std::uint32_t value, CodeKind kind) {
    bits_ = (bits_ & ~(kValueMask | (kKindMask << kKindShift))) | (value & kValueMask) |
            (static_cast<std::uint32_t>(kind) << kKindShift);
  }
  void AddChanges(std::uint32_t changes) { bits_ |= (changes & kChangesMask) << kChangesShift; }
  void MarkSeparator() { bits_ |= 1U << kSeparatorShift; }

 private:
  static constexpr std::uint32_t kValueMask = 0x1fffff;
  static constexpr std::uint32_t kKindShift = 21;
  static constexpr std::uint32_t kKindMask = 0xf;
  static constexpr std::uint32_t kChangesShift = 25;
  static constexpr std::uint32_t kChangesMask = 0x3f;
  static constexpr std::uint32_t kSeparatorShift = 31;

  std::uint32_t bits_ = 0;
};
static_assert(sizeof(CodeInfo) == 4);

class FoldTable {
 public:
  // Built at the first call (some 10 ms), the same for ever.
  static const FoldTable& Get();

  [[nodiscard]] CodeInfo Of(char32_t code) const {
    return code < kTableSize ? infos_[code] : Compute(code);
  }
  // The expansion that `value` of a kSeveral or kRoman code stands for.
  [[nodiscard]] std::u32string_view Several(std::uint32_t value) const {
    return std::u32string_view(pool_).substr(value >> kLengthBits, value & kLengthMask);
  }
  [[nodiscard]] bool IsSeparator(char32_t code) const { return Of(code).separator(); }
  [[nodiscard]] bool IsOrnament(char32_t code) const {
    return code < kTraitsSize && (traits_[code] & kOrnament) != 0;
  }
  // The Latin letter that `code` is drawn for, or 0.
  [[nodiscard]] char32_t LookalikeOf(char32_t code) const {
    return code < kTraitsSize ? traits_[code] & kLookalike : 0U;
  }
  // `base` with the voiced sound mark `mark`, or 0 if the two do not combine.
  static char32_t ComposeKana(char32_t base, char32_t mark);

 private:
  static constexpr char32_t kTableSize = 0x20000;
  static constexpr std::uint32_t kLengthBits = 5;
  static constexpr std::uint32_t kLengthMask = 31;
  static constexpr char32_t kTraitsSize = 0x10000;
  static constexpr std::uint8_t kOrnament = 0x80;
  static constexpr std::uint8_t kLookalike = 0x7f;

  FoldTable();
  void ReadSimplified();
  void ReadLookalikes();
  void ReadOrnaments();
  // The info of a code point above the table.
  static CodeInfo Compute(char32_t code);
  void Fill(char32_t code);
  void FillVisible(char32_t code);
  [[nodiscard]] char32_t Simplify(char32_t code) const;

  std::vector<CodeInfo> infos_;
  std::u32string pool_;
  std::vector<std::uint16_t> simplified_;  // of U+0000..U+FFFF, 0 if its own
  std::vector<std::uint8_t> traits_;       // of U+0000..U+FFFF: kOrnament and the letter
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_FOLD_TABLE_H_
