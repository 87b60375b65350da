// Appeals: who may decide them, what becomes of the sanction, what players are told, and when they
// end by themselves.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/support/hall.h"
#include "tests/rules/support/replay.h"
#include "tests/rules/support/sharded.h"

namespace hallwarden::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AppealTest : public ::testing::Test {
 protected:
  explicit AppealTest(const std::string& policy_text = {}) : artefacts_(policy_text) {}

  void SetUp() override {
    hall_.Tell("gs1", Registered("a", "goodname"));
    hall_.Tell("gs1", LoggedIn("a"));
    ASSERT_EQ(Ask(BanFor("a", 6 * kDayUs)), "OK");
  }

  // `OK` or the reason of the refusal. Every command leaves one audit record.
  std::string Ask(const v1::Command& command) {
    hall_.Ask(command);
    EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
    const std::vector<Answer> answers = hall_.Last<Answer>();
    if (answers.size() != 1) return "no answer";
    response_ = answers[0].response;
    return answers[0].refusal.has_value() ? answers[0].refusal->reason : "OK";
  }

  static v1::Command Of(const std::string& who, v1::Role role = v1::ROLE_APPEAL_AGENT) {
    v1::Command command = As(role, who);
    command.set_target_account("a");
    return command;
  }
  v1::Command SubmitAs(const v1::Actor& actor, v1::AppealKind kind, const std::string& words) {
    v1::Command command = Of(actor.principal(), actor.role());
    v1::SubmitAppealRequest& submit = *command.mutable_submit_appeal();
    submit.set_parent(Sanction().name());
    submit.set_kind(kind);
    submit.set_text(words);
    return command;
  }
  std::string Submit(v1::AppealKind kind = v1::APPEAL_KIND_TOO_HARD) {
    v1::Actor actor;
    actor.set_principal("agent-zhao");
    actor.set_role(v1::ROLE_APPEAL_AGENT);
    return Ask(SubmitAs(actor, kind, "please look again"));
  }
  std::string Claim(const std::string& who = "agent-qian", v1::Role role = v1::ROLE_APPEAL_AGENT) {
    v1::Command command = Of(who, role);
    command.mutable_claim_appeal()->set_name(Appeal().name());
    return Ask(command);
  }
  v1::Command Decide(v1::AppealVerdict verdict, const std::string& who = "agent-qian",
                     v1::Role role = v1::ROLE_APPEAL_AGENT) {
    v1::Command command = Of(who, role);
    v1::DecideAppealRequest& decide = *command.mutable_decide_appeal();
    decide.set_name(Appeal().name());
    decide.set_verdict(verdict);
    decide.mutable_options()->set_reason("looked at it again");
    return command;
  }
  v1::Command LiftIt(v1::Disposition disposition, const std::string& who = "agent-qian",
                     v1::Role role = v1::ROLE_APPEAL_AGENT) {
    v1::Command command = Decide(v1::APPEAL_VERDICT_LIFT, who, role);
    command.mutable_decide_appeal()->set_disposition(disposition);
    return command;
  }
  v1::Command ReduceTo(std::int64_t term_us) {
    v1::Command command = Decide(v1::APPEAL_VERDICT_REDUCE);
    command.mutable_decide_appeal()->mutable_term()->set_seconds(term_us / kSecondUs);
    return command;
  }
  v1::Command Say(const std::string& words, bool asks = false, bool from_player = false) {
    v1::Command command = Of("agent-qian");
    v1::CreateAppealMessageRequest& say = *command.mutable_create_appeal_message();
    say.set_parent(Appeal().name());
    say.set_text(words);
    say.set_asks(asks);
    say.set_from_player(from_player);
    return command;
  }

