// Making tokens, the first one included.
#ifndef HALLWARDEN_DAEMON_AUTH_BOOTSTRAP_H_
#define HALLWARDEN_DAEMON_AUTH_BOOTSTRAP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/statusor.h"

namespace hallwarden::daemon {

inline constexpr std::int64_t kDayUs = 86'400'000'000;
// Lifetime of a token when none is asked for, and the longest one.
inline constexpr std::int64_t kTokenLifetimeUs = 90 * kDayUs;
inline constexpr std::int64_t kTokenLifetimeMaxUs = 400 * kDayUs;

struct NewToken {
  v1::PutToken put;    // token and hash; options are the caller's to fill
  std::string secret;  // told once, kept nowhere
};

// Makes a token in force from `now_us` on for `lifetime_us`. INTERNAL if there is no randomness.
[[nodiscard]] absl::StatusOr<NewToken> MakeToken(std::string_view principal, v1::Role role,
                                                 std::int64_t now_us, std::int64_t lifetime_us);

struct FirstToken {
  v1::Command command;  // to be journalled before the secret is shown
  std::string secret;
};

// The admin's token of a new installation, made by the daemon itself: principal `admin`, 400 days.
// For stores that hold no token that is in force.
[[nodiscard]] absl::StatusOr<FirstToken> MakeFirstToken(std::int64_t now_us);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_BOOTSTRAP_H_
