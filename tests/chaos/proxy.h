// A TCP proxy between a game server and the daemon: delays, stalls, half-closes and cuts
// connections at random byte positions.
#ifndef HALLWARDEN_TESTS_CHAOS_PROXY_H_
#define HALLWARDEN_TESTS_CHAOS_PROXY_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tools/session/clock.h"

namespace hallwarden::chaos {

// Zero: never.
struct ProxyFaults {
  // A connection is cut after this many bytes on average, of both ways together.
  std::int64_t cut_after_bytes = 0;
  // Of the cuts, per mille that only close one way, or stop forwarding for a while and then cut.
  int half_close = 0;
  int stall = 0;
  // Every read is held up for a random time up to this.
  std::int64_t delay_us = 0;
};

struct ProxyCounts {
  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> bytes{0};
  std::atomic<std::int64_t> cuts{0};
  std::atomic<std::int64_t> half_closes{0};
  std::atomic<std::int64_t> stalls{0};
  std::atomic<std::int64_t> delays{0};
};

// Listens on a port of its own on 127.0.0.1 and forwards to a unix socket, on a thread of its own.
class Proxy {
 public:
  // `counts` outlives it. Aborts if it cannot listen.
  Proxy(std::string unix_path, ProxyFaults faults, std::uint64_t seed, ProxyCounts* counts);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  // From now on new and old connections are left alone.
  void Behave() { behave_ = true; }

 private:
  struct Way {
    int from = -1;
    int to = -1;
    std::string buffer;
    std::int64_t release_us = 0;
    bool ended = false;  // `from` said so
    bool shut = false;   // `to` was told
  };
  struct Link {
    std::array<Way, 2> ways;
    std::int64_t left = 0;  // bytes until the fault; < 0: none
    std::int64_t stalled_until_us = 0;
    bool cut_after_stall = false;
    bool dead = false;
  };

  void Run();
  void Accept();
  void Plan(Link* link);
  void Pump(Link* link, std::int64_t now_us);
  void PumpWay(Link* link, Way* way, std::int64_t now_us);
  void Fault(Link* link, Way* way, std::int64_t now_us);
  static void Close(Link* link, bool reset);

  const std::string unix_path_;
  const ProxyFaults faults_;
  ProxyCounts* const counts_;
  session::SeededJitter random_;
  int listen_ = -1;
  int port_ = 0;
  std::atomic<bool> behave_{false};
  std::atomic<bool> stop_{false};
  std::vector<std::unique_ptr<Link>> links_;
  std::thread thread_;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_PROXY_H_
