// The checks of this folder, applied to the tree they stand in.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/arch/cpp_source.h"
#include "tests/arch/file_checks.h"
#include "tests/arch/layer_checks.h"
#include "tests/arch/link_checks.h"

namespace hallwarden::arch {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What people wrote, as opposed to data that tests and evaluations read: player text breaks every
// rule of ours.
bool IsWritten(const fs::path& path) {
  constexpr std::array<std::string_view, 12> kEndings = {".h",   ".cc",   ".proto", ".cmake",
                                                         ".md",  ".sh",   ".json",  ".yaml",
                                                         ".yml", ".lock", ".supp",  ".txt"};
  const std::string extension = path.extension().string();
  if (extension.empty()) {
    const std::string name = path.filename().string();
    // In a worktree .git is a file.
    return name != "LICENSE" && name != ".git";
  }
  return std::find(kEndings.begin(), kEndings.end(), extension) != kEndings.end();
}

bool IsSkippedFolder(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "build" || name == "data" || name == "corpus" || name == "golden" ||
         (name.front() == '.' && name != ".ci");
}

const std::vector<SourceFile>& Tree() {
  static const std::vector<SourceFile> kFiles = [] {
    const fs::path top = HW_SOURCE_DIR;
    std::vector<SourceFile> found;
    for (auto it = fs::recursive_directory_iterator(top); it != fs::recursive_directory_iterator();
         ++it) {
      if (it->is_directory() && IsSkippedFolder(it->path())) {
        it.disable_recursion_pending();
      } else if (it->is_regular_file() && IsWritten(it->path())) {
        found.push_back(
            Parse(fs::relative(it->path(), top).generic_string(), ReadFile(it->path())));
      }
    }
    return found;
  }();
  return kFiles;
}

std::string Join(const std::vector<Violation>& violations) {
  std::string out;
  for (const Violation& violation : violations) {
    out += "\n  " + ToString(violation);
  }
  return out;
}

template <typename Check>
void ExpectClean(const Check& check) {
  std::vector<Violation> all;
  for (const SourceFile& file : Tree()) {
    std::ranges::move(check(file), std::back_inserter(all));
  }
  EXPECT_TRUE(all.empty()) << Join(all);
}

TEST(TreeTest, IsRead) {
  const auto has = [](std::string_view path) {
    return std::any_of(Tree().begin(), Tree().end(),
                       [&](const SourceFile& file) { return file.path == path; });
  };
  EXPECT_TRUE(has("CMakeLists.txt"));
  EXPECT_TRUE(has("tests/arch/tree_test.cc"));
  EXPECT_TRUE(has(".ci/run"));
}

TEST(TreeTest, IncludesFollowTheArrows) {
  ExpectClean(CheckIncludes);
}

TEST(TreeTest, RulesArePure) {
  const auto float_files = ParseFloatFiles(ReadFile(HW_SOURCE_DIR "/tests/arch/float_files.txt"));
  ExpectClean([&](const SourceFile& file) { return CheckRulesPurity(file, float_files); });
  for (const FloatFile& entry : float_files) {
    EXPECT_TRUE(fs::exists(fs::path(HW_SOURCE_DIR) / entry.path)) << entry.path << " is gone";
  }
}

TEST(TreeTest, IteratorsAreAskedForTheirStatus) {
  ExpectClean(CheckIteratorStatus);
}

TEST(TreeTest, FilesEndWithALineBreak) {
  ExpectClean(CheckLineEnds);
}

TEST(TreeTest, HeadersCanBeIncludedTwice) {
  ExpectClean(CheckHeaderGuard);
}

TEST(TreeTest, NothingIsMarkedAsUnfinished) {
  ExpectClean(CheckUnfinishedMarks);
}

TEST(TreeTest, NoNamespaceIsUsedWhole) {
  ExpectClean(CheckUsingNamespace);
}

TEST(TreeTest, NoTestIsSwitchedOff) {
  ExpectClean(CheckDisabledTests);
}

TEST(TreeTest, EverySilencedWarningHasAReason) {
  ExpectClean(CheckNolint);
}

TEST(TreeTest, NothingTellsWhereItWasWritten) {
  ExpectClean([](const SourceFile& file) { return CheckMachinePaths(file, HW_SOURCE_DIR); });
}

TEST(TreeTest, NoCharacterHides) {
  ExpectClean(CheckCharacters);
}

TEST(TreeTest, EveryFolderSaysWhatItIsFor) {
  const auto violations = CheckReadmes(Tree());
  EXPECT_TRUE(violations.empty()) << Join(violations);
}

TEST(TreeTest, EverySourceIsBuilt) {
  const auto violations = CheckListedSources(Tree());
  EXPECT_TRUE(violations.empty()) << Join(violations);
}

TEST(LinkTest, LibrariesFollowTheArrows) {
  const auto targets = ParseLinkClosure(ReadFile(HW_LINK_CLOSURE));
  EXPECT_TRUE(std::any_of(targets.begin(), targets.end(),
                          [](const LinkedTarget& t) { return t.name == "hw_proto"; }));
  const auto violations = CheckLinks(targets);
  EXPECT_TRUE(violations.empty()) << Join(violations);
}

}  // namespace
}  // namespace hallwarden::arch
