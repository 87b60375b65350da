// A hand is told late: its players have logged out, or sit elsewhere by then.
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/state/trail_cell.h"
#include "tests/rules/support/hall.h"
#include "tests/rules/support/sharded.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::testing {
namespace {

constexpr char kServer[] = "gs1";
constexpr int kFeeders = 4;

std::string FeederName(int i) {
  return "small" + std::to_string(i);
}

v1::HallEvent Fed(const std::string& hand, const std::string& feeder, const std::string& stranger) {
  // Told by the big account: its shard tells the small one's.
  v1::HallEvent event = HandSettled(hand, {"sink", feeder, stranger});
  event.set_game("ddz");
  v1::HandSettled& settled = *event.mutable_hand_settled();
  settled.set_room_kind(v1::ROOM_KIND_MATCHMADE);
  settled.set_stake(100);
  settled.mutable_seats(0)->set_gold_delta(800);
  settled.mutable_seats(1)->set_gold_delta(-1600);
  settled.mutable_seats(2)->set_gold_delta(800);
  return event;
}

// Small accounts come, lose a hand or two to the big one, and are gone: some to another server,
// some to another table, some told of when a hand begins.
class Evening {
 public:
  Evening(Hall* hall, std::uint64_t seed) : hall_(hall), dice_(seed) {}

  void Pass(int visits) {
    hall_->Tell(kServer, Registered("sink", "fine sink"));
    for (int i = 0; i < kFeeders; ++i) {
      hall_->Tell(kServer, Registered(FeederName(i), "fine"));
      hall_->Tell(kServer, LoggedOut(FeederName(i)));
    }
    for (int visit = 0; visit < visits; ++visit)
      Visit(FeederName(visit % kFeeders), visit);
  }

  // What each may have played, by name.
  std::map<std::string, std::uint32_t> hands;

 private:
  void Visit(const std::string& feeder, int visit) {
    const std::string stranger = "stranger" + std::to_string(visit);
    hall_->Tell(kServer, Registered(stranger, "fine"));
    hall_->Tell(kServer, LoggedIn(feeder));
    const std::uint64_t count = 1 + dice_.Roll(2);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string hand = "h" + std::to_string(visit) + "." + std::to_string(i);
      if (dice_.Roll(2) == 0) hall_->Tell(kServer, HandStarted(hand, {"sink", feeder, stranger}));
      hall_->Tell(kServer, Fed(hand, feeder, stranger));
      for (const std::string& account : {std::string("sink"), feeder, stranger})
        ++hands[account];
      if (dice_.Roll(3) == 0) hall_->Tell(kServer, LoggedIn(feeder));  // told again
    }
    hall_->Tell(kServer, LoggedOut(feeder));
    if (dice_.Roll(2) == 0) {
      // Not his any more: nobody of this name sits there.
      hall_->Tell(kServer, Fed("ghost" + std::to_string(visit), feeder, stranger));
      for (const std::string& account : {std::string("sink"), stranger})
        ++hands[account];
    }
    hall_->Tell(kServer, LoggedOut(stranger));
    if (dice_.Roll(2) == 0) {
      hall_->Tell("gs2", LoggedIn(feeder));
      hall_->Tell("gs2", LoggedOut(feeder));
    }
    hall_->Wait(kMinuteUs);
  }

  Hall* hall_;
  Dice dice_;
};

class LateHandTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  TestArtefacts artefacts_;
};

TEST_P(LateHandTest, WhoLoggedOutRightAfterTheHandIsHeardOfAlikeOnAnyNumberOfShards) {
  Hall hall(&artefacts_);
  Evening evening(&hall, GetParam());
  evening.Pass(60);
  ASSERT_FALSE(hall.All<PutCase>().empty()) << "the traffic shows nothing";
  // Each visit is over before its facts arrive; the last delay is longer than any visit.
  std::vector<std::unique_ptr<ShardedRun>> runs;
  for (const auto& [shards, delay] :
       {std::pair<std::uint32_t, std::size_t>{1, 0}, {1, 20}, {4, 5}, {4, 20}, {16, 40}}) {
    SCOPED_TRACE(std::to_string(shards) + " shards, " + std::to_string(delay) + " facts late");
    ShardedRun run(shards, delay, &artefacts_);
    run.ApplyAll(hall.journal());
    for (const auto& [account, count] : evening.hands)
      EXPECT_EQ(run.HandsOf(account), count) << account;
    runs.push_back(std::make_unique<ShardedRun>(std::move(run)));
    EXPECT_EQ(runs.back()->cases, runs.front()->cases);
    EXPECT_EQ(runs.back()->sanctions, runs.front()->sanctions);
    EXPECT_EQ(runs.back()->gates, runs.front()->gates);
    EXPECT_EQ(runs.back()->directives, runs.front()->directives);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LateHandTest, ::testing::Values(1, 2, 3),
                         [](const auto& param_info) {
                           return "seed" + std::to_string(param_info.param);
                         });

TEST(TrailCellTest, KnowsTheLastSessionsOnly) {
  TrailCell trail;
  for (std::uint64_t i = 0; i < TrailCell::kStaysMax + 1; ++i)
    trail.Add(Stay{7, 100 * i + 10, 100 * i + 20});
  EXPECT_FALSE(trail.WasThere(7, 15));  // forgotten
  EXPECT_TRUE(trail.WasThere(7, 115));
  EXPECT_FALSE(trail.WasThere(8, 115));
  // What opens and closes a session is no hand.
  EXPECT_FALSE(trail.WasThere(7, 110));
  EXPECT_FALSE(trail.WasThere(7, 120));
  std::string bytes;
  trail.Encode(&bytes);
  TrailCell back;
  ASSERT_TRUE(back.Decode(bytes));
  EXPECT_TRUE(back.WasThere(7, 815));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    TrailCell cut;
    EXPECT_FALSE(cut.Decode(std::string_view(bytes).substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace hallwarden::testing
