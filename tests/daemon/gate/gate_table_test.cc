#include "daemon/gate/gate_table.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/engine/effect.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kNow = 1'800'000'000'000'000;
constexpr std::int64_t kSecondUs = 1'000'000;

void SetTime(std::int64_t us, google::protobuf::Timestamp* time) {
  time->set_seconds(us / kSecondUs);
}

v1::Restriction* Restrict(v1::GateEntry* entry, v1::Capability capability, std::int64_t until_us) {
  v1::Restriction* restriction = entry->add_restrictions();
  restriction->set_capability(capability);
  if (until_us == 0) {
    restriction->set_permanent(true);
  } else {
    SetTime(until_us, restriction->mutable_until_time());
  }
  return restriction;
}

v1::GateEntry Entry(const std::string& account, std::int64_t revision) {
  v1::GateEntry entry;
  entry.set_account(account);
  entry.set_account_revision(revision);
  return entry;
}

v1::CheckAccountRequest Ask(v1::Capability capability) {
  v1::CheckAccountRequest request;
  request.set_account("a");
  request.set_capability(capability);
  return request;
}

class GateTableTest : public ::testing::Test {
 protected:
  // Commits gate entries, a record each.
  void Commit(const std::vector<v1::GateEntry>& entries) { Commit(&table_, entries); }
  void Commit(GateTable* table, const std::vector<v1::GateEntry>& entries) {
    storage::Group group;
    for (const v1::GateEntry& entry : entries) {
      PositionedEffect effect;
      effect.position = ++position_;
      effect.effect = PutGate{entry};
      group.effects.push_back(std::move(effect));
    }
    CommittedGroup committed;
    committed.group = &group;
    committed.durable_position = position_;
    table->OnCommitted(committed);
  }
  std::vector<std::string> Drain(const GateTable& table, GateTable::Cursor* cursor) {
    std::vector<std::string> seen;
    for (;;) {
      auto next = table.Next(cursor);
      if (!next.ok()) {
        seen.push_back(std::string(next.status().message()));
        return seen;
      }
      if (!next->has_value()) return seen;
      last_token_ = (*next)->resume_token();
      seen.push_back((*next)->account() + ":" + std::to_string((*next)->account_revision()));
    }
  }

  std::string last_token_;
  std::uint64_t position_ = 0;
  GateTable table_{4};
};

TEST_F(GateTableTest, WhoWasNeverRestrictedMayDoEverything) {
  const v1::CheckAccountResponse response = table_.Check(Ask(v1::CAPABILITY_LOGIN), kNow);
  EXPECT_TRUE(response.allowed());
  EXPECT_EQ(response.account_revision(), 0);
}

TEST_F(GateTableTest, ARestrictionHoldsForItsCapabilityUntilItsEnd) {
  v1::GateEntry entry = Entry("a", 3);
  Restrict(&entry, v1::CAPABILITY_CHAT, kNow + kSecondUs)->set_sanction("sanctions/sn_1");
  Commit({entry});
  const v1::CheckAccountResponse response = table_.Check(Ask(v1::CAPABILITY_CHAT), kNow);
  EXPECT_FALSE(response.allowed());
  EXPECT_EQ(response.restriction().sanction(), "sanctions/sn_1");
  EXPECT_EQ(response.account_revision(), 3);
  EXPECT_TRUE(table_.Check(Ask(v1::CAPABILITY_PLAY), kNow).allowed());
  EXPECT_TRUE(table_.Check(Ask(v1::CAPABILITY_CHAT), kNow + kSecondUs).allowed());
}

TEST_F(GateTableTest, APermanentOneHasNoEnd) {
  v1::GateEntry entry = Entry("a", 1);
  Restrict(&entry, v1::CAPABILITY_LOGIN, 0);
  Commit({entry});
  EXPECT_FALSE(table_.Check(Ask(v1::CAPABILITY_LOGIN), INT64_MAX).allowed());
}

TEST_F(GateTableTest, ALiftIsSeenAtOnce) {
  v1::GateEntry entry = Entry("a", 1);
  Restrict(&entry, v1::CAPABILITY_LOGIN, 0);
  Commit({entry});
  Commit({Entry("a", 2)});
  const v1::CheckAccountResponse response = table_.Check(Ask(v1::CAPABILITY_LOGIN), kNow);
  EXPECT_TRUE(response.allowed());
  EXPECT_EQ(response.account_revision(), 2);
}

TEST_F(GateTableTest, AScopeSaysNothingAboutOtherPlaces) {
  v1::GateEntry entry = Entry("a", 1);
  Restrict(&entry, v1::CAPABILITY_PLAY, 0)->mutable_scope()->set_game("ddz");
  Commit({entry});
  v1::CheckAccountRequest request = Ask(v1::CAPABILITY_PLAY);
  EXPECT_TRUE(table_.Check(request, kNow).allowed());
  request.set_game("chess");
  EXPECT_TRUE(table_.Check(request, kNow).allowed());
  request.set_game("ddz");
  EXPECT_FALSE(table_.Check(request, kNow).allowed());
}

struct HandCase {
  std::string name;
  v1::Capability capability;
  std::string hand;
  std::int64_t now_us;
  bool allowed;
  friend void PrintTo(const HandCase& c, std::ostream* os) { *os << c.name; }
};

class HandEndTest : public GateTableTest, public ::testing::WithParamInterface<HandCase> {};

