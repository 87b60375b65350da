#include "rules/play/turns.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/evidence/e_process.h"
#include "rules/play/wording.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::int64_t kMilli = 1'000;
// Longer limits are correspondence play: nobody waits at the table.
constexpr std::int64_t kLimitMaxMs = 300'000;
constexpr std::int64_t kAsideUs = 30 * kSecondUs;
constexpr std::uint8_t kCleanToForget = 20;
// A partner account that lets auto-play hold its seat in so many of the last hands.
constexpr int kIdleOf = 24;

int CountOutcomes(const StallCell& stall, HandOutcome outcome) {
  int count = 0;
  for (std::uint32_t i = 0; i < stall.outcome_count; ++i) {
    const std::uint64_t word = stall.outcomes[i / 16];
    if (((word >> (4U * (i % 16))) & 15U) == static_cast<std::uint64_t>(outcome)) ++count;
  }
  return count;
}

void PushOutcome(HandOutcome outcome, StallCell* stall) {
  stall->outcomes[1] = (stall->outcomes[1] << 4U) | (stall->outcomes[0] >> 60U);
  stall->outcomes[0] = (stall->outcomes[0] << 4U) | static_cast<std::uint64_t>(outcome);
  if (stall->outcome_count < StallCell::kOutcomes) ++stall->outcome_count;
}

void ForgetEvidence(StallCell* stall) {
  stall->forced = kUnbetCell;
  stall->late = kUnbetCell;
  stall->begin_us = 0;
  stall->forced_turns = stall->forced_waits = 0;
  stall->free_turns = stall->late_turns = stall->unknown_choice = 0;
  stall->timeouts = stall->auto_turns = stall->aside_turns = 0;
  stall->lost_turns = stall->lost_dragged = stall->won_turns = stall->won_dragged = 0;
  stall->hands.clear();
}

HandOutcome OutcomeOf(const StallCell& stall) {
  const std::uint32_t own = stall.hand_turns;
  if (stall.hand_dragged >= 2 && stall.hand_dragged * 2U >= own) return HandOutcome::kDragged;
  if (stall.hand_auto > 2U * own) return HandOutcome::kAutoPlayed;
  if (stall.hand_came_back) return HandOutcome::kCameBack;
  if (stall.hand_timeouts >= 2) return HandOutcome::kTimedOut;
  return stall.hand_dragged == 0 && own > 0 ? HandOutcome::kClean : HandOutcome::kNeutral;
}

// The hand before is over as far as turns tell.
void CloseHand(StallCell* stall) {
  if (stall->hand_turns + stall->hand_timeouts + stall->hand_auto > 0) {
    const HandOutcome outcome = OutcomeOf(*stall);
    PushOutcome(outcome, stall);
    if (outcome == HandOutcome::kClean && stall->clean_run < kCleanToForget) ++stall->clean_run;
    if (outcome == HandOutcome::kDragged) stall->clean_run = 0;
    if (stall->clean_run >= kCleanToForget) {
      ForgetEvidence(stall);
      stall->clean_run = 0;
    }
  }
  stall->last_hand_hash = stall->hand_hash;
  stall->last_turns = stall->hand_turns;
  stall->last_dragged = stall->hand_dragged;
  stall->hand_turns = stall->hand_dragged = stall->hand_timeouts = stall->hand_auto = 0;
  stall->hand_came_back = false;
}

void FollowHand(const Context& context, const v1::TurnPlayed& turn, StallCell* stall) {
  if (context.hand.empty()) {
    if (turn.turn_number() == 1) CloseHand(stall);
    return;
  }
  const std::uint64_t hash = ShortHash(context.hand);
  if (hash == stall->hand_hash) return;
  CloseHand(stall);
  stall->hand_hash = hash;
}

template <class Counter>
void Bump(Counter* counter) {
  if (*counter < static_cast<Counter>(-1)) ++*counter;
}

// Counts a turn and bets on it. True: it was dragged.
bool Count(const policy::PlaySettings& settings, TurnKind kind, const v1::TurnPlayed& turn,
           StallCell* stall) {
  switch (kind) {
    case TurnKind::kAside:
      Bump(&stall->aside_turns);
      return false;
    case TurnKind::kAutoPlay:
      Bump(&stall->auto_turns);
      Bump(&stall->hand_auto);
      return false;
    case TurnKind::kTimeout:
      Bump(&stall->timeouts);
      Bump(&stall->hand_timeouts);
      return false;
    default:
      break;
  }
  if (stall->hand_auto > 0) stall->hand_came_back = true;
  Bump(&stall->hand_turns);
  const bool dragged = kind == TurnKind::kLate || kind == TurnKind::kForcedWait;
  if (dragged) Bump(&stall->hand_dragged);
  if (kind == TurnKind::kForced || kind == TurnKind::kForcedWait) {
    if (stall->forced_turns >= evidence::kStarts) {
      stall->forced = kUnbetCell;
      stall->forced_turns = stall->forced_waits = 0;
    }
    ++stall->forced_turns;
    if (dragged) ++stall->forced_waits;
    evidence::ObserveWindowed(settings.forced, dragged, &stall->forced);
    return dragged;
  }
  if (stall->free_turns >= evidence::kStarts) {
    stall->late = kUnbetCell;
    stall->free_turns = stall->late_turns = stall->unknown_choice = 0;
  }
  ++stall->free_turns;
  if (dragged) ++stall->late_turns;
  if (turn.choice() == v1::CHOICE_UNSPECIFIED) ++stall->unknown_choice;
  evidence::ObserveWindowed(settings.late, dragged, &stall->late);
  return dragged;
}

