#include "daemon/commit_clock.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;
constexpr std::int64_t kNow = 1'800'000'000 * kSecondUs;

TEST(CommitClockTest, FollowsTheWallClockInAnEmptyJournal) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  EXPECT_FALSE(commit.Start(0).has_value());
  EXPECT_EQ(commit.Stamp(nullptr), kNow);
  clock.Advance(kSecondUs);
  EXPECT_EQ(commit.Stamp(nullptr), kNow + kSecondUs);
}

struct StartCase {
  std::string name;
  std::int64_t gap_us;
  bool followed;
  friend void PrintTo(const StartCase& c, std::ostream* os) { *os << c.name; }
};

class CommitClockStartTest : public ::testing::TestWithParam<StartCase> {};

TEST_P(CommitClockStartTest, FollowsAGapOnlyWithinItsLimits) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  const std::int64_t last = kNow - GetParam().gap_us;
  const std::optional<v1::ClockStepped> step = commit.Start(last);
  EXPECT_EQ(!step.has_value(), GetParam().followed);
  if (step.has_value()) {
    EXPECT_EQ(step->step_us(), GetParam().gap_us);
    EXPECT_FALSE(step->followed());
    EXPECT_EQ(commit.NowUs(), last);
    clock.Advance(kSecondUs);
    EXPECT_EQ(commit.NowUs(), last + kSecondUs);
    // Known already.
    EXPECT_FALSE(commit.Look().has_value());
  } else {
    EXPECT_EQ(commit.NowUs(), std::max(last, kNow));
  }
}

INSTANTIATE_TEST_SUITE_P(Gaps, CommitClockStartTest,
                         ::testing::Values(StartCase{"None", 0, true},
                                           StartCase{"ADayDown", kDayUs, true},
                                           StartCase{"AtTheLimit", 30 * kDayUs, true},
                                           StartCase{"BeyondTheLimit", 30 * kDayUs + 1, false},
                                           StartCase{"ALittleBehind", -5 * kMinuteUs, true},
                                           StartCase{"FarBehind", -5 * kMinuteUs - 1, false}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(CommitClockTest, FollowsSmallStepsAndNeverGoesBack) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  EXPECT_EQ(commit.Stamp(nullptr), kNow);
  clock.StepWall(-kMinuteUs);
  EXPECT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.Stamp(nullptr), kNow);
  clock.StepWall(2 * kMinuteUs);
  EXPECT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.Stamp(nullptr), kNow + kMinuteUs);
}

TEST(CommitClockTest, ReportsALargeStepOnceAndFollowsItOnlyWhenAccepted) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  clock.StepWall(kDayUs);
  const std::optional<v1::ClockStepped> step = commit.Look();
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->step_us(), kDayUs);
  EXPECT_FALSE(step->followed());
  EXPECT_FALSE(commit.Look().has_value());
  clock.Advance(kSecondUs);
  EXPECT_EQ(commit.Stamp(nullptr), kNow + kSecondUs);
  EXPECT_EQ(commit.step_us(), kDayUs);
  const v1::ClockStepped accepted = commit.Accept();
  EXPECT_TRUE(accepted.followed());
  EXPECT_EQ(commit.step_us(), 0);
  EXPECT_EQ(commit.Stamp(nullptr), kNow + kSecondUs + kDayUs);
}

TEST(CommitClockTest, AStepThatIsTakenBackIsForgotten) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  clock.StepWall(kDayUs);
  ASSERT_TRUE(commit.Look().has_value());
  clock.StepWall(-kDayUs);
  EXPECT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.step_us(), 0);
}

TEST(CommitClockTest, InTestModeTimeComesFromTheEvents) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {.test_mode = true, .test_start_us = 1000 * kSecondUs});
  ASSERT_FALSE(commit.Start(0).has_value());
  v1::HallEvent message;
  message.mutable_event_time()->set_seconds(2000);
  google::protobuf::Arena arena;
  const EventView* const event = EventView::Of(message, &arena);
  EXPECT_EQ(commit.Stamp(nullptr), 1000 * kSecondUs);
  EXPECT_EQ(commit.Stamp(event), 2000 * kSecondUs);
  EXPECT_EQ(commit.Stamp(event), 2000 * kSecondUs + 1000);
  clock.Advance(kDayUs);
  EXPECT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.Stamp(nullptr), 2000 * kSecondUs + 1000);
  // A restart goes on where the journal ends.
  CommitClock after(&clock, {.test_mode = true});
  ASSERT_FALSE(after.Start(2000 * kSecondUs + 1000).has_value());
  EXPECT_EQ(after.Stamp(event), 2000 * kSecondUs + 2000);
}

}  // namespace
}  // namespace hallwarden::daemon
