// A checkpoint is there as a whole or not at all.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/format.h"
#include "storage/key.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CheckpointTest : public StoreTest {
 protected:
  static EntityKey CellAt(std::uint64_t i) { return {CellKind::kAccount, {i, ~i}}; }
  static std::vector<EncodedCell> Cells(std::uint64_t count, const std::string& bytes) {
    std::vector<EncodedCell> cells;
    for (std::uint64_t i = 0; i < count; ++i)
      cells.push_back({CellAt(i), bytes});
    return cells;
  }
  [[nodiscard]] std::vector<std::string> Load(const std::vector<EntityKey>& keys) const {
    std::vector<std::string> encoded;
    store_->cells().Load(keys, &encoded);
    return encoded;
  }
  void CommitUpTo(std::uint64_t position) {
    while (store_->last_position() < position)
      Commit({});
  }
  [[nodiscard]] std::vector<std::string> Resources(const Page<StoredPosting>& page) const {
    std::vector<std::string> resources;
    for (const StoredPosting& posting : page.items)
      resources.push_back(posting.posting.resource);
    return resources;
  }
};

TEST_F(CheckpointTest, CellsComeBackInTheOrderOfTheirKeys) {
  CommitUpTo(2);
  EXPECT_THAT(Load({CellAt(1)}), ElementsAre(""));
  std::vector<EncodedCell> cells = Cells(3, "first");
  // Any order will do.
  std::swap(cells[0], cells[2]);
  cells.push_back({{CellKind::kSystem, {}}, "system"});
  ASSERT_TRUE(store_->WriteCheckpoint(1, cells, {}).ok());
  ASSERT_TRUE(store_->WriteCheckpoint(2, Cells(1, "second"), {}).ok());
  for (int opens = 0; opens < 2; ++opens) {
    EXPECT_EQ(store_->checkpoint_position(), 2U);
    EXPECT_THAT(Load({CellAt(2), CellAt(0), CellAt(9), {CellKind::kSystem, {}}}),
                ElementsAre("first", "second", "", "system"));
    Open();
  }
}

TEST_F(CheckpointTest, APositionThatCannotBeIsRefused) {
  CommitUpTo(3);
  EXPECT_EQ(store_->WriteCheckpoint(4, {}, {}).code(), absl::StatusCode::kInternal);
  ASSERT_TRUE(store_->WriteCheckpoint(2, {}, {}).ok());
  EXPECT_EQ(store_->WriteCheckpoint(1, {}, {}).code(), absl::StatusCode::kInternal);
  ASSERT_TRUE(store_->WriteCheckpoint(2, {}, {}).ok());
}

TEST_F(CheckpointTest, OneThatFailsLeavesTheOneBefore) {
  CommitUpTo(3);
  ASSERT_TRUE(store_->WriteCheckpoint(2, Cells(10, "before"), {}).ok());
  const fs::path ingest = fs::path(directory_.store()) / "ingest";
  fs::remove_all(ingest);
  std::ofstream(ingest) << "in the way";
  EXPECT_FALSE(store_->WriteCheckpoint(3, Cells(10, "after"), {}).ok());
  EXPECT_EQ(store_->checkpoint_position(), 2U);
  EXPECT_THAT(Load({CellAt(9)}), ElementsAre("before"));
  fs::remove(ingest);
  EXPECT_TRUE(store_->WriteCheckpoint(3, Cells(10, "after"), {}).ok());
  EXPECT_THAT(Load({CellAt(9)}), ElementsAre("after"));
}

TEST_F(CheckpointTest, WhatACrashLeftBehindIsTakenAwayAtOpen) {
  const fs::path ingest = fs::path(directory_.store()) / "ingest";
  fs::create_directories(ingest);
  std::ofstream(ingest / "cells-0.sst") << "half a file";
  Open();
  EXPECT_FALSE(fs::exists(ingest / "cells-0.sst"));
  CommitUpTo(1);
  EXPECT_TRUE(store_->WriteCheckpoint(1, Cells(1, "x"), {}).ok());
  EXPECT_THAT(fs::directory_iterator(ingest), ::testing::Truly([](const auto& files) {
                return files == fs::directory_iterator();
              }));
}

