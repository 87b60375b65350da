// The simulator's chance: the same seed gives the same stream on every machine and with every
// library.
#ifndef HALLWARDEN_TOOLS_HALLSIM_RANDOM_H_
#define HALLWARDEN_TOOLS_HALLSIM_RANDOM_H_

#include <cstddef>
#include <cstdint>

namespace hallwarden::hallsim {

// SplitMix64 (Steele, Lea, Flood 2014). Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  // Uniform in [0, n). Requires n > 0. The bias is below n / 2^32.
  std::uint32_t Below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((Next() >> 32U) * n) >> 32U);
  }

  // Uniform in [low, high]. Requires low <= high and high - low < 2^32 - 1.
  std::int64_t Between(std::int64_t low, std::int64_t high) {
    return low + Below(static_cast<std::uint32_t>(high - low + 1));
  }

  // True in `per_mille` of 1000 cases.
  bool Chance(std::uint32_t per_mille) { return Below(1000) < per_mille; }

  // Uniform in [0, 1), in steps of 2^-53.
  double Fraction() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

// How often each of `size` things is chosen: the first one most, as 1 / rank^0.9.
// Rejection-inversion after W. Hoermann and G. Derflinger (1996). With the exponent fixed at 0.9
// the inverse is a tenth power, so that no function of a maths library takes part.
class Zipf09 {
 public:
  // Requires size > 0.
  explicit Zipf09(std::uint32_t size);

  // In [0, size).
  std::uint32_t Next(Random& random) const;

 private:
  double low_ = 0;
  double high_ = 0;
  double squeeze_ = 0;
  std::uint32_t size_;
};

// x^0.1 for x > 0, right within a few units of the last place, from the four basic operations only.
double TenthRoot(double x);

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_RANDOM_H_
