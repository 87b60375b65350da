// Every error has one reason, and tells nothing internal.
#include "daemon/auth/refusals.h"

#include <string>

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

TEST(Refusals, SurviveAsStatus) {
  Refusal refusal;
  refusal.code = static_cast<int>(absl::StatusCode::kFailedPrecondition);
  refusal.reason = "ALREADY_LIFTED";
  refusal.message = "sanctions/7 was lifted";
  refusal.metadata = {{"sanction", "sanctions/7"}};
  const Refusal back = RefusalOf(ToStatus(refusal));
  EXPECT_EQ(back.code, refusal.code);
  EXPECT_EQ(back.reason, refusal.reason);
  EXPECT_EQ(back.message, refusal.message);
  EXPECT_EQ(back.metadata, refusal.metadata);
}

TEST(Refusals, TellWhatToDoInBothLanguages) {
  const google::rpc::ErrorInfo info = ErrorInfoOf(RefusalOf(NoSuch("sanctions/7")));
  EXPECT_EQ(info.reason(), "NOT_FOUND");
  EXPECT_EQ(info.domain(), "hallwarden");
  EXPECT_EQ(info.metadata().at("name"), "sanctions/7");
  EXPECT_NE(info.metadata().at("hint_zh"), "");
  EXPECT_NE(info.metadata().at("hint_en"), "");
}

TEST(Refusals, HaveAReasonForEveryCodeAndHideWhatIsInternal) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "/var/db/000007.sst offset 9");
    const Refusal refusal = RefusalOf(status);
    EXPECT_EQ(refusal.code, code);
    EXPECT_NE(refusal.reason, "");
  }
  for (const absl::Status& status :
       {absl::InternalError("/var/db/000007.sst"), absl::DataLossError("/var/db/000007.sst"),
        absl::UnknownError("/var/db/000007.sst"), absl::UnavailableError("/var/db/000007.sst")}) {
    EXPECT_EQ(RefusalOf(status).message.find("sst"), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
