#include "rules/ladder/ladder.h"

#include <algorithm>
#include <limits>
#include <string>

#include "rules/state/time.h"

namespace hallwarden {
namespace {

std::string UncountedReason(const SanctionMark& mark) {
  switch (mark.disposition) {
    case v1::DISPOSITION_MISTAKE:
      return "LIFTED_MISTAKE";
    case v1::DISPOSITION_COMPROMISED:
      return "LIFTED_COMPROMISED";
    case v1::DISPOSITION_APPEAL_UPHELD:
      return "LIFTED_APPEAL_UPHELD";
    case v1::DISPOSITION_AMNESTY:
      return "LIFTED_AMNESTY";
    case v1::DISPOSITION_UNDONE:
      return "LIFTED_UNDONE";
    default:
      return "NOT_COUNTED";
  }
}

// When clean time begins after a sanction.
std::int64_t CleanFrom(const SanctionMark& mark) {
  return mark.end_us != 0 ? mark.end_us : mark.create_us;
}

// Rungs forgiven between `from_us` and `to_us`.
std::int32_t Forgiven(const policy::Ladder& ladder, std::int64_t clean_us, std::uint32_t hands) {
  if (ladder.decay_clean_us <= 0 || clean_us < 0) return 0;
  std::int64_t rungs = clean_us / ladder.decay_clean_us;
  if (ladder.decay_clean_hands > 0) {
    rungs = std::min<std::int64_t>(rungs, hands / static_cast<std::uint32_t>(
                                                      ladder.decay_clean_hands));
  }
  return static_cast<std::int32_t>(
      std::min<std::int64_t>(rungs, std::numeric_limits<std::int32_t>::max()));
}

std::uint32_t HandsBetween(std::uint32_t from, std::uint32_t to) { return to > from ? to - from : 0; }

}  // namespace

bool DispositionCounts(v1::Disposition disposition) {
  switch (disposition) {
    case v1::DISPOSITION_UNSPECIFIED:
    case v1::DISPOSITION_MERCY:
    case v1::DISPOSITION_APPEAL_REDUCED:
      return true;
    default:
      return false;
  }
}

bool MarkCounts(const SanctionMark& mark) {
  const bool counting_kind = mark.kind == v1::SANCTION_KIND_WARNING ||
                             mark.kind == v1::SANCTION_KIND_RESTRICTION;
  return counting_kind && mark.rung > 0 && DispositionCounts(mark.disposition);
}

Standing StandingOn(const policy::Ladder& ladder, const std::vector<SanctionMark>& marks,
                    std::uint32_t hands_played, std::int64_t now_us) {
  Standing standing;
  for (const SanctionMark& mark : marks) {
    if (mark.ladder != ladder.id) continue;
    v1::CountedPrior prior;
    prior.set_sanction("sanctions/" + mark.id);
    prior.set_rung(static_cast<std::int32_t>(mark.rung));
    SetTimestamp(mark.create_us, prior.mutable_create_time());
    if (MarkCounts(mark)) {
      if (standing.last != nullptr) {
        standing.rung -= std::min(
            standing.rung, Forgiven(ladder, mark.create_us - CleanFrom(*standing.last),
                                    HandsBetween(standing.last->hands_before, mark.hands_before)));
      }
      standing.rung = std::max(standing.rung, static_cast<std::int32_t>(mark.rung));
      standing.last = &mark;
      prior.set_counted(true);
      prior.set_reason("COUNTED");
    } else {
      prior.set_reason(UncountedReason(mark));
    }
    standing.priors.push_back(std::move(prior));
  }
  if (standing.last == nullptr) return standing;
  const std::uint32_t hands = HandsBetween(standing.last->hands_before, hands_played);
  const std::int64_t clean_from = CleanFrom(*standing.last);
  const std::int32_t forgiven =
      std::min(standing.rung, Forgiven(ladder, now_us - clean_from, hands));
  standing.rung -= forgiven;
  for (v1::CountedPrior& prior : standing.priors) {
    if (prior.counted() && prior.rung() > standing.rung) {
      prior.set_counted(false);
      prior.set_reason("DECAYED");
    }
  }
  if (ladder.decay_clean_us > 0 && standing.rung > 0) {
    standing.decay_us = clean_from + (std::int64_t{forgiven} + 1) * ladder.decay_clean_us;
  }
  return standing;
}

Climb ClimbFrom(const Standing& standing, std::int64_t event_us) {
  if (standing.last == nullptr || standing.rung == 0) return Climb::kNextRung;
  if (standing.last->disposition != v1::DISPOSITION_UNSPECIFIED) return Climb::kNextRung;
  if (standing.last->seen_us == 0) return Climb::kUnseen;
  if (event_us < standing.last->seen_us) return Climb::kBeforeSeen;
  return Climb::kNextRung;
}

}  // namespace hallwarden
