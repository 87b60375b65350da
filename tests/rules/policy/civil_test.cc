#include "rules/policy/civil.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace hallwarden::policy {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

bool IsLeap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int DaysIn(std::int64_t year, int month) {
  if (month == 2) return IsLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// 1,000 years, day by day, against the calendar as it is taught at school.
TEST(CivilTest, CountsDaysAsACalendarDoes) {
  std::int64_t day = DayNumber(1600, 1, 1);
  for (std::int64_t year = 1600; year < 2600; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int of_month = 1; of_month <= DaysIn(year, month); ++of_month, ++day) {
        ASSERT_EQ(DayNumber(year, month, of_month), day);
        for (const std::int64_t within : {std::int64_t{0}, kDay - 1}) {
          const CivilTime time = LocalCivilTime(day * kDay + within, 0);
          ASSERT_EQ(time.year, year);
          ASSERT_EQ(time.month, month);
          ASSERT_EQ(time.day, of_month);
        }
      }
    }
  }
  EXPECT_EQ(DayNumber(1970, 1, 1), 0);
}

TEST(CivilTest, KnowsLeapDays) {
  for (const std::int64_t year : {2000, 2024, 2028, 2400}) {
    const CivilTime leap{year, 2, 29, 0, 0, 0};
    EXPECT_EQ(LocalCivilTime(DayNumber(year, 2, 28) * kDay + kDay, 0), leap);
  }
  for (const std::int64_t year : {1900, 2026, 2100}) {
    const CivilTime march{year, 3, 1, 0, 0, 0};
    EXPECT_EQ(LocalCivilTime(DayNumber(year, 2, 28) * kDay + kDay, 0), march);
  }
}

TEST(CivilTest, OffsetsMoveMidnight) {
  const std::int64_t midnight = DayNumber(2026, 11, 22) * kDay;
  for (int hours = -14; hours <= 14; ++hours) {
    const std::int64_t offset = hours * kHour;
    EXPECT_EQ(LocalDay(midnight - offset, offset), DayNumber(2026, 11, 22));
    EXPECT_EQ(LocalDay(midnight - offset - 1, offset), DayNumber(2026, 11, 21));
    EXPECT_EQ(LocalCivilTime(midnight - offset, offset), (CivilTime{2026, 11, 22, 0, 0, 0}));
    EXPECT_EQ(LocalCivilTime(midnight - offset - 1, offset), (CivilTime{2026, 11, 21, 23, 59, 59}));
  }
}

// Every day has 24 hours: no zone's summer time takes part.
TEST(CivilTest, EveryDayHasTwentyFourHours) {
  std::int64_t time = DayNumber(2026, 1, 1) * kDay;
  for (int hour = 0; hour < 366 * 24; ++hour, time += kHour) {
    EXPECT_EQ(LocalCivilTime(time, 0).hour, hour % 24);
    EXPECT_EQ(LocalDay(time, 0), DayNumber(2026, 1, 1) + hour / 24);
  }
}

TEST(CivilTest, TakesAnyTime) {
  for (const std::int64_t time :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t offset : {-14 * kHour, 14 * kHour}) {
      const CivilTime civil = LocalCivilTime(time, offset);
      EXPECT_EQ(DayNumber(civil.year, civil.month, civil.day), LocalDay(time, offset));
    }
  }
}

}  // namespace
}  // namespace hallwarden::policy
