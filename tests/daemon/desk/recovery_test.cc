// A theft, looked into: logins, where the gold went, the hand, the exchange.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "daemon/desk/long_reads.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() {
    Register("owner", "10.0.0.1", "phone-1");
    Register("thief", "10.9.9.9", "phone-9");
  }

  static v1::HallEvent Of(const std::string& account) {
    v1::HallEvent event;
    event.set_account(account);
    return event;
  }
  void Register(const std::string& account, const std::string& ip, const std::string& device) {
    v1::HallEvent event = Of(account);
    event.mutable_registered()->set_nickname("name " + account);
    event.mutable_registered()->set_ip(ip);
    event.mutable_registered()->set_device(device);
    world_.Tell({event});
  }
  void LogIn(const std::string& account, const std::string& ip, const std::string& device) {
    v1::HallEvent event = Of(account);
    event.mutable_logged_in()->set_ip(ip);
    event.mutable_logged_in()->set_device(device);
    world_.Tell({event});
  }
  void Move(const std::string& account, v1::MoveKind kind, std::int64_t amount,
            const std::string& to, const std::string& exchange = "") {
    v1::HallEvent event = Of(account);
    v1::AssetMoved& moved = *event.mutable_asset_moved();
    moved.set_asset(v1::ASSET_KIND_GOLD);
    moved.set_kind(kind);
    moved.set_amount(amount);
    moved.set_to_account(to);
    moved.set_exchange(exchange);
    moved.set_balance_after(-1);
    world_.Tell({event});
  }

  v1::ListLoginsResponse Logins(const std::string& account, int size = 0,
                                const std::string& token = "") {
    v1::ListLoginsRequest request;
    request.set_parent("accounts/" + account);
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListLoginsResponse response;
    const absl::Status status =
        world_.Do(&Desk::ListLogins, DeskWorld::As(v1::ROLE_GM), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  v1::TraceGoldResponse Trace(const std::string& account, std::int64_t since_s) {
    v1::TraceGoldRequest request;
    request.set_name("accounts/" + account);
    request.mutable_since_time()->set_seconds(since_s);
    v1::TraceGoldResponse response;
    const absl::Status status =
        world_.Do(&Desk::TraceGold, DeskWorld::As(v1::ROLE_GM), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  v1::CheckExchangeResponse Exchanges(const std::string& account) {
    v1::CheckExchangeRequest request;
    request.set_name("accounts/" + account);
    v1::CheckExchangeResponse response;
    const absl::Status status =
        world_.Do(&Desk::CheckExchange, DeskWorld::As(v1::ROLE_GM), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
  static std::vector<bool> Broken(const v1::ListLoginsResponse& logins) {
    std::vector<bool> broken;
    for (const v1::Login& login : logins.logins())
      broken.push_back(login.broken());
    return broken;
  }

  DeskWorld world_;
};

TEST_F(RecoveryTest, TheBreakAmongTheLoginsIsMarked) {
  LogIn("owner", "10.0.0.1", "phone-1");
  LogIn("owner", "10.0.0.7", "phone-1");  // on a journey
  LogIn("owner", "10.9.9.9", "phone-9");  // somebody else
  const v1::ListLoginsResponse logins = Logins("owner");
  EXPECT_THAT(Broken(logins), ElementsAre(true, false, false, false));
  EXPECT_EQ(logins.logins(0).ip(), "10.9.9.9");
  EXPECT_FALSE(logins.logins(0).registered_device());
  EXPECT_TRUE(logins.logins(1).registered_device());
  EXPECT_FALSE(logins.logins(1).registered_ip());
  EXPECT_TRUE(logins.logins(3).registration());
  EXPECT_EQ(logins.registration().device(), "phone-1");
}

// The login before the last of a page stands on the next one: the mark must not depend on pages.
TEST_F(RecoveryTest, PagesMarkTheSame) {
  LogIn("owner", "10.9.9.9", "phone-9");
  LogIn("owner", "10.0.0.1", "phone-1");
  LogIn("owner", "10.9.9.9", "phone-9");
  world_.Restart();
  LogIn("owner", "10.0.0.1", "phone-1");
  const std::vector<bool> whole = Broken(Logins("owner"));
  ASSERT_THAT(whole, SizeIs(5));
  std::vector<bool> paged;
  std::string token;
  do {
    const v1::ListLoginsResponse page = Logins("owner", 1, token);
    for (const bool broken : Broken(page))
      paged.push_back(broken);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(paged, whole);
}

TEST_F(RecoveryTest, GoldIsFollowedToWhoExchangedIt) {
  LogIn("owner", "10.9.9.9", "phone-9");
  LogIn("thief", "10.9.9.9", "phone-9");
  Move("owner", v1::MOVE_KIND_GIFT, 5'000, "thief");
  Move("thief", v1::MOVE_KIND_EXCHANGE_ASKED, 4'000, "", "ex-1");
  const v1::TraceGoldResponse traced = Trace("owner", kWorldStartUs / 1'000'000 - 60);
  EXPECT_TRUE(traced.complete());
  EXPECT_FALSE(traced.truncated());
  ASSERT_THAT(traced.flows(), SizeIs(1));
  EXPECT_EQ(traced.flows(0).amount(), 5'000);
  ASSERT_THAT(traced.accounts(), SizeIs(2));
  EXPECT_EQ(traced.accounts(1).account(), "thief");
  EXPECT_EQ(traced.accounts(1).exchanged(), 4'000);
  EXPECT_EQ(traced.accounts(1).register_ip(), "10.9.9.9");
  EXPECT_TRUE(traced.accounts(1).shares_device());
  EXPECT_TRUE(traced.accounts(1).shares_ip());
  // Nothing happened after now.
  EXPECT_THAT(Trace("owner", kWorldStartUs / 1'000'000 + 864'000).flows(), IsEmpty());
}

TEST(LongReadsTest, FewRunAtOnce) {
  LongReads reads;
  std::vector<std::shared_ptr<void>> places;
  for (int i = 0; i < LongReads::kAtOnce; ++i) {
    places.push_back(reads.Take());
    EXPECT_NE(places.back(), nullptr);
  }
  EXPECT_EQ(reads.Take(), nullptr);
  EXPECT_EQ(reads.Take(), nullptr);
  places.pop_back();
  places.push_back(reads.Take());
  EXPECT_NE(places.back(), nullptr);
  EXPECT_EQ(reads.Take(), nullptr);
}

TEST_F(RecoveryTest, AHandIsFoundByItsTime) {
  v1::HallEvent settled = Of("owner");
  settled.set_table("t1");
  settled.set_hand("h1");
  for (const auto& [account, delta] : {std::pair("owner", -100), std::pair("thief", 100)}) {
    v1::SeatResult& seat = *settled.mutable_hand_settled()->add_seats();
    seat.set_account(account);
    seat.set_gold_delta(delta);
    seat.set_balance_after(-1);
  }
  world_.Tell({settled});
  v1::GetHandRecordRequest request;
  request.set_hand("h1");
  request.mutable_since_time()->set_seconds(kWorldStartUs / 1'000'000 - 60);
  v1::HandRecord record;
  ASSERT_TRUE(world_.Do(&Desk::GetHandRecord, DeskWorld::As(v1::ROLE_GM), request, &record).ok());
  ASSERT_THAT(record.events(), SizeIs(1));
  EXPECT_EQ(record.events(0).event().hand_settled().seats_size(), 2);
  v1::GetHandRecordRequest near;
  near.set_hand("h1");
  near.set_near_position(record.events(0).journal_position());
  v1::HandRecord again;
  ASSERT_TRUE(world_.Do(&Desk::GetHandRecord, DeskWorld::As(v1::ROLE_GM), near, &again).ok());
  EXPECT_THAT(again.events(), SizeIs(1));
  near.set_hand("h2");
  v1::HandRecord none;
  EXPECT_TRUE(
      absl::IsNotFound(world_.Do(&Desk::GetHandRecord, DeskWorld::As(v1::ROLE_GM), near, &none)));
}

TEST_F(RecoveryTest, AnExchangeIsListedWithWhatSpeaksAgainstIt) {
  Move("thief", v1::MOVE_KIND_EXCHANGE_ASKED, 400, "", "ex-1");
  Move("thief", v1::MOVE_KIND_EXCHANGE_SHIPPED, 400, "", "ex-1");
  Move("thief", v1::MOVE_KIND_EXCHANGE_ASKED, 700, "", "ex-2");
  v1::CreateSanctionRequest hold;
  hold.set_parent("accounts/thief");
  hold.set_kind(v1::SANCTION_KIND_HOLD);
  hold.set_offence(v1::OFFENCE_STOLEN_ACCOUNT);
  hold.add_capabilities(v1::CAPABILITY_EXCHANGE);
  hold.mutable_duration()->set_seconds(3'600);
  *hold.mutable_options() = world_.Options();
  v1::ActionResponse held;
  ASSERT_TRUE(
      world_.Do(&Desk::CreateSanction, DeskWorld::As(v1::ROLE_SENIOR_GM), hold, &held).ok());
  const v1::CheckExchangeResponse answer = Exchanges("thief");
  ASSERT_THAT(answer.exchanges(), SizeIs(2));
  EXPECT_EQ(answer.exchanges(0).exchange(), "ex-2");
  EXPECT_EQ(answer.exchanges(0).state(), v1::EXCHANGE_STATE_ASKED);
  EXPECT_EQ(answer.exchanges(1).state(), v1::EXCHANGE_STATE_SHIPPED);
  EXPECT_TRUE(answer.exchanges(1).has_ask_time());
  bool forbids = false;
  for (const v1::ShippingDoubt& doubt : answer.doubts())
    forbids = forbids || (doubt.forbids() && !doubt.resource().empty());
  EXPECT_TRUE(forbids);
}

TEST_F(RecoveryTest, WhoIsNotThereIsNotFound) {
  v1::ListLoginsRequest request;
  request.set_parent("accounts/nobody");
  v1::ListLoginsResponse response;
  EXPECT_TRUE(absl::IsNotFound(
      world_.Do(&Desk::ListLogins, DeskWorld::As(v1::ROLE_GM), request, &response)));
}

}  // namespace
}  // namespace hallwarden::daemon
