#include "rules/avatar/hash256.h"

namespace hallwarden::avatar {

std::string ToBytes(const Hash256& hash) {
  std::string bytes;
  bytes.reserve(Hash256::kBytes);
  for (const std::uint64_t word : hash.words) {
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(word >> shift & 0xff));
  }
  return bytes;
}

std::optional<Hash256> FromBytes(std::string_view bytes) {
  if (bytes.size() != Hash256::kBytes) return std::nullopt;
  Hash256 hash;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::uint64_t& word = hash.words[i / 8];
    word = word << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return hash;
}

bool Plausible(const Hash256& hash) {
  constexpr int kLeast = 64;
  constexpr int kMost = 192;
  const int weight = hash.Weight();
  return weight >= kLeast && weight <= kMost;
}

}  // namespace hallwarden::avatar
