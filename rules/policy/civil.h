// Civil dates of the proleptic Gregorian calendar, by arithmetic alone: the C library's time
// functions read the zone of the machine, and a decision must not depend on it.
#ifndef HALLWARDEN_RULES_POLICY_CIVIL_H_
#define HALLWARDEN_RULES_POLICY_CIVIL_H_

#include <cstdint>

namespace hallwarden::policy {

// A moment as a clock and a calendar on the wall show it.
struct CivilTime {
  std::int64_t year = 1970;
  std::int32_t month = 1;  // 1 to 12
  std::int32_t day = 1;    // 1 to 31
  std::int32_t hour = 0;
  std::int32_t minute = 0;
  std::int32_t second = 0;

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

// Number of the local day, 0 for 1970-01-01. `utc_offset_us` is within a day. Any `time_us`.
[[nodiscard]] std::int64_t LocalDay(std::int64_t time_us, std::int64_t utc_offset_us);

// Local date and time; fractions of a second are dropped.
[[nodiscard]] CivilTime LocalCivilTime(std::int64_t time_us, std::int64_t utc_offset_us);

// Day number of a date. Requires: a valid date. The inverse of LocalCivilTime at offset 0.
[[nodiscard]] std::int64_t DayNumber(std::int64_t year, std::int32_t month, std::int32_t day);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_CIVIL_H_
