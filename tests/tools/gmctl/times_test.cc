#include "tools/gmctl/times.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

struct TermCase {
  std::string name;
  std::string text;
  std::int64_t seconds;  // 0: an error.
  std::string key;       // Of the error.

  friend void PrintTo(const TermCase& c, std::ostream* os) { *os << c.name; }
};

class TermTest : public ::testing::TestWithParam<TermCase> {};

TEST_P(TermTest, IsReadExactlyOrRefused) {
  const TermCase& c = GetParam();
  const absl::StatusOr<absl::Duration> term = ParseTerm(c.text);
  if (c.seconds > 0) {
    ASSERT_TRUE(term.ok()) << term.status();
    EXPECT_EQ(absl::ToInt64Seconds(*term), c.seconds);
    return;
  }
  ASSERT_FALSE(term.ok());
  EXPECT_EQ(ExitCodeOf(term.status()), ExitCode::kUsage);
  EXPECT_EQ(ProblemKey(term.status()), c.key);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TermTest,
    ::testing::Values(
        TermCase{"SevenDays", "7d", 7 * kDay, ""}, TermCase{"TwelveHours", "12h", 12 * kHour, ""},
        TermCase{"DayAndHours", "1d12h", 36 * kHour, ""}, TermCase{"Minutes", "90m", 5400, ""},
        TermCase{"Weeks", "2w", 14 * kDay, ""}, TermCase{"Seconds", "45s", 45, ""},
        TermCase{"AllUnits", "1w1d1h1m1s", 8 * kDay + 3661, ""},
        TermCase{"LeadingZero", "07d", 7 * kDay, ""},
        TermCase{"LongestAllowed", "3650d", 3650 * kDay, ""},
        TermCase{"OneSecondTooLong", "3650d1s", 0, "err.term.too_long"},
        TermCase{"Bare", "7", 0, "err.term.no_unit"},
        TermCase{"BareZero", "0", 0, "err.term.no_unit"},
        TermCase{"Empty", "", 0, "err.term.empty"}, TermCase{"Blank", " ", 0, "err.term.syntax"},
        TermCase{"TrailingBlank", "7d ", 0, "err.term.syntax"},
        TermCase{"Zero", "0d", 0, "err.term.zero"},
        TermCase{"ZeroTwice", "0d0h", 0, "err.term.zero"},
        TermCase{"Negative", "-7d", 0, "err.term.negative"},
        TermCase{"NegativeBare", "-1", 0, "err.term.negative"},
        TermCase{"TypedTwice", "7dd", 0, "err.term.syntax"},
        TermCase{"UnknownUnit", "7y", 0, "err.term.unit"},
        TermCase{"Months", "1M", 0, "err.term.unit"},
        TermCase{"UpperCase", "7D", 0, "err.term.unit"},
        TermCase{"LastUnitMissing", "1d12", 0, "err.term.no_unit"},
        TermCase{"WrongOrder", "12h1d", 0, "err.term.order"},
        TermCase{"UnitTwice", "1d2d", 0, "err.term.order"},
        TermCase{"Fraction", "1.5d", 0, "err.term.unit"},
        TermCase{"Words", "perm", 0, "err.term.syntax"},
        TermCase{"Forever", "forever", 0, "err.term.syntax"},
        TermCase{"Infinity", "inf", 0, "err.term.syntax"},
        TermCase{"Plus", "+7d", 0, "err.term.syntax"},
        TermCase{"FullWidthDigit",
                 "\xEF\xBC\x97"
                 "d",
                 0, "err.term.syntax"},
        TermCase{"OverflowsOneNumber", "99999999999999999999d", 0, "err.term.too_long"},
        TermCase{"OverflowsTheProduct", "315360000w", 0, "err.term.too_long"},
        TermCase{"HugeSeconds", "9223372036854775807s", 0, "err.term.too_long"},
        TermCase{"Nul", std::string("7d\0", 3), 0, "err.term.syntax"}),
    [](const auto& param_info) { return param_info.param.name; });

// The grammar as a slow, obvious reference.
std::optional<std::int64_t> Reference(const std::string& text) {
  const std::string units = "wdhms";
  const std::int64_t seconds[] = {7 * kDay, kDay, 3600, 60, 1};
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string digits;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      digits += text[at++];
    if (digits.empty() || digits.size() > 12 || at == text.size()) return std::nullopt;
    const std::size_t unit = units.find(text[at++]);
    if (unit == std::string::npos || unit < next_unit) return std::nullopt;
    next_unit = unit + 1;
    total += std::stoll(digits) * seconds[unit];
    if (total > 3650 * kDay) return std::nullopt;
  }
  if (total == 0) return std::nullopt;
  return total;
}

TEST(TermPropertyTest, AgreesWithTheReferenceOnRandomWords) {
  const std::uint32_t seed = 20260902;
  SCOPED_TRACE("seed=" + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string alphabet = "0123456789999wdhmswdhms-+. dDyM";
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    const std::size_t length = random() % 10;
    for (std::size_t n = 0; n < length; ++n)
      text += alphabet[random() % alphabet.size()];
    const absl::StatusOr<absl::Duration> term = ParseTerm(text);
    const std::optional<std::int64_t> expected = Reference(text);
    ASSERT_EQ(term.ok(), expected.has_value()) << '"' << text << '"';
    if (term.ok()) {
      ASSERT_EQ(absl::ToInt64Seconds(*term), *expected) << text;
    }
  }
}

