// Random traffic for tests: a closed loop of players, game servers and GMs, from a seed.
#ifndef HALLWARDEN_TESTS_RULES_SUPPORT_TRAFFIC_H_
#define HALLWARDEN_TESTS_RULES_SUPPORT_TRAFFIC_H_

#include <cstdint>

#include "tests/rules/support/hall.h"

namespace hallwarden::testing {

// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers on every build.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  // 0 to sides - 1.
  std::uint64_t Roll(std::uint64_t sides) { return Next() % sides; }

 private:
  std::uint64_t state_;
};

// Drives `hall` for `steps` steps of random traffic over 40 accounts and three servers: names good
// and bad, answers, lifts, bans, time. What was applied is in hall->journal().
void Drive(Hall* hall, std::uint64_t seed, int steps);

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_RULES_SUPPORT_TRAFFIC_H_
