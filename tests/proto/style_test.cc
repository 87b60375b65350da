#include "tests/proto/style.h"

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/proto/compile.h"

namespace hallwarden::vocabulary {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr char kHeader[] = R"(
  syntax = "proto3";
  package hallwarden.v1.test;
  import "hallwarden/v1/options.proto";
)";

struct StyleCase {
  std::string name;
  std::string text;
  // The element that is at fault.
  std::string element;
  friend void PrintTo(const StyleCase& c, std::ostream* os) { *os << c.name; }
};

class BadStyleTest : public ::testing::TestWithParam<StyleCase> {};

TEST_P(BadStyleTest, IsReported) {
  const auto violations = CheckStyle(Compile(kHeader + GetParam().text));
  EXPECT_THAT(violations,
              ElementsAre(Field(&Violation::element, "hallwarden.v1.test." + GetParam().element)));
}

INSTANTIATE_TEST_SUITE_P(
    Comments, BadStyleTest,
    ::testing::Values(
        StyleCase{"Message", "message A {}", "A"},
        StyleCase{"Field", "/* a */ message A { string b = 1; }", "A.b"},
        StyleCase{"TrailingDoesNotCount", "/* a */ message A {\n string b = 1;  // b\n}", "A.b"},
        StyleCase{"EmptyDoesNotCount", "//\nmessage A {}", "A"},
        StyleCase{"NestedMessage", "/* a */ message A { message B {} }", "A.B"},
        StyleCase{"NestedField", "/* a */ message A {\n/* b */ message B { int32 c = 1; } }",
                  "A.B.c"},
        StyleCase{"Enum", "enum A {\n/* z */ A_UNSPECIFIED = 0; }", "A"},
        StyleCase{"EnumValue", "/* a */ enum A { A_UNSPECIFIED = 0; }", "A.A_UNSPECIFIED"},
        StyleCase{"NestedEnum", "/* a */ message A { enum B {\n/* z */ B_UNSPECIFIED = 0; } }",
                  "A.B"},
        StyleCase{"Service", "service AService {}", "AService"},
        StyleCase{"Call",
                  "/* r */ message GetARequest {}\n/* a */ message A {}\n"
                  "/* s */ service AService { rpc GetA(GetARequest) returns (A); }",
                  "AService.GetA"}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Names, BadStyleTest,
    ::testing::Values(
        StyleCase{"CamelCaseField", "/* a */ message A {\n/* b */ string bC = 1; }", "A.bC"},
        StyleCase{"UpperCaseField", "/* a */ message A {\n/* b */ string B = 1; }", "A.B"},
        StyleCase{"DoubleUnderscore", "/* a */ message A {\n/* b */ string b__c = 1; }", "A.b__c"},
        StyleCase{"UnderscoreAtTheEnd", "/* a */ message A {\n/* b */ string b_ = 1; }", "A.b_"},
        StyleCase{"ZeroValue", "/* a */ enum AgeState {\n/* z */ AGE_STATE_NONE = 0; }",
                  "AgeState.AGE_STATE_NONE"},
        StyleCase{
            "EnumPrefix",
            "/* a */ enum AgeState {\n/* z */ AGE_STATE_UNSPECIFIED = 0;\n/* m */ MINOR = 1; }",
            "AgeState.MINOR"},
        StyleCase{"EnumValueCase",
                  "/* a */ enum Age {\n/* z */ AGE_UNSPECIFIED = 0;\n/* m */ AGE_Minor = 1; }",
                  "Age.AGE_Minor"},
        StyleCase{"ServiceName", "/* s */ service Gate {}", "Gate"},
        StyleCase{"RequestName",
                  "/* r */ message R {}\n/* a */ message A {}\n"
                  "/* s */ service AService {\n/* c */ rpc GetA(R) returns (A); }",
                  "AService.GetA"},
        StyleCase{"ResponseName",
                  "/* r */ message GetARequest {}\n/* a */ message B {}\n"
                  "/* s */ service AService {\n/* c */ rpc GetA(GetARequest) returns (B); }",
                  "AService.GetA"}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    PersonalData, BadStyleTest,
    ::testing::Values(
        StyleCase{"TextInString",
                  "/* a */ message A {\n/* b */ string b = 1 [(hallwarden.v1.personal) = "
                  "PERSONAL_TEXT]; }",
                  "A.b"},
        StyleCase{"ImageInString",
                  "/* a */ message A {\n/* b */ string b = 1 [(hallwarden.v1.personal) = "
                  "PERSONAL_IMAGE]; }",
                  "A.b"},
        StyleCase{"NicknameInString", "/* a */ message A {\n/* b */ string nickname = 1; }",
                  "A.nickname"},
        StyleCase{"UnmarkedText", "/* a */ message A {\n/* b */ bytes text = 1; }", "A.text"},
        StyleCase{"TextMarkedAsAddress",
                  "/* a */ message A {\n/* b */ bytes text = 1 [(hallwarden.v1.personal) = "
                  "PERSONAL_IP]; }",
                  "A.text"},
        StyleCase{"MarkedNumber",
                  "/* a */ message A {\n/* b */ int32 b = 1 [(hallwarden.v1.personal) = "
                  "PERSONAL_DEVICE]; }",
                  "A.b"},
        StyleCase{"MarkedRepeated",
                  "/* a */ message A {\n/* b */ repeated string b = 1 [(hallwarden.v1.personal) = "
                  "PERSONAL_IP]; }",
                  "A.b"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(StyleTest, GoodStylePasses) {
  EXPECT_THAT(CheckStyle(Compile(std::string(kHeader) + R"(
    // An account.
    message Account {
      // Its name.
      string name = 1;
      // What the player is called.
      bytes nickname = 2 [(hallwarden.v1.personal) = PERSONAL_TEXT];
      // Where it came from.
      string ip = 3 [(hallwarden.v1.personal) = PERSONAL_IP];
      // By language, from the operator.
      map<string, string> notice = 4;
      // From the operator.
      string title = 5;
      // Digits are letters too.
      int32 p99_us = 6;
    }
    // Parts of a word.
    enum GMRole {
      // Unknown.
      GM_ROLE_UNSPECIFIED = 0;
      // Hall.
      GM_ROLE_HALL2 = 1;
    }
    // Asks.
    message GetAccountRequest {}
    // Asks.
    message WatchRequest {}
    // Tells.
    message WatchResponse {}
    // Asks.
    message LiftRequest {}
    // Tells.
    message ActionResponse {}
    // Serves.
    service AccountService {
      // Returns the resource.
      rpc GetAccount(GetAccountRequest) returns (Account);
      // Returns a message of its own.
      rpc Watch(stream WatchRequest) returns (stream WatchResponse);
      // Returns a shared response.
      rpc Lift(LiftRequest) returns (ActionResponse);
    }
  )")),
              IsEmpty());
}

TEST(StyleTest, ExtensionsNeedCommentsToo) {
  EXPECT_THAT(CheckStyle(Compile(std::string(kHeader) + R"(
    import "google/protobuf/descriptor.proto";
    extend google.protobuf.FieldOptions { int32 Mark = 50999; }
  )")),
              ElementsAre(Field(&Violation::element, "hallwarden.v1.test.Mark"),
                          Field(&Violation::element, "hallwarden.v1.test.Mark")));
}

}  // namespace
}  // namespace hallwarden::vocabulary