TEST(TermPropertyTest, NeverGivesZeroNegativeOrInfiniteForRandomBytes) {
  const std::uint32_t seed = 7;
  SCOPED_TRACE("seed=" + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    const std::size_t length = random() % 24;
    for (std::size_t n = 0; n < length; ++n)
      text += static_cast<char>(random() & 0xffU);
    const absl::StatusOr<absl::Duration> term = ParseTerm(text);
    if (!term.ok()) {
      ASSERT_EQ(ExitCodeOf(term.status()), ExitCode::kUsage);
      continue;
    }
    ASSERT_GT(*term, absl::ZeroDuration());
    ASSERT_LE(*term, kLongestTerm);
  }
}

TEST(TermPropertyTest, ReadsBackWhatExactTermPrints) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    const auto seconds = static_cast<std::int64_t>(1 + random() % (3650 * kDay));
    const absl::Duration term = absl::Seconds(seconds);
    const absl::StatusOr<absl::Duration> read = ParseTerm(ExactTerm(term));
    ASSERT_TRUE(read.ok()) << ExactTerm(term);
    ASSERT_EQ(*read, term);
  }
}

struct PointCase {
  std::string name;
  std::string text;
  std::string expected;  // RFC 3339 in +08:00; empty: an error.

  friend void PrintTo(const PointCase& c, std::ostream* os) { *os << c.name; }
};

class PointTest : public ::testing::TestWithParam<PointCase> {};

TEST_P(PointTest, IsReadExactlyOrRefused) {
  const absl::TimeZone china = absl::FixedTimeZone(8 * 3600);
  const absl::StatusOr<absl::Time> time = ParsePoint(GetParam().text, china);
  if (GetParam().expected.empty()) {
    ASSERT_FALSE(time.ok());
    EXPECT_EQ(ProblemKey(time.status()), "err.time.syntax");
    return;
  }
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(Rfc3339(*time, china), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PointTest,
    ::testing::Values(
        PointCase{"Day", "2026-09-09", "2026-09-09T00:00:00+08:00"},
        PointCase{"DayAndMinute", "2026-09-09 14:05", "2026-09-09T14:05:00+08:00"},
        PointCase{"LetterT", "2026-09-09T14:05", "2026-09-09T14:05:00+08:00"},
        PointCase{"Seconds", "2026-09-09 14:05:09", "2026-09-09T14:05:09+08:00"},
        PointCase{"Utc", "2026-09-09T06:00:00Z", "2026-09-09T14:00:00+08:00"},
        PointCase{"Offset", "2026-09-09T08:00:00+02:00", "2026-09-09T14:00:00+08:00"},
        PointCase{"West", "2026-09-09T01:00:00-05:00", "2026-09-09T14:00:00+08:00"},
        PointCase{"Fraction", "2026-09-09T06:00:00.25Z", "2026-09-09T14:00:00+08:00"},
        PointCase{"LeapDay", "2028-02-29", "2028-02-29T00:00:00+08:00"},
        PointCase{"NoLeapDay", "2026-02-29", ""}, PointCase{"NoSuchDay", "2026-02-30", ""},
        PointCase{"NoSuchMonth", "2026-13-01", ""}, PointCase{"NoSuchHour", "2026-09-09 24:00", ""},
        PointCase{"ShortDay", "2026-9-9", ""}, PointCase{"Empty", "", ""},
        PointCase{"Trailing", "2026-09-09x", ""}, PointCase{"TrailingBlank", "2026-09-09 ", ""},
        PointCase{"Term", "7d", ""}, PointCase{"BareNumber", "1788339600", ""},
        PointCase{"BadOffset", "2026-09-09T06:00:00+8", ""}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(UntilTest, LiesInTheFutureAndWithinTenYears) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time now = *ParsePoint("2026-09-02T09:00:00Z", utc);
  EXPECT_TRUE(ParseUntil("2026-09-02T09:00:01Z", utc, now).ok());
  EXPECT_EQ(ProblemKey(ParseUntil("2026-09-02T09:00:00Z", utc, now).status()), "err.time.past");
  EXPECT_EQ(ProblemKey(ParseUntil("2016-09-02", utc, now).status()), "err.time.past");
  EXPECT_EQ(ProblemKey(ParseUntil("9999-12-31", utc, now).status()), "err.term.too_long");
}

TEST(PointTimeZoneTest, RefusesAnHourThatTheClockSkipped) {
  absl::TimeZone berlin;
  if (!absl::LoadTimeZone("Europe/Berlin", &berlin)) GTEST_SKIP() << "no time zone data here";
  EXPECT_EQ(ProblemKey(ParsePoint("2026-03-29 02:30", berlin).status()), "err.time.skipped");
  EXPECT_TRUE(ParsePoint("2026-03-29 03:30", berlin).ok());
}

TEST(ZoneTest, ReadsOffsetsAndNamesButNoPaths) {
  EXPECT_TRUE(ParseZone("+08:00").ok());
  EXPECT_TRUE(ParseZone("UTC").ok());
  EXPECT_FALSE(ParseZone("../../etc/passwd").ok());
  EXPECT_FALSE(ParseZone("/etc/localtime").ok());
  EXPECT_FALSE(ParseZone("").ok());
  EXPECT_FALSE(ParseZone("Nowhere/Land").ok());
}

TEST(RoughTermTest, ShowsTheTwoLargestUnits) {
  EXPECT_EQ(RoughTerm(absl::Hours(6 * 24 + 21) + absl::Minutes(59)), "6d 21h");
  EXPECT_EQ(RoughTerm(absl::Hours(7 * 24)), "7d");
  EXPECT_EQ(RoughTerm(absl::Minutes(3)), "3m");
  EXPECT_EQ(RoughTerm(absl::Minutes(-3)), "3m");
  EXPECT_EQ(RoughTerm(absl::Hours(25) - absl::Seconds(1)), "1d");
  EXPECT_EQ(RoughTerm(absl::ZeroDuration()), "0s");
}

}  // namespace
}  // namespace hallwarden::gmctl
