#include "daemon/app/flags.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

TEST(FlagsTest, AreReadInBothForms) {
  const absl::StatusOr<Flags> flags =
      ParseFlags({"--store", "dir", "--listen=127.0.0.1:1", "--export", "--log-level", "error"});
  ASSERT_TRUE(flags.ok()) << flags.status();
  EXPECT_EQ(flags->store, "dir");
  EXPECT_EQ(flags->listen, "127.0.0.1:1");
  EXPECT_TRUE(flags->export_store);
  EXPECT_EQ(flags->log_level, LogLevel::kError);
}

TEST(FlagsTest, NameTheWordThatIsWrong) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--stroe", "x"}, "--stroe"},
      {{"store"}, "`store`"},
      {{"--store"}, "needs a value"},
      {{"--store="}, "cannot be"},
      {{"--export=yes"}, "takes no value"},
      {{"--log-level", "loud"}, "loud"},
      {{"--test-group-max", "0"}, "cannot be"},
      {{"--test-group-max", "9x"}, "cannot be"},
  };
  for (const auto& [words, what] : cases) {
    const absl::StatusOr<Flags> flags = ParseFlags(words);
    ASSERT_FALSE(flags.ok()) << words.front();
    EXPECT_THAT(std::string(flags.status().message()), HasSubstr(what));
  }
}

TEST(FlagsTest, HelpNamesEveryFlag) {
  for (const char* flag : {"--store", "--listen", "--pid-file", "--check-policy", "--export",
                           "--policy", "--version", "--log-level", "--test-clock"}) {
    EXPECT_THAT(FlagsHelp(), HasSubstr(flag));
  }
}

TEST(FlagsTest, OnlyThisHostIsLoopback) {
  for (const char* listen : {"127.0.0.1:7700", "127.1.2.3:1", "[::1]:7700", "localhost:7700",
                             "unix:/run/hallwarden.sock"}) {
    EXPECT_TRUE(IsLoopback(listen)) << listen;
  }
  for (const char* listen : {"0.0.0.0:7700", "[::]:7700", "10.0.0.1:1", "example.org:1",
                             "127.0.0.1.example.org:1", "127.evil:1", ":7700", ""}) {
    EXPECT_FALSE(IsLoopback(listen)) << listen;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
