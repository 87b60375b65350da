// How often the entries of word lists hit.
#ifndef HALLWARDEN_RULES_STATE_LEXICON_CELLS_H_
#define HALLWARDEN_RULES_STATE_LEXICON_CELLS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden {

// A page of counts, by the hash of the entry. 64 pages, so that a hit rewrites little; with the
// 60,000 entries of a full list and the built-in ones a page holds about 1,400.
struct LexiconHitsCell {
  static constexpr std::uint32_t kPages = 64;
  static constexpr std::uint32_t kEntriesMax = 4096;

  struct Entry {
    std::uint64_t key = 0;
    std::uint64_t count = 0;
    std::int64_t last_us = 0;  // commit time of the last finding
  };
  std::vector<Entry> entries;  // in key order

  // One more. A full page forgets the entry whose last finding is the oldest.
  void Add(std::uint64_t key, std::int64_t now_us);

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_LEXICON_CELLS_H_
