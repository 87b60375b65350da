#include "daemon/auth/token_authenticator.h"

#include <string>
#include <utility>

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr std::string_view kScheme = "Bearer ";

absl::Status NoToken() {
  return RefusalStatus(absl::StatusCode::kUnauthenticated, "NO_TOKEN",
                       "metadata `authorization: Bearer {token}` is missing");
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(const TokenTable* tokens, PeerCounter* refused,
                                       std::function<std::int64_t()> now_us)
    : tokens_(tokens), refused_(refused), now_us_(std::move(now_us)) {}

absl::StatusOr<Principal> TokenAuthenticator::Authenticate(
    const grpc::CallbackServerContext& context) {
  const std::int64_t now_us = now_us_();
  const std::string peer = AddressOf(context.peer());
  absl::StatusOr<Principal> principal = Check(context, now_us);
  if (principal.ok()) {
    principal->peer = peer;
  } else {
    refused_->Count(peer, now_us);
  }
  return principal;
}

absl::Status TokenAuthenticator::Recheck(const Principal& principal) const {
  return tokens_->Recheck(principal, now_us_());
}

// Two headers are no token: a proxy and a client that disagree must not be settled by order.
absl::StatusOr<Principal> TokenAuthenticator::Check(const grpc::CallbackServerContext& context,
                                                    std::int64_t now_us) const {
  const auto range = context.client_metadata().equal_range("authorization");
  if (range.first == range.second || std::next(range.first) != range.second) return NoToken();
  const std::string_view value(range.first->second.data(), range.first->second.size());
  if (!value.starts_with(kScheme)) return NoToken();
  return tokens_->Check(value.substr(kScheme.size()), now_us);
}

}  // namespace hallwarden::daemon
