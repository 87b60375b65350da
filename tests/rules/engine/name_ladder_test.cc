// One nickname after another, up the ladder and down again.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class NameLadderTest : public ::testing::Test {
 protected:
  // Registers with a rude name and sees the warning.
  void WarnAndSee() {
    hall_.Tell("gs1", Registered("a", "rudeword"));
    hall_.Obey("gs1");
  }
  // Takes another rude name.
  void OffendAgain(std::string_view name = "another rudeword") {
    hall_.Wait(kMinuteUs);
    hall_.Tell("gs1", Renamed("a", name));
  }
  [[nodiscard]] v1::Sanction Latest() const { return hall_.SanctionsOf("a").back(); }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(NameLadderTest, FirstOffenceWarnsAndResetsTheName) {
  hall_.Tell("gs1", Registered("a", "rudeword"));
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  const v1::Sanction warning = Latest();
  EXPECT_EQ(warning.kind(), v1::SANCTION_KIND_WARNING);
  EXPECT_EQ(warning.state(), v1::SANCTION_STATE_PENDING);
  EXPECT_EQ(warning.step().from_rung(), 0);
  EXPECT_EQ(warning.step().to_rung(), 1);
  EXPECT_EQ(warning.step().rung_count(), 3);
  EXPECT_EQ(warning.rule(), "name.plain");
  EXPECT_TRUE(warning.actor().machine());
  EXPECT_FALSE(warning.notice().zh().empty());
  EXPECT_FALSE(warning.notice().en().empty());
  ASSERT_EQ(warning.finding().evidence_size(), 1);
  EXPECT_EQ(warning.finding().evidence(0).text(), "rudeword");
  EXPECT_EQ(warning.finding().evidence(0).span_begin(), 0);
  EXPECT_EQ(warning.finding().evidence(0).span_end(), 8);
  ASSERT_THAT(hall_.Outbox("gs1"), SizeIs(2));
  EXPECT_TRUE(hall_.Outbox("gs1")[0].has_warn());
  EXPECT_TRUE(hall_.Outbox("gs1")[1].has_reset_nickname());
  EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
}

TEST_F(NameLadderTest, OneNameCountsOnce) {
  hall_.Tell("gs1", Registered("a", "rudeword"));
  hall_.Tell("gs1", Renamed("a", "rudeword"));
  hall_.Tell("gs1", Renamed("a", "RUDEWORD"));
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_THAT(hall_.All<PutCase>(), IsEmpty());
}

TEST_F(NameLadderTest, UnseenWarningCollapsesOffencesIntoOneCase) {
  hall_.Tell("gs1", Registered("a", "rudeword"));
  OffendAgain();
  OffendAgain("rudeword three");
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  ASSERT_THAT(hall_.All<PutCase>(), SizeIs(1));
  EXPECT_EQ(hall_.All<PutCase>().front().opened.cause(), "WARNING_UNSEEN");
  EXPECT_THAT(hall_.All<PatchCase>(), SizeIs(1));
}

