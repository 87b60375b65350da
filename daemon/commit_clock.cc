#include "daemon/commit_clock.h"

#include <algorithm>
#include <cstdlib>

namespace hallwarden::daemon {
namespace {

v1::ClockStepped Stepped(std::int64_t by_us, bool followed) {
  v1::ClockStepped stepped;
  stepped.set_step_us(by_us);
  stepped.set_followed(followed);
  return stepped;
}

std::int64_t EventUs(const EventView& event) {
  return event.event_seconds() * 1'000'000 + event.event_nanos() / 1000;
}

}  // namespace

std::optional<v1::ClockStepped> CommitClock::Start(std::int64_t last_commit_us) {
  last_us_ = last_commit_us;
  if (options_.test_mode) {
    if (last_commit_us == 0) last_us_ = options_.test_start_us;
    return std::nullopt;
  }
  const std::int64_t wall = clock_->WallUs();
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t gap = wall - last_commit_us;
  if (last_commit_us == 0 || (gap >= -options_.step_max_us && gap <= options_.start_gap_max_us)) {
    offset_us_ = wall - boot;
    return std::nullopt;
  }
  offset_us_ = last_commit_us - boot;
  step_us_ = gap;
  return Stepped(gap, false);
}

std::optional<v1::ClockStepped> CommitClock::Look() {
  if (options_.test_mode) return std::nullopt;
  const std::int64_t wall = clock_->WallUs();
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t step = wall - (boot + offset_us_);
  if (std::abs(step) <= options_.step_max_us) {
    offset_us_ = wall - boot;
    step_us_ = 0;
    return std::nullopt;
  }
  const bool known = step_us_ != 0 && std::abs(step - step_us_) <= options_.step_max_us;
  if (known) return std::nullopt;
  step_us_ = step;
  return Stepped(step, false);
}

v1::ClockStepped CommitClock::Accept() {
  const std::int64_t wall = clock_->WallUs();
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t step = wall - (boot + offset_us_);
  if (!options_.test_mode) offset_us_ = wall - boot;
  step_us_ = 0;
  return Stepped(options_.test_mode ? 0 : step, true);
}

std::int64_t CommitClock::Stamp(const EventView* event) {
  if (!options_.test_mode) {
    last_us_ = NowUs();
  } else if (event != nullptr) {
    last_us_ = std::max(last_us_ + 1000, EventUs(*event));
  }
  return last_us_;
}

std::int64_t CommitClock::NowUs() const {
  if (options_.test_mode) return last_us_;
  return std::max(last_us_.load(), clock_->BootUs() + offset_us_);
}

}  // namespace hallwarden::daemon
