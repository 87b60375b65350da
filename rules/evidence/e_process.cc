#include "rules/evidence/e_process.h"

#include <algorithm>

namespace hallwarden::evidence {
namespace {

constexpr std::int32_t kOne = 1000;
// Capital cannot fall below nothing, nor rise to where sums would overflow.
constexpr Milli kMost = 1'000'000;
// log10(1/kStarts), rounded down.
constexpr Milli kStartShare = -2'108;

Milli Clamp(Milli value) {
  return std::clamp(value, kNothing, kMost);
}

}  // namespace

BernoulliBets::BernoulliBets(std::int32_t p0_milli, std::initializer_list<std::int32_t> p1_milli) {
  p0_milli_ = std::clamp(p0_milli, 1, kOne - 2);
  std::int32_t number = 0;
  const auto all = static_cast<std::int32_t>(p1_milli.size());
  for (std::int32_t p1 : p1_milli) {
    ++number;
    if (size_ == kMax) break;
    const std::int32_t least = p0_milli_ + std::max(1, (kOne - p0_milli_) * number / (all + 2));
    p1 = std::clamp(std::max(p1, least), p0_milli_ + 1, kOne - 1);
    hit_[size_] = Log10Milli(static_cast<std::uint64_t>(p1), static_cast<std::uint64_t>(p0_milli_));
    miss_[size_] = Log10Milli(static_cast<std::uint64_t>(kOne - p1),
                              static_cast<std::uint64_t>(kOne - p0_milli_));
    ++size_;
  }
}

void Observe(const BernoulliBets& bets, bool hit, Capital* capital) {
  for (std::size_t i = 0; i < bets.size(); ++i) {
    (*capital)[i] = Clamp((*capital)[i] + bets.Step(i, hit));
  }
}

void ObserveWindowed(const BernoulliBets& bets, bool hit, Capital* capital) {
  for (std::size_t i = 0; i < bets.size(); ++i) {
    (*capital)[i] = Clamp(LogAdd((*capital)[i], kStartShare) + bets.Step(i, hit));
  }
}

Milli LogE(const Capital& capital, std::size_t bets) {
  if (bets == 0) return kNothing;
  Milli sum = capital[0];
  for (std::size_t i = 1; i < bets; ++i)
    sum = LogAdd(sum, capital[i]);
  return Clamp(sum + Log10Milli(1, bets));
}

Milli CountingLogE(std::uint32_t count, std::int64_t hazard_micro) {
  // count * log10(r) - (r - 1) * hazard * log10(e), for r in {5, 20, 100}; all rounded down.
  struct Rate {
    std::int64_t log10_milli;
    std::int64_t loss_milli;  // (r - 1) * log10(e), thousandths, rounded up
  };
  constexpr Rate kRates[] = {{698, 1'738}, {1'301, 8'252}, {2'000, 42'996}};
  constexpr std::int64_t kMicro = 1'000'000;
  const std::int64_t hazard = std::clamp<std::int64_t>(hazard_micro, 0, 1'000 * kMicro);
  Milli sum = kNothing;
  for (const Rate& rate : kRates) {
    const std::int64_t loss = (rate.loss_milli * hazard + kMicro - 1) / kMicro;
    const std::int64_t value = rate.log10_milli * static_cast<std::int64_t>(count) - loss;
    sum = LogAdd(sum, static_cast<Milli>(std::clamp<std::int64_t>(value, kNothing, kMost)));
  }
  return Clamp(sum + Log10Milli(1, 3));
}

}  // namespace hallwarden::evidence
