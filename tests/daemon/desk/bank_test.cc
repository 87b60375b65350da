// The banks of pictures at the desk: images become hashes, and what is changed stays.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/avatar/encoders.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::hallwarden::testing::Discs;
using ::hallwarden::testing::DrawQr;
using ::hallwarden::testing::EncodeJpeg;
using ::hallwarden::testing::EncodePng;
using ::hallwarden::testing::Plain;
using ::hallwarden::testing::Qr;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BankTest : public ::testing::Test {
 protected:
  static std::string Image(std::uint64_t seed) { return EncodePng(Discs(seed, 160, 160)); }

  absl::Status Add(const std::string& image, v1::BankKind kind, v1::ActionResponse* response,
                   bool dry_run = false) {
    v1::AddBankEntriesRequest request;
    v1::BankEntry& entry = *request.add_entries();
    entry.set_image(image);
    entry.set_kind(kind);
    entry.set_bank(kind == v1::BANK_KIND_ALLOW ? "official" : "porn");
    entry.set_confidence(v1::CONFIDENCE_PLAIN);
    if (kind == v1::BANK_KIND_BLOCK) entry.set_category(v1::TEXT_CATEGORY_PORN);
    *request.mutable_options() = world_.Options();
    request.mutable_options()->set_validate_only(dry_run);
    return world_.Do(&Desk::AddBankEntries, DeskWorld::As(v1::ROLE_SENIOR_GM), request, response);
  }
  std::vector<v1::BankEntry> List() {
    v1::ListBankEntriesRequest request;
    v1::ListBankEntriesResponse response;
    EXPECT_TRUE(
        world_.Do(&Desk::ListBankEntries, DeskWorld::As(v1::ROLE_VIEWER), request, &response).ok());
    return {response.entries().begin(), response.entries().end()};
  }
  v1::TestBanksResponse Test(const std::string& image) {
    v1::TestBanksRequest request;
    request.set_image(image);
    v1::TestBanksResponse response;
    EXPECT_TRUE(world_.Do(&Desk::TestBanks, DeskWorld::As(v1::ROLE_GM), request, &response).ok());
    return response;
  }
  // An avatar as a game server sends it, by an account with a session.
  void Show(const std::string& account, const std::string& image) {
    v1::HallEvent event;
    event.set_account(account);
    event.mutable_avatar_changed()->set_image(image);
    world_.Tell({event});
  }
  std::vector<v1::Sanction> Sanctions(const std::string& account) {
    v1::ListSanctionsRequest request;
    request.set_parent("accounts/" + account);
    v1::ListSanctionsResponse response;
    EXPECT_TRUE(
        world_.Do(&Desk::ListSanctions, DeskWorld::As(v1::ROLE_GM), request, &response).ok());
    return {response.sanctions().begin(), response.sanctions().end()};
  }

  DeskWorld world_;
};

TEST_F(BankTest, AnImageBecomesAHashAndIsNotKept) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  ASSERT_THAT(List(), SizeIs(1));
  const v1::BankEntry entry = List().front();
  EXPECT_EQ(entry.pdq_hash().size(), 32U);
  EXPECT_GE(entry.pdq_quality(), 50);
  EXPECT_THAT(entry.image(), IsEmpty());
  EXPECT_EQ(entry.author().role(), v1::ROLE_SENIOR_GM);
  EXPECT_EQ(world_.Audit().back().method(), "BankService.AddBankEntries");
  EXPECT_EQ(world_.Audit().back().resource(), entry.name());
}

