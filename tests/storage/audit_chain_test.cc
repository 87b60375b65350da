// Whatever is done to the audit shows.
#include "storage/audit_chain.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit_checkpoint.h"
#include "storage/database.h"
#include "storage/format.h"
#include "storage/sha256.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::string_view kStoreId = "0123456789abcdef";
using Row = std::pair<std::string, std::string>;

// An audit as it lies in the store.
struct Log {
  std::vector<Row> rows;
  AuditChain chain;
};

std::string RowValue(std::uint64_t number, std::string_view word) {
  v1::AuditRecord record;
  record.set_method("GmService.LiftSanction");
  record.set_reason(std::string(word) + std::to_string(number));
  std::string value(1, '\x01');
  const std::string bytes = record.SerializeAsString();
  value.push_back(static_cast<char>(bytes.size()));
  return value + bytes + '\0';
}

void Append(std::uint64_t position, std::string_view word, Log* log) {
  const std::string key = PlaceKey(position, 1);
  const std::string value = RowValue(position, word);
  log->rows.emplace_back(key, LinkAuditRow(key, value, &log->chain));
}

// `unlinked` records of a store of format 1, then linked ones up to `size`.
Log MakeLog(std::uint64_t unlinked, std::uint64_t size) {
  Log log;
  log.chain.head = FirstAuditLink(kStoreId);
  for (std::uint64_t i = 1; i <= size; ++i) {
    if (i > unlinked) {
      Append(i, "why ", &log);
      continue;
    }
    log.rows.emplace_back(PlaceKey(i, 1), RowValue(i, "old "));
    AddUnlinked(log.rows.back().first, log.rows.back().second, &log.chain);
  }
  return log;
}

v1::AuditCheckpoint Keep(const AuditChain& chain, std::int64_t epoch = 1) {
  v1::AuditCheckpoint checkpoint;
  checkpoint.set_origin(ToLowerHex(kStoreId));
  checkpoint.set_history_epoch(epoch);
  checkpoint.set_size(static_cast<std::int64_t>(chain.size));
  checkpoint.set_head(std::string(AsView(chain.head)));
  return checkpoint;
}

std::vector<std::string> Problems(const Log& log, const std::vector<v1::AuditCheckpoint>& kept = {},
                                  std::int64_t epoch = 1) {
  AuditCheck check(kStoreId, kept);
  for (const auto& [key, value] : log.rows)
    check.Row(key, value);
  check.Finish(log.chain, epoch);
  return check.problems();
}

// One row's record with another content, and links that fit from there on: what somebody does who
// may write the database and knows the format.
Log Rewritten(const Log& log, std::size_t from) {
  Log forged;
  forged.chain.head = FirstAuditLink(kStoreId);
  for (std::size_t i = 0; i < log.rows.size(); ++i) {
    const auto& [key, value] = log.rows[i];
    if (value[0] == '\x01') {
      std::string old = value;
      if (i == from) old.back() = 'x';
      AddUnlinked(key, old, &forged.chain);
      forged.rows.emplace_back(key, std::move(old));
      continue;
    }
    std::string row = "\x01" + value.substr(1 + kAuditLinkBytes);
    if (i == from) row[row.size() / 2] = static_cast<char>(row[row.size() / 2] ^ 1);
    forged.rows.emplace_back(key, LinkAuditRow(key, row, &forged.chain));
  }
  return forged;
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  // Changes the log somehow; says how.
  std::string Mutate(Log* log) {
    const std::size_t i = Below(log->rows.size());
    const std::size_t j = (i + 1 + Below(log->rows.size() - 1)) % log->rows.size();
    switch (Below(14)) {
      case 0:
        FlipBit(&log->rows[i].second);
        return "a bit of a value";
      case 1:
        FlipBit(&log->rows[i].first);
        return "a bit of a key";
      case 2:
        log->rows.erase(At(log, i));
        return "a record cut out";
      case 3:
        log->rows.resize(log->rows.size() - 1 - Below(log->rows.size() - 1));
        return "the end cut";
      case 4:
        log->rows.insert(At(log, i), log->rows[i]);
        return "a record twice";
      case 5:
        log->rows.insert(At(log, i), {PlaceKey(i + 1, 0), RowValue(7, "new ")});
        return "a record inserted";
      case 6:
        std::swap(log->rows[i].second, log->rows[j].second);
        return "two records exchanged";
      case 7:
        std::swap(log->rows[i], log->rows[j]);
        return "another order";
      case 8:
        log->rows[i].second.resize(Below(log->rows[i].second.size()));
        return "a value cut";
      case 9:
        log->rows[i].second = log->rows[j].second;
        return "a record over another one";
      case 10:
        log->chain.size += 1 + Below(3);
        return "another size";
      case 11:
        log->chain.head[Below(kAuditLinkBytes)] ^= 4;
        return "another head";
      case 12:
        return Rewrite(log, i);
      default:
        return Fork(log);
    }
  }

  std::size_t Below(std::size_t end) { return random_() % end; }

 private:
  static std::vector<Row>::iterator At(Log* log, std::size_t i) {
    return log->rows.begin() + static_cast<std::ptrdiff_t>(i);
  }
  void FlipBit(std::string* bytes) {
    char& byte = (*bytes)[Below(bytes->size())];
    byte = static_cast<char>(byte ^ (1 << Below(8)));
  }
  // All links fit: only what was kept elsewhere tells.
  static std::string Rewrite(Log* log, std::size_t i) {
    *log = Rewritten(*log, i);
    return "rewritten from one record on";
  }
  // An old copy goes on with other records.
  std::string Fork(Log* log) {
    Log old = MakeLog(log->chain.unlinked, log->rows.size() - 1 - Below(10));
    while (old.rows.size() + 3 < log->rows.size() + Below(9))
      Append(old.rows.size() + 1, "fork ", &old);
    *log = std::move(old);
    return "an old copy that went on";
  }

  std::mt19937 random_;
};

