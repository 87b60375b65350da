// The operator's own entries on top of the built-in lists.
#include "rules/text/operator_list.h"

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hallwarden::text {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

OperatorList Parsed(std::string_view text) {
  absl::StatusOr<OperatorList> list = OperatorList::Parse(text, "own.lex");
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? *std::move(list) : OperatorList();
}

std::string FaultIn(std::string_view text) {
  const absl::StatusOr<OperatorList> list = OperatorList::Parse(text, "own.lex");
  EXPECT_FALSE(list.ok());
  return std::string(list.status().message());
}

Screeners Over(const OperatorList& list) {
  return BuildScreeners(BuiltInNameLexicon(), BuiltInChatLexicon(), list);
}

TEST(OperatorListTest, EntriesCountWhereTheirSectionSays) {
  const OperatorList list = Parsed(
      "advert | plain | 豆豆老铺 | | both\n"
      "[names]\n"
      "insult | plain | 牌渣王 | by=li,at=2026-11-30,until=2027-01-31 | names only\n"
      "[chat]\n"
      "insult | review | 臭牌篓 | | chat only\n");
  ASSERT_THAT(list.entries(), SizeIs(3));
  EXPECT_EQ(list.entries()[1].entry.author, "li");
  EXPECT_EQ(FormatDay(list.entries()[1].entry.since_day), "2026-11-30");
  EXPECT_EQ(FormatDay(list.entries()[1].entry.until_day), "2027-01-31");
  const Screeners screeners = Over(list);
  EXPECT_THAT(screeners.names->Screen("豆豆老铺"), SizeIs(1));
  EXPECT_THAT(screeners.chat->Screen("去豆豆老铺看看"), SizeIs(1));
  EXPECT_THAT(screeners.names->Screen("牌渣王"), SizeIs(1));
  EXPECT_THAT(screeners.chat->Screen("牌渣王"), IsEmpty());
  EXPECT_THAT(screeners.names->Screen("臭牌篓"), IsEmpty());
  EXPECT_THAT(screeners.chat->Screen("臭牌篓"), SizeIs(1));
}

TEST(OperatorListTest, DisguisesOfOwnEntriesAreUndoneLikeThoseOfBuiltInOnes) {
  const Screeners screeners = Over(Parsed("advert | plain | 豆豆老铺\n"));
  for (const std::string name : {"豆.豆.老.铺", "豆豆老鋪", "豆\u200b豆老\u200b铺"}) {
    const auto hits = screeners.names->Screen(name);
    ASSERT_THAT(hits, SizeIs(1)) << name;
    EXPECT_TRUE(screeners.names->lexicon().entries()[hits[0].entry_id].own) << name;
  }
}

TEST(OperatorListTest, TheOperatorHasTheLastWord) {
  const std::string denied = "傻逼";
  ASSERT_THAT(Over(OperatorList()).names->Screen(denied), SizeIs(1));
  EXPECT_THAT(Over(Parsed("allow | 傻逼 | | ours\n")).names->Screen(denied), IsEmpty());
  const auto weaker = Over(Parsed("insult | note | 傻逼 | sound\n")).names->Screen(denied);
  ASSERT_FALSE(weaker.empty());
  // Another grade for the very entry of the built-in list takes its place.
  const LexiconEntry* built_in = nullptr;
  for (const LexiconEntry& entry : BuiltInNameLexicon()->entries()) {
    if (entry.pattern == denied) built_in = &entry;
  }
  ASSERT_NE(built_in, nullptr);
  const std::string line =
      "insult | note | 傻逼 | " + FlagNames(built_in->flags) + " | only a note here\n";
  // ... although other words of the list sound like it, and still ask for a look.
  const auto hits = Over(Parsed(line)).names->Screen(denied);
  ASSERT_FALSE(hits.empty());
  EXPECT_NE(hits.front().severity, Severity::kPlain);
}

TEST(OperatorListTest, AnAllowEntrySavesTheLongerWordOnly) {
  const Screeners screeners =
      Over(Parsed("advert | plain | 老铺子\nallow | 咱家老铺子 | | the cafe\n"));
  EXPECT_THAT(screeners.names->Screen("咱家老铺子"), IsEmpty());
  EXPECT_THAT(screeners.names->Screen("他家老铺子"), SizeIs(1));
}

TEST(OperatorListTest, WhatCannotBeIsRefusedWithItsLine) {
  EXPECT_THAT(FaultIn("insult | plain | 傻\n"), HasSubstr("own.lex:1:"));
  EXPECT_THAT(FaultIn("\nadvert | plain | 豆 | number\n"), HasSubstr("own.lex:2:"));
  EXPECT_THAT(FaultIn("[names]\nset | a | b c\n"), HasSubstr("own.lex:2:"));
  EXPECT_THAT(FaultIn("rule | advert | plain | x | link\n"), HasSubstr("own.lex:1:"));
  EXPECT_THAT(FaultIn("word | 老铺\n"), HasSubstr("own.lex:1:"));
  EXPECT_THAT(FaultIn("mark | sell | 老铺\n"), HasSubstr("own.lex:1:"));
  EXPECT_THAT(FaultIn("insult | plain | 牌渣王\n[names]\ninsult | plain | 牌渣王\n"),
              HasSubstr("own.lex:3:"));
  EXPECT_THAT(FaultIn("insult | plain | 牌渣王\nallow | 牌渣王\n"), HasSubstr("own.lex:2:"));
  EXPECT_THAT(FaultIn("allow | 老铺 | sub | no place\n"), HasSubstr("own.lex:1:"));
  EXPECT_THAT(FaultIn("insult | plain | 牌渣王 | until=2027-02-30\n"), HasSubstr("no day"));
  EXPECT_THAT(FaultIn("insult | plain | " + std::string(300, 'x') + "\n"), HasSubstr("256"));
}

TEST(OperatorListTest, ItsTextMakesTheSameListAgain) {
  const std::string text =
      "[chat]\ninsult | review | 臭牌篓 | at=2026-11-30 | chat\n[must_miss]\n好牌\n"
      "[both]\nallow | 咱家老铺子 | by=li | ours\nadvert | plain | 老铺子 | whole,by=li | x\n"
      "[must_hit]\nadvert | plain | 老铺子\n";
  const OperatorList list = Parsed(text);
  const std::string written = list.ToText();
  const OperatorList again = Parsed(written);
  EXPECT_EQ(again.ToText(), written);
  ASSERT_EQ(again.entries().size(), list.entries().size());
  std::vector<std::string> ids;
  for (const OperatorEntry& own : list.entries())
    ids.push_back(own.Id());
  for (const OperatorEntry& own : again.entries())
    EXPECT_EQ(std::count(ids.begin(), ids.end(), own.Id()), 1) << own.entry.pattern;
  EXPECT_EQ(again.names().must_hit().size(), list.names().must_hit().size());
  EXPECT_EQ(again.chat().must_miss().size(), list.chat().must_miss().size());
}

TEST(OperatorListTest, IsChangedByEntryAndForgetsWhatIsOver) {
  const OperatorList list =
      Parsed("advert | plain | 老铺子\ninsult | review | 牌渣王 | until=2026-12-31\n");
  const OperatorList harsher = Parsed("advert | review | 老铺子\n");
  const absl::StatusOr<OperatorList> changed =
      list.Changed(harsher.entries(), {list.entries()[1].Id()});
  ASSERT_TRUE(changed.ok()) << changed.status();
  ASSERT_THAT(changed->entries(), SizeIs(1));
  EXPECT_EQ(changed->entries()[0].entry.severity, Severity::kReview);
  const std::int32_t last = *ParseDay("2026-12-31");
  EXPECT_FALSE(list.Without(last).has_value());
  ASSERT_TRUE(list.Without(last + 1).has_value());
  EXPECT_THAT(list.Without(last + 1)->entries(), SizeIs(1));
}

TEST(OperatorListTest, PromisesAreCheckedWithTheBuiltInLists) {
  const OperatorList list = Parsed(
      "advert | plain | 老铺子\n[must_hit]\nadvert | plain | 来老铺子\nadvert | plain | 新铺子\n"
      "[must_miss]\n老铺\n这个老铺子\n");
  const Screeners screeners = Over(list);
  EXPECT_THAT(BrokenPromises(list.names(), *screeners.names), SizeIs(2));
  EXPECT_THAT(BrokenPromises(list.chat(), *screeners.chat), SizeIs(2));
}

TEST(OperatorListTest, SixtyThousandEntriesAreTakenAndOneMoreIsNot) {
  std::string text;
  for (std::size_t i = 0; i < kOperatorEntriesMax; ++i)
    text += "advert | review | 铺" + std::to_string(100'000 + i) + "\n";
  const OperatorList list = Parsed(text);
  EXPECT_EQ(list.entries().size(), kOperatorEntriesMax);
  EXPECT_THAT(FaultIn(text + "advert | review | 还有一个\n"), HasSubstr("60001"));
}

}  // namespace
}  // namespace hallwarden::text
