#include "tools/hallsim/random.h"

#include <algorithm>

namespace hallwarden::hallsim {
namespace {

double TenthPower(double y) {
  const double y2 = y * y;
  const double y4 = y2 * y2;
  return y4 * y4 * y2;
}

// Integral of x^-0.9, and its inverse.
double Area(double x) {
  return 10.0 * TenthRoot(x);
}
double AreaInverse(double area) {
  return TenthPower(area * 0.1);
}
double Weight(double x) {
  return TenthRoot(x) / x;
}

}  // namespace

double TenthRoot(double x) {
  // Newton's steps from above come down without ever passing the root.
  double y = 1.0;
  while (TenthPower(y) < x)
    y *= 1.5;
  for (int i = 0; i < 100; ++i) {
    const double next = (9.0 * y + x * y / TenthPower(y)) * 0.1;
    if (!(next < y)) break;
    y = next;
  }
  return y;
}

Zipf09::Zipf09(std::uint32_t size)
    : low_(Area(1.5) - 1.0),
      high_(Area(static_cast<double>(size) + 0.5)),
      squeeze_(2.0 - AreaInverse(Area(2.5) - Weight(2.0))),
      size_(size) {}

std::uint32_t Zipf09::Next(Random& random) const {
  while (true) {
    const double area = high_ + random.Fraction() * (low_ - high_);
    const double x = AreaInverse(area);
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): lround would change what a seed stands for.
    const double rank = std::clamp(static_cast<double>(static_cast<std::int64_t>(x + 0.5)), 1.0,
                                   static_cast<double>(size_));
    if (rank - x <= squeeze_ || area >= Area(rank + 0.5) - Weight(rank)) {
      return static_cast<std::uint32_t>(rank) - 1;
    }
  }
}

}  // namespace hallwarden::hallsim
