// How far a game server is believed: its breaker, its quarantine, the undoing of what it caused;
// rules that hit far above their norm; seats of a hand.
#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/policy/policy.h"
#include "rules/state/time.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// The default policy with these breakers.
std::string WithBreakers(const std::string& breakers) {
  std::string text(policy::DefaultPolicyText());
  const std::size_t begin = text.find("\nbreakers {");
  const std::size_t end = text.find("\n}", begin);
  EXPECT_NE(begin, std::string::npos);
  text.replace(begin, end + 2 - begin, "\nbreakers { " + breakers + " }");
  return text;
}

constexpr std::string_view kNoBreakers =
    "server_per_minute: -1 server_per_hour: -1 rule_norm_factor: -1";

v1::Command OnServer(const std::string& what, const std::string& server,
                     std::int64_t since_us = 0) {
  v1::Command command = As(v1::ROLE_LEAD, "lead-wang");
  v1::ActionOptions options;
  options.set_reason("it was broken into");
  if (what == "quarantine") {
    command.mutable_quarantine_server()->set_name("servers/" + server);
    *command.mutable_quarantine_server()->mutable_options() = options;
  } else if (what == "release") {
    command.mutable_release_server()->set_name("servers/" + server);
    *command.mutable_release_server()->mutable_options() = options;
  } else {
    command.mutable_reverse_server()->set_name("servers/" + server);
    SetTimestamp(since_us, command.mutable_reverse_server()->mutable_since_time());
    *command.mutable_reverse_server()->mutable_options() = options;
  }
  return command;
}

// Accounts `prefix1`, `prefix2`, ... appear on the server with names that nobody may have.
void Accuse(Hall* hall, const std::string& server, const std::string& prefix, int count) {
  for (int i = 1; i <= count; ++i) {
    hall->Tell(server, Registered(prefix + std::to_string(i), "rudeword" + std::to_string(i)));
  }
}

std::size_t SanctionsOf(const Hall& hall, const std::string& prefix) {
  return static_cast<std::size_t>(
      std::count_if(hall.sanctions().begin(), hall.sanctions().end(), [&](const auto& entry) {
        return entry.second.account().substr(0, prefix.size()) == prefix;
      }));
}

std::vector<std::string> CauseOf(const Hall& hall, const std::string& prefix) {
  std::vector<std::string> causes;
  for (const PutCase& put : hall.All<PutCase>()) {
    if (put.opened.account().substr(0, prefix.size()) == prefix) {
      causes.push_back(put.opened.cause());
    }
  }
  return causes;
}

TEST(ServerBreakerTest, WhatIsTooMuchForOneServerIsLeftToPeopleAndOthersGoOn) {
  TestArtefacts artefacts(WithBreakers("server_per_minute: 5 server_per_hour: 100"));
  Hall hall(&artefacts);
  Accuse(&hall, "liar", "a", 8);
  EXPECT_EQ(SanctionsOf(hall, "a"), 5U);
  EXPECT_THAT(CauseOf(hall, "a"),
              ::testing::ElementsAre("SERVER_LIMIT", "SERVER_LIMIT", "SERVER_LIMIT"));
  ASSERT_THAT(hall.All<PutServerStanding>(), SizeIs(1)) << "trips once";
  EXPECT_EQ(hall.All<PutServerStanding>().front().server, "liar");
  EXPECT_NE(hall.All<PutServerStanding>().front().trip_us, 0);
  Accuse(&hall, "honest", "b", 3);
  EXPECT_EQ(SanctionsOf(hall, "b"), 3U);
  // The next minute does not mend it: an operator must look.
  hall.Wait(2 * kMinuteUs);
  Accuse(&hall, "liar", "c", 2);
  EXPECT_EQ(SanctionsOf(hall, "c"), 0U);
  hall.Ask(OnServer("release", "liar"));
  Accuse(&hall, "liar", "d", 2);
  EXPECT_EQ(SanctionsOf(hall, "d"), 2U);
}

TEST(ServerBreakerTest, TheHourCountsOverMinutes) {
  TestArtefacts artefacts(WithBreakers("server_per_minute: 5 server_per_hour: 7"));
  Hall hall(&artefacts);
  Accuse(&hall, "liar", "a", 5);
  hall.Wait(kMinuteUs);
  Accuse(&hall, "liar", "b", 5);
  EXPECT_EQ(SanctionsOf(hall, "a") + SanctionsOf(hall, "b"), 7U);
}

