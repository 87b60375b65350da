#include "daemon/log.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kAtUs = 1'800'000'000'123'456;

TEST(LogTest, ALineOfTextIsOneLineWhateverIsInIt) {
  EXPECT_EQ(FormatLogLine(LogFormat::kText, kAtUs, LogLevel::kInfo, "session: hall-1\nopened\x1b"),
            "2027-01-15T08:00:00.123Z info: session: hall-1\\x0aopened\\x1b\n");
}

TEST(LogTest, ALineOfJsonIsOneObject) {
  EXPECT_EQ(
      FormatLogLine(LogFormat::kJson, kAtUs, LogLevel::kError, "ALARM clock: it says \"no\"\n"),
      "{\"time\":\"2027-01-15T08:00:00.123Z\",\"level\":\"error\",\"part\":\"clock\","
      "\"alarm\":true,\"message\":\"clock: it says \\\"no\\\"\\\\x0a\"}\n");
  EXPECT_THAT(FormatLogLine(LogFormat::kJson, kAtUs, LogLevel::kInfo, "hallwardend 1.0: starts"),
              HasSubstr("\"part\":\"\",\"alarm\":false"));
}

TEST(LogTest, RepeatsAreCountedInsteadOfWritten) {
  RepeatFilter filter;
  std::int64_t now_us = 1;
  std::uint32_t written = 0;
  for (int i = 0; i < 1000; ++i) {
    if (filter.Pass("session: hall-1 sent seq " + std::to_string(i), now_us).has_value()) ++written;
  }
  EXPECT_EQ(written, RepeatFilter::kBurst);
  EXPECT_TRUE(filter.Pass("store: something else", now_us).has_value());
  now_us += RepeatFilter::kWindowUs;
  EXPECT_EQ(filter.Pass("session: hall-1 sent seq 5000", now_us), 1000U - RepeatFilter::kBurst);
  EXPECT_EQ(filter.Pass("session: hall-1 sent seq 5001", now_us), 0U);
}

TEST(LogTest, WordsAreReadBack) {
  EXPECT_EQ(ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_EQ(ParseLogFormat("xml"), std::nullopt);
  EXPECT_EQ(ParseLogLevel("warning"), LogLevel::kWarning);
}

}  // namespace
}  // namespace hallwarden::daemon
