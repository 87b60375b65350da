// A witness who knows the words of the contract only agrees with the store, and finds what was done
// to it.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit_chain.h"
#include "storage/audit_checkpoint.h"
#include "storage/format.h"
#include "storage/sha256.h"
#include "tests/storage/store_fixture.h"
#include "tools/audit/chain.h"
#include "tools/audit/checkpoint.h"

namespace hallwarden::audit {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Kind = Finding::Kind;

class WitnessTest : public storage::StoreTest {
 protected:
  void CommitAudits(int count, const std::string& method = "GmService.LiftSanction",
                    const std::string& after = "") {
    for (int i = 0; i < count; ++i) {
      Audit audit;
      audit.record.mutable_actor()->set_principal("gm-li");
      audit.record.set_method(method);
      audit.record.set_after(after);
      audit.record.set_peer("192.0.2.7");
      Commit({audit});
    }
  }
  v1::AuditCheckpoint Sign(const std::string& key = "audit.key") {
    v1::AuditCheckpoint checkpoint;
    const storage::AuditChain chain = store_->audit_chain();
    checkpoint.set_origin(store_->store_id());
    checkpoint.set_history_epoch(store_->history_epoch());
    checkpoint.set_size(static_cast<std::int64_t>(chain.size));
    checkpoint.set_head(std::string(storage::AsView(chain.head)));
    storage::SetTimestamp(storage::kTestStartUs, checkpoint.mutable_create_time());
    EXPECT_TRUE((*storage::AuditKey::LoadOrMake(directory_.path() + "/" + key))
                    ->Sign(&checkpoint)
                    .ok());
    return checkpoint;
  }
  std::vector<v1::AuditEntry> Entries() { return store_->ListAuditEntries(1000, "")->items; }
  std::vector<Kind> Kinds(const std::vector<v1::AuditEntry>& entries,
                          const std::vector<v1::AuditCheckpoint>& kept,
                          const v1::AuditCheckpoint& now, const std::string& key = "") {
    ChainCheck check(store_->store_id(), kept, key);
    check.Expect(now);
    for (const v1::AuditEntry& entry : entries)
      check.Add(entry);
    check.Finish(now);
    given_up_ = check.given_up();
    std::vector<Kind> kinds;
    for (const Finding& finding : check.findings())
      kinds.push_back(finding.kind);
    return kinds;
  }
  std::int64_t given_up_ = 0;
};

TEST_F(WitnessTest, AgreesWithTheStore) {
  CommitAudits(30);
  const v1::AuditCheckpoint early = Sign();
  CommitAudits(30);
  EXPECT_THAT(Kinds(Entries(), {early, Sign()}, Sign()), IsEmpty());
  ChainCheck check(store_->store_id(), {}, "");
  for (const v1::AuditEntry& entry : Entries())
    check.Add(entry);
  EXPECT_EQ(check.size(), 60);
  EXPECT_EQ(check.head(), storage::AsView(store_->audit_chain().head));
}

TEST_F(WitnessTest, ReadsTheLinesThatTheDaemonWrites) {
  CommitAudits(3);
  const v1::AuditCheckpoint checkpoint = Sign();
  const std::string line = storage::AuditCheckpointLine(checkpoint);
  EXPECT_EQ(CheckpointLine(checkpoint), line);
  const auto read = ParseCheckpoints("# kept\n\n" + line + "\n" + line + "\n");
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ(CheckpointLine(read->front()), line);
  EXPECT_TRUE(IsSigned(read->front()));
  EXPECT_FALSE(ParseCheckpoints(line + "\n" + line.substr(1)).ok());
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string bad = line;
    bad[i] = bad[i] == '1' ? '2' : '1';
    const auto parsed = ParseCheckpointLine(bad);
    EXPECT_TRUE(!parsed.ok() || !IsSigned(*parsed)) << i;
  }
}

TEST_F(WitnessTest, FindsWhatWasDoneToTheRecords) {
  CommitAudits(20);
  const v1::AuditCheckpoint kept = Sign();
  const std::vector<v1::AuditEntry> good = Entries();
  std::vector<v1::AuditEntry> bad = good;
  bad[7].mutable_value()->back() = 'x';
  EXPECT_THAT(Kinds(bad, {}, kept), ElementsAre(Kind::kChanged));
  bad = good;
  bad.erase(bad.begin() + 7);
  // Every record behind it has another number now.
  EXPECT_THAT(Kinds(bad, {}, kept), AllOf(Contains(Kind::kChanged).Times(12), Contains(Kind::kCut)));
  bad = good;
  bad.pop_back();
  EXPECT_THAT(Kinds(bad, {}, kept), ElementsAre(Kind::kCut));
  bad = good;
  std::swap(bad[3], bad[4]);
  EXPECT_THAT(Kinds(bad, {}, kept), Not(IsEmpty()));
  bad = good;
  bad[3].set_value("");
  EXPECT_THAT(Kinds(bad, {}, kept), Not(IsEmpty()));
  bad = good;
  bad[3].set_key("x");
  EXPECT_THAT(Kinds(bad, {}, kept), Not(IsEmpty()));
}

