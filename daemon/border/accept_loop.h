// Takes connections in, in place of gRPC 1.51, whose listener never accepts again once the process
// ran out of descriptors (CVE-2023-4785).
#ifndef HALLWARDEN_DAEMON_BORDER_ACCEPT_LOOP_H_
#define HALLWARDEN_DAEMON_BORDER_ACCEPT_LOOP_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/border/address.h"
#include "daemon/border/connection_table.h"
#include "daemon/clock.h"

namespace hallwarden::daemon {

// Counts since the start; `open` is now.
struct ConnectionStats {
  std::uint64_t accepted = 0;
  std::uint64_t refused_too_many = 0;
  std::uint64_t refused_of_address = 0;
  std::uint64_t refused_too_fast = 0;
  // Closed at once, or left waiting, because the process had no descriptor left.
  std::uint64_t out_of_descriptors = 0;
  std::uint64_t open = 0;
};

class AcceptLoop {
 public:
  struct Door {
    ListeningSocket socket;
    // Owns the descriptor from here on: non-blocking, no delay. Runs on the loop's thread.
    std::function<void(int fd)> take;
  };
  // A connection was refused: `address` is a key of AddressKey. Runs on the loop's thread.
  using Refused = std::function<void(const std::string& address, Admission why)>;

  // `clock` outlives the loop; `refused` may be empty. INTERNAL if the system gives no thread or
  // descriptor.
  static absl::StatusOr<std::unique_ptr<AcceptLoop>> Start(std::vector<Door> doors,
                                                           const ConnectionLimits& limits,
                                                           Clock* clock, Refused refused);
  ~AcceptLoop();
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

  // Closes the doors. Nothing is taken afterwards. Idempotent; not thread-safe.
  void Stop();

  // Thread-safe.
  [[nodiscard]] ConnectionStats Stats() const;

 private:
  AcceptLoop(std::vector<Door> doors, const ConnectionLimits& limits, Clock* clock,
             Refused refused);

  void Run();
  // Takes what waits at a door. False: pause, the system has nothing left.
  [[nodiscard]] bool TakeFrom(const Door& door);
  void TakeOne(const Door& door, int fd, const void* peer);
  // Lets one waiting client know by closing its connection.
  void Shed(const Door& door);

  std::vector<Door> doors_;
  Clock* const clock_;
  const Refused refused_;
  ConnectionTable table_;
  std::int64_t swept_us_ = 0;
  int wake_ = -1;
  // Held so that there is one descriptor to accept with when there is none left.
  int spare_ = -1;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> refused_too_many_ = 0;
  std::atomic<std::uint64_t> refused_of_address_ = 0;
  std::atomic<std::uint64_t> refused_too_fast_ = 0;
  std::atomic<std::uint64_t> out_of_descriptors_ = 0;
  std::atomic<std::uint64_t> open_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_BORDER_ACCEPT_LOOP_H_
