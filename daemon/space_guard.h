// Stops taking before the disk is full.
#ifndef HALLWARDEN_DAEMON_SPACE_GUARD_H_
#define HALLWARDEN_DAEMON_SPACE_GUARD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {

struct DiskSpace {
  std::int64_t free_bytes = 0;
  std::int64_t total_bytes = 0;
};

// How much space there is. Thread-safe.
class SpaceSource {
 public:
  virtual ~SpaceSource() = default;
  [[nodiscard]] virtual absl::StatusOr<DiskSpace> Look() = 0;
};

// Of the file system that holds a directory; the directory need not exist yet. What only the
// superuser may use does not count.
class DiskSpaceSource final : public SpaceSource {
 public:
  explicit DiskSpaceSource(std::string directory) : directory_(std::move(directory)) {}
  [[nodiscard]] absl::StatusOr<DiskSpace> Look() override;

 private:
  const std::string directory_;
};

enum class SpaceState : std::uint8_t {
  kPlenty,
  // Events wait at the game servers; people and answers to directives go on.
  kPaused,
  // Nothing is recorded; the gate and questions go on.
  kFull,
};

// What must stay free. Events stop below `events`, everything else below `commands`; each begins
// again a quarter above, so that a disk at the limit does not flap.
struct SpaceReserve {
  std::int64_t events = 0;
  std::int64_t commands = 0;
};
// `wanted` for events in bytes; 0: 5 % of the file system, at least 256 MiB, at most 2 GiB, and
// never more than a quarter of a small one. Commands have a quarter of it.
[[nodiscard]] SpaceReserve ReserveFor(std::int64_t wanted, std::int64_t total_bytes);
// The next state.
[[nodiscard]] SpaceState NextSpaceState(SpaceState now, const SpaceReserve& reserve,
                                        std::int64_t free_bytes);

// Tick is called by one thread, the rest by any.
class SpaceGuard {
 public:
  struct Status {
    SpaceState state = SpaceState::kPlenty;
    DiskSpace space;
    SpaceReserve reserve;
  };

  // `source` outlives this. `on_change` is told of each new state, from Tick.
  SpaceGuard(SpaceSource* source, std::int64_t reserve_bytes,
             std::function<void(SpaceState)> on_change)
      : source_(source), reserve_bytes_(reserve_bytes), on_change_(std::move(on_change)) {}

  // Once a second. A file system that cannot be asked changes nothing.
  void Tick();
  [[nodiscard]] Status status() const;

 private:
  SpaceSource* const source_;
  const std::int64_t reserve_bytes_;
  const std::function<void(SpaceState)> on_change_;
  mutable Mutex mutex_;
  Status status_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_SPACE_GUARD_H_
