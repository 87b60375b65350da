// Events in memory, by number: those that are not acknowledged, and acknowledged ones for the
// resend window.
#ifndef HALLWARDEN_TOOLS_SESSION_RETAINED_EVENTS_H_
#define HALLWARDEN_TOOLS_SESSION_RETAINED_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "tools/session/clock.h"

namespace hallwarden::session {

struct RetentionOptions {
  // How long acknowledged events stay.
  Micros window{std::int64_t{24} * 3600 * 1'000'000};
  // Acknowledged events beyond this are dropped, oldest first, however young. Unacknowledged ones
  // never are.
  std::size_t acked_bytes_max = std::size_t{256} << 20U;
};

// Not thread-safe.
class RetainedEvents {
 public:
  // The first event will have number `first_seq`.
  explicit RetainedEvents(std::int64_t first_seq) : first_seq_(first_seq), acked_(first_seq - 1) {}

  // Returns the number of the event.
  std::int64_t Append(std::string event);
  // nullptr when the event was dropped, or does not exist yet.
  [[nodiscard]] const std::string* Get(std::int64_t seq) const;
  // Everything up to `durable_seq` is acknowledged; drops what the options allow.
  void Acked(std::int64_t durable_seq, Micros now, const RetentionOptions& options);
  // A session continues behind `durable_seq`; what follows counts as unacknowledged, even if it was
  // acknowledged before. FAILED_PRECONDITION says what is missing.
  absl::Status ContinueBehind(std::int64_t durable_seq);

  // Number of the oldest event that is held, or of the next one when none is.
  [[nodiscard]] std::int64_t first_seq() const { return first_seq_; }
  // Number of the newest event; first_seq() - 1 when there is none.
  [[nodiscard]] std::int64_t last_seq() const {
    return first_seq_ + static_cast<std::int64_t>(events_.size()) - 1;
  }

 private:
  std::int64_t first_seq_;
  std::int64_t acked_;
  std::size_t acked_bytes_ = 0;
  std::deque<std::string> events_;
  // Highest event of each acknowledgement and when it came.
  std::deque<std::pair<std::int64_t, Micros>> ack_times_;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_RETAINED_EVENTS_H_
