// The table of cells, its index, and cuts of it.
#include <map>
#include <set>

#include "gtest/gtest.h"
#include "rules/state/account_cell.h"
#include "rules/state/cell_index.h"
#include "rules/state/cells.h"
#include "rules/state/small_cells.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::testing {
namespace {

Hash128 Id(std::uint64_t number) {
  return SipHash128(SipKey{1, 2}, std::to_string(number));
}

TEST(CellIndexTest, FindsWhatAMapFindsThroughGrowthAndErasure) {
  Dice dice(3);
  CellIndex index;
  std::map<std::uint64_t, std::uint32_t> model;
  std::vector<std::uint64_t> owner;  // by slot
  const auto find = [&](std::uint64_t number) {
    return index.Find(Id(number), [&](std::uint32_t slot) { return owner[slot] == number; });
  };
  for (int i = 0; i < 60'000; ++i) {
    // Few numbers, so that places are freed and taken again.
    const std::uint64_t number = dice.Roll(i < 40'000 ? 6'000 : 500);
    const auto known = model.find(number);
    ASSERT_EQ(find(number), known == model.end() ? CellIndex::kNone : known->second);
    if (known == model.end()) {
      owner.push_back(number);
      const auto slot = static_cast<std::uint32_t>(owner.size() - 1);
      index.Insert(Id(number), slot);
      model[number] = slot;
    } else if (dice.Roll(2) == 0) {
      index.Erase(Id(number), known->second);
      model.erase(known);
    }
  }
  for (std::uint64_t number = 0; number < 6'000; ++number) {
    const auto known = model.find(number);
    EXPECT_EQ(find(number), known == model.end() ? CellIndex::kNone : known->second);
  }
}

TEST(PresencesTest, HoldsWhatAListHolds) {
  Dice dice(4);
  Presences presences;
  struct Seat {
    std::string server, hall, table, hand;
    std::int64_t since;
  };
  std::vector<Seat> model;
  const auto word = [&] {
    return std::string(dice.Roll(70), static_cast<char>('a' + dice.Roll(26)));
  };
  for (int i = 0; i < 5'000; ++i) {
    const std::string server = "gs" + std::to_string(dice.Roll(5));
    const auto known =
        std::find_if(model.begin(), model.end(), [&](const Seat& s) { return s.server == server; });
    if (dice.Roll(3) == 0) {
      presences.Erase(server);
      if (known != model.end()) model.erase(known);
    } else {
      const Seat seat{server, word(), word(), word(), static_cast<std::int64_t>(dice.Next())};
      presences.Put({seat.server, seat.hall, seat.table, seat.hand, seat.since});
      if (known != model.end()) {
        *known = seat;
      } else {
        model.push_back(seat);
      }
    }
    const Presences copy = presences;
    ASSERT_EQ(copy.size(), model.size());
    ASSERT_EQ(copy.empty(), model.empty());
    auto expected = model.begin();
    for (const Presence presence : copy) {
      EXPECT_EQ(presence.server, expected->server);
      EXPECT_EQ(presence.hall, expected->hall);
      EXPECT_EQ(presence.table, expected->table);
      EXPECT_EQ(presence.hand, expected->hand);
      EXPECT_EQ(presence.since_us, expected->since);
      ++expected;
    }
    ASSERT_EQ(
        copy.Find(server).has_value(),
        std::any_of(model.begin(), model.end(), [&](const Seat& s) { return s.server == server; }));
  }
}

// A checkpoint in memory.
class MapSource : public CellSource {
 public:
  void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) override {
    for (const EntityKey& key : keys) {
      const auto found = cells.find(key);
      encoded->push_back(found == cells.end() ? std::string() : found->second);
    }
  }
  void Write(const std::vector<EncodedCell>& written) {
    for (const EncodedCell& cell : written)
      cells[cell.key] = cell.bytes;
  }
  std::map<EntityKey, std::string> cells;
};

class CellCutTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kAccounts = 300;

  void Play(std::uint64_t number) {
    ++cells_.accounts().Mutable(Id(number)).hands_played;
    ++cells_.devices().Mutable(Id(number % 7)).registered;
  }
  // Encodes the rest of the cut in a random order of pieces, playing in between.
  void WriteCut(const CellCut& cut, Dice* dice, bool play) {
    std::vector<EncodedCell> written;
    for (const CellCut::Part& part : cut.parts) {
      const std::vector<FrozenCell> all(part.cells.begin(), part.cells.end());
      for (std::size_t at = 0; at < all.size();) {
        const std::size_t count = std::min<std::size_t>(1 + dice->Roll(20), all.size() - at);
        cells_.EncodeFrozen(part.kind, {&all[at], count}, &written);
        at += count;
        for (int i = 0; play && i < 10; ++i)
          Play(dice->Roll(kAccounts));
        if (dice->Roll(3) == 0) cells_.TakeEarly(&written);
      }
    }
    cells_.TakeEarly(&written);
    std::set<EntityKey> once;
    for (const EncodedCell& cell : written)
      EXPECT_TRUE(once.insert(cell.key).second);
    EXPECT_EQ(once.size(), cut.size());
    source_.Write(written);
  }
  std::map<EntityKey, std::string> Everything() {
    std::map<EntityKey, std::string> all;
    for (std::uint64_t i = 0; i < kAccounts; ++i) {
      if (const AccountCell* cell = cells_.accounts().Find(Id(i))) {
        cell->Encode(&all[{CellKind::kAccount, Id(i)}]);
      }
      if (const OriginCell* cell = cells_.devices().Find(Id(i))) {
        cell->Encode(&all[{CellKind::kDevice, Id(i)}]);
      }
    }
    return all;
  }

  MapSource source_;
  Cells cells_{&source_, 20};
};

TEST_F(CellCutTest, WhatChangesAfterTheCutDoesNotReachIt) {
  Dice dice(5);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 400; ++i)
      Play(dice.Roll(kAccounts));
    const std::map<EntityKey, std::string> then = Everything();
    const CellCut cut = cells_.Freeze();
    EXPECT_EQ(cells_.dirty(), 0U);
    WriteCut(cut, &dice, true);
    cells_.DropFrozen();
    EXPECT_EQ(source_.cells, then);
    if (round % 2 == 0) cells_.Evict();
  }
}

TEST_F(CellCutTest, ACutThatWasNotWrittenIsWrittenWithTheNext) {
  Dice dice(6);
  for (int i = 0; i < 400; ++i)
    Play(dice.Roll(kAccounts));
  CellCut cut = cells_.Freeze();
  std::vector<EncodedCell> lost;
  const std::vector<FrozenCell> some(cut.parts[0].cells.begin(), cut.parts[0].cells.begin() + 50);
  cells_.EncodeFrozen(cut.parts[0].kind, some, &lost);
  for (int i = 0; i < 100; ++i)
    Play(dice.Roll(kAccounts));
  cells_.Thaw(cut);
  const std::map<EntityKey, std::string> then = Everything();
  cut = cells_.Freeze();
  WriteCut(cut, &dice, false);
  cells_.DropFrozen();
  EXPECT_EQ(source_.cells, then);
}

TEST_F(CellCutTest, NothingIsEvictedWhileItIsOnlyInMemory) {
  for (std::uint64_t i = 0; i < kAccounts; ++i)
    Play(i);
  cells_.Evict();
  EXPECT_EQ(cells_.size(), kAccounts + 7);
  const CellCut cut = cells_.Freeze();
  cells_.Evict();
  EXPECT_EQ(cells_.size(), kAccounts + 7);
  Dice dice(7);
  WriteCut(cut, &dice, false);
  cells_.DropFrozen();
  const std::map<EntityKey, std::string> then = Everything();
  cells_.Evict();
  EXPECT_EQ(cells_.size(), 20U);
  EXPECT_EQ(Everything(), then);
}

TEST_F(CellCutTest, ARehearsalDuringACutChangesNeither) {
  Dice dice(8);
  for (std::uint64_t i = 0; i < kAccounts; ++i)
    Play(i);
  const std::map<EntityKey, std::string> then = Everything();
  const CellCut cut = cells_.Freeze();
  cells_.BeginRehearsal();
  for (int i = 0; i < 400; ++i)
    Play(dice.Roll(kAccounts));
  cells_.DiscardRehearsal();
  EXPECT_EQ(cells_.dirty(), 0U);
  EXPECT_EQ(Everything(), then);
  WriteCut(cut, &dice, false);
  EXPECT_EQ(source_.cells, then);
}

}  // namespace
}  // namespace hallwarden::testing
