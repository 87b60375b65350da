#include "rules/state/lexicon_cells.h"

#include <algorithm>

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

void LexiconHitsCell::Add(std::uint64_t key, std::int64_t now_us) {
  auto at = std::lower_bound(entries.begin(), entries.end(), key,
                             [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
  if (at == entries.end() || at->key != key) {
    if (entries.size() >= kEntriesMax) {
      const auto oldest =
          std::min_element(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
            return a.last_us != b.last_us ? a.last_us < b.last_us : a.key < b.key;
          });
      entries.erase(oldest);
      at = std::lower_bound(entries.begin(), entries.end(), key,
                            [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
    }
    at = entries.insert(at, Entry{key, 0, 0});
  }
  ++at->count;
  at->last_us = std::max(at->last_us, now_us);
}

void LexiconHitsCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(entries.size());
  for (const Entry& entry : entries) {
    writer.Varint(entry.key);
    writer.Varint(entry.count);
    writer.Signed(entry.last_us);
  }
}

bool LexiconHitsCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  const std::uint64_t count = in.Varint();
  if (count > kEntriesMax) return false;
  entries.clear();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Entry entry;
    entry.key = in.Varint();
    entry.count = in.Varint();
    entry.last_us = in.Signed();
    // Sorted, each once: what looks entries up relies on it.
    if (!entries.empty() && entries.back().key >= entry.key) return false;
    entries.push_back(entry);
  }
  return in.done();
}

}  // namespace hallwarden
