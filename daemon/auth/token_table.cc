#include "daemon/auth/token_table.h"

#include <algorithm>
#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/auth/token_secret.h"
#include "google/protobuf/util/time_util.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;

absl::Status Unauthenticated(const char* reason, const char* message) {
  return RefusalStatus(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status BadToken() {
  return Unauthenticated("BAD_TOKEN", "the token is not valid");
}

// Whether the token is in force at `now_us`. One without an expiry never was: expire_time is
// required.
absl::Status InForce(const v1::Token& token, std::int64_t now_us) {
  if (token.has_revoke_time()) return Unauthenticated("TOKEN_REVOKED", "the token was revoked");
  if (!token.has_expire_time() ||
      TimeUtil::TimestampToMicroseconds(token.expire_time()) <= now_us) {
    return Unauthenticated("TOKEN_EXPIRED", "the token expired");
  }
  return absl::OkStatus();
}

Principal PrincipalOf(const v1::Token& token) {
  Principal principal;
  principal.name = token.principal();
  principal.role = token.role();
  principal.token = token.name();
  principal.expire_us = TimeUtil::TimestampToMicroseconds(token.expire_time());
  return principal;
}

}  // namespace

TokenTable::TokenTable() : rows_(std::make_shared<const Rows>()) {}

void TokenTable::Reset(const std::vector<PutToken>& tokens) {
  const std::lock_guard<std::mutex> writing(writer_);
  auto rows = std::make_shared<Rows>();
  for (const PutToken& put : tokens)
    Insert({put.token, put.secret_sha256}, rows.get());
  Publish(std::move(rows));
}

void TokenTable::Put(const PutToken& put) {
  const std::lock_guard<std::mutex> writing(writer_);
  auto rows = std::make_shared<Rows>(*Snapshot());
  if (!put.secret_sha256.empty()) {
    Insert({put.token, put.secret_sha256}, rows.get());
  } else if (const auto known = rows->by_name.find(put.token.name());
             known != rows->by_name.end()) {
    known->second.token.MergeFrom(put.token);
  }
  Publish(std::move(rows));
}

absl::StatusOr<Principal> TokenTable::Check(std::string_view secret, std::int64_t now_us) const {
  const std::optional<std::string_view> id = TokenIdOf(secret);
  if (!id.has_value()) return BadToken();
  const std::shared_ptr<const Rows> rows = Snapshot();
  const auto found = rows->by_name.find("tokens/" + std::string(*id));
  // An unknown id costs the same as a wrong secret.
  const std::string expected =
      found == rows->by_name.end() ? std::string() : found->second.secret_sha256;
  if (!EqualInConstantTime(Sha256(secret), expected)) return BadToken();
  const v1::Token& token = found->second.token;
  if (absl::Status status = InForce(token, now_us); !status.ok()) return status;
  return PrincipalOf(token);
}

absl::StatusOr<Principal> TokenTable::FindServer(std::string_view principal,
                                                 std::int64_t now_us) const {
  const std::shared_ptr<const Rows> rows = Snapshot();
  const auto [begin, end] = rows->of_server.equal_range(principal);
  for (auto it = begin; it != end; ++it) {
    const v1::Token& token = rows->by_name.find(it->second)->second.token;
    if (InForce(token, now_us).ok()) return PrincipalOf(token);
  }
  return RefusalStatus(absl::StatusCode::kUnauthenticated, "CERTIFICATE_UNKNOWN",
                       "the client certificate is of no game server that is registered: gmctl "
                       "token create --principal {name} --role server");
}

absl::Status TokenTable::Recheck(const Principal& principal, std::int64_t now_us) const {
  const std::shared_ptr<const Rows> rows = Snapshot();
  const auto found = rows->by_name.find(principal.token);
  return found == rows->by_name.end() ? BadToken() : InForce(found->second.token, now_us);
}

void TokenTable::SetListener(std::function<void()> changed) {
  changed_ = std::move(changed);
}

bool TokenTable::AnyInForce(v1::Role role, std::int64_t now_us) const {
  const std::shared_ptr<const Rows> rows = Snapshot();
  return std::any_of(rows->by_name.begin(), rows->by_name.end(), [role, now_us](const auto& row) {
    return row.second.token.role() == role && InForce(row.second.token, now_us).ok();
  });
}

std::size_t TokenTable::size() const {
  return Snapshot()->by_name.size();
}

void TokenTable::Insert(Row row, Rows* rows) {
  std::string name = row.token.name();
  const bool known = rows->by_name.contains(name);
  if (!known && row.token.role() == v1::ROLE_GAME_SERVER) {
    rows->of_server.emplace(row.token.principal(), name);
  }
  rows->by_name[std::move(name)] = std::move(row);
}

std::shared_ptr<const TokenTable::Rows> TokenTable::Snapshot() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rows_;
}

void TokenTable::Publish(std::shared_ptr<const Rows> rows) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    rows_.swap(rows);
  }
  if (changed_) changed_();
}

}  // namespace hallwarden::daemon
