// The banks find exactly what a look at every entry finds.
#include "rules/avatar/bank.h"

#include <algorithm>
#include <random>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hallwarden::avatar {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Any {
 public:
  Hash256 Hash() {
    Hash256 hash;
    for (std::uint64_t& word : hash.words)
      word = engine_();
    return hash;
  }
  // `hash` with `bits` different bits turned over.
  Hash256 Near(Hash256 hash, int bits) {
    std::set<unsigned> turned;
    while (turned.size() < static_cast<std::size_t>(bits))
      turned.insert(static_cast<unsigned>(engine_() % 256));
    for (const unsigned bit : turned)
      hash.words[3 - bit / 64] ^= std::uint64_t{1} << (bit % 64);
    return hash;
  }
  std::uint64_t Below(std::uint64_t most) { return engine_() % most; }

 private:
  std::mt19937_64 engine_{20261201};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
};

// Only the first orientation is looked for: the others are nowhere near.
Dihedral Upright(const Hash256& hash, Any* any) {
  Dihedral hashes;
  for (Hash256& other : hashes)
    other = any->Hash();
  hashes[0] = hash;
  return hashes;
}

std::set<BankIndex::Slot> Found(const BankIndex& index, const Dihedral& hashes, int distance) {
  std::set<BankIndex::Slot> slots;
  index.Find(hashes, distance, [&](const BankIndex::Near& near) { slots.insert(near.slot); });
  return slots;
}

// Below and above the number from which lists are kept.
class BankIndexTest : public ::testing::TestWithParam<std::size_t> {};

TEST_P(BankIndexTest, FindsWhatALookAtEveryHashFinds) {
  Any any;
  BankIndex index;
  std::vector<Hash256> hashes;
  const Hash256 centre = any.Hash();
  for (BankIndex::Slot slot = 0; slot < GetParam(); ++slot) {
    // Half of them around one place, so that there is much to find, at every distance to 40.
    hashes.push_back(slot % 2 == 0 ? any.Hash()
                                   : any.Near(centre, static_cast<int>(any.Below(41))));
    index.Put(slot, hashes.back());
  }
  // Some go again, in no order.
  std::set<BankIndex::Slot> gone;
  while (gone.size() < GetParam() / 5)
    gone.insert(static_cast<BankIndex::Slot>(any.Below(GetParam())));
  for (const BankIndex::Slot slot : gone)
    index.Erase(slot);
  EXPECT_EQ(index.size(), GetParam() - gone.size());
  for (int i = 0; i < 40; ++i) {
    const Dihedral asked = Upright(any.Near(centre, i % 8), &any);
    for (const int distance : {0, 10, 31}) {
      std::set<BankIndex::Slot> expected;
      for (BankIndex::Slot slot = 0; slot < hashes.size(); ++slot) {
        if (!gone.contains(slot) && Distance(hashes[slot], asked[0]) <= distance) {
          expected.insert(slot);
        }
      }
      EXPECT_EQ(Found(index, asked, distance), expected) << "distance " << distance;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, BankIndexTest, ::testing::Values(1, 40, 511, 512, 513, 3000));

// Distance 31 spread as evenly as can be is what lists could miss.
TEST(BankIndexSpreadTest, MissesNothingAtThirtyOneBitsHoweverTheyAreSpread) {
  Any any;
  BankIndex index;
  for (BankIndex::Slot slot = 0; slot < 1000; ++slot)
    index.Put(slot, any.Hash());
  const Hash256 banked = any.Hash();
  index.Put(1000, banked);
  for (int run = 0; run < 200; ++run) {
    Hash256 spread = banked;
    const auto spared = static_cast<unsigned>(any.Below(16));
    for (unsigned slice = 0; slice < 16; ++slice) {
      const unsigned first = static_cast<unsigned>(any.Below(8));
      spread.words[3 - slice / 4] ^= std::uint64_t{1} << (slice % 4 * 16 + first);
      if (slice != spared)
        spread.words[3 - slice / 4] ^= std::uint64_t{1} << (slice % 4 * 16 + 8 + first);
    }
    ASSERT_EQ(Distance(spread, banked), 31);
    EXPECT_TRUE(Found(index, Upright(spread, &any), 31).contains(1000));
    EXPECT_FALSE(Found(index, Upright(spread, &any), 30).contains(1000));
  }
}

TEST(BankIndexSpreadTest, SlotsAreUsedAgain) {
  Any any;
  BankIndex index;
  for (BankIndex::Slot slot = 0; slot < 700; ++slot)
    index.Put(slot, any.Hash());
  const Hash256 other = any.Hash();
  index.Erase(300);
  index.Erase(300);
  index.Put(300, other);
  EXPECT_EQ(index.size(), 700U);
  EXPECT_THAT(Found(index, Upright(other, &any), 0), ElementsAre(300U));
}

BankPicture Blocked(const Hash256& hash) {
  return {hash, v1::BANK_KIND_BLOCK, v1::TEXT_CATEGORY_PORN, v1::CONFIDENCE_PLAIN, 0, "porn"};
}
BankPicture Allowed(const Hash256& hash) {
  return {hash, v1::BANK_KIND_ALLOW, v1::TEXT_CATEGORY_UNSPECIFIED, v1::CONFIDENCE_PLAIN, 0, "own"};
}

TEST(BankTest, TheNearestCountsThenTheLowestSlot) {
  Any any;
  Bank bank;
  const Hash256 hash = any.Hash();
  bank.Put(5, Blocked(any.Near(hash, 12)));
  bank.Put(7, Blocked(any.Near(hash, 3)));
  bank.Put(2, Blocked(any.Near(hash, 3)));
  const auto best = bank.Best(Upright(hash, &any), 31, 0).blocked;
  ASSERT_TRUE(best.has_value());
  EXPECT_EQ(best->slot, 2U);
  EXPECT_EQ(best->distance, 3);
  EXPECT_FALSE(bank.Best(Upright(hash, &any), 31, 0).allowed.has_value());
}

TEST(BankTest, WhatExpiredMatchesNoMore) {
  Any any;
  Bank bank;
  const Hash256 hash = any.Hash();
  BankPicture picture = Blocked(hash);
  picture.expire_us = 1000;
  bank.Put(0, picture);
  EXPECT_TRUE(bank.Best(Upright(hash, &any), 31, 999).blocked.has_value());
  EXPECT_FALSE(bank.Best(Upright(hash, &any), 31, 1000).blocked.has_value());
  EXPECT_THAT(bank.All(Upright(hash, &any), 31, 1000, 20), IsEmpty());
}

TEST(BankTest, AllTellsAllowingOnesFirst) {
  Any any;
  Bank bank;
  const Hash256 hash = any.Hash();
  bank.Put(0, Blocked(hash));
  bank.Put(1, Allowed(any.Near(hash, 20)));
  bank.Put(2, Blocked(any.Hash()));
  const auto hits = bank.All(Upright(hash, &any), 31, 0, 20);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].slot, 1U);
  EXPECT_EQ(hits[1].slot, 0U);
  EXPECT_EQ(bank.All(Upright(hash, &any), 31, 0, 1).size(), 1U);
}

