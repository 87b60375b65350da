// A lift that is taken back: the sanction stands again, and never for longer than it would have.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReinstateTest : public ::testing::Test {
 protected:
  void SetUp() override { hall_.Tell("gs1", Registered("a", "goodname")); }

  // The refusal's reason, or OK.
  std::string Ask(const v1::Command& command) {
    hall_.Ask(command);
    const auto answers = hall_.Last<Answer>();
    if (answers.size() != 1) return "not one answer";
    return answers.front().refusal.has_value() ? answers.front().refusal->reason : "OK";
  }
  std::string Reinstate(v1::Role role = v1::ROLE_SENIOR_GM) {
    v1::Command command = As(role, "senior-wang");
    command.set_target_account("a");
    command.mutable_reinstate_sanction()->set_name(Latest().name());
    command.mutable_reinstate_sanction()->mutable_options()->set_reason("lifted by mistake");
    return Ask(command);
  }
  void Lift(v1::Disposition disposition = v1::DISPOSITION_MISTAKE) {
    ASSERT_EQ(Ask(LiftAs("a", Latest().name(), disposition)), "OK");
  }
  [[nodiscard]] v1::Sanction Latest() const { return hall_.SanctionsOf("a").back(); }
  [[nodiscard]] std::int64_t EndUs() const { return Latest().end_time().seconds() * kSecondUs; }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(ReinstateTest, TheTermRanOnMeanwhile) {
  ASSERT_EQ(Ask(BanFor("a", 3 * kDayUs)), "OK");
  const std::int64_t end_us = EndUs();
  hall_.Wait(kDayUs);
  Lift();
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
  hall_.Wait(kDayUs);
  ASSERT_EQ(Reinstate(), "OK");
  EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
  EXPECT_THAT(hall_.Last<SendDirective>(), SizeIs(1));
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_FALSE(Latest().has_lift());
  EXPECT_EQ(Latest().reinstatement().actor().principal(), "senior-wang");
  EXPECT_EQ(EndUs(), end_us);
  ASSERT_THAT(hall_.Gate("a").restrictions(), SizeIs(1));
  EXPECT_EQ(hall_.Gate("a").restrictions(0).until_time().seconds() * kSecondUs, end_us);
  hall_.Wait(kDayUs + kSecondUs);
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
}

TEST_F(ReinstateTest, WhatIsOverOnlyCountsAgain) {
  v1::Command punish = As(v1::ROLE_SENIOR_GM, "senior-wang");
  punish.set_target_account("a");
  punish.mutable_punish_account()->set_offence(v1::OFFENCE_ADVERTISING);
  punish.mutable_punish_account()->mutable_options()->set_reason("sells gold");
  ASSERT_EQ(Ask(punish), "OK");
  ASSERT_TRUE(Latest().counted());
  ASSERT_TRUE(Latest().has_end_time());
  Lift();
  EXPECT_FALSE(Latest().counted());
  hall_.Wait(40 * kDayUs);
  ASSERT_EQ(Reinstate(), "OK");
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_EXPIRED);
  EXPECT_TRUE(Latest().counted());
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
  EXPECT_THAT(hall_.Last<SendDirective>(), IsEmpty());
}

TEST_F(ReinstateTest, WhatNeverBeganBeginsNow) {
  hall_.Tell("gs1", HandStarted("h1", {"a"}));
  ASSERT_EQ(Ask(BanFor("a", 2 * kDayUs)), "OK");
  ASSERT_EQ(Latest().state(), v1::SANCTION_STATE_PENDING);
  Lift();
  hall_.Tell("gs1", HandSettled("h1", {"a"}));
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_LIFTED);
  hall_.Wait(kHourUs);
  ASSERT_EQ(Reinstate(), "OK");
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_EQ(EndUs(), hall_.scribe().now_us() / kSecondUs * kSecondUs + 2 * kDayUs);
}