TEST(AuditChainTest, TheBytesAreWhatTheyAre) {
  Log log = MakeLog(1, 2);
  EXPECT_EQ(ToLowerHex(AsView(FirstAuditLink(kStoreId))),
            "cf75a0c06c9f6e2b888abe5847ba02995bef66652829d666c532a3f2e47f2659");
  EXPECT_EQ(ToLowerHex(EncodeAuditChain(log.chain)), "010000000000000002c7a707238845932333f155da5d1c5b2aba95de277c0f7c"
            "5ad205de7c4764f36b0000000000000001");
  EXPECT_EQ(ToLowerHex(log.rows[1].second), "02c7a707238845932333f155da5d1c5b2aba95de277c0f7c5ad205de7c4764f3"
            "6b1f2a16476d536572766963652e4c69667453616e6374696f6e4a0577687920"
            "3200");
  const absl::StatusOr<AuditChain> read = DecodeAuditChain(EncodeAuditChain(log.chain));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, log.chain);
  EXPECT_FALSE(DecodeAuditChain(EncodeAuditChain(log.chain) + "x").ok());
}

TEST(AuditChainTest, WhatWasWrittenHolds) {
  for (const std::uint64_t unlinked : {0U, 1U, 40U, 60U}) {
    const Log log = MakeLog(unlinked, 60);
    EXPECT_THAT(Problems(log), IsEmpty());
    std::vector<v1::AuditCheckpoint> kept;
    for (std::uint64_t size = unlinked; size <= 60; size += 7)
      kept.push_back(Keep(MakeLog(unlinked, size).chain));
    EXPECT_THAT(Problems(log, kept), IsEmpty());
  }
  EXPECT_THAT(Problems(MakeLog(0, 0), {Keep(MakeLog(0, 0).chain)}), IsEmpty());
}

TEST(AuditChainTest, TenThousandMutationsAllShow) {
  constexpr int kRounds = 10'000;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Mutator mutator(seed);
  const std::vector<Log> logs = {MakeLog(0, 80), MakeLog(30, 80)};
  std::map<std::string, int> kinds;
  for (int round = 0; round < kRounds; ++round) {
    Log log = logs[static_cast<std::size_t>(round) % logs.size()];
    const v1::AuditCheckpoint kept = Keep(log.chain);
    const Log before = log;
    const std::string kind = mutator.Mutate(&log);
    ASSERT_TRUE(log.rows != before.rows || log.chain != before.chain) << kind;
    ++kinds[kind];
    EXPECT_THAT(Problems(log, {kept}), Not(IsEmpty())) << kind << " in round " << round;
  }
  EXPECT_THAT(kinds, SizeIs(14));
}

TEST(AuditChainTest, OneChangedRecordIsOneProblemWithItsName) {
  Log log = MakeLog(0, 50);
  log.rows[20].second.back() = 'x';
  EXPECT_THAT(Problems(log), ElementsAre(HasSubstr("audit/21-1 is not what was written")));
}

