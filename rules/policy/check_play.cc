// What honest play looks like: every value within what makes sense.
#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/play_settings.h"

namespace hallwarden::policy {
namespace {

struct NumberField {
  std::string_view what;
  int field_number;
  std::int32_t value;
  std::int32_t min;
  std::int32_t max;
};

// 0 is the built-in value.
void CheckNumber(const CheckContext& context, const AnyNode& node, const NumberField& field) {
  if (field.value == 0 || (field.value >= field.min && field.value <= field.max)) return;
  context.reporter->Error(node.At(field.field_number),
                          std::string(field.what) + " is " + std::to_string(field.value),
                          "within " + std::to_string(field.min) + " and " +
                              std::to_string(field.max) + "; leave it out for the built-in value");
}

void CheckGame(const CheckContext& context, const Node<v1::GameNull>& game) {
  using G = v1::GameNull;
  const NumberField fields[] = {
      {"sink_win_milli", G::kSinkWinMilliFieldNumber, game->sink_win_milli(), 500, 980},
      {"pair_win_milli", G::kPairWinMilliFieldNumber, game->pair_win_milli(), 500, 990},
      {"joint_win_milli", G::kJointWinMilliFieldNumber, game->joint_win_milli(), 400, 950},
  };
  for (const NumberField& field : fields)
    CheckNumber(context, game, field);
}

void CheckTiers(const CheckContext& context, const Node<v1::PlayNulls>& play) {
  // What is left out takes the built-in value, which is compared as well.
  const PlaySettings compiled = CompilePlay(play.get());
  if (compiled.note_milli <= compiled.case_milli && compiled.case_milli <= compiled.hold_milli &&
      compiled.hold_milli <= compiled.act_milli) {
    return;
  }
  context.reporter->Error(play.place, "the tiers of evidence do not rise",
                          "note_milli <= case_milli <= hold_milli <= act_milli; built in are 2000, "
                          "4000, 6000, 8000");
}

}  // namespace

void CheckPlay(const CheckContext& context) {
  using P = v1::PlayNulls;
  const P& nulls = context.policy->play();
  const auto play = ChildOf(context.policy, nulls, v1::Policy::kPlayFieldNumber);
  const NumberField fields[] = {
      {"late_share_milli", P::kLateShareMilliFieldNumber, nulls.late_share_milli(), 500, 990},
      {"forced_share_milli", P::kForcedShareMilliFieldNumber, nulls.forced_share_milli(), 300, 990},
      {"timeout_share_milli", P::kTimeoutShareMilliFieldNumber, nulls.timeout_share_milli(), 950,
       1000},
      {"min_wait_ms", P::kMinWaitMsFieldNumber, nulls.min_wait_ms(), 1000, 60'000},
      {"rtt_max_ms", P::kRttMaxMsFieldNumber, nulls.rtt_max_ms(), 200, 10'000},
      {"forced_wait_milli", P::kForcedWaitMilliFieldNumber, nulls.forced_wait_milli(), 10, 500},
      {"late_turn_milli", P::kLateTurnMilliFieldNumber, nulls.late_turn_milli(), 10, 500},
      {"young_days", P::kYoungDaysFieldNumber, nulls.young_days(), 1, 30},
      {"young_hands", P::kYoungHandsFieldNumber, nulls.young_hands(), 5, 1000},
      {"co_seat_factor_milli", P::kCoSeatFactorMilliFieldNumber, nulls.co_seat_factor_milli(), 1000,
       20'000},
      {"quick_loss_milli", P::kQuickLossMilliFieldNumber, nulls.quick_loss_milli(), 10, 800},
      {"note_milli", P::kNoteMilliFieldNumber, nulls.note_milli(), 1000, 12'000},
      {"case_milli", P::kCaseMilliFieldNumber, nulls.case_milli(), 1000, 12'000},
      {"hold_milli", P::kHoldMilliFieldNumber, nulls.hold_milli(), 1000, 12'000},
      {"act_milli", P::kActMilliFieldNumber, nulls.act_milli(), 1000, 12'000},
      {"min_flow_stakes", P::kMinFlowStakesFieldNumber, nulls.min_flow_stakes(), 1, 100'000},
      {"light_feeders", P::kLightFeedersFieldNumber, nulls.light_feeders(), 1, 100},
      {"light_flow_stakes", P::kLightFlowStakesFieldNumber, nulls.light_flow_stakes(), 1,
       1'000'000},
      {"outage_share_milli", P::kOutageShareMilliFieldNumber, nulls.outage_share_milli(), 10, 500},
  };
  for (const NumberField& field : fields)
    CheckNumber(context, play, field);
  for (int i = 0; i < nulls.games_size(); ++i) {
    CheckGame(context, ChildOf(play, nulls.games(i), P::kGamesFieldNumber, i));
  }
  CheckTiers(context, play);
}

}  // namespace hallwarden::policy
