// What is malformed is refused before it costs anything.
#include "daemon/desk/shape.h"

#include <memory>
#include <ostream>
#include <string>

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kNowUs = 1'795'334'400'000'000;

struct ShapeCase {
  const char* name;
  const char* type;
  std::string text;
  // `REASON field`, or `OK`.
  const char* result;
  friend void PrintTo(const ShapeCase& c, std::ostream* os) { *os << c.name; }
};

const char* const kOptions = " options { request_id: '12345678' reason: 'because' }";

std::string With(const std::string& text) {
  return text + kOptions;
}

class ShapeTest : public ::testing::TestWithParam<ShapeCase> {};

TEST_P(ShapeTest, IsJudged) {
  const auto* type =
      v1::GetAccountRequest::descriptor()->file()->FindMessageTypeByName(GetParam().type);
  ASSERT_NE(type, nullptr);
  const std::unique_ptr<google::protobuf::Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(GetParam().text, request.get()));
  const absl::Status status = CheckShape(*request, kNowUs);
  std::string result = "OK";
  if (!status.ok()) {
    const Refusal refusal = RefusalOf(status);
    result = refusal.reason;
    for (const auto& [key, value] : refusal.metadata) {
      if (key == "field") result += " " + value;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(result, GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, ShapeTest,
    ::testing::Values(
        ShapeCase{"Account", "GetAccountRequest", "name: 'accounts/10086'", "OK"},
        ShapeCase{"AccountWithoutPrefix", "GetAccountRequest", "name: '10086'",
                  "INVALID_FIELD name"},
        ShapeCase{"AccountEmpty", "GetAccountRequest", "name: 'accounts/'", "INVALID_FIELD name"},
        ShapeCase{"AccountWithSlash", "GetAccountRequest", "name: 'accounts/a/b'",
                  "INVALID_FIELD name"},
        ShapeCase{"Account64", "GetAccountRequest", "name: 'accounts/" + std::string(64, 'a') + "'",
                  "OK"},
        ShapeCase{"Account65", "GetAccountRequest", "name: 'accounts/" + std::string(65, 'a') + "'",
                  "INVALID_FIELD name"},
        ShapeCase{"NameTooLong", "GetAccountRequest", "name: '" + std::string(257, 'a') + "'",
                  "INVALID_FIELD name"},
        ShapeCase{"Policy", "GetPolicyRequest", "name: 'policies/handbook@0123456789ab'", "OK"},
        ShapeCase{"NicknameMissing", "SearchAccountsRequest", "", "INVALID_FIELD nickname"},
        ShapeCase{"Punish", "PunishAccountRequest",
                  With("name: 'accounts/1' offence: OFFENCE_STALLING"), "OK"},
        ShapeCase{"PunishWithoutOffence", "PunishAccountRequest", With("name: 'accounts/1'"),
                  "INVALID_FIELD offence"},
        ShapeCase{"UnknownEnum", "PunishAccountRequest", With("name: 'accounts/1' offence: 99"),
                  "INVALID_FIELD offence"},
        ShapeCase{"NegativeRung", "PunishAccountRequest",
                  With("name: 'accounts/1' offence: OFFENCE_NAME rung: -1"), "INVALID_FIELD rung"},
        ShapeCase{"WithoutOptions", "PunishAccountRequest",
                  "name: 'accounts/1' offence: OFFENCE_NAME",
                  "REQUEST_ID_REQUIRED options.request_id"},
        ShapeCase{"RequestId7", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { request_id: "
                  "'1234567' reason: 'because' }",
                  "REQUEST_ID_REQUIRED options.request_id"},
        ShapeCase{"RequestId64", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { request_id: '" +
                      std::string(64, 'r') + "' reason: 'because' }",
                  "OK"},
        ShapeCase{"RequestId65", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { request_id: '" +
                      std::string(65, 'r') + "' reason: 'because' }",
                  "REQUEST_ID_REQUIRED options.request_id"},
        ShapeCase{"DryRunNeedsNoRequestId", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { validate_only: "
                  "true reason: 'because' }",
                  "OK"},
        ShapeCase{"ReasonTooShort", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { request_id: "
                  "'12345678' reason: 'abc' }",
                  "REASON_REQUIRED options.reason"},
        ShapeCase{"ReasonTooLong", "LiftSanctionRequest",
                  "name: 'sanctions/s' disposition: DISPOSITION_MERCY options { request_id: "
                  "'12345678' reason: '" +
                      std::string(1025, 'r') + "' }",
                  "INVALID_FIELD options.reason"},
        ShapeCase{"LiftWithoutDisposition", "LiftSanctionRequest", With("name: 'sanctions/s'"),
                  "INVALID_FIELD disposition"},
        ShapeCase{"NoteNeedsNoReason", "CreateNoteRequest",
                  "parent: 'accounts/1' text: 'x' options { request_id: '12345678' }", "OK"},
        ShapeCase{"Note4096", "CreateNoteRequest",
                  With("parent: 'accounts/1' text: '" + std::string(4096, 'x') + "'"), "OK"},
        ShapeCase{"Note4097", "CreateNoteRequest",
                  With("parent: 'accounts/1' text: '" + std::string(4097, 'x') + "'"),
                  "INVALID_FIELD text"}),
    [](const auto& param_info) { return param_info.param.name; });

const char* const kBan =
    "parent: 'accounts/1' kind: SANCTION_KIND_RESTRICTION offence: OFFENCE_ABUSE capabilities: "
    "CAPABILITY_LOGIN ";

INSTANTIATE_TEST_SUITE_P(
    Terms, ShapeTest,
    ::testing::Values(
        ShapeCase{"None", "CreateSanctionRequest", With(kBan), "OK"},
        ShapeCase{"OneSecond", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { seconds: 1 }"), "OK"},
        ShapeCase{"Zero", "CreateSanctionRequest", With(std::string(kBan) + "duration { }"),
                  "INVALID_FIELD duration"},
        ShapeCase{"Negative", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { seconds: -604800 }"),
                  "INVALID_FIELD duration"},
        ShapeCase{"LessThanAMicrosecond", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { nanos: 999 }"), "INVALID_FIELD duration"},
        ShapeCase{"TenYears", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { seconds: 315360000 }"), "OK"},
        ShapeCase{"MoreThanTenYears", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { seconds: 315360000 nanos: 1000 }"),
                  "INVALID_FIELD duration"},
        ShapeCase{"Overflow", "CreateSanctionRequest",
                  With(std::string(kBan) + "duration { seconds: 9223372036854775807 }"),
                  "INVALID_FIELD duration"},
        ShapeCase{"Permanent", "CreateSanctionRequest", With(std::string(kBan) + "permanent: true"),
                  "OK"},
        ShapeCase{"PermanentFalse", "CreateSanctionRequest",
                  With(std::string(kBan) + "permanent: false"), "INVALID_FIELD permanent"},
        ShapeCase{"EndInThePast", "CreateSanctionRequest",
                  With(std::string(kBan) + "end_time { seconds: 1795334400 }"),
                  "INVALID_FIELD end_time"},
        ShapeCase{"EndAhead", "CreateSanctionRequest",
                  With(std::string(kBan) + "end_time { seconds: 1795334401 }"), "OK"},
        ShapeCase{"EndInMilliseconds", "CreateSanctionRequest",
                  With(std::string(kBan) + "end_time { seconds: 1795334400000 }"),
                  "INVALID_FIELD end_time"},
        ShapeCase{
            "TooManyCapabilities", "CreateSanctionRequest",
            With(std::string(kBan) + "capabilities: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"),
            "INVALID_FIELD capabilities"},
        ShapeCase{"TokenLifetime", "CreateTokenRequest",
                  With("principal: 'gm-li' role: ROLE_GM lifetime { seconds: 34560001 }"),
                  "INVALID_FIELD lifetime"},
        ShapeCase{"TokenOfTheDaemon", "CreateTokenRequest",
                  With("principal: 'hallwarden' role: ROLE_GM"), "INVALID_FIELD principal"},
        ShapeCase{"TokenUpperCase", "CreateTokenRequest", With("principal: 'GM' role: ROLE_GM"),
                  "INVALID_FIELD principal"},
        ShapeCase{"TokenWithoutRole", "CreateTokenRequest", With("principal: 'gm-li'"),
                  "INVALID_FIELD role"},
        ShapeCase{"NoRows", "ImportPartnersRequest", kOptions, "INVALID_FIELD spans"},
        ShapeCase{
            "Row", "ImportPartnersRequest",
            With("spans { account: 'a' channel: 'dandan' begin_time { seconds: 1700000000 } }"),
            "OK"},
        ShapeCase{"RowWithoutBegin", "ImportPartnersRequest",
                  With("spans { account: 'a' channel: 'dandan' }"),
                  "INVALID_FIELD spans[0].begin_time"},
        ShapeCase{"RowThatEndsFirst", "ImportPartnersRequest",
                  With("spans { account: 'a' channel: 'dandan' begin_time { seconds: 1700000000 } "
                       "end_time { seconds: 1700000000 } }"),
                  "INVALID_FIELD spans[0].end_time"},
        ShapeCase{"Backlog", "TailRequest", "backlog: 1001", "INVALID_FIELD backlog"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(IdOf, TakesOnlyItsOwnCollection) {
  EXPECT_EQ(IdOf("sanctions/s1", "sanctions/"), "s1");
  EXPECT_EQ(IdOf("cases/s1", "sanctions/"), std::nullopt);
  EXPECT_EQ(IdOf("sanctions/", "sanctions/"), std::nullopt);
  EXPECT_EQ(IdOf("sanctions/a b", "sanctions/"), std::nullopt);
}

}  // namespace
}  // namespace hallwarden::daemon
