// A set of hashed pairs and triples of codes: no false "no", few false "yes". Private to
// rules/text.
#ifndef HALLWARDEN_RULES_TEXT_BIT_SET_H_
#define HALLWARDEN_RULES_TEXT_BIT_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hallwarden::text {

class BitSet {
 public:
  // 2^log2 bits.
  explicit BitSet(std::uint32_t log2) : shift_(32U - log2), words_((std::size_t{1} << log2) / 64) {}

  void Add(char32_t a, char32_t b, char32_t c = 0) {
    const std::uint32_t bit = BitOf(a, b, c);
    words_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  [[nodiscard]] bool Has(char32_t a, char32_t b, char32_t c = 0) const {
    const std::uint32_t bit = BitOf(a, b, c);
    return (words_[bit / 64] >> (bit % 64) & 1U) != 0;
  }

 private:
  [[nodiscard]] std::uint32_t BitOf(char32_t a, char32_t b, char32_t c) const {
    return (static_cast<std::uint32_t>(a) * 0x9e3779b1U +
            static_cast<std::uint32_t>(b) * 0x85ebca6bU +
            static_cast<std::uint32_t>(c) * 0xc2b2ae35U) >>
           shift_;
  }

  std::uint32_t shift_;
  std::vector<std::uint64_t> words_;
};

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_BIT_SET_H_
