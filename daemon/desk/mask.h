// What a role may not see is taken out of every answer, in one place.
#ifndef HALLWARDEN_DAEMON_DESK_MASK_H_
#define HALLWARDEN_DAEMON_DESK_MASK_H_

#include "hallwarden/v1/common.pb.h"

#include "google/protobuf/message.h"

namespace hallwarden::daemon {

// Clears the personal fields of `message` that `role` may not see: words and images unless
// MaySeeText, addresses, devices and contacts unless MaySeeOrigins. Thread-safe.
void MaskFor(v1::Role role, google::protobuf::Message* message);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_MASK_H_
