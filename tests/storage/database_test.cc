// The options that make a synced write safe are those of the database that is open.
#include "storage/database.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/options_util.h>

#include "storage/key.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using ::testing::HasSubstr;

void ExpectSafe(const rocksdb::DBOptions& options) {
  EXPECT_EQ(options.wal_recovery_mode, rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords);
  EXPECT_TRUE(options.track_and_verify_wals_in_manifest);
  ASSERT_NE(options.file_checksum_gen_factory, nullptr);
  EXPECT_STREQ(options.file_checksum_gen_factory->Name(), "FileChecksumGenCrc32cFactory");
  EXPECT_TRUE(options.paranoid_checks);
  EXPECT_EQ(options.recycle_log_file_num, 0U);
  EXPECT_EQ(options.wal_compression, rocksdb::kNoCompression);
  EXPECT_EQ(options.max_bgerror_resume_count, 0);
  EXPECT_FALSE(options.manual_wal_flush);
  EXPECT_TRUE(options.atomic_flush);
  EXPECT_FALSE(options.enable_pipelined_write);
  EXPECT_FALSE(options.unordered_write);
  EXPECT_FALSE(options.allow_mmap_writes);
}

void ExpectSafe(const rocksdb::ColumnFamilyOptions& options) {
  EXPECT_TRUE(options.paranoid_file_checks);
  EXPECT_TRUE(options.force_consistency_checks);
  EXPECT_EQ(options.max_write_buffer_number, 2);
  EXPECT_LE(options.write_buffer_size, std::size_t{32} << 20);
  const auto* const table = options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  ASSERT_NE(table, nullptr);
  ASSERT_NE(table->filter_policy, nullptr);
  EXPECT_THAT(table->filter_policy->Name(), HasSubstr("bloom"));
}

TEST(DatabaseTest, TheOpenDatabaseHasTheSafeOptions) {
  const TempDirectory directory;
  absl::StatusOr<std::unique_ptr<Database>> db =
      Database::Open({directory.path() + "/db", false, true, 1 << 20});
  ASSERT_TRUE(db.ok()) << db.status();
  ExpectSafe((*db)->raw()->GetDBOptions());
  for (std::size_t i = 0; i < kFamilyCount; ++i) {
    SCOPED_TRACE(FamilyName(static_cast<Family>(i)));
    ExpectSafe(rocksdb::ColumnFamilyOptions(
        (*db)->raw()->GetOptions((*db)->handle(static_cast<Family>(i)))));
  }
}

// What RocksDB itself wrote down about a store and its keys.
TEST(DatabaseTest, StoreAndKeysWereOpenedWithThem) {
  const TempDirectory directory;
  StoreOptions options;
  options.directory = directory.store();
  ASSERT_TRUE(Store::Open(options).ok());
  for (const char* const part : {"/db", "/keys"}) {
    SCOPED_TRACE(part);
    rocksdb::DBOptions db_options;
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    ASSERT_TRUE(
        ToStatus(rocksdb::LoadLatestOptions({}, directory.store() + part, &db_options, &families),
                 "load options")
            .ok());
    ExpectSafe(db_options);
    for (const rocksdb::ColumnFamilyDescriptor& family : families) {
      SCOPED_TRACE(family.name);
      ExpectSafe(family.options);
    }
  }
}

TEST(DatabaseTest, AFamilyOfANewerFormatIsRefused) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/db";
  {
    const std::unique_ptr<Database> db = *Database::Open({path, false, true, 1 << 20});
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    ASSERT_TRUE(ToStatus(db->raw()->CreateColumnFamily({}, "rings", &handle), "create").ok());
    delete handle;
  }
  const absl::Status status = Database::Open({path, false, true, 1 << 20}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("`rings`"));
}

TEST(DatabaseTest, NothingIsMadeWhereOneOnlyReads) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/db";
  EXPECT_EQ(Database::Open({path, true, true, 1 << 20}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(DatabaseTest, RangesAreWalkedInBothDirections) {
  const TempDirectory directory;
  const std::unique_ptr<Database> db =
      *Database::Open({directory.path() + "/db", false, true, 1 << 20});
  rocksdb::WriteBatch batch;
  for (const char* const key : {"a", "b1", "b2", "b\xff", "c"}) {
    db->Put(&batch, Family::kTables, key, key);
  }
  ASSERT_TRUE(db->Write(&batch).ok());
  for (const bool descending : {false, true}) {
    std::string seen;
    ASSERT_TRUE(
        db->Scan(KeyRange::Prefix(Family::kTables, "b", descending), [&](std::string_view key,
                                                                         std::string_view) {
            seen.append(key).push_back(' ');
            return true;
          }).ok());
    EXPECT_EQ(seen, descending ? "b\xff b2 b1 " : "b1 b2 b\xff ");
  }
  const std::vector<std::string> keys = {"c", "x", "a"};
  const auto values = *db->GetMany(Family::kTables, keys);
  EXPECT_EQ(values[0], "c");
  EXPECT_EQ(values[1], std::nullopt);
  EXPECT_EQ(values[2], "a");
}

// An iterator that meets damage just ends: only its status tells.
TEST(DatabaseTest, DamageInTheMiddleOfAScanIsNotTheEnd) {
  const TempDirectory directory;
  const std::string path = directory.path() + "/db";
  constexpr int kRows = 20'000;
  {
    const std::unique_ptr<Database> db = *Database::Open({path, false, false, 1 << 20});
    rocksdb::WriteBatch batch;
    for (std::uint64_t i = 0; i < kRows; ++i) {
      db->Put(&batch, Family::kTables, Key().U64(i).bytes(), std::string(50, 'v'));
    }
    ASSERT_TRUE(db->Write(&batch).ok());
    ASSERT_TRUE(ToStatus(db->raw()->Flush({}, db->handle(Family::kTables)), "flush").ok());
  }
  std::string largest;
  std::uintmax_t largest_size = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != ".sst" || entry.file_size() <= largest_size) continue;
    largest = entry.path().string();
    largest_size = entry.file_size();
  }
  ASSERT_FALSE(largest.empty());
  {
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(largest_size / 2));
    file.write("damage!", 7);
  }
  const std::unique_ptr<Database> db = *Database::Open({path, false, false, 1 << 20});
  int rows = 0;
  const absl::Status status =
      db->Scan(KeyRange::Prefix(Family::kTables, {}), [&](std::string_view, std::string_view) {
        ++rows;
        return true;
      });
  EXPECT_LT(rows, kRows);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
}

}  // namespace
}  // namespace hallwarden::storage
