// A disk that is full, as the daemon's flags make it: the reserve is put above what is free.
#include <signal.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include "tests/e2e/site.h"

namespace hallwarden::e2e {
namespace {

using ::testing::HasSubstr;

class DiskTest : public ::testing::Test {
 protected:
  // Reserve in MiB so that `part` quarters of it are free.
  std::string ReserveWithFree(int part) {
    struct statvfs info {};
    EXPECT_EQ(::statvfs(site_.store().c_str(), &info), 0);
    const std::uint64_t free_mib = info.f_bavail * info.f_frsize >> 20U;
    return std::to_string(free_mib * 4 / static_cast<std::uint64_t>(part));
  }
  std::string Health() {
    std::string out;
    site_.Gmctl({"doctor"}, &out);
    return out;
  }

  Scratch scratch_;
  Site site_{&scratch_};
};

TEST_F(DiskTest, BelowTheReserveEventsWaitAndAreTakenAfterwards) {
  site_.AppendFeed(1, 50);
  site_.StartDaemon();
  site_.StartRelay();
  ASSERT_TRUE(site_.AwaitAcked(50)) << site_.relay_log();
  site_.StopDaemon();
  site_.StartDaemon({"--disk-reserve", ReserveWithFree(2)});
  site_.AppendFeed(51, 100);
  ASSERT_TRUE(Await([&] { return site_.relay_log().find("almost full") != std::string::npos; }, 60))
      << site_.relay_log() << site_.daemon_log();
  EXPECT_THAT(Health(), HasSubstr("no events are taken"));
  EXPECT_THAT(site_.daemon_log(), HasSubstr("ALARM disk"));
  // People go on.
  std::string out;
  EXPECT_EQ(site_.Gmctl({"warn", "p1", "--reason", "e2e test", "--yes", "--rule", "other"}, &out), 0)
      << out;
  EXPECT_EQ(site_.Position("last_acked_seq"), "50");
  site_.StopDaemon();
  site_.StartDaemon();
  EXPECT_TRUE(site_.AwaitAcked(100)) << site_.relay_log();
  site_.StopRelay();
  site_.StopDaemon();
}

TEST_F(DiskTest, AStartWithoutRoomAnswersAndRecordsNothing) {
  site_.AppendFeed(1, 50);
  site_.StartDaemon();
  site_.StartRelay();
  ASSERT_TRUE(site_.AwaitAcked(50)) << site_.relay_log();
  site_.StopDaemon(true);
  const std::string before = site_.Export();
  site_.StartDaemon({"--disk-reserve", ReserveWithFree(1) + "0"});
  EXPECT_THAT(Health(), HasSubstr("nothing is recorded"));
  std::string out;
  EXPECT_EQ(site_.Gmctl({"who", "p1"}, &out), 0) << out;
  EXPECT_NE(site_.Gmctl({"warn", "p1", "--reason", "e2e test", "--yes", "--rule", "other"}, &out),
            0);
  EXPECT_THAT(out, HasSubstr("disk is full"));
  site_.AppendFeed(51, 60);
  site_.StopDaemon();
  EXPECT_EQ(site_.Export(), before);
  site_.StartDaemon();
  EXPECT_TRUE(site_.AwaitAcked(60)) << site_.relay_log();
  site_.StopRelay();
  site_.StopDaemon();
}

}  // namespace
}  // namespace hallwarden::e2e
