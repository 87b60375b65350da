// The power fails at any moment: everything that was acknowledged is there, nothing that was not
// is there in part. HW_POWER_CUTS and HW_SEED run other or more cycles than the normal run does.
#include <array>
#include <atomic>
#include <cstdint>
#include <iostream>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/database.h"
#include "storage/directory.h"
#include "storage/store.h"
#include "storage/verify/verify.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"
#include "tests/storage/support/power_cut_file_system.h"

namespace hallwarden::storage {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;

// Cycles that one store lives through.
constexpr int kCyclesOfStore = 25;
constexpr std::uint64_t kOperationsMax = 400;

// What was promised, and what was tried besides.
struct Expected {
  std::uint64_t acknowledged = 0;
  // End of the group whose commit did not return; 0: none.
  std::uint64_t tried = 0;
  std::uint64_t checkpointed = 0;
  std::uint64_t checkpoint_tried = 0;
};

struct Totals {
  std::uint64_t cuts = 0;
  std::uint64_t cuts_while_opening = 0;
  std::uint64_t commits = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t kept_unacknowledged = 0;
  std::uint64_t lost_bytes = 0;
  std::uint64_t lost_entries = 0;
  std::uint64_t torn_files = 0;
};

// What the processes of a suite share.
struct Shared {
  Expected expected;
  Totals totals;
  std::array<char, 2'000> wrong{};
};

constexpr int kDied = 3;

// What one process does with the store until its power fails. The test's own process never opens a
// store: a fork does not take RocksDB's threads along.
class Life {
 public:
  Life(const std::string& directory, bool sync, PowerCutFileSystem::Tail tail, std::uint32_t seed,
       Shared* shared)
      : directory_(directory),
        sync_(sync),
        tail_(tail),
        random_(seed),
        shared_(shared),
        disk_(std::make_shared<PowerCutFileSystem>(directory + "/attic")),
        env_(rocksdb::NewCompositeEnv(disk_)) {
    disk_->DieWhenCut([this] { LastWords(); });
  }

  // Looks whether everything is there.
  [[noreturn]] void Judge() {
    std::string wrong = WhatIsWrong();
    if (wrong.empty()) _exit(0);
    Complain(wrong);
  }

  // The power fails again while the store recovers, or soon after.
  [[noreturn]] void Recover() {
    disk_->CutAfter(Below(60));
    opening_ = true;
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(Options());
    if (!store.ok()) Complain(store.status().ToString());
    opening_ = false;
    disk_->CutAfter(0);
    static_cast<void>((*store)->Commit(History::NextGroup(store->get(), 1)));
    Complain("a commit came back from a dead disk");
  }

  // Commits and writes checkpoints.
  [[noreturn]] void Live() {
    disk_->CutAfter(Below(kOperationsMax));
    opening_ = true;
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(Options());
    if (!store.ok()) Complain(store.status().ToString());
    opening_ = false;
    for (;;) {
      if (Below(12) == 0) {
        Checkpoint(store->get());
      } else {
        Commit(store->get());
      }
    }
  }

 private:
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  [[nodiscard]] StoreOptions Options() const {
    StoreOptions options;
    options.directory = directory_ + "/store";
    options.sync = sync_;
    options.block_cache_bytes = std::size_t{1} << 20;
    // So that files are written, and merged, all the time.
    options.write_buffer_bytes = 64U << 10;
    options.env = env_.get();
    return options;
  }

  [[noreturn]] void Complain(const std::string& wrong) {
    wrong.copy(shared_->wrong.data(), shared_->wrong.size() - 1);
    _exit(1);
  }

  [[noreturn]] void LastWords() {
    const PowerCutFileSystem::Loss lost = disk_->Lose(&random_, tail_);
    Totals& totals = shared_->totals;
    ++totals.cuts;
    if (opening_) ++totals.cuts_while_opening;
    totals.lost_bytes += lost.bytes;
    totals.lost_entries += lost.entries;
    totals.torn_files += lost.torn_files;
    _exit(kDied);
  }

  void Commit(Store* store) {
    const Group group = History::NextGroup(store, 1 + Below(20));
    Expected& expected = shared_->expected;
    expected.tried = group.entries.back().position;
    if (const absl::Status status = store->Commit(group); !status.ok()) {
      Complain(status.ToString());
    }
    expected.acknowledged = std::exchange(expected.tried, 0);
    ++shared_->totals.commits;
  }