TEST(ServerBreakerTest, OneServerCannotSpendTheQuotaOfARule) {
  // The rule for plain names may act 300 times an hour.
  TestArtefacts artefacts(WithBreakers("server_per_minute: 10 server_per_hour: 10"));
  Hall hall(&artefacts);
  Accuse(&hall, "liar", "a", 400);
  EXPECT_EQ(SanctionsOf(hall, "a"), 10U);
  Accuse(&hall, "honest", "b", 10);
  EXPECT_EQ(SanctionsOf(hall, "b"), 10U);
}

TEST(ServerBreakerTest, SanctionsRememberWhoseEventCausedThem) {
  TestArtefacts artefacts(WithBreakers(std::string(kNoBreakers)));
  Hall hall(&artefacts);
  Accuse(&hall, "hall-1", "a", 1);
  ASSERT_THAT(hall.sanctions(), SizeIs(1));
  EXPECT_EQ(hall.sanctions().begin()->second.finding().server(), "hall-1");
}

TEST(QuarantineTest, NoMachineActsOnTheWordOfAQuarantinedServer) {
  TestArtefacts artefacts(WithBreakers(""));
  Hall hall(&artefacts);
  hall.Ask(OnServer("quarantine", "liar"));
  ASSERT_THAT(hall.Last<PutServerStanding>(), SizeIs(1));
  EXPECT_NE(hall.Last<PutServerStanding>().front().quarantine_us, 0);
  ASSERT_THAT(hall.Last<Audit>(), SizeIs(1));
  EXPECT_EQ(hall.Last<Audit>().front().record.method(), "GmService.QuarantineServer");
  Accuse(&hall, "liar", "a", 2);
  EXPECT_EQ(SanctionsOf(hall, "a"), 0U);
  EXPECT_THAT(CauseOf(hall, "a"), SizeIs(2));
  hall.Ask(OnServer("quarantine", "liar"));
  ASSERT_TRUE(hall.Last<Answer>().front().refusal.has_value());
  EXPECT_EQ(hall.Last<Answer>().front().refusal->reason, "NOT_NEEDED");
  EXPECT_THAT(hall.Last<PutServerStanding>(), IsEmpty());
}

class ReversalTest : public ::testing::Test {
 protected:
  // Sanctions of accounts with this prefix that are lifted as mistakes.
  std::size_t Lifted(const std::string& prefix) {
    return static_cast<std::size_t>(
        std::count_if(hall_.sanctions().begin(), hall_.sanctions().end(), [&](const auto& entry) {
          const v1::Sanction& sanction = entry.second;
          return sanction.account().substr(0, prefix.size()) == prefix &&
                 sanction.state() == v1::SANCTION_STATE_LIFTED &&
                 sanction.lift().disposition() == v1::DISPOSITION_MISTAKE && !sanction.counted();
        }));
  }

  TestArtefacts artefacts_{
      WithBreakers("server_per_minute: -1 server_per_hour: -1 rule_norm_factor: -1")};
  Hall hall_{&artefacts_};
};

TEST_F(ReversalTest, LiftsWhatMachinesDidOnTheServersWordSinceThenAndNothingElse) {
  Accuse(&hall_, "liar", "before", 70);
  hall_.Wait(kHourUs);
  const std::int64_t since = hall_.scribe().now_us();
  Accuse(&hall_, "liar", "after", 150);
  Accuse(&hall_, "honest", "other", 20);
  hall_.Ask(BanFor("after1", kDayUs));
  const std::size_t begin = hall_.journal().size();
  hall_.Ask(OnServer("reverse", "liar", since));
  ASSERT_FALSE(hall_.Last<Answer>().front().refusal.has_value());
  EXPECT_EQ(Lifted("after"), 0U) << "the order itself only begins the job";
  hall_.Ask(OnServer("reverse", "liar", since));
  EXPECT_EQ(hall_.Last<Answer>().front().refusal->reason, "REVERSAL_RUNNING");
  hall_.Wait(kMinuteUs);
  EXPECT_EQ(Lifted("after"), 150U);
  EXPECT_EQ(Lifted("before"), 0U);
  EXPECT_EQ(Lifted("other"), 0U);
  EXPECT_EQ(hall_.SanctionsOf("after1").back().state(), v1::SANCTION_STATE_ACTIVE)
      << "a GM's ban stays";
  EXPECT_FALSE(hall_.Gate("after1").restrictions().empty());
  EXPECT_TRUE(hall_.Gate("after2").restrictions().empty());
  const v1::Server server = hall_.runner().engine().Server("liar", hall_.scribe().now_us());
  EXPECT_FALSE(server.reversal().running());
  EXPECT_EQ(server.reversal().lifted_count(), 150);
  EXPECT_EQ(server.caused_sanctions(), 220);
  // One record a page: three pages hold what came after.
  EXPECT_GE(hall_.journal().size() - begin, 4U);
  std::map<std::uint64_t, std::size_t> effects;
  for (const PositionedEffect& effect : hall_.all())
    ++effects[effect.position];
  for (const auto& [position, count] : effects)
    EXPECT_LE(count, 1000U) << "record " << position;
}

