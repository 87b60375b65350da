#include "rules/state/time.h"

namespace hallwarden {
namespace {

// 0001-01-01 and 10000-01-01, the range of google.protobuf.Timestamp.
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsEnd = 253'402'300'800;
// The range of google.protobuf.Duration.
constexpr std::int64_t kDurationSecondsMax = 315'576'000'000;
constexpr std::int32_t kNanosMax = 999'999'999;

}  // namespace

void SetTimestamp(std::int64_t us, google::protobuf::Timestamp* out) {
  std::int64_t seconds = us / kSecondUs;
  std::int64_t rest = us % kSecondUs;
  if (rest < 0) {
    rest += kSecondUs;
    --seconds;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<std::int32_t>(rest * 1000));
}

void SetDuration(std::int64_t us, google::protobuf::Duration* out) {
  out->set_seconds(us / kSecondUs);
  out->set_nanos(static_cast<std::int32_t>((us % kSecondUs) * 1000));
}

std::int64_t TimestampUs(std::int64_t seconds, std::int32_t nanos) {
  if (seconds < kSecondsMin || seconds >= kSecondsEnd) return 0;
  if (nanos < 0 || nanos > kNanosMax) return 0;
  return seconds * kSecondUs + nanos / 1000;
}

std::int64_t TimestampUs(const google::protobuf::Timestamp& timestamp) {
  return TimestampUs(timestamp.seconds(), timestamp.nanos());
}

std::int64_t DurationUs(const google::protobuf::Duration& duration) {
  if (duration.seconds() < 0 || duration.seconds() > kDurationSecondsMax) return 0;
  if (duration.nanos() < 0 || duration.nanos() > kNanosMax) return 0;
  return duration.seconds() * kSecondUs + duration.nanos() / 1000;
}

}  // namespace hallwarden
