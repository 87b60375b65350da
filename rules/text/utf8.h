// UTF-8 without surprises: decoding never stops and never allocates more than it returns.
// Thread-safe. Private to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_UTF8_H_
#define HALLWARDEN_RULES_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace hallwarden::text {

inline constexpr char32_t kReplacement = 0xfffd;

// One decoded piece of the input.
struct Decoded {
  char32_t code = kReplacement;
  std::size_t size = 1;  // bytes it takes, at least 1
  bool valid = false;
};

// Decodes the piece at the start of `bytes`. Overlong forms, surrogates and values above U+10FFFF
// are invalid. An invalid piece is U+FFFD and as long as the longest prefix that could have become
// valid (Unicode 15, 3.9, "maximal subparts"), at least one byte.
// Requires: `bytes` is not empty.
[[nodiscard]] Decoded DecodeOne(std::string_view bytes);

// Appends `code` to `*out`. What is no scalar value is written as U+FFFD.
void AppendUtf8(char32_t code, std::string* out);

[[nodiscard]] std::u32string DecodeUtf8(std::string_view bytes);
[[nodiscard]] std::string EncodeUtf8(std::u32string_view codes);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_UTF8_H_
