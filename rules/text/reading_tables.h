// What the readings beyond the plain one know, from the files in data/. Private to rules/text.
// Immutable and thread-safe after construction.
#ifndef HALLWARDEN_RULES_TEXT_READING_TABLES_H_
#define HALLWARDEN_RULES_TEXT_READING_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/text/bit_set.h"
#include "rules/text/fold.h"

namespace hallwarden::text {

class ReadingTables {
 public:
  // Built at the first call, the same for ever.
  static const ReadingTables& Get();

  // The word that the emoji `code` stands for, or an empty one.
  [[nodiscard]] std::u32string_view EmojiWord(char32_t code) const;

  // The character whose parts begin at units[at], and how many units they take; {0, 0} if none do.
  [[nodiscard]] std::pair<char32_t, std::size_t> Joined(const std::vector<Unit>& units,
                                                        std::size_t at) const;
  // False if no character's parts begin with these two.
  [[nodiscard]] bool MayJoin(char32_t first, char32_t second) const {
    return pairs_.Has(first, second);
  }

  // The character that the rare character `code` is drawn like, or 0.
  [[nodiscard]] char32_t RareVariant(char32_t code) const;
  // The characters drawn like `code` that are in common use.
  [[nodiscard]] std::u32string_view CommonVariants(char32_t code) const;
  // The one of them that is nearest, 0 if a rarer one is nearer.
  [[nodiscard]] char32_t NearestVariant(char32_t code) const;

 private:
  struct Row {
    char32_t code = 0;
    std::u32string text;
  };
  struct Way {
    std::u32string parts;
    char32_t code = 0;
  };

  ReadingTables();
  void ReadEmoji();
  void ReadSplits();
  void ReadVariantsOf();
  static std::u32string_view Find(const std::vector<Row>& rows, char32_t code);

  std::vector<Row> emoji_;     // sorted by code
  std::vector<Row> variants_;  // character -> its look-alikes in common use
  std::vector<Row> nearest_;   // character -> the nearest of them, if it is that
  std::vector<std::pair<char32_t, char32_t>> rare_;  // look-alike -> character, sorted
  std::vector<Way> ways_;                            // sorted by parts
  BitSet pairs_{17};                                 // that parts begin with
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_READING_TABLES_H_
