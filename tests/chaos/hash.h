// A hash for comparing bytes that two sides have.
#ifndef HALLWARDEN_TESTS_CHAOS_HASH_H_
#define HALLWARDEN_TESTS_CHAOS_HASH_H_

#include <cstdint>
#include <string>

namespace hallwarden::chaos {

// FNV-1a, never 0.
[[nodiscard]] inline std::uint64_t HashOf(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : bytes) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3U;
  }
  return hash == 0 ? 1 : hash;
}

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_HASH_H_
