// Backups on a schedule.
#include "daemon/app/backup_schedule.h"

#include <chrono>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::daemon {
namespace {

class BackupScheduleTest : public storage::StoreTest {
 protected:
  [[nodiscard]] storage::BackupRequest Request() const {
    storage::BackupRequest request;
    request.directory = directory_.path() + "/backups";
    request.keys_directory = directory_.path() + "/backup-keys";
    request.keep = 2;
    return request;
  }
};

TEST_F(BackupScheduleTest, MakesThemUntilItIsStoppedAndKeepsTheNewest) {
  ASSERT_TRUE(store_->Commit(storage::History::NextGroup(store_.get(), 50)).ok());
  std::promise<void> purged;
  storage::BackupRequest request = Request();
  int made = 0;
  request.progress = [&](storage::BackupStep step, std::uint64_t) {
    if (step == storage::BackupStep::kPurge && ++made == 4) purged.set_value();
  };
  {
    const BackupSchedule schedule(store_.get(), request, std::chrono::milliseconds(1));
    purged.get_future().wait();
  }
  const auto backups = storage::ListBackups(request.directory);
  ASSERT_TRUE(backups.ok()) << backups.status();
  ASSERT_GE(backups->size(), 2U);
  EXPECT_LE(backups->size(), 3U);
  EXPECT_GE(backups->back().id, 3U);
  EXPECT_EQ(backups->back().label, "scheduled");
  EXPECT_EQ(backups->back().position, 50U);
}

TEST_F(BackupScheduleTest, StopsAtOnceWhileItWaits) {
  const BackupSchedule schedule(store_.get(), Request(), std::chrono::hours(1));
}

}  // namespace
}  // namespace hallwarden::daemon
