// The 256 bits of a PDQ hash, and how two of them compare.
#ifndef HALLWARDEN_RULES_AVATAR_HASH256_H_
#define HALLWARDEN_RULES_AVATAR_HASH256_H_

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hallwarden::avatar {

// Bit 16 * row + column belongs to that coefficient; word 0 holds bits 0 to 63. Ordered as a
// number.
struct Hash256 {
  static constexpr std::size_t kBytes = 32;

  // Least significant last, so that the comparison is the number's.
  std::array<std::uint64_t, 4> words{};

  [[nodiscard]] constexpr bool Bit(unsigned bit) const {
    return (words[3 - bit / 64] >> (bit % 64) & 1U) != 0;
  }
  constexpr void Set(unsigned bit) { words[3 - bit / 64] |= std::uint64_t{1} << (bit % 64); }
  // 16 bits of it, `slice` 0 to 15.
  [[nodiscard]] constexpr std::uint16_t Slice(unsigned slice) const {
    return static_cast<std::uint16_t>(words[3 - slice / 4] >> (slice % 4 * 16));
  }
  // How many bits are set. About half of them are in every real hash.
  [[nodiscard]] constexpr int Weight() const {
    int weight = 0;
    for (const std::uint64_t word : words)
      weight += std::popcount(word);
    return weight;
  }

  friend constexpr auto operator<=>(const Hash256&, const Hash256&) = default;
};

// Bits in which they differ.
[[nodiscard]] constexpr int Distance(const Hash256& a, const Hash256& b) {
  int distance = 0;
  for (std::size_t i = 0; i < a.words.size(); ++i)
    distance += std::popcount(a.words[i] ^ b.words[i]);
  return distance;
}

// 32 bytes, most significant first: the usual 64 hex digits, as bytes.
[[nodiscard]] std::string ToBytes(const Hash256& hash);
// Nullopt unless it has 32 bytes.
[[nodiscard]] std::optional<Hash256> FromBytes(std::string_view bytes);

// True for what can be a hash of a picture: the threshold is the median, so half of the bits are
// set. A quarter to three quarters are let pass.
[[nodiscard]] bool Plausible(const Hash256& hash);

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_HASH256_H_
