#include "tests/arch/file_checks.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::arch {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;

using FileCheck = std::vector<Violation> (*)(const SourceFile&);

// The marks below are put together from halves, so that this file is not a violation of what it
// tests.
struct FileCase {
  std::string name;
  FileCheck check;
  std::string path;
  std::string text;
  std::size_t violations;
  friend void PrintTo(const FileCase& c, std::ostream* os) { *os << c.name; }
};

std::vector<Violation> CheckPaths(const SourceFile& file) {
  return CheckMachinePaths(file, "/srv/checkouts/hallwarden");
}

class FileCheckTest : public ::testing::TestWithParam<FileCase> {};

TEST_P(FileCheckTest, Finds) {
  const FileCase& c = GetParam();
  EXPECT_THAT(c.check(Parse(c.path, c.text)), SizeIs(c.violations));
}

INSTANTIATE_TEST_SUITE_P(
    LineEnds, FileCheckTest,
    ::testing::Values(FileCase{"Good", CheckLineEnds, "a.h", "a\nb\n", 0},
                      FileCase{"Empty", CheckLineEnds, "a.h", "", 1},
                      FileCase{"NoLineBreakAtTheEnd", CheckLineEnds, "a.h", "a", 1},
                      FileCase{"EmptyLineAtTheEnd", CheckLineEnds, "a.h", "a\n\n", 1},
                      FileCase{"CarriageReturn", CheckLineEnds, "a.h", "a\r\n", 1}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    HeaderGuard, FileCheckTest,
    ::testing::Values(FileCase{"Pragma", CheckHeaderGuard, "a.h", "#pragma once\n", 0},
                      FileCase{"Macro", CheckHeaderGuard, "a.h", "#ifndef A\n#define A\n#endif\n",
                               0},
                      FileCase{"None", CheckHeaderGuard, "a.h", "int x;\n", 1},
                      FileCase{"OnlyInComment", CheckHeaderGuard, "a.h", "// #pragma once\n", 1},
                      FileCase{"NotAHeader", CheckHeaderGuard, "a.cc", "int x;\n", 0}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    UnfinishedMarks, FileCheckTest,
    ::testing::Values(FileCase{"InComment", CheckUnfinishedMarks, "a.h",
                               "// TO"
                               "DO: x\n",
                               1},
                      FileCase{"InScript", CheckUnfinishedMarks, "tools/up",
                               "# FIX"
                               "ME\n",
                               1},
                      FileCase{"InString", CheckUnfinishedMarks, "a.cc",
                               "\"XX"
                               "X\"\n",
                               1},
                      FileCase{"Third", CheckUnfinishedMarks, "a.proto",
                               "// HA"
                               "CK\n",
                               1},
                      FileCase{"Template", CheckUnfinishedMarks, "a.sh", "mktemp -d x.XXXXXX\n", 0},
                      FileCase{"LowerCase", CheckUnfinishedMarks, "a.h", "// todo list\n", 0},
                      FileCase{"Prose", CheckUnfinishedMarks, "a.md",
                               "no TO"
                               "DO here\n",
                               0}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(UsingNamespace, FileCheckTest,
                         ::testing::Values(FileCase{"Std", CheckUsingNamespace, "a.cc",
                                                    "using namespace std;\n", 1},
                                           FileCase{"Own", CheckUsingNamespace, "a.cc",
                                                    "using namespace hallwarden::v1;\n", 1},
                                           FileCase{"Literals", CheckUsingNamespace, "a.cc",
                                                    "using namespace std::chrono_literals;\n", 0},
                                           FileCase{"Comment", CheckUsingNamespace, "a.cc",
                                                    "// using namespace std;\n", 0}),
                         [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    DisabledTests, FileCheckTest,
    ::testing::Values(FileCase{"Test", CheckDisabledTests, "a.cc", "TEST(A, DISABLED_B) {}\n", 1},
                      FileCase{"Suite", CheckDisabledTests, "a.cc", "TEST(DISABLED_A, B) {}\n", 1},
                      FileCase{"Comment", CheckDisabledTests, "a.cc", "// DISABLED_A\n", 0}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Nolint, FileCheckTest,
    ::testing::Values(
        FileCase{"Bare", CheckNolint, "a.cc", "int x;  // NOLINT\n", 1},
        FileCase{"NoReason", CheckNolint, "a.cc", "int x;  // NOLINT(bugprone-x)\n", 1},
        FileCase{"ShortReason", CheckNolint, "a.cc", "int x;  // NOLINT(bugprone-x): ok\n", 1},
        FileCase{"NoCheck", CheckNolint, "a.cc", "// NOLINTNEXTLINE: because of that\n", 1},
        FileCase{"EmptyCheck", CheckNolint, "a.cc", "// NOLINT(): because of that\n", 1},
        FileCase{"AllChecks", CheckNolint, "a.cc", "// NOLINT(*): because of that\n", 1},
        FileCase{"Good", CheckNolint, "a.cc", "// NOLINT(bugprone-x): C callback\n", 0},
        FileCase{"GoodNextLine", CheckNolint, "a.cc", "// NOLINTNEXTLINE(a-b): C callback\n", 0},
        FileCase{"GoodEnd", CheckNolint, "a.cc",
                 "// NOLINT"
                 "END(bugprone-x)\n",
                 0},
        FileCase{"String", CheckNolint, "a.cc", "auto s = \"NOLINT\";\n", 0}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(MachinePaths, FileCheckTest,
                         ::testing::Values(FileCase{"Home", CheckPaths, "a.md",
                                                    "see /ho"
                                                    "me/li/x\n",
                                                    1},
                                           FileCase{"Root", CheckPaths, "tools/up",
                                                    "cd /ro"
                                                    "ot/x\n",
                                                    1},
                                           FileCase{"Mac", CheckPaths, "a.md",
                                                    "(/Us"
                                                    "ers/li)\n",
                                                    1},
                                           FileCase{"Checkout", CheckPaths, "a.md",
                                                    "in /srv/checkouts/hallwarden/build\n", 1},
                                           FileCase{"LongerPath", CheckPaths, "a.md",
                                                    "docs/ho"
                                                    "me/x and $X/home/y\n",
                                                    0},
                                           FileCase{"Relative", CheckPaths, "a.md", "./build/dev\n",
                                                    0}),
                         [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Characters, FileCheckTest,
    ::testing::Values(
        FileCase{"ChineseLiteral", CheckCharacters, "a.cc", "auto s = \"\u5df2\u5904\";\n", 0},
        FileCase{"ChineseComment", CheckCharacters, "a.cc", "// \u5df2\u5904\n", 0},
        FileCase{"ChineseIdentifier", CheckCharacters, "a.cc", "int \u5df2;\n", 1},
        FileCase{"ZeroWidthInLiteral", CheckCharacters, "a.cc", "auto s = \"a\u200bb\";\n", 1},
        FileCase{"DirectionMarkInComment", CheckCharacters, "a.proto", "// a\u202eb\n", 1},
        FileCase{"ByteOrderMark", CheckCharacters, "a.md", "\ufeff# A\n", 1},
        FileCase{"BrokenUtf8", CheckCharacters, "a.md", "a\xff\n", 1},
        FileCase{"CutUtf8", CheckCharacters, "a.md", "a\xe5\xb7", 1},
        FileCase{"ZeroByte", CheckCharacters, "a.md", std::string("a\0b\n", 4), 1}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ReadmesTest, AFolderWithSourcesNeedsOne) {
  const std::vector<SourceFile> files = {
      Parse("rules/README.md", "x"), Parse("rules/a.cc", "x"),
      Parse("rules/text/b.h", "x"),  Parse("proto/a/v1/c.proto", "x"),
      Parse("docs/d.md", "x"),       Parse("tests/rules/e_test.cc", "x"),
      Parse("tests/README.md", "x")};
  EXPECT_THAT(CheckReadmes(files), ElementsAre(Field(&Violation::path, "proto/README.md"),
                                               Field(&Violation::path, "rules/text/README.md")));
}

TEST(ListedSourcesTest, ASourceThatNobodyBuildsIsReported) {
  const std::vector<SourceFile> files = {
      Parse("rules/CMakeLists.txt", "hw_add_library(rules SRCS a.cc text/b.cc)"),
      Parse("tests/CMakeLists.txt", "hw_add_test(c_test SRCS xc_test.cc)"),
      Parse("cmake/A.cmake", "target_sources(x tests/d_main.cc)"),
      Parse("tests/d_main.cc", "x"),
      Parse("rules/a.cc", "x"),
      Parse("rules/text/b.cc", "x"),
      Parse("rules/text/b.h", "x"),
      Parse("tests/c_test.cc", "x")};
  EXPECT_THAT(CheckListedSources(files), ElementsAre(Field(&Violation::path, "tests/c_test.cc")));
}

}  // namespace
}  // namespace hallwarden::arch
