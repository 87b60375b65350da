// SipHash-2-4 with 64-bit and 128-bit output (J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast
// short-input PRF", 2012; the 128-bit variant is the one of the authors' reference program).
//
// The only hash of `rules` whose value may reach a decision, an output or the disk: the same key
// and bytes give the same value on every build and every machine, for ever.
#ifndef HALLWARDEN_RULES_BASE_SIPHASH_H_
#define HALLWARDEN_RULES_BASE_SIPHASH_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace hallwarden {

// A 128-bit key as two words. Who holds the key can test guesses against a hash: a key that guards
// privacy is a secret; a key that only spreads values need not be.
struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;

  // Reads the two words in little-endian order, as the reference program does.
  static SipKey FromBytes(const std::array<std::uint8_t, 16>& bytes);

  friend bool operator==(const SipKey&, const SipKey&) = default;
};

// A 128-bit value, ordered as the unsigned integer hi * 2^64 + lo.
struct Hash128 {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

// Hashes `data` (any bytes, any length). Thread-safe.
[[nodiscard]] std::uint64_t SipHash64(const SipKey& key, std::string_view data);

// As SipHash64 with a 128-bit result: `lo` is the first word the reference program prints, `hi` the
// second, so lo and hi in little-endian order are its 16 bytes. Thread-safe.
[[nodiscard]] Hash128 SipHash128(const SipKey& key, std::string_view data);

// 32 lower-case hex digits, most significant first.
[[nodiscard]] std::string ToHex(const Hash128& hash);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_BASE_SIPHASH_H_