  void Checkpoint(Store* store) {
    const std::uint64_t at = store->last_position();
    if (at == 0) return;
    shared_->expected.checkpoint_tried = at;
    if (const absl::Status status = History::WriteCheckpoint(store, at); !status.ok()) {
      Complain(status.ToString());
    }
    shared_->expected.checkpointed = at;
    ++shared_->totals.checkpoints;
  }

  std::string WhatIsWrong() {
    {
      const absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(Options());
      if (!opened.ok()) return opened.status().ToString();
      std::string wrong = Compare(opened->get());
      if (!wrong.empty()) return wrong;
    }
    if (Below(8) != 0) return {};
    const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory_ + "/store"), {});
    if (!report.ok()) return report.status().ToString();
    return report->clean() ? std::string() : report->problems.front().ToString();
  }

  std::string Compare(Store* store) {
    Expected& expected = shared_->expected;
    const std::uint64_t last = store->last_position();
    if (last != expected.acknowledged && (last != expected.tried || expected.tried == 0)) {
      return "the journal ends at " + std::to_string(last) + ", acknowledged were " +
             std::to_string(expected.acknowledged) + ", tried " + std::to_string(expected.tried);
    }
    if (last > expected.acknowledged) ++shared_->totals.kept_unacknowledged;
    const std::uint64_t checkpoint = store->checkpoint_position();
    if (checkpoint != expected.checkpointed && checkpoint != expected.checkpoint_tried) {
      return "the checkpoint is at " + std::to_string(checkpoint) + ", not " +
             std::to_string(expected.checkpointed);
    }
    expected = {last, 0, checkpoint, 0};
    return History::Check(store);
  }

  const std::string directory_;
  const bool sync_;
  const PowerCutFileSystem::Tail tail_;
  std::mt19937 random_;
  Shared* const shared_;
  std::shared_ptr<PowerCutFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::atomic<bool> opening_ = false;
};

class PowerLoss {
 public:
  PowerLoss(std::uint32_t seed, bool sync, PowerCutFileSystem::Tail tail)
      : random_(seed),
        sync_(sync),
        tail_(tail),
        page_(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)),
        shared_(new (page_) Shared) {}
  ~PowerLoss() { ::munmap(page_, sizeof(Shared)); }
  PowerLoss(const PowerLoss&) = delete;
  PowerLoss& operator=(const PowerLoss&) = delete;

  // Empty, or what is wrong after a cut.
  std::string Run(int cycles) {
    for (int i = 0; i < cycles; ++i) {
      if (i % kCyclesOfStore == 0) {
        directory_ = std::make_unique<TempDirectory>();
        shared_->expected = {};
      }
      bool good = Child(&Life::Live, kDied);
      if (good && random_() % 4 == 0) good = Child(&Life::Recover, kDied);
      if (good) good = Child(&Life::Judge, 0);
      if (!good) return "cycle " + std::to_string(i) + ": " + shared_->wrong.data();
    }
    return {};
  }

  [[nodiscard]] const Totals& totals() const { return shared_->totals; }

 private:
  // Runs a part of a life in a process of its own. True if it ended as it should.
  bool Child(void (Life::*part)(), int code) {
    const auto seed = static_cast<std::uint32_t>(random_());
    const pid_t child = ::fork();
    if (child == 0) {
      Life life(directory_->path(), sync_, tail_, seed, shared_);
      (life.*part)();
      _exit(1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return false;
    if (WIFEXITED(status) && WEXITSTATUS(status) == code) return true;
    if (shared_->wrong[0] == '\0') {
      const std::string text = "the process ended with status " + std::to_string(status);
      text.copy(shared_->wrong.data(), shared_->wrong.size() - 1);
    }
    return false;
  }

  std::mt19937 random_;
  const bool sync_;
  const PowerCutFileSystem::Tail tail_;
  void* page_;
  Shared* shared_;
  std::unique_ptr<TempDirectory> directory_;
};

std::uint32_t Seed() {
  return static_cast<std::uint32_t>(CountFromEnvironment("HW_SEED", 20'261'124));
}

void Print(const Totals& totals, std::uint32_t seed) {
  std::cout << "seed " << seed << ": " << totals.cuts << " power cuts, "
            << totals.cuts_while_opening << " of them while opening, " << totals.commits
            << " commits, " << totals.checkpoints << " checkpoints; lost " << totals.lost_bytes
            << " bytes, " << totals.torn_files << " torn files and " << totals.lost_entries
            << " directory entries; " << totals.kept_unacknowledged
            << " unacknowledged groups survived whole\n";
}

TEST(PowerLossTest, WhatWasAcknowledgedIsThereAfterEveryCut) {
  const std::uint32_t seed = Seed();
  SCOPED_TRACE("seed=" + std::to_string(seed));
  PowerLoss suite(seed, true, PowerCutFileSystem::Tail::kClean);
  EXPECT_EQ(suite.Run(CountFromEnvironment("HW_POWER_CUTS", 100)), "");
  Print(suite.totals(), seed);
  EXPECT_GT(suite.totals().torn_files, 10U);
}

TEST(PowerLossTest, GarbageInWhatWasNotSyncedChangesNothing) {
  const std::uint32_t seed = Seed() + 1;
  SCOPED_TRACE("seed=" + std::to_string(seed));
  PowerLoss suite(seed, true, PowerCutFileSystem::Tail::kGarbage);
  EXPECT_EQ(suite.Run(CountFromEnvironment("HW_POWER_CUTS", 100)), "");
  Print(suite.totals(), seed);
}

// The suite is worth nothing if it does not see this.
TEST(PowerLossTest, WithoutSyncItFailsWithinTwentyCuts) {
  constexpr std::uint32_t kSeeds = 3;
  for (std::uint32_t seed = Seed(); seed < Seed() + kSeeds; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    PowerLoss suite(seed, false, PowerCutFileSystem::Tail::kClean);
    // Found by what the suite knows, or by the store itself.
    EXPECT_THAT(suite.Run(20), AnyOf(HasSubstr("the journal ends at"), HasSubstr("was committed"),
                                     HasSubstr("Acknowledged records are missing")));
  }
}

// ---- errors of the disk -------------------------------------------------------------------------

class DiskErrorTest : public ::testing::Test {
 protected:
  DiskErrorTest()
      : disk_(std::make_shared<PowerCutFileSystem>(directory_.path() + "/attic")),
        env_(rocksdb::NewCompositeEnv(disk_)) {}

  absl::Status Open() {
    store_.reset();
    StoreOptions options;
    options.directory = directory_.store();
    options.env = env_.get();
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options);
    if (!store.ok()) return store.status();
    store_ = *std::move(store);
    return absl::OkStatus();
  }
  absl::Status Commit(std::uint64_t size = 5) {
    return store_->Commit(History::NextGroup(store_.get(), size));
  }

  TempDirectory directory_;
  std::shared_ptr<PowerCutFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<Store> store_;
};

