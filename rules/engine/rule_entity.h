// A rule of the policy as an entity: its quota, how often it hits, and when it is left to people.
// Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_RULE_ENTITY_H_
#define HALLWARDEN_RULES_ENGINE_RULE_ENTITY_H_

#include <cstdint>
#include <string_view>

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/engine/command_context.h"
#include "rules/engine/step.h"

namespace hallwarden {

// `rules/name.plain` -> `name.plain`.
[[nodiscard]] std::string_view RuleName(std::string_view resource);

// May its machine act once more? Counts as a hit.
void OnQuotaAsk(const Step& step, const Fact& fact);
// It matched a finding that needs no answer: a note, a case, or in shadow.
void OnRuleHit(const Step& step, const Fact& fact);

// An appeal against what its machine did was decided. Above the policy's limit it is left to
// people.
void OnAppealDecided(const Step& step, const Fact& fact);

// Lets a rule act again that fell to review. Norm and appeals begin anew: what it does now is what
// an operator found right.
Outcome ReleaseRule(CommandContext* context, const v1::ReleaseRuleRequest& request);

// Fills what the cell knows at `now_us`; the rest of the message is the policy's.
void DescribeRule(const RuleCell& cell, std::int64_t now_us, v1::RuleStatus* status);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_RULE_ENTITY_H_