struct Levels {
  Milli forced;
  Milli late;
  Milli whole;  // mean of the two and of their product: valid, since they bet on different turns
};

Levels LevelsOf(const policy::PlaySettings& settings, const StallCell& stall) {
  Levels levels{};
  levels.forced = evidence::LogE(stall.forced, settings.forced.size());
  levels.late = evidence::LogE(stall.late, settings.late.size());
  const Milli both = std::max(levels.forced + levels.late, evidence::kNothing);
  levels.whole = evidence::LogAdd(evidence::LogAdd(levels.forced, levels.late), both) +
                 evidence::Log10Milli(1, 3);
  return levels;
}

void AddMeasures(const policy::PlaySettings& settings, const StallCell& stall,
                 v1::Finding* finding) {
  v1::Evidence& numbers = *finding->mutable_evidence(0);
  AddMeasure("stalling.forced_turns", stall.forced_turns, 0, &numbers);
  AddMeasure("stalling.forced_waits", stall.forced_waits,
             std::int64_t{settings.forced.p0_milli()} * stall.forced_turns, &numbers);
  AddMeasure("stalling.free_turns", stall.free_turns, 0, &numbers);
  AddMeasure("stalling.late_turns", stall.late_turns,
             std::int64_t{settings.late.p0_milli()} * stall.free_turns, &numbers);
  AddMeasure("stalling.dragged_hands", CountOutcomes(stall, HandOutcome::kDragged), 0, &numbers);
  if (stall.lost_turns > 0 && stall.won_turns > 0) {
    AddMeasure("stalling.dragged_percent_in_lost_hands",
               std::int64_t{100} * stall.lost_dragged / stall.lost_turns, 0, &numbers);
    AddMeasure("stalling.dragged_percent_in_won_hands",
               std::int64_t{100} * stall.won_dragged / stall.won_turns, 0, &numbers);
  }
  // What speaks for him.
  v1::Evidence& against = *finding->add_counter_evidence();
  against.set_surface("play");
  AddMeasure(
      "stalling.turns_in_good_time",
      std::int64_t{stall.forced_turns} + stall.free_turns - stall.forced_waits - stall.late_turns,
      0, &against);
  AddMeasure("stalling.clean_hands", CountOutcomes(stall, HandOutcome::kClean), 0, &against);
  AddMeasure("stalling.timeouts_set_aside", stall.timeouts, 0, &against);
  AddMeasure("stalling.turns_set_aside", stall.aside_turns, 0, &against);
}

void ClaimStalling(const Context& context, const Levels& levels, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  StallCell& stall = *cell->stall;
  // The tier at which a machine acts takes both.
  const bool two = levels.forced >= settings.case_milli && levels.late >= settings.case_milli;
  const Milli reached = two ? levels.whole : std::min(levels.whole, settings.act_milli - 1);
  if (!Due(settings, ClaimKind::kStalling, reached, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kStalling, v1::OFFENCE_STALLING, "stalling", levels.whole);
  if (two && levels.whole >= settings.act_milli) claim.finding.set_confidence(v1::CONFIDENCE_PLAIN);
  AddMeasures(settings, stall, &claim.finding);
  AddHands(stall.hands, &claim.finding);
  if (stall.forced_turns == 0) claim.finding.add_missing_inputs("turn_played.choice");
  SetSummary("必出之牌 " + OfZh(stall.forced_waits, stall.forced_turns) + "拖到很晚，可选之牌 " +
                 OfZh(stall.late_turns, stall.free_turns) + "拖到最后一刻",
             "waited out " + OfEn(stall.forced_waits, stall.forced_turns) +
                 " forced moves and played " + OfEn(stall.late_turns, stall.free_turns) +
                 " free moves at the last second",
             levels.whole, &claim.finding);
  claim.blameless_from_us = stall.begin_us;
  const bool acts = claim.finding.confidence() == v1::CONFIDENCE_PLAIN;
  out->claims.push_back(std::move(claim));
  // What was judged is judged: the next claim needs evidence of its own.
  if (acts) ClearStalling(cell);
}

void ClaimIdling(const Context& context, PlayCell* cell, Outcome* out) {
  const StallCell& stall = *cell->stall;
  const int idle = CountOutcomes(stall, HandOutcome::kAutoPlayed);
  if (!context.partner || idle < kIdleOf) return;
  if (!Due(*context.settings, ClaimKind::kIdling, context.settings->case_milli, context.event_us,
           cell)) {
    return;
  }
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kIdling, v1::OFFENCE_STALLING, "stalling.idle", 0);
  claim.finding.set_confidence(v1::CONFIDENCE_REVIEW);
  AddMeasure("stalling.auto_played_hands", idle, 0, claim.finding.mutable_evidence(0));
  SetSummary("合作方用户最近 " + std::to_string(stall.outcome_count) + " 局中有 " +
                 std::to_string(idle) + " 局由托管代打",
             "a partner account left " + std::to_string(idle) + " of its last " +
                 std::to_string(stall.outcome_count) + " hands to auto-play",
             0, &claim.finding);
  claim.blameless_from_us = context.event_us - kHourUs;
  out->claims.push_back(std::move(claim));
}

}  // namespace

