#include "daemon/clock.h"

#include <ctime>

namespace hallwarden::daemon {
namespace {

std::int64_t ReadUs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

std::int64_t SystemClock::WallUs() {
  return ReadUs(CLOCK_REALTIME);
}

std::int64_t SystemClock::BootUs() {
  return ReadUs(CLOCK_BOOTTIME);
}

}  // namespace hallwarden::daemon
