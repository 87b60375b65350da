// What several commands about an account share. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_ACCOUNT_COMMANDS_H_
#define HALLWARDEN_RULES_ENGINE_ACCOUNT_COMMANDS_H_

#include <cstdint>
#include <string>

#include "rules/engine/command_context.h"

namespace hallwarden {

// Refuses when the caller saw another state than `current`.
[[nodiscard]] Outcome CheckEtag(const CommandContext& context, const std::string& current);

// Imposes rung `to` of `ladder` on a human's word.
struct RungOrder {
  const policy::Rule* rule;
  v1::Offence offence;
  v1::TextCategory category;
  std::int32_t rung;  // 0: the next one
  std::string deviation_reason;
  std::string case_id;
  Hash128 fingerprint;
  const v1::Finding* finding;
};
Outcome ImposeRung(CommandContext* context, const AccountRef& ref, const RungOrder& order);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_ACCOUNT_COMMANDS_H_
