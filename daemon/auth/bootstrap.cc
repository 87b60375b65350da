#include "daemon/auth/bootstrap.h"

#include <utility>

#include "daemon/auth/token_secret.h"
#include "google/protobuf/util/time_util.h"

namespace hallwarden::daemon {

using ::google::protobuf::util::TimeUtil;

absl::StatusOr<NewToken> MakeToken(std::string_view principal, v1::Role role, std::int64_t now_us,
                                   std::int64_t lifetime_us) {
  absl::StatusOr<TokenSecret> secret = MakeTokenSecret();
  if (!secret.ok()) return secret.status();
  NewToken made;
  v1::Token& token = *made.put.mutable_token();
  token.set_name("tokens/" + secret->token_id);
  token.set_principal(std::string(principal));
  token.set_role(role);
  *token.mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(now_us);
  *token.mutable_expire_time() = TimeUtil::MicrosecondsToTimestamp(now_us + lifetime_us);
  made.put.set_secret_sha256(Sha256(secret->text));
  made.secret = std::move(secret->text);
  return made;
}

absl::StatusOr<FirstToken> MakeFirstToken(std::int64_t now_us) {
  absl::StatusOr<NewToken> made = MakeToken("admin", v1::ROLE_ADMIN, now_us, kTokenLifetimeMaxUs);
  if (!made.ok()) return made.status();
  FirstToken first;
  first.command.mutable_actor()->set_principal("hallwarden");
  first.command.mutable_actor()->set_machine(true);
  v1::PutToken& put = *first.command.mutable_put_token();
  put = std::move(made->put);
  *put.mutable_token()->mutable_actor() = first.command.actor();
  put.mutable_options()->set_reason("first start: no token is in force");
  first.secret = std::move(made->secret);
  return first;
}

}  // namespace hallwarden::daemon
