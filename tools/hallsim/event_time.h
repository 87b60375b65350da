// Simulated times in events.
#ifndef HALLWARDEN_TOOLS_HALLSIM_EVENT_TIME_H_
#define HALLWARDEN_TOOLS_HALLSIM_EVENT_TIME_H_

#include <cstdint>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::hallsim {

// Sets the event's time. Requires time_us >= 0.
inline void SetEventTime(std::int64_t time_us, v1::HallEvent* event) {
  event->mutable_event_time()->set_seconds(time_us / 1'000'000);
  event->mutable_event_time()->set_nanos(static_cast<std::int32_t>(time_us % 1'000'000 * 1000));
}

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_EVENT_TIME_H_
