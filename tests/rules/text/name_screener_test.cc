#include "rules/text/name_screener.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

NameScreener Screener(std::string_view list) {
  absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(list, "test.lex");
  EXPECT_TRUE(lexicon.ok()) << lexicon.status().message();
  return NameScreener(std::make_shared<const Lexicon>(*std::move(lexicon)));
}

// "entry@begin-end", with "~" behind when disguised.
std::vector<std::string> Shown(const NameScreener& screener, std::string_view name) {
  std::vector<std::string> shown;
  for (const NameHit& hit : screener.Screen(name)) {
    shown.push_back(hit.entry + "@" + std::to_string(hit.begin) + "-" + std::to_string(hit.end) +
                    (hit.disguised ? "~" : ""));
  }
  return shown;
}

TEST(BuiltInListTest, KeepsItsPromises) {
  EXPECT_THAT(CheckExamples(NameScreener(BuiltInNameLexicon())), IsEmpty());
}

TEST(CheckExamplesTest, NamesEachBrokenPromise) {
  const NameScreener screener = Screener(
      "porn | plain | nasty\ninsult | note | meh\n"
      "[must_hit]\nporn | plain | nasty one\nporn | review | nasty two\nporn | plain | fine\n"
      "[must_miss]\nfine\nmeh\nnasty three\n");
  EXPECT_THAT(CheckExamples(screener),
              ElementsAre("test.lex:5: 'nasty two' must hit porn review, found porn plain 'nasty'",
                          "test.lex:6: 'fine' must hit porn plain, found nothing",
                          "test.lex:10: 'nasty three' must not hit, found porn plain 'nasty'"));
}

TEST(NameScreenerTest, TellsWhatWhereAndHow) {
  const NameScreener screener = Screener("porn | note | other\ninsult | review | \u50bb\u903c\n");
  const std::string name = "ab\u50bb\u200b\u903c\u3002";
  const std::vector<NameHit> hits = screener.Screen(name);
  ASSERT_EQ(hits.size(), 1);
  EXPECT_EQ(hits[0].category, Category::kInsult);
  EXPECT_EQ(hits[0].severity, Severity::kReview);
  EXPECT_EQ(hits[0].entry_id, 1);
  EXPECT_EQ(hits[0].entry, "\u50bb\u903c");
  EXPECT_EQ(hits[0].reading, "\u50bb\u903c");
  EXPECT_EQ(name.substr(hits[0].begin, hits[0].end - hits[0].begin), "\u50bb\u200b\u903c");
  EXPECT_TRUE(hits[0].disguised);
}

struct BoundaryCase {
  std::string name;
  std::string list;
  std::string text;
  std::string hit;  // empty: none
  friend void PrintTo(const BoundaryCase& c, std::ostream* os) { *os << c.name; }
};

class BoundaryTest : public ::testing::TestWithParam<BoundaryCase> {};

TEST_P(BoundaryTest, IsJudgedOnTheOriginal) {
  const std::vector<std::string> shown = Shown(Screener(GetParam().list), GetParam().text);
  EXPECT_EQ(shown.empty() ? "" : shown[0], GetParam().hit);
}

