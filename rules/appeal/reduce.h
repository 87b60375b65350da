// A restriction made shorter or milder. Time served is credited: the new term counts from the start
// of the sanction, not from the decision, so that nobody sits longer because his appeal was slow.
#ifndef HALLWARDEN_RULES_APPEAL_REDUCE_H_
#define HALLWARDEN_RULES_APPEAL_REDUCE_H_

#include <cstdint>
#include <optional>

namespace hallwarden::appeal {

// The restriction as it stands. Times are commit time in microseconds.
struct Restriction {
  std::int64_t start_us = 0;  // 0: pending, its term has not begun
  std::int64_t term_us = 0;   // > 0 unless permanent
  bool permanent = false;
  std::uint16_t capabilities = 0;  // bit 1 << v1::Capability; never 0
};

// What was asked for. At most one of term and end.
struct ReductionOrder {
  std::optional<std::int64_t> term_us = std::nullopt;  // from the sanction's start
  std::optional<std::int64_t> end_us = std::nullopt;
  std::uint16_t capabilities = 0;  // what is still taken away; 0: as before
};

// Why it cannot be done.
enum class ReductionFault : std::uint8_t {
  kNone,
  kNothingAsked,  // neither a new end nor fewer capabilities
  kTermAndEnd,    // two ends
  kNotPositive,   // the term is 0 or less, or would end before it begins
  kNotShorter,    // not before the old end
  kNotMilder,     // takes away what was not taken away before
};

struct Reduced {
  ReductionFault fault = ReductionFault::kNone;
  // Meaningful if there is no fault.
  std::int64_t term_us = 0;  // 0 if permanent
  std::int64_t end_us = 0;   // 0 if permanent or pending
  std::int64_t served_us = 0;
  bool permanent = false;
  std::uint16_t capabilities = 0;
  bool over = false;  // what was served is enough: it ends now
};

// What the order makes of the restriction at `now_us`. Never longer, never harsher, and never
// permanent by accident: a permanent one stays so only if no end was asked for.
[[nodiscard]] Reduced Reduce(const Restriction& restriction, const ReductionOrder& order,
                             std::int64_t now_us);

}  // namespace hallwarden::appeal

#endif  // HALLWARDEN_RULES_APPEAL_REDUCE_H_
