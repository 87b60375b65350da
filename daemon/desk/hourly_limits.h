// How many sanctions a person may impose in an hour: a brake on stolen tokens and bad days.
#ifndef HALLWARDEN_DAEMON_DESK_HOURLY_LIMITS_H_
#define HALLWARDEN_DAEMON_DESK_HOURLY_LIMITS_H_

#include <cstdint>
#include <map>
#include <string>

#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Counts in memory, by clock hours of commit time: like every rate limit it is checked before the
// journal, and a restart forgives the hour. Thread-safe.
class HourlyLimits {
 public:
  // Counts one more for `principal` if that stays within `limit` (0: no limit). False: it does not,
  // and nothing was counted.
  [[nodiscard]] bool Take(const std::string& principal, std::int32_t limit, std::int64_t now_us);

 private:
  Mutex mutex_;
  std::int64_t hour_ HW_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::int32_t> taken_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_HOURLY_LIMITS_H_
