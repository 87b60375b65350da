#include "tools/gmctl/times.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <absl/time/civil_time.h>

#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

struct Unit {
  char letter;
  std::int64_t seconds;
};

constexpr std::array<Unit, 5> kUnits{{
    {'w', std::int64_t{7} * 86400},
    {'d', 86400},
    {'h', 3600},
    {'m', 60},
    {'s', 1},
}};

constexpr std::int64_t kLongestTermSeconds = 3650LL * 86400;

absl::Status TermProblem(std::string_view key, std::string_view text) {
  return UsageProblem(key, {{"text", std::string(text)}});
}

// Takes exactly `digits` digits off `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// `+08:00`, `-05:30`, `Z`: seconds east of UTC.
std::optional<int> TakeOffset(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return 0;
  const bool east = TakeChar(text, '+');
  if (!east && !TakeChar(text, '-')) return std::nullopt;
  const auto hours = TakeDigits(text, 2);
  if (!hours.has_value() || !TakeChar(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2);
  if (!minutes.has_value() || *hours > 14 || *minutes > 59) return std::nullopt;
  const int seconds = (*hours * 60 + *minutes) * 60;
  return east ? seconds : -seconds;
}

std::optional<absl::CivilDay> TakeDay(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year.has_value() || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month.has_value() || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day.has_value()) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  // The constructor turns 30 February into 2 March.
  if (civil.month() != *month || civil.day() != *day) return std::nullopt;
  return civil;
}

// `HH:MM[:SS[.fraction]]`; the fraction is read and dropped.
std::optional<absl::Duration> TakeClock(std::string_view& text) {
  const auto hours = TakeDigits(text, 2);
  if (!hours.has_value() || !TakeChar(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2);
  if (!minutes.has_value() || *hours > 23 || *minutes > 59) return std::nullopt;
  int seconds = 0;
  if (TakeChar(text, ':')) {
    const auto more = TakeDigits(text, 2);
    if (!more.has_value() || *more > 59) return std::nullopt;
    seconds = *more;
    if (TakeChar(text, '.')) {
      if (!TakeDigits(text, 1).has_value()) return std::nullopt;
      while (TakeDigits(text, 1).has_value()) {
      }
    }
  }
  return absl::Hours(*hours) + absl::Minutes(*minutes) + absl::Seconds(seconds);
}

std::optional<Unit> UnitOf(char letter) {
  for (const Unit& unit : kUnits) {
    if (unit.letter == letter) return unit;
  }
  return std::nullopt;
}

absl::Time AtSecond(const absl::CivilSecond& second, absl::TimeZone zone, bool& exists) {
  const absl::TimeZone::TimeInfo info = zone.At(second);
  exists = info.kind != absl::TimeZone::TimeInfo::SKIPPED;
  return info.pre;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseTerm(std::string_view text) {
  if (text.empty()) return TermProblem("err.term.empty", text);
  if (ParseNumber(text).has_value()) return TermProblem("err.term.no_unit", text);
  if (text.front() == '-') return TermProblem("err.term.negative", text);
  std::int64_t total = 0;
  std::int64_t last_unit = kLongestTermSeconds + 1;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
      number = number * 10 + (rest[digits] - '0');
      if (number > kLongestTermSeconds) return TermProblem("err.term.too_long", text);
      ++digits;
    }
    if (digits == 0) return TermProblem("err.term.syntax", text);
    if (digits == rest.size()) return TermProblem("err.term.no_unit", text);
    const std::optional<Unit> unit = UnitOf(rest[digits]);
    if (!unit.has_value()) return TermProblem("err.term.unit", text);
    if (unit->seconds >= last_unit) return TermProblem("err.term.order", text);
    last_unit = unit->seconds;
    // Both factors are below 2^29 and 2^20: no overflow, and the sum is checked each time.
    total += number * unit->seconds;
    if (total > kLongestTermSeconds) return TermProblem("err.term.too_long", text);
    rest.remove_prefix(digits + 1);
  }
  if (total == 0) return TermProblem("err.term.zero", text);
  return absl::Seconds(total);
}

