#include "daemon/desk/hourly_limits.h"

#include "rules/state/time.h"

namespace hallwarden::daemon {

bool HourlyLimits::Take(const std::string& principal, std::int32_t limit, std::int64_t now_us) {
  MutexLock lock(&mutex_);
  const std::int64_t hour = now_us / kHourUs;
  if (hour != hour_) {
    hour_ = hour;
    taken_.clear();
  }
  std::int32_t& taken = taken_[principal];
  if (limit > 0 && taken >= limit) return false;
  ++taken;
  return true;
}

}  // namespace hallwarden::daemon
