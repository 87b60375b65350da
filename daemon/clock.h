// Where time comes from.
#ifndef HALLWARDEN_DAEMON_CLOCK_H_
#define HALLWARDEN_DAEMON_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <string>

namespace hallwarden::daemon {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since the epoch as the host believes. May step either way.
  [[nodiscard]] virtual std::int64_t WallUs() = 0;
  // Microseconds since the host came up, sleep included. Never decreases.
  [[nodiscard]] virtual std::int64_t BootUs() = 0;
  // Tells this boot of the host from every other one; empty: it cannot be told.
  [[nodiscard]] virtual std::string BootId() = 0;
};

// The host's clocks.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t WallUs() override;
  [[nodiscard]] std::int64_t BootUs() override;
  [[nodiscard]] std::string BootId() override;
};

// Stands still until it is told otherwise.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t wall_us) : wall_us_(wall_us) {}
  [[nodiscard]] std::int64_t WallUs() override { return wall_us_.load(); }
  [[nodiscard]] std::int64_t BootUs() override { return boot_us_.load(); }
  [[nodiscard]] std::string BootId() override { return boot_id_; }
  // The host comes up anew. While nobody reads it.
  void Reboot(const std::string& boot_id) {
    boot_us_ = 1;
    boot_id_ = boot_id;
  }
  // Time goes by: both clocks advance. Requires: by_us >= 0.
  void Advance(std::int64_t by_us) {
    wall_us_ += by_us;
    boot_us_ += by_us;
  }
  // Somebody sets the wall clock.
  void StepWall(std::int64_t by_us) { wall_us_ += by_us; }

 private:
  std::atomic<std::int64_t> wall_us_;
  std::atomic<std::int64_t> boot_us_{1};
  std::string boot_id_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_CLOCK_H_
