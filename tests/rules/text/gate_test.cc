// The cheap path never hides what a thorough reading finds, and costs stay within their caps.
#include "rules/text/gate.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/text/chat_screener.h"
#include "rules/text/readings.h"
#include "rules/text/thorough.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

using ::testing::IsEmpty;

TEST(GateTest, ClearsOrdinaryTalk) {
  const std::shared_ptr<const Lexicon> lexicon = BuiltInChatLexicon();
  const PatternSet patterns(*lexicon);
  const Gate gate(patterns);
  std::size_t cleared = 0;
  std::size_t lines = 0;
  for (const LexiconExample& example : lexicon->must_miss()) {
    ++lines;
    if (gate.Clears(example.name)) ++cleared;
  }
  // Letters, digits and halves of listed words are always read; most talk has none.
  EXPECT_GT(cleared, lines / 4);
}

TEST(GateTest, NeverClearsWhatHasAHit) {
  for (const std::shared_ptr<const Lexicon>& lexicon :
       {BuiltInChatLexicon(), BuiltInNameLexicon()}) {
    const PatternSet patterns(*lexicon);
    const Gate gate(patterns);
    for (const LexiconExample& example : lexicon->must_hit()) {
      EXPECT_FALSE(gate.Clears(example.name)) << example.name;
    }
    const auto& entries = lexicon->entries();
    std::size_t cleared = 0;
    for (std::uint32_t seed = 1; seed <= 3'000; ++seed) {
      std::mt19937 random(seed);
      // Pieces of listed words among everyday characters, forwards and backwards.
      std::u32string codes;
      for (int i = 0; i < 4; ++i) {
        std::u32string piece = entries[random() % entries.size()].folded;
        if (random() % 4 == 0) piece.resize(piece.size() - piece.size() / 2);
        if (random() % 4 == 0) piece = std::u32string(piece.rbegin(), piece.rend());
        codes += piece;
        for (std::uint32_t k = random() % 4; k > 0; --k) {
          codes.push_back(static_cast<char32_t>(0x4e00 + random() % 0x1000));
        }
        if (random() % 5 == 0) codes.push_back(U'\uff0c');
      }
      const std::string text = EncodeUtf8(codes);
      if (!gate.Clears(text)) continue;
      ++cleared;
      EXPECT_THAT(ScreenThoroughly(patterns, text, nullptr), IsEmpty())
          << "seed=" << seed << " " << text;
    }
    EXPECT_GT(cleared, 0);
  }
}

TEST(CostTest, HostileTextStaysWithinTheCaps) {
  const PatternSet patterns(*BuiltInChatLexicon());
  for (const std::string_view piece :
       {"傻1",       "女马",         "\xcc\xb6", "加v ",   "a.b.",     "8 ",         "88888888",
        "%E5%82%BB", "代发私我日结", "点top",    "jiawei", "l1|",      "\U0001d410", "\xff",
        "操你妈",    "\u2167",       "草泥马q8", "$1=",    "w w w . ", "\u202e",     "🐎",
        "ㄐㄧㄚ",    "一",           "q"}) {
    std::string text;
    while (text.size() < kFoldBytesMax) {
      text += piece;
    }
    ScreenCost cost;
    const std::vector<TextHit> hits = ScreenThoroughly(patterns, text, &cost);
    EXPECT_LE(hits.size(), kTextHitsMax) << piece;
    // Each reading is at most three times the plain one, which is capped.
    EXPECT_LT(cost.units, 3 * (kReadingCount + 1) * kFoldUnitsMax) << piece;
    EXPECT_LT(cost.candidates, 1'000) << piece;
    EXPECT_LT(cost.rule_steps, 5'000) << piece;
  }
}

}  // namespace
}  // namespace hallwarden::text
