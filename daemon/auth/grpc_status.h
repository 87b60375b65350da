// The one place where errors become gRPC's.
#ifndef HALLWARDEN_DAEMON_AUTH_GRPC_STATUS_H_
#define HALLWARDEN_DAEMON_AUTH_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {

// Code, message for developers, and a google.rpc.Status with one ErrorInfo in the trailer
// `grpc-status-details-bin`. TOO_BUSY and UNAVAILABLE also say when to try again.
[[nodiscard]] grpc::Status ToGrpcStatus(const Refusal& refusal);

// OK stays OK.
[[nodiscard]] grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_GRPC_STATUS_H_
