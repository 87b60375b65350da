// hallwardend --verify, --backups and --restore: what they print and how they exit.
#include "daemon/app/offline.h"

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/backup/backup.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::daemon {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class OfflineTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    ASSERT_TRUE(store_->Commit(storage::History::NextGroup(store_.get(), 50)).ok());
    flags_.store = directory_.store();
  }

  int Run(int (*command)(const Flags&, const OfflineOutput&)) {
    results_.str("");
    talk_.str("");
    return command(flags_, {&results_, &talk_});
  }
  void Backup() {
    storage::BackupRequest request;
    request.directory = flags_.BackupDirectory();
    request.keys_directory = flags_.BackupKeysDirectory();
    request.label = "gm-li";
    const absl::Status status = store_->CreateBackup(request).status();
    ASSERT_TRUE(status.ok()) << status;
  }

  Flags flags_;
  std::ostringstream results_;
  std::ostringstream talk_;
};

TEST_F(OfflineTest, VerifyExitsWithZeroOneOrTwo) {
  // Beside a daemon that runs, too.
  EXPECT_EQ(Run(VerifyOffline), 0) << results_.str() << talk_.str();
  EXPECT_THAT(results_.str(), AllOf(HasSubstr("clean: "), HasSubstr("journal up to 50")));
  EXPECT_THAT(talk_.str(), HasSubstr("checking journal"));
  Close();
  fs::resize_file(directory_.store() + "/db/CURRENT", 3);
  EXPECT_EQ(Run(VerifyOffline), 2);
  EXPECT_THAT(talk_.str(), HasSubstr("hallwardend --restore"));
}

TEST_F(OfflineTest, VerifyPrintsOneLineAProblem) {
  storage::GroupBuilder group = Next();
  PutGate gate;
  gate.entry.set_account("innocent");
  gate.entry.add_restrictions()->set_capability(v1::CAPABILITY_LOGIN);
  group.Event("hall-2", 1).With(gate);
  ASSERT_TRUE(store_->Commit(group.Take()).ok());
  Close();
  EXPECT_EQ(Run(VerifyOffline), 1);
  EXPECT_THAT(results_.str(), AllOf(HasSubstr("gate: gate innocent: "), HasSubstr("NOT clean: ")));
}

TEST_F(OfflineTest, ABackupIsListedAndRestored) {
  EXPECT_EQ(Run(ListBackupsOffline), 2);
  Backup();
  EXPECT_EQ(Run(ListBackupsOffline), 0);
  EXPECT_THAT(results_.str(),
              AllOf(HasSubstr("1\t"), HasSubstr("position 50"), HasSubstr("gm-li")));
  flags_.restore = "latest";
  EXPECT_EQ(Run(RestoreOffline), 2);
  EXPECT_THAT(talk_.str(), HasSubstr("another hallwardend"));
  Close();
  EXPECT_EQ(Run(RestoreOffline), 0) << talk_.str();
  EXPECT_THAT(results_.str(), AllOf(HasSubstr("restored backup 1"), HasSubstr("replaced-1"),
                                    HasSubstr("gmctl store accept-restore")));
  EXPECT_EQ(Run(VerifyOffline), 0) << results_.str();
  for (const char* const wrong : {"0", "x", "-1", "1x", ""}) {
    flags_.restore = wrong;
    EXPECT_EQ(Run(RestoreOffline), 2) << wrong;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
