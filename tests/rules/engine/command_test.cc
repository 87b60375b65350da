// What GMs ask for: limits, lifts, undo, cases, repeats.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class CommandTest : public ::testing::Test {
 protected:
  void SetUp() override { hall_.Tell("gs1", Registered("a", "goodname")); }

  // The refusal's reason, or OK.
  std::string Ask(const v1::Command& command) {
    hall_.Ask(command);
    const auto answers = hall_.Last<Answer>();
    EXPECT_THAT(answers, SizeIs(1));
    if (answers.empty()) return "no answer";
    return answers.front().refusal.has_value() ? answers.front().refusal->reason : "OK";
  }
  [[nodiscard]] v1::Sanction Latest() const { return hall_.SanctionsOf("a").back(); }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(CommandTest, BanRestrictsAndEachCallLeavesOneAuditRecord) {
  EXPECT_EQ(Ask(BanFor("a", 3 * kDayUs)), "OK");
  EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
  EXPECT_EQ(hall_.Gate("a").restrictions_size(), 1);
  EXPECT_THAT(hall_.Last<SendDirective>(), SizeIs(1));
  EXPECT_EQ(Latest().actor().principal(), "gm-li");
}

TEST_F(CommandTest, NothingMistypedBecomesPermanent) {
  for (const std::int64_t term : {std::int64_t{0}, std::int64_t{-kDayUs}, 10'000 * kDayUs}) {
    EXPECT_EQ(Ask(BanFor("a", term)), "TERM_REQUIRED") << term;
    EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
  }
  v1::Command none = BanFor("a", kDayUs);
  none.mutable_create_sanction()->clear_term();
  EXPECT_EQ(Ask(none), "TERM_REQUIRED");
  v1::Command not_true = BanFor("a", kDayUs);
  not_true.mutable_create_sanction()->set_permanent(false);
  EXPECT_EQ(Ask(not_true), "TERM_REQUIRED");
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(CommandTest, RolesHaveLimits) {
  v1::Command permanent = BanFor("a", kDayUs);
  permanent.mutable_create_sanction()->set_permanent(true);
  EXPECT_EQ(Ask(permanent), "ROLE_LIMIT_PERMANENT");
  EXPECT_EQ(Ask(BanFor("a", 365 * kDayUs)), "ROLE_LIMIT_TERM");
  permanent.mutable_actor()->set_role(v1::ROLE_SENIOR_GM);
  EXPECT_EQ(Ask(permanent), "OK");
}

TEST_F(CommandTest, OverlapIsNormalAndTheLongestHolds) {
  EXPECT_EQ(Ask(BanFor("a", 5 * kDayUs)), "OK");
  const std::string longer = Latest().name();
  EXPECT_EQ(Ask(BanFor("a", 2 * kDayUs)), "OK");
  EXPECT_EQ(hall_.Gate("a").restrictions(0).sanction(), longer);
  EXPECT_EQ(Ask(LiftAs("a", longer, v1::DISPOSITION_MISTAKE)), "OK");
  EXPECT_EQ(hall_.Gate("a").restrictions(0).sanction(), Latest().name());
}

TEST_F(CommandTest, LiftNeedsADispositionAndIsDoneOnce) {
  Ask(BanFor("a", kDayUs));
  const std::string name = Latest().name();
  EXPECT_EQ(Ask(LiftAs("a", name, v1::DISPOSITION_UNSPECIFIED)), "DISPOSITION_REQUIRED");
  EXPECT_EQ(Ask(LiftAs("a", name, v1::DISPOSITION_MERCY)), "OK");
  EXPECT_EQ(Ask(LiftAs("a", name, v1::DISPOSITION_MERCY)), "ALREADY_LIFTED");
  EXPECT_EQ(Ask(LiftAs("a", "sanctions/sn_none", v1::DISPOSITION_MERCY)), "NOT_FOUND");
  EXPECT_THAT(hall_.Gate("a").restrictions(), IsEmpty());
}

TEST_F(CommandTest, AGmLiftsOnlyHisOwn) {
  Ask(BanFor("a", kDayUs));
  v1::Command lift = LiftAs("a", Latest().name(), v1::DISPOSITION_MERCY);
  *lift.mutable_actor() = As(v1::ROLE_GM, "gm-zhao").actor();
  EXPECT_EQ(Ask(lift), "NOT_YOUR_SANCTION");
  lift.mutable_actor()->set_principal("gm-li");
  EXPECT_EQ(Ask(lift), "OK");
}

TEST_F(CommandTest, UndoTakesBackOnesOwnWithinTheWindow) {
  Ask(BanFor("a", kDayUs));
  v1::Command undo = As(v1::ROLE_GM, "gm-li");
  undo.set_target_account("a");
  undo.mutable_undo_action();
  hall_.Wait(5 * kMinuteUs);
  EXPECT_EQ(Ask(undo), "OK");
  EXPECT_EQ(Latest().lift().disposition(), v1::DISPOSITION_UNDONE);
  EXPECT_EQ(Ask(undo), "NOTHING_TO_UNDO");
  Ask(BanFor("a", kDayUs));
  hall_.Wait(kHourUs);
  EXPECT_EQ(Ask(undo), "UNDO_WINDOW_OVER");
}

TEST_F(CommandTest, AStaleEtagIsRefused) {
  v1::Command ban = BanFor("a", kDayUs);
  ban.mutable_create_sanction()->mutable_options()->set_etag("1");
  EXPECT_EQ(Ask(ban), "OK");
  EXPECT_EQ(Ask(ban), "ETAG_MISMATCH");
}

TEST_F(CommandTest, ARepeatedRequestActsOnce) {
  v1::Command ban = BanFor("a", kDayUs);
  ban.set_body_hash("one");
  ban.mutable_create_sanction()->mutable_options()->set_request_id("req-0001");
  EXPECT_EQ(Ask(ban), "OK");
  hall_.Ask(ban);
  ASSERT_THAT(hall_.Last<Answer>(), SizeIs(1));
  EXPECT_TRUE(hall_.Last<Answer>().front().repeat);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_THAT(hall_.Last<Audit>(), IsEmpty());
  ban.set_body_hash("two");
  EXPECT_EQ(Ask(ban), "REQUEST_ID_REUSED");
}

TEST_F(CommandTest, PunishClimbsByItselfAndADeviationNeedsAReason) {
  v1::Command punish = As(v1::ROLE_SENIOR_GM, "gm-sun");
  punish.set_target_account("a");
  punish.mutable_punish_account()->set_offence(v1::OFFENCE_ADVERTISING);
  punish.mutable_punish_account()->set_rung(2);
  EXPECT_EQ(Ask(punish), "DEVIATION_REASON_REQUIRED");
  punish.mutable_punish_account()->set_rung(9);
  EXPECT_EQ(Ask(punish), "RUNG_OUT_OF_RANGE");
  punish.mutable_punish_account()->set_rung(0);
  EXPECT_EQ(Ask(punish), "OK");
  EXPECT_EQ(Latest().step().to_rung(), 1);
}

TEST_F(CommandTest, PartnersAreBannedWhereOrdinaryPlayersAreWarned) {
  v1::Command import = As(v1::ROLE_ADMIN, "root");
  v1::PartnerSpan& span = *import.mutable_import_partners()->add_spans();
  span.set_account("a");
  span.set_channel("dandan");
  SetTimestamp(kNoonUs - kDayUs, span.mutable_begin_time());
  EXPECT_EQ(Ask(import), "OK");
  v1::Command punish = As(v1::ROLE_SENIOR_GM, "gm-sun");
  punish.set_target_account("a");
  punish.mutable_punish_account()->set_offence(v1::OFFENCE_STALLING);
  EXPECT_EQ(Ask(punish), "OK");
  EXPECT_TRUE(Latest().permanent());
  hall_.Tell("gs1", Registered("b", "goodname"));
  punish.set_target_account("b");
  EXPECT_EQ(Ask(punish), "OK");
  EXPECT_EQ(hall_.SanctionsOf("b").back().kind(), v1::SANCTION_KIND_WARNING);
}

TEST_F(CommandTest, AConfirmedCaseImposesTheRungAndADismissedOnePardons) {
  hall_.Tell("gs1", Registered("b", "oddword"));
  const std::string name = hall_.All<PutCase>().front().opened.name();
  v1::Command close = As(v1::ROLE_GM, "gm-li");
  close.set_target_account("b");
  close.mutable_close_case()->set_name(name);
  close.mutable_close_case()->set_confirm(true);
  EXPECT_EQ(Ask(close), "OK");
  EXPECT_EQ(hall_.SanctionsOf("b").back().step().to_rung(), 1);
  EXPECT_EQ(Ask(close), "CASE_CLOSED");
  hall_.Tell("gs1", Registered("c", "oddword too"));
  close.set_target_account("c");
  close.mutable_close_case()->set_name(hall_.All<PutCase>().back().opened.name());
  close.mutable_close_case()->set_confirm(false);
  EXPECT_EQ(Ask(close), "OK");
  EXPECT_THAT(hall_.SanctionsOf("c"), IsEmpty());
  hall_.Tell("gs1", Renamed("c", "fine"));
  hall_.Tell("gs1", Renamed("c", "oddword too"));
  EXPECT_THAT(hall_.Last<PutCase>(), IsEmpty());
}

TEST_F(CommandTest, ARehearsalShowsEverythingAndChangesNothing) {
  const std::uint64_t before = hall_.cells().Digest();
  const std::size_t dirty = hall_.cells().dirty();
  OwnedRecord owned = hall_.scribe().Command(BanFor("a", kDayUs));
  owned.record.source = owned.source;
  const auto effects = hall_.runner().Rehearse(owned.record);
  EXPECT_FALSE(effects.empty());
  EXPECT_EQ(hall_.cells().Digest(), before);
  EXPECT_EQ(hall_.cells().dirty(), dirty);
}

TEST_F(CommandTest, EveryServerThatHoldsAnOldStateIsToldTheNewOne) {
  hall_.Tell("gs2", LoggedIn("a"));
  Ask(BanFor("a", kDayUs));
  EXPECT_THAT(hall_.Last<SendDirective>(), SizeIs(2));
  hall_.Tell("gs1", LoggedOut("a"));
  hall_.Tell("gs2", LoggedOut("a"));
  Ask(LiftAs("a", Latest().name(), v1::DISPOSITION_MISTAKE));
  EXPECT_THAT(hall_.Last<SendDirective>(), SizeIs(2));
}

}  // namespace
}  // namespace hallwarden::testing
