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
      {{"--log-format", "xml"}, "xml"},
      {{"--metrics", "0.0.0.0:9464"}, "0.0.0.0:9464"},
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
  for (const char* flag :
       {"--store", "--listen", "--pid-file", "--check-policy", "--export", "--policy", "--version",
        "--log-level", "--test-clock", "--tls-cert", "--tls-crl", "--max-connections"}) {
    EXPECT_THAT(FlagsHelp(), HasSubstr(flag));
  }
}

TEST(FlagsTest, WhatBelongsTogetherIsGivenTogether) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--tls-cert", "c"}, "--tls-key"},
      {{"--tls-key", "k"}, "--tls-cert"},
      {{"--tls-client-ca", "a"}, "--tls-cert"},
      {{"--tls-cert", "c", "--tls-key", "k", "--tls-crl", "r"}, "--tls-client-ca"},
      {{"--tls-cert", "c", "--tls-key", "k", "--tls-require-client-cert", "all"},
       "--tls-client-ca"},
      {{"--tls-require-client-cert", "everybody"}, "everybody"},
      {{"--max-connections", "0"}, "cannot be"},
  };
  for (const auto& [words, what] : cases) {
    const absl::StatusOr<Flags> flags = ParseFlags(words);
    ASSERT_FALSE(flags.ok()) << words.front();
    EXPECT_THAT(std::string(flags.status().message()), HasSubstr(what));
  }
}

TEST(FlagsTest, ServersMustShowACertificateWhereClientsAreAskedForOne) {
  EXPECT_EQ(ParseFlags({})->tls.rule(), ClientCertificateRule::kNobody);
  EXPECT_EQ(ParseFlags({"--tls-cert=c", "--tls-key=k"})->tls.rule(),
            ClientCertificateRule::kNobody);
  EXPECT_EQ(ParseFlags({"--tls-cert=c", "--tls-key=k", "--tls-client-ca=a"})->tls.rule(),
            ClientCertificateRule::kServers);
  EXPECT_EQ(ParseFlags({"--tls-cert=c", "--tls-key=k", "--tls-client-ca=a",
                        "--tls-require-client-cert=nobody"})
                ->tls.rule(),
            ClientCertificateRule::kNobody);
}

}  // namespace
}  // namespace hallwarden::daemon
