// Backups: made while the store is in use, verified by restoring, put back whole.
#include "storage/backup/backup.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "storage/directory.h"
#include "storage/verify/verify.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BackupTest : public StoreTest {
 protected:
  [[nodiscard]] std::string Backups() const { return directory_.path() + "/backups"; }
  [[nodiscard]] std::string BackupKeys() const { return directory_.path() + "/backup-keys"; }
  [[nodiscard]] BackupRequest Request() const {
    BackupRequest request;
    request.directory = Backups();
    request.keys_directory = BackupKeys();
    request.label = "gm-li, record 7";
    request.keep = 10;
    return request;
  }
  void CommitUpTo(std::uint64_t position) {
    while (store_->last_position() < position) {
      ASSERT_TRUE(store_->Commit(History::NextGroup(store_.get(), 10)).ok());
    }
  }
  BackupInfo Backup() {
    const absl::StatusOr<BackupInfo> made = store_->CreateBackup(Request());
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? *made : BackupInfo();
  }
  absl::StatusOr<Restored> Restore(std::uint32_t id = 0) {
    RestoreRequest request;
    request.store_directory = directory_.store();
    request.directory = Backups();
    request.keys_directory = BackupKeys();
    request.id = id;
    return RestoreBackup(request);
  }
  [[nodiscard]] absl::Status Verify(std::uint32_t id) const {
    return VerifyBackup({Backups(), BackupKeys(), id, {}});
  }
  [[nodiscard]] std::vector<std::uint32_t> Ids() const {
    std::vector<std::uint32_t> ids;
    const absl::StatusOr<std::vector<BackupInfo>> backups = ListBackups(Backups());
    EXPECT_TRUE(backups.ok()) << backups.status();
    if (!backups.ok()) return ids;
    for (const BackupInfo& backup : *backups)
      ids.push_back(backup.id);
    return ids;
  }
  // Every file of the backups whose path holds `part`.
  [[nodiscard]] std::vector<fs::path> FilesOf(const std::string& part) const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(Backups())) {
      if (entry.is_regular_file() && entry.path().string().find(part) != std::string::npos) {
        files.push_back(entry.path());
      }
    }
    return files;
  }
  static void Flip(const fs::path& file, std::uint64_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(static_cast<unsigned>(stream.get()) ^ 1U);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
  }
};

TEST_F(BackupTest, ARestoredBackupIsTheStoreOfItsTime) {
  CommitUpTo(300);
  ASSERT_TRUE(History::WriteCheckpoint(store_.get(), 300).ok());
  CommitUpTo(350);
  const std::string exported = *ExportText(store_.get());
  const std::string store_id = store_->store_id();
  const BackupInfo made = Backup();
  EXPECT_EQ(made.position, 350U);
  EXPECT_EQ(made.label, "gm-li, record 7");
  EXPECT_EQ(made.store_id, store_id);
  EXPECT_GT(made.bytes, 1'000U);
  CommitUpTo(700);
  Close();
  const absl::StatusOr<Restored> restored = Restore();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->backup.id, made.id);
  EXPECT_FALSE(restored->keys_restored);
  // What was there is kept, and the mark that says how far it was with it.
  EXPECT_TRUE(fs::exists(restored->kept_in + "/db/CURRENT"));
  EXPECT_EQ(HighWater::Read(restored->kept_in).position, 700U);
  EXPECT_TRUE(fs::exists(directory_.store() + "/RESTORED"));
  Open();
  EXPECT_EQ(store_->last_position(), 350U);
  EXPECT_EQ(*ExportText(store_.get()), exported);
  EXPECT_EQ(History::Check(store_.get()), "");
  CommitUpTo(400);
  EXPECT_EQ(History::Check(store_.get()), "");
}

TEST_F(BackupTest, AHostThatLostEverythingHasStoreAndKeysBack) {
  CommitUpTo(200);
  const std::string exported = *ExportText(store_.get());
  Backup();
  Close();
  fs::remove_all(directory_.store());
  const absl::StatusOr<Restored> restored = Restore();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_TRUE(restored->keys_restored);
  EXPECT_EQ(restored->kept_in, "");
  Open();
  EXPECT_EQ(*ExportText(store_.get()), exported);
}

TEST_F(BackupTest, OlderBackupsRestoreToo) {
  std::vector<std::string> exports;
  for (const std::uint64_t position : {100U, 200U, 300U}) {
    CommitUpTo(position);
    exports.push_back(*ExportText(store_.get()));
    Backup();
  }
  Close();
  EXPECT_THAT(Ids(), ElementsAre(1U, 2U, 3U));
  for (std::uint32_t id = 1; id <= 3; ++id) {
    EXPECT_TRUE(Verify(id).ok()) << Verify(id);
    ASSERT_TRUE(Restore(id).ok());
    Open();
    EXPECT_EQ(*ExportText(store_.get()), exports[id - 1]);
    Close();
  }
  EXPECT_EQ(Restore(4).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Verify(4).code(), absl::StatusCode::kNotFound);
}

