#include "rules/text/matcher.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::text {
namespace {

using Found = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // value, begin, end

std::vector<Unit> Units(std::u32string_view codes) {
  std::vector<Unit> units;
  for (const char32_t code : codes) {
    units.push_back(Unit{.code = code});
  }
  return units;
}

Matcher Build(const std::vector<std::u32string>& patterns) {
  Matcher::Builder builder;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    builder.Add(patterns[i], static_cast<std::uint32_t>(i));
  }
  return std::move(builder).Build();
}

std::vector<Found> FindAll(const Matcher& matcher, std::u32string_view text) {
  std::vector<Matcher::Match> matches;
  matcher.FindAll(Units(text), &matches);
  std::vector<Found> found;
  for (const Matcher::Match& match : matches) {
    found.emplace_back(match.value, match.begin, match.end);
  }
  return found;
}

// The same by trying every pattern at every place, in the order that FindAll promises.
std::vector<Found> FindSlowly(const std::vector<std::u32string>& patterns,
                              std::u32string_view text) {
  std::vector<Found> found;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    for (std::size_t size = end; size > 0; --size) {
      for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (text.substr(end - size, size) != patterns[i]) continue;
        found.emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end - size),
                           static_cast<std::uint32_t>(end));
      }
    }
  }
  return found;
}

TEST(MatcherTest, FindsOverlappingAndNestedPatterns) {
  const Matcher matcher = Build({U"he", U"she", U"hers", U"her"});
  EXPECT_THAT(FindAll(matcher, U"ushers"), ::testing::ElementsAre(Found{1, 1, 4}, Found{0, 2, 4},
                                                                  Found{3, 2, 5}, Found{2, 2, 6}));
}

TEST(MatcherTest, TheSamePatternMayHaveSeveralValues) {
  const Matcher matcher = Build({U"ab", U"ab"});
  EXPECT_THAT(FindAll(matcher, U"ab"), ::testing::ElementsAre(Found{0, 0, 2}, Found{1, 0, 2}));
}

TEST(MatcherTest, WithoutPatternsFindsNothing) {
  EXPECT_THAT(FindAll(Build({}), U"abc"), ::testing::IsEmpty());
}

TEST(MatcherTest, KnowsCodePointsBeyondTheBasicPlane) {
  const Matcher matcher = Build({U"\U0001f602\U00020000"});
  EXPECT_THAT(FindAll(matcher, U"a\U0001f602\U00020000"), ::testing::ElementsAre(Found{0, 1, 3}));
  EXPECT_THAT(FindAll(matcher, U"\U0001f602\U0001f603"), ::testing::IsEmpty());
}

TEST(MatcherTest, AgreesWithTrialOfEveryPatternAtEveryPlace) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    std::mt19937 random(seed);
    const auto word = [&random](std::size_t longest) {
      std::u32string codes;
      const std::size_t size = 1 + random() % longest;
      for (std::size_t i = 0; i < size; ++i) {
        codes.push_back(U"abc"[random() % 3]);
      }
      return codes;
    };
    std::vector<std::u32string> patterns;
    for (int i = 0; i < 12; ++i) {
      patterns.push_back(word(5));
    }
    const std::u32string text = word(60);
    EXPECT_EQ(FindAll(Build(patterns), text), FindSlowly(patterns, text));
  }
}

}  // namespace
}  // namespace hallwarden::text
