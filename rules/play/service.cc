#include "rules/play/service.h"

#include <algorithm>
#include <vector>

#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::int64_t kDropWindowUs = 30 * kSecondUs;
constexpr std::int64_t kLateWindowUs = kMinuteUs;
constexpr std::int64_t kBeforeUs = kMinuteUs;
constexpr std::int64_t kAfterUs = 2 * kMinuteUs;
// Fewer than so many are a family's router, not an outage.
constexpr std::int64_t kFewest = 8;

void AddSpan(std::int64_t begin_us, std::int64_t end_us, ServiceCell* cell) {
  if (!cell->spans.empty()) {
    ServiceCell::Span& last = cell->spans.back();
    if (last.end_us != 0 && begin_us <= last.end_us && end_us >= last.begin_us) {
      last.begin_us = std::min(last.begin_us, begin_us);
      last.end_us = std::max(last.end_us, end_us);
      return;
    }
  }
  if (cell->spans.size() >= ServiceCell::kSpansMax) cell->spans.erase(cell->spans.begin());
  cell->spans.push_back({begin_us, end_us});
}

// Adds a sign and tells how many players gave one within the window. The list is short: that it is
// full is enough.
std::int64_t Within(const ServiceCell::Sign& sign, std::int64_t window_us,
                    std::vector<ServiceCell::Sign>* all) {
  std::erase_if(*all, [&](const ServiceCell::Sign& old) {
    return old.who == sign.who || old.event_us + window_us < sign.event_us ||
           old.event_us > sign.event_us + window_us;
  });
  if (all->size() < ServiceCell::kRecentMax) all->push_back(sign);
  return static_cast<std::int64_t>(all->size());
}

}  // namespace

void OnTrouble(const policy::PlaySettings& settings, Trouble trouble, std::uint64_t who,
               std::int64_t event_us, ServiceCell* cell) {
  constexpr std::int64_t kMilli = 1'000;
  switch (trouble) {
    case Trouble::kSessionOpened:
      ++cell->sessions;
      return;
    case Trouble::kSessionClosed:
      if (cell->sessions > 0) --cell->sessions;
      return;
    case Trouble::kDropped:
    case Trouble::kLate:
      break;
  }
  const bool dropped = trouble == Trouble::kDropped;
  const std::int64_t window = dropped ? kDropWindowUs : kLateWindowUs;
  const std::int64_t signs = Within({event_us, who}, window, dropped ? &cell->drops : &cell->lates);
  const std::int64_t share = cell->sessions * settings.outage_share_milli / kMilli;
  const std::int64_t enough =
      std::clamp<std::int64_t>(share, kFewest, static_cast<std::int64_t>(ServiceCell::kRecentMax));
  if (signs >= enough) AddSpan(event_us - kBeforeUs, event_us + kAfterUs, cell);
}

void OnIncident(const v1::ServiceIncident& incident, std::int64_t event_us, ServiceCell* cell) {
  const std::int64_t begin =
      incident.has_begin_time() ? TimestampUs(incident.begin_time()) : event_us;
  if (!incident.has_end_time()) {
    if (cell->spans.size() >= ServiceCell::kSpansMax) cell->spans.erase(cell->spans.begin());
    // Not over yet: an end will follow; without one it counts for an hour.
    cell->spans.push_back({begin - kBeforeUs, begin + kHourUs});
    return;
  }
  AddSpan(begin - kBeforeUs, TimestampUs(incident.end_time()) + kAfterUs, cell);
}

}  // namespace hallwarden::play
