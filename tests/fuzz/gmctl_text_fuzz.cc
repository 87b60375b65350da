// Whatever somebody wrote must not speak to a GM's terminal.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/fuzz/require.h"
#include "tools/gmctl/escape.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hallwarden::fuzz::Require;
  namespace gmctl = hallwarden::gmctl;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string escaped = gmctl::EscapePlayerText(bytes);
  Require(gmctl::IsValidUtf8(escaped), "escaped text is UTF-8");
  for (const char c : escaped) {
    const auto byte = static_cast<std::uint8_t>(c);
    Require(byte >= 0x20 && byte != 0x7f, "escaped text has no control character");
  }
  const std::optional<std::string> back = gmctl::UnescapePlayerText(escaped);
  Require(back.has_value() && *back == bytes, "escaping can be undone");
  const std::string guarded = gmctl::Guard(bytes);
  Require(gmctl::Guard(guarded) == guarded, "guarding twice guards once");
  const int width = gmctl::DisplayWidth(escaped);
  Require(width >= 0, "a width is no debt");
  const std::string cut = gmctl::CutToWidth(escaped, 20);
  Require(gmctl::DisplayWidth(cut) <= 20, "cut text fits");
  static_cast<void>(gmctl::UnescapePlayerText(bytes));
  const std::string finished = gmctl::FinishForConsole(bytes, false, false);
  for (const char c : finished)
    Require(c != '\x1b', "no escape character reaches the console");
  return 0;
}