TurnKind Classify(const policy::PlaySettings& settings, const v1::TurnPlayed& turn) {
  if (turn.auto_play()) return TurnKind::kAutoPlay;
  if (turn.timed_out()) return TurnKind::kTimeout;
  const std::int64_t limit = turn.limit_ms();
  if (limit <= 0 || limit > kLimitMaxMs || turn.think_ms() < 0) return TurnKind::kAside;
  const std::int64_t rtt = std::clamp(turn.rtt_ms(), 0, 60'000);
  if (rtt > settings.rtt_max_ms) return TurnKind::kAside;
  const std::int64_t think = turn.think_ms();
  if (think * kMilli >= limit * settings.timeout_share_milli) return TurnKind::kTimeout;
  const std::int64_t waited = think - rtt;
  const bool long_enough = waited >= settings.min_wait_ms;
  if (turn.choice() == v1::CHOICE_FORCED) {
    const bool wait = long_enough && waited * kMilli >= limit * settings.forced_share_milli;
    return wait ? TurnKind::kForcedWait : TurnKind::kForced;
  }
  const bool late = long_enough && waited * kMilli >= limit * settings.late_share_milli;
  return late ? TurnKind::kLate : TurnKind::kFree;
}

bool OnTurn(const Context& context, const v1::TurnPlayed& turn, PlayCell* cell, Outcome* out) {
  StallCell& stall = cell->Stall();
  FollowHand(context, turn, &stall);
  TurnKind kind = Classify(*context.settings, turn);
  // Who has just come back needs a moment; his time-outs were counted as absence already.
  if (context.event_us < stall.aside_until_us && kind != TurnKind::kAutoPlay) {
    kind = TurnKind::kAside;
  }
  if (stall.begin_us == 0) stall.begin_us = context.event_us;
  if (!Count(*context.settings, kind, turn, &stall)) return false;
  KeepHand(context, StallCell::kHandsMax, &stall.hands);
  const Levels levels = LevelsOf(*context.settings, stall);
  if (levels.whole >= context.settings->note_milli) ClaimStalling(context, levels, cell, out);
  return true;
}

void OnLeft(const Context& context, v1::LeaveReason reason, PlayCell* cell) {
  StallCell& stall = cell->Stall();
  if (reason == v1::LEAVE_REASON_DISCONNECTED) {
    stall.aside_until_us = std::max(stall.aside_until_us, context.event_us + kAsideUs);
    // One outage is one thing: what the hand showed so far says nothing.
    stall.hand_turns = stall.hand_dragged = stall.hand_timeouts = stall.hand_auto = 0;
    stall.hand_came_back = false;
  } else if (reason == v1::LEAVE_REASON_QUIT) {
    PushOutcome(HandOutcome::kLeft, &stall);
    stall.clean_run = 0;
    stall.hand_turns = stall.hand_dragged = stall.hand_timeouts = stall.hand_auto = 0;
    stall.hand_came_back = false;
  }
}

void OnResult(const Context& context, std::int64_t gold, PlayCell* cell, Outcome* out) {
  if (!cell->stall || context.hand.empty()) return;
  StallCell& stall = *cell->stall;
  const std::uint64_t hash = ShortHash(context.hand);
  std::uint32_t turns = 0;
  std::uint32_t dragged = 0;
  if (hash == stall.hand_hash) {
    turns = stall.hand_turns;
    dragged = stall.hand_dragged;
  } else if (hash == stall.last_hand_hash) {
    turns = stall.last_turns;
    dragged = stall.last_dragged;
  }
  if (gold < 0) {
    stall.lost_turns += turns;
    stall.lost_dragged += dragged;
  } else if (gold > 0) {
    stall.won_turns += turns;
    stall.won_dragged += dragged;
  }
  if (hash == stall.hand_hash) {
    CloseHand(&stall);
    stall.hand_hash = 0;
  }
  ClaimIdling(context, cell, out);
}

void ClearStalling(PlayCell* cell) {
  if (!cell->stall) return;
  ForgetEvidence(cell->stall.get());
  cell->stall->clean_run = 0;
}

}  // namespace hallwarden::play
