// One avatar after another: what the banks say of it, and up the ladder.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/avatar/pdq.h"
#include "rules/engine/posting_detail.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AvatarTest : public ::testing::Test {
 protected:
  AvatarTest() {
    hall_.Apply(hall_.scribe().Activate());
    hall_.Tell("gs1", Registered("a", "goodname"));
  }
  void Bank(const v1::Command& command) {
    hall_.Ask(command);
    ASSERT_THAT(hall_.Last<Answer>(), SizeIs(1));
    ASSERT_FALSE(hall_.Last<Answer>().front().refusal.has_value())
        << hall_.Last<Answer>().front().refusal->message;
  }
  void Block(std::uint64_t picture, v1::Confidence confidence = v1::CONFIDENCE_PLAIN,
             v1::TextCategory category = v1::TEXT_CATEGORY_PORN) {
    Bank(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(picture), confidence, category));
  }
  void Show(std::uint64_t picture, int off = 0, int quality = 90) {
    hall_.Wait(kMinuteUs);
    hall_.Tell("gs1", AvatarSet("a", PictureHash(picture, off), quality));
  }
  void ShowQr(const std::string& words) {
    hall_.Wait(kMinuteUs);
    v1::HallEvent event;
    event.set_account("a");
    event.mutable_avatar_changed()->mutable_reading()->add_qr_codes()->set_text(words);
    hall_.Tell("gs1", event);
  }
  [[nodiscard]] v1::Sanction Latest() const { return hall_.SanctionsOf("a").back(); }
  [[nodiscard]] std::size_t Resets() const {
    std::size_t resets = 0;
    for (const v1::Directive& directive : hall_.Outbox("gs1")) {
      if (directive.has_reset_avatar()) ++resets;
    }
    return resets;
  }
  // The cases' causes, oldest first.
  [[nodiscard]] std::vector<v1::Case> Cases() const {
    std::vector<v1::Case> cases;
    for (const PutCase& put : hall_.All<PutCase>())
      cases.push_back(put.opened);
    return cases;
  }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(AvatarTest, AMatchWarnsAndResetsTheAvatar) {
  Block(1);
  Show(1, 7);
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  const v1::Sanction warning = Latest();
  EXPECT_EQ(warning.kind(), v1::SANCTION_KIND_WARNING);
  EXPECT_EQ(warning.offence(), v1::OFFENCE_AVATAR);
  EXPECT_EQ(warning.category(), v1::TEXT_CATEGORY_PORN);
  EXPECT_EQ(warning.step().ladder(), "name_avatar");
  EXPECT_EQ(warning.finding().server(), "gs1");
  EXPECT_EQ(warning.finding().knowledge_version(), "bank-1");
  EXPECT_THAT(warning.finding().summary().zh(), HasSubstr("7"));
  ASSERT_EQ(warning.finding().evidence_size(), 1);
  const v1::AvatarMatch& match = warning.finding().evidence(0).avatar_match();
  EXPECT_THAT(match.entry(), HasSubstr("bankEntries/block-"));
  EXPECT_EQ(match.bank(), "porn");
  EXPECT_EQ(match.distance(), 7);
  EXPECT_EQ(match.orientation(), v1::AVATAR_ORIENTATION_AS_IS);
  EXPECT_EQ(match.pdq_hash(), PictureHash(1, 7));
  EXPECT_EQ(Resets(), 1U);
}

TEST_F(AvatarTest, OneAvatarCountsOnceHoweverItIsCompressed) {
  Block(1);
  Show(1);
  Show(1);
  Show(1, 5);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_EQ(Resets(), 1U);
}

TEST_F(AvatarTest, WarningThenSevenDaysThenForEver) {
  Block(1);
  Block(2);
  Show(1);
  hall_.Obey("gs1");
  Show(1);  // taken again after it was reset
  EXPECT_EQ(Latest().step().to_rung(), 2);
  EXPECT_EQ(TimestampUs(Latest().end_time()) - TimestampUs(Latest().start_time()), 7 * kDayUs);
  EXPECT_EQ(Resets(), 2U);
  hall_.Obey("gs1");
  hall_.Tell("gs1", LoggedOut("a"));
  hall_.Wait(8 * kDayUs);
  hall_.Tell("gs1", LoggedIn("a"));
  Show(2);
  EXPECT_EQ(Latest().step().to_rung(), 3);
  EXPECT_TRUE(Latest().permanent());
  EXPECT_EQ(Resets(), 3U);
}

