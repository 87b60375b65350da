// Where an account stands on a ladder, and which rung comes next.
#ifndef HALLWARDEN_RULES_LADDER_LADDER_H_
#define HALLWARDEN_RULES_LADDER_LADDER_H_

#include <cstdint>
#include <vector>

#include "hallwarden/v1/sanction.pb.h"
#include "rules/policy/policy.h"
#include "rules/state/account_cell.h"

namespace hallwarden {

// True if a sanction lifted with this disposition still counts on its ladder.
[[nodiscard]] bool DispositionCounts(v1::Disposition disposition);

// True if the sanction counts as things stand: it is on a ladder, imposed for good (no hold, no kick),
// and was not lifted in a way that makes it not count.
[[nodiscard]] bool MarkCounts(const SanctionMark& mark);

// Where an account stands.
struct Standing {
  // Rung that counts now, 0 for none.
  std::int32_t rung = 0;
  // When it falls by one if nothing more happens; 0: never by time.
  std::int64_t decay_us = 0;
  // The last counted sanction, null if there is none. Points into `marks`.
  const SanctionMark* last = nullptr;
  // Every earlier sanction of the ladder with its reason, oldest first.
  std::vector<v1::CountedPrior> priors;
};

// Folds the account's sanctions on this ladder up to `now_us`. Each counted one raises the standing to
// its rung at least; `clean_time` (with `clean_hands` hands) after it forgives one rung each, counted
// from the sanction's end, or from when it was imposed if it has none.
[[nodiscard]] Standing StandingOn(const policy::Ladder& ladder,
                                  const std::vector<SanctionMark>& marks,
                                  std::uint32_t hands_played, std::int64_t now_us);

// What a new offence meets.
enum class Climb {
  // The next rung.
  kNextRung,
  // The last warning or ban was not seen yet: the offence joins a case and climbs nothing.
  kUnseen,
  // It was committed before the last sanction was seen.
  kBeforeSeen,
};

// Whether an offence committed at `event_us` climbs from `standing`.
[[nodiscard]] Climb ClimbFrom(const Standing& standing, std::int64_t event_us);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_LADDER_LADDER_H_