TEST(AuditChainTest, ARewriteWithLinksThatFitShowsOnlyAgainstAKeptCheckpoint) {
  const Log log = MakeLog(0, 50);
  const Log forged = Rewritten(log, 20);
  EXPECT_THAT(Problems(forged), IsEmpty());
  EXPECT_THAT(Problems(forged, {Keep(log.chain)}), ElementsAre(HasSubstr("rewritten")));
  // What was kept before the forged record still fits.
  EXPECT_THAT(Problems(forged, {Keep(MakeLog(0, 20).chain)}), IsEmpty());
  EXPECT_THAT(Problems(forged, {Keep(MakeLog(0, 21).chain)}), SizeIs(1));
}

TEST(AuditChainTest, AnOldCopyShowsUntilItWasAccepted) {
  const Log log = MakeLog(0, 50);
  Log old = MakeLog(0, 40);
  EXPECT_THAT(Problems(old, {Keep(log.chain)}), ElementsAre(HasSubstr("old copy")));
  // The store says that it lives in a newer history, but nobody accepted that.
  EXPECT_THAT(Problems(old, {Keep(log.chain)}, 2), SizeIs(1));
  v1::AuditRecord record;
  record.set_method("GmService.AcceptRestore");
  record.set_after("epoch 2");
  const std::string bytes = record.SerializeAsString();
  const std::string key = PlaceKey(41, 1);
  const std::string value = std::string(1, '\x01') + static_cast<char>(bytes.size()) + bytes + '\0';
  old.rows.emplace_back(key, LinkAuditRow(key, value, &old.chain));
  EXPECT_THAT(Problems(old, {Keep(log.chain)}, 2), IsEmpty());
  AuditCheck check(kStoreId, std::vector<v1::AuditCheckpoint>{Keep(log.chain)});
  for (const auto& [k, v] : old.rows)
    check.Row(k, v);
  check.Finish(old.chain, 2);
  EXPECT_EQ(check.given_up(), 1U);
  // What was kept in the new history must fit.
  EXPECT_THAT(Problems(old, {Keep(log.chain, 2)}, 2), SizeIs(1));
}

TEST(AuditChainTest, ACheckpointOfAnotherStoreIsAProblem) {
  const Log log = MakeLog(0, 5);
  v1::AuditCheckpoint kept = Keep(log.chain);
  kept.set_origin(ToLowerHex("another store id"));
  EXPECT_THAT(Problems(log, {kept}), ElementsAre(HasSubstr("another store")));
  kept.set_size(50);
  EXPECT_THAT(Problems(log, {kept}), ElementsAre(HasSubstr("another store")));
}

// ---- in the store -------------------------------------------------------------------------------

class AuditLogTest : public StoreTest {
 protected:
  void CommitAudits(int count) {
    for (int i = 0; i < count; ++i) {
      Audit audit;
      audit.record.mutable_actor()->set_principal("gm-li");
      audit.record.set_method("GmService.LiftSanction");
      audit.record.set_peer("192.0.2.7");
      Commit({audit});
    }
  }
  AuditReport Check(const std::vector<v1::AuditCheckpoint>& kept = {}) {
    absl::StatusOr<AuditReport> report = store_->CheckAudit(kept);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : AuditReport{};
  }
  v1::AuditCheckpoint Sign() {
    const std::unique_ptr<AuditKey> key = *AuditKey::LoadOrMake(directory_.path() + "/audit.key");
    const AuditChain chain = store_->audit_chain();
    v1::AuditCheckpoint checkpoint = Keep(chain);
    checkpoint.set_origin(store_->store_id());
    EXPECT_TRUE(key->Sign(&checkpoint).ok());
    return checkpoint;
  }
  [[nodiscard]] std::string DatabasePath() const { return directory_.store() + "/db"; }
  // Writes behind the store's back.
  void Forge(const std::function<void(Database*, rocksdb::WriteBatch*)>& change) {
    Close();
    {
      const std::unique_ptr<Database> db =
          *Database::Open({DatabasePath(), false, true, std::size_t{1} << 20});
      rocksdb::WriteBatch batch;
      change(db.get(), &batch);
      ASSERT_TRUE(db->Write(&batch).ok());
    }
    Open();
  }
};

TEST_F(AuditLogTest, EveryRecordIsInTheChainAndItHoldsAfterAReopen) {
  EXPECT_EQ(store_->audit_chain().size, 0U);
  CommitAudits(20);
  const AuditChain chain = store_->audit_chain();
  EXPECT_EQ(chain.size, 20U);
  EXPECT_THAT(Check().problems, IsEmpty());
  Open();
  EXPECT_EQ(store_->audit_chain(), chain);
  CommitAudits(5);
  const AuditReport report = Check({Sign()});
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.chain, store_->audit_chain());
  EXPECT_EQ(store_->GetAudit("audit/3-0")->peer(), "192.0.2.7");
}

