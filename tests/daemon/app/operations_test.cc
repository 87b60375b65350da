// docs/OPERATIONS.md is what operators believe: it names every flag, metric and alarm there is.
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/app/flags.h"
#include "daemon/metrics/report.h"
#include "daemon/wording/wording.h"
#include "rules/policy/policy.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

std::string Document() {
  std::ifstream in("../../../docs/OPERATIONS.md");
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(text.empty());
  return text;
}

// Words of `text` that begin with `prefix`, up to the first character that is in none.
std::set<std::string> WordsWith(const std::string& text, const std::string& prefix,
                                const std::string& characters) {
  std::set<std::string> words;
  for (std::size_t at = text.find(prefix); at != std::string::npos;
       at = text.find(prefix, at + 1)) {
    const std::size_t end = text.find_first_not_of(characters, at);
    words.insert(text.substr(at, end - at));
  }
  return words;
}

constexpr char kLower[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(OperationsDocumentTest, NamesEveryFlagAndNoOther) {
  const std::string document = Document();
  const std::set<std::string> flags = WordsWith(FlagsHelp(), "--", kLower);
  for (const std::string& flag : flags)
    EXPECT_THAT(document, HasSubstr("`" + flag)) << flag;
  // In the table; elsewhere gmctl's flags are named, too.
  std::istringstream lines(document);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("| `--", 0) != 0) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (const std::string& flag : WordsWith(cell, "--", kLower))
      EXPECT_TRUE(flags.contains(flag)) << flag << " is no flag";
  }
}

TEST(OperationsDocumentTest, TellsTheDefaultsThatAreInForce) {
  const std::string document = Document();
  const Flags flags;
  EXPECT_THAT(document, HasSubstr("| `--listen ADDRESS` | `" + flags.listen + "` |"));
  const policy::Breakers breakers;
  EXPECT_THAT(
      document,
      HasSubstr("`breakers.server_per_minute` " + std::to_string(breakers.server_per_minute) +
                ", `server_per_hour` " + std::to_string(breakers.server_per_hour)));
  EXPECT_THAT(document, HasSubstr("`breakers.rule_norm_factor` " +
                                  std::to_string(breakers.rule_norm_factor)));
  EXPECT_THAT(document, HasSubstr("`rule_norm_floor` " + std::to_string(breakers.rule_norm_floor)));
}

TEST(OperationsDocumentTest, NamesEveryMetric) {
  const std::string document = Document();
  std::istringstream lines(MetricsText(Observation()));
  int metrics = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string type;
    std::string name;
    words >> hash >> type >> name;
    if (type != "TYPE") continue;
    ++metrics;
    EXPECT_THAT(document, HasSubstr("`" + name + "`"));
  }
  EXPECT_GT(metrics, 30);
}

// Every check that can be unwell has words of its own, `health.NAME_bad` or one of these.
TEST(OperationsDocumentTest, TellsWhatToDoForEveryAlarm) {
  const std::string document = Document();
  const std::string prefix = "health.";
  const std::string suffix = "_bad";
  int alarms = 0;
  for (const std::string& key : wording::Keys()) {
    if (key.rfind(prefix, 0) != 0 || !key.ends_with(suffix)) continue;
    const std::string check = key.substr(prefix.size(), key.size() - prefix.size() - suffix.size());
    EXPECT_THAT(document, HasSubstr("\n| `" + check + "` | ")) << check;
    ++alarms;
  }
  EXPECT_GE(alarms, 10);
  for (const char* check : {"restore", "quarantine"})
    EXPECT_THAT(document, HasSubstr(std::string("\n| `") + check + "` | "));
}

}  // namespace
}  // namespace hallwarden::daemon
