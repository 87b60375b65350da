// What a recommendation rests on: from the sanction as it was stored to the facts.
#include "daemon/desk/appeal_facts.h"

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kAtS = 1'795'334'400;

struct Files {
  v1::Appeal appeal;
  v1::Sanction sanction;
  AppealSources sources;

  Files() {
    appeal.set_kind(v1::APPEAL_KIND_MISTAKE);
    sanction.set_kind(v1::SANCTION_KIND_RESTRICTION);
    sanction.set_rule("name.plain");
    sanction.mutable_actor()->set_machine(true);
    sanction.mutable_create_time()->set_seconds(kAtS);
    sanction.mutable_step()->set_ladder("name_avatar");
    sources.appeal = &appeal;
    sources.sanction = &sanction;
    v1::RuleStatus& rule = sources.rules.emplace_back();
    rule.set_name("rules/name.plain");
    rule.set_mode(v1::MODE_ENFORCE);
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
};

TEST(AppealFactsTest, ThePartnerClassIsThatOfTheDay) {
  Files files;
  EXPECT_EQ(FactsOf(files.sources).account_class, v1::ACCOUNT_CLASS_ORDINARY);
  v1::PartnerSpan& span = files.sources.partners.emplace_back();
  span.mutable_begin_time()->set_seconds(kAtS + 1);
  EXPECT_EQ(FactsOf(files.sources).account_class, v1::ACCOUNT_CLASS_ORDINARY) << "he became one";
  span.mutable_begin_time()->set_seconds(kAtS - 100);
  EXPECT_EQ(FactsOf(files.sources).account_class, v1::ACCOUNT_CLASS_PARTNER);
  span.mutable_end_time()->set_seconds(kAtS);
  EXPECT_EQ(FactsOf(files.sources).account_class, v1::ACCOUNT_CLASS_ORDINARY) << "he was one";
}

TEST(AppealFactsTest, OnePlainPieceIsEnough) {
  Files files;
  EXPECT_FALSE(FactsOf(files.sources).has_evidence);
  v1::Evidence& first = *files.sanction.mutable_finding()->add_evidence();
  first.set_matched_entry("porn/1");
  first.set_disguised(true);
  EXPECT_TRUE(FactsOf(files.sources).disguised);
  files.sanction.mutable_finding()->add_evidence()->set_matched_entry("porn/2");
  EXPECT_FALSE(FactsOf(files.sources).disguised);
  EXPECT_TRUE(FactsOf(files.sources).has_evidence);
}

TEST(AppealFactsTest, ARuleThatFellOrIsGoneIsSaid) {
  Files files;
  EXPECT_FALSE(FactsOf(files.sources).rule_in_review);
  files.sources.rules[0].mutable_review_time()->set_seconds(kAtS);
  EXPECT_TRUE(FactsOf(files.sources).rule_in_review);
  files.sources.rules.clear();
  EXPECT_TRUE(FactsOf(files.sources).rule_in_review);
  files.sanction.mutable_actor()->set_machine(false);
  EXPECT_FALSE(FactsOf(files.sources).rule_in_review) << "a person decided, not the rule";
}

TEST(AppealFactsTest, OnlyPriorsThatCountedCount) {
  Files files;
  files.sanction.mutable_step()->add_priors()->set_counted(false);
  files.sanction.mutable_step()->add_priors()->set_counted(true);
  EXPECT_EQ(FactsOf(files.sources).counted_before, 1);
}

class ReadAgainTest : public ::testing::Test {
 protected:
  static std::shared_ptr<const text::Lexicon> List(std::string_view lines) {
    absl::StatusOr<text::Lexicon> list = text::Lexicon::Parse(lines, "test");
    EXPECT_TRUE(list.ok()) << list.status();
    return std::make_shared<const text::Lexicon>(*std::move(list));
  }
  static appeal::FoundNow Read(const v1::Sanction& sanction, std::string_view lines) {
    const absl::StatusOr<text::OperatorList> own = text::OperatorList::Parse("", "own");
    EXPECT_TRUE(own.ok());
    const text::Screeners screeners = text::BuildScreeners(List(lines), List(lines), *own);
    return ReadAgain(sanction, {.all = screeners, .built_in = screeners, .own = &*own});
  }
  static v1::Sanction Named(const std::string& name) {
    v1::Sanction sanction;
    v1::Evidence& evidence = *sanction.mutable_finding()->add_evidence();
    evidence.set_surface("nickname");
    evidence.set_text(name);
    evidence.set_matched_entry("insult/1");
    return sanction;
  }
};

TEST_F(ReadAgainTest, FoundAgainOrNotAnyMore) {
  EXPECT_EQ(Read(Named("rudeword"), "insult | plain | rudeword\n"), appeal::FoundNow::kYes);
  EXPECT_EQ(Read(Named("rudeword"), "insult | plain | otherword\n"), appeal::FoundNow::kNo);
  // A mere note is still something.
  EXPECT_EQ(Read(Named("rudeword"), "insult | note | rudeword\n"), appeal::FoundNow::kYes);
}

TEST_F(ReadAgainTest, WhatIsGoneOrNoTextSaysNothing) {
  EXPECT_EQ(Read(v1::Sanction(), "insult | plain | rudeword\n"), appeal::FoundNow::kUnknown);
  EXPECT_EQ(Read(Named(""), "insult | plain | rudeword\n"), appeal::FoundNow::kUnknown);
  v1::Sanction mixed = Named("harmless");
  mixed.mutable_finding()->add_evidence()->set_surface("play");
  EXPECT_EQ(Read(mixed, "insult | plain | rudeword\n"), appeal::FoundNow::kUnknown);
}

}  // namespace
}  // namespace hallwarden::daemon