TEST_F(AuditLogTest, ErasedTracesLeaveTheChainWhole) {
  CommitAudits(3);
  ASSERT_TRUE(store_->vault().Destroy("@gm-li").ok());
  EXPECT_EQ(store_->GetAudit("audit/3-0")->peer(), "");
  EXPECT_THAT(Check({Sign()}).problems, IsEmpty());
  CommitAudits(1);
  EXPECT_THAT(Check().problems, IsEmpty());
}

TEST_F(AuditLogTest, WhatIsChangedBehindTheStoresBackShows) {
  CommitAudits(10);
  const v1::AuditCheckpoint kept = Sign();
  Forge([](Database* db, rocksdb::WriteBatch* batch) {
    db->Delete(batch, Family::kAudit, PlaceKey(5, 0));
  });
  EXPECT_THAT(Check().problems, Not(IsEmpty()));
  EXPECT_THAT(Check({kept}).problems, Not(IsEmpty()));
}

TEST_F(AuditLogTest, ARestoredCopyShowsAgainstAKeptCheckpoint) {
  CommitAudits(5);
  Close();
  fs::copy(directory_.store(), directory_.path() + "/copy", fs::copy_options::recursive);
  Open();
  CommitAudits(5);
  const v1::AuditCheckpoint kept = Sign();
  Close();
  fs::remove_all(directory_.store());
  fs::rename(directory_.path() + "/copy", directory_.store());
  Open();
  EXPECT_THAT(Check().problems, IsEmpty());
  EXPECT_THAT(Check({kept}).problems, ElementsAre(HasSubstr("old copy")));
  CommitAudits(5);
  EXPECT_THAT(Check({kept}).problems, ElementsAre(HasSubstr("forked")));
}

TEST_F(AuditLogTest, CheckpointsAreKeptInOrderAndTheirSignaturesChecked) {
  EXPECT_EQ(*store_->LastAuditCheckpoint(), std::nullopt);
  CommitAudits(2);
  v1::AuditCheckpoint checkpoint = Sign();
  ASSERT_TRUE(store_->PutAuditCheckpoint(checkpoint).ok());
  CommitAudits(1);
  ASSERT_TRUE(store_->PutAuditCheckpoint(Sign()).ok());
  Open();
  EXPECT_EQ((*store_->LastAuditCheckpoint())->size(), 3);
  EXPECT_THAT(Check().problems, IsEmpty());
  checkpoint.set_history_epoch(2);
  ASSERT_TRUE(store_->PutAuditCheckpoint(checkpoint).ok());
  EXPECT_THAT(Check().problems, ElementsAre(HasSubstr("not signed")));
}

TEST_F(AuditLogTest, EntriesComeInPagesAsTheyAreStored) {
  CommitAudits(7);
  AuditCheck check(FromLowerHex(store_->store_id(), 16), {});
  std::string page;
  int pages = 0;
  do {
    const absl::StatusOr<Page<v1::AuditEntry>> entries = store_->ListAuditEntries(3, page);
    ASSERT_TRUE(entries.ok()) << entries.status();
    for (const v1::AuditEntry& entry : entries->items)
      check.Row(entry.key(), entry.value());
    page = entries->next;
    ++pages;
  } while (!page.empty());
  EXPECT_EQ(pages, 3);
  check.Finish(store_->audit_chain(), 1);
  EXPECT_THAT(check.problems(), IsEmpty());
}

