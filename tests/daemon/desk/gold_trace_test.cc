// Where gold went, told from events.
#include "daemon/desk/gold_trace.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/arena.h>
#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GoldTraceTest : public ::testing::Test {
 protected:
  void Hand(const std::vector<std::pair<std::string, std::int64_t>>& seats) {
    v1::HallEvent event;
    event.set_account(seats.front().first);
    event.set_hand("h" + std::to_string(position_));
    for (const auto& [account, delta] : seats) {
      v1::SeatResult& seat = *event.mutable_hand_settled()->add_seats();
      seat.set_account(account);
      seat.set_gold_delta(delta);
    }
    Add(event);
  }
  void Move(const std::string& from, v1::MoveKind kind, std::int64_t amount,
            const std::string& to = "", v1::AssetKind asset = v1::ASSET_KIND_GOLD) {
    v1::HallEvent event;
    event.set_account(from);
    v1::AssetMoved& moved = *event.mutable_asset_moved();
    moved.set_asset(asset);
    moved.set_kind(kind);
    moved.set_amount(amount);
    moved.set_to_account(to);
    Add(event);
  }
  void Gift(const std::string& from, const std::string& to, std::int64_t amount) {
    Move(from, v1::MOVE_KIND_GIFT, amount, to);
  }
  void Add(const v1::HallEvent& event) {
    google::protobuf::Arena arena;
    trace_->Add(*EventView::Of(event, &arena), position_, static_cast<std::int64_t>(position_));
    ++position_;
  }

  v1::TraceGoldResponse Answer() {
    v1::TraceGoldResponse answer;
    trace_->Fill(&answer);
    return answer;
  }
  // `1 a>b 500`, one for each flow.
  std::vector<std::string> Flows() {
    std::vector<std::string> lines;
    const v1::TraceGoldResponse answer = Answer();
    for (const v1::GoldFlow& flow : answer.flows()) {
      lines.push_back(std::to_string(flow.depth()) + " " + flow.from_account() + ">" +
                      flow.to_account() + " " + std::to_string(flow.amount()));
    }
    return lines;
  }
  v1::TracedAccount Account(const std::string& name) {
    const v1::TraceGoldResponse answer = Answer();
    for (const v1::TracedAccount& account : answer.accounts()) {
      if (account.account() == name) return account;
    }
    return {};
  }

  std::optional<GoldTrace> trace_{GoldTrace::Options{.account = "victim"}};
  std::uint64_t position_ = 1;
};

TEST_F(GoldTraceTest, GiftsAreFollowedFromHandToHand) {
  Gift("victim", "mule", 1'000);
  Gift("mule", "boss", 900);
  Move("boss", v1::MOVE_KIND_EXCHANGE_ASKED, 800);
  EXPECT_THAT(Flows(), ElementsAre("1 victim>mule 1000", "2 mule>boss 900"));
  EXPECT_EQ(Account("boss").exchanged(), 800);
  EXPECT_EQ(Account("mule").amount_out(), 900);
}

TEST_F(GoldTraceTest, AHandIsSharedByWhatEachWinnerWon) {
  Hand({{"victim", -1'000}, {"other", -1'000}, {"a", 1'500}, {"b", 500}});
  EXPECT_THAT(Flows(), ElementsAre("1 victim>a 750", "1 victim>b 250"));
  EXPECT_THAT(Answer().flows(0).hands(), ElementsAre("h1"));
}

// Whoever wins a little from the victim and loses his own gold later has not passed all of that on.
TEST_F(GoldTraceTest, NoMoreIsFollowedThanCame) {
  Hand({{"victim", -500}, {"honest", 500}});
  Hand({{"honest", -5'000}, {"stranger", 5'000}});
  EXPECT_THAT(Flows(), ElementsAre("1 victim>honest 500", "2 honest>stranger 500"));
  Hand({{"honest", -5'000}, {"another", 5'000}});
  EXPECT_EQ(Account("another").account(), "");
}

TEST_F(GoldTraceTest, WhatWasThereBeforeIsNotFollowed) {
  Gift("mule", "boss", 900);
  Gift("victim", "mule", 1'000);
  EXPECT_THAT(Flows(), ElementsAre("1 victim>mule 1000"));
}

TEST_F(GoldTraceTest, WhatComesBackAndGoesAgainCountsAgain) {
  Gift("victim", "mule", 1'000);
  Gift("mule", "victim", 1'000);
  Gift("victim", "boss", 1'000);
  EXPECT_THAT(Flows(),
              ElementsAre("1 victim>boss 1000", "1 victim>mule 1000", "2 mule>victim 1000"));
}

TEST_F(GoldTraceTest, ItEndsAtItsDepth) {
  trace_.emplace(GoldTrace::Options{.account = "victim", .depth = 1});
  Gift("victim", "mule", 1'000);
  Gift("mule", "boss", 900);
  EXPECT_THAT(Flows(), ElementsAre("1 victim>mule 1000"));
}

TEST_F(GoldTraceTest, SmallFlowsAreLeftOutUntilTheyAddUp) {
  trace_.emplace(GoldTrace::Options{.account = "victim", .least = 300});
  Gift("victim", "mule", 200);
  Gift("mule", "boss", 200);
  EXPECT_THAT(Flows(), IsEmpty());
  Gift("victim", "mule", 200);
  Gift("mule", "boss", 400);
  EXPECT_THAT(Flows(), ElementsAre("1 victim>mule 400", "2 mule>boss 400"));
}

TEST_F(GoldTraceTest, CharmIsNotGold) {
  Move("victim", v1::MOVE_KIND_GIFT, 10, "friend", v1::ASSET_KIND_CHARM);
  EXPECT_THAT(Flows(), IsEmpty());
}

TEST_F(GoldTraceTest, HugeAmountsDoNotOverflow) {
  constexpr std::int64_t kHuge = INT64_MAX / 8;
  Hand({{"victim", -kHuge}, {"a", kHuge}});
  Hand({{"victim", -kHuge}, {"a", kHuge / 2}, {"b", kHuge / 2}});
  EXPECT_EQ(Answer().flows(0).amount(), kHuge + kHuge / 2);
  Hand({{"victim", INT64_MIN}, {"c", INT64_MAX}});
  Hand({{"victim", INT64_MIN}, {"c", INT64_MAX}});
  EXPECT_EQ(Answer().flows(0).amount(), INT64_MAX);
}

}  // namespace
}  // namespace hallwarden::daemon
