#include "rules/policy/play_settings.h"

#include <algorithm>

namespace hallwarden::policy {
namespace {

constexpr std::int64_t kDayOfUs = 86'400'000'000;
constexpr std::int64_t kMilli = 1'000;

struct GameDefault {
  std::string_view game;
  std::int32_t sink;
  std::int32_t pair;
  std::int32_t joint;
};

// Measured and generous: see docs/DETECTORS.md. Games of chance and cards stay near a half whoever
// plays; in games without chance a stronger player may win nearly always.
constexpr GameDefault kGames[] = {
    {"", 900, 950, 620},         // unknown games: as without chance
    {"ddz", 650, 750, 580},      //
    {"mahjong", 650, 750, 600},  //
    {"poker", 650, 780, 600},
};

template <class Int>
Int Or(std::int32_t value, Int built_in) {
  return value != 0 ? static_cast<Int>(value) : built_in;
}

PlayGame MakeGame(std::string_view game, std::int32_t sink, std::int32_t pair, std::int32_t joint) {
  PlayGame made;
  made.game = game;
  made.sink_win_milli = sink;
  made.pair_win_milli = pair;
  made.joint_win_milli = joint;
  made.sink = evidence::BernoulliBets(sink, {850, 920, 960, 990});
  made.pair = evidence::BernoulliBets(pair, {850, 920, 960, 990});
  return made;
}

PlayGame& GameOf(std::vector<PlayGame>* games, const std::string& game) {
  for (PlayGame& known : *games) {
    if (known.game == game) return known;
  }
  games->push_back(games->front());
  games->back().game = game;
  return games->back();
}

}  // namespace

const PlayGame& PlaySettings::Game(std::string_view game) const {
  for (const PlayGame& known : games) {
    if (known.game == game) return known;
  }
  return games.front();
}

const evidence::BernoulliBets& PlaySettings::Above(std::int32_t p0_milli) const {
  const std::int32_t clamped = std::clamp<std::int32_t>(p0_milli, kNullStep, 1000 - kNullStep);
  const auto index = static_cast<std::size_t>((clamped + kNullStep - 1) / kNullStep - 1);
  return above[std::min(index, above.size() - 1)];
}

PlaySettings CompilePlay(const v1::PlayNulls& nulls) {
  PlaySettings play;
  play.late_share_milli = Or(nulls.late_share_milli(), 900);
  play.forced_share_milli = Or(nulls.forced_share_milli(), 700);
  play.timeout_share_milli = Or(nulls.timeout_share_milli(), 995);
  play.min_wait_ms = Or(nulls.min_wait_ms(), 5'000);
  play.rtt_max_ms = Or(nulls.rtt_max_ms(), 1'500);
  play.young_us = Or<std::int64_t>(nulls.young_days(), 3) * kDayOfUs;
  play.young_hands = Or<std::uint32_t>(nulls.young_hands(), 60);
  play.co_seat_factor_milli = Or(nulls.co_seat_factor_milli(), 3'000);
  play.note_milli = Or(nulls.note_milli(), 2'000);
  play.case_milli = Or(nulls.case_milli(), 4'000);
  play.hold_milli = Or(nulls.hold_milli(), 6'000);
  play.act_milli = Or(nulls.act_milli(), 8'000);
  play.min_flow_stakes_milli = Or<std::int64_t>(nulls.min_flow_stakes(), 20) * kMilli;
  play.light_feeders = Or<std::uint32_t>(nulls.light_feeders(), 3);
  play.light_flow_stakes_milli = Or<std::int64_t>(nulls.light_flow_stakes(), 400) * kMilli;
  play.outage_share_milli = Or(nulls.outage_share_milli(), 50);
  play.forced = evidence::BernoulliBets(Or(nulls.forced_wait_milli(), 100), {400, 700, 900});
  play.late = evidence::BernoulliBets(Or(nulls.late_turn_milli(), 200), {450, 700, 900});
  play.quick = evidence::BernoulliBets(Or(nulls.quick_loss_milli(), 250), {500, 750, 950});
  play.linked = evidence::BernoulliBets(100, {400, 700, 950});
  for (std::int32_t p0 = PlaySettings::kNullStep; p0 < 1000; p0 += PlaySettings::kNullStep) {
    play.above.emplace_back(
        p0, std::initializer_list<std::int32_t>{
                p0 + (1000 - p0) * 3 / 10, p0 + (1000 - p0) * 55 / 100, p0 + (1000 - p0) * 8 / 10});
  }
  for (const GameDefault& game : kGames) {
    play.games.push_back(MakeGame(game.game, game.sink, game.pair, game.joint));
  }
  for (const v1::GameNull& line : nulls.games()) {
    PlayGame& game = GameOf(&play.games, line.game());
    game = MakeGame(line.game(), Or(line.sink_win_milli(), game.sink_win_milli),
                    Or(line.pair_win_milli(), game.pair_win_milli),
                    Or(line.joint_win_milli(), game.joint_win_milli));
  }
  return play;
}

}  // namespace hallwarden::policy