  // The last appeal.
  [[nodiscard]] const v1::Appeal& Appeal() const {
    const v1::Appeal* last = nullptr;
    for (const auto& [name, appeal] : hall_.appeals()) {
      if (last == nullptr || last->journal_position() < appeal.journal_position()) last = &appeal;
    }
    return *last;
  }
  [[nodiscard]] v1::Sanction Sanction() const { return hall_.SanctionsOf("a").back(); }
  [[nodiscard]] std::int64_t EndUs() const { return Sanction().end_time().seconds() * kSecondUs; }
  // What the player was told in the last step; empty: nothing.
  [[nodiscard]] v1::LocalizedText Told() const {
    for (const SendDirective& send : hall_.Last<SendDirective>()) {
      if (send.directive.has_notify()) return send.directive.notify().notice();
    }
    return {};
  }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
  v1::ActionResponse response_;
};

// ---- on its way
// ---------------------------------------------------------------------------------------

TEST_F(AppealTest, ItIsTakenToldAndQueued) {
  ASSERT_EQ(Submit(), "OK");
  EXPECT_EQ(Appeal().state(), v1::APPEAL_STATE_OPEN);
  EXPECT_EQ(Appeal().waiting_side(), v1::APPEAL_SIDE_DESK);
  EXPECT_EQ(Appeal().sanction(), Sanction().name());
  EXPECT_EQ(Sanction().appeal(), Appeal().name());
  EXPECT_FALSE(Appeal().queue_key().empty());
  EXPECT_EQ(Appeal().due_time().seconds() * kSecondUs,
            hall_.scribe().now_us() / kSecondUs * kSecondUs + 30 * kMinuteUs);
  EXPECT_THAT(Told().zh(), AllOf(HasSubstr("已收到"), HasSubstr(Appeal().name().substr(8))));
  EXPECT_THAT(Told().en(), HasSubstr("We have received your appeal"));
  EXPECT_EQ(Submit(), "APPEAL_OPEN");
}

TEST_F(AppealTest, OneHoldsItAtATimeAndTheLeaseEndsByItself) {
  ASSERT_EQ(Submit(), "OK");
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD)), "APPEAL_NOT_CLAIMED");
  ASSERT_EQ(Claim("agent-qian"), "OK");
  EXPECT_EQ(Claim("agent-sun"), "APPEAL_CLAIMED");
  hall_.Wait(20 * kMinuteUs);
  ASSERT_EQ(Claim("agent-qian"), "OK") << "renewed";
  hall_.Wait(20 * kMinuteUs);
  EXPECT_EQ(Appeal().claim().actor().principal(), "agent-qian");
  hall_.Wait(11 * kMinuteUs);
  EXPECT_FALSE(Appeal().has_claim());
  EXPECT_EQ(Claim("agent-sun"), "OK");
}

TEST_F(AppealTest, AStaleEtagIsRefused) {
  ASSERT_EQ(Submit(), "OK");
  const std::string before = std::to_string(Appeal().revision());
  ASSERT_EQ(Claim(), "OK");
  v1::Command decide = Decide(v1::APPEAL_VERDICT_UPHOLD);
  decide.mutable_decide_appeal()->mutable_options()->set_etag(before);
  EXPECT_EQ(Ask(decide), "ETAG_MISMATCH");
  decide.mutable_decide_appeal()->mutable_options()->set_etag(std::to_string(Appeal().revision()));
  EXPECT_EQ(Ask(decide), "OK");
}

TEST_F(AppealTest, AQuestionWaitsForThePlayerAndNoAnswerEndsIt) {
  ASSERT_EQ(Submit(), "OK");
  EXPECT_EQ(Ask(Say("in which room was it?", true)), "APPEAL_NOT_CLAIMED");
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Say("in which room was it?", true)), "OK");
  EXPECT_EQ(Appeal().waiting_side(), v1::APPEAL_SIDE_PLAYER);
  EXPECT_TRUE(Appeal().has_first_answer_time());
  EXPECT_THAT(Told().en(), HasSubstr("we would like to ask you something"));
  ASSERT_EQ(Ask(Say("in room three", false, true)), "OK");
  EXPECT_EQ(Appeal().waiting_side(), v1::APPEAL_SIDE_DESK);
  EXPECT_THAT(Appeal().messages(), SizeIs(3));
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Say("and with whom?", true)), "OK");
  // Reported as gone is only what its sanction does not end before.
  hall_.Wait(5 * kDayUs);
  EXPECT_EQ(Appeal().state(), v1::APPEAL_STATE_OPEN);
  hall_.Wait(3 * kDayUs);
  EXPECT_EQ(Appeal().state(), v1::APPEAL_STATE_WITHDRAWN);
  EXPECT_TRUE(Appeal().queue_key().empty());
}