TEST_F(NameLadderTest, SecondOffenceIsSevenDaysAndThirdIsPermanent) {
  WarnAndSee();
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  OffendAgain();
  v1::Sanction ban = Latest();
  EXPECT_EQ(ban.step().to_rung(), 2);
  EXPECT_EQ(ban.state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_FALSE(ban.permanent());
  EXPECT_EQ(TimestampUs(ban.end_time()) - TimestampUs(ban.start_time()), 7 * kDayUs);
  ASSERT_EQ(ban.step().priors_size(), 1);
  EXPECT_TRUE(ban.step().priors(0).counted());
  EXPECT_EQ(hall_.Gate("a").restrictions(0).capability(), v1::CAPABILITY_LOGIN);
  hall_.Obey("gs1");
  EXPECT_TRUE(Latest().enforced());
  hall_.Tell("gs1", LoggedOut("a"));
  hall_.Wait(8 * kDayUs);
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
  hall_.Tell("gs1", LoggedIn("a"));
  OffendAgain("rudeword again");
  const v1::Sanction last = Latest();
  EXPECT_EQ(last.step().to_rung(), 3);
  EXPECT_TRUE(last.permanent());
  EXPECT_TRUE(last.actor().machine());
  EXPECT_FALSE(last.has_end_time());
}

TEST_F(NameLadderTest, DisguisedThirdNameIsAHumansToDecide) {
  WarnAndSee();
  OffendAgain();
  hall_.Obey("gs1");
  hall_.Tell("gs1", LoggedOut("a"));
  hall_.Wait(8 * kDayUs);
  hall_.Tell("gs1", LoggedIn("a"));
  OffendAgain(
      "r\xe2\x80\x8bu\xe2\x80\x8b"
      "d\xe2\x80\x8b"
      "eword");  // zero-width spaces
  EXPECT_EQ(Latest().step().to_rung(), 2);
  ASSERT_FALSE(hall_.All<PutCase>().empty());
  EXPECT_EQ(hall_.All<PutCase>().back().opened.cause(), "PERMANENT_ON_DISGUISE");
}

TEST_F(NameLadderTest, UnchangedNameCountsAgainADayAfterTheWarningWasSeen) {
  hall_.Tell("gs1", Registered("a", "rudeword"));
  const v1::Directive warn = hall_.Outbox("gs1").front();
  hall_.Apply(hall_.scribe().Answer("gs1", warn, v1::DIRECTIVE_OUTCOME_SEEN));
  hall_.Wait(23 * kHourUs);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  hall_.Wait(2 * kHourUs);
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(2));
  EXPECT_EQ(Latest().step().to_rung(), 2);
}

TEST_F(NameLadderTest, ChangedNameDoesNotCountAgain) {
  WarnAndSee();
  hall_.Wait(2 * kDayUs);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(NameLadderTest, OffenceBeforeTheWarningWasSeenDoesNotClimb) {
  WarnAndSee();
  hall_.Wait(kHourUs);
  v1::HallEvent late = Renamed("a", "late rudeword");
  SetTimestamp(hall_.scribe().now_us() - 2 * kHourUs, late.mutable_event_time());
  hall_.Tell("gs1", late);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  ASSERT_THAT(hall_.All<PutCase>(), SizeIs(1));
  EXPECT_EQ(hall_.All<PutCase>().front().opened.cause(), "BEFORE_SEEN");
}

TEST_F(NameLadderTest, MistakeDoesNotCountAndIsNeverJudgedAgain) {
  WarnAndSee();
  hall_.Ask(LiftAs("a", Latest().name(), v1::DISPOSITION_MISTAKE));
  ASSERT_THAT(hall_.Last<Answer>(), SizeIs(1));
  ASSERT_FALSE(hall_.Last<Answer>().front().refusal.has_value());
  EXPECT_FALSE(Latest().counted());
  OffendAgain("rudeword");  // the very name that a human pardoned
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  OffendAgain("rudeword other");  // a new one starts the ladder afresh
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(2));
  EXPECT_EQ(Latest().step().to_rung(), 1);
  ASSERT_EQ(Latest().step().priors_size(), 1);
  EXPECT_EQ(Latest().step().priors(0).reason(), "LIFTED_MISTAKE");
}

TEST_F(NameLadderTest, MercyStillCounts) {
  WarnAndSee();
  hall_.Ask(LiftAs("a", Latest().name(), v1::DISPOSITION_MERCY));
  OffendAgain("rudeword other");
  EXPECT_EQ(Latest().step().to_rung(), 2);
}

TEST_F(NameLadderTest, ReviewOpensACaseAndNoteOnlyNotes) {
  hall_.Tell("gs1", Registered("b", "oddword"));
  EXPECT_THAT(hall_.SanctionsOf("b"), IsEmpty());
  EXPECT_THAT(hall_.All<PutCase>(), SizeIs(1));
  hall_.Tell("gs1", Registered("c", "monkword"));
  EXPECT_THAT(hall_.All<PutCase>(), SizeIs(1));
  EXPECT_THAT(hall_.All<PutFinding>(), SizeIs(1));
}

TEST_F(NameLadderTest, AdvertInANameIsSevenDaysAtOnce) {
  hall_.Tell("gs1", Registered("a", "shopword"));
  EXPECT_EQ(Latest().offence(), v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Latest().step().ladder(), "advertising");
  EXPECT_EQ(TimestampUs(Latest().end_time()) - TimestampUs(Latest().start_time()), 7 * kDayUs);
}

