// The readings that undo disguises, and how they combine.
#include "rules/text/readings.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "rules/text/sound.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// The text under `reading`, or "same" if it is the same as under the reading it starts from.
std::string Read(Reading reading, std::string_view text) {
  ReadingChain chain(text);
  const Folded* read = nullptr;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(reading); ++i) {
    read = chain.Next(static_cast<Reading>(i));
  }
  return read == nullptr ? "same" : read->ToUtf8();
}

struct ReadingCase {
  std::string name;
  Reading reading = Reading::kPlain;
  std::string text;
  std::string read;
  friend void PrintTo(const ReadingCase& c, std::ostream* os) { *os << c.name; }
};

class DisguiseReadingTest : public ::testing::TestWithParam<ReadingCase> {};

TEST_P(DisguiseReadingTest, Reads) {
  EXPECT_EQ(Read(GetParam().reading, GetParam().text), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, DisguiseReadingTest,
    ::testing::Values(ReadingCase{"Percent", Reading::kUnescaped, "加%E5%BE%AE信", "加微信"},
                      ReadingCase{"PercentSignStays", Reading::kUnescaped, "100%的人", "same"},
                      ReadingCase{"HalfAPercentEscapeStays", Reading::kUnescaped, "a%E", "same"},
                      ReadingCase{"DecimalEntity", Reading::kUnescaped, "&#20667;&#36924;", "傻逼"},
                      ReadingCase{"HexEntity", Reading::kUnescaped, "&#x50bb;", "傻"},
                      ReadingCase{"EntityBeyondUnicode", Reading::kUnescaped, "&#9999999;", "same"},
                      ReadingCase{"BackslashU", Reading::kUnescaped, "\\u50bb1", "傻1"},
                      ReadingCase{"EscapesMayHideStyles", Reading::kUnescaped, "%EF%BC%B1", "q"},
                      ReadingCase{"EmojiForAWord", Reading::kEmoji, "加💚abc", "加微信abc"},
                      ReadingCase{"OtherEmojiAreNoWords", Reading::kEmoji, "加😂微", "same"},
                      ReadingCase{"Parts", Reading::kJoined, "加彳山一几攵人言", "加微信"},
                      ReadingCase{"PartsThatLookLikeOrnaments", Reading::kJoined, "金丿巾", "金币"},
                      ReadingCase{"PartsWithSpaces", Reading::kJoined, "弓 虽 奸", "强奸"},
                      ReadingCase{"NoParts", Reading::kJoined, "小明", "same"},
                      ReadingCase{"Martian", Reading::kVariant, "伽涐嶶訫", "加我微信"},
                      ReadingCase{"EverydayCharactersStay", Reading::kVariant, "国徽", "same"},
                      ReadingCase{"DigitBetween", Reading::kFilled, "傻1逼", "傻逼"},
                      ReadingCase{"DigitAtTheEndStays", Reading::kFilled, "小明1", "same"},
                      ReadingCase{"TwoDigitsStay", Reading::kFilled, "小12明", "same"},
                      ReadingCase{"FromTheBack", Reading::kReversed, "888cba信微加",
                                  "加微信abc888"},
                      ReadingCase{"Combined", Reading::kJoined, "加。%E5%BE%AE 人言", "加微信"}),
    [](const auto& param_info) { return param_info.param.name; });

// The syllables of a text in pinyin, joined by spaces.
std::string Spoken(std::string_view text) {
  const SoundText sound = ReadSounds(Fold(text));
  std::string spoken;
  for (const Unit& unit : sound.text.units) {
    const std::string_view syllable = SoundTable::Get().Spelling(unit.code);
    if (!spoken.empty()) spoken += ' ';
    spoken += syllable.empty() ? EncodeUtf8(std::u32string(1, unit.code)) : std::string(syllable);
  }
  return spoken;
}

TEST(SoundTest, ReadsCharactersPinyinAndZhuyinAlike) {
  const std::string spoken = Spoken("加微信");
  EXPECT_EQ(spoken, "jia wei xin");
  for (const std::string_view text : {"jiaweixin", "jia wei xin", "jiā wēi xìn", "jia1wei1xin4 ",
                                      "加wei信", "佳薇芯", "ㄐㄧㄚㄨㄟㄒㄧㄣ", "JiaWeiXin"}) {
    EXPECT_EQ(Spoken(text), spoken) << text;
  }
}

TEST(SoundTest, SloppyTypingSoundsTheSame) {
  EXPECT_EQ(Spoken("张"), Spoken("zan"));
  EXPECT_EQ(Spoken("你"), Spoken("里"));
  EXPECT_EQ(Spoken("情"), Spoken("亲"));
}

TEST(SoundTest, LeavesLettersThatArePinyinOnlyInPartAlone) {
  EXPECT_EQ(Spoken("qqqun8"), "q q qun 8");
  EXPECT_EQ(Spoken("xyz"), "x y z");
}

TEST(SoundTest, EveryUnitLeadsBackToItsBytes) {
  const std::string text = "a佳wei新 b";
  for (const Unit& unit : ReadSounds(Fold(text)).text.units) {
    EXPECT_LT(unit.begin, unit.end);
    EXPECT_LE(unit.end, text.size());
  }
}

TEST(SoundTest, InitialsAreThoseThatPeopleType) {
  EXPECT_EQ(InitialsOf(U"你妈死了"), U"nmsl");
  EXPECT_EQ(InitialsOf(U"上分v"), U"");
}

}  // namespace
}  // namespace hallwarden::text
