// Secrets of tokens: `hw_{token id}_{32 random bytes in base 32}`. The id in front finds the row
// without a search; what is stored is the SHA-256 of the whole text. 256 random bits need no salt
// and no slow hash.
#ifndef HALLWARDEN_DAEMON_AUTH_TOKEN_SECRET_H_
#define HALLWARDEN_DAEMON_AUTH_TOKEN_SECRET_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hallwarden::daemon {

struct TokenSecret {
  std::string token_id;  // 12 characters of [a-z2-7]
  std::string text;      // what the owner keeps
};

// Makes one from the operating system's random source. INTERNAL if that fails.
[[nodiscard]] absl::StatusOr<TokenSecret> MakeTokenSecret();

// The token id in a secret; nullopt if the text is no secret of this form.
[[nodiscard]] std::optional<std::string_view> TokenIdOf(std::string_view secret);

// 32 bytes.
[[nodiscard]] std::string Sha256(std::string_view bytes);

// Compares in time that depends on the lengths alone.
[[nodiscard]] bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_TOKEN_SECRET_H_
