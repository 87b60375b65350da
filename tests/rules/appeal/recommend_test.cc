// What the handbook says about an appeal, line by line.
#include "rules/appeal/recommend.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace hallwarden::appeal {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kStart = 100 * kDayUs;

// An ordinary account's first seven days for a plain name, one day served.
AppealFacts Plain(v1::AppealKind kind) {
  AppealFacts facts;
  facts.kind = kind;
  facts.now_us = kStart + kDayUs;
  facts.account_class = v1::ACCOUNT_CLASS_ORDINARY;
  facts.sanction_kind = v1::SANCTION_KIND_RESTRICTION;
  facts.offence = v1::OFFENCE_NAME;
  facts.severity = v1::SEVERITY_LIGHT;
  facts.machine = true;
  facts.seen = true;
  facts.start_us = kStart;
  facts.term_us = 7 * kDayUs;
  facts.has_evidence = true;
  facts.confidence = v1::CONFIDENCE_PLAIN;
  facts.case_milli = 4'000;
  facts.act_milli = 8'000;
  return facts;
}

std::vector<std::string> Codes(const v1::AppealRecommendation& recommendation) {
  std::vector<std::string> codes;
  for (const v1::RecommendationReason& reason : recommendation.reasons()) {
    codes.push_back(reason.code());
  }
  return codes;
}

TEST(RecommendTest, AnOrdinaryFirstAndLightOffenceIsForgiven) {
  for (const v1::AppealKind kind : {v1::APPEAL_KIND_TOO_HARD, v1::APPEAL_KIND_MERCY}) {
    const auto said = Recommend(Plain(kind));
    EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_LIFT);
    EXPECT_EQ(said.disposition(), v1::DISPOSITION_MERCY);
    EXPECT_THAT(Codes(said), Contains("FIRST_OFFENCE"));
  }
}

TEST(RecommendTest, TheSecondTimeIsHalvedAndWhatWasServedCounts) {
  AppealFacts facts = Plain(v1::APPEAL_KIND_TOO_HARD);
  facts.counted_before = 1;
  auto said = Recommend(facts);
  EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_REDUCE);
  EXPECT_EQ(said.term().seconds(), 7 * 86'400 / 2);
  EXPECT_THAT(Codes(said), Not(Contains("SERVED_HALF")));
  // More than half served: the rest is forgiven, to the minute.
  facts.now_us = kStart + 5 * kDayUs + 1;
  said = Recommend(facts);
  EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_REDUCE);
  EXPECT_EQ(said.term().seconds(), 5 * 86'400 + 60);
  EXPECT_THAT(Codes(said), Contains("SERVED_HALF"));
  // Nothing is left to forgive.
  facts.now_us = kStart + 7 * kDayUs - 1;
  said = Recommend(facts);
  EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_UPHOLD);
  EXPECT_THAT(Codes(said), Contains("NEARLY_SERVED"));
}

TEST(RecommendTest, SeriousAndRepeatedOffencesStand) {
  AppealFacts facts = Plain(v1::APPEAL_KIND_MERCY);
  facts.severity = v1::SEVERITY_SERIOUS;
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
  facts = Plain(v1::APPEAL_KIND_MERCY);
  facts.offence = v1::OFFENCE_GOLD_TRADING;  // never light, whatever the grade
  EXPECT_THAT(Codes(Recommend(facts)), Contains("SERIOUS"));
  facts = Plain(v1::APPEAL_KIND_MERCY);
  facts.counted_before = 2;
  EXPECT_THAT(Codes(Recommend(facts)), Contains("REPEATED"));
  facts.counted_before = 1;
  facts.permanent = true;
  facts.term_us = 0;
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
}

TEST(RecommendTest, APartnerAccountIsFreedForAMistakeOnly) {
  for (const v1::AppealKind kind :
       {v1::APPEAL_KIND_TOO_HARD, v1::APPEAL_KIND_MERCY, v1::APPEAL_KIND_STOLEN_ACCOUNT}) {
    AppealFacts facts = Plain(kind);
    facts.account_class = v1::ACCOUNT_CLASS_PARTNER;
    facts.takeover_signs = true;
    const auto said = Recommend(facts);
    EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_UPHOLD) << v1::AppealKind_Name(kind);
    EXPECT_THAT(Codes(said), Contains("PARTNER_ACCOUNT"));
  }
  AppealFacts mistake = Plain(v1::APPEAL_KIND_MERCY);
  mistake.account_class = v1::ACCOUNT_CLASS_PARTNER;
  mistake.found_now = FoundNow::kNo;
  EXPECT_EQ(Recommend(mistake).disposition(), v1::DISPOSITION_MISTAKE);
}

TEST(RecommendTest, AnUnknownClassIsNeverTheHarsherOne) {
  AppealFacts facts = Plain(v1::APPEAL_KIND_MERCY);
  facts.account_class = v1::ACCOUNT_CLASS_UNSPECIFIED;
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_LIFT);
}

TEST(RecommendTest, WhatIsHarmlessTodayIsAMistakeWhateverWasAskedFor) {
  for (int kind = v1::APPEAL_KIND_MISTAKE; kind <= v1::AppealKind_MAX; ++kind) {
    AppealFacts facts = Plain(static_cast<v1::AppealKind>(kind));
    facts.found_now = FoundNow::kNo;
    const auto said = Recommend(facts);
    EXPECT_EQ(said.verdict(), v1::APPEAL_VERDICT_LIFT) << kind;
    EXPECT_EQ(said.disposition(), v1::DISPOSITION_MISTAKE) << kind;
  }
}

