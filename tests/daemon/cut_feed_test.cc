// A cut reaches the checkpointer whole, in order and as it was, whatever goes on meanwhile.
#include "daemon/cut_feed.h"

#include <map>
#include <optional>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "rules/state/account_cell.h"
#include "rules/state/small_cells.h"

namespace hallwarden::daemon {
namespace {

constexpr std::uint64_t kAccounts = 5'000;

Hash128 Id(std::uint64_t number) {
  return SipHash128(SipKey{3, 4}, std::to_string(number));
}

// Reads a feed to its end, on a thread of its own.
class Reader {
 public:
  explicit Reader(CutFeed* feed) : thread_([this, feed] { Read(feed); }) {}
  ~Reader() { Join(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  void Join() {
    if (thread_.joinable()) thread_.join();
  }
  std::map<EntityKey, std::string> cells;
  absl::Status status;
  bool ordered = true;

 private:
  void Read(CutFeed* feed) {
    EncodedCell cell;
    std::optional<EntityKey> last;
    for (;;) {
      const absl::StatusOr<bool> more = feed->Next(&cell);
      status = more.status();
      if (!more.ok() || !*more) return;
      ordered = ordered && (!last.has_value() || *last < cell.key);
      last = cell.key;
      cells[cell.key] = cell.bytes;
    }
  }
  std::thread thread_;
};

class CutFeedTest : public ::testing::Test {
 protected:
  void Play(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i < to; ++i) {
      ++cells_.accounts().Mutable(Id(i)).hands_played;
      ++cells_.ips().Mutable(Id(i % 100)).registered;
    }
  }
  std::map<EntityKey, std::string> Everything() {
    std::map<EntityKey, std::string> all;
    for (std::uint64_t i = 0; i < kAccounts; ++i) {
      if (const AccountCell* cell = cells_.accounts().Find(Id(i))) {
        cell->Encode(&all[{CellKind::kAccount, Id(i)}]);
      }
      if (const OriginCell* cell = cells_.ips().Find(Id(i))) {
        cell->Encode(&all[{CellKind::kIp, Id(i)}]);
      }
    }
    return all;
  }
  Cells cells_;
};

TEST_F(CutFeedTest, TheCutArrivesInOrderAsItWasWhileCellsChange) {
  Play(0, kAccounts);
  const std::map<EntityKey, std::string> then = Everything();
  CutFeed feed(cells_.Freeze());
  EXPECT_EQ(feed.size(), then.size());
  // Before anybody reads: these must be kept as they were.
  Play(100, 200);
  Reader reader(&feed);
  for (std::uint64_t at = 0; !feed.finished(); at = (at + 37) % (kAccounts - 20)) {
    if (!feed.Pump(&cells_, 64)) feed.WaitForWork(std::chrono::milliseconds(1));
    Play(at, at + 20);
  }
  reader.Join();
  EXPECT_TRUE(reader.status.ok()) << reader.status;
  EXPECT_TRUE(reader.ordered);
  EXPECT_EQ(reader.cells, then);
}

TEST_F(CutFeedTest, AnEmptyCutEndsAtOnce) {
  CutFeed feed(cells_.Freeze());
  Reader reader(&feed);
  reader.Join();
  EXPECT_TRUE(reader.status.ok());
  EXPECT_TRUE(reader.cells.empty());
}

TEST_F(CutFeedTest, GivenUpItEndsWithAnErrorAndAllIsDirtyAgain) {
  Play(0, kAccounts);
  CutFeed feed(cells_.Freeze());
  Reader reader(&feed);
  while (!feed.Pump(&cells_, 64))
    feed.WaitForWork(std::chrono::milliseconds(1));
  feed.Cancel();
  reader.Join();
  EXPECT_EQ(reader.status.code(), absl::StatusCode::kCancelled);
  cells_.Thaw(feed.TakeCut());
  EXPECT_EQ(cells_.dirty(), kAccounts + 100);
  EXPECT_FALSE(cells_.frozen());
}

}  // namespace
}  // namespace hallwarden::daemon
