#include "daemon/auth/token_secret.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace hallwarden::daemon {
namespace {

constexpr std::string_view kPrefix = "hw_";
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t kIdLength = 12;
constexpr std::size_t kIdBytes = 8;  // enough for kIdLength characters of 5 bits
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretLength = (kSecretBytes * 8 + 4) / 5;

template <std::size_t kSize>
std::string Base32(const std::array<unsigned char, kSize>& bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const unsigned char byte : bytes) {
    bits = (bits << 8U) | byte;
    for (count += 8; count >= 5; count -= 5) {
      out.push_back(kAlphabet[(bits >> static_cast<unsigned>(count - 5)) & 31U]);
    }
  }
  if (count > 0) out.push_back(kAlphabet[(bits << static_cast<unsigned>(5 - count)) & 31U]);
  return out;
}

bool IsBase32(std::string_view text) {
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace

absl::StatusOr<TokenSecret> MakeTokenSecret() {
  std::array<unsigned char, kIdBytes> id{};
  std::array<unsigned char, kSecretBytes> secret{};
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1 ||
      RAND_bytes(secret.data(), static_cast<int>(secret.size())) != 1) {
    return absl::InternalError("the operating system gives no random bytes");
  }
  TokenSecret made;
  made.token_id = Base32(id).substr(0, kIdLength);
  made.text = std::string(kPrefix) + made.token_id + "_" + Base32(secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  return made;
}

std::optional<std::string_view> TokenIdOf(std::string_view secret) {
  if (secret.size() != kPrefix.size() + kIdLength + 1 + kSecretLength ||
      !secret.starts_with(kPrefix)) {
    return std::nullopt;
  }
  secret.remove_prefix(kPrefix.size());
  const std::string_view id = secret.substr(0, kIdLength);
  if (secret[kIdLength] != '_' || !IsBase32(id) || !IsBase32(secret.substr(kIdLength + 1))) {
    return std::nullopt;
  }
  return id;
}

std::string Sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {digest.begin(), digest.end()};
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hallwarden::daemon