struct DiskErrorCase {
  std::string name;
  FileOp op = FileOp::kSync;
  bool after = false;
  bool full = false;
};
void PrintTo(const DiskErrorCase& c, std::ostream* out) {
  *out << c.name;
}

class DiskErrorOfLogTest : public DiskErrorTest,
                           public ::testing::WithParamInterface<DiskErrorCase> {};

TEST_P(DiskErrorOfLogTest, OneErrorFailsTheCommitAndEverythingAfterIt) {
  const DiskErrorCase& c = GetParam();
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Commit().ok());
  disk_->Fail({c.op, "/db/",
               c.full ? rocksdb::IOStatus::NoSpace("no space left on device")
                      : rocksdb::IOStatus::IOError("input/output error"),
               1, c.after});
  EXPECT_FALSE(Commit().ok());
  ASSERT_EQ(disk_->faults(), 1U);
  // The disk is well again: nobody knows what it kept, so nothing goes on.
  EXPECT_FALSE(Commit().ok());
  EXPECT_FALSE(Commit().ok());
  // What was acknowledged can still be read.
  EXPECT_EQ(store_->last_position(), 5U);
  EXPECT_TRUE(store_->ReadEntry(5).ok());
  const absl::Status reopened = Open();
  ASSERT_TRUE(reopened.ok()) << reopened;
  EXPECT_THAT(store_->last_position(), AnyOf(Eq(5U), Eq(10U)));
  EXPECT_EQ(History::Check(store_.get()), "");
  EXPECT_TRUE(Commit().ok());
  EXPECT_EQ(History::Check(store_.get()), "");
}

INSTANTIATE_TEST_SUITE_P(
    Errors, DiskErrorOfLogTest,
    ::testing::Values(DiskErrorCase{"SyncFails", FileOp::kSync, false, false},
                      DiskErrorCase{"SyncFailsAfterItWasDone", FileOp::kSync, true, false},
                      DiskErrorCase{"SyncFailsForWantOfSpace", FileOp::kSync, false, true},
                      DiskErrorCase{"AppendFails", FileOp::kAppend, false, false},
                      DiskErrorCase{"AppendFailsForWantOfSpace", FileOp::kAppend, false, true}),
    [](const auto& param_info) { return param_info.param.name; });

