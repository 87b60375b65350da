#include "daemon/desk/gold_trace.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/numeric/int128.h"
#include "rules/engine/step.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kLargest = 5;

// A hall may report any number. What does not fit stays at the largest that does.
void AddTo(std::int64_t* sum, std::int64_t amount) {
  if (__builtin_add_overflow(*sum, amount, sum)) {
    *sum = std::numeric_limits<std::int64_t>::max();
  }
}
// What a seat lost, 0 when it did not.
std::int64_t Lost(const v1::SeatResult& seat) {
  return -std::clamp<std::int64_t>(seat.gold_delta(), -std::numeric_limits<std::int64_t>::max(), 0);
}

}  // namespace

GoldTrace::GoldTrace(const Options& options) : options_(options) {
  accounts_.emplace(options_.account, Account{});
}

void GoldTrace::Add(const EventView& event, std::uint64_t position, std::int64_t commit_us) {
  if (event.has_hand_settled() && options_.asset == v1::ASSET_KIND_GOLD) {
    AddHand(event, position, commit_us);
  } else if (event.has_asset_moved() && event.asset_moved().asset() == options_.asset) {
    AddMove(event, position, commit_us);
  }
}

void GoldTrace::AddHand(const EventView& event, std::uint64_t position, std::int64_t commit_us) {
  const v1::HandSettled& hand = event.hand_settled();
  absl::int128 won = 0;
  for (const v1::SeatResult& seat : hand.seats())
    won += std::max<std::int64_t>(seat.gold_delta(), 0);
  if (won == 0) return;
  // Losers first, as the table stood: who loses and wins in one hand is two seats.
  for (const v1::SeatResult& loser : hand.seats()) {
    if (Lost(loser) == 0) continue;
    const std::string from = QualifiedAccount(event.realm(), loser.account());
    const std::int64_t lost = Leaves(from, Lost(loser));
    if (lost == 0) continue;
    for (const v1::SeatResult& winner : hand.seats()) {
      if (winner.gold_delta() <= 0) continue;
      const auto share = static_cast<std::int64_t>(absl::int128(lost) * winner.gold_delta() / won);
      Pass(from, QualifiedAccount(event.realm(), winner.account()), v1::FLOW_KIND_HANDS, commit_us,
           {share, position, std::string(event.hand())});
    }
  }
}

void GoldTrace::AddMove(const EventView& event, std::uint64_t position, std::int64_t commit_us) {
  const v1::AssetMoved& moved = event.asset_moved();
  const std::string_view from = event.qualified_account();
  if (moved.amount() <= 0) return;
  switch (moved.kind()) {
    case v1::MOVE_KIND_GIFT: {
      if (moved.to_account().empty()) return;
      const std::int64_t given = Leaves(from, moved.amount());
      Pass(from, QualifiedAccount(event.realm(), moved.to_account()), v1::FLOW_KIND_GIFTS,
           commit_us, {given, position, {}});
      return;
    }
    case v1::MOVE_KIND_EXCHANGE_ASKED:
      if (const std::int64_t asked = Leaves(from, moved.amount()); asked > 0) {
        AddTo(&accounts_.find(from)->second.exchanged, asked);
      }
      return;
    case v1::MOVE_KIND_SPENT:
      Leaves(from, moved.amount());
      return;
    default:
      return;
  }
}

std::int64_t GoldTrace::Leaves(std::string_view account, std::int64_t amount) {
  const auto found = accounts_.find(account);
  if (found == accounts_.end()) return 0;
  Account& from = found->second;
  const std::int64_t followed = from.depth == 0 ? amount : std::min(amount, from.in - from.out);
  AddTo(&from.out, followed);
  return followed;
}

void GoldTrace::Pass(std::string_view from, std::string_view to, v1::FlowKind kind,
                     std::int64_t commit_us, Move move) {
  if (move.amount <= 0 || from == to) return;
  const auto found = accounts_.find(from);
  if (found == accounts_.end()) return;
  const int depth = found->second.depth + 1;
  if (depth > options_.depth) return;
  Flow& flow = flows_[{std::string(from), std::string(to), kind}];
  if (flow.count == 0) flow.first_us = commit_us;
  flow.last_us = commit_us;
  AddTo(&flow.amount, move.amount);
  ++flow.count;
  const std::int64_t amount = move.amount;
  const auto place = std::find_if(flow.largest.begin(), flow.largest.end(),
                                  [&](const Move& one) { return one.amount < amount; });
  flow.largest.insert(place, std::move(move));
  if (flow.largest.size() > kLargest) flow.largest.pop_back();
  // A flow is followed once it is worth it; what went before counts with it then.
  if (flow.amount < options_.least) return;
  const bool now_worth_it = flow.amount - amount < options_.least;
  const std::int64_t came = now_worth_it ? flow.amount : amount;
  auto receiver = accounts_.find(to);
  if (receiver == accounts_.end()) {
    if (accounts_.size() >= kAccountsMax) {
      truncated_ = true;
      return;
    }
    receiver = accounts_.emplace(std::string(to), Account{.depth = depth}).first;
  }
  // What comes back to where it began is followed from there in any case.
  if (receiver->second.depth == 0) return;
  AddTo(&receiver->second.in, came);
  receiver->second.depth = std::min(receiver->second.depth, depth);
}

void GoldTrace::Fill(v1::TraceGoldResponse* response) const {
  struct Shown {
    const FlowKey* key;
    const Flow* flow;
    int depth;
  };
  std::vector<Shown> flows;
  for (const auto& [key, flow] : flows_) {
    if (flow.amount < options_.least) continue;
    flows.push_back({&key, &flow, accounts_.at(std::get<0>(key)).depth + 1});
  }
  std::stable_sort(flows.begin(), flows.end(), [](const Shown& a, const Shown& b) {
    return std::make_tuple(a.depth, -a.flow->amount) < std::make_tuple(b.depth, -b.flow->amount);
  });
  response->set_truncated(truncated_ || flows.size() > static_cast<std::size_t>(kFlowsShown));
  for (const Shown& shown : flows) {
    if (response->flows_size() == kFlowsShown) break;
    v1::GoldFlow& out = *response->add_flows();
    out.set_from_account(std::get<0>(*shown.key));
    out.set_to_account(std::get<1>(*shown.key));
    out.set_kind(std::get<2>(*shown.key));
    out.set_amount(shown.flow->amount);
    out.set_count(shown.flow->count);
    out.set_depth(shown.depth);
    SetTimestamp(shown.flow->first_us, out.mutable_first_time());
    SetTimestamp(shown.flow->last_us, out.mutable_last_time());
    for (const Move& move : shown.flow->largest) {
      if (!move.hand.empty()) out.add_hands(move.hand);
      out.add_journal_positions(static_cast<std::int64_t>(move.position));
    }
  }
  std::vector<std::pair<std::string, Account>> accounts(accounts_.begin(), accounts_.end());
  std::sort(accounts.begin(), accounts.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a.second.depth, -a.second.in, std::string_view(a.first)) <
           std::make_tuple(b.second.depth, -b.second.in, std::string_view(b.first));
  });
  for (const auto& [name, account] : accounts) {
    if (response->accounts_size() == kAccountsShown) {
      response->set_truncated(true);
      break;
    }
    v1::TracedAccount& out = *response->add_accounts();
    out.set_account(name);
    out.set_depth(account.depth);
    out.set_amount_in(account.in);
    out.set_amount_out(account.out);
    out.set_exchanged(account.exchanged);
  }
}

}  // namespace hallwarden::daemon
