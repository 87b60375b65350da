// Stops before the disk is full, begins again above, and does not flap.
#include "daemon/space_guard.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

class FakeSpace final : public SpaceSource {
 public:
  absl::StatusOr<DiskSpace> Look() override { return space; }
  absl::StatusOr<DiskSpace> space = DiskSpace{100 * kGiB, 100 * kGiB};
};

TEST(ReserveTest, IsAShareOfTheDiskWithinBounds) {
  EXPECT_EQ(ReserveFor(0, 20 * kGiB).events, kGiB);
  EXPECT_EQ(ReserveFor(0, 4000 * kGiB).events, 2 * kGiB);
  EXPECT_EQ(ReserveFor(0, 2 * kGiB).events, 256 * kMiB);
  EXPECT_EQ(ReserveFor(0, 64 * kMiB).events, 16 * kMiB);
  EXPECT_EQ(ReserveFor(10 * kMiB, 64 * kMiB).events, 10 * kMiB);
  EXPECT_EQ(ReserveFor(0, 20 * kGiB).commands, kGiB / 4);
}

TEST(SpaceGuardTest, PausesFillsAndRecoversWithRoomBetween) {
  FakeSpace source;
  std::vector<SpaceState> told;
  SpaceGuard guard(&source, 100 * kMiB, [&](SpaceState state) { told.push_back(state); });
  struct Step {
    std::int64_t free_mib;
    SpaceState state;
  };
  const std::vector<Step> steps = {
      {101, SpaceState::kPlenty}, {99, SpaceState::kPaused},  {101, SpaceState::kPaused},
      {124, SpaceState::kPaused}, {125, SpaceState::kPlenty}, {24, SpaceState::kFull},
      {26, SpaceState::kFull},    {30, SpaceState::kFull},    {32, SpaceState::kPaused},
      {26, SpaceState::kPaused},  {0, SpaceState::kFull},     {500, SpaceState::kPlenty},
  };
  for (const Step& step : steps) {
    source.space->free_bytes = step.free_mib * kMiB;
    guard.Tick();
    EXPECT_EQ(guard.status().state, step.state) << step.free_mib;
  }
  EXPECT_THAT(told, ElementsAre(SpaceState::kPaused, SpaceState::kPlenty, SpaceState::kFull,
                                SpaceState::kPaused, SpaceState::kFull, SpaceState::kPlenty));
}

TEST(SpaceGuardTest, ADiskThatCannotBeAskedChangesNothing) {
  FakeSpace source;
  int told = 0;
  SpaceGuard guard(&source, 0, [&](SpaceState) { ++told; });
  source.space = absl::InternalError("gone");
  guard.Tick();
  EXPECT_EQ(guard.status().state, SpaceState::kPlenty);
  EXPECT_EQ(told, 0);
}

TEST(DiskSpaceSourceTest, LooksAtTheDiskOfADirectoryThatIsNotMadeYet) {
  const storage::TempDirectory directory;
  DiskSpaceSource source(directory.path() + "/not/made/yet");
  const absl::StatusOr<DiskSpace> space = source.Look();
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_GT(space->total_bytes, 0);
  EXPECT_LE(space->free_bytes, space->total_bytes);
}

}  // namespace
}  // namespace hallwarden::daemon
