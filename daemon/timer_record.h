// Timers as records.
#ifndef HALLWARDEN_DAEMON_TIMER_RECORD_H_
#define HALLWARDEN_DAEMON_TIMER_RECORD_H_

#include "hallwarden/v1/journal.pb.h"

#include "rules/engine/effect.h"

namespace hallwarden::daemon {

// What is journalled when a timer goes off.
[[nodiscard]] v1::TimerFired FiredOf(const Timer& timer);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_TIMER_RECORD_H_
