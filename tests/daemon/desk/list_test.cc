// Lists: filters, pages without double or loss, dossiers.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class ListTest : public ::testing::Test {
 protected:
  DeskWorld world_;
  const Call senior_ = DeskWorld::As(v1::ROLE_SENIOR_GM);
};

TEST_F(ListTest, SanctionsComeNewestFirstInPagesOfAnySize) {
  world_.Register("a", "one");
  world_.Register("b", "two");
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) {
    names.push_back(world_.Warn(i % 2 == 0 ? "a" : "b").sanction().name());
  }
  std::reverse(names.begin(), names.end());
  for (const int size : {1, 2, 3, 7, 100}) {
    v1::ListSanctionsRequest request;
    request.set_parent("accounts/-");
    request.set_page_size(size);
    std::vector<std::string> got;
    do {
      v1::ListSanctionsResponse response;
      const absl::Status status = world_.Do(&Desk::ListSanctions, senior_, request, &response);
      ASSERT_TRUE(status.ok()) << status;
      EXPECT_LE(response.sanctions_size(), size);
      for (const v1::Sanction& sanction : response.sanctions())
        got.push_back(sanction.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(got, names) << size;
  }
  v1::ListSanctionsRequest request;
  request.set_parent("accounts/b");
  request.set_page_size(2);
  v1::ListSanctionsResponse response;
  ASSERT_TRUE(world_.Do(&Desk::ListSanctions, senior_, request, &response).ok());
  EXPECT_THAT(response.sanctions(), SizeIs(2));
  EXPECT_NE(response.next_page_token(), "");
  EXPECT_EQ(response.sanctions(0).account(), "b");
}

TEST_F(ListTest, SanctionsAreFilteredByStateAndOffence) {
  world_.Register("a", "one");
  const std::string lifted = world_.Warn("a").sanction().name();
  world_.Warn("a");
  v1::LiftSanctionRequest lift;
  lift.set_name(lifted);
  lift.set_disposition(v1::DISPOSITION_MISTAKE);
  *lift.mutable_options() = world_.Options();
  v1::ActionResponse done;
  ASSERT_TRUE(world_.Do(&Desk::LiftSanction, senior_, lift, &done).ok());
  v1::ListSanctionsRequest request;
  request.set_parent("accounts/a");
  request.add_states(v1::SANCTION_STATE_LIFTED);
  v1::ListSanctionsResponse response;
  ASSERT_TRUE(world_.Do(&Desk::ListSanctions, senior_, request, &response).ok());
  ASSERT_THAT(response.sanctions(), SizeIs(1));
  EXPECT_EQ(response.sanctions(0).name(), lifted);
  request.set_offence(v1::OFFENCE_STALLING);
  response.Clear();
  ASSERT_TRUE(world_.Do(&Desk::ListSanctions, senior_, request, &response).ok());
  EXPECT_THAT(response.sanctions(), SizeIs(0));
}

TEST_F(ListTest, DossierJoinsTheEngineWithWordsAddressesAndNotes) {
  world_.Register("10086", "Wanderer");
  world_.Rename("10086", "Wayfarer");
  v1::CreateNoteRequest note;
  note.set_parent("accounts/10086");
  note.set_text("asked politely");
  note.mutable_options()->set_request_id(world_.NewId());
  v1::ActionResponse noted;
  ASSERT_TRUE(world_.Do(&Desk::CreateNote, senior_, note, &noted).ok());
  for (const bool restarted : {false, true}) {
    v1::GetAccountRequest request;
    request.set_name("accounts/10086");
    v1::Account account;
    const absl::Status status = world_.Do(&Desk::GetAccount, senior_, request, &account);
    ASSERT_TRUE(status.ok()) << status << restarted;
    EXPECT_EQ(account.nickname(), "Wayfarer");
    EXPECT_EQ(account.register_ip(), "192.0.2.7");
    EXPECT_EQ(account.register_device(), "device-7");
    ASSERT_THAT(account.notes(), SizeIs(1));
    EXPECT_EQ(account.notes(0).text(), "asked politely");
    EXPECT_EQ(account.accounts_on_ip(), 1);
    if (!restarted) world_.Restart();
  }
}

TEST_F(ListTest, UnknownAccountIsNotFound) {
  v1::GetAccountRequest request;
  request.set_name("accounts/nobody");
  v1::Account account;
  const absl::Status status = world_.Do(&Desk::GetAccount, senior_, request, &account);
  EXPECT_EQ(RefusalOf(status).reason, "NOT_FOUND");
}

TEST_F(ListTest, SearchFindsNamesakesPageByPage) {
  for (const char* account : {"c", "a", "b"})
    world_.Register(account, "Wanderer");
  world_.Register("d", "Somebody");
  v1::SearchAccountsRequest request;
  request.set_nickname("wanderer");
  request.set_page_size(2);
  std::vector<std::string> got;
  do {
    v1::SearchAccountsResponse response;
    const absl::Status status = world_.Do(&Desk::SearchAccounts, senior_, request, &response);
    ASSERT_TRUE(status.ok()) << status;
    for (const v1::Account& account : response.accounts()) {
      got.push_back(account.account());
      EXPECT_EQ(account.nickname(), "Wanderer");
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(got, ElementsAre("a", "b", "c"));
}

TEST_F(ListTest, AuditIsListedFilteredAndGot) {
  world_.Register("a", "one");
  world_.Warn("a");
  v1::ListAuditRecordsRequest request;
  request.set_method("GmService.CreateSanction");
  v1::ListAuditRecordsResponse response;
  ASSERT_TRUE(world_.Do(&Desk::ListAuditRecords, senior_, request, &response).ok());
  ASSERT_THAT(response.records(), SizeIs(1));
  v1::GetAuditRecordRequest get;
  get.set_name(response.records(0).name());
  v1::AuditRecord record;
  ASSERT_TRUE(world_.Do(&Desk::GetAuditRecord, senior_, get, &record).ok());
  EXPECT_EQ(record.SerializeAsString(), response.records(0).SerializeAsString());
  get.set_name("audit/999999-0");
  EXPECT_EQ(RefusalOf(world_.Do(&Desk::GetAuditRecord, senior_, get, &record)).reason, "NOT_FOUND");
}

TEST_F(ListTest, TokensAreListedByNameWithoutEndedOnes) {
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    v1::CreateTokenRequest request;
    request.set_principal("gm-" + std::to_string(i));
    request.set_role(v1::ROLE_GM);
    *request.mutable_options() = world_.Options();
    v1::CreateTokenResponse made;
    const Call admin = DeskWorld::As(v1::ROLE_ADMIN, "GmService.CreateToken");
    ASSERT_TRUE(world_.Do(&Desk::CreateToken, admin, request, &made).ok());
    names.push_back(made.token().name());
  }
  v1::RevokeTokenRequest revoke;
  revoke.set_name(names[1]);
  *revoke.mutable_options() = world_.Options();
  v1::ActionResponse done;
  ASSERT_TRUE(world_.Do(&Desk::RevokeToken, senior_, revoke, &done).ok());
  for (const bool ended : {false, true}) {
    v1::ListTokensRequest request;
    request.set_include_ended(ended);
    request.set_page_size(1);
    std::vector<std::string> got;
    do {
      v1::ListTokensResponse response;
      ASSERT_TRUE(world_.Do(&Desk::ListTokens, senior_, request, &response).ok());
      for (const v1::Token& token : response.tokens())
        got.push_back(token.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
    EXPECT_THAT(got, SizeIs(ended ? 3 : 2));
  }
}

}  // namespace
}  // namespace hallwarden::daemon
