// Whether a request has the right shape: names, sizes, times. Needs neither store nor policy.
#ifndef HALLWARDEN_DAEMON_DESK_SHAPE_H_
#define HALLWARDEN_DAEMON_DESK_SHAPE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace hallwarden::daemon {

// Longest term and farthest end of a sanction.
inline constexpr std::int64_t kTermMaxUs = 10LL * 365 * 86'400'000'000;
inline constexpr std::size_t kReasonMinBytes = 4;
inline constexpr std::size_t kPartnersMax = 1000;
inline constexpr std::size_t kBankEntriesInCall = 1000;
// Each is decoded before the call is answered.
inline constexpr std::size_t kBankImagesInCall = 16;

// Checks a request of GmService: INVALID_ARGUMENT with reason INVALID_FIELD, REASON_REQUIRED or
// REQUEST_ID_REQUIRED. What holds for all is checked for all, by walking the fields: sizes, numbers
// of items, values of enums, ranges of times and durations, options of mutating calls. `now_us` is
// what ends are measured from.
[[nodiscard]] absl::Status CheckShape(const google::protobuf::Message& request,
                                      std::int64_t now_us);

// The last part of a resource name: `10086` of `accounts/10086` with prefix `accounts/`. Nullopt if
// `name` is no name of that collection: 1 to 128 bytes of [A-Za-z0-9_.:@-] behind the prefix.
[[nodiscard]] std::optional<std::string> IdOf(std::string_view name, std::string_view prefix);

// Times as microseconds. Requires: checked by CheckShape.
[[nodiscard]] std::int64_t Micros(const google::protobuf::Timestamp& time);
[[nodiscard]] std::int64_t Micros(const google::protobuf::Duration& duration);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_SHAPE_H_
