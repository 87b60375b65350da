#include "rules/text/lexicon.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace hallwarden::text {
namespace {

std::string Message(std::string_view text) {
  const absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(text, "a.lex");
  if (lexicon.ok()) return "OK";
  EXPECT_EQ(lexicon.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(lexicon.status().message());
}

TEST(LexiconTest, ReadsEntriesExamplesAndComments) {
  const absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(
      "# comment\r\n"
      "\n"
      " advert | review | QQ | number, tail | a note | with a bar\r\n"
      "allow | qq farm | a game\n"
      "[must_hit]\n"
      "advert | review | my QQ 12345\n"
      "[must_miss]\n"
      "[GM] of qq | farm\n"
      "[entries]\n"
      "insult | plain | Nasty",
      "a.lex");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status().message();
  ASSERT_EQ(lexicon->entries().size(), 3);
  const LexiconEntry& first = lexicon->entries()[0];
  EXPECT_EQ(first.category, Category::kAdvert);
  EXPECT_EQ(first.severity, Severity::kReview);
  EXPECT_EQ(first.pattern, "QQ");
  EXPECT_EQ(first.folded, U"qq");
  EXPECT_EQ(first.flags, kFlagNumber | kFlagTail);
  EXPECT_EQ(first.comment, "a note | with a bar");
  EXPECT_EQ(first.line, 3);
  EXPECT_EQ(lexicon->entries()[1].category, Category::kAllow);
  EXPECT_EQ(lexicon->entries()[1].comment, "a game");
  EXPECT_EQ(lexicon->entries()[2].line, 10);
  ASSERT_EQ(lexicon->must_hit().size(), 1);
  EXPECT_EQ(lexicon->must_hit()[0].name, "my QQ 12345");
  ASSERT_EQ(lexicon->must_miss().size(), 1);
  EXPECT_EQ(lexicon->must_miss()[0].name, "[GM] of qq | farm");
  EXPECT_EQ(lexicon->must_miss()[0].line, 8);
}

TEST(LexiconTest, ASignInAPatternMakesItExact) {
  const absl::StatusOr<Lexicon> lexicon =
      Lexicon::Parse("advert | plain | t.me/ | sub\nadvert | plain | two words\n", "a.lex");
  ASSERT_TRUE(lexicon.ok());
  EXPECT_EQ(lexicon->entries()[0].flags, kFlagSub | kFlagExact);
  EXPECT_EQ(lexicon->entries()[1].flags, 0);
}

struct FaultCase {
  std::string name;
  std::string text;
  std::string message;
  friend void PrintTo(const FaultCase& c, std::ostream* os) { *os << c.name; }
};

class LexiconFaultTest : public ::testing::TestWithParam<FaultCase> {};

TEST_P(LexiconFaultTest, IsNamedWithFileAndLine) {
  EXPECT_EQ(Message(GetParam().text), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, LexiconFaultTest,
    ::testing::Values(
        FaultCase{"Category", "\npron | plain | xy",
                  "a.lex:2: unknown category 'pron'; use one of allow, porn, insult, religion, "
                  "politics, impersonation, advert, gamble, fraud, abuse"},
        FaultCase{"Severity", "porn | plane | xy",
                  "a.lex:1: unknown severity 'plane'; use one of note, review, plain"},
        FaultCase{"Flag", "porn | plain | xy | sub, hed",
                  "a.lex:1: unknown flag 'hed'; use one of sub, prefix, head, tail, whole, exact, "
                  "number, id, link, sound, nosound"},
        FaultCase{"Section", "[must_hits]",
                  "a.lex:1: unknown section [must_hits]; use [entries], [must_hit] or [must_miss]"},
        FaultCase{"FewFields", "porn | plain",
                  "a.lex:1: expected at least 3 fields, found 2; write: category | severity | "
                  "pattern | flags | comment"},
        FaultCase{"FewAllowFields", "allow",
                  "a.lex:1: expected at least 2 fields, found 1; write: allow | pattern | flags | "
                  "comment"},
        FaultCase{"FewExampleFields", "[must_hit]\nporn | plain",
                  "a.lex:2: expected 3 fields; write: category | severity | name"},
        FaultCase{"Empty", "porn | plain |  ", "a.lex:1: empty pattern; remove the line"},
        FaultCase{"OneCharacter", "porn | plain | \u5978",
                  "a.lex:1: one-character pattern '\u5978' would hit ordinary names; write the "
                  "words that it stands in"},
        FaultCase{"Invisible",
                  "porn | plain | a\u200b"
                  "b",
                  "a.lex:1: pattern 'a\u200b"
                  "b' holds invisible characters or loose accents; "
                  "names are read without them; remove them"},
        FaultCase{"InvalidUtf8", "porn | plain | ab\xff",
                  "a.lex:1: pattern is not valid UTF-8; save the file as UTF-8"},
        FaultCase{"Duplicate", "porn | plain | xy\nporn | review | XY",
                  "a.lex:2: pattern 'XY' is already listed in line 1; keep one of the two"},
        FaultCase{"DeniedAndAllowed", "allow | xy\nporn | review | xy",
                  "a.lex:2: pattern 'xy' is already allowed in line 1; keep one of the two"},
        FaultCase{"AllowedAndDenied", "porn | review | xy\nallow | xy",
                  "a.lex:2: pattern 'xy' is already denied in line 1; keep one of the two"},
        FaultCase{"SeveralFaults", "x | plain | ab\nporn | y | ab",
                  "a.lex:1: unknown category 'x'; use one of allow, porn, insult, religion, "
                  "politics, impersonation, advert, gamble, fraud, abuse\n"
                  "a.lex:2: unknown severity 'y'; use one of note, review, plain"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(LexiconTest, OneCharacterBeforeANumberIsAPattern) {
  EXPECT_EQ(Message("advert | plain | Q | number"), "OK");
  EXPECT_EQ(Message("advert | plain | v | id"), "OK");
}

TEST(LexiconTest, TheSamePatternWithOtherFlagsIsAnotherEntry) {
  EXPECT_EQ(Message("advert | review | qq\nadvert | plain | qq | number"), "OK");
}

TEST(LexiconTest, NamesTwentyFaultsAndCountsTheRest) {
  std::string text;
  for (int i = 0; i < 23; ++i) {
    text += "nonsense\n";
  }
  const std::string message = Message(text);
  EXPECT_THAT(message, ::testing::HasSubstr("a.lex:20: "));
  EXPECT_THAT(message, ::testing::Not(::testing::HasSubstr("a.lex:21: ")));
  EXPECT_THAT(message, ::testing::EndsWith("\n... and 3 more"));
}

TEST(LexiconTest, RefusesWhatIsTooLong) {
  EXPECT_EQ(Message("porn | plain | ab | | " + std::string(kLexiconLineBytesMax, 'x')),
            "a.lex:1: line is longer than 4096 bytes; one entry per line");
  const absl::StatusOr<Lexicon> lexicon =
      Lexicon::Parse(std::string(kLexiconBytesMax + 1, '\n'), "a.lex");
  EXPECT_EQ(lexicon.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(LexiconTest, VersionIsAboutTheDecisionsOnly) {
  const auto version = [](std::string_view text) {
    const absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(text, "a.lex");
    EXPECT_TRUE(lexicon.ok());
    return lexicon->version();
  };
  const std::uint64_t base = version("porn | plain | ab\ninsult | review | cd | head\n");
  EXPECT_EQ(version("# c\ninsult|review|CD|head|why\n\nporn|plain|ab\n[must_miss]\nxy"), base);
  EXPECT_NE(version("porn | plain | ab\ninsult | review | cd | tail\n"), base);
  EXPECT_NE(version("porn | review | ab\ninsult | review | cd | head\n"), base);
  EXPECT_NE(version("insult | plain | ab\ninsult | review | cd | head\n"), base);
  EXPECT_NE(version("porn | plain | ab\n"), base);
  // Frozen: a stored version must name the same list after any upgrade of the program.
  EXPECT_EQ(version("porn | plain | ab\n"), 7859758301441541360U);
}

TEST(LexiconTest, SetsAreWrittenOutIntoPatterns) {
  const absl::StatusOr<Lexicon> list = Lexicon::Parse(
      "set | sell | buy sell\nset | good | gold gem\nadvert | plain | <sell> <good>s\n"
      "advert | review | buy gems\n",
      "a.lex");
  // The last line is listed already by the one before it.
  EXPECT_FALSE(list.ok());
  const absl::StatusOr<Lexicon> sets = Lexicon::Parse(
      "set | sell | buy sell\nset | good | gold gem\nadvert | plain | <sell> <good>s\n", "a.lex");
  ASSERT_TRUE(sets.ok()) << sets.status().message();
  ASSERT_EQ(sets->entries().size(), 4);
  EXPECT_EQ(sets->entries()[3].pattern, "sell gems");
}

TEST(LexiconTest, SetsNeitherRecurNorExplode) {
  // The words of a set are no patterns.
  const absl::StatusOr<Lexicon> self =
      Lexicon::Parse("set | a | <a>x yy\nporn | plain | <a><a>\n", "a.lex");
  ASSERT_TRUE(self.ok()) << self.status().message();
  EXPECT_EQ(self->entries().size(), 4);
  std::string many = "set | a |";
  for (int i = 0; i < 100; ++i) {
    many += " w" + std::to_string(i);
  }
  const absl::StatusOr<Lexicon> large =
      Lexicon::Parse(many + "\nporn | plain | <a><a><a><a><a>\n", "a.lex");
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.status().message(),
            "a.lex:2: more than 20000 ways to write one pattern; use smaller sets, or a rule");
}

TEST(LexiconTest, AnEntryCountsUntilItsLastDay) {
  const absl::StatusOr<Lexicon> list = Lexicon::Parse(
      "porn | plain | ab | by=mei,until=1970-01-11 | for the festival\nporn | plain | cd\n", "a");
  ASSERT_TRUE(list.ok()) << list.status().message();
  EXPECT_EQ(list->entries()[0].author, "mei");
  EXPECT_EQ(list->entries()[0].until_day, 10);
  EXPECT_EQ(list->On(10).entries().size(), 2);
  EXPECT_EQ(list->On(11).entries().size(), 1);
  EXPECT_NE(list->On(11).version(), list->version());
  for (const std::string_view bad : {"2026-02-30", "26-01-01", "soon", "1969-01-01"}) {
    EXPECT_FALSE(Lexicon::Parse("porn | plain | ab | until=" + std::string(bad), "a").ok()) << bad;
  }
}

TEST(LexiconTest, RulesNameTheirClasses) {
  const absl::StatusOr<Lexicon> list = Lexicon::Parse(
      "mark | shop | buy\nrule | advert | review | offer | shop !report link | 20 | why\n", "a");
  ASSERT_TRUE(list.ok()) << list.status().message();
  ASSERT_EQ(list->rules().size(), 1);
  EXPECT_EQ(list->rules()[0].window, 20);
  EXPECT_EQ(list->rules()[0].needs & 1U, 1U << kClassLink);
  for (const std::string_view bad :
       {"rule | advert | review | x", "rule | advert | review | | a",
        "rule | advert | review | x |", "rule | advert | review | x | a | 0",
        "rule | advert | review | x | a | 513", "set | link | a", "set | | a", "mark | | ab",
        "porn | plain | <none>x"}) {
    EXPECT_FALSE(Lexicon::Parse(bad, "a").ok()) << bad;
  }
}

TEST(BuiltInNameLexiconTest, ParsesAndHoldsEveryCategory) {
  const Lexicon& lexicon = *BuiltInNameLexicon();
  EXPECT_EQ(BuiltInNameLexicon().get(), &lexicon);
  for (int category = 0; category <= 6; ++category) {
    const bool held = std::any_of(
        lexicon.entries().begin(), lexicon.entries().end(),
        [&](const LexiconEntry& entry) { return static_cast<int>(entry.category) == category; });
    EXPECT_TRUE(held) << category;
  }
  EXPECT_GE(lexicon.must_hit().size(), 20);
  EXPECT_GE(lexicon.must_miss().size(), 50);
}

}  // namespace
}  // namespace hallwarden::text
