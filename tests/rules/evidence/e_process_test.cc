// Evidence is never overstated, and stays valid however often one looks.
#include "rules/evidence/e_process.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace hallwarden::evidence {
namespace {

long double Value(Milli milli) {
  return std::pow(10.0L, static_cast<long double>(milli) / 1000);
}

// SplitMix64.
struct Dice {
  std::uint64_t state;
  std::uint64_t Next() {
    state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  bool Chance(std::uint64_t milli) { return Next() % 1000 < milli; }
};

TEST(Log10Test, IsTheFloorWithinOneThousandth) {
  for (std::uint64_t a = 1; a < 1000; a += 7) {
    for (std::uint64_t b = 1; b < 1000; b += 11) {
      const long double exact = 1000 * std::log10(static_cast<long double>(a) / b);
      const Milli milli = Log10Milli(a, b);
      EXPECT_LE(milli, exact + 1e-9L) << a << "/" << b;
      EXPECT_GT(milli, exact - 1.01L) << a << "/" << b;
    }
  }
}

TEST(Log10Test, KnownValues) {
  EXPECT_EQ(Log10Milli(1, 1), 0);
  EXPECT_EQ(Log10Milli(2, 1), 301);
  EXPECT_EQ(Log10Milli(1, 2), -302);  // rounded down
  EXPECT_EQ(LogAdd(0, 0), 301);
  EXPECT_EQ(LogAdd(5000, kNothing), 5000);
}

TEST(Log10Test, SumsAreNeverOverstated) {
  for (Milli gap = 0; gap < 4000; ++gap) {
    const long double exact = 1000 * std::log10(1 + Value(-gap));
    EXPECT_LE(LogAdd(0, -gap), exact + 1e-9L) << gap;
    EXPECT_GT(LogAdd(-gap, 0), exact - 1.01L) << gap;
  }
}

struct NullCase {
  std::int32_t p0 = 0;
  std::initializer_list<std::int32_t> p1;
};

// Every sequence of 12 observations, weighted by its probability under the null.
TEST(EProcessTest, ExpectationUnderTheNullIsAtMostOneByEnumeration) {
  constexpr std::uint32_t kLength = 12;
  for (const NullCase& null : {NullCase{100, {400, 700, 900}}, NullCase{200, {450, 700, 900}},
                               NullCase{650, {850, 920, 960, 990}},
                               NullCase{950, {850, 920, 960, 990}}, NullCase{1, {500}}}) {
    const BernoulliBets bets(null.p0, null.p1);
    long double plain = 0;
    long double windowed = 0;
    for (std::uint32_t bits = 0; bits < (1U << kLength); ++bits) {
      Capital one = kFresh;
      Capital two = kUnbet;
      long double probability = 1;
      for (std::uint32_t i = 0; i < kLength; ++i) {
        const bool hit = ((bits >> i) & 1U) != 0;
        probability *= hit ? null.p0 / 1000.0L : 1 - null.p0 / 1000.0L;
        Observe(bets, hit, &one);
        ObserveWindowed(bets, hit, &two);
      }
      plain += probability * Value(LogE(one, bets.size()));
      windowed += probability * Value(LogE(two, bets.size()));
    }
    EXPECT_LE(plain, 1.0L) << null.p0;
    EXPECT_LE(windowed, static_cast<long double>(kLength) / kStarts) << null.p0;
    // And not so far below that nothing could ever be found.
    EXPECT_GT(plain, 0.8L) << null.p0;
  }
}

// A guard who looks after every single observation raises the alarm at 1/a in at most a share a of
// runs.
TEST(EProcessTest, LookingAfterEveryObservationKeepsTheErrorBelowItsBound) {
  constexpr std::uint64_t kSeed = 20'261'124;
  constexpr int kRuns = 20'000;
  Dice dice{kSeed};
  SCOPED_TRACE(kSeed);
  const BernoulliBets bets(200, {450, 700, 900});
  int plain = 0;
  int windowed = 0;
  for (int run = 0; run < kRuns; ++run) {
    Capital one = kFresh;
    Capital two = kUnbet;
    bool alarm_one = false;
    bool alarm_two = false;
    for (std::uint32_t i = 0; i < kStarts; ++i) {
      const bool hit = dice.Chance(200);
      Observe(bets, hit, &one);
      ObserveWindowed(bets, hit, &two);
      alarm_one = alarm_one || LogE(one, bets.size()) >= 1'000;
      alarm_two = alarm_two || LogE(two, bets.size()) >= 1'000;
    }
    plain += alarm_one ? 1 : 0;
    windowed += alarm_two ? 1 : 0;
  }
  EXPECT_LE(plain, kRuns / 10 + 130);  // three sigma
  EXPECT_LE(windowed, kRuns / 10 + 130);
  EXPECT_GT(plain, 0);
}

TEST(EProcessTest, WhatBeginsAfterLongHonestPlayIsStillFound) {
  const BernoulliBets bets(100, {400, 700, 900});
  Capital capital = kUnbet;
  for (int i = 0; i < 60; ++i)
    ObserveWindowed(bets, false, &capital);
  int needed = 0;
  while (LogE(capital, bets.size()) < 4'000 && needed < 60) {
    ObserveWindowed(bets, true, &capital);
    ++needed;
  }
  EXPECT_LE(needed, 9);
}

TEST(EProcessTest, OrderDoesNotMatterWithoutAWindow) {
  const BernoulliBets bets(650, {850, 920, 960, 990});
  Capital one = kFresh;
  Capital two = kFresh;
  for (int i = 0; i < 40; ++i)
    Observe(bets, i % 4 != 0, &one);
  for (int i = 0; i < 40; ++i)
    Observe(bets, i >= 10, &two);
  EXPECT_EQ(one, two);
}

TEST(EProcessTest, AlternativesAreAlwaysAboveTheNull) {
  const BernoulliBets bets(960, {850, 920, 960, 990});
  for (std::size_t i = 0; i < bets.size(); ++i) {
    EXPECT_GT(bets.Step(i, true), 0);
    EXPECT_LT(bets.Step(i, false), 0);
  }
}

// A counting process at the null rate, looked at after every meeting: meetings come one a chance
// with probability `hazard` each.
TEST(CountingTest, MeetingAtTheAllowedRateRaisesNoAlarm) {
  constexpr std::uint64_t kSeed = 7;
  Dice dice{kSeed};
  SCOPED_TRACE(kSeed);
  constexpr int kRuns = 20'000;
  int alarms = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::uint32_t met = 0;
    bool alarm = false;
    for (std::int64_t chance = 1; chance <= 100; ++chance) {
      if (!dice.Chance(50)) continue;
      ++met;
      alarm = alarm || CountingLogE(met, chance * 50'000) >= 1'000;
    }
    alarms += alarm ? 1 : 0;
  }
  EXPECT_LE(alarms, kRuns / 10);
}

TEST(CountingTest, MeetingEveryTimeIsFoundQuickly) {
  EXPECT_GE(CountingLogE(12, 600'000), 6'000);
  EXPECT_LT(CountingLogE(2, 100'000), 4'000);
  // A hall of thirty: three times 2/29 a hand.
  EXPECT_LT(CountingLogE(20, 20'700'000), 0);
}

}  // namespace
}  // namespace hallwarden::evidence