absl::StatusOr<absl::Time> ParsePoint(std::string_view text, absl::TimeZone zone) {
  const absl::Status bad = TermProblem("err.time.syntax", text);
  std::string_view rest = text;
  const std::optional<absl::CivilDay> day = TakeDay(rest);
  if (!day.has_value()) return bad;
  absl::Duration clock = absl::ZeroDuration();
  if (!rest.empty()) {
    if (!TakeChar(rest, 'T') && !TakeChar(rest, 't') && !TakeChar(rest, ' ')) return bad;
    const auto read = TakeClock(rest);
    if (!read.has_value()) return bad;
    clock = *read;
    if (!rest.empty()) {
      const auto offset = TakeOffset(rest);
      if (!offset.has_value() || !rest.empty()) return bad;
      zone = absl::FixedTimeZone(*offset);
    }
  }
  bool exists = true;
  const absl::CivilSecond second = absl::CivilSecond(*day) + absl::ToInt64Seconds(clock);
  const absl::Time time = AtSecond(second, zone, exists);
  // Midnight itself may be skipped by a clock change; the day still has a first moment.
  if (!exists && clock != absl::ZeroDuration()) return TermProblem("err.time.skipped", text);
  return time;
}

absl::StatusOr<absl::Time> ParseUntil(std::string_view text, absl::TimeZone zone, absl::Time now) {
  absl::StatusOr<absl::Time> time = ParsePoint(text, zone);
  if (!time.ok()) return time;
  if (*time <= now) return TermProblem("err.time.past", text);
  if (*time - now > kLongestTerm) return TermProblem("err.term.too_long", text);
  return time;
}

absl::StatusOr<absl::Time> ParseSince(std::string_view text, absl::TimeZone zone, absl::Time now) {
  const absl::StatusOr<absl::Duration> back = ParseTerm(text);
  if (back.ok()) return now - *back;
  absl::StatusOr<absl::Time> time = ParsePoint(text, zone);
  if (!time.ok()) return TermProblem("err.time.since", text);
  return time;
}

bool LooksLikeTerm(std::string_view text) {
  if (text == "perm" || text == "permanent" || text == "forever") return true;
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const std::size_t letters = text.find_first_not_of("0123456789");
  // Whatever stands where a term may stand and begins with a number: `7`, `7dd`, `7days`, `1.5d`.
  return letters == std::string_view::npos || text.size() - letters <= 8;
}

absl::StatusOr<absl::TimeZone> ParseZone(std::string_view text) {
  if (text == "local") return absl::LocalTimeZone();
  std::string_view rest = text;
  const auto offset = TakeOffset(rest);
  if (offset.has_value() && rest.empty()) return absl::FixedTimeZone(*offset);
  absl::TimeZone zone;
  // LoadTimeZone would read any file that the name leads to.
  const bool plain =
      text.find("..") == std::string_view::npos && !text.starts_with('/') && !text.starts_with(':');
  if (!text.empty() && plain &&
      absl::LoadTimeZone(absl::string_view(text.data(), text.size()), &zone)) {
    return zone;
  }
  return TermProblem("err.zone", text);
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

void ToProto(absl::Time time, google::protobuf::Timestamp& out) {
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void ToProto(absl::Duration duration, google::protobuf::Duration& out) {
  out.set_seconds(absl::ToInt64Seconds(duration));
  out.set_nanos(static_cast<std::int32_t>(absl::ToInt64Nanoseconds(duration % absl::Seconds(1))));
}

std::string Rfc3339(absl::Time time, absl::TimeZone zone) {
  const bool whole = absl::ToUnixSeconds(time) * 1000 == absl::ToUnixMillis(time);
  return absl::FormatTime(whole ? "%Y-%m-%dT%H:%M:%S%Ez" : "%Y-%m-%dT%H:%M:%E3S%Ez", time, zone);
}

std::string ShortTime(absl::Time time, absl::TimeZone zone, bool seconds) {
  return absl::FormatTime(seconds ? "%Y-%m-%d %H:%M:%S %Ez" : "%Y-%m-%d %H:%M %Ez", time, zone);
}

std::string RoughTerm(absl::Duration duration) {
  std::int64_t rest = absl::ToInt64Seconds(absl::AbsDuration(duration));
  std::string out;
  int parts = 0;
  for (const Unit& unit : kUnits) {
    // Weeks are for typing: people count a ban's days.
    if (unit.letter == 'w') continue;
    const std::int64_t count = rest / unit.seconds;
    if (count == 0 && parts == 0) continue;
    rest %= unit.seconds;
    ++parts;
    if (count > 0) {
      out += Cat({out.empty() ? "" : " ", std::to_string(count), std::string(1, unit.letter)});
    }
    if (parts == 2) break;
  }
  return out.empty() ? "0s" : out;
}

std::string ExactTerm(absl::Duration duration) {
  std::int64_t rest = absl::ToInt64Seconds(duration);
  std::string out;
  for (const Unit& unit : kUnits) {
    if (unit.letter == 'w') continue;
    const std::int64_t count = rest / unit.seconds;
    rest %= unit.seconds;
    if (count > 0) out += Cat({std::to_string(count), std::string(1, unit.letter)});
  }
  return out.empty() ? "0s" : out;
}

}  // namespace hallwarden::gmctl
