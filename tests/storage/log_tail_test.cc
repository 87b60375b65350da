// Which ends of a log are torn, and which are damage.
#include "storage/log_tail.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::Optional;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A log as RocksDB writes it.
class LogTailTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    for (int i = 0; i < 30; ++i) {
      ends_.push_back(ReadAll(LiveLog()).size());
      GroupBuilder group = Next();
      group.Event("hall-1", store_->last_position() + 1, std::string(3'000, 'p'));
      ASSERT_TRUE(store_->Commit(group.Take()).ok());
    }
    log_ = ReadAll(LiveLog());
    ASSERT_GT(log_.size(), 80'000U);
  }

  [[nodiscard]] fs::path LiveLog() const {
    fs::path live;
    for (const auto& entry : fs::directory_iterator(directory_.store() + "/db")) {
      if (entry.path().extension() == ".log" && entry.path() > live) live = entry.path();
    }
    return live;
  }

  std::string log_;
  // Where each commit began.
  std::vector<std::uint64_t> ends_;
};

TEST_F(LogTailTest, AWholeLogAndOneThatEndsInARecordHaveNoTornTail) {
  EXPECT_EQ(FindTornTail(log_), std::nullopt);
  EXPECT_EQ(FindTornTail(""), std::nullopt);
  for (std::size_t cut = 1; cut < 4'000; cut += 37) {
    EXPECT_EQ(FindTornTail(std::string_view(log_).substr(0, log_.size() - cut)), std::nullopt);
  }
}

TEST_F(LogTailTest, GarbageOrZerosBehindTheLastRecordAreATornTail) {
  EXPECT_THAT(FindTornTail(log_ + std::string(2'000, '\x03')), Optional(log_.size()));
  EXPECT_THAT(FindTornTail(log_ + std::string(100, '\0')), Optional(log_.size()));
  EXPECT_THAT(FindTornTail(log_ + std::string(70'000, '\0')), Optional(log_.size()));
}

TEST_F(LogTailTest, ADamagedLastRecordIsATornTail) {
  std::string torn = log_;
  torn[log_.size() - 10] = static_cast<char>(torn[log_.size() - 10] ^ 1);
  EXPECT_THAT(FindTornTail(torn), Optional(ends_.back()));
}

TEST_F(LogTailTest, DamageWithWholeRecordsBehindItIsNoTornTail) {
  for (std::size_t at = 1; at + 4'000 < log_.size(); at += 997) {
    std::string damaged = log_;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_EQ(FindTornTail(damaged), std::nullopt) << at;
  }
}

TEST_F(LogTailTest, OpeningCutsATornTailAndKeepsWhatItCut) {
  const fs::path log = LiveLog();
  Close();
  const std::string whole = ReadAll(log);
  std::ofstream(log, std::ios::binary | std::ios::app) << std::string(5'000, '\x03');
  Open();
  EXPECT_EQ(store_->last_position(), 30U);
  EXPECT_TRUE(ReadAll(log.string() + ".torn") == std::string(5'000, '\x03'));
}

TEST_F(LogTailTest, AnAcknowledgedRecordIsNeverTakenForATornTail) {
  const fs::path log = LiveLog();
  Close();
  std::string damaged = ReadAll(log);
  damaged[damaged.size() - 10] = static_cast<char>(damaged[damaged.size() - 10] ^ 1);
  std::ofstream(log, std::ios::binary | std::ios::trunc) << damaged;
  const absl::Status status = Store::Open(Options()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("30 was committed"));
}

}  // namespace
}  // namespace hallwarden::storage
