// A writer is killed at any moment: everything that it acknowledged is there. The test's own
// process never opens a store, because a fork does not take RocksDB's threads along: writer and
// checker are children.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/key.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint64_t kCells = 50;
constexpr std::chrono::seconds kBudget{6};
constexpr int kCyclesMin = 3;
constexpr int kCyclesMax = 60;

// What writer and test share.
struct Progress {
  std::atomic<std::uint64_t> acknowledged{0};
  std::atomic<std::uint64_t> checkpointed{0};
};

std::string PayloadOf(std::uint64_t position) {
  return "payload " + std::to_string(position) + std::string(position % 200, 'x');
}

EntityKey CellOf(std::uint64_t i) {
  return {CellKind::kAccount, {i, i}};
}

StoreOptions OptionsIn(const std::string& directory) {
  StoreOptions options;
  options.directory = directory;
  options.block_cache_bytes = std::size_t{1} << 20;
  return options;
}

// A group of `size` events, each with what a decision writes.
Group MakeGroup(Store* store, std::uint64_t size) {
  GroupBuilder group(store->last_position() + 1);
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::uint64_t position = group.position() + 1;
    group.Event("hall-1", position, PayloadOf(position));
    if (position % 7 == 0) {
      const std::string id = std::to_string(position);
      group.With(PutSanction{MakeSanction(id, "a" + std::to_string(position % 5), "words " + id)});
      group.With(SendDirective{"hall-1", MakeDirective(static_cast<std::int64_t>(position / 7), "a",
                                                       "sanctions/" + id)});
    }
  }
  return group.Take();
}

// Commits and writes checkpoints until it is killed.
[[noreturn]] void RunWriter(const std::string& directory, std::uint32_t seed, Progress* progress) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
  if (!store.ok()) {
    std::fprintf(stderr, "writer: %s\n", store.status().ToString().c_str());
    _exit(1);
  }
  std::thread checkpoints([&] {
    while (true) {
      const std::uint64_t at = (*store)->last_position();
      std::vector<EncodedCell> cells;
      for (std::uint64_t i = 0; i < kCells; ++i) {
        cells.push_back({CellOf(i), Key().U64(at).Take()});
      }
      const StoredPosting posting = MakePosting(at, 0, "a1", "hall-1");
      if (!(*store)->WriteCheckpoint(at, cells, std::vector<StoredPosting>{posting}).ok()) _exit(1);
      progress->checkpointed = at;
    }
  });
  std::mt19937 random(seed);
  while (true) {
    if (!(*store)->Commit(MakeGroup(store->get(), 1 + random() % 20)).ok()) _exit(1);
    progress->acknowledged = (*store)->last_position();
  }
}

#define HW_REQUIRE(condition)                                              \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      _exit(1);                                                            \
    }                                                                      \
  } while (false)

// Exits with 0 if everything is there.
[[noreturn]] void RunChecker(const std::string& directory, const Progress& progress) {
  absl::StatusOr<std::unique_ptr<Store>> opened = Store::Open(OptionsIn(directory));
  if (!opened.ok()) std::fprintf(stderr, "checker: %s\n", opened.status().ToString().c_str());
  HW_REQUIRE(opened.ok());
  Store& store = **opened;
  const std::uint64_t last = store.last_position();
  HW_REQUIRE(last >= progress.acknowledged);
  std::uint64_t expected = 1;
  bool good = true;
  HW_REQUIRE(store
                 .ScanJournal(1,
                              [&](const StoredGroup& group) {
                                for (const JournalEntry& entry : group.entries) {
                                  good = good && entry.position == expected &&
                                         entry.payload == PayloadOf(expected);
                                  ++expected;
                                }
                                return good;
                              })
                 .ok());
  HW_REQUIRE(good && expected == last + 1);
  HW_REQUIRE(store.Sources()->at(0).durable_seq == last);
  for (std::uint64_t position = 7; position <= last; position += 7) {
    const std::string id = std::to_string(position);
    const absl::StatusOr<v1::Sanction> sanction = store.GetSanction("sanctions/" + id);
    HW_REQUIRE(sanction.ok());
    HW_REQUIRE(sanction->finding().evidence(0).text() == "words " + id);
  }
  HW_REQUIRE(store.ReadOutbox("hall-1", 0, last)->size() == last / 7);
  // Cells are those of one checkpoint, all of them.
  const std::uint64_t at = store.checkpoint_position();
  HW_REQUIRE(at >= progress.checkpointed && at <= last);
  std::vector<EntityKey> keys;
  for (std::uint64_t i = 0; i < kCells; ++i)
    keys.push_back(CellOf(i));
  std::vector<std::string> cells;
  store.cells().Load(keys, &cells);
  for (const std::string& cell : cells)
    HW_REQUIRE(at == 0 || cell == Key().U64(at).bytes());
  if (at > 0) {
    HW_REQUIRE(store.ListPostings("a1", 0, 1, "")->items.at(0).position == at);
  }
  opened->reset();
  _exit(0);
}

class SharedProgress {
 public:
  SharedProgress()
      : page_(::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0)),
        progress_(new (page_) Progress) {}
  ~SharedProgress() { ::munmap(page_, sizeof(Progress)); }
  SharedProgress(const SharedProgress&) = delete;
  SharedProgress& operator=(const SharedProgress&) = delete;
  [[nodiscard]] Progress* get() const { return progress_; }

 private:
  void* page_;
  Progress* progress_;
};

TEST(KillTest, WhatWasAcknowledgedIsThereAfterEveryKill) {
  constexpr std::uint32_t kSeed = 20'261'122;
  SCOPED_TRACE("seed=" + std::to_string(kSeed));
  const TempDirectory directory;
  const SharedProgress progress;
  std::mt19937 random(kSeed);
  const auto end = std::chrono::steady_clock::now() + kBudget;
  int cycles = 0;
  while (cycles < kCyclesMax && (cycles < kCyclesMin || std::chrono::steady_clock::now() < end)) {
    const std::uint64_t target = progress.get()->acknowledged + 1 + random() % 400;
    const auto seed = static_cast<std::uint32_t>(random());
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) RunWriter(directory.store(), seed, progress.get());
    int status = 0;
    while (progress.get()->acknowledged < target && ::waitpid(writer, &status, WNOHANG) == 0) {
      ::sched_yield();
    }
    // Anywhere in the commit after that.
    for (std::uint64_t i = random() % 2'000; i > 0; --i)
      ::sched_yield();
    ASSERT_GE(progress.get()->acknowledged, target) << "the writer failed, status " << status;
    ASSERT_EQ(::kill(writer, SIGKILL), 0);
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer failed, status " << status;
    const pid_t checker = ::fork();
    ASSERT_GE(checker, 0);
    if (checker == 0) RunChecker(directory.store(), *progress.get());
    ASSERT_EQ(::waitpid(checker, &status, 0), checker);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
        << "after " << cycles << " kills, " << progress.get()->acknowledged << " acknowledged";
    ++cycles;
  }
  RecordProperty("cycles", cycles);
  RecordProperty("acknowledged", std::to_string(progress.get()->acknowledged));
}

}  // namespace
}  // namespace hallwarden::storage
