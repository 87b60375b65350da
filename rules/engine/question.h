// "May a machine act on this?": how a finding asks its game server and its rule. Internal to
// rules/engine.
//
//   account --kServerAsk--> server --kQuotaAsk--> rule --kQuotaGranted--> account
//
// The server is asked first, so that one that lies cannot spend the quota that the rule grants
// everybody.
#ifndef HALLWARDEN_RULES_ENGINE_QUESTION_H_
#define HALLWARDEN_RULES_ENGINE_QUESTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/engine/decide.h"

namespace hallwarden {

// A claim on its way, with the limits that held when it was asked: the policy may change meanwhile.
struct Question {
  std::string account;
  std::string server;  // empty: no game server said it, none is asked
  std::string rule;
  std::uint32_t hourly_quota = 0;  // 0: none
  policy::Breakers breakers;
  bool can_be_overturned = false;  // appeals may leave the rule to people
  Claim claim;

  // Whether anybody is to be asked at all.
  [[nodiscard]] bool AsksServer() const {
    return !server.empty() && (breakers.server_per_minute > 0 || breakers.server_per_hour > 0);
  }
  [[nodiscard]] bool AsksRule() const {
    return hourly_quota > 0 || breakers.rule_norm_factor > 0 || can_be_overturned;
  }
};

// The payload of all facts above; it begins with the account.
[[nodiscard]] std::string EncodeQuestion(const Question& question);
// Nullopt for what is none.
[[nodiscard]] std::optional<Question> DecodeQuestion(std::string_view payload);

// Asks whoever comes after the account (`after_server` false) or after its server; false: nobody
// does, the machine may act.
[[nodiscard]] bool AskNext(const Step& step, const EntityKey& from, const Question& question,
                           bool after_server);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_QUESTION_H_