TEST_F(AppealTest, APlayerWritesSoManyMessagesInARow) {
  ASSERT_EQ(Submit(), "OK");
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(Ask(Say("one more thing", false, true)), "OK");
  EXPECT_EQ(Ask(Say("one more thing", false, true)), "APPEAL_MESSAGES");
}

TEST_F(AppealTest, NotesAreForColleaguesOnly) {
  ASSERT_EQ(Submit(), "OK");
  v1::Command note = Of("gm-li", v1::ROLE_GM);
  note.mutable_create_appeal_note()->set_parent(Appeal().name());
  note.mutable_create_appeal_note()->set_text("he shouted at me");
  ASSERT_EQ(Ask(note), "OK");
  EXPECT_TRUE(Appeal().messages(1).internal());
  EXPECT_TRUE(Told().en().empty());
}

TEST_F(AppealTest, ACannedReplyIsFilledInHisLanguage) {
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  v1::Command say = Say("");
  EXPECT_EQ(Ask(say), "TEXT_REQUIRED");
  say.mutable_create_appeal_message()->set_canned_reply("nonsense");
  EXPECT_EQ(Ask(say), "UNKNOWN_REPLY");
  say.mutable_create_appeal_message()->set_canned_reply("advert_why");
  EXPECT_EQ(Ask(say),
            Sanction().offence() == v1::OFFENCE_ADVERTISING ? "OK" : "REPLY_DOES_NOT_FIT");
  say.mutable_create_appeal_message()->set_canned_reply("hello");
  ASSERT_EQ(Ask(say), "OK");
  const v1::AppealMessage& said = Appeal().messages(Appeal().messages_size() - 1);
  EXPECT_THAT(said.text(), AllOf(HasSubstr("正在为您核实"), Not(HasSubstr("{"))));
}

TEST_F(AppealTest, TheDeskIsOverdueOnceAndThePlayerIsTold) {
  ASSERT_EQ(Submit(), "OK");
  const std::string key = Appeal().queue_key();
  hall_.Wait(31 * kMinuteUs);
  EXPECT_TRUE(Appeal().has_overdue_time());
  EXPECT_LT(Appeal().queue_key(), key) << "it moves to the front";
  int waiting = 0;
  for (const SendDirective& send : hall_.All<SendDirective>()) {
    if (send.directive.notify().notice().en().find("sorry to keep you waiting") !=
        std::string::npos) {
      ++waiting;
    }
  }
  EXPECT_EQ(waiting, 1);
}

// ---- decided
// -----------------------------------------------------------------------------------------

TEST_F(AppealTest, UpheldTheSanctionStands) {
  const std::int64_t end_us = EndUs();
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD)), "OK");
  EXPECT_EQ(Appeal().state(), v1::APPEAL_STATE_DECIDED);
  EXPECT_EQ(Appeal().decision().actor().principal(), "agent-qian");
  EXPECT_EQ(EndUs(), end_us);
  EXPECT_THAT(Told().zh(), HasSubstr("维持不变"));
  EXPECT_THAT(Told().zh(), Not(HasSubstr("agent-qian")));
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD)), "APPEAL_OVER");
  // He may come again after a while, and not for ever.
  EXPECT_EQ(Submit(), "APPEAL_LIMIT");
}

