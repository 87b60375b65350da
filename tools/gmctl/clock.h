// Time, as gmctl sees it. Tests hand in a clock that stands still.
#ifndef HALLWARDEN_TOOLS_GMCTL_CLOCK_H_
#define HALLWARDEN_TOOLS_GMCTL_CLOCK_H_

#include <absl/time/clock.h>
#include <absl/time/time.h>

namespace hallwarden::gmctl {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual absl::Time Now() = 0;
  virtual void Sleep(absl::Duration duration) = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  void Sleep(absl::Duration duration) override { absl::SleepFor(duration); }
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CLOCK_H_
