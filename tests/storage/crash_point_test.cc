// The list of crash points is complete, and arming one does what it says.
#include "storage/crash_point.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <signal.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hallwarden::storage {
namespace {

// How often each name stands in the sources of the daemon.
std::map<std::string, int> NamesInSources() {
  const std::regex use("HW_CRASH_POINT\\(\"([^\"]+)\"\\)");
  std::map<std::string, int> names;
  for (const char* folder : {"storage", "daemon", "rules"}) {
    const std::filesystem::path top = std::filesystem::path(HW_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
      if (entry.path().extension() != ".cc") continue;
      std::ifstream in(entry.path());
      const std::string text((std::istreambuf_iterator<char>(in)),
                             std::istreambuf_iterator<char>());
      for (std::sregex_iterator it(text.begin(), text.end(), use), end; it != end; ++it)
        ++names[(*it)[1]];
    }
  }
  return names;
}

TEST(CrashPointTest, TheListNamesExactlyWhatTheSourcesHave) {
  std::map<std::string, int> listed;
  for (const CrashPoint& point : CrashPoints()) {
    EXPECT_FALSE(point.meaning.empty()) << point.name;
    listed[std::string(point.name)] = 1;
  }
  EXPECT_EQ(NamesInSources(), listed);
  EXPECT_EQ(listed.size(), CrashPoints().size()) << "a name is listed twice";
  EXPECT_GE(listed.size(), 24U);
}

TEST(CrashPointTest, AnUnknownNameOrABadNumberIsRefused) {
  for (const char* spec : {"", "commit", "commit.written:0", "commit.written:x",
                           "commit.written:1:explode", "commit.written:"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ArmCrashPoint(spec))) << spec;
  }
}

// Passes four points, of which the last is the armed one's second time.
[[noreturn]] void PassThePoints() {
  if (!ArmCrashPoint("commit.written:2").ok()) _exit(3);
  HW_CRASH_POINT("commit.begun");
  HW_CRASH_POINT("commit.written");
  for (const char* name : {"commit.marked", "commit.written"})
    HW_CRASH_POINT(name);
  _exit(4);
}

TEST(CrashPointDeathTest, TheProcessDiesAtTheNthTimeAndSaysWhere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(PassThePoints(), ::testing::KilledBySignal(SIGKILL),
              "crash point commit.written reached");
}

}  // namespace
}  // namespace hallwarden::storage
