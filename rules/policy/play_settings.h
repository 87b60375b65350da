// What the detectors of play take for honest, compiled from the policy's `play`. Built-in values
// and their sources are in docs/DETECTORS.md.
#ifndef HALLWARDEN_RULES_POLICY_PLAY_SETTINGS_H_
#define HALLWARDEN_RULES_POLICY_PLAY_SETTINGS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/policy.pb.h"

#include "rules/evidence/e_process.h"

namespace hallwarden::policy {

// One game's share of it.
struct PlayGame {
  std::string game;
  std::int32_t sink_win_milli = 0;
  std::int32_t pair_win_milli = 0;
  std::int32_t joint_win_milli = 0;
  evidence::BernoulliBets sink;
  evidence::BernoulliBets pair;
};

// Shares in thousandths, as in v1::PlayNulls; every value is present and within its range.
struct PlaySettings {
  std::int32_t late_share_milli = 0;
  std::int32_t forced_share_milli = 0;
  std::int32_t timeout_share_milli = 0;
  std::int32_t min_wait_ms = 0;
  std::int32_t rtt_max_ms = 0;
  std::int64_t young_us = 0;
  std::uint32_t young_hands = 0;
  std::int32_t co_seat_factor_milli = 0;
  std::int32_t note_milli = 0;
  std::int32_t case_milli = 0;
  std::int32_t hold_milli = 0;
  std::int32_t act_milli = 0;
  std::int64_t min_flow_stakes_milli = 0;
  std::uint32_t light_feeders = 0;
  std::int64_t light_flow_stakes_milli = 0;
  std::int32_t outage_share_milli = 0;
  evidence::BernoulliBets forced;
  evidence::BernoulliBets late;
  evidence::BernoulliBets quick;
  // Those who lose to one account are linked by registration: device or invitation.
  evidence::BernoulliBets linked;
  // Bets on a pair or a field whose null depends on who plays, by null in steps of kNullStep.
  static constexpr std::int32_t kNullStep = 10;
  std::vector<evidence::BernoulliBets> above;
  std::vector<PlayGame> games;  // the one for every other game first

  // Never fails: games without a line share one.
  [[nodiscard]] const PlayGame& Game(std::string_view game) const;
  // Bets on more than `p0_milli`, rounded up to the next step.
  [[nodiscard]] const evidence::BernoulliBets& Above(std::int32_t p0_milli) const;
};

// Built-in values where `nulls` has none.
[[nodiscard]] PlaySettings CompilePlay(const v1::PlayNulls& nulls);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_PLAY_SETTINGS_H_