TEST_F(AppealTest, ReducedTimeServedIsCreditedAndTheServersAreTold) {
  ASSERT_EQ(Submit(), "OK");
  hall_.Wait(kDayUs);
  const std::int64_t start_us = Sanction().start_time().seconds() * kSecondUs;
  ASSERT_EQ(Claim(), "OK");
  EXPECT_EQ(Ask(ReduceTo(7 * kDayUs)), "NOT_REDUCED") << "an appeal makes nothing harder";
  ASSERT_EQ(Ask(ReduceTo(3 * kDayUs)), "OK");
  EXPECT_EQ(EndUs(), start_us + 3 * kDayUs) << "from its start, not from the decision";
  ASSERT_THAT(Sanction().reductions(), SizeIs(1));
  EXPECT_EQ(Sanction().reductions(0).term_before().seconds(), 6 * kDayUs / kSecondUs);
  EXPECT_GE(Sanction().reductions(0).served().seconds(), kDayUs / kSecondUs);
  ASSERT_THAT(hall_.Gate("a").restrictions(), SizeIs(1));
  EXPECT_EQ(hall_.Gate("a").restrictions(0).until_time().seconds() * kSecondUs, EndUs());
  EXPECT_THAT(Told().en(), HasSubstr("shortened to 3 days"));
  bool restrictions = false;
  for (const SendDirective& send : hall_.Last<SendDirective>())
    restrictions |= send.directive.has_set_restrictions();
  EXPECT_TRUE(restrictions);
  hall_.Wait(2 * kDayUs);
  EXPECT_EQ(Sanction().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
}

TEST_F(AppealTest, WhatWasServedIsEnough) {
  ASSERT_EQ(Submit(), "OK");
  hall_.Wait(3 * kDayUs);
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(ReduceTo(2 * kDayUs)), "OK");
  EXPECT_EQ(Sanction().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
  EXPECT_THAT(Told().zh(), HasSubstr("执行期满"));
}

TEST_F(AppealTest, APermanentOneGetsAnEndAndNothingBecomesPermanent) {
  v1::Command permanent = BanFor("a", kDayUs);
  permanent.mutable_create_sanction()->set_permanent(true);
  permanent.mutable_actor()->set_role(v1::ROLE_SENIOR_GM);
  ASSERT_EQ(Ask(permanent), "OK");
  ASSERT_TRUE(Sanction().permanent());
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_REDUCE)), "NOT_REDUCED") << "to what?";
  ASSERT_EQ(Ask(ReduceTo(30 * kDayUs)), "OK");
  EXPECT_FALSE(Sanction().permanent());
  EXPECT_TRUE(Sanction().has_end_time());
  EXPECT_FALSE(Sanction().reductions(0).has_term_before());
}

TEST_F(AppealTest, LiftedAsAMistakeItDoesNotCountAndAnApologyGoesOut) {
  ASSERT_EQ(Submit(v1::APPEAL_KIND_MISTAKE), "OK");
  ASSERT_EQ(Claim(), "OK");
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_LIFT)), "DISPOSITION_REQUIRED");
  v1::Command lift = LiftIt(v1::DISPOSITION_MISTAKE);
  lift.mutable_decide_appeal()->set_compensation_gold(1'000'000'000);
  EXPECT_EQ(Ask(lift), "COMPENSATION_TOO_HIGH");
  lift.mutable_decide_appeal()->set_compensation_gold(500);
  ASSERT_EQ(Ask(lift), "OK");
  EXPECT_EQ(Sanction().state(), v1::SANCTION_STATE_LIFTED);
  EXPECT_FALSE(Sanction().counted());
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
  EXPECT_THAT(Told().zh(), HasSubstr("深表歉意"));
  EXPECT_EQ(Appeal().decision().compensation().gold(), 500);
  EXPECT_EQ(Appeal().withdrawal(), v1::APPEAL_WITHDRAWAL_UNSPECIFIED);
}

