// Thirty days of decided appeals: what falls out, and the bytes.
#include "rules/state/appeal_tally.h"

#include <string>

#include "gtest/gtest.h"
#include "rules/state/small_cells.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kNow = 20'000 * kDayUs + 5 * kHourUs;

TEST(AppealTallyTest, KeepsThirtyDaysAndForgetsTheOldest) {
  AppealTally tally;
  EXPECT_TRUE(tally.empty());
  tally.Add(false, kNow);
  tally.Add(true, kNow);
  tally.Add(true, kNow + kDayUs);
  EXPECT_EQ(tally.At(kNow + 29 * kDayUs), (AppealTally::Counts{3, 2}));
  EXPECT_EQ(tally.At(kNow + 30 * kDayUs), (AppealTally::Counts{1, 1}));
  EXPECT_EQ(tally.At(kNow + 31 * kDayUs).decided, 0U);
  EXPECT_EQ(tally.At(kNow + 4'000 * kDayUs).decided, 0U);
  EXPECT_EQ(tally.At(kNow + kDayUs).decided, 3U) << "asking changed nothing";
  // A clock that stands still or a late fact never loses what was counted.
  tally.Add(false, kNow - 3 * kDayUs);
  EXPECT_EQ(tally.At(kNow + kDayUs).decided, 4U);
}

TEST(AppealTallyTest, ARulesCellCarriesItOnlyWhileThereIsAny) {
  RuleCell cell;
  cell.hits = 7;
  cell.review_us = kNow;
  std::string plain;
  cell.Encode(&plain);
  EXPECT_EQ(plain[0], 2) << "rules that nobody appealed against keep their bytes";
  cell.appeals.Add(true, kNow);
  cell.appeals.Add(false, kNow + 7 * kDayUs);
  cell.overturned = true;
  std::string bytes;
  cell.Encode(&bytes);
  EXPECT_EQ(bytes[0], 3);
  RuleCell back;
  ASSERT_TRUE(back.Decode(bytes));
  EXPECT_TRUE(back.overturned);
  EXPECT_EQ(back.appeals.days, cell.appeals.days);
  EXPECT_EQ(back.appeals.day, cell.appeals.day);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    RuleCell cut;
    EXPECT_FALSE(cut.Decode(std::string_view(bytes).substr(0, size))) << size;
  }
  // A day that is none of the thirty.
  bytes.clear();
  Writer writer(&bytes);
  writer.Signed(20'000);
  writer.Varint(1);
  writer.Varint(30);
  writer.Varint(1);
  writer.Varint(0);
  AppealTally bad;
  Reader in(bytes);
  bad.Decode(&in);
  EXPECT_FALSE(in.done());
}

}  // namespace
}  // namespace hallwarden
