// The grammar of contacts, and rules that combine classes.
#include "rules/text/contact.h"

#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/text/chat_screener.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "class:what" for everything that is found, in order.
std::vector<std::string> Found(std::string_view text) {
  static constexpr std::string_view kNames[] = {"link",  "number",  "phone",
                                                "price", "account", "amount"};
  const Folded folded = Fold(text);
  std::vector<ContactSpan> spans;
  FindContacts(folded.units, &spans);
  std::vector<std::string> found;
  for (const ContactSpan& span : spans) {
    std::string what(kNames[span.what]);
    what += ":";
    for (std::uint32_t i = span.begin; i < span.end; ++i) {
      AppendUtf8(folded.units[i].code, &what);
    }
    found.push_back(what);
  }
  return found;
}

struct ContactCase {
  std::string name;
  std::string text;
  std::vector<std::string> found;
  friend void PrintTo(const ContactCase& c, std::ostream* os) { *os << c.name; }
};

class ContactTest : public ::testing::TestWithParam<ContactCase> {};

TEST_P(ContactTest, IsFound) {
  EXPECT_EQ(Found(GetParam().text), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, ContactTest,
    ::testing::Values(
        ContactCase{"Link", "看abc888.com", {"account:abc888", "link:abc888.com"}},
        ContactCase{"LinkWithScheme", "http://abcd.xyz", {"link:http://abcd.xyz"}},
        ContactCase{"DotInChinese", "y62aa点top", {"account:y62aa", "link:y62aa点top"}},
        ContactCase{"DotAsOrnament", "abc888丶com", {"account:abc888", "link:abc888丶com"}},
        ContactCase{"SpelledOut", "w w w . a b c d . c o m", {"link:w w w . a b c d . c o m"}},
        ContactCase{"LetterForALetter", "abcde.c哦m", {"link:abcde.c哦m"}},
        ContactCase{"ShortLinkWithPath", "t.cn/A6abc", {"link:t.cn", "account:a6abc"}},
        ContactCase{"ShortHostIsNoLink", "xx.info", {}},
        ContactCase{"TalkIsNoLink", "OK.GO.GO gg.wp", {}}, ContactCase{"FileIsNoLink", "1.jpg", {}},
        ContactCase{"VersionIsNoLink", "v1.2.3.4", {}},
        ContactCase{"CueIsNoAccount", "q 88123456", {"number:88123456"}},
        ContactCase{"Number", "号88123456", {"number:88123456"}},
        ContactCase{"Phone", "13800138000", {"phone:13800138000"}},
        ContactCase{"LongNumberIsNone", "202405201314520", {}},
        ContactCase{"Price", "只要50元", {"price:50元"}},
        ContactCase{"PriceWithSign", "$5", {"price:$5"}},
        ContactCase{"Ratio", "10=100k", {"price:10=100k"}},
        ContactCase{"TimeIsNoRatio", "10:30", {"amount:10", "amount:30"}},
        ContactCase{"Amount", "日入5k", {"amount:5k"}},
        ContactCase{"OneDigitIsNoAmount", "第3名", {}}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ContactsOfTest, TheSameContactHasOneSpelling) {
  for (const std::string_view text :
       {"加q 88123456", "８８１２３４５６", "⑧⑧①②③④⑤⑥", "88123456找我"}) {
    EXPECT_THAT(ContactsOf(text), ElementsAre("88123456")) << text;
  }
  EXPECT_THAT(ContactsOf("abc888。com abc888.com"), ElementsAre("abc888", "abc888.com"));
  EXPECT_THAT(ContactsOf("三缺一"), IsEmpty());
}

ChatScreener Screener(std::string_view list) {
  absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(list, "test.lex");
  EXPECT_TRUE(lexicon.ok()) << lexicon.status().message();
  return ChatScreener(std::make_shared<const Lexicon>(*std::move(lexicon)));
}

std::vector<std::string> Hits(const ChatScreener& screener, std::string_view line) {
  std::vector<std::string> hits;
  for (const TextHit& hit : screener.Screen(line)) {
    hits.push_back(hit.entry + "@" + std::to_string(hit.begin) + "-" + std::to_string(hit.end) +
                   " " + std::string(SeverityName(hit.severity)));
  }
  return hits;
}

constexpr std::string_view kTradeList =
    "set | sell | buy sell\n"
    "set | good | gold\n"
    "mark | contact | q | number\n"
    "rule | advert | review | trade | sell good | 20\n"
    "rule | advert | plain | offer | sell good contact\n"
    "rule | advert | note | quiet | sell !good\n"
    "set | report | scam\n"
    "rule | advert | note | quoted | report\n";

TEST(RuleTest, NeedsEveryClassAndRefusesOthers) {
  const ChatScreener screener = Screener(kTradeList);
  EXPECT_THAT(Hits(screener, "sell gold"), ElementsAre("trade@0-9 review"));
  EXPECT_THAT(Hits(screener, "gold to sell"), ElementsAre("trade@0-12 review"));
  EXPECT_THAT(Hits(screener, "gold"), IsEmpty());
  EXPECT_THAT(Hits(screener, "sell it"), ElementsAre("quiet@0-4 note"));
}

TEST(RuleTest, KeepsToItsWindow) {
  const ChatScreener screener = Screener(kTradeList);
  EXPECT_THAT(Hits(screener, "sell  aaaaaaaaaaaa  gold"), ElementsAre("trade@0-24 review"));
  EXPECT_THAT(Hits(screener, "sell  aaaaaaaaaaaaa  gold"), IsEmpty());
}

TEST(RuleTest, ALongerRuleAbsorbsAShorterOne) {
  EXPECT_THAT(Hits(Screener(kTradeList), "sell gold q 88123456"), ElementsAre("offer@0-20 plain"));
}

TEST(RuleTest, QuotingAnAdvertIsNotAdvertising) {
  EXPECT_THAT(Hits(Screener(kTradeList), "sell gold q 88123456 scam"),
              ElementsAre("offer@0-20 review", "quoted@21-25 note"));
}

TEST(RuleTest, OneWordIsNotTwoClasses) {
  const ChatScreener screener =
      Screener("set | a | word\nset | b | word other\nrule | advert | review | both | a b\n");
  EXPECT_THAT(Hits(screener, "word"), IsEmpty());
  EXPECT_THAT(Hits(screener, "word word"), ElementsAre("both@0-9 review"));
}

TEST(RuleTest, HostileTextTakesABoundedSearch) {
  std::string list = "set | a | x\nset | b | y\nset | c | z\n";
  for (int i = 0; i < 200; ++i) {
    list += "rule | advert | review | r" + std::to_string(i) + " | a b c | 1\n";
  }
  const ChatScreener screener = Screener(list);
  std::string line;
  for (int i = 0; i < 600; ++i) {
    line += "x          y          z          ";
  }
  ScreenCost cost;
  EXPECT_THAT(screener.Screen(line, &cost), IsEmpty());
  EXPECT_LT(cost.rule_steps, 5'000);
  EXPECT_LT(cost.units, 20'000);
}

TEST(WordTest, AHitThatAnInnocentWordCrossesIsNone) {
  const ChatScreener screener = Screener("porn | plain | 口交\nword | 路口 交通\n");
  EXPECT_THAT(Hits(screener, "路口交"), IsEmpty());
  EXPECT_THAT(Hits(screener, "口交通"), IsEmpty());
  EXPECT_THAT(Hits(screener, "口交"), ElementsAre("口交@0-6 plain"));
}

TEST(WordTest, ALongHitIsNotCutOff) {
  const ChatScreener screener = Screener("porn | plain | 一二三口\nword | 口交\n");
  EXPECT_THAT(Hits(screener, "一二三口交"), ElementsAre("一二三口@0-12 plain"));
}

TEST(BuiltInChatListTest, KeepsItsPromises) {
  const ChatScreener screener(BuiltInChatLexicon());
  for (const LexiconExample& example : screener.lexicon().must_hit()) {
    const std::vector<TextHit> hits = screener.Screen(example.name);
    ASSERT_FALSE(hits.empty()) << example.name;
    EXPECT_EQ(CategoryName(hits[0].category), CategoryName(example.category)) << example.name;
    EXPECT_EQ(hits[0].severity, example.severity) << example.name << " " << hits[0].entry;
  }
  for (const LexiconExample& example : screener.lexicon().must_miss()) {
    const std::vector<TextHit> hits = screener.Screen(example.name);
    EXPECT_TRUE(hits.empty() || hits[0].severity == Severity::kNote)
        << example.name << " " << hits[0].entry;
  }
  EXPECT_GT(screener.lexicon().must_hit().size(), 40);
  EXPECT_GT(screener.lexicon().must_miss().size(), 60);
}

}  // namespace
}  // namespace hallwarden::text
