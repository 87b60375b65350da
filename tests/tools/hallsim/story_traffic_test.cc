#include "tools/hallsim/story_traffic.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/tools/hallsim/event_digest.h"
#include "tests/tools/session/fakes.h"
#include "tools/hallsim/server_run.h"
#include "tools/hallsim/words.h"
#include "tools/session/position_file.h"

namespace hallwarden::hallsim {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Pair;

std::set<std::string> ViolatingNames() {
  std::set<std::string> names;
  for (const LabelledName& one : Words::Get().violating())
    names.insert(one.name);
  return names;
}

// How often each account chose a violating name.
std::map<std::string, int> Violations(const std::map<std::int64_t, std::string>& events) {
  const std::set<std::string> bad = ViolatingNames();
  std::map<std::string, int> violations;
  for (const auto& [seq, bytes] : events) {
    v1::HallEvent event;
    EXPECT_TRUE(event.ParseFromString(bytes));
    const std::string name = event.has_registered() ? event.registered().nickname()
                                                    : event.nickname_changed().nickname();
    if (bad.contains(name)) ++violations[event.account()];
  }
  return violations;
}

TEST(StoryTrafficTest, TheDemoIsTheSameOnEveryMachine) {
  StoryOptions options;
  options.unanswered = true;
  StoryTraffic traffic(options);
  std::string bytes;
  v1::HallEvent event;
  int events = 0;
  while (traffic.Next(&event)) {
    ++events;
    Encode(event, &bytes);
  }
  EXPECT_EQ(events, 48888);
  EXPECT_EQ(session::Fnv1a(bytes), 10279189658922518951U);
}

TEST(StoryTrafficTest, TheDemoHasALittleOfEverything) {
  StoryOptions options;
  options.unanswered = true;
  StoryTraffic traffic(options);
  v1::HallEvent event;
  std::set<std::string> here;
  std::int64_t last_us = 0;
  while (traffic.Next(&event)) {
    const std::int64_t us =
        event.event_time().seconds() * 1'000'000 + event.event_time().nanos() / 1000;
    EXPECT_GE(us, last_us);
    last_us = us;
    if (event.has_registered() || event.has_logged_in()) here.insert(event.account());
    ASSERT_TRUE(here.contains(event.account())) << event.ShortDebugString();
    if (event.has_logged_out()) here.erase(event.account());
  }
  std::map<std::string, int> archetypes;
  for (const Label& label : traffic.Labels()) {
    ++archetypes[label.archetype];
    EXPECT_EQ(label.offence.empty(), label.archetype == "ordinary" ||
                                         label.archetype == "tricky_name" ||
                                         label.archetype == "partner");
  }
  for (const char* archetype : {"ordinary", "tricky_name", "stubborn", "polite", "advertiser",
                                "advert_chat", "abusive_chat", "partner", "partner_staller",
                                "farm_sink", "farm_feeder", "advert_avatar"}) {
    EXPECT_THAT(archetypes, Contains(Key(archetype)));
  }
}

// A daemon with a name ladder of its own: warning, term, for ever.
class LadderTest : public ::testing::Test {
 protected:
  // Plays `options` against the ladder; returns how many violations each account committed.
  std::map<std::string, int> Play(const StoryOptions& options, const RunOptions& run_options) {
    StoryTraffic traffic(options);
    session::SeededJitter jitter(1);
    ServerRun::Parts parts;
    parts.traffic = &traffic;
    parts.transport = &daemon_;
    parts.clock = &clock_;
    parts.jitter = &jitter;
    parts.gate = [this](const std::string& account) {
      return std::optional<bool>(lifted_.contains(account));
    };
    parts.stop = [this] {
      Judge();
      return ++steps_ > 200'000;
    };
    ServerRun run(run_options, parts);
    EXPECT_TRUE(run.Run().ok());
    report_ = run.report();
    states_ = traffic.FinalStates();
    return Violations(daemon_.events);
  }

  // Looks at what came in since the last time.
  void Judge() {
    for (; judged_ < daemon_.durable(); ++judged_) {
      v1::HallEvent event;
      ASSERT_TRUE(event.ParseFromString(daemon_.events[judged_ + 1]));
      if (event.nickname_changed().set_by_server()) continue;
      const std::string name = event.has_registered() ? event.registered().nickname()
                                                      : event.nickname_changed().nickname();
      if (bad_.contains(name)) Punish(event.account());
    }
  }