TEST_F(WitnessTest, EverySingleBitOfEveryRecordCounts) {
  CommitAudits(3);
  const v1::AuditCheckpoint kept = Sign();
  const std::vector<v1::AuditEntry> good = Entries();
  for (std::size_t record = 0; record < good.size(); ++record) {
    for (std::size_t bit = 0; bit < 8 * good[record].value().size(); ++bit) {
      std::vector<v1::AuditEntry> bad = good;
      char& byte = (*bad[record].mutable_value())[bit / 8];
      byte = static_cast<char>(byte ^ (1 << (bit % 8)));
      EXPECT_THAT(Kinds(bad, {}, kept), Not(IsEmpty())) << record << " " << bit;
    }
  }
}

TEST_F(WitnessTest, TrustsOnlyTheKeyThatItWasGiven) {
  CommitAudits(2);
  const v1::AuditCheckpoint own = Sign();
  EXPECT_THAT(Kinds(Entries(), {}, own, own.key()), IsEmpty());
  const v1::AuditCheckpoint other = Sign("other.key");
  EXPECT_THAT(Kinds(Entries(), {}, other, own.key()), ElementsAre(Kind::kOtherKey));
  v1::AuditCheckpoint forged = own;
  forged.set_size(1);
  EXPECT_THAT(Kinds(Entries(), {forged}, own), ElementsAre(Kind::kNotSigned, Kind::kRewritten));
}

TEST_F(WitnessTest, AnAcceptedRestoreGivesUpWhatWasKeptBefore) {
  CommitAudits(5);
  v1::AuditCheckpoint kept = Sign();
  kept.set_size(9);
  kept.set_head(std::string(32, 'x'));
  EXPECT_THAT(Kinds(Entries(), {kept}, Sign()), ElementsAre(Kind::kNotSigned, Kind::kCut));
  Audit audit;
  audit.record.set_method("GmService.AcceptRestore");
  audit.record.set_after("epoch 7");
  Commit({SetHistoryEpoch{7}, audit});
  EXPECT_THAT(Kinds(Entries(), {kept}, Sign()), ElementsAre(Kind::kNotSigned));
  EXPECT_EQ(given_up_, 1);
}

TEST(CompareTest, TwoCheckpointsOfOneHistoryMustGoOn) {
  const auto make = [](const std::string& origin, int epoch, int size, char head) {
    v1::AuditCheckpoint checkpoint;
    checkpoint.set_origin(origin);
    checkpoint.set_history_epoch(epoch);
    checkpoint.set_size(size);
    checkpoint.set_head(std::string(32, head));
    return checkpoint;
  };
  const v1::AuditCheckpoint kept = make("a", 2, 10, 'h');
  EXPECT_EQ(Compare(kept, kept), Contradiction::kNone);
  EXPECT_EQ(Compare(kept, make("a", 2, 11, 'i')), Contradiction::kNone);
  EXPECT_EQ(Compare(kept, make("a", 2, 10, 'i')), Contradiction::kForked);
  EXPECT_EQ(Compare(kept, make("a", 2, 9, 'h')), Contradiction::kRolledBack);
  EXPECT_EQ(Compare(kept, make("a", 1, 11, 'h')), Contradiction::kRolledBack);
  EXPECT_EQ(Compare(kept, make("a", 3, 1, 'i')), Contradiction::kNone);
  EXPECT_EQ(Compare(kept, make("b", 2, 10, 'h')), Contradiction::kOtherStore);
}

TEST(PublicKeyTest, IsReadFromThePemBesideTheKey) {
  const storage::TempDirectory directory;
  const std::string path = directory.path() + "/audit.key";
  const auto key = storage::AuditKey::LoadOrMake(path);
  ASSERT_TRUE(key.ok()) << key.status();
  std::string pem(1000, '\0');
  std::FILE* const file = std::fopen((path + ".pub").c_str(), "re");
  ASSERT_NE(file, nullptr);
  pem.resize(std::fread(pem.data(), 1, pem.size(), file));
  std::fclose(file);
  const absl::StatusOr<std::string> read = PublicKeyFromPem(pem);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, (*key)->public_key());
  EXPECT_FALSE(PublicKeyFromPem("nothing").ok());
}

}  // namespace
}  // namespace hallwarden::audit
