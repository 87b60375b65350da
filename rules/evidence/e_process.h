// Evidence that stays valid however often one looks.
//
// A claim has a null: the most that is still taken for honest, here "the next observation is a hit
// with probability at most p0, whatever came before". A bet on an alternative p1 > p0 multiplies
// its capital by p1/p0 at a hit and by (1-p1)/(1-p0) otherwise: under the null the expected capital
// never grows, so (Ville's inequality) it ever reaches 1/a with probability at most a, at any
// stopping time and however many looks there are. Several bets share one capital, and a windowed
// process also enters anew at each of its first kStarts observations with 1/kStarts of it, so that
// long honest play before does not hide what begins now. Capital is kept as milli-log10 and every
// rounding is downward.
#ifndef HALLWARDEN_RULES_EVIDENCE_E_PROCESS_H_
#define HALLWARDEN_RULES_EVIDENCE_E_PROCESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "rules/evidence/log10.h"

namespace hallwarden::evidence {

// Bets on a hit that comes with probability at most p0.
class BernoulliBets {
 public:
  static constexpr std::size_t kMax = 4;

  BernoulliBets() = default;
  // Probabilities in thousandths, each in [1, 999]. Alternatives that are not above p0 are moved
  // above it: they share what lies between p0 and 1.
  BernoulliBets(std::int32_t p0_milli, std::initializer_list<std::int32_t> p1_milli);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::int32_t p0_milli() const { return p0_milli_; }
  // What one observation adds to bet `i`.
  [[nodiscard]] Milli Step(std::size_t i, bool hit) const { return hit ? hit_[i] : miss_[i]; }

 private:
  std::size_t size_ = 0;
  std::int32_t p0_milli_ = 0;
  std::array<Milli, kMax> hit_{};
  std::array<Milli, kMax> miss_{};
};

// The capital of up to kMax bets. Plain data: its owner stores it.
using Capital = std::array<Milli, BernoulliBets::kMax>;

// A fresh start: every bet holds its share of 1.
inline constexpr Capital kFresh{};

// One observation of a process that began at its first one. Commutative: order does not matter.
void Observe(const BernoulliBets& bets, bool hit, Capital* capital);

// Observations after which a windowed process must begin anew.
inline constexpr std::uint32_t kStarts = 128;
// Fresh start of a windowed process: nothing has been bet yet.
inline constexpr Capital kUnbet{kNothing, kNothing, kNothing, kNothing};
// Observation number `count` (from 0, below kStarts) of a windowed process.
void ObserveWindowed(const BernoulliBets& bets, bool hit, Capital* capital);

// log10 E of the whole: the mean over the first `bets` bets.
[[nodiscard]] Milli LogE(const Capital& capital, std::size_t bets);

// Evidence that meetings come more often than at most a given rate: `count` meetings after the
// first while the rate, summed over all chances to meet, came to `hazard_micro` millionths. Bets on
// rates 5, 20 and 100 times as high (likelihood ratio of a counting process with that intensity).
[[nodiscard]] Milli CountingLogE(std::uint32_t count, std::int64_t hazard_micro);

}  // namespace hallwarden::evidence

#endif  // HALLWARDEN_RULES_EVIDENCE_E_PROCESS_H_