INSTANTIATE_TEST_SUITE_P(
    Flags, BoundaryTest,
    ::testing::Values(
        BoundaryCase{"LatinWholeWord", "insult|plain|bad", "so bad", "bad@3-6"},
        BoundaryCase{"LatinInsideAWord", "insult|plain|bad", "badly", ""},
        BoundaryCase{"LatinBesideHan", "insult|plain|bad",
                     "\u6211"
                     "bad\u6211",
                     "bad@3-6"},
        BoundaryCase{"LatinBesideDigits", "insult|plain|bad", "1bad99", "bad@1-4"},
        BoundaryCase{"LatinBesideUnderscore", "insult|plain|bad", "x_bad_x", "bad@2-5"},
        BoundaryCase{"CamelCase", "insult|plain|evil", "SoEvilMan", "evil@2-6"},
        BoundaryCase{"CamelCaseNotForShortWords", "insult|plain|bad", "SoBadMan", ""},
        BoundaryCase{"InvisibleIsNoBoundary", "insult|plain|bad", "bad\u200bly", ""},
        BoundaryCase{"FullWidthLetterIsALetter", "insult|plain|bad", "bad\uff4c", ""},
        BoundaryCase{"Sub", "insult|plain|bad|sub", "xbady", "bad@1-4"},
        BoundaryCase{"PrefixAtTheStart", "insult|plain|bad|prefix", "badly", "bad@0-3"},
        BoundaryCase{"PrefixInside", "insult|plain|bad|prefix", "xbadly", ""},
        BoundaryCase{"DigitsInsideANumber", "politics|plain|8964", "18964", ""},
        BoundaryCase{"DigitsBesideLetters", "politics|plain|8964", "a8964", "8964@1-5"},
        BoundaryCase{"Head", "advert|plain|bad|head", "-bad news", "bad@1-4"},
        BoundaryCase{"NotHead", "advert|plain|bad|head", "so bad", ""},
        BoundaryCase{"Tail", "advert|plain|bad|tail", "so bad 1", "bad@3-6"},
        BoundaryCase{"Whole", "advert|plain|\u7cfb\u7edf|whole", "\u2605\u7cfb\u7edf\u2605",
                     "\u7cfb\u7edf@3-9"},
        BoundaryCase{"NotWhole", "advert|plain|\u7cfb\u7edf|whole", "\u7cfb\u7edf\u738b", ""},
        BoundaryCase{"Exact", "advert|plain|bad|exact", "b.a.d", ""},
        BoundaryCase{"Number", "advert|plain|q|number", "Q: 8-8 123", "q@0-10"},
        BoundaryCase{"NumberTooShort", "advert|plain|q|number", "q1234", ""},
        BoundaryCase{"NumberTooLong", "advert|plain|q|number", "q1234567890123", ""},
        BoundaryCase{"NumberTooFar", "advert|plain|q|number", "q\u5c0f12345", ""},
        BoundaryCase{"NumberInNumerals", "advert|plain|q|number",
                     "q\u516b\u516b\u4e00\u4e8c\u4e09\u56db", "q@0-19"},
        BoundaryCase{"FewNumeralsAreWords", "advert|plain|q|number", "q\u4e00\u4e8c\u4e09\u56db1",
                     ""},
        BoundaryCase{"NumberWithLetters", "advert|plain|q|number", "q88l23O56", "q@0-9"},
        BoundaryCase{"Id", "advert|plain|vx|id", "vx:abc_8", "vx@0-8"},
        BoundaryCase{"IdNeedsADigitOrSign", "advert|plain|vx|id", "vx hello", ""},
        BoundaryCase{"Link", "advert|plain|.com|link", "abc888.COM/x", ".com@6-10"},
        BoundaryCase{"LinkWithoutHost", "advert|plain|.com|link", "a .com", ""},
        BoundaryCase{"LinkInsideAWord", "advert|plain|.com|link", "abc.comma", ""}),
    [](const auto& param_info) { return param_info.param.name; });

class DisguiseTest : public ::testing::TestWithParam<BoundaryCase> {};

TEST_P(DisguiseTest, IsSeenThroughAndReported) {
  const std::vector<std::string> shown = Shown(Screener(GetParam().list), GetParam().text);
  EXPECT_EQ(shown.empty() ? "" : shown[0], GetParam().hit);
}