TEST_F(CheckpointTest, ALargeOneIsCutIntoFiles) {
  CommitUpTo(1);
  constexpr std::uint64_t kMany = 1'500;
  // More than one file holds.
  ASSERT_TRUE(store_->WriteCheckpoint(1, Cells(kMany, std::string(100'000, 'c')), {}).ok());
  EXPECT_THAT(Load({CellAt(0), CellAt(kMany - 1)}), ::testing::Each(SizeIs(100'000)));
}

TEST_F(CheckpointTest, HistoriesAreReadNewestFirstInPages) {
  CommitUpTo(700);
  std::vector<StoredPosting> first;
  for (std::uint64_t position = 1; position <= 600; ++position) {
    first.push_back(MakePosting(position, 0, "10086", std::to_string(position)));
    if (position % 2 == 0) first.push_back(MakePosting(position, 1, "1008", "other"));
  }
  ASSERT_TRUE(store_->WriteCheckpoint(600, {}, first).ok());
  ASSERT_TRUE(store_
                  ->WriteCheckpoint(700, {},
                                    std::vector<StoredPosting>{MakePosting(650, 2, "10086", "650"),
                                                               MakePosting(650, 1, "10086", "x")})
                  .ok());
  std::vector<std::string> seen;
  std::string token;
  do {
    const Page<StoredPosting> page = *store_->ListPostings("10086", 0, 7, token);
    EXPECT_THAT(page.items, ::testing::Not(IsEmpty()));
    for (std::string& resource : Resources(page))
      seen.push_back(std::move(resource));
    token = page.next;
  } while (!token.empty());
  ASSERT_THAT(seen, SizeIs(602));
  EXPECT_EQ(seen[0], "650");
  EXPECT_EQ(seen[1], "x");
  for (std::size_t i = 2; i < seen.size(); ++i)
    EXPECT_EQ(seen[i], std::to_string(602 - i));
  EXPECT_THAT(Resources(*store_->ListPostings("10086", TestTime(600), 10, "")),
              ElementsAre("650", "x", "600"));
  EXPECT_THAT(store_->ListPostings("100", 0, 10, "")->items, IsEmpty());
  const std::string foreign = store_->ListPostings("10086", 0, 7, "")->next;
  EXPECT_EQ(store_->ListPostings("1008", 0, 7, foreign).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CheckpointTest, CommitsGoOnWhileItIsWritten) {
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> torn{0};
  CommitUpTo(1);
  std::thread reader([&] {
    while (!done) {
      const std::vector<std::string> cells = Load({CellAt(0), CellAt(500), CellAt(999)});
      // One read sees one checkpoint.
      if (cells[0] != cells[1] || cells[1] != cells[2]) ++torn;
    }
  });
  std::thread checkpoints([&] {
    for (int i = 0; i < 10; ++i) {
      const std::uint64_t at = store_->last_position();
      EXPECT_TRUE(store_->WriteCheckpoint(at, Cells(1'000, Key().U64(at).Take()), {}).ok());
    }
    done = true;
  });
  while (!done)
    Commit({});
  checkpoints.join();
  reader.join();
  EXPECT_EQ(torn, 0U);
  const std::uint64_t at = store_->checkpoint_position();
  const std::uint64_t last = store_->last_position();
  Open();
  EXPECT_EQ(store_->checkpoint_position(), at);
  EXPECT_EQ(store_->last_position(), last);
  EXPECT_THAT(Load({CellAt(3)}), ElementsAre(Key().U64(at).bytes()));
}

TEST_F(CheckpointTest, DamagedCellsEndTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  CommitUpTo(1);
  ASSERT_TRUE(store_->WriteCheckpoint(1, Cells(1'000, std::string(100, 'c')), {}).ok());
  Close();
  for (const auto& entry : fs::directory_iterator(fs::path(directory_.store()) / "db")) {
    if (entry.path().extension() != ".sst" || entry.file_size() < 5'000) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2'000);
    file.write("damage", 6);
  }
  Open();
  std::vector<EntityKey> keys;
  for (std::uint64_t i = 0; i < 1'000; ++i)
    keys.push_back(CellAt(i));
  EXPECT_DEATH(static_cast<void>(Load(keys)), "cells cannot be read");
}

}  // namespace
}  // namespace hallwarden::storage
