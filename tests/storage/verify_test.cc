// Each check of a store finds what is planted for it.
#include "storage/verify/verify.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/format.h"
#include "storage/key.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// What a case does to a store that is whole.
using Plant = std::function<void(Database* db, rocksdb::WriteBatch* batch)>;

struct VerifyCase {
  std::string name;
  std::string check;
  std::string what;
  Plant plant;
};
void PrintTo(const VerifyCase& c, std::ostream* out) {
  *out << c.name;
}

// The first key of a family with this prefix.
std::string FirstKey(const Database& db, Family family, const std::string& prefix = {}) {
  std::string first;
  EXPECT_TRUE(
      db.Scan(KeyRange::Prefix(family, prefix), [&](std::string_view key, std::string_view) {
          first = std::string(key);
          return false;
        }).ok());
  EXPECT_NE(first, "");
  return first;
}

Plant DeleteFirst(Family family, const std::string& prefix = {}) {
  return [family, prefix](Database* db, rocksdb::WriteBatch* batch) {
    db->Delete(batch, family, FirstKey(*db, family, prefix));
  };
}
Plant PutRow(Family family, const std::string& key, const std::string& value) {
  return [family, key, value](Database* db, rocksdb::WriteBatch* batch) {
    db->Put(batch, family, key, value);
  };
}
// The value of the first row, moved to another key of the same family.
Plant MoveFirst(Family family, const std::string& prefix, const std::string& to) {
  return [family, prefix, to](Database* db, rocksdb::WriteBatch* batch) {
    const std::string key = FirstKey(*db, family, prefix);
    db->Put(batch, family, to, **db->Get(family, key));
  };
}

class VerifyTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    while (store_->last_position() < 300) {
      ASSERT_TRUE(store_->Commit(History::NextGroup(store_.get(), 10)).ok());
    }
    ASSERT_TRUE(History::WriteCheckpoint(store_.get(), 250).ok());
    const absl::StatusOr<std::string> artefact = store_->PutArtefact("text of a policy");
    ASSERT_TRUE(artefact.ok());
    PutPolicy policy;
    policy.artefact = *artefact;
    policy.revision = "r1";
    v1::Sanction ban = MakeSanction("ban", "banned");
    ban.set_state(v1::SANCTION_STATE_ACTIVE);
    ban.add_capabilities(v1::CAPABILITY_LOGIN);
    SetTimestamp(TestTime(9'000), ban.mutable_end_time());
    PutGate gate;
    gate.entry.set_account("banned");
    v1::Restriction& restriction = *gate.entry.add_restrictions();
    restriction.set_capability(v1::CAPABILITY_LOGIN);
    SetTimestamp(TestTime(9'000), restriction.mutable_until_time());
    const Timer timer{TestTime(9'000), AccountKey("", "banned"), 1, 0, "banned"};
    PutPartners partners;
    partners.spans.emplace_back();
    partners.spans.back().set_account("a1");
    partners.spans.back().set_channel("dandan");
    GroupBuilder group = Next();
    group.Event("hall-2", 1).With(policy).With(PutSanction{ban}).With(gate).With(SetTimer{timer});
    group.With(partners);
    ASSERT_TRUE(store_->Commit(group.Take()).ok());
  }

  VerifyReport Verify() {
    Close();
    const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory_.store()), {});
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : VerifyReport();
  }
};

TEST_F(VerifyTest, AWholeStoreIsClean) {
  const VerifyReport report = Verify();
  EXPECT_TRUE(report.clean()) << report.problems.front().ToString();
  EXPECT_EQ(report.last_position, 301U);
  EXPECT_EQ(report.checkpoint_position, 250U);
  EXPECT_GT(report.rows, 500U);
}

class VerifyPlantedTest : public VerifyTest, public ::testing::WithParamInterface<VerifyCase> {};

TEST_P(VerifyPlantedTest, IsFoundAndExplained) {
  const VerifyCase& c = GetParam();
  Close();
  {
    const std::unique_ptr<Database> db =
        *Database::Open({directory_.store() + "/db", false, true, 1 << 20, 0, nullptr});
    rocksdb::WriteBatch batch;
    c.plant(db.get(), &batch);
    ASSERT_TRUE(db->Write(&batch).ok());
  }
  const VerifyReport report = Verify();
  ASSERT_FALSE(report.clean());
  bool found = false;
  for (const VerifyProblem& problem : report.problems) {
    EXPECT_NE(problem.where, "");
    EXPECT_NE(problem.advice, "");
    EXPECT_EQ(problem.ToString().find('\n'), std::string::npos);
    found = found || (problem.check == c.check && problem.what.find(c.what) != std::string::npos);
  }
  EXPECT_TRUE(found) << report.problems.front().ToString();
}

INSTANTIATE_TEST_SUITE_P(
    Planted, VerifyPlantedTest,
    ::testing::Values(
        VerifyCase{"ARecordThatIsGone", "journal", "records are missing",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Delete(batch, Family::kJournal, PositionKey(101));
                   }},
        VerifyCase{"ASealedPartThatIsGone", "journal", "its row in `private` is missing",
                   DeleteFirst(Family::kPrivate)},
        VerifyCase{"ASealedPartOfAnotherGroup", "journal", "",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Put(batch, Family::kPrivate, PositionKey(11),
                             **db->Get(Family::kPrivate, PositionKey(21)));
                   }},
        VerifyCase{"ASealedPartOfNoGroup", "journal", "belongs to no group",
                   PutRow(Family::kPrivate, PositionKey(5), "\x01")},
        VerifyCase{"ASourceThatLagsBehindItsEvents", "journal", "is at 3, the journal holds 300",
                   PutRow(Family::kSources, "hall-1", EncodeSource({"hall-1", 3, 1}))},
        VerifyCase{"ASourceThatIsGone", "journal", "is missing", DeleteFirst(Family::kSources)},
        VerifyCase{"ACheckpointBehindTheEnd", "journal", "is at 999",
                   PutRow(Family::kCells, CheckpointKey(), EncodeNumber(999))},
        VerifyCase{"ASanctionThatIsGone", "index", "its row is missing",
                   DeleteFirst(Family::kTables, RowKey(Table::kSanction, {}))},
        VerifyCase{"ASanctionUnderAnotherName", "tables", "stands in another place",
                   MoveFirst(Family::kTables, RowKey(Table::kSanction, {}),
                             RowKey(Table::kSanction, "sanctions/zz"))},
        VerifyCase{"AMalformedRow", "tables", "malformed",
                   PutRow(Family::kTables, RowKey(Table::kCase, "cases/zz"), "\x09")},
        VerifyCase{"ARowOfNoTable", "tables", "no known table",
                   PutRow(Family::kTables, "\x63", "\x01")},
        VerifyCase{"ANoteThatIsGone", "tables", "the notes and their index differ",
                   DeleteFirst(Family::kTables, RowKey(Table::kNote, {}))},
        VerifyCase{"ASanctionThatIsInNoList", "tables", "is not in",
                   DeleteFirst(Family::kIndex, Key(Byte(Index::kSanctions)).Take())},
        VerifyCase{"AnOpenCaseThatIsInNoList", "tables", "is not in",
                   DeleteFirst(Family::kIndex, Key(Byte(Index::kOpenCases)).Take())},
        VerifyCase{"AnAuditRecordThatIsInNoList", "tables", "is not in",
                   DeleteFirst(Family::kIndex, Key(Byte(Index::kAuditByPrincipal)).Take())},
        VerifyCase{"AnAuditRecordThatIsGone", "index", "its row is missing",
                   DeleteFirst(Family::kAudit)},
        VerifyCase{"AnAuditRecordThatIsNotInTheChain", "audit", "", DeleteFirst(Family::kAudit)},
        VerifyCase{"AChainThatIsGone", "audit", "is missing",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Delete(batch, Family::kMeta, kAuditChainKey);
                   }},
        VerifyCase{"AnAnswerThatIsGone", "index", "its row is missing",
                   DeleteFirst(Family::kAnswers)},
        VerifyCase{"APartnerThatIsGone", "index", "its row is missing",
                   DeleteFirst(Family::kTables, Key(Byte(Table::kPartner)).Take())},
        VerifyCase{"AnIndexEntryOfNoRow", "index", "its row is missing",
                   PutRow(Family::kIndex, Key(Byte(Index::kSanctions)).U64(7).U32(9).Take(),
                          "sanctions/none")},
        VerifyCase{"AnIndexEntryOfAnotherRow", "index", "does not belong to its row",
                   PutRow(Family::kIndex, Key(Byte(Index::kSanctions)).U64(8).U32(9).Take(),
                          "sanctions/7")},
        VerifyCase{"AnEntryOfNoIndex", "index", "no known index",
                   PutRow(Family::kIndex, "\x63", "")},
        VerifyCase{"ADirectiveThatIsGone", "outbox", "follows",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Delete(batch, Family::kDirectives, DirectiveKey("hall-1", 20));
                   }},
        VerifyCase{"ADirectiveThatIsNeverSentAgain", "outbox", "never sent again",
                   DeleteFirst(Family::kOutbox)},
        VerifyCase{"AnAnsweredDirectiveInTheOutbox", "outbox", "still in the outbox",
                   PutRow(Family::kOutbox, DirectiveKey("hall-1", 1), EncodeNumber(1))},
        VerifyCase{"AnOutboxRowWithoutItsDirective", "outbox", "its directive is missing",
                   PutRow(Family::kOutbox, DirectiveKey("hall-9", 1), EncodeNumber(1))},
        VerifyCase{"AServerThatCountsWrongly", "outbox", "says the last directive is 7",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     ServerRow row;
                     row.state.last_directive_seq = 7;
                     db->Put(batch, Family::kTables, RowKey(Table::kServer, "hall-1"),
                             EncodeServer(row));
                   }},
        VerifyCase{"AGateThatLetsABannedOneIn", "gate", "does not say",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     v1::GateEntry open;
                     open.set_account_revision(9);
                     db->Put(batch, Family::kGate, "banned", EncodeGate(open));
                   }},
        VerifyCase{"AGateThatIsGone", "gate", "is missing",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Delete(batch, Family::kGate, "banned");
                   }},
        VerifyCase{"AGateThatShutsAnInnocentOut", "gate", "does not say",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     v1::GateEntry shut;
                     shut.add_restrictions()->set_capability(v1::CAPABILITY_LOGIN);
                     db->Put(batch, Family::kGate, "innocent", EncodeGate(shut));
                   }},
        VerifyCase{"ABanThatWouldNeverEnd", "gate", "would never expire",
                   DeleteFirst(Family::kTimers)},
        VerifyCase{"ATimerThatDoesNotDecode", "gate", "malformed",
                   PutRow(Family::kTimers, "\x01", "\x01")},
        VerifyCase{"ABlockOfPostingsOutOfOrder", "history", "out of order",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     const StoredPosting late = MakePosting(20, 0, "a1", "x");
                     const std::vector<const StoredPosting*> block = {&late, &late};
                     db->Put(batch, Family::kPostings, PostingKey("a1", 20, 0),
                             EncodePostings(block));
                   }},
        VerifyCase{"APostingBehindTheCheckpoint", "history", "behind the checkpoint",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     const StoredPosting late = MakePosting(280, 0, "a1", "x");
                     const std::vector<const StoredPosting*> block = {&late};
                     db->Put(batch, Family::kPostings, PostingKey("a1", 280, 0),
                             EncodePostings(block));
                   }},
        VerifyCase{"ACellOfNoEntity", "history", "no entity", PutRow(Family::kCells, "\x07", "x")},
        VerifyCase{"AnArtefactOfAnotherContent", "artefacts", "another hash",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Put(batch, Family::kArtefacts, FirstKey(*db, Family::kArtefacts),
                             "\x01other text");
                   }},
        VerifyCase{"APolicyWithoutItsText", "artefacts", "its text is missing",
                   DeleteFirst(Family::kArtefacts)},
        VerifyCase{"AMetaRowThatIsGone", "meta", "of its 4 rows",
                   [](Database* db, rocksdb::WriteBatch* batch) {
                     db->Delete(batch, Family::kMeta, kHistoryEpochKey);
                   }}),
    [](const auto& param_info) { return param_info.param.name; });