INSTANTIATE_TEST_SUITE_P(
    Readings, DisguiseTest,
    ::testing::Values(
        BoundaryCase{"Case", "insult|plain|evil", "EVIL", "evil@0-4"},
        BoundaryCase{"Width", "insult|plain|evil", "\uff25vil", "evil@0-6"},
        BoundaryCase{"Traditional", "advert|plain|\u5356\u53f7", "\u8ce3\u865f",
                     "\u5356\u53f7@0-6"},
        BoundaryCase{"ListInTraditional", "advert|plain|\u8ce3\u865f", "\u5356\u53f7",
                     "\u8ce3\u865f@0-6"},
        BoundaryCase{"Style", "insult|plain|evil", "\u24d4vil", "evil@0-6~"},
        BoundaryCase{"Accent", "insult|plain|evil", "\u00e9vil", "evil@0-5~"},
        BoundaryCase{"InvisibleWithin", "insult|plain|evil", "e\u200bvil", "evil@0-7~"},
        BoundaryCase{"InvisibleBefore", "insult|plain|evil",
                     "\u200b"
                     "evil",
                     "evil@3-7"},
        BoundaryCase{"Lookalike", "insult|plain|evil", "\u0435vil", "evil@0-5~"},
        BoundaryCase{"Leet", "insult|plain|evil", "ev!l", "evil@0-4~"},
        BoundaryCase{"Separators", "insult|plain|evil", "e.v.i.l", "evil@0-7~"},
        BoundaryCase{"SeparatorsBefore", "insult|plain|\u50bb\u903c", "\u6211.\u50bb\u903c",
                     "\u50bb\u903c@4-10"},
        BoundaryCase{"Repeats", "insult|plain|evil", "eviiil", "evil@0-6~"},
        BoundaryCase{"ListedRepeat", "insult|plain|ass", "assss", "ass@0-5~"},
        BoundaryCase{"ListedRepeatMissing", "insult|plain|ass",
                     "ass"
                     "et as",
                     ""},
        BoundaryCase{"WordsNeverJoin", "insult|plain|asshole", "as shole", ""},
        BoundaryCase{"SeparatorsAndLookalikes", "insult|plain|evil", "e.v.\u0456.l", "evil@0-8~"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(AllowListTest, CoversWhatItContainsOnTheOriginal) {
  const NameScreener screener = Screener(
      "porn | plain | \u53e3\u4ea4\nallow | \u8def\u53e3\u4ea4\nallow | \u53e3\u4ea4\u901a\n");
  EXPECT_THAT(Shown(screener, "\u8def\u53e3\u4ea4\u901a"), IsEmpty());
  EXPECT_THAT(Shown(screener, "\u53e3\u4ea4\u901a"), IsEmpty());
  EXPECT_THAT(Shown(screener, "\u53e3\u4ea4"), ElementsAre("\u53e3\u4ea4@0-6"));
  // Each place is judged for itself.
  EXPECT_THAT(Shown(screener, "\u8def\u53e3\u4ea4\u53e3\u4ea4"), ElementsAre("\u53e3\u4ea4@9-15"));
}

TEST(AllowListTest, DoesNotCoverALongerHit) {
  const NameScreener screener = Screener("insult | plain | evil man\nallow | evil\n");
  EXPECT_THAT(Shown(screener, "evil man"), ElementsAre("evil man@0-8"));
}

TEST(AllowListTest, LatinEntriesAreWholeWords) {
  const NameScreener screener = Screener("insult | plain | ass | sub\nallow | class\n");
  EXPECT_THAT(Shown(screener, "class"), IsEmpty());
  EXPECT_THAT(Shown(screener, "classass"), ElementsAre("ass@2-5", "ass@5-8"));
}

TEST(NameScreenerTest, StrongestComesFirst) {
  const NameScreener screener = Screener(
      "porn | review | cc\ninsult | plain | bb\nadvert | note | aa\npolitics | review | dd\n"
      "insult | plain | eee\n");
  EXPECT_THAT(Shown(screener, "aa dd cc e.e.e bb"),
              ElementsAre("bb@15-17", "eee@9-14~", "dd@3-5", "cc@6-8", "aa@0-2"));
  EXPECT_THAT(Shown(screener, "eee bb"), ElementsAre("eee@0-3", "bb@4-6"));
}

TEST(NameScreenerTest, LongerHitAbsorbsItsPartsOfTheSameCategory) {
  const NameScreener screener = Screener(
      "insult | plain | evil man\ninsult | review | evil\nporn | review | man\n"
      "advert | note | one\nadvert | plain | one two\nadvert | plain | two\n");
  EXPECT_THAT(Shown(screener, "evil man"), ElementsAre("evil man@0-8", "man@5-8"));
  EXPECT_THAT(Shown(screener, "one two"), ElementsAre("one two@0-7"));
}

TEST(NameScreenerTest, OneEntryIsReportedOncePerPlace) {
  const NameScreener screener = Screener("insult | plain | \u50bb\u903c\n");
  EXPECT_THAT(Shown(screener, "\u50bb\u903c\u903c"), ElementsAre("\u50bb\u903c@0-6"));
  EXPECT_THAT(Shown(screener, "\u50bb\u903c\u50bb.\u903c"),
              ElementsAre("\u50bb\u903c@0-6", "\u50bb\u903c@6-13~"));
}

TEST(NameScreenerTest, HitsAreBounded) {
  const NameScreener screener = Screener("insult | plain | ab | sub\n");
  std::string name;
  for (int i = 0; i < 1000; ++i) {
    name += "ab ";
  }
  EXPECT_EQ(screener.Screen(name).size(), kNameHitsMax);
}

TEST(NameScreenerTest, MovesWithItsList) {
  NameScreener first = Screener("insult | plain | evil\n");
  NameScreener second = std::move(first);
  EXPECT_THAT(Shown(second, "evil"), ElementsAre("evil@0-4"));
  EXPECT_EQ(second.lexicon().entries().size(), 1);
}

TEST(NameScreenerTest, TwoScreenersOfOneListAgreeOnRandomNames) {
  const NameScreener a(BuiltInNameLexicon());
  const NameScreener b(BuiltInNameLexicon());
  const Lexicon& lexicon = a.lexicon();
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    std::mt19937 random(seed);
    std::string name;
    for (int i = 0; i < 6; ++i) {
      // Halves of listed words, noise and separators: names at the edge of a hit.
      const LexiconEntry& entry = lexicon.entries()[random() % lexicon.entries().size()];
      const std::size_t cut = 1 + random() % entry.folded.size();
      name += random() % 2 == 0 ? EncodeUtf8(entry.folded.substr(0, cut)) : entry.pattern;
      if (random() % 3 == 0) name += static_cast<char>(random() % 256);
    }
    const std::vector<NameHit> hits = a.Screen(name);
    EXPECT_EQ(hits, b.Screen(name));
    for (const NameHit& hit : hits) {
      EXPECT_LT(hit.begin, hit.end);
      EXPECT_LE(hit.end, name.size());
      EXPECT_FALSE(hit.reading.empty());
    }
    EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(), [](const NameHit& x, const NameHit& y) {
      return x.severity > y.severity;
    }));
  }
}