TEST_F(AppealTest, NeverByTheOneWhoImposedItButHisOwnMistake) {
  const std::string author = Sanction().actor().principal();
  const v1::Role role = v1::ROLE_SENIOR_GM;
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(author, role), "OK");
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD, author, role)), "OWN_SANCTION");
  EXPECT_EQ(Ask(LiftIt(v1::DISPOSITION_MERCY, author, role)), "OWN_SANCTION");
  // He gives it back: it waits for somebody else, and the player hears so.
  v1::Command release = Of(author, role);
  release.mutable_release_appeal()->set_name(Appeal().name());
  ASSERT_EQ(Ask(release), "OK");
  EXPECT_EQ(Appeal().obstacle(), v1::APPEAL_OBSTACLE_OWN_SANCTION);
  EXPECT_THAT(Told().en(), HasSubstr("another colleague"));
  ASSERT_EQ(Claim(author, role), "OK");
  ASSERT_EQ(Ask(LiftIt(v1::DISPOSITION_MISTAKE, author, role)), "OK");
  EXPECT_EQ(Sanction().state(), v1::SANCTION_STATE_LIFTED);
}

TEST_F(AppealTest, AGmDecidesNothingThatOthersImposed) {
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim("gm-zhou", v1::ROLE_GM), "OK");
  EXPECT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD, "gm-zhou", v1::ROLE_GM)), "ROLE_LIMIT_APPEAL");
}

TEST_F(AppealTest, APartnerAccountIsFreedForAMistakeOnly) {
  v1::Command import = As(v1::ROLE_ADMIN, "root");
  v1::PartnerSpan& span = *import.mutable_import_partners()->add_spans();
  span.set_account("a");
  span.set_channel("dandan");
  span.mutable_begin_time()->set_seconds(kNoonUs / kSecondUs - 86'400);
  import.mutable_import_partners()->mutable_options()->set_reason("the register");
  hall_.Ask(import);
  ASSERT_EQ(Submit(), "OK");
  EXPECT_EQ(Appeal().account_class(), v1::ACCOUNT_CLASS_PARTNER);
  ASSERT_EQ(Claim(), "OK");
  EXPECT_EQ(Ask(ReduceTo(3 * kDayUs)), "PARTNER_ACCOUNT");
  EXPECT_EQ(Ask(LiftIt(v1::DISPOSITION_MERCY)), "PARTNER_ACCOUNT");
  EXPECT_EQ(Ask(LiftIt(v1::DISPOSITION_MISTAKE)), "OK");
}

TEST_F(AppealTest, WhoDecidesOtherwiseThanRecommendedSaysWhy) {
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  v1::Command decide = Decide(v1::APPEAL_VERDICT_UPHOLD);
  decide.mutable_recommendation()->set_verdict(v1::APPEAL_VERDICT_LIFT);
  decide.mutable_recommendation()->set_disposition(v1::DISPOSITION_MERCY);
  EXPECT_EQ(Ask(decide), "DEVIATION_REASON_REQUIRED");
  decide.mutable_decide_appeal()->set_deviation_reason("he did it again in chat");
  ASSERT_EQ(Ask(decide), "OK");
  EXPECT_EQ(Appeal().decision().recommendation().verdict(), v1::APPEAL_VERDICT_LIFT);
  EXPECT_EQ(Appeal().decision().deviation_reason(), "he did it again in chat");
}

// ---- ends by itself, and limits
// ------------------------------------------------------------------------

TEST_F(AppealTest, ALiftByHandEndsItAndTellsThePlayer) {
  ASSERT_EQ(Submit(), "OK");
  v1::Command lift = LiftAs("a", Sanction().name(), v1::DISPOSITION_MISTAKE);
  ASSERT_EQ(Ask(lift), "OK");
  EXPECT_EQ(Appeal().state(), v1::APPEAL_STATE_WITHDRAWN);
  EXPECT_EQ(Appeal().withdrawal(), v1::APPEAL_WITHDRAWAL_SANCTION_LIFTED);
  EXPECT_THAT(Told().en(), HasSubstr("our mistake"));
  EXPECT_EQ(Submit(), "APPEAL_NOT_POSSIBLE");
}

TEST_F(AppealTest, AServedOneIsOnlyAskedWhetherItWasRight) {
  ASSERT_EQ(Submit(v1::APPEAL_KIND_MERCY), "OK");
  hall_.Wait(6 * kDayUs + kMinuteUs);
  ASSERT_EQ(Sanction().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_EQ(Appeal().withdrawal(), v1::APPEAL_WITHDRAWAL_SANCTION_SERVED);
  EXPECT_EQ(Submit(v1::APPEAL_KIND_MERCY), "APPEAL_NOT_POSSIBLE");
  ASSERT_EQ(Submit(v1::APPEAL_KIND_MISTAKE), "OK");
  ASSERT_EQ(Claim(), "OK");
  EXPECT_EQ(Ask(ReduceTo(kDayUs)), "NOTHING_TO_REDUCE");
  EXPECT_EQ(Ask(LiftIt(v1::DISPOSITION_MERCY)), "SANCTION_NOT_ACTIVE");
  ASSERT_EQ(Ask(LiftIt(v1::DISPOSITION_MISTAKE)), "OK");
  hall_.Wait(100 * kDayUs);
  EXPECT_EQ(Submit(v1::APPEAL_KIND_MISTAKE), "APPEAL_NOT_POSSIBLE");
}

TEST_F(AppealTest, SoManyInADay) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Submit(), "OK");
    v1::Command withdraw = Of("agent-zhao");
    withdraw.mutable_withdraw_appeal()->set_name(Appeal().name());
    ASSERT_EQ(Ask(withdraw), "OK");
    EXPECT_EQ(Appeal().withdrawal(), v1::APPEAL_WITHDRAWAL_BY_PLAYER);
  }
  EXPECT_EQ(Submit(), "APPEAL_LIMIT");
  hall_.Wait(kDayUs + kSecondUs);
  EXPECT_EQ(Submit(), "OK");
}

