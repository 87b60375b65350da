// Places in the desk's queues. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_QUEUE_PLACE_H_
#define HALLWARDEN_RULES_ENGINE_QUEUE_PLACE_H_

#include <cstdint>
#include <string>

namespace hallwarden {

// First byte of a place: what is overdue, waits for the desk, or waits for somebody else.
enum class QueueBand : std::uint8_t { kOverdue = 0, kWaiting = 1, kElsewhere = 2 };

// Band and time as 9 bytes in lower-case hex, which sort as the two do.
[[nodiscard]] std::string QueuePlace(QueueBand band, std::int64_t time_us);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_QUEUE_PLACE_H_
