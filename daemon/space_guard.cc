#include "daemon/space_guard.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/statvfs.h>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kReserveMin = 256 * kMiB;
constexpr std::int64_t kReserveMax = 2048 * kMiB;

const char* What(SpaceState state) {
  switch (state) {
    case SpaceState::kPlenty:
      return "events are taken again";
    case SpaceState::kPaused:
      return "no events are taken, nothing is lost: game servers keep them";
    case SpaceState::kFull:
      return "nothing is recorded; the gate and questions go on";
  }
  return "";
}

}  // namespace

absl::StatusOr<DiskSpace> DiskSpaceSource::Look() {
  std::error_code ignored;
  std::filesystem::path path = std::filesystem::absolute(directory_, ignored).lexically_normal();
  while (!std::filesystem::exists(path, ignored) && path.has_relative_path())
    path = path.parent_path();
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) {
    return absl::InternalError(
        absl::StrCat("statvfs ", path.string(), ": ", std::system_category().message(errno)));
  }
  const auto unit = static_cast<std::int64_t>(info.f_frsize);
  return DiskSpace{static_cast<std::int64_t>(info.f_bavail) * unit,
                   static_cast<std::int64_t>(info.f_blocks) * unit};
}

SpaceReserve ReserveFor(std::int64_t wanted, std::int64_t total_bytes) {
  std::int64_t events = wanted;
  if (events <= 0) {
    events = std::clamp(total_bytes / 20, kReserveMin, kReserveMax);
    events = std::min(events, total_bytes / 4);
  }
  return {events, events / 4};
}

SpaceState NextSpaceState(SpaceState now, const SpaceReserve& reserve, std::int64_t free_bytes) {
  const std::int64_t events = now == SpaceState::kPlenty ? reserve.events : reserve.events / 4 * 5;
  const std::int64_t commands =
      now == SpaceState::kFull ? reserve.commands / 4 * 5 : reserve.commands;
  if (free_bytes < commands) return SpaceState::kFull;
  return free_bytes < events ? SpaceState::kPaused : SpaceState::kPlenty;
}

void SpaceGuard::Tick() {
  const absl::StatusOr<DiskSpace> space = source_->Look();
  if (!space.ok()) {
    Log(LogLevel::kWarning, absl::StrCat("disk: ", space.status().ToString()));
    return;
  }
  const SpaceReserve reserve = ReserveFor(reserve_bytes_, space->total_bytes);
  SpaceState before{};
  SpaceState after{};
  {
    MutexLock lock(&mutex_);
    before = status_.state;
    after = NextSpaceState(before, reserve, space->free_bytes);
    status_ = {after, *space, reserve};
  }
  if (after == before) return;
  Log(after == SpaceState::kPlenty ? LogLevel::kInfo : LogLevel::kError,
      absl::StrCat(after == SpaceState::kPlenty ? "" : "ALARM ", "disk: ", space->free_bytes / kMiB,
                   " MiB free, reserve ", reserve.events / kMiB, " MiB: ", What(after)));
  on_change_(after);
}

SpaceGuard::Status SpaceGuard::status() const {
  MutexLock lock(&mutex_);
  return status_;
}

}  // namespace hallwarden::daemon