TEST_F(ReversalTest, IsNoPardonOfWhatNobodyLookedAt) {
  Accuse(&hall_, "liar", "a", 1);
  hall_.Ask(OnServer("reverse", "liar", kNoonUs));
  hall_.Wait(kMinuteUs);
  ASSERT_EQ(Lifted("a"), 1U);
  hall_.Tell("liar", Renamed("a1", "nice"));
  hall_.Tell("liar", Renamed("a1", "rudeword1"));
  EXPECT_EQ(SanctionsOf(hall_, "a"), 2U);
}

TEST_F(ReversalTest, GoesOnWhereItWasAfterARestart) {
  Accuse(&hall_, "liar", "a", 200);
  hall_.Ask(OnServer("reverse", "liar", kNoonUs));
  // Two pages, then a checkpoint and a new process.
  hall_.Wait(25'000);
  const std::size_t done = Lifted("a");
  ASSERT_GT(done, 0U);
  ASSERT_LT(done, 200U);
  std::map<EntityKey, std::string> stored;
  for (EncodedCell& cell : hall_.cells().TakeDirty())
    stored[cell.key] = std::move(cell.bytes);
  class Source : public CellSource {
   public:
    explicit Source(const std::map<EntityKey, std::string>* cells) : cells_(cells) {}
    void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) override {
      for (const EntityKey& key : keys) {
        const auto found = cells_->find(key);
        encoded->push_back(found == cells_->end() ? std::string() : found->second);
      }
    }

   private:
    const std::map<EntityKey, std::string>* cells_;
  } source(&stored);
  Cells cells(&source);
  EngineRunner restarted(EngineOptions{}, &cells, &artefacts_);
  const std::size_t from = hall_.journal().size();
  hall_.Wait(kMinuteUs);
  std::vector<PositionedEffect> effects;
  for (std::size_t i = from; i < hall_.journal().size(); ++i) {
    Record record = hall_.journal()[i].record;
    record.source = hall_.journal()[i].source;
    restarted.Step(record, &effects);
  }
  EXPECT_EQ(Lifted("a"), 200U);
  std::size_t lifted = 0;
  for (const PositionedEffect& effect : effects) {
    const auto* patch = std::get_if<PatchSanction>(&effect.effect);
    if (patch != nullptr && patch->lift.has_value()) ++lifted;
  }
  EXPECT_EQ(lifted, 200U - done);
}

TEST_F(ReversalTest, RefusesWhenNothingWasCaused) {
  hall_.Ask(OnServer("reverse", "honest", kNoonUs));
  EXPECT_EQ(hall_.Last<Answer>().front().refusal->reason, "NOTHING_TO_REVERSE");
}

// ---- rules --------------------------------------------------------------------------------------

class RuleNormTest : public ::testing::Test {
 protected:
  void Hits(const std::string& prefix, int count) { Accuse(&hall_, "hall-1", prefix, count); }
  v1::RuleStatus Status() {
    for (const v1::RuleStatus& rule : hall_.runner().engine().Rules(hall_.scribe().now_us())) {
      if (rule.name() == "rules/name.plain") return rule;
    }
    return {};
  }

  TestArtefacts artefacts_{WithBreakers("server_per_minute: -1 server_per_hour: -1")};
  Hall hall_{&artefacts_};
};

TEST_F(RuleNormTest, FiveTimesTheNormFallsToReviewUntilAnOperatorReleasesIt) {
  // 48 findings on the first day: two an hour.
  Hits("first", 48);
  EXPECT_EQ(Status().norm_days(), 0);
  hall_.Wait(kDayUs);
  Hits("second", 29);
  EXPECT_EQ(Status().norm_days(), 1);
  EXPECT_EQ(Status().norm_milli(), 2000);
  EXPECT_EQ(SanctionsOf(hall_, "second"), 29U) << "below the floor the norm says nothing";
  Hits("third", 5);
  EXPECT_EQ(SanctionsOf(hall_, "third"), 0U);
  EXPECT_THAT(CauseOf(hall_, "third"), ::testing::Each("ABOVE_NORM"));
  EXPECT_TRUE(Status().has_review_time());
  hall_.Wait(kHourUs);
  Hits("fourth", 1);
  EXPECT_EQ(SanctionsOf(hall_, "fourth"), 0U);
  v1::Command release = As(v1::ROLE_LEAD, "lead-wang");
  release.mutable_release_rule()->set_name("rules/name.plain");
  hall_.Ask(release);
  EXPECT_FALSE(hall_.Last<Answer>().front().refusal.has_value());
  Hits("fifth", 40);
  EXPECT_EQ(SanctionsOf(hall_, "fifth"), 40U) << "the norm is learned anew";
}

