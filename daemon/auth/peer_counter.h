// Calls that nobody vouches for, counted by address and minute: a flood of them must cost neither
// audit rows nor memory.
#ifndef HALLWARDEN_DAEMON_AUTH_PEER_COUNTER_H_
#define HALLWARDEN_DAEMON_AUTH_PEER_COUNTER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hallwarden::daemon {

// Thread-safe.
class PeerCounter {
 public:
  // One line a peer and minute, told when the minute is over and the next call comes in.
  struct Line {
    std::int64_t minute_us = 0;  // when the minute began
    std::string peer;            // empty: all peers beyond the limit together
    std::uint64_t count = 0;
  };

  // `told` may be empty. It runs on the thread that counts: be quick. Peers beyond `peers_max` in a
  // minute are counted together.
  explicit PeerCounter(std::function<void(const Line&)> told, std::size_t peers_max = 1024);

  void Count(std::string_view peer, std::int64_t now_us);

  // Since the start.
  [[nodiscard]] std::uint64_t total() const;

 private:
  const std::function<void(const Line&)> told_;
  const std::size_t peers_max_;
  mutable std::mutex mutex_;
  std::int64_t minute_us_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::uint64_t total_ = 0;
};

// `ipv4:10.0.0.1:5000` and `ipv6:[::1]:5000`, as gRPC names peers, without scheme and port.
[[nodiscard]] std::string AddressOf(std::string_view peer);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_PEER_COUNTER_H_
