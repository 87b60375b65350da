// Cells and their encoding.
#include "gtest/gtest.h"
#include "rules/state/account_cell.h"
#include "rules/state/codec.h"
#include "rules/state/small_cells.h"
#include "tests/rules/support/hall.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::testing {
namespace {

TEST(CodecTest, NumbersComeBackAtTheirLimits) {
  std::string bytes;
  Writer writer(&bytes);
  const std::uint64_t unsigned_values[] = {0, 127, 128, 0xffffffffULL, ~0ULL};
  const std::int64_t signed_values[] = {0, -1, 1, INT64_MIN, INT64_MAX};
  for (const std::uint64_t value : unsigned_values) writer.Varint(value);
  for (const std::int64_t value : signed_values) writer.Signed(value);
  Reader reader(bytes);
  for (const std::uint64_t value : unsigned_values) EXPECT_EQ(reader.Varint(), value);
  for (const std::int64_t value : signed_values) EXPECT_EQ(reader.Signed(), value);
  EXPECT_TRUE(reader.done());
}

TEST(CodecTest, ShortAndOverlongInputFailsForEver) {
  Reader empty("");
  EXPECT_EQ(empty.Byte(), 0);
  EXPECT_FALSE(empty.ok());
  Reader overlong(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10));
  EXPECT_EQ(overlong.Varint(), 0U);
  EXPECT_FALSE(overlong.ok());
  Reader cut(std::string_view("\x05" "abc", 4));
  EXPECT_TRUE(cut.Bytes().empty());
  EXPECT_FALSE(cut.done());
}

// An account with everything in it, from real traffic.
AccountCell BusyCell(TestArtefacts* artefacts) {
  Hall hall(artefacts);
  hall.Tell("gs1", Registered("a", "rudeword"));
  hall.Obey("gs1");
  hall.Wait(kMinuteUs);
  hall.Tell("gs1", Renamed("a", "rudeword two"));
  hall.Ask(BanFor("a", kDayUs));
  return *hall.cells().accounts().Find(AccountKey("", "a").id);
}

TEST(AccountCellTest, EncodingComesBackAndIsStable) {
  TestArtefacts artefacts;
  const AccountCell cell = BusyCell(&artefacts);
  std::string once;
  cell.Encode(&once);
  AccountCell back;
  ASSERT_TRUE(back.Decode(once));
  std::string twice;
  back.Encode(&twice);
  EXPECT_EQ(once, twice);
  EXPECT_EQ(back.Sanctions().size(), 3U);
}

TEST(AccountCellTest, DamagedBytesAreNoCellAndNeverCrash) {
  TestArtefacts artefacts;
  std::string bytes;
  BusyCell(&artefacts).Encode(&bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    AccountCell cell;
    EXPECT_FALSE(cell.Decode(std::string_view(bytes).substr(0, size))) << size;
  }
  Dice dice(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = bytes;
    damaged[dice.Roll(damaged.size())] = static_cast<char>(dice.Roll(256));
    AccountCell cell;
    (void)cell.Decode(damaged);
  }
}

TEST(AccountCellTest, GoldenBytesOfAnEmptyCell) {
  std::string bytes;
  AccountCell().Encode(&bytes);
  // Version 4, no flags, five zero numbers, four zero hashes, hands, age.
  EXPECT_EQ(bytes, std::string("\x04", 1) + std::string(1 + 5 + 64 + 2, '\0'));
}

TEST(EntityTest, GoldenKeys) {
  // Frozen: every stored cell lies under such a key.
  EXPECT_EQ(ToHex(AccountKey("", "10086").id), "959d9e0f4067a2603b15d1b063ee0ebd");
  EXPECT_EQ(ToHex(ServerKey("gs1").id), "2d024c374129fc0a2fcba62edaeb7d14");
  EXPECT_EQ(ToHex(SystemKey().id), "d49b392d7207a4f6b3e13ca434a755cd");
  EXPECT_NE(AccountKey("ab", "c").id, AccountKey("a", "bc").id);
  EXPECT_EQ(PairKey(AccountKey("", "1"), AccountKey("", "2")),
            PairKey(AccountKey("", "2"), AccountKey("", "1")));
}

}  // namespace
}  // namespace hallwarden::testing