TEST_F(AppealTest, AGameServerSeesItsOwnOnly) {
  v1::Actor server;
  server.set_principal("gs1");
  server.set_role(v1::ROLE_GAME_SERVER);
  ASSERT_EQ(Ask(SubmitAs(server, v1::APPEAL_KIND_MISTAKE, "it was not me")), "OK");
  v1::Command other = Of("gs2", v1::ROLE_GAME_SERVER);
  other.mutable_create_appeal_message()->set_parent(Appeal().name());
  other.mutable_create_appeal_message()->set_text("let me in");
  EXPECT_EQ(Ask(other), "NOT_YOUR_APPEAL");
  other.mutable_actor()->set_principal("gs1");
  EXPECT_EQ(Ask(other), "OK");
  EXPECT_EQ(Appeal().messages(1).side(), v1::APPEAL_SIDE_PLAYER);
}

// A banned player is nowhere: he is told where he appealed or, failing that, when he comes back.
TEST_F(AppealTest, WhoIsNowhereIsToldWhenHeComesBack) {
  hall_.Tell("gs1", LoggedOut("a"));
  ASSERT_EQ(Submit(), "OK");
  EXPECT_TRUE(Told().en().empty());
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Decide(v1::APPEAL_VERDICT_UPHOLD)), "OK");
  EXPECT_TRUE(Told().en().empty());
  hall_.Tell("gs2", LoggedIn("a"));
  EXPECT_THAT(Told().en(), HasSubstr("stands as it is")) << "the last word takes the first's place";
  hall_.Obey("gs2");
  hall_.Tell("gs2", LoggedOut("a"));
  hall_.Tell("gs2", LoggedIn("a"));
  EXPECT_TRUE(Told().en().empty()) << "once is enough";
}

// ---- what a rule hears of it
// -------------------------------------------------------------------------

