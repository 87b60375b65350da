// What the check says, and where.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/policy/policy.h"
#include "tests/rules/policy/golden.h"

namespace hallwarden::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// One case of check_messages.txt.
struct MessageCase {
  std::string name;
  std::string find;
  std::string write;
  std::string says;
};

std::string Between(const std::string& text, std::string_view begin, std::string_view end,
                    std::size_t from) {
  const std::size_t first = text.find(begin, from) + begin.size();
  const std::size_t last = text.find(end, first);
  return text.substr(first, last - first);
}

std::vector<MessageCase> ReadCases(const std::string& file) {
  std::vector<MessageCase> cases;
  constexpr std::string_view kCase = "\n=== ";
  for (std::size_t at = file.find(kCase); at != std::string::npos; at = file.find(kCase, at + 1)) {
    MessageCase message_case;
    message_case.name = Between(file, "\n=== ", "\n", at);
    message_case.find = Between(file, "\n--- find\n", "\n--- write", at);
    message_case.write = Between(file, "\n--- write\n", "\n--- says", at);
    // Keeps the new line before `--- end`, so that no diagnostic at all is an empty text.
    message_case.says = Between(file, "\n--- says\n", "--- end", at);
    cases.push_back(std::move(message_case));
  }
  return cases;
}

TEST(CheckTest, BaseHasNoDiagnostic) {
  const std::string base = ReadTestdata("base.policy.textproto");
  const CompileResult result = Compile(base, "base", "00");
  EXPECT_EQ(FormatDiagnostics(result, base), "");
  EXPECT_NE(result.policy, nullptr);
}

TEST(CheckTest, SaysWhatTheGoldenSays) {
  const std::string base = ReadTestdata("base.policy.textproto");
  const std::string file = ReadTestdata("check_messages.txt");
  std::string updated = file.substr(0, file.find("\n=== "));
  const std::vector<MessageCase> cases = ReadCases(file);
  EXPECT_GE(cases.size(), 90U);
  for (const MessageCase& message_case : cases) {
    SCOPED_TRACE(message_case.name);
    std::string source = base;
    const std::size_t at = source.find(message_case.find);
    ASSERT_NE(at, std::string::npos);
    source.replace(at, message_case.find.size(), message_case.write);
    const CompileResult result = Compile(source, "hall", "00");
    const std::string says = FormatDiagnostics(result, source);
    EXPECT_NE(says, "") << "the mistake was not noticed";
    updated += "\n=== " + message_case.name + "\n--- find\n" + message_case.find + "\n--- write\n" +
               message_case.write + "\n--- says\n" + says + "--- end\n";
    EXPECT_TRUE(UpdatesGoldens() || message_case.says == says) << "expected:\n"
                                                               << message_case.says << "actual:\n"
                                                               << says;
  }
  if (UpdatesGoldens()) WriteTestdata("check_messages.txt", updated);
}

TEST(CheckTest, PolicyIsNullExactlyIfSomethingIsFatal) {
  const std::string base = ReadTestdata("base.policy.textproto");
  for (const MessageCase& message_case : ReadCases(ReadTestdata("check_messages.txt"))) {
    std::string source = base;
    source.replace(source.find(message_case.find), message_case.find.size(), message_case.write);
    const CompileResult result = Compile(source, "hall", "00");
    bool fatal = false;
    for (const v1::Diagnostic& diagnostic : result.diagnostics) {
      fatal = fatal || diagnostic.fatal();
      EXPECT_GE(diagnostic.line(), 1);
      EXPECT_GE(diagnostic.column(), 1);
      EXPECT_NE(diagnostic.reason(), "");
      EXPECT_NE(diagnostic.hint(), "");
    }
    EXPECT_EQ(result.policy == nullptr, fatal) << message_case.name;
  }
}

TEST(CheckTest, EmptyTextIsNoPolicy) {
  EXPECT_EQ(Compile("", "hall", "00").policy, nullptr);
  EXPECT_EQ(Compile("# nothing\n", "hall", "00").policy, nullptr);
}

