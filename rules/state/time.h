// Microseconds since the epoch as protobuf timestamps, and back.
#ifndef HALLWARDEN_RULES_STATE_TIME_H_
#define HALLWARDEN_RULES_STATE_TIME_H_

#include <cstdint>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace hallwarden {

inline constexpr std::int64_t kSecondUs = 1'000'000;
inline constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
inline constexpr std::int64_t kHourUs = 60 * kMinuteUs;
inline constexpr std::int64_t kDayUs = 24 * kHourUs;

// Sets `out` to `us`, any value.
void SetTimestamp(std::int64_t us, google::protobuf::Timestamp* out);
void SetDuration(std::int64_t us, google::protobuf::Duration* out);

// 0 for what protobuf calls no valid timestamp (before year 1, after 9999, nanos out of range).
[[nodiscard]] std::int64_t TimestampUs(const google::protobuf::Timestamp& timestamp);
[[nodiscard]] std::int64_t TimestampUs(std::int64_t seconds, std::int32_t nanos);
// 0 for an invalid duration, one below a microsecond or one above 10,000 years.
[[nodiscard]] std::int64_t DurationUs(const google::protobuf::Duration& duration);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_TIME_H_
