#include "rules/evidence/log10.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace hallwarden::evidence {
namespace {

__extension__ using Wide = unsigned __int128;

// 10^(-1/1000) and log10(2), in units of 2^-63, rounded down.
constexpr std::uint64_t kStep = 9'202'158'869'829'163'410ULL;
constexpr std::uint64_t kLog10Of2 = 2'776'511'644'261'678'566ULL;

// log2 of x / 2^63 for x in [2^63, 2^64), in units of 2^-40, rounded down: one bit per squaring.
std::uint64_t Log2Fraction(std::uint64_t x) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 40; ++i) {
    const Wide square = static_cast<Wide>(x) * x;  // in [2^126, 2^128)
    bits <<= 1U;
    if ((square >> 127U) != 0) {
      bits |= 1U;
      x = static_cast<std::uint64_t>(square >> 64U);
    } else {
      x = static_cast<std::uint64_t>(square >> 63U);
    }
  }
  return bits;
}

// log2(value) in units of 2^-40, rounded down. value > 0.
std::int64_t Log2(std::uint64_t value) {
  const auto width = static_cast<int>(std::bit_width(value));
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): value > 0, so width > 0.
  const std::uint64_t normal = value << static_cast<unsigned>(64 - width);
  return (static_cast<std::int64_t>(width - 1) << 40) +
         static_cast<std::int64_t>(Log2Fraction(normal));
}

// 1000 log10(2) times `log2` (units of 2^-40), rounded down.
Milli ToMilli(std::int64_t log2) {
  const bool negative = log2 < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -log2 : log2);
  const Wide product = static_cast<Wide>(magnitude) * kLog10Of2 * 1000U;
  const auto whole = static_cast<std::int64_t>(product >> 103U);
  const bool rest = (product & ((static_cast<Wide>(1) << 103U) - 1)) != 0;
  return static_cast<Milli>(negative ? -whole - (rest ? 1 : 0) : whole);
}

// log10(1 + 10^(-d/1000)) in milli, by d; 0 beyond the end.
constexpr std::size_t kAddSize = 3'000;
using AddTable = std::array<std::int16_t, kAddSize>;

AddTable MakeAddTable() {
  AddTable table{};
  std::uint64_t power = std::uint64_t{1} << 63U;  // 10^(-d/1000) in units of 2^-63
  for (std::size_t d = 0; d < kAddSize; ++d) {
    // 1 + power, in units of 2^-62, has bit 62 set.
    const std::uint64_t sum = (std::uint64_t{1} << 62U) + (power >> 1U);
    table[d] = static_cast<std::int16_t>(ToMilli(Log2(sum) - (std::int64_t{62} << 40)));
    power = static_cast<std::uint64_t>((static_cast<Wide>(power) * kStep) >> 63U);
  }
  return table;
}

}  // namespace

Milli Log10Milli(std::uint64_t numerator, std::uint64_t denominator) {
  // The denominator's logarithm is rounded up.
  const std::int64_t up = std::has_single_bit(denominator) ? 0 : 1;
  return ToMilli(Log2(numerator) - Log2(denominator) - up);
}

Milli LogAdd(Milli a, Milli b) {
  static const AddTable kAdd = MakeAddTable();
  const Milli high = std::max(a, b);
  const auto gap = static_cast<std::size_t>(high - std::min(a, b));
  return gap < kAddSize ? high + kAdd[gap] : high;
}

}  // namespace hallwarden::evidence
