// The time that records get.
#ifndef HALLWARDEN_DAEMON_COMMIT_CLOCK_H_
#define HALLWARDEN_DAEMON_COMMIT_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "hallwarden/v1/journal.pb.h"

#include "daemon/clock.h"
#include "rules/engine/event_view.h"

namespace hallwarden::daemon {

// A moment that a daemon before this one knew: while the host stays up, the boot clock tells how
// much time went by since, whatever somebody did to the wall clock meanwhile.
struct ClockAnchor {
  std::string boot_id;
  std::int64_t boot_us = 0;
  std::int64_t commit_us = 0;
};

// One small line in a file. Nullopt if there is none or it is damaged: then it proves nothing.
[[nodiscard]] std::optional<ClockAnchor> ReadClockAnchor(const std::string& file);
// Whole or not at all; not synced, for it is of no use once the host went down.
void WriteClockAnchor(const std::string& file, const ClockAnchor& anchor);

// Commit time never decreases and never stands still. It advances with the boot clock and follows
// the wall clock only in small steps: a larger one waits until an operator accepts it, because
// every term and timer hangs on it. Many small ones count as a large one. Where the wall clock is
// behind, commit time goes a tenth slower until it is met: so no ban ends early and no timer waits
// longer than a tenth more.
//
// In test mode no clock is read: an event gets the later of its event_time and one millisecond
// after the record before, anything else the time of the record before. So the same events in the
// same order get the same commit times, however often the process is killed between them.
//
// One thread calls what is not const; NowUs and step_us are thread-safe.
class CommitClock {
 public:
  struct Options {
    // Steps of the wall clock up to this are followed, together no more than this in `step_per_us`.
    std::int64_t step_max_us = 300'000'000;
    std::int64_t step_per_us = 3'600'000'000;
    // At start the wall clock may be this far ahead of the last record, if the host was down: the
    // daemon was, too.
    std::int64_t start_gap_max_us = std::int64_t{30} * 86'400 * 1'000'000;
    bool test_mode = false;
    // In test mode: where an empty journal begins. No time may look like a missing one.
    std::int64_t test_start_us = 1'767'225'600'000'000;
  };

  // `clock` outlives this.
  CommitClock(Clock* clock, const Options& options) : clock_(clock), options_(options) {}

  // Takes up where the journal ends; 0: it is empty. With an anchor of this boot, time goes on from
  // there. Returns the step that is not followed, if there is one.
  std::optional<v1::ClockStepped> Start(std::int64_t last_commit_us,
                                        const std::optional<ClockAnchor>& anchor = std::nullopt);

  // Looks at the wall clock. Returns a step that was not reported yet.
  std::optional<v1::ClockStepped> Look();

  // An operator accepts the wall clock as it is now. Forward it is followed at once; backward it is
  // met slowly, see above, and is no alarm meanwhile.
  v1::ClockStepped Accept();

  // Commit time of the next record; `event` is null for what is no event.
  std::int64_t Stamp(const EventView* event);

  // What Stamp would give now to what is no event.
  [[nodiscard]] std::int64_t NowUs() const;

  // For whoever starts next on this boot.
  [[nodiscard]] ClockAnchor Anchor() const;

  // Step that is not followed; 0: none.
  [[nodiscard]] std::int64_t step_us() const { return step_us_.load(); }

 private:
  // The wall clock is believed to be `target` ahead of the boot clock.
  void Believe(std::int64_t target_us);

  Clock* clock_;
  Options options_;
  std::atomic<std::int64_t> last_us_{0};
  // Commit time minus boot time.
  std::atomic<std::int64_t> offset_us_{0};
  std::atomic<std::int64_t> step_us_{0};
  // What offset_us_ is to become: wall time minus boot time, as last believed.
  std::int64_t target_us_ = 0;
  // Steps that were followed lately, in sum.
  std::int64_t stepped_us_ = 0;
  std::int64_t looked_boot_us_ = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_COMMIT_CLOCK_H_
