#include "tests/proto/lock.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/proto/compile.h"

namespace hallwarden::vocabulary {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> LinesOf(const std::string& body) {
  google::protobuf::FileDescriptorSet set;
  *set.add_file() = Compile("syntax = \"proto3\"; package t;\n" + body);
  return LockLines(set, "t");
}

TEST(LockLinesTest, ListsWhatClientsRelyOn) {
  EXPECT_THAT(
      LinesOf(R"(
    import "google/protobuf/descriptor.proto";
    message A {
      string b = 1;
      optional sfixed32 c = 2;
      repeated A d = 3;
      oneof body { bytes e = 4; }
      map<string, int64> f = 5;
      enum G { G_UNSPECIFIED = 0; }
    }
    enum H { H_UNSPECIFIED = 0; H_ONE = 1; }
    extend google.protobuf.FieldOptions { H mark = 50999; }
    service S { rpc One(A) returns (A); rpc Two(stream A) returns (stream A); }
  )"),
      ElementsAre("t.A.FEntry.key = 1 string singular", "t.A.FEntry.value = 2 int64 singular",
                  "t.A.G.G_UNSPECIFIED = 0 value", "t.A.b = 1 string singular",
                  "t.A.c = 2 sfixed32 optional", "t.A.d = 3 t.A repeated",
                  "t.A.e = 4 bytes oneof body", "t.A.f = 5 t.A.FEntry repeated",
                  "t.H.H_ONE = 1 value", "t.H.H_UNSPECIFIED = 0 value",
                  "t.S.One = (t.A) returns (t.A)", "t.S.Two = (stream t.A) returns (stream t.A)",
                  "t.mark = 50999 t.H extends google.protobuf.FieldOptions"));
}

TEST(LockLinesTest, LeavesOtherPackagesOut) {
  google::protobuf::FileDescriptorSet set;
  *set.add_file() = Compile("syntax = \"proto3\"; package other; message A { string b = 1; }");
  EXPECT_THAT(LockLines(set, "t"), IsEmpty());
}

TEST(LockTest, IsReadAsItWasWritten) {
  const std::vector<std::string> lines = {"t.A.b = 1 string singular", "t.A.c = 2 int32 singular"};
  EXPECT_EQ(ParseLock(PrintLock(lines)), lines);
}

struct ChangeCase {
  std::string name;
  std::string after;
  friend void PrintTo(const ChangeCase& c, std::ostream* os) { *os << c.name; }
};

constexpr char kBefore[] =
    "message A { string b = 1; oneof c { int32 d = 2; } }"
    "enum E { E_UNSPECIFIED = 0; E_ONE = 1; }"
    "service S { rpc F(A) returns (A); }";

class BreakingChangeTest : public ::testing::TestWithParam<ChangeCase> {};

TEST_P(BreakingChangeTest, IsReported) {
  EXPECT_THAT(Compare(LinesOf(kBefore), LinesOf(GetParam().after)).broken, SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(
    V1, BreakingChangeTest,
    ::testing::Values(
        ChangeCase{"FieldGone",
                   "message A { oneof c { int32 d = 2; } } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }"
                   "service S { rpc F(A) returns (A); }"},
        ChangeCase{"NumberChanged",
                   "message A { string b = 3; oneof c { int32 d = 2; } }"
                   "enum E { E_UNSPECIFIED = 0; E_ONE = 1; } service S { rpc F(A) returns (A); }"},
        ChangeCase{"TypeChanged",
                   "message A { bytes b = 1; oneof c { int32 d = 2; } }"
                   "enum E { E_UNSPECIFIED = 0; E_ONE = 1; } service S { rpc F(A) returns (A); }"},
        ChangeCase{"NowRepeated",
                   "message A { repeated string b = 1; oneof c { int32 d = 2; } }"
                   "enum E { E_UNSPECIFIED = 0; E_ONE = 1; } service S { rpc F(A) returns (A); }"},
        ChangeCase{"OutOfItsOneof",
                   "message A { string b = 1; int32 d = 2; }"
                   "enum E { E_UNSPECIFIED = 0; E_ONE = 1; } service S { rpc F(A) returns (A); }"},
        ChangeCase{"EnumValueRenamed",
                   "message A { string b = 1; oneof c { int32 d = 2; } }"
                   "enum E { E_UNSPECIFIED = 0; E_TWO = 1; } service S { rpc F(A) returns (A); }"},
        ChangeCase{
            "CallNowStreams",
            "message A { string b = 1; oneof c { int32 d = 2; } }"
            "enum E { E_UNSPECIFIED = 0; E_ONE = 1; } service S { rpc F(A) returns (stream A); }"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(CompareTest, AdditionsBreakNothing) {
  const LockDifference difference = Compare(LinesOf("message A { string b = 1; }"),
                                            LinesOf("message A { string b = 1; int32 c = 2; }"));
  EXPECT_THAT(difference.broken, IsEmpty());
  EXPECT_THAT(difference.added, ElementsAre("t.A.c = 2 int32 singular"));
}

TEST(CompareTest, TellsWhatStandsThereNow) {
  EXPECT_THAT(Compare({"t.A.b = 1 string singular", "t.A.c = 2 int32 singular"},
                      {"t.A.b = 1 bytes singular"})
                  .broken,
              ElementsAre("t.A.b = 1 string singular  is now  t.A.b = 1 bytes singular",
                          "t.A.c = 2 int32 singular  is gone"));
}

}  // namespace
}  // namespace hallwarden::vocabulary