// Appeals may leave a rule to people; no other limit stands in the way.
std::string WithOverturning() {
  std::string text = policy::WithoutLimits(std::string(policy::DefaultPolicyText()));
  const std::string off = "percent: 100";
  const std::size_t at = text.find(off);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, off.size(), "percent: 30");
}

class OverturnTest : public AppealTest {
 protected:
  OverturnTest() : AppealTest(WithOverturning()) {}

  // A machine warns the account for its name; the appeal is decided.
  void Appealed(const std::string& account, bool overturned) {
    hall_.Tell("gs1", Registered(account, "rudeword"));
    const std::string sanction = hall_.SanctionsOf(account).back().name();
    v1::Command submit = As(v1::ROLE_APPEAL_AGENT, "agent-zhao");
    submit.set_target_account(account);
    submit.mutable_submit_appeal()->set_parent(sanction);
    submit.mutable_submit_appeal()->set_kind(v1::APPEAL_KIND_MISTAKE);
    submit.mutable_submit_appeal()->set_text("it is my village's name");
    ASSERT_EQ(Ask(submit), "OK");
    v1::Command claim = As(v1::ROLE_APPEAL_AGENT, "agent-qian");
    claim.set_target_account(account);
    claim.mutable_claim_appeal()->set_name(Appeal().name());
    ASSERT_EQ(Ask(claim), "OK");
    v1::Command decide =
        overturned ? LiftIt(v1::DISPOSITION_APPEAL_UPHELD) : Decide(v1::APPEAL_VERDICT_UPHOLD);
    decide.set_target_account(account);
    hall_.Ask(decide);
    ASSERT_FALSE(hall_.Last<Answer>().front().refusal.has_value());
  }
  v1::RuleStatus Status() {
    for (const v1::RuleStatus& rule : hall_.runner().engine().Rules(hall_.scribe().now_us())) {
      if (rule.name() == "rules/name.plain") return rule;
    }
    return {};
  }
  // Sanctions that the machine imposes on a new account with a bad name.
  std::size_t Acts(const std::string& account) {
    hall_.Tell("gs1", Registered(account, "rudeword"));
    return hall_.SanctionsOf(account).size();
  }
};

TEST_F(OverturnTest, ARuleThatIsWrongTooOftenIsLeftToPeopleAndSaysSo) {
  for (int i = 0; i < 6; ++i)
    Appealed("up" + std::to_string(i), false);
  for (int i = 0; i < 3; ++i)
    Appealed("over" + std::to_string(i), true);
  EXPECT_FALSE(Status().has_review_time()) << "a third, but of nine only";
  EXPECT_EQ(Status().appeal_count(), 9);
  EXPECT_EQ(Acts("before"), 1U);
  Appealed("over3", true);
  EXPECT_EQ(Status().review_cause(), v1::REVIEW_CAUSE_OVERTURNED);
  EXPECT_EQ(Status().overturned_count(), 4);
  std::vector<std::string> methods;
  for (const Audit& audit : hall_.Last<Audit>())
    methods.push_back(audit.record.method());
  EXPECT_THAT(methods, ElementsAre("AppealService.DecideAppeal", "hallwarden.RuleToReview"));
  EXPECT_EQ(Acts("after"), 0U);
  EXPECT_EQ(hall_.All<PutCase>().back().opened.cause(), "OVERTURNED");
  v1::Command release = As(v1::ROLE_LEAD, "lead-wang");
  release.mutable_release_rule()->set_name("rules/name.plain");
  ASSERT_EQ(Ask(release), "OK");
  EXPECT_FALSE(Status().has_review_time());
  EXPECT_EQ(Status().appeal_count(), 0) << "counted anew";
  EXPECT_EQ(Acts("released"), 1U);
}

TEST_F(OverturnTest, WhatIsUpheldOrOldMovesNothing) {
  for (int i = 0; i < 9; ++i)
    Appealed("over" + std::to_string(i), true);
  hall_.Wait(31 * kDayUs);
  Appealed("late", true);
  EXPECT_EQ(Status().appeal_count(), 1);
  EXPECT_FALSE(Status().has_review_time());
}