TEST_F(ReinstateTest, AHandInPlayIsPlayedOut) {
  ASSERT_EQ(Ask(BanFor("a", 3 * kDayUs)), "OK");
  const std::int64_t end_us = EndUs();
  Lift();
  hall_.Tell("gs1", LoggedIn("a"));
  hall_.Tell("gs1", HandStarted("h1", {"a"}));
  ASSERT_EQ(Reinstate(), "OK");
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_PENDING);
  EXPECT_EQ(hall_.Gate("a").not_before_hand(), "h1");
  hall_.Tell("gs1", HandSettled("h1", {"a"}));
  EXPECT_EQ(Latest().state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_EQ(EndUs(), end_us) << "waiting for the hand makes it no longer";
}

TEST_F(ReinstateTest, OnlyWhatIsLiftedAndOnlyByWhoMayImposeIt) {
  v1::Command permanent = BanFor("a", kDayUs);
  permanent.mutable_create_sanction()->set_permanent(true);
  permanent.mutable_actor()->set_role(v1::ROLE_SENIOR_GM);
  ASSERT_EQ(Ask(permanent), "OK");
  EXPECT_EQ(Reinstate(), "NOT_LIFTED");
  v1::Command lift = LiftAs("a", Latest().name(), v1::DISPOSITION_MERCY);
  lift.mutable_actor()->set_role(v1::ROLE_LEAD);
  ASSERT_EQ(Ask(lift), "OK");
  EXPECT_EQ(Reinstate(v1::ROLE_GM), "ROLE_LIMIT_PERMANENT");
  EXPECT_EQ(Reinstate(), "OK");
  EXPECT_TRUE(Latest().permanent());
  EXPECT_FALSE(Latest().has_end_time());
  EXPECT_EQ(Reinstate(), "NOT_LIFTED");
}

TEST_F(ReinstateTest, AWarningIsToldAgainUntilItIsSeen) {
  hall_.Tell("gs1", Registered("b", "rudeword"));
  const v1::Sanction warning = hall_.SanctionsOf("b").back();
  ASSERT_EQ(Ask(LiftAs("b", warning.name(), v1::DISPOSITION_MISTAKE)), "OK");
  v1::Command command = As(v1::ROLE_SENIOR_GM, "senior-wang");
  command.set_target_account("b");
  command.mutable_reinstate_sanction()->set_name(warning.name());
  ASSERT_EQ(Ask(command), "OK");
  ASSERT_THAT(hall_.Last<SendDirective>(), SizeIs(1));
  EXPECT_TRUE(hall_.Last<SendDirective>().front().directive.has_warn());
  hall_.Obey("gs1");
  EXPECT_EQ(hall_.SanctionsOf("b").back().state(), v1::SANCTION_STATE_ACTIVE);
}

TEST_F(ReinstateTest, ThePardonIsTakenBackWithTheLift) {
  hall_.Tell("gs1", Registered("b", "rudeword"));
  hall_.Obey("gs1");
  const std::string name = hall_.SanctionsOf("b").back().name();
  ASSERT_EQ(Ask(LiftAs("b", name, v1::DISPOSITION_MISTAKE)), "OK");
  hall_.Tell("gs1", Renamed("b", "goodname"));
  hall_.Tell("gs1", Renamed("b", "rudeword"));
  ASSERT_THAT(hall_.SanctionsOf("b"), SizeIs(1)) << "a human said that it is all right";
  v1::Command command = As(v1::ROLE_SENIOR_GM, "senior-wang");
  command.set_target_account("b");
  command.mutable_reinstate_sanction()->set_name(name);
  ASSERT_EQ(Ask(command), "OK");
  hall_.Tell("gs1", Renamed("b", "goodname"));
  hall_.Wait(kHourUs);
  hall_.Tell("gs1", Renamed("b", "rudeword"));
  ASSERT_THAT(hall_.SanctionsOf("b"), SizeIs(2));
  EXPECT_EQ(hall_.SanctionsOf("b").back().step().to_rung(), 2);
}

}  // namespace
}  // namespace hallwarden::testing
