#include "rules/text/utf8.h"

#include <cstdint>

namespace hallwarden::text {
namespace {

// Length of a sequence by its first byte and the range allowed for the second (Unicode 15, table
// 3-7); the further ones are 80..BF.
struct Lead {
  std::size_t size = 0;  // 0: not a first byte
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
};

Lead LeadOf(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {.size = 2};
  if (byte == 0xe0) return {.size = 3, .low = 0xa0};
  if (byte == 0xed) return {.size = 3, .high = 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {.size = 3};
  if (byte == 0xf0) return {.size = 4, .low = 0x90};
  if (byte == 0xf4) return {.size = 4, .high = 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {.size = 4};
  return {};
}

}  // namespace

Decoded DecodeOne(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return {.code = first, .size = 1, .valid = true};
  const Lead lead = LeadOf(first);
  if (lead.size == 0) return {};
  char32_t code = std::uint32_t{first} & (0x7fU >> lead.size);
  unsigned char low = lead.low;
  unsigned char high = lead.high;
  for (std::size_t i = 1; i < lead.size; ++i) {
    if (i == bytes.size()) return {.size = i};
    const auto next = static_cast<unsigned char>(bytes[i]);
    if (next < low || next > high) return {.size = i};
    code = (code << 6U) | (std::uint32_t{next} & 0x3fU);
    low = 0x80;
    high = 0xbf;
  }
  return {.code = code, .size = lead.size, .valid = true};
}

void AppendUtf8(char32_t code, std::string* out) {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) code = kReplacement;
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  const std::size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static constexpr unsigned char kLeads[] = {0, 0xc0, 0xe0, 0xf0};
  out->push_back(static_cast<char>(kLeads[more] | (code >> (6 * more))));
  for (std::size_t i = more; i > 0; --i) {
    out->push_back(static_cast<char>(0x80U | ((code >> (6 * (i - 1))) & 0x3fU)));
  }
}

std::u32string DecodeUtf8(std::string_view bytes) {
  std::u32string codes;
  while (!bytes.empty()) {
    const Decoded piece = DecodeOne(bytes);
    codes.push_back(piece.code);
    bytes.remove_prefix(piece.size);
  }
  return codes;
}

std::string EncodeUtf8(std::u32string_view codes) {
  std::string text;
  for (const char32_t code : codes) {
    AppendUtf8(code, &text);
  }
  return text;
}

}  // namespace hallwarden::text