TEST_F(OverturnTest, WhatAPersonImposedIsNoRulesFault) {
  ASSERT_EQ(Submit(v1::APPEAL_KIND_MISTAKE), "OK");
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(LiftIt(v1::DISPOSITION_MISTAKE)), "OK");
  for (const v1::RuleStatus& rule : hall_.runner().engine().Rules(hall_.scribe().now_us()))
    EXPECT_EQ(rule.appeal_count(), 0) << rule.name();
}

// ---- one history
// -------------------------------------------------------------------------------------

// Marks, claims, terms and notices that wait come back from a checkpoint as they were.
TEST_F(AppealTest, ACacheOfThreeCellsDecidesLikeAnUnlimitedOne) {
  for (const char* account : {"b", "c", "d", "e", "f"}) {
    hall_.Tell("gs1", Registered(account, std::string("name") + account));
    ASSERT_EQ(Ask(BanFor(account, 6 * kDayUs)), "OK");
  }
  hall_.Tell("gs1", LoggedOut("a"));
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Say("where was it?", true)), "OK");
  for (const char* account : {"b", "c", "d", "e", "f"})
    hall_.Tell("gs1", LoggedIn(account));
  ASSERT_EQ(Ask(Say("in room three", false, true)), "OK");
  hall_.Wait(25 * kHourUs);
  ASSERT_TRUE(Appeal().has_overdue_time());
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(ReduceTo(3 * kDayUs)), "OK");
  for (const char* account : {"b", "c", "d", "e", "f"})
    hall_.Tell("gs1", LoggedIn(account));
  hall_.Tell("gs2", LoggedIn("a"));
  ASSERT_THAT(Told().en(), HasSubstr("shortened"));
  hall_.Wait(3 * kDayUs);
  EXPECT_EQ(ReplayWithThreeCells(hall_.journal(), &artefacts_), Canonical(hall_.all()));
}

TEST_F(AppealTest, OneFourAndSixteenShardsDecideAlike) {
  for (const char* account : {"b", "c", "d", "e"}) {
    hall_.Tell("gs1", Registered(account, std::string("name") + account));
    ASSERT_EQ(Ask(BanFor(account, 6 * kDayUs)), "OK");
  }
  ASSERT_EQ(Submit(), "OK");
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(Say("where was it?", true)), "OK");
  ASSERT_EQ(Ask(Say("in room three", false, true)), "OK");
  hall_.Wait(kDayUs);
  ASSERT_EQ(Claim(), "OK");
  ASSERT_EQ(Ask(ReduceTo(3 * kDayUs)), "OK");
  hall_.Wait(3 * kDayUs);
  ASSERT_EQ(Submit(v1::APPEAL_KIND_MISTAKE), "APPEAL_LIMIT");
  std::vector<std::unique_ptr<ShardedRun>> runs;
  for (const auto& [shards, delay] :
       {std::pair<std::uint32_t, std::size_t>{1, 0}, {4, 5}, {16, 20}}) {
    runs.push_back(std::make_unique<ShardedRun>(shards, delay, &artefacts_));
    runs.back()->ApplyAll(hall_.journal());
  }
  EXPECT_THAT(runs[0]->appeals, SizeIs(::testing::Ge(6U)));
  for (std::size_t i = 1; i < runs.size(); ++i) {
    EXPECT_EQ(runs[i]->appeals, runs[0]->appeals);
    EXPECT_EQ(runs[i]->sanctions, runs[0]->sanctions);
    EXPECT_EQ(runs[i]->patches, runs[0]->patches);
    EXPECT_EQ(runs[i]->gates, runs[0]->gates);
    EXPECT_EQ(runs[i]->directives, runs[0]->directives);
  }
}

}  // namespace
}  // namespace hallwarden::testing