TEST(NameFingerprintTest, IsEqualForWhatAPersonCallsTheSameName) {
  const SipKey key{.k0 = 1, .k1 = 2};
  const Hash128 name = NameFingerprint("Lucky\u4e60 88", key);
  for (const std::string_view same :
       {"LUCKY\u4e60 88", "lucky\u7fd2 88", "\uff2cucky\u4e60\u3000\uff18\uff18",
        "Luc\u200bky\u4e60 88", "  Lucky\u4e60  88 ", "L\u00fc\u0301cky\u4e60 \u2467\u2467"}) {
    EXPECT_EQ(NameFingerprint(same, key), name) << same;
  }
}

TEST(NameFingerprintTest, DiffersForOtherNamesAndKeys) {
  const SipKey key{.k0 = 1, .k1 = 2};
  const Hash128 name = NameFingerprint("lucky 88", key);
  for (const std::string_view other :
       {"lucky88", "lucky 8", "lucky 888", "lucky-88", "luckky 88", "1ucky 88", "", "\xff"}) {
    EXPECT_NE(NameFingerprint(other, key), name) << other;
  }
  EXPECT_NE(NameFingerprint("lucky 88", SipKey{.k0 = 1, .k1 = 3}), name);
}

TEST(NameFingerprintTest, TellsLongNamesApartByWhatWasNotRead) {
  const SipKey key{.k0 = 1, .k1 = 2};
  const std::string stem(3000, 'a');
  EXPECT_NE(NameFingerprint(stem + "x", key), NameFingerprint(stem + "y", key));
  EXPECT_EQ(NameFingerprint(stem + "x", key), NameFingerprint(stem + "x", key));
}

TEST(NameFingerprintTest, IsFrozen) {
  // Stored with sanctions and in the journal. If this fails, the engine version must rise.
  EXPECT_EQ(ToHex(NameFingerprint("Lucky\u7fd2 88", SipKey{.k0 = 1, .k1 = 2})),
            "7111f11d6126eb5adb2433434f7e9069");
}

TEST(ExplainReadingTest, TellsStepByStep) {
  EXPECT_THAT(ExplainReading("\u5c0f\u660e"),
              ElementsAre("original: \u5c0f\u660e", "plain: \u5c0f\u660e"));
  EXPECT_THAT(
      ExplainReading("F\u200b.\u03c5.C.K"),
      ElementsAre("original: F\u200b.\u03c5.C.K", "dropped: invisible characters",
                  "plain: f.\u03c5.c.k", "stripped: f\u03c5ck", "stripped look-alike: fuck"));
}

}  // namespace
}  // namespace hallwarden::text
