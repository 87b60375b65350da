// tools/eval nulls: what the honest players of a recorded log do, as constants for the policy's
// `play`.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "rules/play/turns.h"
#include "rules/policy/play_settings.h"
#include "tools/evaluator/event_file.h"
#include "tools/flags/flag_set.h"

namespace hallwarden::evaluator {
namespace {

struct Rate {
  std::int64_t hits = 0;
  std::int64_t all = 0;
};

// Share in thousandths below which all but `milli` of a thousand players stay; players with too
// little are left out.
std::int64_t Quantile(const std::map<std::string, Rate>& rates, std::int64_t least,
                      std::int64_t milli) {
  std::vector<std::int64_t> shares;
  for (const auto& [who, rate] : rates) {
    if (rate.all >= least) shares.push_back(rate.hits * 1'000 / rate.all);
  }
  if (shares.empty()) return -1;
  std::sort(shares.begin(), shares.end());
  const std::size_t index = shares.size() * static_cast<std::size_t>(milli) / 1'000;
  return shares[std::min(index, shares.size() - 1)];
}

void Line(const char* name, const std::map<std::string, Rate>& rates, std::int64_t least) {
  std::int64_t players = 0;
  for (const auto& [who, rate] : rates)
    players += rate.all >= least ? 1 : 0;
  std::cout << "# " << name << ": " << players << " players with at least " << least
            << "; p50, p99, p99.9 in thousandths: " << Quantile(rates, least, 500) << ' '
            << Quantile(rates, least, 990) << ' ' << Quantile(rates, least, 999) << '\n';
}

// Twice the 99.9th percentile, within what the policy takes.
void Suggest(const char* field, const std::map<std::string, Rate>& rates, std::int64_t least,
             std::int64_t low, std::int64_t high) {
  const std::int64_t worst = Quantile(rates, least, 999);
  if (worst >= 0) {
    std::cout << "  " << field << ": " << std::clamp(worst * 2, low, high) << '\n';
  }
}

int Main(const std::vector<std::string>& words) {
  tools::FlagSet flags(
      "tools/eval nulls EVENTS.jsonl|EVENTS.pb: measures the players of a log, taken to be honest, "
      "and prints a `play`\n"
      "block for the policy: twice the 99.9th percentile. Read the comments before you use it.",
      "");
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return 0;
  }
  const absl::StatusOr<std::vector<std::string>> files = flags.Parse(words);
  if (!files.ok() || files->size() != 1) {
    std::cerr << "eval nulls: give one file of events\n";
    return 2;
  }
  const policy::PlaySettings settings = policy::CompilePlay({});
  std::map<std::string, Rate> forced;
  std::map<std::string, Rate> late;
  std::map<std::string, Rate> timeouts;
  std::map<std::string, std::map<std::string, Rate>> wins;  // by game
  const bool read = ReadEvents(files->front(), [&](const v1::HallEvent& event) {
    if (event.has_turn_played()) {
      const play::TurnKind kind = play::Classify(settings, event.turn_played());
      const std::string& who = event.account();
      if (kind == play::TurnKind::kForced || kind == play::TurnKind::kForcedWait) {
        ++forced[who].all;
        if (kind == play::TurnKind::kForcedWait) ++forced[who].hits;
      } else if (kind == play::TurnKind::kFree || kind == play::TurnKind::kLate) {
        ++late[who].all;
        if (kind == play::TurnKind::kLate) ++late[who].hits;
      }
      if (kind != play::TurnKind::kAside) {
        ++timeouts[who].all;
        if (kind == play::TurnKind::kTimeout) ++timeouts[who].hits;
      }
    }
    for (const v1::SeatResult& seat : event.hand_settled().seats()) {
      if (seat.gold_delta() == 0) continue;
      Rate& rate = wins[event.game()][seat.account()];
      ++rate.all;
      if (seat.gold_delta() > 0) ++rate.hits;
    }
  });
  if (!read) return 1;
  constexpr std::int64_t kTurns = 60;
  constexpr std::int64_t kHands = 60;
  Line("forced moves waited out", forced, kTurns);
  Line("free moves at the last second", late, kTurns);
  Line("time-outs (absence, no constant)", timeouts, kTurns);
  for (const auto& [game, rates] : wins)
    Line(("decided hands won, " + game).c_str(), rates, kHands);
  std::cout << "play {\n";
  Suggest("forced_wait_milli", forced, kTurns, 10, 500);
  Suggest("late_turn_milli", late, kTurns, 10, 500);
  for (const auto& [game, rates] : wins) {
    const std::int64_t best = Quantile(rates, kHands, 999);
    if (best < 0) continue;
    // A much better player, and ten points on top.
    std::cout << "  games { game: \"" << game
              << "\" sink_win_milli: " << std::clamp<std::int64_t>(best + 100, 500, 980)
              << " pair_win_milli: " << std::clamp<std::int64_t>(best + 200, 500, 990) << " }\n";
  }
  std::cout << "}\n";
  return 0;
}

}  // namespace
}  // namespace hallwarden::evaluator

int main(int argc, char** argv) {
  return hallwarden::evaluator::Main(std::vector<std::string>(argv + 1, argv + argc));
}
