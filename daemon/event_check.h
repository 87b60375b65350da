// What an event must be like before it may enter the journal as one.
#ifndef HALLWARDEN_DAEMON_EVENT_CHECK_H_
#define HALLWARDEN_DAEMON_EVENT_CHECK_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "hallwarden/v1/hall_service.pb.h"

#include "rules/engine/event_view.h"

namespace hallwarden::daemon {

inline constexpr std::size_t kEventBytesMax = 64U << 10;

// Why an event is refused.
struct EventFault {
  v1::RejectReason reason = v1::REJECT_REASON_INVALID;
  // What is wrong, where, and what to do; never holds what the event said.
  std::string detail;
};

// 1 to 64 bytes of [A-Za-z0-9_.:-].
[[nodiscard]] bool IsAccount(std::string_view account);

// Checks identifiers, lengths and ranges. Nullopt: the event may enter. An event whose body this
// build does not know may.
[[nodiscard]] std::optional<EventFault> CheckEvent(const EventView& event);

// True if the event carries fields or enum values that this build does not know.
[[nodiscard]] bool HoldsUnknown(const EventView& event);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_EVENT_CHECK_H_
