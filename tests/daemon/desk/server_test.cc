// What operators do about a game server that lies, and about a rule that hits too often.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kServerName[] = "servers/hall-1";

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    v1::ListServersResponse servers;
    EXPECT_TRUE(world_.Do(&Desk::ListServers, DeskWorld::As(v1::ROLE_VIEWER), {}, &servers).ok());
    EXPECT_THAT(servers.servers(), SizeIs(1));
    if (!servers.servers().empty()) name_ = servers.servers(0).name();
  }

  // Accounts with names that the built-in list finds plain.
  void Accuse(int from, int to) {
    std::vector<v1::HallEvent> events;
    for (int i = from; i <= to; ++i) {
      v1::HallEvent event;
      event.set_account("p" + std::to_string(i));
      event.mutable_registered()->set_nickname("\xe6\x88\x90\xe4\xba\xba\xe7\x9b\xb4\xe6\x92\xad" +
                                               std::to_string(i));
      events.push_back(event);
    }
    world_.Tell(std::move(events));
  }

  v1::Server Show() {
    v1::GetServerRequest request;
    request.set_name(name_);
    v1::Server server;
    EXPECT_TRUE(world_.Do(&Desk::GetServer, DeskWorld::As(v1::ROLE_VIEWER), request, &server).ok());
    return server;
  }

  template <class Request>
  absl::Status Act(void (Desk::*handler)(const Call&, const Request&, v1::ActionResponse*,
                                         const Desk::Done&),
                   Request request, v1::ActionResponse* response, bool dry_run = false) {
    request.set_name(name_);
    *request.mutable_options() = world_.Options();
    request.mutable_options()->set_validate_only(dry_run);
    return world_.Do(handler, DeskWorld::As(v1::ROLE_LEAD), request, response);
  }

  std::vector<v1::HealthCheck> Alarms() {
    v1::Health health;
    EXPECT_TRUE(world_.Do(&Desk::GetHealth, DeskWorld::As(v1::ROLE_VIEWER), {}, &health).ok());
    std::vector<v1::HealthCheck> alarms;
    for (const v1::HealthCheck& check : health.checks()) {
      if (!check.ok()) alarms.push_back(check);
    }
    return alarms;
  }

  DeskWorld world_;
  std::string name_ = kServerName;
};

TEST_F(ServerTest, QuarantineAndReleaseAreShownEverywhere) {
  v1::ActionResponse response;
  ASSERT_TRUE(Act(&Desk::QuarantineServer, v1::QuarantineServerRequest(), &response).ok());
  EXPECT_TRUE(Show().has_quarantine_time());
  v1::ListServersResponse servers;
  ASSERT_TRUE(world_.Do(&Desk::ListServers, DeskWorld::As(v1::ROLE_VIEWER), {}, &servers).ok());
  EXPECT_TRUE(servers.servers(0).has_quarantine_time());
  bool told = false;
  for (const v1::HealthCheck& alarm : Alarms()) {
    if (alarm.check() != "quarantine") continue;
    told = true;
    EXPECT_THAT(alarm.detail().en(), HasSubstr("gmctl server release"));
    EXPECT_THAT(alarm.detail().zh(), HasSubstr("gmctl server release"));
  }
  EXPECT_TRUE(told);
  ASSERT_TRUE(Act(&Desk::ReleaseServer, v1::ReleaseServerRequest(), &response).ok());
  EXPECT_FALSE(Show().has_quarantine_time());
  for (const v1::HealthCheck& alarm : Alarms())
    EXPECT_NE(alarm.check(), "quarantine");
  EXPECT_EQ(RefusalOf(Act(&Desk::ReleaseServer, v1::ReleaseServerRequest(), &response)).reason,
            "NOT_NEEDED");
  std::vector<std::string> methods;
  for (const v1::AuditRecord& record : world_.Audit())
    methods.push_back(record.method());
  EXPECT_THAT(methods, Contains("GmService.QuarantineServer"));
  EXPECT_THAT(methods, Contains("GmService.ReleaseServer").Times(2)) << "the refused one, too";
}

TEST_F(ServerTest, WhatItCausedIsListedAndReversed) {
  Accuse(1, 5);
  v1::ListCausedRequest list;
  list.set_parent(name_);
  v1::ListCausedResponse caused;
  ASSERT_TRUE(world_.Do(&Desk::ListCaused, DeskWorld::As(v1::ROLE_VIEWER), list, &caused).ok());
  ASSERT_THAT(caused.caused(), SizeIs(5));
  EXPECT_EQ(caused.caused(0).sanction().account(), "p5") << "newest first";
  EXPECT_EQ(Show().caused_sanctions(), 5);
  // Somebody lifts one of them by hand.
  v1::LiftSanctionRequest lift;
  lift.set_name(caused.caused(0).sanction().name());
  lift.set_disposition(v1::DISPOSITION_MISTAKE);
  *lift.mutable_options() = world_.Options();
  v1::ActionResponse response;
  ASSERT_TRUE(world_.Do(&Desk::LiftSanction, DeskWorld::As(v1::ROLE_LEAD), lift, &response).ok());
  v1::ReverseServerRequest reverse;
  reverse.mutable_since_time()->set_seconds(kWorldStartUs / 1'000'000 - 1);
  v1::ActionResponse plan;
  ASSERT_TRUE(Act(&Desk::ReverseServer, reverse, &plan, true).ok());
  EXPECT_TRUE(plan.dry_run());
  ASSERT_FALSE(plan.lines().empty());
  EXPECT_THAT(plan.lines(plan.lines_size() - 1).after().en(), HasSubstr("4 sanctions"));
  EXPECT_FALSE(Show().has_reversal()) << "a dry run begins nothing";
  ASSERT_TRUE(Act(&Desk::ReverseServer, reverse, &response).ok());
  EXPECT_EQ(response.confirmation_level(), 2);
  world_.AwaitReversal(name_);
  const v1::Server server = Show();
  EXPECT_EQ(server.reversal().seen_count(), 5);
  EXPECT_EQ(server.reversal().lifted_count(), 4);
  EXPECT_EQ(server.reversal().principal(), "ROLE_LEAD");
  v1::ListCausedResponse after;
  ASSERT_TRUE(world_.Do(&Desk::ListCaused, DeskWorld::As(v1::ROLE_VIEWER), list, &after).ok());
  for (const v1::Caused& one : after.caused()) {
    EXPECT_EQ(one.sanction().state(), v1::SANCTION_STATE_LIFTED);
    EXPECT_EQ(one.sanction().lift().disposition(), v1::DISPOSITION_MISTAKE);
  }
}

TEST_F(ServerTest, AnUnknownServerIsNotFound) {
  name_ = "servers/nobody";
  v1::ActionResponse response;
  EXPECT_TRUE(
      absl::IsNotFound(Act(&Desk::QuarantineServer, v1::QuarantineServerRequest(), &response)));
}

TEST_F(ServerTest, RulesTellHitsNormAndQuota) {
  Accuse(1, 3);
  v1::ListRulesRequest request;
  request.set_page_size(2);
  std::int64_t hits = 0;
  std::size_t rules = 0;
  do {
    v1::ListRulesResponse response;
    ASSERT_TRUE(
        world_.Do(&Desk::ListRules, DeskWorld::As(v1::ROLE_VIEWER), request, &response).ok());
    rules += static_cast<std::size_t>(response.rules_size());
    for (const v1::RuleStatus& rule : response.rules())
      hits += rule.hits_this_hour();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GT(rules, 10U);
  EXPECT_EQ(hits, 3);
}

}  // namespace
}  // namespace hallwarden::daemon
