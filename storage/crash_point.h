// Named places where a drill can kill the process, to show that it is safe to die there.
//
//   HW_CRASH_POINT("commit.before_write");
//
// Costs one relaxed load while nothing is armed. Every name stands once in kCrashPoints
// (crash_point.cc) and in the sources; a test compares the two.
#ifndef HALLWARDEN_STORAGE_CRASH_POINT_H_
#define HALLWARDEN_STORAGE_CRASH_POINT_H_

#include <atomic>
#include <span>
#include <string_view>

#include "absl/status/status.h"

namespace hallwarden::storage {

struct CrashPoint {
  std::string_view name;
  // What has happened and what has not when the process dies there.
  std::string_view meaning;
};

// All of them, in the order in which a daemon reaches them.
[[nodiscard]] std::span<const CrashPoint> CrashPoints();

// Arms one: NAME[:N][:kill|:sleep]. At the Nth time that it is reached (default 1) the process says
// so on standard error and then kills itself with SIGKILL, or sleeps for a second once.
// INVALID_ARGUMENT with what would be right. Before any thread that could reach it.
[[nodiscard]] absl::Status ArmCrashPoint(std::string_view spec);

namespace internal {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): asked in production, no call
inline std::atomic<bool> crash_point_armed{false};
void ReachCrashPoint(std::string_view name);

}  // namespace internal
}  // namespace hallwarden::storage

#define HW_CRASH_POINT(name)                                                              \
  do {                                                                                    \
    if (hallwarden::storage::internal::crash_point_armed.load(std::memory_order_relaxed)) \
      hallwarden::storage::internal::ReachCrashPoint(name);                               \
  } while (false)

#endif  // HALLWARDEN_STORAGE_CRASH_POINT_H_
