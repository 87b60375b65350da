// Play, end to end: events in, claims decided by the policy out.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/state/account_cell.h"
#include "rules/state/play_cell.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kServer[] = "gs1";

struct TurnSpec {
  std::int32_t think_ms = 1'000;
  v1::Choice choice = v1::CHOICE_FREE;
  bool timed_out = false;
  std::int32_t rtt_ms = 40;
};

v1::HallEvent Turn(const std::string& account, const std::string& hand, const TurnSpec& spec) {
  v1::HallEvent event;
  event.set_account(account);
  event.set_game("ddz");
  event.set_hand(hand);
  v1::TurnPlayed& turn = *event.mutable_turn_played();
  turn.set_think_ms(spec.think_ms);
  turn.set_limit_ms(15'000);
  turn.set_choice(spec.choice);
  turn.set_timed_out(spec.timed_out);
  turn.set_rtt_ms(spec.rtt_ms);
  return event;
}

v1::HallEvent Settled(const std::string& hand, const std::vector<std::string>& accounts,
                      const std::vector<std::int64_t>& gold,
                      v1::RoomKind room = v1::ROOM_KIND_MATCHMADE) {
  v1::HallEvent event = HandSettled(hand, accounts);
  event.set_game("ddz");
  event.mutable_hand_settled()->set_room_kind(room);
  event.mutable_hand_settled()->set_stake(100);
  for (std::size_t i = 0; i < gold.size(); ++i) {
    event.mutable_hand_settled()->mutable_seats(static_cast<int>(i))->set_gold_delta(gold[i]);
  }
  return event;
}

class PlayTest : public ::testing::Test {
 protected:
  PlayTest() : hall_(&artefacts_) {}

  void Register(const std::string& account) {
    hall_.Tell(kServer, Registered(account, "fine " + account));
  }

  // A hand with three forced and three free turns; `drag` of each pair of kinds are dragged.
  void PlayTurns(const std::string& account, int hand, bool drag) {
    const std::string name = "h" + std::to_string(hand);
    for (int i = 0; i < 3; ++i) {
      hall_.Tell(kServer, Turn(account, name, {drag ? 13'000 : 900, v1::CHOICE_FORCED}));
      hall_.Tell(kServer, Turn(account, name, {drag ? 14'200 : 3'000, v1::CHOICE_FREE}));
      hall_.Wait(kSecondUs);
    }
  }

  // Feeder `i` loses `hands` hands to the sink, a stranger of its own at the table.
  void Feed(int i, int hands, const std::string& sink) {
    const std::string feeder = "small" + std::to_string(i);
    Register(feeder);
    for (int hand = 0; hand < hands; ++hand) {
      const std::string stranger = "s" + std::to_string(i * 100 + hand);
      Register(stranger);
      hall_.Tell(kServer, Settled("f" + std::to_string(i) + "." + std::to_string(hand),
                                  {feeder, sink, stranger}, {-1600, 800, 800}));
      hall_.Wait(kMinuteUs);
    }
  }

  [[nodiscard]] std::vector<v1::Case> Cases() const {
    std::vector<v1::Case> cases;
    for (const PutCase& put : hall_.All<PutCase>())
      cases.push_back(put.opened);
    return cases;
  }

  TestArtefacts artefacts_;
  Hall hall_;
};

TEST_F(PlayTest, StallerIsWarnedKindlyFirst) {
  Register("slow");
  for (int hand = 0; hand < 8; ++hand)
    PlayTurns("slow", hand, true);
  const auto sanctions = hall_.SanctionsOf("slow");
  ASSERT_THAT(sanctions, SizeIs(1));
  EXPECT_EQ(sanctions[0].kind(), v1::SANCTION_KIND_WARNING);
  EXPECT_EQ(sanctions[0].offence(), v1::OFFENCE_STALLING);
  const v1::Finding& finding = sanctions[0].finding();
  EXPECT_GE(finding.evidence_log10_milli(), 8'000);
  EXPECT_THAT(finding.summary().zh(), HasSubstr("正常玩家约"));
  EXPECT_THAT(finding.summary().en(), HasSubstr("fewer than one honest player in"));
  EXPECT_FALSE(finding.counter_evidence().empty());
}

TEST_F(PlayTest, StallingPartnerIsHeldAndGoesToAGm) {
  v1::Command import = As(v1::ROLE_ADMIN, "admin");
  v1::PartnerSpan& span = *import.mutable_import_partners()->add_spans();
  span.set_account("paid");
  span.set_channel("dandan");
  SetTimestamp(kNoonUs - kDayUs, span.mutable_begin_time());
  import.mutable_import_partners()->mutable_options()->set_reason("list");
  Register("paid");
  hall_.Ask(import);
  for (int hand = 0; hand < 8; ++hand)
    PlayTurns("paid", hand, true);
  const auto sanctions = hall_.SanctionsOf("paid");
  ASSERT_FALSE(sanctions.empty());
  EXPECT_EQ(sanctions.back().kind(), v1::SANCTION_KIND_HOLD);
  EXPECT_FALSE(Cases().empty());
}

TEST_F(PlayTest, WithoutTheForcedFlagTheCaseSaysWhatWasMissing) {
  Register("slow");
  for (int i = 0; i < 60; ++i) {
    hall_.Tell(kServer,
               Turn("slow", "h" + std::to_string(i / 6), {14'200, v1::CHOICE_UNSPECIFIED}));
  }
  EXPECT_THAT(hall_.SanctionsOf("slow"), IsEmpty());
  ASSERT_FALSE(Cases().empty());
  EXPECT_EQ(Cases()[0].findings(0).missing_inputs(0), "turn_played.choice");
}

struct HonestTurns {
  const char* name = "";
  TurnSpec forced;
  TurnSpec free;
};

TEST_F(PlayTest, TimeOutsBadConnectionsAndQuickMovesBlameNobody) {
  const HonestTurns cases[] = {
      {"absent", {15'000, v1::CHOICE_FORCED, true}, {15'000, v1::CHOICE_FREE, true}},
      {"mobile",
       {13'000, v1::CHOICE_FORCED, false, 4'000},
       {14'200, v1::CHOICE_FREE, false, 4'000}},
      {"quick", {800, v1::CHOICE_FORCED}, {2'500, v1::CHOICE_FREE}},
      {"thinker", {1'500, v1::CHOICE_FORCED}, {12'500, v1::CHOICE_FREE}},
  };
  for (const HonestTurns& honest : cases) {
    Register(honest.name);
    for (int i = 0; i < 300; ++i) {
      const std::string hand = std::string(honest.name) + std::to_string(i / 6);
      hall_.Tell(kServer, Turn(honest.name, hand, i % 2 == 0 ? honest.forced : honest.free));
    }
    EXPECT_THAT(hall_.SanctionsOf(honest.name), IsEmpty()) << honest.name;
  }
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_THAT(hall_.All<PutFinding>(), IsEmpty());
}

TEST_F(PlayTest, AnIncidentOfTheServiceBlamesNobody) {
  Register("slow");
  v1::HallEvent incident;
  incident.mutable_service_incident()->set_kind("overload");
  SetTimestamp(kNoonUs - kMinuteUs, incident.mutable_service_incident()->mutable_begin_time());
  SetTimestamp(kNoonUs + kHourUs, incident.mutable_service_incident()->mutable_end_time());
  hall_.Tell(kServer, incident);
  for (int hand = 0; hand < 8; ++hand)
    PlayTurns("slow", hand, true);
  EXPECT_THAT(hall_.SanctionsOf("slow"), IsEmpty());
  EXPECT_THAT(Cases(), IsEmpty());
}

TEST_F(PlayTest, CleanHandsRedeem) {
  Register("slow");
  PlayTurns("slow", 0, true);
  for (int hand = 1; hand < 30; ++hand)
    PlayTurns("slow", hand, false);
  const PlayCell* cell = hall_.cells().plays().Find(AccountKey("", "slow").id);
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->stall->forced_waits, 0U);
  EXPECT_TRUE(cell->stall->hands.empty());
}

TEST_F(PlayTest, ARingOfFeedersIsOneCaseWithRoles) {
  Register("big");
  for (int feeder = 0; feeder < 8; ++feeder)
    Feed(feeder, 8, "big");
  const auto cases = Cases();
  ASSERT_THAT(cases, SizeIs(1));
  EXPECT_EQ(cases[0].account(), "big");
  EXPECT_EQ(cases[0].offence(), v1::OFFENCE_GOLD_FARMING);
  const v1::Finding& finding = cases[0].findings(0);
  ASSERT_GE(finding.ring_size(), 3);
  EXPECT_EQ(finding.ring(0).account(), "big");
  EXPECT_EQ(finding.ring(0).role(), v1::RING_ROLE_RECEIVER);
  EXPECT_EQ(finding.ring(1).role(), v1::RING_ROLE_FEEDER);
  EXPECT_GT(finding.ring(1).gold(), 0);
  // The strangers, who won as much, and the feeders, whose case it is not, are left alone.
  EXPECT_THAT(hall_.SanctionsOf("small0"), IsEmpty());
}

TEST_F(PlayTest, MuchGoldIsHeldUntilAGmDecided) {
  Register("big");
  for (int feeder = 0; feeder < 10; ++feeder)
    Feed(feeder, 10, "big");
  const auto sanctions = hall_.SanctionsOf("big");
  ASSERT_FALSE(sanctions.empty());
  EXPECT_EQ(sanctions[0].kind(), v1::SANCTION_KIND_HOLD);
  EXPECT_EQ(sanctions[0].capabilities_size(), 2);  // gift and exchange: he may play on
}

TEST_F(PlayTest, ADecidedCaseBeginsTheEvidenceAnew) {
  Register("big");
  for (int feeder = 0; feeder < 8; ++feeder)
    Feed(feeder, 8, "big");
  ASSERT_THAT(Cases(), SizeIs(1));
  v1::Command decide = As(v1::ROLE_GM, "gm-li");
  decide.set_target_account("big");
  decide.mutable_close_case()->set_name(Cases()[0].name());
  decide.mutable_close_case()->set_confirm(false);
  decide.mutable_close_case()->mutable_options()->set_reason("his children");
  hall_.Ask(decide);
  Feed(90, 3, "big");
  EXPECT_THAT(Cases(), SizeIs(1));
}

// Small accounts that throw their gold away as landlord pay whoever sits there.
TEST_F(PlayTest, AnHonestPlayerAtAFarmersTablesIsNoFarmer) {
  Register("big");
  Register("honest");
  for (int i = 0; i < 40; ++i) {
    const std::string small = "small" + std::to_string(i);
    Register(small);
    hall_.Tell(kServer,
               Settled("h" + std::to_string(i), {small, "big", "honest"}, {-1600, 800, 800}));
  }
  for (const v1::Case& opened : Cases())
    EXPECT_NE(opened.account(), "honest");
  EXPECT_THAT(hall_.SanctionsOf("honest"), IsEmpty());
}

// Honest: newcomers lose and win like anybody; a strong player wins two of three.
TEST_F(PlayTest, AStrongPlayerAmongNewcomersIsNoFarmer) {
  Register("strong");
  for (int i = 0; i < 300; ++i) {
    const std::string a = "n" + std::to_string(i);
    const std::string b = "m" + std::to_string(i);
    Register(a);
    Register(b);
    const bool wins = i % 3 != 0;
    hall_.Tell(kServer, Settled("h" + std::to_string(i), {a, "strong", b},
                                wins ? std::vector<std::int64_t>{-200, 400, -200}
                                     : std::vector<std::int64_t>{200, -400, 200}));
  }
  EXPECT_THAT(Cases(), IsEmpty());
  EXPECT_THAT(hall_.SanctionsOf("strong"), IsEmpty());
}

TEST_F(PlayTest, FriendsInAFriendRoomRaiseNoClaim) {
  for (const char* friend_name : {"a", "b", "c"})
    Register(friend_name);
  for (int i = 0; i < 200; ++i) {
    const bool first = i % 2 == 0;
    hall_.Tell(kServer, Settled("h" + std::to_string(i), {"a", "b", "c"},
                                first ? std::vector<std::int64_t>{200, -100, -100}
                                      : std::vector<std::int64_t>{-200, 100, 100},
                                v1::ROOM_KIND_FRIEND));
  }
  for (const v1::Case& opened : Cases()) {
    EXPECT_NE(opened.findings(0).detector(), "collusion") << opened.ShortDebugString();
  }
}

TEST_F(PlayTest, MemoryOfAnAccountIsBoundedWhateverItMeets) {
  Register("big");
  for (int i = 0; i < 400; ++i) {
    const std::string a = "x" + std::to_string(i % 60);
    const std::string b = "y" + std::to_string(i % 47);
    if (i < 60) Register(a);
    if (i < 47) Register(b);
    hall_.Tell(kServer, Settled("h" + std::to_string(i), {a, "big", b}, {-100, 200, -100}));
  }
  const PlayCell* cell = hall_.cells().plays().Find(AccountKey("", "big").id);
  ASSERT_NE(cell, nullptr);
  EXPECT_LE(cell->table->rivals.size(), TableCell::kRivalsMax);
  EXPECT_LE(cell->table->feeders.size(), TableCell::kFeedersMax);
  EXPECT_LE(cell->MemoryBytes(), 24'000U);
  // And it comes back from its bytes.
  std::string once;
  cell->Encode(&once);
  PlayCell back;
  ASSERT_TRUE(back.Decode(once));
  std::string twice;
  back.Encode(&twice);
  EXPECT_EQ(once, twice);
}

}  // namespace
}  // namespace hallwarden::testing