TEST(RecommendTest, AMachineNeedsEvidenceThatCarriesIt) {
  AppealFacts facts = Plain(v1::APPEAL_KIND_MISTAKE);
  facts.evidence_milli = 3'999;
  EXPECT_EQ(Recommend(facts).disposition(), v1::DISPOSITION_APPEAL_UPHELD);
  facts.evidence_milli = 4'000;
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
  EXPECT_THAT(Codes(Recommend(facts)), Contains("EVIDENCE_STANDS"));
  facts.evidence_milli = 8'000;
  EXPECT_THAT(Codes(Recommend(facts)), Contains("EVIDENCE_PLAIN"));
  facts = Plain(v1::APPEAL_KIND_MISTAKE);
  facts.has_evidence = false;
  EXPECT_EQ(Recommend(facts).disposition(), v1::DISPOSITION_APPEAL_UPHELD);
  // A human may have seen what no record holds: he is asked.
  facts.machine = false;
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
  EXPECT_GE(Recommend(facts).checks_size(), 1);
}

TEST(RecommendTest, AStolenAccountNeedsSignsAndAnOwner) {
  AppealFacts facts = Plain(v1::APPEAL_KIND_STOLEN_ACCOUNT);
  EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
  facts.takeover_signs = true;
  const auto said = Recommend(facts);
  EXPECT_EQ(said.disposition(), v1::DISPOSITION_COMPROMISED);
  ASSERT_GE(said.checks_size(), 1);
  EXPECT_THAT(said.checks(0).en(), HasSubstr("verify the owner"));
}

TEST(RecommendTest, HoldsWarningsAndKicksAreNothingToSoften) {
  for (const v1::SanctionKind kind :
       {v1::SANCTION_KIND_HOLD, v1::SANCTION_KIND_WARNING, v1::SANCTION_KIND_KICK}) {
    AppealFacts facts = Plain(v1::APPEAL_KIND_MERCY);
    facts.sanction_kind = kind;
    EXPECT_EQ(Recommend(facts).verdict(), v1::APPEAL_VERDICT_UPHOLD);
  }
}

// Everything that could be asked at once: always a verdict, a sentence and reasons in both
// languages, a term only below the old one, and never a word that the desk does not use.
TEST(RecommendTest, EveryRecommendationIsWholeAndTactful) {
  constexpr std::array<std::string_view, 3> kForbidden = {"不行", "不知道", "不可以"};
  int seen = 0;
  for (unsigned bits = 0; bits < 1U << 10U; ++bits) {
    const auto bit = [&](unsigned place) { return (bits >> place & 1U) != 0; };
    for (int kind = v1::APPEAL_KIND_MISTAKE; kind <= v1::AppealKind_MAX; ++kind) {
      AppealFacts facts = Plain(static_cast<v1::AppealKind>(kind));
      if (bit(0)) facts.account_class = v1::ACCOUNT_CLASS_PARTNER;
      if (bit(1)) facts.severity = v1::SEVERITY_SERIOUS;
      facts.counted_before = (bit(2) ? 1 : 0) + (bit(3) ? 1 : 0);
      facts.machine = bit(4);
      facts.permanent = bit(5);
      if (facts.permanent) facts.term_us = 0;
      facts.has_evidence = bit(6);
      facts.disguised = bit(7);
      facts.takeover_signs = bit(8);
      if (bit(9)) facts.start_us = 0;
      const v1::AppealRecommendation said = Recommend(facts);
      ++seen;
      ASSERT_NE(said.verdict(), v1::APPEAL_VERDICT_UNSPECIFIED);
      ASSERT_GE(said.reasons_size(), 1);
      ASSERT_EQ(said.verdict() == v1::APPEAL_VERDICT_LIFT,
                said.disposition() != v1::DISPOSITION_UNSPECIFIED);
      ASSERT_EQ(said.verdict() == v1::APPEAL_VERDICT_REDUCE, said.has_term());
      if (said.has_term()) {
        ASSERT_GT(said.term().seconds(), 0);
        ASSERT_LT(said.term().seconds() * 1'000'000, facts.term_us);
      }
      std::vector<v1::LocalizedText> texts = {said.summary()};
      for (const auto& reason : said.reasons())
        texts.push_back(reason.text());
      for (const auto& check : said.checks())
        texts.push_back(check);
      for (const v1::LocalizedText& text : texts) {
        ASSERT_FALSE(text.zh().empty());
        ASSERT_FALSE(text.en().empty());
        for (const std::string_view word : kForbidden) {
          ASSERT_EQ(text.zh().find(word), std::string::npos) << text.zh();
        }
      }
    }
  }
  EXPECT_EQ(seen, 4096);
}

TEST(RecommendTest, OnlyWhatShouldNotHaveBeenImposedIsOverturned) {
  EXPECT_TRUE(Overturns(v1::DISPOSITION_MISTAKE));
  EXPECT_TRUE(Overturns(v1::DISPOSITION_APPEAL_UPHELD));
  for (const v1::Disposition other :
       {v1::DISPOSITION_UNSPECIFIED, v1::DISPOSITION_MERCY, v1::DISPOSITION_COMPROMISED,
        v1::DISPOSITION_APPEAL_REDUCED, v1::DISPOSITION_AMNESTY, v1::DISPOSITION_UNDONE}) {
    EXPECT_FALSE(Overturns(other)) << v1::Disposition_Name(other);
  }
}

}  // namespace
}  // namespace hallwarden::appeal