TEST_F(NameLadderTest, BanWaitsForTheEndOfTheHand) {
  WarnAndSee();
  hall_.Tell("gs1", HandStarted("h1", {"a"}));
  OffendAgain();
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_PENDING);
  EXPECT_EQ(Latest().not_before_hand(), "h1");
  EXPECT_EQ(hall_.Gate("a").not_before_hand(), "h1");
  hall_.Tell("gs1", HandSettled("h0", {"a"}));
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_PENDING);
  hall_.Tell("gs1", HandSettled("h1", {"a"}));
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_TRUE(hall_.Gate("a").not_before_hand().empty());
}

TEST_F(NameLadderTest, BanTakesEffectAtTheDeadlineAtLatest) {
  WarnAndSee();
  hall_.Tell("gs1", HandStarted("h1", {"a"}));
  OffendAgain();
  const std::int64_t deadline = TimestampUs(Latest().deadline_time());
  hall_.Wait(11 * kMinuteUs);
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_EQ(TimestampUs(Latest().start_time()), deadline);
}

TEST_F(NameLadderTest, DecayForgivesARungAfterCleanTimeAndHands) {
  WarnAndSee();
  for (int i = 0; i < 200; ++i) {
    hall_.Tell("gs1", HandSettled("h" + std::to_string(i), {"a"}));
  }
  hall_.Wait(181 * kDayUs);
  OffendAgain();
  EXPECT_EQ(Latest().step().to_rung(), 1);
  EXPECT_EQ(Latest().step().priors(0).reason(), "DECAYED");
}

TEST_F(NameLadderTest, TimeAloneDoesNotDecay) {
  WarnAndSee();
  hall_.Wait(400 * kDayUs);
  OffendAgain();
  EXPECT_EQ(Latest().step().to_rung(), 2);
}

TEST_F(NameLadderTest, WarningReachesWhoWasNotThere) {
  WarnAndSee();
  hall_.Tell("gs1", LoggedOut("a"));
  v1::Command warn = As(v1::ROLE_GM, "gm-li");
  warn.set_target_account("a");
  warn.mutable_punish_account()->set_offence(v1::OFFENCE_STALLING);
  warn.mutable_punish_account()->mutable_options()->set_reason("seen it");
  hall_.Ask(warn);
  EXPECT_THAT(hall_.Last<SendDirective>(), IsEmpty());
  hall_.Tell("gs2", LoggedIn("a"));
  ASSERT_THAT(hall_.Last<SendDirective>(), SizeIs(1));
  EXPECT_EQ(hall_.Last<SendDirective>().front().server, "gs2");
  EXPECT_TRUE(hall_.Last<SendDirective>().front().directive.has_warn());
}

TEST_F(NameLadderTest, ANoticeSeenByNameByDirectiveOrAtAllCounts) {
  for (const int how : {0, 1, 2}) {
    const std::string account = "n" + std::to_string(how);
    hall_.Tell("gs1", Registered(account, "rudeword"));
    v1::HallEvent seen;
    seen.set_account(account);
    seen.mutable_notice_seen();
    if (how == 0) seen.mutable_notice_seen()->set_sanction(hall_.SanctionsOf(account)[0].name());
    if (how == 1) {
      for (const v1::Directive& directive : hall_.Outbox("gs1")) {
        if (directive.account() != account || !directive.has_warn()) continue;
        seen.mutable_notice_seen()->set_directive_id(directive.directive_id());
      }
    }
    hall_.Tell("gs1", seen);
    EXPECT_TRUE(hall_.SanctionsOf(account)[0].has_seen_time()) << how;
  }
}

TEST_F(NameLadderTest, WhoIsGoneNeedsNobodyToEnforceIt) {
  WarnAndSee();
  OffendAgain();
  EXPECT_FALSE(Latest().enforced());
  hall_.Tell("gs1", LoggedOut("a"));
  EXPECT_TRUE(Latest().enforced());
}

TEST_F(NameLadderTest, AServerWithoutASessionMayNotReport) {
  hall_.Tell("gs1", Registered("a", "goodname"));
  hall_.Tell("gs2", Renamed("a", "rudeword"));
  ASSERT_THAT(hall_.Last<RejectEvent>(), SizeIs(1));
  EXPECT_EQ(hall_.Last<RejectEvent>().front().rejected.reason(), v1::REJECT_REASON_NO_SESSION);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::testing