TEST_F(BackupTest, OnlySoManyAreKept) {
  BackupRequest request = Request();
  request.keep = 2;
  for (int i = 0; i < 4; ++i) {
    CommitUpTo(store_->last_position() + 50);
    ASSERT_TRUE(store_->CreateBackup(request).ok());
  }
  EXPECT_THAT(Ids(), ElementsAre(3U, 4U));
  EXPECT_TRUE(Verify(3).ok());
}

TEST_F(BackupTest, CommitsAndCheckpointsGoOnMeanwhile) {
  CommitUpTo(100);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done) {
      EXPECT_TRUE(store_->Commit(History::NextGroup(store_.get(), 7)).ok());
    }
  });
  std::thread checkpoints([&] {
    while (!done) {
      EXPECT_TRUE(History::WriteCheckpoint(store_.get(), store_->last_position()).ok());
    }
  });
  constexpr int kBackups = 4;
  std::vector<BackupInfo> made;
  for (int i = 0; i < kBackups; ++i)
    made.push_back(Backup());
  done = true;
  writer.join();
  checkpoints.join();
  EXPECT_EQ(History::Check(store_.get()), "");
  Close();
  // Each is a point in time: whole groups, whole checkpoints, and what was durable at its start.
  for (const BackupInfo& backup : made) {
    ASSERT_TRUE(Restore(backup.id).ok());
    Open();
    EXPECT_GE(store_->last_position(), backup.position);
    EXPECT_EQ(History::Check(store_.get()), "");
    Close();
  }
}

TEST_F(BackupTest, AFlippedBitInTheStoreFailsTheBackup) {
  CommitUpTo(500);
  ASSERT_TRUE(History::WriteCheckpoint(store_.get(), 500).ok());
  Backup();
  // The next backup copies what is new only: a file that no backup has yet.
  CommitUpTo(1'000);
  ASSERT_TRUE(History::WriteCheckpoint(store_.get(), 1'000).ok());
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(directory_.store() + "/db")) {
    if (entry.path().extension() == ".sst" && entry.path() > newest) newest = entry.path();
  }
  ASSERT_FALSE(newest.empty());
  Flip(newest, fs::file_size(newest) / 3);
  const absl::Status status = store_->CreateBackup(Request()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("No backup was added"), HasSubstr("hallwardend --verify")));
  EXPECT_THAT(Ids(), ElementsAre(1U));
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, AFlippedBitInABackupIsFoundAndItIsNotRestored) {
  CommitUpTo(500);
  Backup();
  for (const char* const part : {"/shared_checksum/", "/private/1/MANIFEST"}) {
    SCOPED_TRACE(part);
    const std::vector<fs::path> files = FilesOf(part);
    ASSERT_THAT(files, ::testing::Not(IsEmpty()));
    Flip(files.front(), fs::file_size(files.front()) / 2);
    EXPECT_EQ(Verify(1).code(), absl::StatusCode::kDataLoss);
    Close();
    EXPECT_FALSE(Restore(1).ok());
    // The store is as it was.
    Open();
    EXPECT_EQ(store_->last_position(), 500U);
    EXPECT_FALSE(fs::exists(directory_.store() + "/restore"));
    EXPECT_FALSE(fs::exists(directory_.store() + "/replaced-1"));
    Flip(files.front(), fs::file_size(files.front()) / 2);
    EXPECT_TRUE(Verify(1).ok());
  }
}

TEST_F(BackupTest, ADamagedFileThatBackupsShareFailsTheNextOne) {
  CommitUpTo(300);
  Backup();
  const std::vector<fs::path> files = FilesOf("/shared_checksum/");
  ASSERT_THAT(files, ::testing::Not(IsEmpty()));
  Flip(files.front(), fs::file_size(files.front()) / 2);
  CommitUpTo(350);
  const absl::Status status = store_->CreateBackup(Request()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("move " + Backups() + " away"));
  fs::rename(Backups(), directory_.path() + "/away");
  Backup();
  EXPECT_TRUE(Verify(1).ok());
}

TEST_F(BackupTest, ABackupWithAMissingFileIsListedAsDamaged) {
  CommitUpTo(100);
  Backup();
  CommitUpTo(200);
  Backup();
  for (const fs::path& file : FilesOf("/private/2/MANIFEST"))
    fs::remove(file);
  const std::vector<BackupInfo> backups = *ListBackups(Backups());
  ASSERT_THAT(backups, SizeIs(2));
  EXPECT_FALSE(backups[0].damaged);
  EXPECT_TRUE(backups[1].damaged);
  Close();
  // The newest whole one is taken.
  EXPECT_EQ(Restore()->backup.id, 1U);
}

TEST_F(BackupTest, WhatAKilledBackupLeftBehindIsTakenAway) {
  CommitUpTo(100);
  Backup();
  fs::create_directories(Backups() + "/private/9");
  std::ofstream(Backups() + "/private/9/000001.log") << "half";
  std::ofstream(Backups() + "/shared_checksum/000099_1_1.sst") << "half";
  fs::create_directories(Backups() + "/scratch");
  std::ofstream(Backups() + "/scratch/CURRENT") << "half";
  EXPECT_THAT(Ids(), ElementsAre(1U));
  Backup();
  EXPECT_THAT(Ids(), ElementsAre(1U, 2U));
  for (const char* const left : {"/private/9", "/shared_checksum/000099_1_1.sst", "/scratch"}) {
    EXPECT_FALSE(fs::exists(Backups() + left)) << left;
  }
}

TEST_F(BackupTest, ACancelledOneLeavesNothing) {
  CommitUpTo(300);
  BackupRequest request = Request();
  bool verifying = false;
  request.progress = [&](BackupStep step, std::uint64_t) {
    verifying = verifying || step == BackupStep::kVerify;
  };
  request.cancelled = [&] { return verifying; };
  EXPECT_EQ(store_->CreateBackup(request).status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(verifying);
  EXPECT_THAT(Ids(), IsEmpty());
  EXPECT_FALSE(fs::exists(Backups() + "/scratch"));
}

// True if some file below `directory` holds these bytes.
bool AnyFileHolds(const std::string& directory, const std::string& bytes) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(in)), {});
    if (content.find(bytes) != std::string::npos) return true;
  }
  return false;
}

