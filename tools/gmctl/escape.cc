#include "tools/gmctl/escape.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace hallwarden::gmctl {
namespace {

// Scripts that stack several marks on one letter stay readable; "zalgo" does not get through.
constexpr int kMarksPerBase = 4;
constexpr UChar32 kIdeographicSpace = 0x3000;
constexpr UChar32 kBrailleBlank = 0x2800;

struct Rules {
  bool backslash = false;
  bool keep_lines = false;
  bool keep_tabs = false;
  bool keep_tints = false;
};

// One character, or one byte that begins none.
struct Unit {
  UChar32 point = -1;  // Negative: no UTF-8.
  std::size_t length = 1;
};

Unit NextUnit(std::string_view bytes) {
  std::int32_t at = 0;
  // Four bytes hold any character.
  const auto length = static_cast<std::int32_t>(bytes.size() < 4 ? bytes.size() : 4);
  UChar32 point = -1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
  U8_NEXT(bytes.data(), at, length, point);
#pragma GCC diagnostic pop
  if (point < 0) return Unit{};
  return Unit{point, static_cast<std::size_t>(at)};
}

bool IsMark(UChar32 point) {
  const auto type = u_charType(point);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

// Characters that show nothing, or more than themselves.
bool IsHidden(UChar32 point) {
  if (u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return true;
  if (u_hasBinaryProperty(point, UCHAR_BIDI_CONTROL) != 0) return true;
  if (point == kBrailleBlank) return true;
  switch (u_charType(point)) {
    case U_UNASSIGNED:
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return true;
    case U_SPACE_SEPARATOR:
      return point != ' ' && point != kIdeographicSpace;
    default:
      return false;
  }
}

void AppendHexByte(unsigned char byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\x";
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

void AppendCodePoint(UChar32 point, std::string& out) {
  std::array<char, 8> digits{};
  const auto result =
      std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<unsigned>(point), 16);
  out += "\\u{";
  for (const char* c = digits.data(); c != result.ptr; ++c) {
    out += *c >= 'a' ? static_cast<char>(*c - 'a' + 'A') : *c;
  }
  out += '}';
}

void AppendAscii(char c, const Rules& rules, std::string& out) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\\' && rules.backslash) {
    out += "\\\\";
  } else if ((byte >= 0x20 && byte < 0x7f) || (c == '\n' && rules.keep_lines) ||
             (c == '\t' && rules.keep_tabs) ||
             (c >= kTintBold && c <= kTintEnd && rules.keep_tints)) {
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else {
    AppendHexByte(byte, out);
  }
}

std::string Escape(std::string_view bytes, const Rules& rules) {
  std::string out;
  out.reserve(bytes.size());
  int marks = kMarksPerBase;  // Nothing before: a mark has no base to stand on.
  while (!bytes.empty()) {
    const Unit unit = NextUnit(bytes);
    const std::string_view raw = bytes.substr(0, unit.length);
    bytes.remove_prefix(unit.length);
    if (unit.point < 0) {
      AppendHexByte(static_cast<unsigned char>(raw.front()), out);
      marks = kMarksPerBase;
    } else if (unit.point < 0x80) {
      AppendAscii(raw.front(), rules, out);
      // A mark must not change how an escape or a separator looks.
      const char c = raw.front();
      const bool letter =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      marks = letter ? 0 : kMarksPerBase;
    } else if (IsHidden(unit.point) || (IsMark(unit.point) && marks >= kMarksPerBase)) {
      AppendCodePoint(unit.point, out);
      marks = kMarksPerBase;
    } else {
      out.append(raw);
      marks = IsMark(unit.point) ? marks + 1 : 0;
    }
  }
  return out;
}

int PointWidth(UChar32 point) {
  if (point < 0x20 || IsMark(point)) return 0;
  const int width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::string_view AnsiOf(char tint) {
  switch (tint) {
    case kTintBold:
      return "\x1b[1m";
    case kTintRed:
      return "\x1b[31m";
    case kTintGreen:
      return "\x1b[32m";
    case kTintYellow:
      return "\x1b[33m";
    case kTintDim:
      return "\x1b[2m";
    default:
      return "\x1b[0m";
  }
}

// Reads the character that an escape behind a backslash stands for and takes it off `text`.
std::optional<std::string> TakeEscape(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == '\\') return "\\";
  if (kind == 'n') return "\n";
  if (kind == 't') return "\t";
  if (kind == 'r') return "\r";
  const bool braces = kind == 'u' && !text.empty() && text.front() == '{';
  if (kind != 'x' && !braces) return std::nullopt;
  std::string_view digits = text.substr(0, 2);
  if (braces) {
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) return std::nullopt;
    digits = text.substr(1, close - 1);
  }
  unsigned value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, 16);
  if (error != std::errc() || end != last || digits.size() < 2 || value > 0x10ffff) {
    return std::nullopt;
  }
  text.remove_prefix(digits.size() + (braces ? 2 : 0));
  if (!braces) return std::string(1, static_cast<char>(value));
  std::array<std::uint8_t, 4> buffer{};
  std::int32_t size = 0;
  UBool failed = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wuseless-cast"
  U8_APPEND(buffer.data(), size, 4, static_cast<UChar32>(value), failed);
#pragma GCC diagnostic pop
  if (failed != 0) return std::nullopt;
  std::string out;
  for (std::int32_t i = 0; i < size; ++i) {
    out += static_cast<char>(buffer.at(static_cast<std::size_t>(i)));
  }
  return out;
}

}  // namespace

std::string EscapePlayerText(std::string_view bytes) {
  return Escape(bytes, Rules{.backslash = true});
}

std::optional<std::string> UnescapePlayerText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      out += c;
      continue;
    }
    const std::optional<std::string> meant = TakeEscape(text);
    if (!meant.has_value()) return std::nullopt;
    out += *meant;
  }
  return out;
}

std::string Guard(std::string_view bytes) {
  return Escape(bytes, Rules{});
}

std::string GuardLines(std::string_view bytes) {
  return Escape(bytes, Rules{.keep_lines = true});
}

bool IsValidUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const Unit unit = NextUnit(bytes);
    if (unit.point < 0) return false;
    bytes.remove_prefix(unit.length);
  }
  return true;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Unit unit = NextUnit(text);
    text.remove_prefix(unit.length);
    width += unit.point < 0 ? 1 : PointWidth(unit.point);
  }
  return width;
}

std::string CutToWidth(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  constexpr int kDots = 2;
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Unit unit = NextUnit(text.substr(at));
    const int more = unit.point < 0 ? 1 : PointWidth(unit.point);
    if (used + more > width - kDots) break;
    used += more;
    at += unit.length;
  }
  return std::string(text.substr(0, at)) + "..";
}

std::string Tinted(char tint, std::string_view text) {
  std::string out(1, tint);
  out.append(text);
  out += kTintEnd;
  return out;
}

std::string FinishForConsole(std::string_view text, bool color, bool keep_tabs) {
  const std::string safe =
      Escape(text, Rules{.keep_lines = true, .keep_tabs = keep_tabs, .keep_tints = true});
  std::string out;
  out.reserve(safe.size());
  for (const char c : safe) {
    if (c < kTintBold || c > kTintEnd) {
      out += c;
    } else if (color) {
      out.append(AnsiOf(c));
    }
  }
  return out;
}

}  // namespace hallwarden::gmctl