TEST(AuditReleaseTest, RecordsOfFormatOneAreCoveredFromTheFirstOpenOn) {
  const TempDirectory scratch;
  fs::copy(fs::path("golden") / "v1", scratch.store(), fs::copy_options::recursive);
  StoreOptions options;
  options.directory = scratch.store();
  options.read_only = true;
  {
    const std::unique_ptr<Store> reader = *Store::Open(options);
    EXPECT_THAT(reader->CheckAudit({})->problems, IsEmpty());
  }
  options.read_only = false;
  AuditChain chain;
  {
    const std::unique_ptr<Store> store = *Store::Open(options);
    chain = store->audit_chain();
    EXPECT_GT(chain.unlinked, 0U);
    EXPECT_EQ(chain.unlinked, chain.size);
    Audit audit;
    audit.record.mutable_actor()->set_principal("gm-li");
    JournalEntry entry;
    entry.source = "gm-li";
    ASSERT_TRUE(store
                    ->Commit(GroupBuilder(store->last_position() + 1)
                                 .Add(entry)
                                 .With(audit)
                                 .Take())
                    .ok());
    EXPECT_EQ(store->audit_chain().size, chain.size + 1);
    EXPECT_THAT(store->CheckAudit({})->problems, IsEmpty());
  }
  std::string first;
  {
    const std::unique_ptr<Database> db =
        *Database::Open({scratch.store() + "/db", false, true, std::size_t{1} << 20});
    std::string value;
    ASSERT_TRUE(db->Scan(KeyRange::Prefix(Family::kAudit, {}), [&](auto key, auto row) {
                    first = std::string(key);
                    value = std::string(row);
                    return false;
                  }).ok());
    value.back() = static_cast<char>(value.back() ^ 1);
    rocksdb::WriteBatch batch;
    db->Put(&batch, Family::kAudit, first, value);
    ASSERT_TRUE(db->Write(&batch).ok());
  }
  EXPECT_THAT((*Store::Open(options))->CheckAudit({})->problems, Not(IsEmpty()));
}

// ---- checkpoints --------------------------------------------------------------------------------

class CheckpointTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string KeyPath() const { return directory_.path() + "/audit.key"; }
  v1::AuditCheckpoint Signed() {
    const std::unique_ptr<AuditKey> key = *AuditKey::LoadOrMake(KeyPath());
    v1::AuditCheckpoint checkpoint = Keep(MakeLog(0, 3).chain, 2);
    SetTimestamp(kTestStartUs, checkpoint.mutable_create_time());
    EXPECT_TRUE(key->Sign(&checkpoint).ok());
    return checkpoint;
  }
  TempDirectory directory_;
};

TEST_F(CheckpointTest, ALineSaysItAllAndIsReadBack) {
  const v1::AuditCheckpoint checkpoint = Signed();
  const std::string line = AuditCheckpointLine(checkpoint);
  EXPECT_THAT(line, StartsWith("hallwarden-audit-1 30313233343536373839616263646566 2 3 " +
                               ToLowerHex(checkpoint.head()) + " 1800000000000000 "));
  const absl::StatusOr<v1::AuditCheckpoint> read = ParseAuditCheckpointLine(line);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(AuditCheckpointLine(*read), line);
  EXPECT_TRUE(IsSigned(*read));
  for (const std::string& bad : {std::string(), line.substr(1), line + " x", line + "0",
                                 line.substr(0, line.size() - 2), "x" + line}) {
    EXPECT_FALSE(ParseAuditCheckpointLine(bad).ok()) << bad;
  }
}

TEST_F(CheckpointTest, AnyOtherWordThanTheSignedOnesIsNotSigned) {
  const v1::AuditCheckpoint good = Signed();
  EXPECT_TRUE(IsSigned(good));
  const std::vector<std::function<void(v1::AuditCheckpoint*)>> changes = {
      [](auto* c) { c->set_origin(ToLowerHex("another store id")); },
      [](auto* c) { c->set_history_epoch(3); },
      [](auto* c) { c->set_size(4); },
      [](auto* c) { (*c->mutable_head())[0] ^= 1; },
      [](auto* c) { c->mutable_create_time()->set_seconds(1); },
      [](auto* c) { (*c->mutable_key())[5] ^= 1; },
      [](auto* c) { (*c->mutable_sig())[5] ^= 1; },
      [](auto* c) { c->clear_sig(); },
      [](auto* c) { c->clear_key(); },
  };
  for (const auto& change : changes) {
    v1::AuditCheckpoint bad = good;
    change(&bad);
    EXPECT_FALSE(IsSigned(bad)) << AuditCheckpointLine(bad);
  }
}

TEST_F(CheckpointTest, TheKeyIsMadeOnceAndItsOwnersAlone) {
  const std::string first = (*AuditKey::LoadOrMake(KeyPath()))->public_key();
  EXPECT_EQ((*AuditKey::LoadOrMake(KeyPath()))->public_key(), first);
  EXPECT_EQ(fs::status(KeyPath()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(fs::exists(KeyPath() + ".pub"));
  fs::permissions(KeyPath(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_THAT(std::string(AuditKey::LoadOrMake(KeyPath()).status().message()),
              HasSubstr("chmod 600"));
  fs::permissions(KeyPath(), fs::perms::owner_all, fs::perm_options::replace);
  fs::resize_file(KeyPath(), 20);
  EXPECT_EQ(AuditKey::LoadOrMake(KeyPath()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace hallwarden::storage
