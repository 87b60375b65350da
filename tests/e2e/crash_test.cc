// kill -9 in the middle of a feed, again and again: the store ends up as if nothing had happened.
#include <signal.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "hallwarden/v1/event.pb.h"
#include "rules/state/time.h"
#include "tests/e2e/child.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::e2e {
namespace {

constexpr std::uint64_t kSeed = 20261122;
constexpr int kEvents = 6000;
constexpr std::uint64_t kAccounts = 150;
constexpr std::int64_t kStartUs = 1'795'348'800 * kSecondUs;
// Ten minutes from event to event: seven-day bans run out during the feed.
constexpr std::int64_t kStepUs = 10 * kMinuteUs;

// How many times the daemon is killed. Sanitizers make every start slow: they ask for fewer.
int Kills() {
  const char* kills = std::getenv("HW_CRASH_KILLS");
  return kills == nullptr ? 100 : std::atoi(kills);
}

// What a player might call himself; the first ones are in the built-in list.
std::string NameOf(testing::Dice* dice) {
  const std::string tail = std::to_string(dice->Roll(10'000));
  switch (dice->Roll(5)) {
    case 0:
      return "fuck you " + tail;
    case 1:
      return "\xe5\xae\x98\xe6\x96\xb9\xe5\xae\xa2\xe6\x9c\x8d";  // guan fang ke fu: official support
    default:
      return "player " + tail;
  }
}

void Fill(testing::Dice* dice, int i, v1::HallEvent* event) {
  switch (dice->Roll(10)) {
    case 0:
      event->mutable_logged_out();
      break;
    case 1:
    case 2:
    case 3:
      event->mutable_nickname_changed()->set_nickname(NameOf(dice));
      break;
    case 4:
    case 5:
      event->mutable_notice_seen();
      break;
    case 6: {
      event->set_hand("h" + std::to_string(i));
      event->mutable_hand_started()->add_seated_accounts(event->account());
      break;
    }
    case 7: {
      auto& settled = *event->mutable_hand_settled();
      settled.add_seats()->set_account(event->account());
      settled.add_seats()->set_account("p" + std::to_string(dice->Roll(kAccounts)));
      break;
    }
    default:
      event->mutable_logged_in()->set_ip("10.0.0." + std::to_string(dice->Roll(250)));
      break;
  }
}

// A feed of JSON lines: names good and bad, notices seen, hands, and now and then a broken line.
std::string MakeFeed() {
  testing::Dice dice(kSeed);
  std::map<std::string, bool> known;
  std::string feed;
  for (int i = 0; i < kEvents; ++i) {
    if (dice.Roll(200) == 0) {
      feed += "{\"account\": \"broken\n";
      continue;
    }
    v1::HallEvent event;
    event.set_account("p" + std::to_string(dice.Roll(kAccounts)));
    event.set_game("ddz");
    SetTimestamp(kStartUs + i * kStepUs, event.mutable_event_time());
    if (!known[event.account()]) {
      known[event.account()] = true;
      event.mutable_registered()->set_nickname(NameOf(&dice));
      event.mutable_registered()->set_ip("10.0.0." + std::to_string(dice.Roll(250)));
    } else {
      Fill(&dice, i, &event);
    }
    std::string line;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(event, &line).ok());
    feed += line + "\n";
  }
  return feed;
}

// The store's decisions without the fields that a restart may change:
// - journal positions, and what is named after them (audit records, findings, policies): every new
//   session is a record of its own;
// - session epochs, which count sessions;
// - tokens, answers and the audit of making tokens: their ids are random;
// - fingerprints of names: each store has a secret of its own.
std::vector<std::string> Normalised(const std::string& exported) {
  std::vector<std::string> lines;
  std::istringstream in(exported);
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string table;
    std::string name;
    words >> table >> name;
    if (table == "token" || table == "answer") continue;
    if (line.find("journal_position") != std::string::npos) continue;
    if (line.find("reset_nickname.fingerprint") != std::string::npos) continue;
    if (table == "source") {
      line = line.substr(0, line.find(" session_epoch"));
    }
    if (table == "audit" || table == "finding" || table == "policy") {
      std::string rest;
      std::getline(words, rest);
      if (rest.rfind(" name ", 0) == 0) continue;
      line = table + rest;
    }
    lines.push_back(line);
  }
  // The audit of making the two tokens: its lines hold the random ids.
  std::erase_if(lines, [](const std::string& text) {
    return text.rfind("audit", 0) == 0 && (text.find("tokens/") != std::string::npos ||
                                           text.find("request_id") != std::string::npos);
  });
  return lines;
}

class CrashTest : public ::testing::Test {
 protected:
  // A store with its daemon, and the token of a game server.
  struct Site {
    std::filesystem::path store;
    std::filesystem::path log;
    std::filesystem::path token;
    std::string address;
  };

  Site MakeSite(const std::string& name) {
    Site site{scratch_ / (name + ".store"), scratch_ / (name + ".log"),
              scratch_ / (name + ".token"), "unix:" + (scratch_ / (name + ".sock")).string()};
    return site;
  }