TEST(BankTest, TheSamePictureMayStandInBothKinds) {
  Any any;
  Bank bank;
  const Hash256 hash = any.Hash();
  bank.Put(3, Blocked(hash));
  bank.Put(4, Allowed(hash));
  EXPECT_EQ(bank.Find(v1::BANK_KIND_BLOCK, hash), 3U);
  EXPECT_EQ(bank.Find(v1::BANK_KIND_ALLOW, hash), 4U);
  bank.Erase(3);
  EXPECT_FALSE(bank.Find(v1::BANK_KIND_BLOCK, hash).has_value());
  EXPECT_EQ(bank.At(3), nullptr);
  EXPECT_THAT(bank.FreeSlots(5), ElementsAre(0U, 1U, 2U, 3U, 5U));
}

TEST(BankTest, NamesSayWhichPictureItIs) {
  Any any;
  const Hash256 hash = any.Hash();
  for (const v1::BankKind kind : {v1::BANK_KIND_BLOCK, v1::BANK_KIND_ALLOW}) {
    const auto named = ParseBankEntryName(BankEntryName(kind, hash));
    ASSERT_TRUE(named.has_value());
    EXPECT_EQ(named->kind, kind);
    EXPECT_EQ(named->hash, hash);
  }
  const std::string name = BankEntryName(v1::BANK_KIND_BLOCK, hash);
  for (const std::string& bad :
       {std::string(), name.substr(1), name + "0", name.substr(0, name.size() - 1),
        "bankEntries/" + name, "bankEntries/block-" + std::string(64, 'g')}) {
    EXPECT_FALSE(ParseBankEntryName(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace hallwarden::avatar
