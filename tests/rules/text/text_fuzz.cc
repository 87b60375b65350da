// Any bytes through the whole screening, on both surfaces: no crash, hits inside the text, costs
// within their caps.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rules/text/chat_screener.h"
#include "rules/text/name_screener.h"
#include "rules/text/skeleton.h"

namespace {

using hallwarden::text::TextHit;

void Check(std::string_view text, const std::vector<TextHit>& hits) {
  if (hits.size() > hallwarden::text::kTextHitsMax) std::abort();
  for (const TextHit& hit : hits) {
    if (hit.begin >= hit.end || hit.end > text.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = hallwarden::text;
  static const text::NameScreener* const kNames =
      new text::NameScreener(text::BuiltInNameLexicon());
  static const text::ChatScreener* const kChat = new text::ChatScreener(text::BuiltInChatLexicon());
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  text::ScreenCost cost;
  Check(bytes, kNames->Screen(bytes, &cost));
  Check(bytes, kChat->Screen(bytes, &cost));
  if (cost.units > 60'000 || cost.candidates > 10'000 || cost.rule_steps > 10'000) std::abort();
  static_cast<void>(text::ExplainReading(bytes));
  static_cast<void>(text::NameSkeleton(bytes));
  static_cast<void>(text::ContactsOf(bytes));
  return 0;
}
