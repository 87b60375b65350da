// The appeal verbs against a daemon that says what a test wants.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

v1::AppealView Sample() {
  v1::AppealView view;
  v1::Appeal& appeal = *view.mutable_appeal();
  appeal.set_name("appeals/ap_3F");
  appeal.set_account("10086");
  appeal.set_sanction("sanctions/sn_7K2M");
  appeal.set_kind(v1::APPEAL_KIND_TOO_HARD);
  appeal.set_state(v1::APPEAL_STATE_OPEN);
  appeal.set_waiting_side(v1::APPEAL_SIDE_DESK);
  appeal.mutable_claim()->mutable_actor()->set_principal("agent-qian");
  v1::AppealMessage& said = *appeal.add_messages();
  said.set_side(v1::APPEAL_SIDE_PLAYER);
  said.set_text("please\x1b[31m look again");
  v1::AppealMessage& note = *appeal.add_messages();
  note.set_side(v1::APPEAL_SIDE_DESK);
  note.set_internal(true);
  note.set_text("he was warned twice");
  note.mutable_actor()->set_principal("gm-li");
  *view.mutable_explanation()->mutable_sanction() = SampleSanction();
  v1::AppealRecommendation& advice = *view.mutable_recommendation();
  advice.set_verdict(v1::APPEAL_VERDICT_REDUCE);
  advice.mutable_term()->set_seconds(3L * 86'400);
  advice.mutable_summary()->set_en("make it shorter");
  advice.mutable_summary()->set_zh("建议减轻");
  v1::RecommendationReason& reason = *advice.add_reasons();
  reason.mutable_text()->set_en("it is not serious");
  reason.mutable_text()->set_zh("情节不重");
  reason.set_for_player(true);
  view.set_etag("5");
  return view;
}

class AppealVerbsTest : public GmctlTest {
 protected:
  AppealVerbsTest() {
    daemon_.GetAppealView.Says(Sample());
    daemon_.DecideAppeal.answer = PlanThenDo<v1::DecideAppealRequest>;
    AtTerminal({});
  }
  int Decide(std::vector<std::string> words) {
    std::vector<std::string> all = {"appeal",   "decide",       "ap_3F",
                                    "--reason", "looked again", "--yes"};
    all.insert(all.end(), words.begin(), words.end());
    return Gmctl(all);
  }
  const v1::DecideAppealRequest& Asked() { return daemon_.DecideAppeal.asked.back(); }
};

TEST_F(AppealVerbsTest, AnAppealIsOneScreenInWords) {
  EXPECT_EQ(Gmctl({"appeal", "show", "ap_3F"}), 0) << error();
  EXPECT_EQ(daemon_.GetAppealView.asked.back().name(), "appeals/ap_3F");
  EXPECT_THAT(out(), AllOf(HasSubstr("too hard"), HasSubstr("waits for the desk"),
                           HasSubstr("make it shorter"), HasSubstr("+ it is not serious"),
                           HasSubstr("among us"), HasSubstr("he was warned twice"),
                           HasSubstr("gmctl appeal decide ap_3F --uphold")));
  EXPECT_THAT(out(), Not(HasSubstr("\x1b[31m")));
  EXPECT_EQ(Gmctl({"appeal", "show", "ap_3F", "--lang", "zh"}), 0) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("认为处罚过重"), HasSubstr("+ 情节不重"), HasSubstr("内部")));
}

TEST_F(AppealVerbsTest, AVerdictHasNoDefault) {
  EXPECT_EQ(Decide({}), 2);
  EXPECT_EQ(Decide({"--uphold", "--lift", "--as", "mistake"}), 2);
  EXPECT_EQ(Decide({"--lift"}), 2);
  EXPECT_EQ(Decide({"--uphold", "--as", "mercy"}), 2);
  EXPECT_EQ(Decide({"--reduce", "--for", "3"}), 2) << "three what?";
  EXPECT_EQ(Decide({"--reduce", "--for", "3d", "--until", "2026-09-05"}), 2);
  EXPECT_TRUE(daemon_.DecideAppeal.asked.empty());
}

