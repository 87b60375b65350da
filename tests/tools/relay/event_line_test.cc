#include "tools/relay/event_line.h"

#include <string>

#include <gtest/gtest.h>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::relay {
namespace {

TEST(EventLineTest, ReadsProto3Json) {
  const EventLine line = ParseEventLine(
      R"({"account":"a1","eventTime":"2026-01-05T00:00:01Z","chat":{"text":"5aW9","quickChat":true}})",
      false, false);
  EXPECT_EQ(line.fault, "");
  v1::HallEvent event;
  ASSERT_TRUE(event.ParseFromString(line.bytes));
  EXPECT_EQ(event.chat().text(), "\xE5\xA5\xBD");
}

struct BadLine {
  const char* text;
  bool too_long;
};

TEST(EventLineTest, SendsABadLineAsSomethingThatNoParserTakes) {
  for (const BadLine& bad :
       {BadLine{"", false}, BadLine{"   ", false}, BadLine{"{", false}, BadLine{"[]", false},
        BadLine{"null", false}, BadLine{R"({"acount":"typing mistake"})", false},
        BadLine{R"({"account":7})", false}, BadLine{"{\"account\":\"\xFF\"}", false},
        BadLine{R"({"account":"a"})", true}}) {
    const EventLine line = ParseEventLine(bad.text, bad.too_long, false);
    EXPECT_NE(line.fault, "") << bad.text;
    v1::HallEvent event;
    EXPECT_FALSE(event.ParseFromString(line.bytes)) << bad.text;
    EXPECT_EQ(line.bytes, ParseEventLine(bad.text, bad.too_long, false).bytes);
  }
}

TEST(EventLineTest, TakesUnknownFieldsOnlyWhenAsked) {
  const std::string text = R"({"account":"a","news":1,"loggedOut":{}})";
  EXPECT_NE(ParseEventLine(text, false, false).fault, "");
  EXPECT_EQ(ParseEventLine(text, false, true).fault, "");
}

}  // namespace
}  // namespace hallwarden::relay
