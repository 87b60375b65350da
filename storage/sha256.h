// SHA-256 and the hex that it is written in.
#ifndef HALLWARDEN_STORAGE_SHA256_H_
#define HALLWARDEN_STORAGE_SHA256_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hallwarden::storage {

inline constexpr std::size_t kSha256Bytes = 32;

// Ends the process if OpenSSL cannot hash: nothing here could go on.
[[nodiscard]] std::array<std::uint8_t, kSha256Bytes> Sha256(std::string_view content);

[[nodiscard]] std::string ToLowerHex(std::string_view bytes);
// Empty if it is no lower-case hex of `size` bytes.
[[nodiscard]] std::string FromLowerHex(std::string_view hex, std::size_t size);

// The bytes of a digest.
template <std::size_t kSize>
[[nodiscard]] std::string_view AsView(const std::array<std::uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_SHA256_H_
