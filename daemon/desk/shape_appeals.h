// What single requests of AppealService need. Internal to daemon/desk; see shape.h.
#ifndef HALLWARDEN_DAEMON_DESK_SHAPE_APPEALS_H_
#define HALLWARDEN_DAEMON_DESK_SHAPE_APPEALS_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace hallwarden::daemon {

// OK for requests of other services.
[[nodiscard]] absl::Status CheckAppealShape(const google::protobuf::Message& request);

// False for calls about appeals that say why by what they carry, or that only move one between
// hands.
[[nodiscard]] bool AppealNeedsReason(const google::protobuf::Message& request);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_SHAPE_APPEALS_H_
