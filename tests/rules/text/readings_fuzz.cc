// Any bytes through the plain fold, every reading and the grammar of contacts: every unit leads
// back to bytes of the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rules/text/contact.h"
#include "rules/text/readings.h"
#include "rules/text/sound.h"

namespace {

void Check(const hallwarden::text::Folded& folded, std::size_t size) {
  for (const hallwarden::text::Unit& unit : folded.units) {
    if (unit.begin >= unit.end || unit.end > size || unit.repeat == 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = hallwarden::text;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  text::ReadingChain chain(bytes);
  for (std::size_t i = 0; i < text::kReadingCount; ++i) {
    const text::Folded* read = chain.Next(static_cast<text::Reading>(i));
    if (read == nullptr) continue;
    Check(*read, size);
    Check(text::ReadSounds(*read).text, size);
    std::vector<text::ContactSpan> spans;
    text::FindContacts(read->units, &spans);
    for (const text::ContactSpan& span : spans) {
      if (span.begin >= span.end || span.end > read->units.size()) std::abort();
    }
    for (std::size_t at = 0; at < read->units.size(); at += 7) {
      if (text::NumberEnd(read->units, at, true) > read->units.size()) std::abort();
      if (text::AccountEnd(read->units, at) > read->units.size()) std::abort();
    }
  }
  return 0;
}
