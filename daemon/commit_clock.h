// The time that records get.
#ifndef HALLWARDEN_DAEMON_COMMIT_CLOCK_H_
#define HALLWARDEN_DAEMON_COMMIT_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <optional>

#include "hallwarden/v1/journal.pb.h"

#include "daemon/clock.h"
#include "rules/engine/event_view.h"

namespace hallwarden::daemon {

// Commit time never decreases. It advances with the boot clock and follows the wall clock only in
// small steps: a larger one waits until an operator accepts it, because every term and timer hangs
// on it.
//
// In test mode no clock is read: an event gets the later of its event_time and one millisecond
// after the record before, anything else the time of the record before. So the same events in the
// same order get the same commit times, however often the process is killed between them.
//
// One thread calls what is not const; NowUs and step_us are thread-safe.
class CommitClock {
 public:
  struct Options {
    // Steps of the wall clock up to this are followed.
    std::int64_t step_max_us = 300'000'000;
    // At start the wall clock may be this far ahead of the last record: the daemon was down.
    std::int64_t start_gap_max_us = std::int64_t{30} * 86'400 * 1'000'000;
    bool test_mode = false;
    // In test mode: where an empty journal begins. No time may look like a missing one.
    std::int64_t test_start_us = 1'767'225'600'000'000;
  };

  // `clock` outlives this.
  CommitClock(Clock* clock, const Options& options) : clock_(clock), options_(options) {}

  // Takes up where the journal ends; 0: it is empty. Returns the step that is not followed, if
  // there is one: then time goes on from the last record.
  std::optional<v1::ClockStepped> Start(std::int64_t last_commit_us);

  // Looks at the wall clock. Returns a step that was not reported yet.
  std::optional<v1::ClockStepped> Look();

  // An operator accepts the wall clock as it is now.
  v1::ClockStepped Accept();

  // Commit time of the next record; `event` is null for what is no event.
  std::int64_t Stamp(const EventView* event);

  // What Stamp would give now to what is no event.
  [[nodiscard]] std::int64_t NowUs() const;

  // Step that is not followed; 0: none.
  [[nodiscard]] std::int64_t step_us() const { return step_us_.load(); }

 private:
  Clock* clock_;
  Options options_;
  std::atomic<std::int64_t> last_us_{0};
  // Commit time minus boot time.
  std::atomic<std::int64_t> offset_us_{0};
  std::atomic<std::int64_t> step_us_{0};
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_COMMIT_CLOCK_H_