  void Punish(const std::string& account) {
    const int rung = ++rungs_[account];
    v1::Directive& reset = daemon_.directives[Order(account)];
    reset.clear_action();
    reset.mutable_reset_nickname()->set_replacement("player");
    Resend(reset);
    v1::Directive& directive = daemon_.directives[Order(account)];
    directive.clear_action();
    if (rung == 1) {
      directive.mutable_warn();
    } else {
      directive.set_account_revision(rung);
      v1::Restriction* restriction = directive.mutable_set_restrictions()->add_restrictions();
      restriction->set_capability(v1::CAPABILITY_LOGIN);
      restriction->set_permanent(rung > 2);
      if (rung == 2) {
        restriction->mutable_until_time()->set_seconds(term_end_s_);
        // The gate forgives at once.
        lifted_.insert(account);
      }
    }
    Resend(directive);
  }

  std::size_t Order(const std::string& account) {
    v1::Directive directive;
    directive.set_directive_seq(static_cast<std::int64_t>(daemon_.directives.size()) + 1);
    directive.set_history_epoch(1);
    directive.set_account(account);
    daemon_.directives.push_back(directive);
    return daemon_.directives.size() - 1;
  }

  void Resend(const v1::Directive& directive) {
    v1::SessionResponse response;
    *response.mutable_directive() = directive;
    daemon_.Say(response);
  }

  session::FakeClock clock_;
  session::PowerSwitch power_;
  session::FakeDaemon daemon_{&clock_, &power_, 1};
  std::set<std::string> bad_ = ViolatingNames();
  std::map<std::string, int> rungs_;
  std::set<std::string> lifted_;
  std::int64_t term_end_s_ = std::int64_t{7} * 86'400;
  std::int64_t judged_ = 0;
  int steps_ = 0;
  RunReport report_;
  std::map<std::string, std::int64_t> states_;
};

TEST_F(LadderTest, RepeatOffendersClimbAllThreeRungs) {
  StoryOptions options;
  options.story = Story::kRepeatOffenders;
  options.accounts = 30;
  RunOptions run;
  run.wait_locked_out = session::Micros{60'000'000};
  const std::map<std::string, int> violations = Play(options, run);
  EXPECT_EQ(violations.size(), 20U);
  for (const auto& [account, count] : violations)
    EXPECT_EQ(count, 3) << account;
  EXPECT_EQ(states_["locked_out_permanently"], 20);
  EXPECT_EQ(report_.outcomes["SEEN"], 20);
  EXPECT_EQ(report_.directives["set_restrictions"], 40);
  EXPECT_THAT(daemon_.breaches, ::testing::IsEmpty());
}

TEST_F(LadderTest, OffendersComeBackWhenTheirTermIsOver) {
  StoryOptions options;
  options.story = Story::kRepeatOffenders;
  options.accounts = 30;
  options.serve_terms = true;
  for (const auto& [account, count] : Play(options, {}))
    EXPECT_EQ(count, 3) << account;
  EXPECT_EQ(states_["locked_out_permanently"], 20);
  v1::HallEvent last;
  ASSERT_TRUE(last.ParseFromString(daemon_.events.rbegin()->second));
  EXPECT_GE(last.event_time().seconds(), term_end_s_);
}

TEST_F(LadderTest, ADisobedientServerClimbsWithoutBeingLetIn) {
  StoryOptions options;
  options.story = Story::kRepeatOffenders;
  options.accounts = 30;
  options.disobedient = true;
  for (const auto& [account, count] : Play(options, {}))
    EXPECT_EQ(count, 3) << account;
}

TEST_F(LadderTest, DemoOffendersReactToTheirWarning) {
  daemon_.credit_bytes = 200'000;  // some of them bring pictures
  StoryOptions options;
  options.accounts = 200;
  RunOptions run;
  run.session.batch_events_max = 16;
  run.kill_connection_every = 500;
  const std::map<std::string, int> violations = Play(options, run);
  EXPECT_THAT(violations, Contains(Pair("demo-stubborn", 2)));
  EXPECT_THAT(violations, Contains(Pair("demo-polite", 1)));
  EXPECT_THAT(violations, Contains(Pair("demo-advertiser", 1)));
  EXPECT_FALSE(violations.contains("demo-tricky_name"));
  EXPECT_GT(report_.session.connects, 5);
  EXPECT_GT(states_["locked_out_for_a_term"], 0);
}

TEST(WordsTest, AreThere) {
  const Words& words = Words::Get();
  for (const char* section : {"nick_head", "nick_tail", "nick_whole", "tricky_name", "chat",
                              "quick_chat", "signature", "insult_chat", "advert_chat"}) {
    EXPECT_GE(words.Section(section).size(), 5U) << section;
  }
  std::map<std::string, int> categories;
  for (const LabelledName& one : words.violating())
    ++categories[one.category];
  for (const char* category :
       {"porn", "insult", "religion", "politics", "impersonation", "advert"}) {
    EXPECT_GE(categories[category], 4) << category;
  }
}

}  // namespace
}  // namespace hallwarden::hallsim
