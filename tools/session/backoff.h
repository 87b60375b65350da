// Exponential back-off with full jitter: a uniform wait between zero and a limit that doubles.
#ifndef HALLWARDEN_TOOLS_SESSION_BACKOFF_H_
#define HALLWARDEN_TOOLS_SESSION_BACKOFF_H_

#include <algorithm>
#include <cstdint>

#include "tools/session/clock.h"

namespace hallwarden::session {

struct BackoffOptions {
  // Limit of the first wait.
  Micros first_max{100'000};
  // Limit that no wait exceeds.
  Micros wait_max{30'000'000};
};

// Not thread-safe. `jitter` must outlive it.
class Backoff {
 public:
  Backoff(const BackoffOptions& options, Jitter* jitter)
      : options_(options), jitter_(jitter), limit_(options.first_max) {}

  // How long to wait before the next attempt.
  Micros Next() {
    const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(limit_.count(), 1));
    const Micros wait{static_cast<std::int64_t>(jitter_->Next() % (span + 1))};
    limit_ = std::min(limit_ * 2, options_.wait_max);
    return wait;
  }

  // An attempt went well: the next wait is short again.
  void Reset() { limit_ = options_.first_max; }

 private:
  BackoffOptions options_;
  Jitter* jitter_;
  Micros limit_;
};

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_BACKOFF_H_
