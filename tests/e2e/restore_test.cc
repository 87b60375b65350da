// An old backup comes back: refused until an operator accepts it, then filled again from what the
// game server keeps; what it keeps no more is on record.
#include <signal.h>

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/site.h"

namespace hallwarden::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kRelayHistory = 5;

class RestoreTest : public ::testing::Test {
 protected:
  // A store with 200 events, and a copy of it from when it had 100. Daemon and relay are down.
  void MakeOldBackup() {
    site_.AppendFeed(1, 100);
    site_.StartDaemon();
    site_.StartRelay();
    ASSERT_TRUE(site_.AwaitAcked(100)) << site_.relay_log() << site_.daemon_log();
    site_.StopRelay();
    site_.StopDaemon();
    fs::copy(site_.store(), scratch_ / "backup", fs::copy_options::recursive);
    site_.StartDaemon();
    site_.StartRelay();
    // Somebody acts afterwards, so that the audit of the copy is an old one, too.
    std::string out;
    ASSERT_EQ(
        site_.Gmctl({"warn", "p1", "--reason", "e2e test", "--yes", "--rule", "other"}, &out), 0)
        << out;
  }
  // The disk is lost, and an operator puts the copy back.
  void PutBackupInPlace() {
    site_.StopRelay();
    site_.StopDaemon();
    fs::copy_file(site_.store() / "audit-checkpoints", scratch_ / "kept");
    fs::remove_all(site_.store());
    fs::copy(scratch_ / "backup", site_.store(), fs::copy_options::recursive);
    site_.StartDaemon();
  }
  // The relay gives up with a reason; health says what to do; the administrator accepts.
  void SeeItRefusedAndAccept() {
    site_.StartRelay();
    EXPECT_EQ(site_.relay().Wait(), kRelayHistory) << site_.relay_log();
    EXPECT_THAT(site_.relay_log(), HasSubstr("accept-restore"));
    EXPECT_THAT(site_.daemon_log(), HasSubstr("ALARM session"));
    std::string out;
    EXPECT_NE(site_.Gmctl({"doctor"}, &out), 0);
    EXPECT_THAT(out, HasSubstr("accept-restore"));
    // Whoever kept the audit's checkpoints sees it, too.
    EXPECT_NE(site_.Gmctl({"audit", "verify", "--against", (scratch_ / "kept").string()}, &out), 0);
    EXPECT_THAT(out, HasSubstr("old copy"));
    ASSERT_EQ(site_.Gmctl({"store", "accept-restore", "--reason", "the disk was lost", "--confirm",
                           "accept-restore"},
                          &out),
              0)
        << out;
  }

  Scratch scratch_;
  Site site_{&scratch_};
};

TEST_F(RestoreTest, AnOldBackupIsRefusedUntilAcceptedAndThenFilledAgain) {
  ASSERT_NO_FATAL_FAILURE(MakeOldBackup());
  site_.AppendFeed(101, 200);
  ASSERT_TRUE(site_.AwaitAcked(200)) << site_.relay_log();
  ASSERT_NO_FATAL_FAILURE(PutBackupInPlace());
  ASSERT_NO_FATAL_FAILURE(SeeItRefusedAndAccept());
  site_.AppendFeed(201, 210);
  site_.StartRelay();
  ASSERT_TRUE(site_.AwaitAcked(210)) << site_.relay_log() << site_.daemon_log();
  EXPECT_THAT(site_.relay_log(), HasSubstr("sending again from event 101"));
  std::string out;
  EXPECT_EQ(site_.Gmctl({"doctor"}, &out), 0) << out;
  // What was kept before is given up, not forgotten.
  EXPECT_TRUE(Await(
      [&] {
        return site_.Gmctl({"audit", "verify", "--against", (scratch_ / "kept").string()}, &out) ==
               0;
      },
      30))
      << out;
  site_.StopRelay();
  site_.StopDaemon();
  EXPECT_THAT(site_.Export(), HasSubstr("source gs1 durable_seq=210"));
}

TEST_F(RestoreTest, WhatNobodyKeepsIsOnRecordAndTheServerGoesOn) {
  ASSERT_NO_FATAL_FAILURE(MakeOldBackup());
  site_.AppendFeed(101, 150);
  ASSERT_TRUE(site_.AwaitAcked(150)) << site_.relay_log();
  // The feed is rotated, and the old file packed away.
  fs::rename(site_.feed(), site_.feed().string() + ".1");
  site_.AppendFeed(151, 200);
  ASSERT_TRUE(site_.AwaitAcked(200)) << site_.relay_log();
  ASSERT_NO_FATAL_FAILURE(PutBackupInPlace());
  fs::remove(site_.feed().string() + ".1");
  ASSERT_NO_FATAL_FAILURE(SeeItRefusedAndAccept());
  site_.AppendFeed(201, 210);
  site_.StartRelay();
  ASSERT_TRUE(site_.AwaitAcked(210)) << site_.relay_log() << site_.daemon_log();
  EXPECT_THAT(site_.relay_log(), HasSubstr("lacks events 101 to 150"));
  EXPECT_THAT(site_.daemon_log(), HasSubstr("events 101 to 150 of gs1 are lost"));
  std::string out;
  EXPECT_EQ(site_.Gmctl({"doctor"}, &out), 0) << out;
  EXPECT_THAT(out, HasSubstr("gs1 50"));
  EXPECT_EQ(site_.Gmctl({"audit", "ls", "--method", "hallwarden.LoseEvents", "-o", "json"}, &out),
            0);
  EXPECT_THAT(out, HasSubstr("lost 101 to 150"));
  // Not again after a restart.
  site_.StopDaemon(true);
  site_.StartDaemon();
  site_.AppendFeed(211, 220);
  ASSERT_TRUE(site_.AwaitAcked(220)) << site_.relay_log();
  site_.StopRelay();
  site_.StopDaemon();
  EXPECT_THAT(site_.Export(), HasSubstr("source gs1 durable_seq=220"));
}

}  // namespace
}  // namespace hallwarden::e2e
