// Signs when there is news, keeps it in the store and beside it, and tells when it cannot.
#include "daemon/audit_notary.h"

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit_checkpoint.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::int64_t kSecondUs = 1'000'000;

class AuditNotaryTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    file_ = directory_.path() + "/checkpoints";
    Make();
  }
  void Make() {
    notary_ = std::make_unique<AuditNotary>(
        AuditNotary::Options{.file = file_, .records_max = 5, .interval_us = 10 * kSecondUs},
        AuditNotary::Parts{store_.get(), &clock_, [] { return storage::kTestStartUs; }},
        *storage::AuditKey::LoadOrMake(directory_.path() + "/audit.key"));
    ASSERT_TRUE(notary_->Start().ok());
  }
  void CommitAudits(int count) {
    for (int i = 0; i < count; ++i) {
      Audit audit;
      audit.record.mutable_actor()->set_principal("gm-li");
      Commit({audit});
    }
  }
  [[nodiscard]] std::vector<v1::AuditCheckpoint> Lines() const {
    std::vector<v1::AuditCheckpoint> checkpoints;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);)
      checkpoints.push_back(*storage::ParseAuditCheckpointLine(line));
    return checkpoints;
  }
  // 0: none was made.
  [[nodiscard]] std::int64_t Signed() const {
    return notary_->Latest() == nullptr ? 0 : notary_->Latest()->size();
  }

  FakeClock clock_{storage::kTestStartUs};
  std::string file_;
  std::unique_ptr<AuditNotary> notary_;
};

TEST_F(AuditNotaryTest, SignsAfterSoManyRecordsOrSoLongAndOnlyNews) {
  notary_->Tick();
  EXPECT_THAT(Lines(), SizeIs(1));
  CommitAudits(4);
  notary_->Tick();
  EXPECT_EQ(Signed(), 0);
  CommitAudits(1);
  notary_->Tick();
  EXPECT_EQ(Signed(), 5);
  CommitAudits(1);
  clock_.Advance(10 * kSecondUs);
  notary_->Tick();
  EXPECT_EQ(Signed(), 6);
  clock_.Advance(1000 * kSecondUs);
  notary_->Tick();
  EXPECT_THAT(Lines(), SizeIs(3));
  for (const v1::AuditCheckpoint& checkpoint : Lines()) {
    EXPECT_TRUE(storage::IsSigned(checkpoint));
    EXPECT_EQ(checkpoint.origin(), store_->store_id());
  }
  const auto report = store_->CheckAudit(Lines());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->problem_count, 0U) << report->problems.front();
}

TEST_F(AuditNotaryTest, ACleanStopLeavesNothingUnsigned) {
  CommitAudits(2);
  notary_->Stop();
  EXPECT_EQ(Signed(), 2);
  notary_.reset();
  Make();
  EXPECT_EQ(Signed(), 2);
  notary_->Stop();
  EXPECT_THAT(Lines(), SizeIs(1));
}

TEST_F(AuditNotaryTest, ANewHistoryIsNewsAndAFileThatCannotBeWrittenIsTold) {
  notary_->Tick();
  Commit({SetHistoryEpoch{9}});
  clock_.Advance(10 * kSecondUs);
  notary_->Tick();
  EXPECT_EQ(notary_->Latest()->history_epoch(), 9);
  file_ = directory_.path() + "/none/checkpoints";
  Make();
  CommitAudits(5);
  notary_->Tick();
  EXPECT_THAT(notary_->error(), HasSubstr("/none/checkpoints"));
  // Not told to the servers as long as it is not kept everywhere.
  EXPECT_EQ(Signed(), 0);
}

}  // namespace
}  // namespace hallwarden::daemon
