// Logarithms in thousandths of log10 ("milli"), as integers: the same on every build and CPU. No
// function of a maths library takes part. Every result is rounded down: evidence is never
// overstated.
#ifndef HALLWARDEN_RULES_EVIDENCE_LOG10_H_
#define HALLWARDEN_RULES_EVIDENCE_LOG10_H_

#include <cstdint>

namespace hallwarden::evidence {

// Thousandths of log10.
using Milli = std::int32_t;

// Stands for log10 of 0: below everything that is ever reached.
inline constexpr Milli kNothing = -1'000'000;

// The largest m, or one less, with 10^(m/1000) <= numerator / denominator. Both must be positive
// and below 2^32.
[[nodiscard]] Milli Log10Milli(std::uint64_t numerator, std::uint64_t denominator);

// log10(10^a + 10^b), rounded down by less than 2.
[[nodiscard]] Milli LogAdd(Milli a, Milli b);

}  // namespace hallwarden::evidence

#endif  // HALLWARDEN_RULES_EVIDENCE_LOG10_H_