TEST(CheckTest, RefusesMoreThanOneMebibyte) {
  const std::string source(std::size_t{1} << 20, '#');
  EXPECT_THAT(Compile(source, "hall", "00").diagnostics, testing::Not(IsEmpty()));
  const CompileResult result = Compile(source + "#", "hall", "00");
  EXPECT_EQ(result.policy, nullptr);
  ASSERT_THAT(result.diagnostics, SizeIs(1));
  EXPECT_EQ(result.diagnostics[0].reason(), "the text has 1048577 bytes");
}

TEST(CheckTest, RefusesDeepNestingWhereItBegins) {
  for (const std::string_view open : {"a {", "a <", "a: [", "rules { title {"}) {
    std::string source = "\n";
    for (int i = 0; i < 20'000; ++i)
      source += open;
    const CompileResult result = Compile(source, "hall", "00");
    EXPECT_EQ(result.policy, nullptr);
    ASSERT_THAT(result.diagnostics, SizeIs(1));
    EXPECT_EQ(result.diagnostics[0].line(), 2);
    EXPECT_EQ(result.diagnostics[0].reason(), "nested more than 16 deep");
  }
}

TEST(CheckTest, BracesInStringsAndCommentsDoNotNest) {
  std::string source = ReadTestdata("base.policy.textproto") + "# ";
  for (int i = 0; i < 100; ++i)
    source += "{[<";
  EXPECT_THAT(Compile(source, "hall", "00").diagnostics, IsEmpty());
}

TEST(CheckTest, NamesThePlaceOfBytesThatAreNoUtf8) {
  // GBK for two Chinese characters.
  const CompileResult result = Compile("title: \"x\"\n  # \xCD\xE6\xBC\xD2\n", "hall", "00");
  EXPECT_EQ(result.policy, nullptr);
  ASSERT_THAT(result.diagnostics, SizeIs(1));
  EXPECT_EQ(result.diagnostics[0].line(), 2);
  EXPECT_EQ(result.diagnostics[0].column(), 5);
  EXPECT_THAT(result.diagnostics[0].hint(), HasSubstr("GBK"));
}

TEST(CheckTest, RefusesControlCharacters) {
  const CompileResult result = Compile(std::string("title: \"a\0b\"", 12), "hall", "00");
  ASSERT_THAT(result.diagnostics, SizeIs(1));
  EXPECT_EQ(result.diagnostics[0].column(), 10);
}

TEST(CheckTest, TakesAByteOrderMarkAndWindowsLines) {
  std::string source = "\xEF\xBB\xBF";
  for (const std::string& line : Lines(ReadTestdata("base.policy.textproto"))) {
    source += line + "\r\n";
  }
  EXPECT_EQ(FormatDiagnostics(Compile(source, "hall", "00"), source), "");
}

TEST(CheckTest, KeepsAHundredErrorsAndCountsTheRest) {
  std::string source;
  for (int i = 0; i < 150; ++i)
    source += "nonsense: 1\n";
  const CompileResult result = Compile(source, "hall", "00");
  ASSERT_THAT(result.diagnostics, SizeIs(101));
  EXPECT_EQ(result.diagnostics[100].reason(), "and 50 more");
}

TEST(CheckTest, RefusesTooManyRules) {
  std::string source = ReadTestdata("base.policy.textproto");
  for (int i = 0; i < 500; ++i)
    source += "rules {}\n";
  const CompileResult result = Compile(source, "hall", "00");
  ASSERT_THAT(result.diagnostics, SizeIs(1));
  EXPECT_EQ(result.diagnostics[0].reason(), "503 rules");
}

// Hundreds of rules and long names must not make a check take noticeable time.
TEST(CheckTest, LargePoliciesCompile) {
  std::string source = ReadTestdata("base.policy.textproto");
  for (int i = 0; i < 400; ++i) {
    source += "rules { rule_id: \"r" + std::to_string(i) +
              "\" title { zh: \"a\" en: \"a\" } offences: OFFENCE_NAME mode: MODE_SHADOW "
              "min_confidence: CONFIDENCE_PLAIN action: ACTION_NOTE }\n";
  }
  EXPECT_NE(Compile(source, "hall", "00").policy, nullptr);
}

}  // namespace
}  // namespace hallwarden::policy
