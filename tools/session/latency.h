// A small histogram of durations: 16 steps per doubling, so a quantile is right within 6 %.
#ifndef HALLWARDEN_TOOLS_SESSION_LATENCY_H_
#define HALLWARDEN_TOOLS_SESSION_LATENCY_H_

#include <array>
#include <cstdint>

#include "tools/session/clock.h"

namespace hallwarden::session {

// Not thread-safe.
class LatencyHistogram {
 public:
  // Counts one duration; negative ones count as zero.
  void Add(Micros value);
  // Adds what another one counted.
  void Merge(const LatencyHistogram& other);
  // Upper end of the step that holds the quantile `per_mille` / 1000. Zero when nothing was
  // counted.
  [[nodiscard]] Micros Quantile(int per_mille) const;
  [[nodiscard]] std::int64_t count() const { return count_; }

 private:
  static constexpr int kSteps = 16;
  static constexpr int kBuckets = 41 * kSteps;

  std::array<std::int64_t, kBuckets> buckets_{};
  std::int64_t count_ = 0;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_LATENCY_H_
