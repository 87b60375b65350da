#include "tools/gmctl/escape.h"

#include <cstdint>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/tools/gmctl/safety.h"
#include "tools/gmctl/value.h"

namespace hallwarden::gmctl {
namespace {

TEST(EscapeTest, KeepsWhatPeopleWrite) {
  for (const std::string text : {"10086", "\u5C0F\u738B", "caf\u00E9", "e\u0301", "\u0928\u0940",
                                 "\U0001F600", "\u3000wide blank", "\u0410\u0411"}) {
    EXPECT_EQ(EscapePlayerText(text), text);
  }
}

TEST(EscapeTest, ShowsWhatWouldHideOrMove) {
  EXPECT_EQ(EscapePlayerText("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(EscapePlayerText("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(EscapePlayerText(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(EscapePlayerText("\x7f"), "\\x7f");
  EXPECT_EQ(EscapePlayerText("\u0085"), "\\u{85}");
  EXPECT_EQ(EscapePlayerText("\u009B"), "\\u{9B}");
  EXPECT_EQ(EscapePlayerText("\u202Egm"), "\\u{202E}gm");
  EXPECT_EQ(EscapePlayerText("\u2066\u2069"), "\\u{2066}\\u{2069}");
  EXPECT_EQ(EscapePlayerText("\u2028\u2029"), "\\u{2028}\\u{2029}");
  EXPECT_EQ(EscapePlayerText("\u200B\u200D\uFEFF\u00AD"), "\\u{200B}\\u{200D}\\u{FEFF}\\u{AD}");
  EXPECT_EQ(EscapePlayerText("\U000E0041\U000E007F"), "\\u{E0041}\\u{E007F}");
  EXPECT_EQ(EscapePlayerText("\uE000\U0010FFFF"), "\\u{E000}\\u{10FFFF}");
  EXPECT_EQ(EscapePlayerText("\u3164\u2800\u00A0"), "\\u{3164}\\u{2800}\\u{A0}");
}

TEST(EscapeTest, ShowsBytesThatAreNoUtf8OneByOne) {
  EXPECT_EQ(EscapePlayerText("\xff"), "\\xff");
  EXPECT_EQ(EscapePlayerText("\xe5\xb0"), "\\xe5\\xb0");
  EXPECT_EQ(EscapePlayerText("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(EscapePlayerText("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(EscapePlayerText("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(EscapeTest, StopsPilesOfMarks) {
  std::string zalgo = "a";
  for (int i = 0; i < 6; ++i)
    zalgo += "\u0301";
  EXPECT_EQ(EscapePlayerText(zalgo), "a\u0301\u0301\u0301\u0301\\u{301}\\u{301}");
  EXPECT_EQ(EscapePlayerText("\u0301a"), "\\u{301}a");
}

TEST(EscapeTest, TellsABackslashFromAnEscape) {
  EXPECT_EQ(EscapePlayerText("\\x1b"), "\\\\x1b");
  EXPECT_EQ(Guard("\\x1b"), "\\x1b");
}

TEST(EscapeTest, IsSafeIdempotentAndReversibleForRandomBytes) {
  const std::uint32_t seed = 3;
  SCOPED_TRACE("seed=" + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::string bytes = RandomNastyText(random);
    const std::string shown = EscapePlayerText(bytes);
    ASSERT_EQ(WhatIsUnsafe(shown, false), "") << shown;
    ASSERT_EQ(shown.find('\n'), std::string::npos);
    ASSERT_EQ(UnescapePlayerText(shown), bytes);
    ASSERT_EQ(Guard(shown), shown);
    ASSERT_EQ(Guard(Guard(bytes)), Guard(bytes));
    ASSERT_EQ(FinishForConsole(shown, false, false), shown);
    ASSERT_EQ(WhatIsUnsafe(FinishForConsole(bytes, false, false), false), "");
    ASSERT_EQ(WhatIsUnsafe(JsonQuote(shown), false), "");
  }
}

TEST(UnescapeTest, RefusesWhatEscapeCannotHaveMade) {
  for (const std::string text : {"\\", "\\q", "\\x", "\\x1", "\\xzz", "\\u{", "\\u{}",
                                 "\\u{110000}", "\\u{zz}", "\\u1234"}) {
    EXPECT_EQ(UnescapePlayerText(text), std::nullopt) << text;
  }
}

TEST(WidthTest, CountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("\u5C0F\u738B"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("\U0001F600"), 2);
  EXPECT_EQ(DisplayWidth("\uFF21"), 2);  // full-width A
  EXPECT_EQ(DisplayWidth("\uFF76"), 1);  // half-width kana
  EXPECT_EQ(DisplayWidth("\u3000"), 2);
  EXPECT_EQ(DisplayWidth(Tinted(kTintRed, "ab")), 2);
}

TEST(WidthTest, CutsBetweenCharacters) {
  EXPECT_EQ(CutToWidth("abcdef", 6), "abcdef");
  EXPECT_EQ(CutToWidth("abcdefg", 6), "abcd..");
  EXPECT_EQ(CutToWidth("\u5C0F\u738B\u5C0F\u738B", 7), "\u5C0F\u738B..");
}

TEST(TintTest, BecomesAnsiOnlyWhenColoursAreWanted) {
  EXPECT_EQ(FinishForConsole(Tinted(kTintRed, "x"), true, false), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(FinishForConsole(Tinted(kTintRed, "x"), false, false), "x");
  // A player cannot bring colours of his own.
  EXPECT_EQ(FinishForConsole(EscapePlayerText("\x02x\x06"), true, false), "\\x02x\\x06");
}

}  // namespace
}  // namespace hallwarden::gmctl
