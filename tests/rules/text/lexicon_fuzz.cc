// Any bytes as a list: it is refused with reasons, or it parses and screens a text.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "rules/text/chat_screener.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = hallwarden::text;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  absl::StatusOr<text::Lexicon> lexicon = text::Lexicon::Parse(bytes, "fuzz.lex");
  if (!lexicon.ok()) return 0;
  // A list may be large; compiling it is bounded by its limits, not worth a run each time.
  if (lexicon->entries().size() > 2'000) return 0;
  const text::ChatScreener screener(std::make_shared<const text::Lexicon>(*std::move(lexicon)));
  static_cast<void>(screener.Screen("加微信abc888 cheap gold 傻1逼 100元"));
  return 0;
}
