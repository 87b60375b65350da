#include "daemon/commit_clock.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

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

TEST(CommitClockTest, NeverStandsStillWhileTheWallClockIsBehind) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  clock.StepWall(-4 * kMinuteUs);
  ASSERT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.NowUs(), kNow);
  for (int minute = 1; minute <= 40; ++minute) {
    clock.Advance(kMinuteUs);
    ASSERT_FALSE(commit.Look().has_value());
    EXPECT_EQ(commit.NowUs(), kNow + minute * kMinuteUs / 10 * 9);
  }
  // Met: from here on it goes with the wall.
  clock.Advance(kMinuteUs);
  ASSERT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.NowUs(), clock.WallUs());
}

TEST(CommitClockTest, ManySmallStepsAreALargeOne) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  int followed = 0;
  while (followed < 100) {
    clock.StepWall(kMinuteUs);
    if (commit.Look().has_value()) break;
    ++followed;
  }
  EXPECT_EQ(followed, 5);
  EXPECT_EQ(commit.NowUs(), kNow + 5 * kMinuteUs);
  EXPECT_EQ(commit.step_us(), kMinuteUs);
  // An hour later five minutes may be followed again.
  clock.Advance(60 * kMinuteUs);
  EXPECT_FALSE(commit.Look().has_value());
  EXPECT_EQ(commit.step_us(), 0);
}

TEST(CommitClockTest, AnAcceptedStepBackIsMetSlowlyAndIsNoAlarm) {
  FakeClock clock(kNow);
  CommitClock commit(&clock, {});
  ASSERT_FALSE(commit.Start(0).has_value());
  clock.StepWall(-kDayUs);
  ASSERT_TRUE(commit.Look().has_value());
  EXPECT_EQ(commit.Accept().step_us(), -kDayUs);
  EXPECT_EQ(commit.step_us(), 0);
  for (int day = 1; day <= 10; ++day) {
    clock.Advance(kDayUs);
    EXPECT_FALSE(commit.Look().has_value());
    EXPECT_EQ(commit.NowUs(), kNow + day * kDayUs / 10 * 9);
  }
  EXPECT_EQ(commit.NowUs(), clock.WallUs());
}

TEST(CommitClockTest, ARestartOnTheSameBootKnowsHowLongItWasDown) {
  for (const std::int64_t step : {std::int64_t{0}, kDayUs, -kDayUs, 3650 * kDayUs}) {
    FakeClock clock(kNow);
    clock.Reboot("one");
    CommitClock before(&clock, {});
    ASSERT_FALSE(before.Start(0).has_value());
    const std::int64_t last = before.Stamp(nullptr);
    const ClockAnchor anchor = before.Anchor();
    clock.Advance(120 * kMinuteUs);
    clock.StepWall(step);
    CommitClock after(&clock, {});
    EXPECT_EQ(after.Start(last, anchor).has_value(), step != 0);
    EXPECT_EQ(after.step_us(), step);
    EXPECT_EQ(after.NowUs(), kNow + 120 * kMinuteUs);
    // Another boot proves nothing: the gap is believed or not by its size.
    clock.Reboot("two");
    CommitClock rebooted(&clock, {});
    EXPECT_EQ(rebooted.Start(last, anchor).has_value(), step < 0 || step > 30 * kDayUs);
  }
}

TEST(ClockAnchorTest, IsReadBackWholeOrNotAtAll) {
  const storage::TempDirectory directory;
  const std::string file = directory.path() + "/clock";
  EXPECT_EQ(ReadClockAnchor(file), std::nullopt);
  WriteClockAnchor(file, {"some-boot", 12, 34});
  const std::optional<ClockAnchor> read = ReadClockAnchor(file);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->boot_id, "some-boot");
  EXPECT_EQ(read->boot_us, 12);
  EXPECT_EQ(read->commit_us, 34);
  for (std::uintmax_t size = 0; size + 2 < std::filesystem::file_size(file); ++size) {
    std::filesystem::copy_file(file, file + ".cut",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(file + ".cut", size);
    EXPECT_EQ(ReadClockAnchor(file + ".cut"), std::nullopt) << size;
  }
}

// Whatever somebody does to the wall clock, at run time and between stop and start, without an
// operator who accepts it: commit time never goes back and never stands still, and it is never
// further ahead of the time that truly went by than small steps allow.
TEST(CommitClockTest, RandomJumpsEndNothingEarlyAndFreezeNothing) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&](std::int64_t end) { return static_cast<std::int64_t>(random()) % end; };
  for (int run = 0; run < 50; ++run) {
    FakeClock clock(kNow);
    clock.Reboot("one");
    const CommitClock::Options options;
    auto commit = std::make_unique<CommitClock>(&clock, options);
    ASSERT_FALSE(commit->Start(0).has_value());
    std::int64_t last = commit->Stamp(nullptr);
    // True time, and what small steps may have added since the beginning.
    std::int64_t elapsed = 0;
    std::int64_t restarts = 0;
    for (int turn = 0; turn < 400; ++turn) {
      if (below(3) == 0) {
        const std::int64_t size =
            std::vector<std::int64_t>{kSecondUs, kMinuteUs, 60 * kMinuteUs, kDayUs,
                                      3650 * kDayUs}[static_cast<std::size_t>(below(5))] *
            (1 + below(9));
        clock.StepWall(below(2) == 0 ? size : -size);
      }
      const std::int64_t by = 1 + below(10 * kMinuteUs);
      std::int64_t at_least = last + by / 10 * 9 - 10;
      if (below(20) == 0) {
        // Down for a while; a daemon that died left an older anchor.
        ClockAnchor anchor = commit->Anchor();
        ++restarts;
        clock.Advance(by);
        commit = std::make_unique<CommitClock>(&clock, options);
        static_cast<void>(commit->Start(last, anchor));
      } else {
        clock.Advance(by);
        static_cast<void>(commit->Look());
      }
      elapsed += by;
      const std::int64_t now = commit->Stamp(nullptr);
      ASSERT_GE(now, at_least) << "run " << run << " turn " << turn;
      const std::int64_t hours = elapsed / options.step_per_us + 1;
      ASSERT_LE(now - kNow, elapsed + (2 * hours + restarts) * options.step_max_us)
          << "run " << run << " turn " << turn;
      last = now;
    }
  }
}

}  // namespace
}  // namespace hallwarden::daemon
