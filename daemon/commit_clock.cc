#include "daemon/commit_clock.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace hallwarden::daemon {
namespace {

// How much slower commit time goes while it is ahead: one part in so many.
constexpr std::int64_t kSlower = 10;
constexpr char kAnchorWord[] = "hallwarden-clock-1";

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

std::optional<ClockAnchor> ReadClockAnchor(const std::string& file) {
  std::ifstream in(file);
  std::string word;
  std::string end;
  ClockAnchor anchor;
  const bool good = in >> word >> anchor.boot_id >> anchor.boot_us >> anchor.commit_us >> end &&
                    word == kAnchorWord && end == "." && anchor.boot_us > 0 && anchor.commit_us > 0;
  if (!good) return std::nullopt;
  return anchor;
}

void WriteClockAnchor(const std::string& file, const ClockAnchor& anchor) {
  if (file.empty() || anchor.boot_id.empty()) return;
  const std::string aside = file + ".new";
  {
    std::ofstream out(aside, std::ios::trunc);
    out << kAnchorWord << " " << anchor.boot_id << " " << anchor.boot_us << " " << anchor.commit_us
        << " .\n";
    if (!out.flush()) return;
  }
  std::error_code ignored;
  std::filesystem::rename(aside, file, ignored);
}

std::optional<v1::ClockStepped> CommitClock::Start(std::int64_t last_commit_us,
                                                   const std::optional<ClockAnchor>& anchor) {
  last_us_ = last_commit_us;
  if (options_.test_mode) {
    if (last_commit_us == 0) last_us_ = options_.test_start_us;
    return std::nullopt;
  }
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t target = clock_->WallUs() - boot;
  looked_boot_us_ = boot;
  if (last_commit_us == 0) {
    target_us_ = target;
    offset_us_ = target;
    return std::nullopt;
  }
  const std::string boot_id = clock_->BootId();
  const bool same_boot = anchor.has_value() && !boot_id.empty() && anchor->boot_id == boot_id &&
                         anchor->boot_us <= boot;
  // Where commit time stands if only the boot clock is believed.
  const std::int64_t known =
      std::max(same_boot ? anchor->commit_us - anchor->boot_us : last_commit_us - boot,
               last_commit_us - boot);
  const std::int64_t gap = target - known;
  const std::int64_t ahead_max = same_boot ? options_.step_max_us : options_.start_gap_max_us;
  offset_us_ = known;
  target_us_ = known;
  if (gap < -options_.step_max_us || gap > ahead_max) {
    step_us_ = gap;
    return Stepped(gap, false);
  }
  Believe(target);
  return std::nullopt;
}

void CommitClock::Believe(std::int64_t target_us) {
  target_us_ = target_us;
  step_us_ = 0;
  // Never back: Look lets it fall behind slowly.
  offset_us_ = std::max(offset_us_.load(), target_us);
}

std::optional<v1::ClockStepped> CommitClock::Look() {
  if (options_.test_mode) return std::nullopt;
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t target = clock_->WallUs() - boot;
  const std::int64_t elapsed = std::max<std::int64_t>(boot - looked_boot_us_, 0);
  looked_boot_us_ = boot;
  // What was followed is forgotten evenly.
  const std::int64_t forget_max = options_.step_per_us;
  stepped_us_ -= std::min(stepped_us_, std::min(elapsed, forget_max) * options_.step_max_us /
                                           options_.step_per_us);
  const std::int64_t step = target - target_us_;
  const std::int64_t size = std::abs(step);
  std::optional<v1::ClockStepped> news;
  if (size + stepped_us_ <= options_.step_max_us) {
    stepped_us_ += size;
    Believe(target);
  } else if (step_us_ == 0 || std::abs(step - step_us_) > options_.step_max_us) {
    step_us_ = step;
    news = Stepped(step, false);
  }
  const std::int64_t ahead = offset_us_ - target_us_;
  if (ahead > 0) offset_us_ -= std::min(ahead, elapsed / kSlower);
  return news;
}

v1::ClockStepped CommitClock::Accept() {
  if (options_.test_mode) return Stepped(0, true);
  const std::int64_t boot = clock_->BootUs();
  const std::int64_t target = clock_->WallUs() - boot;
  const std::int64_t step = target - target_us_;
  stepped_us_ = 0;
  Believe(target);
  return Stepped(step, true);
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

ClockAnchor CommitClock::Anchor() const {
  const std::int64_t boot = clock_->BootUs();
  return {options_.test_mode ? std::string() : clock_->BootId(), boot,
          std::max(last_us_.load(), boot + offset_us_)};
}

}  // namespace hallwarden::daemon
