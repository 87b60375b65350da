#include "rules/appeal/reduce.h"

#include <algorithm>

namespace hallwarden::appeal {
namespace {

Reduced Bad(ReductionFault fault) {
  Reduced reduced;
  reduced.fault = fault;
  return reduced;
}

}  // namespace

Reduced Reduce(const Restriction& restriction, const ReductionOrder& order, std::int64_t now_us) {
  if (order.term_us.has_value() && order.end_us.has_value()) {
    return Bad(ReductionFault::kTermAndEnd);
  }
  const bool ends = order.term_us.has_value() || order.end_us.has_value();
  const bool milder = order.capabilities != 0 && order.capabilities != restriction.capabilities;
  if (!ends && !milder) return Bad(ReductionFault::kNothingAsked);
  // The masks are promoted to int: compare, do not complement.
  if ((order.capabilities & restriction.capabilities) != order.capabilities) {
    return Bad(ReductionFault::kNotMilder);
  }

  Reduced reduced;
  const bool pending = restriction.start_us == 0;
  const std::int64_t start_us = pending ? now_us : restriction.start_us;
  reduced.served_us = pending ? 0 : std::max<std::int64_t>(0, now_us - restriction.start_us);
  reduced.capabilities = order.capabilities == 0 ? restriction.capabilities : order.capabilities;
  reduced.permanent = restriction.permanent && !ends;
  reduced.term_us = restriction.term_us;
  if (ends) {
    reduced.term_us = order.term_us.has_value() ? *order.term_us : *order.end_us - start_us;
    if (reduced.term_us <= 0) return Bad(ReductionFault::kNotPositive);
    if (!restriction.permanent && reduced.term_us >= restriction.term_us) {
      return Bad(ReductionFault::kNotShorter);
    }
  }
  if (reduced.permanent || pending) return reduced;
  reduced.end_us = start_us + reduced.term_us;
  reduced.over = reduced.end_us <= now_us;
  // It ends when it was decided, never before: for that long the player did sit.
  if (reduced.over) reduced.end_us = now_us;
  return reduced;
}

}  // namespace hallwarden::appeal
