#include "tests/arch/cpp_source.h"

#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::arch {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct LayersCase {
  std::string name;
  std::string text;
  std::string code;
  std::string comments;
  friend void PrintTo(const LayersCase& c, std::ostream* os) { *os << c.name; }
};

class ParseTest : public ::testing::TestWithParam<LayersCase> {};

TEST_P(ParseTest, TellsCodeFromCommentsAndLiterals) {
  const SourceFile file = Parse("rules/a.cc", GetParam().text);
  EXPECT_EQ(file.code, GetParam().code);
  EXPECT_EQ(file.comments, GetParam().comments);
}

INSTANTIATE_TEST_SUITE_P(
    Layers, ParseTest,
    ::testing::Values(LayersCase{"LineComment", "a; // b\nc", "a;     \nc", "   // b\n "},
                      LayersCase{"BlockComment", "a /* b\n c */ d", "a     \n      d",
                                 "  /* b\n c */  "},
                      LayersCase{"String", "f(\"// no\")", "f(\"     \")", "          "},
                      LayersCase{"EscapedQuote", "\"a\\\"b\" c", "\"    \" c", "        "},
                      LayersCase{"CharacterLiteral", "'\"' // x", "' '     ", "    // x"},
                      LayersCase{"DigitSeparator", "1'000 // x", "1'000     ", "      // x"},
                      LayersCase{"RawString", "R\"x(a\"\n)\" // )x\" // y",
                                 "R\"    \n        \"     ", "      \n          // y"},
                      LayersCase{"UnfinishedString", "\"ab\nc", "\"  \nc", "   \n "},
                      LayersCase{"UnfinishedRawString", "R\"(ab", "R\"  \"", "     "},
                      LayersCase{"UnfinishedComment", "a /* b", "a     ", "  /* b"},
                      LayersCase{"BackslashAtTheEnd", "\"\\", "\" ", "  "}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ParseTest, FindsIncludesButNotThoseInComments) {
  const SourceFile file = Parse("rules/a.cc",
                                "#include <vector>\n"
                                "// #include \"daemon/a.h\"\n"
                                "  # include \"rules/b.h\"  // why\n");
  ASSERT_THAT(file.includes, SizeIs(2));
  EXPECT_EQ(file.includes[0].target, "vector");
  EXPECT_TRUE(file.includes[0].angled);
  EXPECT_EQ(file.includes[1].target, "rules/b.h");
  EXPECT_EQ(file.includes[1].line, 3U);
  EXPECT_FALSE(file.includes[1].angled);
}

TEST(ParseTest, LeavesOtherFilesWhole) {
  const SourceFile file = Parse("tools/test", "echo '#include <vector>'\n");
  EXPECT_THAT(file.includes, IsEmpty());
  EXPECT_EQ(file.code, "");
}

TEST(FindWordTest, StopsAtTheEndsOfIdentifiers) {
  EXPECT_THAT(FindWord("rand( srand( rand(", "rand("), ElementsAre(0U, 13U));
  EXPECT_THAT(FindWord("std::hash xstd::hash std::hasher", "std::hash"), ElementsAre(0U));
  EXPECT_THAT(FindWord("float_max", "float"), IsEmpty());
}

TEST(LineAtTest, CountsFromOne) {
  EXPECT_EQ(LineAt("a\nb\n", 0), 1U);
  EXPECT_EQ(LineAt("a\nb\n", 2), 2U);
}

TEST(ToStringTest, WritesLikeACompiler) {
  EXPECT_EQ(ToString({"rules/a.cc", 7, "no"}), "rules/a.cc:7: no");
  EXPECT_EQ(ToString({"rules/a.cc", 0, "no"}), "rules/a.cc: no");
}

}  // namespace
}  // namespace hallwarden::arch
