// The life of a token: made, used, expired, revoked.
#include "daemon/auth/token_table.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "daemon/auth/bootstrap.h"
#include "daemon/auth/refusals.h"
#include "daemon/auth/token_secret.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;

constexpr std::int64_t kNow = 1'700'000'000'000'000;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

PutToken Stored(const NewToken& made) {
  return {made.put.token(), made.put.secret_sha256()};
}

class TokenTableTest : public ::testing::Test {
 protected:
  TokenTableTest() : made_(*MakeToken("gm-li", v1::ROLE_GM, kNow, kDayUs)) {
    table_.Put(Stored(made_));
  }

  std::string Check(const std::string& secret, std::int64_t now_us = kNow) {
    return ReasonOf(table_.Check(secret, now_us).status());
  }

  TokenTable table_;
  const NewToken made_;
};

TEST_F(TokenTableTest, LetsTheOwnerIn) {
  const absl::StatusOr<Principal> principal = table_.Check(made_.secret, kNow);
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->name, "gm-li");
  EXPECT_EQ(principal->role, v1::ROLE_GM);
  EXPECT_EQ(principal->token, made_.put.token().name());
  EXPECT_EQ(principal->expire_us, kNow + kDayUs);
}

TEST_F(TokenTableTest, RefusesWhateverIsNotTheSecret) {
  EXPECT_EQ(Check(""), "BAD_TOKEN");
  EXPECT_EQ(Check("hw_"), "BAD_TOKEN");
  EXPECT_EQ(Check(made_.secret + "a"), "BAD_TOKEN");
  EXPECT_EQ(Check(made_.secret.substr(1)), "BAD_TOKEN");
  EXPECT_EQ(Check(MakeToken("gm-li", v1::ROLE_GM, kNow, kDayUs)->secret), "BAD_TOKEN");
  for (std::size_t i = 0; i < made_.secret.size(); ++i) {
    std::string changed = made_.secret;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(Check(changed), "BAD_TOKEN") << i;
  }
}

TEST_F(TokenTableTest, RefusesFromTheMomentItExpires) {
  EXPECT_EQ(Check(made_.secret, kNow + kDayUs - 1), "OK");
  EXPECT_EQ(Check(made_.secret, kNow + kDayUs), "TOKEN_EXPIRED");
}

TEST_F(TokenTableTest, RefusesAtOnceWhenRevokedAndKeepsTheHash) {
  const Principal principal = *table_.Check(made_.secret, kNow);
  PutToken revoked;
  revoked.token.set_name(made_.put.token().name());
  *revoked.token.mutable_revoke_time() = TimeUtil::MicrosecondsToTimestamp(kNow);
  table_.Put(revoked);
  EXPECT_EQ(Check(made_.secret), "TOKEN_REVOKED");
  revoked.token.set_name("tokens/unknown");
  table_.Put(revoked);
  EXPECT_EQ(table_.size(), 1U);
  EXPECT_EQ(ReasonOf(table_.Recheck(principal, kNow)), "TOKEN_REVOKED");
  std::string other = made_.secret;
  other.back() = other.back() == 'a' ? 'q' : 'a';
  EXPECT_EQ(Check(other), "BAD_TOKEN") << "only the owner is told that it was revoked";
}

TEST_F(TokenTableTest, RechecksRunningStreams) {
  const Principal principal = *table_.Check(made_.secret, kNow);
  EXPECT_EQ(ReasonOf(table_.Recheck(principal, kNow)), "OK");
  EXPECT_EQ(ReasonOf(table_.Recheck(principal, kNow + kDayUs)), "TOKEN_EXPIRED");
  table_.Reset({});
  EXPECT_EQ(ReasonOf(table_.Recheck(principal, kNow)), "BAD_TOKEN");
}

TEST_F(TokenTableTest, LetsNobodyInByARowWithoutHashOrExpiry) {
  PutToken row = Stored(made_);
  row.secret_sha256.clear();
  table_.Reset({row});
  EXPECT_EQ(Check(made_.secret), "BAD_TOKEN");
  row = Stored(made_);
  row.token.clear_expire_time();
  table_.Reset({row});
  EXPECT_EQ(Check(made_.secret), "TOKEN_EXPIRED");
}

TEST_F(TokenTableTest, KnowsWhetherARoleIsHeld) {
  EXPECT_TRUE(table_.AnyInForce(v1::ROLE_GM, kNow));
  EXPECT_FALSE(table_.AnyInForce(v1::ROLE_ADMIN, kNow));
  EXPECT_FALSE(table_.AnyInForce(v1::ROLE_GM, kNow + kDayUs));
}

TEST_F(TokenTableTest, TellsOfEachChange) {
  int changes = 0;
  table_.SetListener([&changes] { ++changes; });
  table_.Put(Stored(made_));
  table_.Reset({});
  EXPECT_EQ(changes, 2);
}

TEST_F(TokenTableTest, ServesChecksWhileItChanges) {
  std::atomic<bool> stop = false;
  std::thread reader([&] {
    while (!stop)
      EXPECT_TRUE(table_.Check(made_.secret, kNow).ok());
  });
  for (int i = 0; i < 100; ++i) {
    table_.Put(Stored(*MakeToken("gm-wang", v1::ROLE_GM, kNow, kDayUs)));
  }
  stop = true;
  reader.join();
  EXPECT_EQ(table_.size(), 101U);
}

TEST(TokenSecret, IsDifferentEachTimeAndNamesItsToken) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const TokenSecret secret = *MakeTokenSecret();
    EXPECT_EQ(secret.text.size(), 3 + 12 + 1 + 52U);
    EXPECT_EQ(TokenIdOf(secret.text), secret.token_id);
    EXPECT_TRUE(ids.insert(secret.token_id).second);
  }
}

TEST(TokenSecret, HasTheHashOfThePublishedVector) {
  EXPECT_EQ(Sha256("abc").substr(0, 4), "\xba\x78\x16\xbf");
}

TEST(FirstToken, IsAnAdminsMadeByTheDaemon) {
  const FirstToken first = *MakeFirstToken(kNow);
  EXPECT_EQ(first.command.actor().principal(), "hallwarden");
  EXPECT_TRUE(first.command.actor().machine());
  EXPECT_EQ(first.command.put_token().secret_sha256(), Sha256(first.secret));
  EXPECT_EQ(first.command.SerializeAsString().find(first.secret), std::string::npos);
  TokenTable table;
  table.Put({first.command.put_token().token(), first.command.put_token().secret_sha256()});
  EXPECT_EQ(table.Check(first.secret, kNow)->role, v1::ROLE_ADMIN);
}

}  // namespace
}  // namespace hallwarden::daemon