  std::unique_ptr<Child> StartDaemon(const Site& site) {
    return std::make_unique<Child>(
        HW_HALLWARDEND,
        std::vector<std::string>{"--store", site.store.string(), "--listen", site.address,
                                 "--test-clock", "--test-clock-start",
                                 std::to_string(kStartUs / kSecondUs), "--log-level", "warning"},
        site.log);
  }

  void MakeToken(const Site& site) {
    const std::filesystem::path out = scratch_ / "token.out";
    ASSERT_TRUE(Await(
        [&] {
          return RunToEnd(HW_GMCTL,
                     {"--server", site.address, "--token-file",
                      (site.store / "admin.token").string(), "token", "create", "--principal", "gs1", "--role",
                      "server", "--reason", "crash test", "--yes", "-o", "json"},
                     out) == 0;
        },
        60))
        << ReadFile(out) << ReadFile(out.string() + ".err") << ReadFile(site.log);
    const std::string text = ReadFile(out);
    const std::size_t at = text.find("hw_");
    ASSERT_NE(at, std::string::npos) << text;
    WriteFile(site.token, text.substr(at, text.find_first_of("\"\n ", at) - at) + "\n");
  }

  std::unique_ptr<Child> StartRelay(const Site& site, const std::string& name) {
    return std::make_unique<Child>(
        HW_RELAY,
        std::vector<std::string>{"--server", site.address, "--token-file", site.token.string(),
                                 "--position", (scratch_ / (name + ".position")).string(),
                                 "--from-start", "--once", "--batch", "32", "--quiet",
                                 feed_.string()},
        scratch_ / (name + ".relay.log"));
  }

  // Highest event number that the relay knows to be durable.
  std::int64_t Acked(const std::string& name) {
    const std::string text = ReadFile(scratch_ / (name + ".position"));
    const std::string_view key = "last_acked_seq ";
    const std::size_t at = text.find(key);
    return at == std::string::npos ? 0 : std::atoll(text.c_str() + at + key.size());
  }

  std::vector<std::string> Export(const Site& site) {
    const std::filesystem::path out = scratch_ / "export.out";
    EXPECT_EQ(RunToEnd(HW_HALLWARDEND, {"--store", site.store.string(), "--export"}, out), 0)
        << ReadFile(out.string() + ".err");
    return Normalised(ReadFile(out));
  }

  std::vector<std::string> RunUndisturbed() {
    const Site site = MakeSite("calm");
    std::unique_ptr<Child> daemon = StartDaemon(site);
    MakeToken(site);
    EXPECT_EQ(StartRelay(site, "calm")->Wait(), 0) << ReadFile(scratch_ / "calm.relay.log");
    daemon->Signal(SIGTERM);
    EXPECT_EQ(daemon->Wait(), 0) << ReadFile(site.log);
    return Export(site);
  }

  void WriteTheFeed() {
    feed_ = scratch_ / "feed.jsonl";
    WriteFile(feed_, MakeFeed());
  }

  Scratch scratch_;
  std::filesystem::path feed_;
};

TEST_F(CrashTest, KillNineAtRandomPointsChangesNoDecision) {
  WriteTheFeed();
  const std::vector<std::string> expected = RunUndisturbed();
  ASSERT_TRUE(std::any_of(expected.begin(), expected.end(), [](const std::string& line) {
    return line.find("step.to_rung 3") != std::string::npos;
  })) << "nobody reached the third rung: the feed is too tame";

  const Site site = MakeSite("storm");
  std::unique_ptr<Child> daemon = StartDaemon(site);
  MakeToken(site);
  testing::Dice dice(kSeed + 1);
  std::vector<std::int64_t> targets;
  for (int i = 0; i < Kills(); ++i) {
    targets.push_back(static_cast<std::int64_t>(1 + dice.Roll(kEvents - 1)));
  }
  std::sort(targets.begin(), targets.end());
  std::unique_ptr<Child> relay = StartRelay(site, "storm");
  int killed = 0;
  for (const std::int64_t target : targets) {
    ASSERT_TRUE(Await([&] { return Acked("storm") >= target || !relay->Running(); }, 120))
        << ReadFile(site.log) << ReadFile(scratch_ / "storm.relay.log");
    daemon->Signal(SIGKILL);
    daemon->Wait();
    ++killed;
    // Every third time the relay dies with it.
    if (killed % 3 == 0 || !relay->Running()) {
      relay->Signal(SIGKILL);
      relay->Wait();
      relay = StartRelay(site, "storm");
    }
    daemon = StartDaemon(site);
  }
  EXPECT_EQ(relay->Wait(), 0) << ReadFile(scratch_ / "storm.relay.log") << ReadFile(site.log);
  daemon->Signal(SIGTERM);
  EXPECT_EQ(daemon->Wait(), 0) << ReadFile(site.log);
  EXPECT_EQ(ReadFile(site.log).find("ALARM"), std::string::npos) << ReadFile(site.log);
  const std::vector<std::string> actual = Export(site);
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) ASSERT_EQ(actual[i], expected[i]) << "line " << i;
  EXPECT_EQ(killed, Kills());
}

}  // namespace
}  // namespace hallwarden::e2e
