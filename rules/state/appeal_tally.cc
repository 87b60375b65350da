#include "rules/state/appeal_tally.h"

#include <algorithm>

#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::uint32_t kCountMax = 1'000'000;

std::uint32_t ReadCount(Reader* in) {
  const std::uint64_t value = in->Varint();
  if (value > kCountMax) in->Fail();
  return static_cast<std::uint32_t>(value);
}

}  // namespace

void AppealTally::Turn(std::int64_t now_us) {
  const std::int64_t today = now_us / kDayUs;
  const std::int64_t gone = today - day;
  if (gone <= 0) return;
  const auto shift = static_cast<std::ptrdiff_t>(std::min(gone, static_cast<std::int64_t>(kDays)));
  std::move_backward(days.begin(), days.end() - shift, days.end());
  std::fill(days.begin(), days.begin() + shift, Counts());
  day = today;
}

bool AppealTally::empty() const {
  return std::all_of(days.begin(), days.end(),
                     [](const Counts& counts) { return counts == Counts(); });
}

void AppealTally::Add(bool overturned, std::int64_t now_us) {
  Turn(now_us);
  Counts& today = days.front();
  if (today.decided >= kCountMax) return;
  ++today.decided;
  if (overturned) ++today.overturned;
}

AppealTally::Counts AppealTally::At(std::int64_t now_us) const {
  AppealTally turned = *this;
  turned.Turn(now_us);
  Counts sum;
  for (const Counts& counts : turned.days) {
    sum.decided += counts.decided;
    sum.overturned += counts.overturned;
  }
  return sum;
}

// Most days are empty: only the others are written, by their place.
void AppealTally::Encode(Writer* out) const {
  out->Signed(day);
  const auto filled = std::count_if(days.begin(), days.end(),
                                    [](const Counts& counts) { return counts != Counts(); });
  out->Varint(static_cast<std::uint64_t>(filled));
  for (std::size_t i = 0; i < kDays; ++i) {
    if (days[i] == Counts()) continue;
    out->Varint(i);
    out->Varint(days[i].decided);
    out->Varint(days[i].overturned);
  }
}

void AppealTally::Decode(Reader* in) {
  days = {};
  day = in->Signed();
  const std::uint64_t filled = in->Varint();
  if (filled > kDays) {
    in->Fail();
    return;
  }
  for (std::uint64_t i = 0; i < filled; ++i) {
    const std::uint64_t place = in->Varint();
    if (place >= kDays) {
      in->Fail();
      return;
    }
    Counts& counts = days[static_cast<std::size_t>(place)];
    counts.decided = ReadCount(in);
    counts.overturned = ReadCount(in);
  }
}

}  // namespace hallwarden
