// What Open refuses, and what it finds.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/directory.h"
#include "storage/format.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class OpenTest : public StoreTest {
 protected:
  [[nodiscard]] absl::Status TryOpen() const { return Store::Open(Options()).status(); }
  [[nodiscard]] fs::path Path(const std::string& name) const {
    return fs::path(directory_.store()) / name;
  }
  // The log that was written last.
  [[nodiscard]] fs::path LiveLog() const {
    fs::path live;
    for (const auto& entry : fs::directory_iterator(Path("db"))) {
      if (entry.path().extension() == ".log" && entry.path() > live) live = entry.path();
    }
    return live;
  }
  void CommitMany(int groups) {
    for (int i = 0; i < groups; ++i)
      Commit({});
  }
};

TEST_F(OpenTest, ASecondStoreOnTheDirectoryIsRefused) {
  const absl::Status status = TryOpen();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(directory_.store()), HasSubstr("Stop it")));
  Close();
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(OpenTest, ANewerFormatIsRefused) {
  Close();
  {
    const std::unique_ptr<Database> db =
        *Database::Open({Path("db").string(), false, true, 1 << 20});
    rocksdb::WriteBatch batch;
    db->Put(&batch, Family::kMeta, kFormatKey, EncodeNumber(kFormatVersion + 1));
    ASSERT_TRUE(db->Write(&batch).ok());
  }
  const absl::Status status = TryOpen();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(absl::StrCat("has format ", kFormatVersion + 1)),
                    HasSubstr(absl::StrCat("up to ", kFormatVersion))));
}

TEST_F(OpenTest, MissingKeysAreRefusedAndNotMade) {
  Commit({});
  Close();
  fs::rename(Path("keys"), Path("elsewhere"));
  EXPECT_EQ(TryOpen().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(Path("keys")));
  fs::rename(Path("elsewhere"), Path("keys"));
  EXPECT_TRUE(TryOpen().ok());
}

TEST_F(OpenTest, KeysOfAnotherStoreAreRefused) {
  Close();
  const TempDirectory other;
  StoreOptions options = Options();
  options.directory = other.store();
  ASSERT_TRUE(Store::Open(options).ok());
  fs::remove_all(Path("keys"));
  fs::copy(fs::path(other.store()) / "keys", Path("keys"), fs::copy_options::recursive);
  const absl::Status status = TryOpen();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("another store"));
}

TEST_F(OpenTest, ATornLastRecordThatWasNeverAcknowledgedIsDropped) {
  CommitMany(9);
  fs::copy_file(Path("HIGHWATER"), Path("HIGHWATER.9"));
  CommitMany(1);
  Close();
  // As if the power had failed in the middle of the tenth commit.
  fs::resize_file(LiveLog(), fs::file_size(LiveLog()) - 10);
  fs::rename(Path("HIGHWATER.9"), Path("HIGHWATER"));
  Open();
  EXPECT_EQ(store_->last_position(), 9U);
  EXPECT_EQ(Commit({}), 10U);
  Open();
  EXPECT_EQ(store_->last_position(), 10U);
}

TEST_F(OpenTest, ATornLastRecordThatWasAcknowledgedIsDataLoss) {
  CommitMany(10);
  Close();
  fs::resize_file(LiveLog(), fs::file_size(LiveLog()) - 10);
  const absl::Status status = TryOpen();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("ends at position 9"), HasSubstr("10 was committed"),
                    HasSubstr("accept-restore")));
}

