#include "tools/session/latency.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace hallwarden::session {

void LatencyHistogram::Add(Micros value) {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  std::size_t bucket = 0;
  if (us < kSteps) {
    bucket = us;
  } else {
    // The four bits below the leading one choose the step within a doubling.
    const auto shift = static_cast<unsigned>(std::bit_width(us)) - 5U;
    bucket = (std::size_t{shift} + 1U) * kSteps + ((us >> shift) - kSteps);
  }
  ++buckets_.at(std::min<std::size_t>(bucket, kBuckets - 1));
  ++count_;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_.at(i) += other.buckets_.at(i);
  count_ += other.count_;
}

Micros LatencyHistogram::Quantile(int per_mille) const {
  if (count_ == 0) return Micros{0};
  const std::int64_t rank = std::max<std::int64_t>((count_ * per_mille + 999) / 1000, 1);
  std::int64_t seen = 0;
  std::size_t bucket = 0;
  while (bucket + 1 < buckets_.size() && seen + buckets_.at(bucket) < rank) {
    seen += buckets_.at(bucket);
    ++bucket;
  }
  if (bucket < kSteps) return Micros{static_cast<std::int64_t>(bucket)};
  const std::size_t shift = bucket / kSteps - 1;
  const std::uint64_t step = bucket % kSteps + kSteps;
  return Micros{static_cast<std::int64_t>(((step + 1U) << shift) - 1U)};
}

}  // namespace hallwarden::session
