// Time and chance as the session needs them, handed in so that tests can hold both still.
#ifndef HALLWARDEN_TOOLS_SESSION_CLOCK_H_
#define HALLWARDEN_TOOLS_SESSION_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace hallwarden::session {

using Micros = std::chrono::microseconds;

// A clock that never goes back. Its zero means nothing.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Micros Now() const = 0;
};

// The machine's steady clock. Thread-safe.
class SteadyClock final : public Clock {
 public:
  [[nodiscard]] Micros Now() const override {
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

// Where back-off takes its jitter from.
class Jitter {
 public:
  virtual ~Jitter() = default;
  // Any of the 2^64 values, each equally likely.
  virtual std::uint64_t Next() = 0;
};

// SplitMix64. Two clients must not start from the same seed, or they come back together.
class SeededJitter final : public Jitter {
 public:
  explicit SeededJitter(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() override {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_CLOCK_H_
