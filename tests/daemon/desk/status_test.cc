// Who may what; servers; health; explanations of what happened for real.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class StatusTest : public ::testing::Test {
 protected:
  v1::CheckPermissionResponse Check(v1::Role role, const v1::CheckPermissionRequest& request) {
    v1::CheckPermissionResponse response;
    const absl::Status status =
        world_.Do(&Desk::CheckPermission, DeskWorld::As(role), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_NE(response.reason().zh(), "");
    return response;
  }

  std::map<std::string, v1::HealthCheck> Health(v1::Health* health) {
    const absl::Status status =
        world_.Do(&Desk::GetHealth, DeskWorld::As(v1::ROLE_VIEWER), {}, health);
    EXPECT_TRUE(status.ok()) << status;
    std::map<std::string, v1::HealthCheck> checks;
    for (const v1::HealthCheck& check : health->checks())
      checks[check.check()] = check;
    return checks;
  }

  DeskWorld world_;
};

TEST_F(StatusTest, WhoAmITellsCallsAndLimits) {
  v1::WhoAmIResponse response;
  ASSERT_TRUE(world_.Do(&Desk::WhoAmI, DeskWorld::As(v1::ROLE_GM), {}, &response).ok());
  EXPECT_EQ(response.principal(), "ROLE_GM");
  EXPECT_THAT(response.methods(), Contains("GmService.CreateSanction"));
  EXPECT_THAT(response.methods(), Not(Contains("GmService.ApplyPolicy")));
  EXPECT_EQ(response.limit().max_term().seconds(), 604'800);
}

TEST_F(StatusTest, PermissionFollowsTableAndPolicy) {
  v1::CheckPermissionRequest request;
  request.set_method("GmService.ApplyPolicy");
  EXPECT_FALSE(Check(v1::ROLE_GM, request).allowed());
  EXPECT_TRUE(Check(v1::ROLE_ADMIN, request).allowed());
  request.set_method("GmService.NoSuchCall");
  EXPECT_FALSE(Check(v1::ROLE_ADMIN, request).allowed());
  request.set_method("GmService.CreateSanction");
  EXPECT_TRUE(Check(v1::ROLE_GM, request).allowed());
  request.mutable_term()->set_seconds(604'800);
  EXPECT_TRUE(Check(v1::ROLE_GM, request).allowed());
  request.mutable_term()->set_seconds(604'801);
  const v1::CheckPermissionResponse longer = Check(v1::ROLE_GM, request);
  EXPECT_FALSE(longer.allowed());
  EXPECT_THAT(longer.reason().en(), HasSubstr("7 days"));
  EXPECT_TRUE(Check(v1::ROLE_SENIOR_GM, request).allowed());
  request.clear_term();
  request.set_permanent(true);
  EXPECT_FALSE(Check(v1::ROLE_GM, request).allowed());
  EXPECT_TRUE(Check(v1::ROLE_SENIOR_GM, request).allowed());
  EXPECT_FALSE(Check(v1::ROLE_ADMIN, request).allowed()) << "the policy gives admins no limit";
}

TEST_F(StatusTest, ServersTellPositionsAndWhatIsNotEnforced) {
  world_.Register("a", "one");
  world_.LogIn("a");
  world_.Warn("a");
  v1::ListServersResponse servers;
  ASSERT_TRUE(world_.Do(&Desk::ListServers, DeskWorld::As(v1::ROLE_VIEWER), {}, &servers).ok());
  ASSERT_THAT(servers.servers(), SizeIs(1));
  EXPECT_EQ(servers.servers(0).name(), "servers/hall-1");
  EXPECT_TRUE(servers.servers(0).connected());
  EXPECT_EQ(servers.servers(0).durable_seq(), 2);
  EXPECT_EQ(servers.servers(0).unanswered_directives(), 1);
  EXPECT_EQ(servers.servers(0).unenforced_directives(), 0);
  v1::Health health;
  EXPECT_TRUE(Health(&health)["directives"].ok());

  world_.clock().Advance(3'600'000'000);
  servers.Clear();
  ASSERT_TRUE(world_.Do(&Desk::ListServers, DeskWorld::As(v1::ROLE_VIEWER), {}, &servers).ok());
  EXPECT_EQ(servers.servers(0).unenforced_directives(), 1);
  EXPECT_FALSE(Health(&health)["directives"].ok());
  EXPECT_FALSE(health.ok());
  v1::GetAccountRequest request;
  request.set_name("accounts/a");
  v1::Account account;
  ASSERT_TRUE(world_.Do(&Desk::GetAccount, DeskWorld::As(v1::ROLE_GM), request, &account).ok());
  EXPECT_EQ(account.unenforced_directives(), 1);
}

TEST_F(StatusTest, HealthNamesVersionPolicyAndPositions) {
  v1::Health health;
  const auto checks = Health(&health);
  EXPECT_TRUE(health.ok()) << health.ShortDebugString();
  EXPECT_NE(health.version(), "");
  EXPECT_EQ(health.engine_version(), kEngineVersion);
  EXPECT_THAT(health.policy(), HasSubstr("policies/handbook@"));
  EXPECT_EQ(health.history_epoch(), 1);
  EXPECT_GT(health.journal_position(), 0);
  for (const char* check :
       {"store", "clock", "policy", "replay", "directives", "checkpoint", "servers"}) {
    EXPECT_TRUE(checks.contains(check)) << check;
  }
}

TEST_F(StatusTest, HealthTellsOfAClockThatIsNotFollowed) {
  world_.clock().StepWall(86'400'000'000);
  world_.Register("a", "one");
  v1::Health health;
  const auto checks = Health(&health);
  EXPECT_FALSE(checks.at("clock").ok()) << health.ShortDebugString();
  EXPECT_THAT(checks.at("clock").detail().en(), HasSubstr("gmctl clock accept"));
}

TEST_F(StatusTest, SanctionIsExplainedWithItsDirectives) {
  world_.Register("a", "one");
  world_.LogIn("a");
  const v1::ActionResponse warned = world_.Warn("a");
  v1::ExplainSanctionRequest request;
  request.set_name(warned.sanction().name());
  v1::ExplainSanctionResponse response;
  ASSERT_TRUE(
      world_.Do(&Desk::ExplainSanction, DeskWorld::As(v1::ROLE_GM), request, &response).ok());
  EXPECT_EQ(response.sanction().name(), warned.sanction().name());
  ASSERT_THAT(response.directives(), SizeIs(1));
  EXPECT_EQ(response.directives(0).action(), "warn");
  EXPECT_GT(response.lines_size(), 4);
  EXPECT_FALSE(response.has_event()) << "a command caused it";
  request.set_name("sanctions/none");
  EXPECT_EQ(
      RefusalOf(world_.Do(&Desk::ExplainSanction, DeskWorld::As(v1::ROLE_GM), request, &response))
          .reason,
      "NOT_FOUND");
}

}  // namespace
}  // namespace hallwarden::daemon