TEST_F(DiskErrorTest, ACheckpointThatFailsLeavesTheOneBeforeAndTheCommits) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Commit().ok());
  ASSERT_TRUE(History::WriteCheckpoint(store_.get(), 5).ok());
  for (const FileOp op : {FileOp::kCreate, FileOp::kAppend, FileOp::kSync}) {
    ASSERT_TRUE(Commit().ok());
    disk_->Fail({op, "/ingest/cells-0.sst", rocksdb::IOStatus::NoSpace("no space"), 1, false});
    EXPECT_FALSE(History::WriteCheckpoint(store_.get(), store_->last_position()).ok());
    EXPECT_EQ(store_->checkpoint_position(), 5U);
    EXPECT_TRUE(Commit().ok());
  }
  EXPECT_EQ(disk_->faults(), 3U);
  const std::uint64_t last = store_->last_position();
  EXPECT_TRUE(History::WriteCheckpoint(store_.get(), last).ok());
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(store_->checkpoint_position(), last);
  EXPECT_EQ(History::Check(store_.get()), "");
}

TEST_F(DiskErrorTest, AKeyThatIsNotDurableFailsTheCommitThatNeedsIt) {
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Commit(2).ok());
  // The third record is sealed under a new key.
  disk_->Fail(
      {FileOp::kSync, "/keys/", rocksdb::IOStatus::IOError("input/output error"), 1, false});
  EXPECT_FALSE(Commit(1).ok());
  EXPECT_EQ(store_->last_position(), 2U);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(store_->last_position(), 2U);
  EXPECT_EQ(History::Check(store_.get()), "");
  EXPECT_TRUE(Commit(1).ok());
  EXPECT_EQ(History::Check(store_.get()), "");
}

// ---- the disk itself ----------------------------------------------------------------------------

TEST(PowerCutFileSystemTest, WhatWasSyncedStaysAndWhatWasNotCanGo) {
  int kept_unsynced = 0;
  int lost_unsynced = 0;
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const TempDirectory directory;
    ASSERT_TRUE(MakeDirectory(directory.store()).ok());
    auto disk = std::make_shared<PowerCutFileSystem>(directory.path() + "/attic");
    const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
    std::unique_ptr<rocksdb::WritableFile> file;
    ASSERT_TRUE(env->NewWritableFile(directory.store() + "/a", &file, {}).ok());
    ASSERT_TRUE(file->Append("synced").ok());
    ASSERT_TRUE(file->Sync().ok());
    std::unique_ptr<rocksdb::Directory> opened;
    ASSERT_TRUE(env->NewDirectory(directory.store(), &opened).ok());
    ASSERT_TRUE(opened->Fsync().ok());
    ASSERT_TRUE(file->Append(" and more").ok());
    ASSERT_TRUE(env->NewWritableFile(directory.store() + "/b", &file, {}).ok());
    ASSERT_TRUE(env->RenameFile(directory.store() + "/a", directory.store() + "/c").ok());
    file.reset();
    std::mt19937 random(seed);
    disk->Lose(&random, PowerCutFileSystem::Tail::kClean);
    const bool renamed = env->FileExists(directory.store() + "/c").ok();
    EXPECT_NE(renamed, env->FileExists(directory.store() + "/a").ok());
    std::string content;
    ASSERT_TRUE(
        rocksdb::ReadFileToString(env.get(), directory.store() + (renamed ? "/c" : "/a"), &content)
            .ok());
    EXPECT_TRUE(content.starts_with("synced")) << content;
    content == "synced" ? ++lost_unsynced : ++kept_unsynced;
    // A directory's changes are kept in order: what was renamed last is kept with all before it.
    if (renamed) {
      EXPECT_TRUE(env->FileExists(directory.store() + "/b").ok());
    }
  }
  EXPECT_GT(kept_unsynced, 0);
  EXPECT_GT(lost_unsynced, 0);
}

TEST(PowerCutFileSystemTest, AfterTheCutNothingIsWritten) {
  const TempDirectory directory;
  ASSERT_TRUE(MakeDirectory(directory.store()).ok());
  auto disk = std::make_shared<PowerCutFileSystem>(directory.path() + "/attic");
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  disk->CutAfter(2);
  std::unique_ptr<rocksdb::WritableFile> file;
  ASSERT_TRUE(env->NewWritableFile(directory.store() + "/a", &file, {}).ok());
  EXPECT_TRUE(file->Append("x").ok());
  EXPECT_FALSE(file->Append("x").ok());
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(env->DeleteFile(directory.store() + "/a").ok());
}

}  // namespace
}  // namespace hallwarden::storage