TEST_F(VerifyTest, KeysThatAreOlderThanTheStoreAreFound) {
  Close();
  fs::copy(directory_.store() + "/keys", directory_.path() + "/older", fs::copy_options::recursive);
  Open();
  GroupBuilder group = Next();
  group.Event("hall-2", 2).With(PutSanction{MakeSanction("late", "somebody new")});
  ASSERT_TRUE(store_->Commit(group.Take()).ok());
  Close();
  fs::remove_all(directory_.store() + "/keys");
  fs::rename(directory_.path() + "/older", directory_.store() + "/keys");
  const VerifyReport report = Verify();
  ASSERT_FALSE(report.clean());
  EXPECT_THAT(report.problems.front().what, HasSubstr("older than the store"));
}

TEST_F(VerifyTest, WhatCannotBeOpenedSaysWhy) {
  Close();
  EXPECT_EQ(VerifyStore(PlaceOf(directory_.path() + "/none"), {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  fs::remove(directory_.store() + "/db/CURRENT");
  EXPECT_EQ(VerifyStore(PlaceOf(directory_.store()), {}).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(VerifyTest, ItCanBeStoppedAndTellsHowFarItIs) {
  Close();
  int words = 0;
  VerifyOptions options;
  options.progress = [&](std::string_view, std::uint64_t) { ++words; };
  options.cancelled = [&] { return words > 2; };
  EXPECT_EQ(VerifyStore(PlaceOf(directory_.store()), options).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_GT(words, 2);
}

}  // namespace
}  // namespace hallwarden::storage