TEST_F(BackupTest, ErasingAnAccountErasesItInEveryBackup) {
  CommitUpTo(200);
  const std::string row = std::string("\x01") + "a3";
  Backup();
  // The key's row with its key, as the store of the keys holds it.
  std::string before;
  ASSERT_TRUE(store_->vault().raw()->Get(rocksdb::ReadOptions(), row, &before).ok());
  constexpr std::size_t kHead = 1 + 1 + 4;
  const std::string key = before.substr(kHead, 32);
  EXPECT_TRUE(AnyFileHolds(BackupKeys(), key));
  // No key lies with the backups.
  EXPECT_FALSE(AnyFileHolds(Backups(), key));
  ASSERT_TRUE(store_->vault().Destroy("a3").ok());
  Backup();
  EXPECT_FALSE(AnyFileHolds(BackupKeys(), key));
  // The backup from before the erasure: his words are gone, everybody else's are there.
  Close();
  ASSERT_TRUE(Restore(1).ok());
  Open();
  const Page<v1::Sanction> erased = *store_->ListSanctions("a3", 100, "");
  const Page<v1::Sanction> other = *store_->ListSanctions("a4", 100, "");
  ASSERT_THAT(erased.items, ::testing::Not(IsEmpty()));
  EXPECT_EQ(erased.items.front().finding().evidence(0).text(), "");
  EXPECT_NE(other.items.front().finding().evidence(0).text(), "");
  Close();
  const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory_.store()), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->clean());
  EXPECT_GT(report->erased, 0U);
}

TEST_F(BackupTest, NothingIsRestoredOverAStoreInUse) {
  CommitUpTo(50);
  Backup();
  const absl::Status status = Restore().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Stop it"));
}

TEST_F(BackupTest, WithoutBackupsOrKeysTheReasonIsSaid) {
  CommitUpTo(50);
  EXPECT_EQ(ListBackups(Backups()).status().code(), absl::StatusCode::kNotFound);
  Close();
  EXPECT_EQ(Restore().status().code(), absl::StatusCode::kNotFound);
  Open();
  Backup();
  Close();
  fs::remove_all(directory_.store() + "/keys");
  fs::rename(BackupKeys(), directory_.path() + "/elsewhere");
  const absl::Status status = Restore().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--backup-keys-dir"));
  fs::rename(directory_.path() + "/elsewhere", BackupKeys());
  EXPECT_TRUE(Restore().ok());
}

TEST_F(BackupTest, ARestoreThatWasCutShortIsFinishedByTheNextAndNeverANewStore) {
  CommitUpTo(100);
  Backup();
  Close();
  // Killed between the two renames.
  fs::create_directories(directory_.store() + "/restore/db");
  fs::create_directories(directory_.store() + "/replaced-1");
  fs::rename(directory_.store() + "/db", directory_.store() + "/replaced-1/db");
  fs::remove(directory_.store() + "/HIGHWATER");
  const absl::Status status = Store::Open(Options()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("run it again"));
  ASSERT_TRUE(Restore().ok());
  Open();
  EXPECT_EQ(History::Check(store_.get()), "");
  EXPECT_EQ(store_->last_position(), 100U);
}

}  // namespace
}  // namespace hallwarden::storage