TEST_F(AvatarTest, NamesAndAvatarsShareALadder) {
  Block(1);
  hall_.Tell("gs1", Renamed("a", "rudeword"));
  hall_.Obey("gs1");
  Show(1);
  EXPECT_EQ(Latest().step().to_rung(), 2);
}

TEST_F(AvatarTest, ATurnedPictureIsKnownAndNoMachineMakesThatPermanent) {
  Block(1);
  const auto hash = *avatar::FromBytes(PictureHash(1));
  hall_.Tell("gs1", AvatarSet("a", avatar::ToBytes(avatar::TurnHash(hash)[1])));
  const v1::Evidence evidence = Latest().finding().evidence(0);
  EXPECT_EQ(evidence.avatar_match().distance(), 0);
  EXPECT_EQ(evidence.avatar_match().orientation(), v1::AVATAR_ORIENTATION_ROTATED_270);
  EXPECT_TRUE(evidence.disguised());
}

TEST_F(AvatarTest, LowQualityNeverActs) {
  Block(1);
  Show(1, 0, 49);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  EXPECT_THAT(Cases(), IsEmpty());
  Show(2);
  Show(1, 0, 50);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(AvatarTest, ThirtyOneBitsMatchAndThirtyTwoDoNot) {
  Block(1);
  Show(1, 32);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  Show(1, 31);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(AvatarTest, AnAllowingEntryWinsWhateverElseMatches) {
  Block(1);
  Bank(BankPicture(v1::BANK_KIND_ALLOW, PictureHash(1, 25)));
  Show(1);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  v1::HallEvent event = AvatarSet("a", PictureHash(1));
  event.mutable_avatar_changed()->mutable_reading()->add_qr_codes()->set_text("wxp://f2f");
  event.mutable_avatar_changed()->mutable_reading()->set_fault(v1::IMAGE_FAULT_DAMAGED);
  hall_.Tell("gs1", event);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  EXPECT_THAT(Cases(), IsEmpty());
}

TEST_F(AvatarTest, DoubtfulEntriesOpenACaseAndNotesAreKept) {
  Block(1, v1::CONFIDENCE_REVIEW);
  Block(2, v1::CONFIDENCE_NOTE);
  Show(1);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  ASSERT_THAT(Cases(), SizeIs(1));
  EXPECT_EQ(Cases().front().offence(), v1::OFFENCE_AVATAR);
  EXPECT_EQ(Resets(), 0U);
  Show(2);
  EXPECT_THAT(hall_.All<PutFinding>(), SizeIs(1));
}

TEST_F(AvatarTest, ConfirmingTheCaseResetsTheAvatar) {
  Block(1, v1::CONFIDENCE_REVIEW);
  Show(1);
  v1::Command close = As(v1::ROLE_GM, "gm-li");
  close.set_target_account("a");
  close.mutable_close_case()->set_name(Cases().front().name());
  close.mutable_close_case()->set_confirm(true);
  close.mutable_close_case()->mutable_options()->set_reason("seen");
  Bank(close);
  EXPECT_EQ(Latest().kind(), v1::SANCTION_KIND_WARNING);
  EXPECT_EQ(Resets(), 1U);
}

TEST_F(AvatarTest, AHumanPardonHoldsForThePictureHoweverItIsCompressed) {
  Block(1);
  Show(1);
  hall_.Ask(LiftAs("a", Latest().name(), v1::DISPOSITION_MISTAKE));
  hall_.Obey("gs1");
  Show(1, 9);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(AvatarTest, AnAdvertInAPictureGoesUpTheAdvertLadder) {
  Block(1, v1::CONFIDENCE_PLAIN, v1::TEXT_CATEGORY_ADVERT);
  Show(1);
  EXPECT_EQ(Latest().offence(), v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Latest().kind(), v1::SANCTION_KIND_RESTRICTION);
  EXPECT_EQ(Resets(), 1U);
}

TEST_F(AvatarTest, AContactInAQrCodeIsAnAdvert) {
  ShowQr("https://u.wechat.com/kP3xQ8");
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_EQ(Latest().offence(), v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Latest().finding().evidence(0).text(), "https://u.wechat.com/kP3xQ8");
  EXPECT_EQ(Latest().finding().evidence(0).surface(), "avatar");
  EXPECT_EQ(Latest().finding().evidence(0).matched_entry(), "qr/wechat");
  EXPECT_EQ(Resets(), 1U);
  ShowQr("https://u.wechat.com/kP3xQ8");
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(AvatarTest, AnUnknownLinkInAQrCodeIsForPeople) {
  ShowQr("https://shop.example.net/a");
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  ASSERT_THAT(Cases(), SizeIs(1));
  EXPECT_EQ(Cases().front().offence(), v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Resets(), 0U);
}

TEST_F(AvatarTest, ErasedWordsAreNotJudgedAndHashesAre) {
  Block(1);
  v1::HallEvent event = AvatarSet("a", PictureHash(1));
  event.mutable_avatar_changed()->mutable_reading()->set_fault(v1::IMAGE_FAULT_DAMAGED);
  OwnedRecord record = hall_.scribe().Event("gs1", event);
  record.record.erased = true;
  hall_.Apply(record);
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(AvatarTest, BuiltInAvatarsAndThoseOfTheServerAreNotJudged) {
  Block(1);
  v1::HallEvent event = AvatarSet("a", PictureHash(1));
  event.mutable_avatar_changed()->set_builtin("cat");
  hall_.Tell("gs1", event);
  event.mutable_avatar_changed()->clear_builtin();
  event.mutable_avatar_changed()->set_set_by_server(true);
  hall_.Tell("gs1", event);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(AvatarTest, WhatTheImageSaysCountsNotWhatTheServerSaysOfIt) {
  Block(1);
  v1::HallEvent event = AvatarSet("a", PictureHash(1));
  std::string hashes = PictureHash(2);
  for (int i = 1; i < avatar::kOrientations; ++i)
    hashes += PictureHash(std::uint64_t{100} + static_cast<std::uint64_t>(i));
  event.mutable_avatar_changed()->mutable_reading()->set_pdq_hashes(hashes);
  event.mutable_avatar_changed()->mutable_reading()->set_pdq_quality(90);
  hall_.Tell("gs1", event);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(AvatarTest, UnknownAvatarsOfHonestAccountsAreNobodysBusiness) {
  for (std::uint64_t picture = 10; picture < 30; ++picture)
    Show(picture);
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_THAT(hall_.All<PutFinding>(), IsEmpty());
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(AvatarTest, UnknownAvatarsOfPunishedAccountsAreQueuedOnce) {
  hall_.Tell("gs1", Renamed("a", "rudeword"));
  hall_.Obey("gs1");
  // A decision of this minute may not be known yet: it does not count.
  Show(4);
  EXPECT_THAT(Cases(), IsEmpty());
  hall_.Wait(kHourUs);
  Show(5);
  ASSERT_THAT(Cases(), SizeIs(1));
  EXPECT_EQ(Cases().front().findings(0).evidence(0).matched_entry(), "patrol/punished");
  EXPECT_EQ(Cases().front().offence(), v1::OFFENCE_AVATAR);
  Show(5);
  EXPECT_THAT(hall_.All<PatchCase>(), IsEmpty());
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));  // nothing but the warning for the name
}

TEST_F(AvatarTest, AResetWaitsForThePlayerToComeBack) {
  Block(1);
  hall_.Tell("gs1", AvatarSet("a", PictureHash(1)));
  hall_.Tell("gs1", LoggedOut("a"));
  EXPECT_EQ(Resets(), 1U);
  hall_.Tell("gs1", LoggedIn("a"));
  EXPECT_EQ(Resets(), 2U);
  hall_.Obey("gs1");
  hall_.Tell("gs1", LoggedOut("a"));
  hall_.Tell("gs1", LoggedIn("a"));
  EXPECT_EQ(Resets(), 2U);
}

TEST(AvatarPatrolTest, NoMoreAreQueuedInADayThanThePolicySays) {
  std::string text = policy::WithoutLimits(std::string(policy::DefaultPolicyText()));
  const std::string key = "patrol_per_day: 200";
  ASSERT_NE(text.find(key), std::string::npos);
  text.replace(text.find(key), key.size(), "patrol_per_day: 3");
  TestArtefacts artefacts(text);
  Hall hall(&artefacts);
  hall.Apply(hall.scribe().Activate());
  for (int i = 0; i < 6; ++i) {
    const std::string account = "p" + std::to_string(i);
    hall.Tell("gs1", Registered(account, "rudeword" + std::to_string(i)));
    hall.Obey("gs1");
  }
  hall.Wait(kHourUs);
  for (int i = 0; i < 6; ++i) {
    hall.Tell("gs1",
              AvatarSet("p" + std::to_string(i), PictureHash(50 + static_cast<std::uint64_t>(i))));
  }
  EXPECT_THAT(hall.All<PutCase>(), SizeIs(3));
  hall.Wait(kDayUs);
  hall.Tell("gs1", AvatarSet("p5", PictureHash(70)));
  EXPECT_THAT(hall.All<PutCase>(), SizeIs(4));
}

}  // namespace
}  // namespace hallwarden::testing
