// What must never reach a terminal, said without the code under test.
#ifndef HALLWARDEN_TESTS_TOOLS_GMCTL_SAFETY_H_
#define HALLWARDEN_TESTS_TOOLS_GMCTL_SAFETY_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden::gmctl {

// Decodes one character at `at`; 0xFFFFFFFF for bytes that are no UTF-8. Moves `at`.
inline std::uint32_t DecodeOne(std::string_view text, std::size_t& at) {
  constexpr std::uint32_t kBad = 0xFFFFFFFF;
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint32_t{0};
  };
  const std::uint32_t first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4) return kBad;
  std::uint32_t point = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    const std::uint32_t next = byte(at++);
    if ((next & 0xC0U) != 0x80) return kBad;
    point = (point << 6U) | (next & 0x3FU);
  }
  return point;
}

// Empty if `text` is harmless; otherwise what is wrong with it.
inline std::string WhatIsUnsafe(std::string_view text, bool tabs_allowed) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = at;
    const std::uint32_t point = DecodeOne(text, at);
    const bool control = (point < 0x20 && point != '\n' && !(point == '\t' && tabs_allowed)) ||
                         (point >= 0x7F && point <= 0x9F);
    const bool bidi = point == 0x61C || point == 0x200E || point == 0x200F ||
                      (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    const bool hidden = (point >= 0x200B && point <= 0x200D) || point == 0x2060 ||
                        point == 0xFEFF || point == 0xAD || point == 0x2028 || point == 0x2029 ||
                        (point >= 0xE0000 && point <= 0xE0FFF) ||
                        (point >= 0xFE00 && point <= 0xFE0F);
    if (control || bidi || hidden || point == 0xFFFFFFFF) {
      return "character " + std::to_string(point) + " at byte " + std::to_string(begin);
    }
  }
  return "";
}

// Bytes of every kind that players tried, among them whole characters and pieces of some.
inline std::string RandomNastyText(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "\x1b[31m",   "\x1b]0;x\x07", "\u202E",     "\u2066",
      "\u2069",     "\u200B",       "\u200D",     "\uFEFF",
      "\u2028",     "\u2029",       "\u0085",     "\u009B",
      "\x7f",       "\n",           "\r",         "\t",
      "\"",         "\\",           "\\x1b",      "\xff",
      "\xc0\xaf",   "\xed\xa0\x80", "\U000E0041", "\uFE0F",
      "\u00AD",     "\u0301",       "\u3164",     "\u5C0F",
      "\U0001F600", "=1+1",         "+",          "-",
      "@",          "{account}",    "\x01",       "\x06",
      "'",          "\u061C"};
  std::string text;
  const std::size_t length = random() % 8;
  for (std::size_t i = 0; i < length; ++i) {
    if (random() % 3 == 0) {
      text += static_cast<char>(random() & 0xffU);
    } else {
      text += kPieces[random() % kPieces.size()];
    }
  }
  return text;
}

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TESTS_TOOLS_GMCTL_SAFETY_H_
