// From a finding to a note, a case, a hold or a rung, as the policy says. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_DECIDE_H_
#define HALLWARDEN_RULES_ENGINE_DECIDE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/engine/step.h"

namespace hallwarden {

// A claim on its way to a decision.
struct Claim {
  v1::Finding finding;
  // What was judged, for "one name counts once" and pardons. Zero: not a text.
  Hash128 fingerprint;
  // Journal position of what was judged.
  std::uint64_t judged_position = 0;
  // When it was done, by the game server's clock after clamping.
  std::int64_t event_us = 0;
  std::string game;
};

// Lets the policy decide about the claim against this account.
void Decide(const Step& step, const AccountRef& ref, Claim claim);

struct Question;
// The answer of server or rule to an earlier Decide: acts, or parks the claim as a case with this
// cause.
void OnGranted(const Step& step, const AccountRef& ref, const Question& question);
void OnParked(const Step& step, const AccountRef& ref, const Question& question,
              std::string_view cause);

// Opens a case for the claim, or joins the open one about the same matter. Returns its id.
std::string OpenCase(const Step& step, const AccountRef& ref, const Claim& claim,
                     const policy::Rule& rule, std::string_view cause);

// Class of the account at this time.
[[nodiscard]] v1::AccountClass ClassOf(const AccountRef& ref, std::int64_t at_us);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_DECIDE_H_
