// What the fake game servers report. Deterministic from its seed.
#ifndef HALLWARDEN_TESTS_CHAOS_TRAFFIC_H_
#define HALLWARDEN_TESTS_CHAOS_TRAFFIC_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "hallwarden/v1/event.pb.h"

#include "tools/session/clock.h"

namespace hallwarden::chaos {

struct TrafficOptions {
  std::uint64_t seed = 1;
  // Prefix of account names. Servers with the same one share their players.
  std::string accounts = "p";
  int account_count = 60;
  // Simulated time, shared by all servers, and how far an event moves it. Null: events carry no
  // time.
  std::atomic<std::int64_t>* clock_us = nullptr;
  std::int64_t step_us = 0;
  // Players offend only in ways that are decided alike however the servers' events interleave.
  bool steady = false;
  // Of 1000 events, how many are bytes that are no event.
  int broken = 4;
};

class Traffic {
 public:
  explicit Traffic(TrafficOptions options) : options_(std::move(options)), random_(options_.seed) {}

  // The next event's bytes; `broken` is set if they are none.
  std::string Next(bool* broken);
  // A server carried out a reset: the account has this name from now on.
  void NameWasReset(const std::string& account, const std::string& name) {
    resets_.push_back({account, name});
  }

 private:
  struct Player {
    bool known = false;
    bool online = false;
    bool seen = true;  // every notice that he may have
    int offences = 0;
    std::string name;
  };
  struct Reset {
    std::string account;
    std::string name;
  };

  std::uint64_t Roll(std::uint64_t below) { return random_.Next() % below; }
  std::string Words();
  void Fill(v1::HallEvent* event, Player* player);
  void Rename(v1::HallEvent* event, Player* player);
  void Noise(v1::HallEvent* event);

  TrafficOptions options_;
  session::SeededJitter random_;
  std::map<std::string, Player> players_;
  std::deque<Reset> resets_;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_TRAFFIC_H_