TEST_P(HandEndTest, TheHandInPlayMayBeFinishedAndNothingElse) {
  v1::GateEntry entry = Entry("a", 1);
  for (const auto capability :
       {v1::CAPABILITY_LOGIN, v1::CAPABILITY_PLAY, v1::CAPABILITY_GIFT, v1::CAPABILITY_EXCHANGE}) {
    Restrict(&entry, capability, 0);
  }
  entry.set_not_before_hand("hand-7");
  SetTime(kNow + 600 * kSecondUs, entry.mutable_deadline_time());
  Commit({entry});
  v1::CheckAccountRequest request = Ask(GetParam().capability);
  request.set_hand(GetParam().hand);
  const v1::CheckAccountResponse response = table_.Check(request, GetParam().now_us);
  EXPECT_EQ(response.allowed(), GetParam().allowed);
  EXPECT_EQ(response.until_hand_end(), GetParam().allowed);
  EXPECT_TRUE(response.has_restriction());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, HandEndTest,
    ::testing::Values(HandCase{"ThisHand", v1::CAPABILITY_PLAY, "hand-7", kNow, true},
                      HandCase{"AnotherHand", v1::CAPABILITY_PLAY, "hand-8", kNow, false},
                      HandCase{"NoHand", v1::CAPABILITY_LOGIN, "", kNow, false},
                      HandCase{"Gift", v1::CAPABILITY_GIFT, "hand-7", kNow, false},
                      HandCase{"Exchange", v1::CAPABILITY_EXCHANGE, "hand-7", kNow, false},
                      HandCase{"BeforeTheDeadline", v1::CAPABILITY_PLAY, "hand-7",
                               kNow + 600 * kSecondUs - 1, true},
                      HandCase{"AtTheDeadline", v1::CAPABILITY_PLAY, "hand-7",
                               kNow + 600 * kSecondUs, false}),
    [](const auto& param_info) { return param_info.param.name; });

TEST_F(GateTableTest, LoadsWhatTheStoreHolds) {
  storage::TempDirectory directory;
  storage::StoreOptions options;
  options.directory = directory.store();
  auto store = storage::Store::Open(options);
  ASSERT_TRUE(store.ok()) << store.status();
  v1::GateEntry entry = Entry("a", 5);
  Restrict(&entry, v1::CAPABILITY_LOGIN, 0);
  storage::GroupBuilder group(1);
  group.Event("hall-1", 1).With(PutGate{entry});
  ASSERT_TRUE((*store)->Commit(group.Take()).ok());
  ASSERT_TRUE(table_.Load(store->get()).ok());
  EXPECT_FALSE(table_.Check(Ask(v1::CAPABILITY_LOGIN), kNow).allowed());
  // Changes before this start are gone; its own place is not.
  EXPECT_TRUE(absl::IsOutOfRange(table_.Begin("0-5").status()));
  EXPECT_TRUE(table_.Begin("1-4294967295").ok());
}

// ---- watchers -----------------------------------------------------------------------------------

TEST_F(GateTableTest, AWatchBeginsWithWhatIsInForce) {
  v1::GateEntry entry = Entry("a", 1);
  Restrict(&entry, v1::CAPABILITY_LOGIN, 0);
  Commit({entry, Entry("b", 2)});
  GateTable::Cursor cursor = *table_.Begin("");
  EXPECT_THAT(Drain(table_, &cursor), ElementsAre("a:1", ":0"));
  Commit({Entry("a", 2)});
  EXPECT_THAT(Drain(table_, &cursor), ElementsAre("a:2"));
  EXPECT_THAT(Drain(table_, &cursor), IsEmpty());
}

TEST_F(GateTableTest, AWatchGoesOnBehindItsToken) {
  GateTable::Cursor cursor = *table_.Begin("");
  Drain(table_, &cursor);
  Commit({Entry("a", 1)});
  Drain(table_, &cursor);
  const std::string token = last_token_;
  Commit({Entry("b", 1), Entry("c", 1)});
  GateTable::Cursor resumed = *table_.Begin(token);
  EXPECT_THAT(Drain(table_, &resumed), ElementsAre("b:1", "c:1"));
}

TEST_F(GateTableTest, ATokenThatIsTooOldIsRefused) {
  GateTable::Cursor cursor = *table_.Begin("");
  Drain(table_, &cursor);
  const std::string token = last_token_;
  for (int i = 1; i <= 6; ++i)
    Commit({Entry("a", i)});
  EXPECT_TRUE(absl::IsOutOfRange(table_.Begin(token).status()));
  // So is a reader that fell behind.
  EXPECT_TRUE(absl::IsOutOfRange(table_.Next(&cursor).status()));
}

TEST_F(GateTableTest, AForeignTokenIsRefused) {
  for (const char* token : {"x", "1", "-", "1-", "-1", "1-2x", "1-99999999999"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(table_.Begin(token).status())) << token;
  }
  // One from the future is of another store.
  EXPECT_TRUE(absl::IsOutOfRange(table_.Begin("9-0").status()));
}

TEST_F(GateTableTest, AWatcherIsForgottenWhenItIsGone) {
  int woken = 0;
  table_.AddWatcher([&] { return ++woken < 2; });
  for (int i = 1; i <= 4; ++i)
    Commit({Entry("a", i)});
  EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace hallwarden::daemon
