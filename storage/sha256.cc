#include "storage/sha256.h"

#include <cstdio>
#include <cstdlib>

#include <openssl/evp.h>

namespace hallwarden::storage {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

// Fetched once: looking the algorithm up costs more than a short hash.
const EVP_MD* Algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

}  // namespace

std::array<std::uint8_t, kSha256Bytes> Sha256(std::string_view content) {
  std::array<std::uint8_t, kSha256Bytes> digest{};
  unsigned int size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, Algorithm(), nullptr) != 1 ||
      size != kSha256Bytes) {
    std::fputs("SHA-256 failed\n", stderr);
    std::abort();
  }
  return digest;
}

std::string ToLowerHex(std::string_view bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    hex.push_back(kHexDigits[byte >> 4]);
    hex.push_back(kHexDigits[byte & 0xf]);
  }
  return hex;
}

std::string FromLowerHex(std::string_view hex, std::size_t size) {
  std::string bytes;
  if (hex.size() != 2 * size) return bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::size_t high = kHexDigits.find(hex[i]);
    const std::size_t low = kHexDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return {};
    bytes.push_back(static_cast<char>((high << 4) | low));
  }
  return bytes;
}

}  // namespace hallwarden::storage
