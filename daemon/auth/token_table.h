// Tokens in force, as the last commit left them.
#ifndef HALLWARDEN_DAEMON_AUTH_TOKEN_TABLE_H_
#define HALLWARDEN_DAEMON_AUTH_TOKEN_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {

// Thread-safe: checks read an immutable snapshot, which each change replaces. Holds no secret.
class TokenTable {
 public:
  TokenTable();

  // Everything anew, from the store. A row without a hash lets nobody in.
  void Reset(const std::vector<PutToken>& tokens);

  // A token was made or, with an empty hash, a known one changed: what is set is merged into it.
  // Call it when its commit is durable.
  void Put(const PutToken& put);

  // Who owns `secret`, `peer` left empty. UNAUTHENTICATED with reason BAD_TOKEN, TOKEN_EXPIRED or
  // TOKEN_REVOKED; the latter two only to who knows the secret.
  [[nodiscard]] absl::StatusOr<Principal> Check(std::string_view secret, std::int64_t now_us) const;

  // Who the game server `principal` is to us, for one that proved itself by its certificate: he has
  // a token in force, whose secret nobody needs to show. UNAUTHENTICATED with reason
  // CERTIFICATE_UNKNOWN if he has none.
  [[nodiscard]] absl::StatusOr<Principal> FindServer(std::string_view principal,
                                                     std::int64_t now_us) const;

  // Whether a principal that was checked once may go on: streams ask again and again. Errors as
  // Check.
  [[nodiscard]] absl::Status Recheck(const Principal& principal, std::int64_t now_us) const;

  // Runs `changed` after each change, on the thread that made it: be quick and call nothing here.
  // Call it before any thread uses the table.
  void SetListener(std::function<void()> changed);

  // Whether anybody holds a token in force with this role.
  [[nodiscard]] bool AnyInForce(v1::Role role, std::int64_t now_us) const;

  [[nodiscard]] std::size_t size() const;

 private:
  struct Row {
    v1::Token token;
    std::string secret_sha256;
  };
  struct Rows {
    std::map<std::string, Row, std::less<>> by_name;  // resource name
    // Names of the tokens of game servers.
    std::multimap<std::string, std::string, std::less<>> of_server;
  };

  static void Insert(Row row, Rows* rows);
  [[nodiscard]] std::shared_ptr<const Rows> Snapshot() const;
  void Publish(std::shared_ptr<const Rows> rows);

  mutable std::mutex mutex_;  // guards rows_; held for copying or swapping a pointer
  std::shared_ptr<const Rows> rows_;
  std::mutex writer_;  // held from reading the old rows to publishing the new ones
  std::function<void()> changed_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_TOKEN_TABLE_H_
