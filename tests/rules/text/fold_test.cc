#include "rules/text/fold.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/text/data.h"
#include "rules/text/readings.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

std::string Repeat(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    text += piece;
  }
  return text;
}

// The text under `reading`, or "same" if it is the same as under the reading it starts from.
std::string Read(Reading reading, std::string_view name) {
  ReadingChain chain(name);
  for (std::size_t i = 0; i < static_cast<std::size_t>(reading); ++i) {
    static_cast<void>(chain.Next(static_cast<Reading>(i)));
  }
  const Folded* read = chain.Next(reading);
  return read == nullptr ? "same" : read->ToUtf8();
}

struct FoldCase {
  std::string name;
  std::string text;
  std::string folded;
  friend void PrintTo(const FoldCase& c, std::ostream* os) { *os << c.name; }
};

class PlainReadingTest : public ::testing::TestWithParam<FoldCase> {};

TEST_P(PlainReadingTest, Folds) {
  EXPECT_EQ(Fold(GetParam().text).ToUtf8(), GetParam().folded);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, PlainReadingTest,
    ::testing::Values(
        FoldCase{"Empty", "", ""}, FoldCase{"Ascii", "Abc 9", "abc 9"},
        FoldCase{"Han", "\u5c0f\u660e", "\u5c0f\u660e"},
        FoldCase{"FullWidth", "\uff31\uff31\uff1a\uff18", "qq:8"},
        FoldCase{"HalfWidthKana", "\uff76\uff9e", "\u30ac"},
        FoldCase{"CombiningKana", "\u304b\u3099", "\u304c"},
        FoldCase{"IdeographicSpace", "a\u3000b", "a b"},
        FoldCase{"NoBreakSpace", "a\u00a0b", "a b"}, FoldCase{"Tab", "a\tb", "a b"},
        FoldCase{"LineSeparator", "a\u2028b", "a b"},
        FoldCase{"KelvinLongSTurkishI", "\u212a\u017f\u0130", "ksi"},
        FoldCase{"SharpS", "\u00df", "ss"}, FoldCase{"Accents", "\u00d6\u00e9\u1e69", "oes"},
        FoldCase{"GreekAccents", "\u0386\u03b8", "\u03b1\u03b8"},
        FoldCase{"CyrillicShortIStays", "\u0419", "\u0439"},
        FoldCase{"Mathematical", "\U0001d4eb\U0001d7da", "b2"},
        FoldCase{"CircledLetters", "\u24cb\u24e7", "vx"},
        FoldCase{"SquaredLetters", "\U0001f130\U0001f180\U0001f161", "aqr"},
        FoldCase{"RegionalIndicators", "\U0001f1fb\U0001f1fd", "vx"},
        FoldCase{"CircledDigits", "\u2460\u2474\u2488\u2776\u2780\u278a\u24ea\u24ff", "11111100"},
        FoldCase{"NegativeCircledTens", "\u24eb\u24f4\u2792", "11209"},
        FoldCase{"FullStopDigitZero", "\U0001f100\U0001f101", "00"},
        FoldCase{"EnclosedHanNumerals", "\u3220\u3228\u3280\u3289", "19110"},
        FoldCase{"EnclosedHan", "\u3231\u32a3", "\u682a\u6b63"},
        FoldCase{"ParenthesisedLetter", "\u249c\U0001f110", "aa"},
        FoldCase{"SuperscriptSubscript", "\u2078\u2081", "81"},
        FoldCase{"ArabicAndThaiDigits", "\u0668\u06f8\u0e58", "888"},
        FoldCase{"Keycaps", "8\ufe0f\u20e38\ufe0f\u20e3", "88"},
        FoldCase{"RomanLetters", "\u2164x", "vx"},
        FoldCase{"RomanNumber", "\u2167\u2167\u2160", "881"},
        FoldCase{"RomanAfterDigit", "8\u2167", "88"},
        FoldCase{"KangxiRadical", "\u2f47\u4f60", "\u65e5\u4f60"},
        FoldCase{"CompatibilityHan", "\uf96f\U0002f800", "\u8bf4\u4e3d"},
        FoldCase{"Traditional", "\u7fd2\u8fd1\u5e73\u8ce3\u8c46", "\u4e60\u8fd1\u5e73\u5356\u8c46"},
        FoldCase{"JapaneseForms", "\u6c17\u5e83", "\u6c14\u5e7f"},
        FoldCase{"ZeroWidth",
                 "a\u200b\u200c\u200d\u2060\ufeff"
                 "b",
                 "ab"},
        FoldCase{"OtherInvisibles",
                 "a\u00ad\u034f\u3164\u115f\u180e\u2800"
                 "b",
                 "ab"},
        FoldCase{"VariationSelectorsAndTags",
                 "a\ufe0f\U000e0101\U000e0061"
                 "b",
                 "ab"},
        FoldCase{"BidiControls",
                 "a\u202e\u2066\u200f"
                 "b",
                 "ab"},
        FoldCase{"ControlCharacters",
                 std::string("a\0\x07\x7f"
                             "b",
                             5),
                 "ab"},
        FoldCase{"Zalgo", "f\u0334u\u0335\u0316c\u0336k", "fuck"},
        FoldCase{"EnclosingMark", "\u5fae\u20e2\u4fe1\u0488", "\u5fae\u4fe1"},
        FoldCase{"ThaiVowelsStay", "\u0e01\u0e34", "\u0e01\u0e34"},
        FoldCase{"HangulJamoCompose", "\u1112\u1161\u11ab", "\ud55c"},
        FoldCase{"InvalidBytes", "a\xff\xc0\x80z", "a\ufffd\ufffd\ufffdz"},
        FoldCase{"CutSequence", "a\xe5\xbe", "a\ufffd"},
        FoldCase{"Surrogate", "\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
        FoldCase{"Emoji", "\U0001f602", "\U0001f602"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(FoldTest, LeadsEveryUnitBackToItsBytes) {
  // full-width A, ZWSP, "1." in one character, traditional Han, e + accent
  const std::string text = "\uff21\u200b\u2488\u8ce3e\u0301";
  const Folded folded = Fold(text);
  ASSERT_EQ(folded.ToUtf8(), "a1\u5356e");
  const std::vector<std::pair<int, int>> want = {{0, 3}, {6, 9}, {9, 12}, {12, 15}};
  for (std::size_t i = 0; i < want.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_EQ(folded.units[i].begin, want[i].first);
    EXPECT_EQ(folded.units[i].end, want[i].second);
  }
  EXPECT_EQ(folded.bytes_read, text.size());
}

TEST(FoldTest, UnitsOfOneCharacterShareItsBytes) {
  const Folded folded = Fold("x\u3389");  // SQUARE KCAL
  ASSERT_EQ(folded.ToUtf8(), "xkcal");
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(folded.units[i].begin, 1);
    EXPECT_EQ(folded.units[i].end, 4);
  }
}

TEST(FoldTest, SaysWhatEachUnitUnderwent) {
  const Folded folded = Fold(
      "A\uff22\u8ce3\u24d2\u2460\u00e9\u200b"
      "f");
  const std::vector<unsigned> want = {kChangeCase,        kChangeWidth | kChangeCase,
                                      kChangeTraditional, kChangeStyle,
                                      kChangeDigit,       kChangeMark,
                                      kChangeGap};
  ASSERT_EQ(folded.units.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(folded.units[i].changes, want[i]) << i;
  }
}

TEST(FoldTest, NotesWhatItMet) {
  EXPECT_EQ(Fold("abc").notes, (FoldNotes{.blank = false}));
  EXPECT_TRUE(Fold("").notes.blank);
  EXPECT_TRUE(Fold("\u3164\u3164\u3000").notes.blank);
  EXPECT_TRUE(Fold("a\u200b").notes.invisible);
  EXPECT_TRUE(Fold("\u202e"
                   "a")
                  .notes.bidi_control);
  EXPECT_TRUE(Fold(std::string("a\0b", 3)).notes.control);
  EXPECT_TRUE(Fold("a\u0300").notes.mark);
  EXPECT_TRUE(Fold("\u24d2").notes.styled);
  EXPECT_TRUE(Fold("\u8ce3").notes.traditional);
  EXPECT_TRUE(Fold("\xff").notes.invalid_utf8);
}

TEST(FoldTest, EmojiMayCarrySelectorsAndJoiners) {
  EXPECT_FALSE(Fold("\u2764\ufe0f\u5c0f").notes.invisible);
  EXPECT_FALSE(Fold("\U0001f468\u200d\U0001f469").notes.invisible);
  EXPECT_TRUE(Fold("\u50bb\ufe0f\u903c").notes.invisible);
}

TEST(FoldTest, ReadsUpToTheCapsAndSaysSo) {
  EXPECT_FALSE(Fold(std::string(kFoldCodePointsMax, 'a')).notes.truncated);
  const Folded many = Fold(std::string(kFoldCodePointsMax + 1, 'a'));
  EXPECT_TRUE(many.notes.truncated);
  EXPECT_EQ(many.units.size(), kFoldCodePointsMax);
  EXPECT_EQ(many.bytes_read, kFoldCodePointsMax);
  const Folded wide = Fold(Repeat("\U0001f602", kFoldCodePointsMax));
  EXPECT_FALSE(wide.notes.truncated);
  EXPECT_EQ(wide.bytes_read, kFoldBytesMax);
  const Folded long_forms = Fold(Repeat("\ufdfa", 100));
  EXPECT_TRUE(long_forms.notes.truncated);
  EXPECT_LT(long_forms.bytes_read, 300);
  const Folded marks = Fold("a" + Repeat("\u0300", kFoldMarkRunMax));
  EXPECT_FALSE(marks.notes.truncated);
  EXPECT_TRUE(Fold("a" + Repeat("\u0300", kFoldMarkRunMax + 1)).notes.truncated);
}

// Every part of a name costs a bounded number of steps: what is built never exceeds the caps, so
// the size of the input cannot matter.
TEST(FoldTest, HostileInputStaysWithinTheCaps) {
  constexpr std::size_t kTimes = 200'000;
  const std::vector<std::string> pieces = {
      "\u0300", "\ufdfa", "\u0e34",     "\u1161", "\u3099", "\xf0",
      "\u202e", "\u200b", "\U0001d7da", "[",      "<a>",    "\u4e36",
      " ",      "a ",     "\u0430",     "@",      "\u2167", std::string(1, '\0')};
  for (const std::string& piece : pieces) {
    const std::string text = Repeat(piece, kTimes);
    const Folded folded = Fold(text);
    EXPECT_TRUE(folded.notes.truncated);
    EXPECT_LE(folded.bytes_read, kFoldBytesMax);
    EXPECT_LT(folded.units.size(), kFoldUnitsMax + 18);  // U+FDFA folds to 18
    ReadingChain chain(text);
    for (std::size_t i = 0; i < kReadingCount; ++i) {
      const Folded* read = chain.Next(static_cast<Reading>(i));
      // An emoji may stand for a word of three characters.
      EXPECT_TRUE(read == nullptr || read->units.size() <= 3 * folded.units.size());
    }
  }
}

TEST(FoldTest, KeepsItsPromisesOnRandomBytes) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    std::mt19937 random(seed);
    std::string text(random() % 3000, '\0');
    for (char& byte : text) {
      // Half of the seeds mostly form long sequences, the others are noise.
      byte = static_cast<char>(seed % 2 == 0 ? 0xe0 + random() % 0x20 : random() % 256);
      if (random() % 2 == 0) byte = static_cast<char>(0x80 + random() % 0x40);
    }
    ReadingChain chain(text);
    for (std::size_t i = 0; i < kReadingCount; ++i) {
      const auto reading = static_cast<Reading>(i);
      const Folded* read = chain.Next(reading);
      if (read == nullptr) continue;
      std::size_t last = 0;
      for (const Unit& unit : read->units) {
        ASSERT_TRUE(reading == Reading::kReversed || last <= unit.begin);
        ASSERT_LT(unit.begin, unit.end);
        ASSERT_LE(unit.end, text.size());
        ASSERT_GE(unit.repeat, 1);
        last = unit.begin;
      }
    }
  }
}

TEST(FoldTest, FoldingTwiceChangesNothing) {
  for (const std::string_view text :
       {"\uff21\u8ce3\u24d2 \u2460\u00e9", "Stra\u00dfe \u1112\u1161", "\u3220\u2167\u2167"}) {
    const std::string once = Fold(text).ToUtf8();
    EXPECT_EQ(Fold(once).ToUtf8(), once);
  }
}

class LookalikeTest : public ::testing::TestWithParam<FoldCase> {};

TEST_P(LookalikeTest, Reads) {
  EXPECT_EQ(Read(Reading::kLookalike, GetParam().text), GetParam().folded);
}

INSTANTIATE_TEST_SUITE_P(
    Words, LookalikeTest,
    ::testing::Values(FoldCase{"CyrillicInLatin", "fu\u0441\u043a", "fuck"},
                      FoldCase{"WholeCyrillicWord", "\u0430\u0441\u0435", "ace"},
                      FoldCase{"RealCyrillicStays", "\u0430\u043d\u0433\u0435\u043b\u044b", "same"},
                      FoldCase{"GreekInLatin", "n\u03b9ce", "nice"},
                      FoldCase{"SmallCapitals", "\ua730\u1d1c\u1d04\u1d0b", "fuck"},
                      FoldCase{"Symbols", "\u2228\u2718", "vx"},
                      FoldCase{"DigitBetweenLetters", "sh1t", "shit"},
                      FoldCase{"SignBetweenLetters", "sh!t", "shit"},
                      FoldCase{"SignAtTheStart", "@bc", "abc"},
                      FoldCase{"NumbersStay", "8610 10086", "same"},
                      FoldCase{"AccountNamesKeepTheirNumber", "abc888", "same"},
                      FoldCase{"ModelNumbersStay", "v1.2.3", "same"},
                      FoldCase{"HanStays", "\u5c0f\u660e1", "same"}),
    [](const auto& param_info) { return param_info.param.name; });

class StrippedTest : public ::testing::TestWithParam<FoldCase> {};

TEST_P(StrippedTest, Reads) {
  EXPECT_EQ(Read(Reading::kStripped, GetParam().text), GetParam().folded);
}

INSTANTIATE_TEST_SUITE_P(
    Names, StrippedTest,
    ::testing::Values(FoldCase{"NothingToDo", "\u5c0f\u660eabc12", "same"},
                      FoldCase{"DotsBetweenHan", "\u52a0.\u5fae\u00b7\u4fe1", "\u52a0\u5fae\u4fe1"},
                      FoldCase{"SpacesBetweenHan", "\u52a0 \u5fae", "\u52a0\u5fae"},
                      FoldCase{"EmojiBetweenHan", "\u50bb\U0001f602\u903c", "\u50bb\u903c"},
                      FoldCase{"OrnamentsBetweenHan", "\u5fae\u4e36\u4fe1\u706c", "\u5fae\u4fe1"},
                      FoldCase{"TagsBetweenHan", "\u52a0[color=red]\u5fae[/color]\u4fe1",
                               "\u52a0\u5fae\u4fe1"},
                      FoldCase{"RepeatedHan", "\u50bb\u50bb\u903c\u903c\u903c", "\u50bb\u903c"},
                      FoldCase{"RepeatedLatin", "fuuuck", "fuck"},
                      FoldCase{"RepeatedDigitsStay", "8888", "same"},
                      FoldCase{"SpelledOut", "f u c k", "fuck"},
                      FoldCase{"SpelledOutWithSigns", "f.u-c_k", "fuck"},
                      FoldCase{"ShortPieces", "fu.ck", "fuck"},
                      FoldCase{"WordsNeverJoinOverASpace", "as sure", "same"},
                      FoldCase{"LongPiecesStayApart", "pen-is-here", "pen is here"},
                      FoldCase{"OneLetterAndAWordStayApart", "a bit", "same"},
                      FoldCase{"NumbersStayApart", "10.086", "10 086"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ReadingTest, StrippedUnitsCoverWhatTheyStandFor) {
  const std::optional<Folded> read = Strip(Fold("\u50bb\u50bb.\u903c"));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->units.size(), 2);
  EXPECT_EQ(read->units[0].begin, 0);
  EXPECT_EQ(read->units[0].end, 6);
  EXPECT_EQ(read->units[0].repeat, 2);
  EXPECT_EQ(read->units[0].changes, kChangeRepeat);
  EXPECT_EQ(read->units[1].changes, kChangeJoined);
}

TEST(ReadingTest, LookalikesAreAlsoReadInWhatWasStripped) {
  EXPECT_EQ(Read(Reading::kStrippedLookalike, "f.\u03c5.c.k"), "fuck");
  EXPECT_EQ(Read(Reading::kStrippedLookalike, "fuck"), "same");
}

TEST(ReadingTest, EachHasAName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kReadingCount; ++i) {
    EXPECT_TRUE(names.insert(ReadingName(static_cast<Reading>(i))).second);
  }
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(FoldDataTest, EveryTraditionalCharacterIsListedOnceWithoutChains) {
  std::set<char32_t> sources;
  std::set<char32_t> targets;
  std::string_view text = SimplifiedText();
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::u32string line = DecodeUtf8(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.empty() || line[0] == U'#') continue;
    for (std::size_t i = 0; i < line.size(); i += 3) {
      ASSERT_LT(i + 1, line.size()) << EncodeUtf8(line);
      EXPECT_TRUE(IsHan(line[i]) && IsHan(line[i + 1])) << EncodeUtf8(line.substr(i, 2));
      EXPECT_TRUE(sources.insert(line[i]).second) << EncodeUtf8(line.substr(i, 2));
      targets.insert(line[i + 1]);
    }
  }
  EXPECT_GT(sources.size(), 2000);
  for (const char32_t target : targets) {
    EXPECT_FALSE(sources.contains(target)) << EncodeUtf8(std::u32string(1, target));
  }
}

TEST(Utf8Test, EncodesWhatItDecodes) {
  const std::string text = "a\u00e9\u5c0f\U0001f602";
  EXPECT_EQ(EncodeUtf8(DecodeUtf8(text)), text);
  EXPECT_EQ(EncodeUtf8(std::u32string{0xd800, 0x110000}), "\ufffd\ufffd");
}

}  // namespace
}  // namespace hallwarden::text