TEST_F(BankTest, ADryRunTellsAndChangesNothing) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response, true).ok());
  EXPECT_TRUE(response.dry_run());
  EXPECT_FALSE(response.lines().empty());
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(BankTest, WhatCannotBeHashedIsRefusedAndAudited) {
  v1::ActionResponse response;
  const absl::Status text = Add("no image at all", v1::BANK_KIND_BLOCK, &response);
  EXPECT_EQ(text.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(text.message()), HasSubstr("IMAGE_FAULT_FORMAT"));
  EXPECT_EQ(world_.Audit().back().error_reason(), "BAD_IMAGE");
  const absl::Status plain =
      Add(EncodePng(Plain(100, 100, {9, 9, 9})), v1::BANK_KIND_BLOCK, &response);
  EXPECT_EQ(plain.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(BankTest, AKnownPictureIsActedOnAfterARestartToo) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  world_.Register("10086", "fine");
  world_.Register("10087", "fine too");
  Show("10086", EncodeJpeg(Discs(1, 160, 160), 60));
  ASSERT_THAT(Sanctions("10086"), SizeIs(1));
  EXPECT_EQ(Sanctions("10086").front().offence(), v1::OFFENCE_AVATAR);
  world_.Restart();
  EXPECT_THAT(List(), SizeIs(1));
  EXPECT_EQ(List().front().hit_count(), 1);
  world_.LogIn("10087");
  Show("10087", EncodeJpeg(Discs(1, 160, 160), 50));
  EXPECT_THAT(Sanctions("10087"), SizeIs(1));
}

TEST_F(BankTest, AnAllowedPictureIsNot) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_ALLOW, &response).ok());
  world_.Register("10086", "fine");
  Show("10086", Image(1));
  EXPECT_THAT(Sanctions("10086"), IsEmpty());
}

TEST_F(BankTest, AQrCodeOfAContactIsAnAdvert) {
  world_.Register("10086", "fine");
  Show("10086", EncodePng(DrawQr(Qr::kWeChat, 4)));
  ASSERT_THAT(Sanctions("10086"), SizeIs(1));
  EXPECT_EQ(Sanctions("10086").front().offence(), v1::OFFENCE_ADVERTISING);
}

TEST_F(BankTest, TestingTellsWhatWouldBeClaimedAndCountsNothing) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  const v1::TestBanksResponse known = Test(EncodeJpeg(Discs(1, 160, 160), 70));
  ASSERT_THAT(known.matches(), SizeIs(1));
  EXPECT_LE(known.matches(0).match().distance(), 31);
  EXPECT_EQ(known.finding().offence(), v1::OFFENCE_AVATAR);
  EXPECT_FALSE(known.summary().zh().empty());
  const v1::TestBanksResponse unknown = Test(Image(2));
  EXPECT_THAT(unknown.matches(), IsEmpty());
  EXPECT_FALSE(unknown.has_finding());
  EXPECT_FALSE(unknown.summary().en().empty());
  EXPECT_EQ(List().front().hit_count(), 0);
}

TEST_F(BankTest, WhatIsTakenOutIsGone) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  v1::RemoveBankEntriesRequest request;
  request.add_names(List().front().name());
  *request.mutable_options() = world_.Options();
  ASSERT_TRUE(
      world_.Do(&Desk::RemoveBankEntries, DeskWorld::As(v1::ROLE_SENIOR_GM), request, &response)
          .ok());
  EXPECT_THAT(List(), IsEmpty());
  *request.mutable_options() = world_.Options();
  EXPECT_EQ(
      world_.Do(&Desk::RemoveBankEntries, DeskWorld::As(v1::ROLE_SENIOR_GM), request, &response)
          .code(),
      absl::StatusCode::kNotFound);
}

// Whatever a game server writes where only the daemon writes is dropped.
TEST_F(BankTest, AReadingThatAServerMadeUpDoesNotCount) {
  v1::ActionResponse response;
  ASSERT_TRUE(Add(Image(1), v1::BANK_KIND_BLOCK, &response).ok());
  world_.Register("10086", "fine");
  v1::HallEvent event;
  event.set_account("10086");
  v1::AvatarReading& reading = *event.mutable_avatar_changed()->mutable_reading();
  std::string hashes;
  for (int i = 0; i < 8; ++i)
    hashes += List().front().pdq_hash();
  reading.set_pdq_hashes(hashes);
  reading.set_pdq_quality(100);
  reading.add_qr_codes()->set_text("wxp://f2f");
  world_.Tell({event});
  EXPECT_THAT(Sanctions("10086"), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::daemon
