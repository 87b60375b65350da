#include "daemon/auth/grpc_status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {

grpc::Status ToGrpcStatus(const Refusal& refusal) {
  google::rpc::Status details;
  details.set_code(refusal.code);
  details.set_message(refusal.message);
  details.add_details()->PackFrom(ErrorInfoOf(refusal));
  if (refusal.reason == "TOO_BUSY" ||
      refusal.code == static_cast<int>(absl::StatusCode::kUnavailable)) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(1);
    details.add_details()->PackFrom(retry);
  }
  return {static_cast<grpc::StatusCode>(refusal.code), refusal.message,
          details.SerializeAsString()};
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return ToGrpcStatus(RefusalOf(status));
}

}  // namespace hallwarden::daemon
