// Where gold went: a walk forward through recorded events.
#ifndef HALLWARDEN_DAEMON_DESK_GOLD_TRACE_H_
#define HALLWARDEN_DAEMON_DESK_GOLD_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "hallwarden/v1/recovery_service.pb.h"

#include "rules/engine/event_view.h"

namespace hallwarden::daemon {

// Follows what left one account. Feed it the events in journal order, then ask. Not thread-safe.
//
// From the account that was asked for everything is followed; from the others what came to them
// before, and of that no more than came: who was paid 500 and loses 5000 in the next hand to an
// honest player has passed on 500. In a hand each winner is counted his share of what was won.
class GoldTrace {
 public:
  struct Options {
    std::string account;  // with its realm
    v1::AssetKind asset = v1::ASSET_KIND_GOLD;
    int depth = 3;
    std::int64_t least = 0;
  };
  // A trace that reaches more accounts than this goes no further, and says so.
  static constexpr std::size_t kAccountsMax = 20'000;
  // Of those, shown.
  static constexpr int kAccountsShown = 200;
  static constexpr int kFlowsShown = 500;

  explicit GoldTrace(const Options& options);

  void Add(const EventView& event, std::uint64_t position, std::int64_t commit_us);
  // Flows, accounts (without addresses) and `truncated`.
  void Fill(v1::TraceGoldResponse* response) const;

 private:
  struct Account {
    int depth = 0;
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t exchanged = 0;
  };
  struct Move {
    std::int64_t amount = 0;
    std::uint64_t position = 0;
    std::string hand;
  };
  struct Flow {
    std::int64_t amount = 0;
    std::int32_t count = 0;
    std::int64_t first_us = 0;
    std::int64_t last_us = 0;
    std::vector<Move> largest;
  };
  using FlowKey = std::tuple<std::string, std::string, v1::FlowKind>;

  void AddHand(const EventView& event, std::uint64_t position, std::int64_t commit_us);
  void AddMove(const EventView& event, std::uint64_t position, std::int64_t commit_us);
  // How much of `amount` that leaves `account` is followed; takes it out of there.
  std::int64_t Leaves(std::string_view account, std::int64_t amount);
  void Pass(std::string_view from, std::string_view to, v1::FlowKind kind, std::int64_t commit_us,
            Move move);

  const Options options_;
  std::map<std::string, Account, std::less<>> accounts_;
  // In order, so that equal answers are equal byte for byte.
  std::map<FlowKey, Flow> flows_;
  bool truncated_ = false;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_GOLD_TRACE_H_
