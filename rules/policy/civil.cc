#include "rules/policy/civil.h"

#include <cstdint>

namespace hallwarden::policy {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kDayUs = kDaySeconds * kSecondUs;

constexpr std::int64_t FloorDiv(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

// A moment as day and microsecond of the day. Adding the offset after the division keeps every
// int64 within range.
struct DayTime {
  std::int64_t day;
  std::int64_t us;
};

constexpr DayTime Split(std::int64_t time_us, std::int64_t utc_offset_us) {
  const std::int64_t day = FloorDiv(time_us, kDayUs);
  // Not time_us - day * kDayUs: the product of the first day does not fit.
  const std::int64_t rest = time_us % kDayUs;
  const std::int64_t us = (rest < 0 ? rest + kDayUs : rest) + utc_offset_us;
  const std::int64_t carry = FloorDiv(us, kDayUs);
  return {day + carry, us - carry * kDayUs};
}

}  // namespace

std::int64_t LocalDay(std::int64_t time_us, std::int64_t utc_offset_us) {
  return Split(time_us, utc_offset_us).day;
}

CivilTime LocalCivilTime(std::int64_t time_us, std::int64_t utc_offset_us) {
  const DayTime split = Split(time_us, utc_offset_us);
  // Years begin in March, so that the leap day is the last of its year; eras have 400 years. After
  // H. Hinnant, "chrono-compatible low-level date algorithms".
  const std::int64_t shifted = split.day + 719'468;
  const std::int64_t era = FloorDiv(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;

  CivilTime civil;
  civil.day = static_cast<std::int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  civil.month = static_cast<std::int32_t>(month_from_march + (month_from_march < 10 ? 3 : -9));
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  const std::int64_t second = split.us / kSecondUs;
  civil.hour = static_cast<std::int32_t>(second / 3'600);
  civil.minute = static_cast<std::int32_t>(second / 60 % 60);
  civil.second = static_cast<std::int32_t>(second % 60);
  return civil;
}

std::int64_t DayNumber(std::int64_t year, std::int32_t month, std::int32_t day) {
  const std::int64_t march_year = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = FloorDiv(march_year, 400);
  const std::int64_t year_of_era = march_year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

}  // namespace hallwarden::policy