TEST_F(AppealVerbsTest, ADecisionIsPinnedToWhatWasSeen) {
  EXPECT_EQ(Decide({"--reduce", "--for", "3d", "--caps", "login,chat", "--why", "first time"}), 0)
      << error();
  EXPECT_EQ(Asked().verdict(), v1::APPEAL_VERDICT_REDUCE);
  EXPECT_EQ(Asked().term().seconds(), 3L * 86'400);
  EXPECT_EQ(Asked().capabilities_size(), 2);
  EXPECT_EQ(Asked().deviation_reason(), "first time");
  EXPECT_EQ(Asked().options().etag(), "5");
  EXPECT_EQ(Decide({"--lift", "--as", "mistake", "--gold", "500", "--say", "sorry"}), 0) << error();
  EXPECT_EQ(Asked().disposition(), v1::DISPOSITION_MISTAKE);
  EXPECT_EQ(Asked().compensation_gold(), 500);
  EXPECT_EQ(Asked().text(), "sorry");
}

TEST_F(AppealVerbsTest, SubmittingShowsWhatThePlayerReads) {
  daemon_.GetSanction.Says(SampleSanction());
  daemon_.SubmitAppeal.answer =
      [](const v1::SubmitAppealRequest& call) -> absl::StatusOr<v1::SubmitAppealResponse> {
    v1::SubmitAppealResponse answer;
    answer.mutable_action()->set_dry_run(call.options().validate_only());
    answer.mutable_action()->set_etag("e1");
    *answer.mutable_appeal() = Sample().appeal();
    answer.mutable_receipt()->set_en("you will hear from us");
    return answer;
  };
  EXPECT_EQ(Gmctl({"appeal", "submit", "sn_7K2M", "it was the line", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr("say what the player says"));
  EXPECT_EQ(Gmctl({"appeal", "submit", "sn_7K2M", "it was the line", "--says", "mistake", "--yes"}),
            0)
      << error();
  const v1::SubmitAppealRequest& asked = daemon_.SubmitAppeal.asked.back();
  EXPECT_EQ(asked.parent(), "sanctions/sn_7K2M");
  EXPECT_EQ(asked.kind(), v1::APPEAL_KIND_MISTAKE);
  EXPECT_EQ(asked.text(), "it was the line");
  EXPECT_EQ(asked.language(), "en");
  EXPECT_THAT(out(), AllOf(HasSubstr("ap_3F"), HasSubstr("you will hear from us")));
}

TEST_F(AppealVerbsTest, AnAccountStandsForItsOnlyOpenAppeal) {
  v1::ListAppealsResponse list;
  *list.add_items()->mutable_appeal() = Sample().appeal();
  v1::AppealItem& old = *list.add_items();
  *old.mutable_appeal() = Sample().appeal();
  old.mutable_appeal()->set_name("appeals/ap_2E");
  old.mutable_appeal()->set_state(v1::APPEAL_STATE_DECIDED);
  daemon_.ListAppeals.Says(list);
  daemon_.ClaimAppeal.answer = PlanThenDo<v1::ClaimAppealRequest>;
  EXPECT_EQ(Gmctl({"appeal", "claim", "10086", "--yes"}), 0) << error();
  EXPECT_EQ(daemon_.ClaimAppeal.asked.back().name(), "appeals/ap_3F");
  list.mutable_items(1)->mutable_appeal()->set_state(v1::APPEAL_STATE_OPEN);
  daemon_.ListAppeals.Says(list);
  EXPECT_EQ(Gmctl({"appeal", "claim", "10086", "--yes"}), 3);
  EXPECT_THAT(error(), HasSubstr("ap_3F, ap_2E"));
}

TEST_F(AppealVerbsTest, SayingAndAskingAndPassingOn) {
  daemon_.CreateAppealMessage.answer = PlanThenDo<v1::CreateAppealMessageRequest>;
  EXPECT_EQ(Gmctl({"appeal", "say", "ap_3F", "--yes"}), 2) << "nothing to say";
  EXPECT_EQ(Gmctl({"appeal", "say", "ap_3F", "--reply", "hello", "--yes"}), 0) << error();
  EXPECT_EQ(daemon_.CreateAppealMessage.asked.back().canned_reply(), "hello");
  EXPECT_EQ(Gmctl({"appeal", "say", "ap_3F", "--ask", "which", "room?", "--yes"}), 0) << error();
  EXPECT_TRUE(daemon_.CreateAppealMessage.asked.back().asks());
  EXPECT_EQ(daemon_.CreateAppealMessage.asked.back().text(), "which room?");
  EXPECT_EQ(Gmctl({"appeal", "say", "ap_3F", "--from-player", "three", "--yes"}), 0) << error();
  EXPECT_TRUE(daemon_.CreateAppealMessage.asked.back().from_player());
}

TEST_F(AppealVerbsTest, TheQueueSaysWhatIsOverdueAndWhatIsYours) {
  v1::ListAppealsResponse list;
  v1::AppealItem& item = *list.add_items();
  *item.mutable_appeal() = Sample().appeal();
  item.mutable_appeal()->mutable_due_time()->set_seconds(1'700'000'000);
  item.set_overdue(true);
  item.set_own_sanction(true);
  daemon_.ListAppeals.Says(list);
  EXPECT_EQ(Gmctl({"appeal", "ls", "--says", "hard"}), 0) << error();
  EXPECT_EQ(daemon_.ListAppeals.asked.back().kinds(0), v1::APPEAL_KIND_TOO_HARD);
  EXPECT_THAT(out(), AllOf(HasSubstr("(overdue)"), HasSubstr("OWN"), HasSubstr("too hard")));
}

}  // namespace
}  // namespace hallwarden::gmctl
