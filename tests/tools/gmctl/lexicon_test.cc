// lexicon and text verbs against a daemon that says what a test wants.
#include <cstdint>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LexiconVerbsTest : public GmctlTest {
 protected:
  LexiconVerbsTest() {
    v1::Lexicon active;
    active.set_artefact("abc");
    daemon_.GetLexicon.Says(active);
    v1::BacktestLexiconResponse past;
    past.set_text_count(120);
    past.set_hit_count(3);
    past.set_account_count(2);
    past.set_first_position(10);
    past.set_last_position(500);
    v1::BacktestSample& sample = *past.add_samples();
    sample.set_account("10086");
    sample.set_surface("nickname");
    sample.set_text("evil\x1b[31mname");
    sample.set_before(v1::TEXT_VERDICT_CLEAN);
    sample.set_after(v1::TEXT_VERDICT_ACT);
    daemon_.BacktestLexicon.Says(past);
    v1::ChangeLexiconResponse changed;
    changed.set_artefact("def");
    changed.set_entry_count(7);
    changed.set_added_count(1);
    v1::PlanLine& line = *changed.add_lines();
    line.set_key("entries");
    line.mutable_before()->set_zh("6");
    line.mutable_before()->set_en("6");
    line.mutable_after()->set_zh("7");
    line.mutable_after()->set_en("7");
    daemon_.ChangeLexicon.Says(changed);
  }
};

TEST_F(LexiconVerbsTest, AddShowsThePastBeforeItAsksAndPinsTheList) {
  AtTerminal({"y"});
  EXPECT_EQ(
      Gmctl({"lexicon", "add", "老铺子", "--about", "advert", "--grade", "review", "--surface",
             "chat", "--until-day", "2027-01-31", "--reason", "adverts of late"}),
      0)
      << error();
  const std::string all = out() + error();
  EXPECT_THAT(all, HasSubstr("120 texts of the past: 3 would be hit, of 2 accounts"));
  EXPECT_THAT(all, HasSubstr("time was up"));
  EXPECT_THAT(all, HasSubstr("10086"));
  EXPECT_THAT(all, Not(HasSubstr("\x1b[31m")));
  EXPECT_THAT(all, HasSubstr("7 entries now"));
  ASSERT_EQ(daemon_.ChangeLexicon.asked.size(), 2U);
  EXPECT_TRUE(daemon_.ChangeLexicon.asked[0].options().validate_only());
  const v1::ChangeLexiconRequest& sent = daemon_.ChangeLexicon.asked[1];
  EXPECT_EQ(sent.options().etag(), "abc");
  EXPECT_EQ(sent.add(0).pattern(), "老铺子");
  EXPECT_EQ(sent.add(0).surface(), v1::LEXICON_SURFACE_CHAT);
  EXPECT_EQ(sent.add(0).severity(), v1::LEXICON_SEVERITY_REVIEW);
  EXPECT_EQ(sent.add(0).until_date(), "2027-01-31");
}

TEST_F(LexiconVerbsTest, WhatMattersIsNeverGuessed) {
  EXPECT_EQ(Gmctl({"lexicon", "add", "老铺子", "--grade", "plain", "--reason", "because"}), 2);
  EXPECT_EQ(Gmctl({"lexicon", "add", "老铺子", "--about", "advert", "--reason", "because"}), 2);
  EXPECT_EQ(Gmctl({"lexicon", "add", "老铺子", "--about", "advert", "--grade", "harsh", "--reason",
                   "because"}),
            2);
  EXPECT_EQ(Gmctl({"lexicon", "add", "老铺子", "--allow", "--surface", "everywhere", "--reason",
                   "because"}),
            2);
  EXPECT_TRUE(daemon_.ChangeLexicon.asked.empty());
}

TEST_F(LexiconVerbsTest, ALongListIsSentInPartsThatEndWithLines) {
  std::string text;
  while (text.size() < 2'000'000)
    text += "advert | plain | 铺子" + std::to_string(text.size()) + "\n";
  const std::string path = folder_.path() + "/own.lex";
  std::ofstream(path) << text;
  std::string staged;
  daemon_.StageLexicon.answer =
      [&staged](const v1::StageLexiconRequest& part) -> absl::StatusOr<v1::StageLexiconResponse> {
    EXPECT_EQ(part.offset(), static_cast<std::int64_t>(staged.size()));
    EXPECT_EQ(part.source().back(), '\n');
    staged += part.source();
    v1::StageLexiconResponse answer;
    answer.set_upload("up-1");
    return answer;
  };
  EXPECT_EQ(Gmctl({"lexicon", "import", path, "--reason", "a new list", "--yes"}), 0) << error();
  EXPECT_EQ(staged, text);
  EXPECT_EQ(daemon_.ChangeLexicon.asked.back().upload(), "up-1");
  EXPECT_EQ(daemon_.ChangeLexicon.asked.back().source(), "");
}

TEST_F(LexiconVerbsTest, AFailedExampleIsAnError) {
  v1::TestLexiconResponse broken;
  broken.set_example_count(5);
  broken.set_failure_count(1);
  broken.add_failures("own.lex:3: 'x' must hit");
  daemon_.TestLexicon.Says(broken);
  EXPECT_EQ(Gmctl({"lexicon", "test", "-o", "table"}), 1);
  EXPECT_THAT(out(), HasSubstr("own.lex:3:"));
  broken.set_failure_count(0);
  broken.clear_failures();
  daemon_.TestLexicon.Says(broken);
  EXPECT_EQ(Gmctl({"lexicon", "test"}), 0);
}

TEST_F(LexiconVerbsTest, AReadingIsShownInBothLanguagesAndEscaped) {
  v1::ExplainTextResponse answer;
  v1::ReadingStep& step = *answer.add_steps();
  step.set_key("original");
  step.mutable_title()->set_zh("原文");
  step.mutable_title()->set_en("as written");
  step.set_text("a\u202e\nb");
  v1::TextMatch& match = *answer.add_matches();
  match.set_category("advert");
  match.set_pattern("ab");
  match.set_severity(v1::LEXICON_SEVERITY_PLAIN);
  match.set_disguised(true);
  answer.set_verdict(v1::TEXT_VERDICT_ACT);
  daemon_.ExplainText.Says(answer);
  EXPECT_EQ(Gmctl({"text", "explain", "a", "b", "-o", "table", "--lang", "en"}), 0) << error();
  EXPECT_EQ(daemon_.ExplainText.asked[0].text(), "a b");
  EXPECT_THAT(out(), HasSubstr("as written: a"));
  EXPECT_THAT(out(), Not(HasSubstr("\u202e")));
  EXPECT_THAT(out(), HasSubstr("advert plain ab"));
  EXPECT_THAT(out(), HasSubstr("a machine may act"));
  EXPECT_EQ(Gmctl({"text", "explain", "ab", "-o", "table", "--lang", "zh"}), 0);
  EXPECT_THAT(out(), HasSubstr("机器可处理"));
  EXPECT_EQ(Gmctl({"text", "explain", "ab", "-o", "json"}), 0);
  EXPECT_THAT(out(), HasSubstr("TEXT_VERDICT_ACT"));
}

}  // namespace
}  // namespace hallwarden::gmctl
