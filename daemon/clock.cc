#include "daemon/clock.h"

#include <ctime>
#include <fstream>

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

std::string SystemClock::BootId() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  in >> id;
  return id;
}

std::int64_t SystemClock::BootUs() {
  return ReadUs(CLOCK_BOOTTIME);
}

}  // namespace hallwarden::daemon
