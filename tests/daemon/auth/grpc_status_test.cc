// What clients receive.
#include "daemon/auth/grpc_status.h"

#include <string>

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

TEST(GrpcStatus, CarriesOneErrorInfo) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status =
        ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(code), "what went wrong"));
    EXPECT_EQ(static_cast<int>(status.error_code()), code);
    google::rpc::Status details;
    ASSERT_TRUE(details.ParseFromString(status.error_details()));
    EXPECT_EQ(details.code(), code);
    EXPECT_EQ(details.message(), status.error_message());
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(details.details(0).UnpackTo(&info));
    EXPECT_EQ(info.domain(), "hallwarden");
    EXPECT_NE(info.reason(), "");
  }
}

TEST(GrpcStatus, SaysWhenToTryAgain) {
  google::rpc::Status details;
  ASSERT_TRUE(
      details.ParseFromString(ToGrpcStatus(absl::ResourceExhaustedError("full")).error_details()));
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_TRUE(details.details(1).Is<google::rpc::RetryInfo>());
}

TEST(GrpcStatus, LeavesOkAlone) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace hallwarden::daemon
