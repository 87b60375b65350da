#include "tools/hallsim/mix_traffic.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/tools/hallsim/event_digest.h"
#include "tools/hallsim/random.h"
#include "tools/session/position_file.h"

namespace hallwarden::hallsim {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

MixOptions SmallHall(std::uint64_t seed) {
  MixOptions options;
  options.seed = seed;
  options.accounts = 3000;
  options.start_us = 1'767'571'200'000'000;
  return options;
}

std::uint64_t Digest(const MixOptions& options, int events) {
  MixTraffic traffic(options);
  std::string bytes;
  v1::HallEvent event;
  for (int i = 0; i < events; ++i) {
    EXPECT_TRUE(traffic.Next(&event));
    Encode(event, &bytes);
  }
  return session::Fnv1a(bytes);
}

// Whoever changes the generator changes these; a change without intent shows here.
TEST(MixTrafficTest, IsTheSameOnEveryMachine) {
  EXPECT_EQ(Digest(SmallHall(1), 10'000), 14406537914692700322U);
  MixOptions uniform = SmallHall(2);
  uniform.popularity = Popularity::kUniform;
  EXPECT_EQ(Digest(uniform, 10'000), 9202704387943385626U);
}

TEST(MixTrafficTest, DependsOnItsSeed) {
  EXPECT_NE(Digest(SmallHall(3), 5000), Digest(SmallHall(4), 5000));
}

std::string Kind(const v1::HallEvent& event) {
  switch (event.body_case()) {
    case v1::HallEvent::kTurnPlayed:
      return "turn";
    case v1::HallEvent::kChat:
      return "chat";
    case v1::HallEvent::kHandSettled:
      return "settled";
    case v1::HallEvent::kLoggedIn:
    case v1::HallEvent::kLoggedOut:
      return "log";
    case v1::HallEvent::kAssetMoved:
      return "gold";
    default:
      return "other";
  }
}

TEST(MixTrafficTest, KeepsTheProportionsOfTheDesign) {
  for (const Popularity popularity : {Popularity::kZipf09, Popularity::kUniform}) {
    MixOptions options = SmallHall(5);
    options.popularity = popularity;
    MixTraffic traffic(options);
    v1::HallEvent event;
    for (std::uint32_t i = 0; i < options.accounts; ++i) {
      ASSERT_TRUE(traffic.Next(&event));
      ASSERT_TRUE(event.has_registered());
    }
    constexpr int kEvents = 100'000;
    std::map<std::string, int> counts;
    std::vector<std::size_t> sizes;
    for (int i = 0; i < kEvents; ++i) {
      ASSERT_TRUE(traffic.Next(&event));
      ++counts[Kind(event)];
      sizes.push_back(event.ByteSizeLong());
    }
    const std::map<std::string, double> design = {{"turn", 70}, {"chat", 12}, {"settled", 8},
                                                  {"log", 4},   {"gold", 3},  {"other", 3}};
    for (const auto& [kind, share] : design) {
      EXPECT_NEAR(100.0 * counts[kind] / kEvents, share, 1.0) << kind;
    }
    std::nth_element(sizes.begin(), sizes.begin() + kEvents / 2, sizes.end());
    EXPECT_GE(sizes[kEvents / 2], 100U);
  }
}

TEST(MixTrafficTest, SpeaksOnlyOfAccountsThatAreHere) {
  MixTraffic traffic(SmallHall(6));
  std::set<std::string> here;
  v1::HallEvent event;
  for (int i = 0; i < 50'000; ++i) {
    ASSERT_TRUE(traffic.Next(&event));
    if (event.has_registered() || event.has_logged_in()) {
      here.insert(event.account());
      continue;
    }
    ASSERT_TRUE(here.contains(event.account())) << event.ShortDebugString();
    for (const v1::SeatResult& seat : event.hand_settled().seats()) {
      ASSERT_TRUE(here.contains(seat.account()));
    }
    if (event.has_logged_out()) here.erase(event.account());
  }
}

TEST(MixTrafficTest, OnlineAccountsPlayWithoutBeingRegistered) {
  MixOptions options = SmallHall(6);
  options.online = true;
  MixTraffic traffic(options);
  v1::HallEvent event;
  std::map<std::string, int> kinds;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(traffic.Next(&event));
    ++kinds[Kind(event)];
    EXPECT_FALSE(event.has_registered());
  }
  EXPECT_GT(kinds["turn"], 600);
}

TEST(MixTrafficTest, SurvivesJson) {
  MixTraffic traffic(SmallHall(7));
  v1::HallEvent event;
  for (int i = 0; i < 8000; ++i) {
    ASSERT_TRUE(traffic.Next(&event));
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(event, &json).ok());
    EXPECT_EQ(json.find('\n'), std::string::npos);
    v1::HallEvent back;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &back).ok());
    std::string before;
    std::string after;
    Encode(event, &before);
    Encode(back, &after);
    ASSERT_EQ(before, after);
  }
}

v1::Directive Order(std::int64_t seq, const std::string& account) {
  v1::Directive directive;
  directive.set_directive_seq(seq);
  directive.set_account(account);
  return directive;
}

void Restrict(v1::Directive* directive, v1::Capability capability, std::int64_t revision) {
  directive->set_account_revision(revision);
  v1::Restriction* restriction = directive->mutable_set_restrictions()->add_restrictions();
  restriction->set_capability(capability);
  restriction->set_permanent(true);
}

std::vector<v1::DirectiveOutcome> Outcomes(Traffic* traffic, bool all) {
  std::vector<v1::DirectiveOutcome> outcomes;
  for (const Answer& answer : traffic->TakeAnswers(all))
    outcomes.push_back(answer.outcome);
  return outcomes;
}

class ObedienceTest : public ::testing::Test {
 protected:
  ObedienceTest() {
    for (int i = 0; i < 4000; ++i)
      traffic_.Next(&event_);
  }