TEST_F(RuleNormTest, ABusyRuleMayBeBusy) {
  Hits("first", 240);
  hall_.Wait(kDayUs);
  Hits("second", 50);  // ten an hour are usual; fifty are not above five times that
  EXPECT_EQ(SanctionsOf(hall_, "second"), 50U);
  Hits("third", 1);
  EXPECT_EQ(SanctionsOf(hall_, "third"), 0U);
}

TEST_F(RuleNormTest, DaysWithoutAHitCount) {
  Hits("first", 48);
  hall_.Wait(4 * kDayUs);
  Hits("second", 1);
  EXPECT_EQ(Status().norm_days(), 4);
  EXPECT_EQ(Status().norm_milli(), 500);
  hall_.Wait(20 * kDayUs);
  Hits("third", 1);
  EXPECT_EQ(Status().norm_days(), 7);
  EXPECT_EQ(Status().norm_milli(), 0);
}

// ---- seats --------------------------------------------------------------------------------------

class SeatTest : public ::testing::Test {
 protected:
  std::int64_t Hands(const std::string& account) {
    return hall_.runner().engine().Dossier("", account, hall_.scribe().now_us())->hands_played();
  }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(SeatTest, AHandCountsForWhoSitsInItOnly) {
  for (const char* account : {"a", "b", "c"})
    hall_.Tell("hall-1", LoggedIn(account));
  hall_.Tell("hall-2", LoggedIn("elsewhere"));
  hall_.Tell("hall-1", HandStarted("h1", {"a", "b"}));
  hall_.Tell("hall-1", HandStarted("h2", {"c"}));
  hall_.Tell("hall-1", HandSettled("h1", {"a", "b", "c", "elsewhere", "nobody"}));
  EXPECT_EQ(Hands("a"), 1);
  EXPECT_EQ(Hands("b"), 1);
  EXPECT_EQ(Hands("c"), 0) << "sits in another hand";
  EXPECT_EQ(Hands("elsewhere"), 0) << "has no session there";
  EXPECT_FALSE(hall_.runner().engine().Dossier("", "nobody", hall_.scribe().now_us()).has_value());
}

TEST_F(SeatTest, AForeignHandEndsNobodysWait) {
  hall_.Tell("hall-1", LoggedIn("a"));
  hall_.Tell("hall-2", LoggedIn("b"));
  hall_.Tell("hall-1", HandStarted("h1", {"a"}));
  hall_.Ask(BanFor("a", kDayUs));
  ASSERT_EQ(hall_.SanctionsOf("a").front().state(), v1::SANCTION_STATE_PENDING);
  hall_.Tell("hall-2", HandSettled("h1", {"b", "a"}));
  EXPECT_EQ(hall_.SanctionsOf("a").front().state(), v1::SANCTION_STATE_PENDING);
  hall_.Tell("hall-1", HandSettled("h1", {"a"}));
  EXPECT_EQ(hall_.SanctionsOf("a").front().state(), v1::SANCTION_STATE_ACTIVE);
}

TEST_F(SeatTest, WhereHandsAreNotToldWhenTheyBeginTheSessionDecides) {
  hall_.Tell("hall-1", LoggedIn("a"));
  hall_.Tell("hall-1", HandSettled("h1", {"a", "b"}));
  EXPECT_EQ(Hands("a"), 1);
}

// Every kind of event that names an account is refused without a session of it.
TEST_F(SeatTest, EveryKindOfEventNeedsASession) {
  const google::protobuf::OneofDescriptor* body =
      v1::HallEvent::descriptor()->FindOneofByName("body");
  int kinds = 0;
  for (int i = 0; i < body->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = body->field(i);
    // These two open a session, and an incident is about nobody.
    if (field->name() == "registered" || field->name() == "logged_in" ||
        field->name() == "service_incident") {
      continue;
    }
    v1::HallEvent event;
    event.set_account("stranger");
    event.GetReflection()->MutableMessage(&event, field);
    hall_.Tell("liar", event);
    ASSERT_THAT(hall_.Last<RejectEvent>(), SizeIs(1)) << field->name();
    EXPECT_EQ(hall_.Last<RejectEvent>().front().rejected.reason(), v1::REJECT_REASON_NO_SESSION);
    EXPECT_FALSE(
        hall_.runner().engine().Dossier("", "stranger", hall_.scribe().now_us()).has_value());
    ++kinds;
  }
  EXPECT_GE(kinds, 14);
}

}  // namespace
}  // namespace hallwarden::testing