TEST_F(OpenTest, ACutOrDeletedLiveLogIsDataLoss) {
  CommitMany(20);
  Close();
  const std::string log = LiveLog().string();
  fs::copy_file(log, Path("saved"));
  fs::resize_file(log, fs::file_size(log) / 2);
  EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
  // What was missing is put back: nothing was damaged by the refusal.
  StoreOptions reading = Options();
  reading.read_only = true;
  EXPECT_EQ(Store::Open(reading).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, AStoreThatLostEverythingIsNotANewStore) {
  CommitMany(3);
  Close();
  fs::copy(Path("db"), Path("saved"), fs::copy_options::recursive);
  // Its log; its root; all of it.
  for (const char* const lost : {"log", "CURRENT", "db"}) {
    SCOPED_TRACE(lost);
    if (lost == std::string("log")) {
      fs::remove(LiveLog());
    } else if (lost == std::string("CURRENT")) {
      fs::remove(Path("db") / "CURRENT");
    } else {
      fs::remove_all(Path("db"));
    }
    EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
    fs::remove_all(Path("db"));
    fs::copy(Path("saved"), Path("db"), fs::copy_options::recursive);
  }
  Open();
  EXPECT_EQ(store_->last_position(), 3U);
}

TEST_F(OpenTest, AStoreWithoutItsRootIsRefusedWithoutTheMarkToo) {
  CommitMany(3);
  Close();
  fs::remove(Path("HIGHWATER"));
  fs::remove(Path("db") / "CURRENT");
  EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, ADamagedLogIsDataLossEvenWithoutTheMark) {
  CommitMany(20);
  Close();
  const std::string log = LiveLog().string();
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(log) / 2));
    file.write("damage", 6);
  }
  fs::remove(Path("HIGHWATER"));
  EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, AnOlderCopyOfTheStoreIsDataLossUntilTheMarkIsRemoved) {
  CommitMany(3);
  Close();
  fs::copy(Path("db"), Path("backup"), fs::copy_options::recursive);
  Open();
  CommitMany(3);
  Close();
  fs::remove_all(Path("db"));
  fs::rename(Path("backup"), Path("db"));
  EXPECT_EQ(TryOpen().code(), absl::StatusCode::kDataLoss);
  fs::remove(Path("HIGHWATER"));
  Open();
  EXPECT_EQ(store_->last_position(), 3U);
}

TEST_F(OpenTest, AMarkThatIsDamagedOrAnotherStoresProvesNothing) {
  CommitMany(2);
  Close();
  EXPECT_EQ(HighWater::Read(directory_.store()).position, 2U);
  EXPECT_EQ(HighWater::Read(directory_.path()).position, 0U);
  for (const std::uintmax_t size : {std::uintmax_t{0}, std::uintmax_t{7}, std::uintmax_t{39}}) {
    fs::resize_file(Path("HIGHWATER"), size);
    Open();
    EXPECT_EQ(store_->last_position(), 2U);
    Close();
  }
}

TEST_F(OpenTest, AJournalThatEndsBeforeItsCheckpointIsDataLoss) {
  CommitMany(5);
  ASSERT_TRUE(store_->WriteCheckpoint(5, {}, {}).ok());
  Close();
  fs::resize_file(LiveLog(), fs::file_size(LiveLog()) - 10);
  fs::remove(Path("HIGHWATER"));
  const absl::Status status = TryOpen();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("before its checkpoint at 5"));
}

// Names and sizes and contents of everything in the store.
std::map<std::string, std::string> Contents(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().string()] = std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

TEST_F(OpenTest, ReadingChangesNothingAndNeedsNoLock) {
  CommitMany(3);
  Commit({PutSanction{MakeSanction("a", "10086")}});
  StoreOptions reading = Options();
  reading.read_only = true;
  const auto before = Contents(directory_.store());
  {
    absl::StatusOr<std::unique_ptr<Store>> reader = Store::Open(reading);
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ((*reader)->last_position(), 4U);
    EXPECT_EQ((*reader)->store_id(), store_->store_id());
    EXPECT_EQ((*reader)->GetSanction("sanctions/a")->finding().evidence(0).text(), "words");
    EXPECT_EQ((*reader)->Commit(GroupBuilder(5).Event("hall-1", 1).Take()).code(),
              absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ((*reader)->WriteCheckpoint(4, {}, {}).code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ((*reader)->PutArtefact("x").status().code(), absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(Contents(directory_.store()), before);
  reading.directory = directory_.path() + "/none";
  EXPECT_EQ(Store::Open(reading).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(reading.directory));
}

TEST_F(OpenTest, TheDirectoryIsTheOwnersAlone) {
  EXPECT_EQ(fs::status(directory_.store()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(Path("keys")).permissions(), fs::perms::owner_all);
}

}  // namespace
}  // namespace hallwarden::storage