  // An account that is here.
  std::string SomebodyHere() {
    do {
      traffic_.Next(&event_);
    } while (!event_.has_turn_played());
    return event_.account();
  }

  MixTraffic traffic_{SmallHall(8)};
  v1::HallEvent event_;
};

TEST_F(ObedienceTest, LogsOutWhoMayNotLogIn) {
  const std::string who = SomebodyHere();
  v1::Directive ban = Order(1, who);
  Restrict(&ban, v1::CAPABILITY_LOGIN, 3);
  traffic_.Obey(ban);
  EXPECT_THAT(Outcomes(&traffic_, false), ElementsAre(v1::DIRECTIVE_OUTCOME_APPLIED));
  ASSERT_TRUE(traffic_.Next(&event_));
  EXPECT_EQ(event_.account(), who);
  EXPECT_TRUE(event_.has_logged_out());
  for (int i = 0; i < 50'000; ++i) {
    traffic_.Next(&event_);
    ASSERT_NE(event_.account(), who);
  }
  EXPECT_EQ(traffic_.FinalStates().at("locked_out_permanently"), 1);
  // An older state comes late; then the ban ends.
  v1::Directive late = Order(2, who);
  Restrict(&late, v1::CAPABILITY_CHAT, 2);
  traffic_.Obey(late);
  v1::Directive end = Order(3, who);
  end.set_account_revision(4);
  end.mutable_set_restrictions();
  traffic_.Obey(end);
  EXPECT_THAT(Outcomes(&traffic_, false),
              ElementsAre(v1::DIRECTIVE_OUTCOME_REJECTED, v1::DIRECTIVE_OUTCOME_APPLIED));
  EXPECT_FALSE(traffic_.FinalStates().contains("locked_out"));
}

TEST_F(ObedienceTest, LetsTheHandBeFinished) {
  const std::string who = SomebodyHere();
  v1::Directive ban = Order(1, who);
  Restrict(&ban, v1::CAPABILITY_PLAY, 1);
  ban.mutable_set_restrictions()->set_not_before_hand(event_.hand());
  const std::string hand = event_.hand();
  traffic_.Obey(ban);
  EXPECT_THAT(Outcomes(&traffic_, false), IsEmpty());
  std::vector<v1::DirectiveOutcome> outcomes;
  bool settled = false;
  for (int i = 0; i < 200'000 && outcomes.empty(); ++i) {
    traffic_.Next(&event_);
    settled = settled || event_.hand() == hand;
    outcomes = Outcomes(&traffic_, false);
  }
  EXPECT_THAT(outcomes, ElementsAre(v1::DIRECTIVE_OUTCOME_APPLIED));
}

TEST_F(ObedienceTest, AnswersSeenWhenTimeWentBy) {
  v1::Directive warn = Order(1, SomebodyHere());
  warn.mutable_warn();
  traffic_.Obey(warn);
  EXPECT_THAT(Outcomes(&traffic_, false), ElementsAre(v1::DIRECTIVE_OUTCOME_APPLIED));
  EXPECT_THAT(Outcomes(&traffic_, false), IsEmpty());
  for (int i = 0; i < 5100; ++i)
    traffic_.Next(&event_);
  EXPECT_THAT(Outcomes(&traffic_, false), ElementsAre(v1::DIRECTIVE_OUTCOME_SEEN));
}

TEST_F(ObedienceTest, ResetsNamesAndTellsThemBack) {
  v1::Directive reset = Order(1, SomebodyHere());
  reset.mutable_reset_nickname()->set_replacement("player 12");
  traffic_.Obey(reset);
  ASSERT_TRUE(traffic_.Next(&event_));
  EXPECT_TRUE(event_.nickname_changed().set_by_server());
  EXPECT_EQ(event_.nickname_changed().nickname(), "player 12");
}

TEST_F(ObedienceTest, AnswersNotHereForStrangers) {
  v1::Directive kick = Order(1, "nobody");
  kick.mutable_kick();
  traffic_.Obey(kick);
  traffic_.Obey(Order(2, SomebodyHere()));
  EXPECT_THAT(Outcomes(&traffic_, false),
              ElementsAre(v1::DIRECTIVE_OUTCOME_NOT_HERE, v1::DIRECTIVE_OUTCOME_REJECTED));
}

TEST(RandomTest, TenthRootIsARoot) {
  for (const double x : {0.5, 1.0, 1.5, 2.5, 1000.0, 3e9}) {
    double power = 1;
    for (int i = 0; i < 10; ++i)
      power *= TenthRoot(x);
    EXPECT_NEAR(power / x, 1.0, 1e-12) << x;
  }
}

TEST(RandomTest, ZipfChoosesAsOneByRankToThePowerOfZeroPointNine) {
  const Zipf09 zipf(1000);
  Random random(9);
  std::vector<int> counts(1000);
  constexpr int kDraws = 1'000'000;
  for (int i = 0; i < kDraws; ++i)
    ++counts[zipf.Next(random)];
  // Weights 1 / k^0.9 sum up to 10.41 over 1,000 ranks.
  EXPECT_NEAR(counts[0], kDraws / 10.41, kDraws / 10.41 * 0.02);
  EXPECT_NEAR(static_cast<double>(counts[0]) / counts[1], 1.866, 0.05);
  EXPECT_GT(counts[999], 0);
}

}  // namespace
}  // namespace hallwarden::hallsim
