#include "daemon/metrics/report.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

Observation Seen() {
  Observation seen;
  seen.now_us = 10'000'000;
  seen.sequencer.replay = ReplayState::kReady;
  seen.sequencer.durable_position = 77;
  seen.sequencer.commit_latency[9] = 3;  // below 512 us
  seen.sequencer.commit_us_sum = 1200;
  seen.sequencer.refused_by_reason[v1::REJECT_REASON_NO_SESSION] = 5;
  SourceState source;
  source.source = "hall-1";
  source.connected = true;
  source.last_record_us = 8'000'000;
  source.lag_us = 1'500'000;
  seen.sources.push_back(source);
  v1::Server server;
  server.set_name("servers/hall-1");
  server.set_unenforced_directives(2);
  server.mutable_trip_time()->set_seconds(1);
  seen.servers.push_back(server);
  v1::RuleStatus rule;
  rule.set_name("rules/name.plain");
  rule.set_hits_this_hour(12);
  rule.set_norm_milli(2500);
  seen.rules.push_back(rule);
  v1::HealthCheck& check = *seen.health.add_checks();
  check.set_check("clock");
  check.mutable_detail()->set_en("a \"quoted\" word");
  check.mutable_detail()->set_zh("\xe6\x97\xb6\xe9\x92\x9f");
  return seen;
}

TEST(MetricsTextTest, TellsEachNumberUnderItsName) {
  const std::string text = MetricsText(Seen());
  for (const char* line :
       {"hallwarden_replay_state 1\n", "hallwarden_journal_position 77\n",
        "hallwarden_commit_seconds_bucket{le=\"0.000512\"} 3\n",
        "hallwarden_commit_seconds_sum 0.0012\n", "hallwarden_commit_seconds_count 3\n",
        "hallwarden_refused_events_total{reason=\"no_session\"} 5\n",
        "hallwarden_server_connected{server=\"hall-1\"} 1\n",
        "hallwarden_server_lag_seconds{server=\"hall-1\"} 1.5\n",
        "hallwarden_server_silence_seconds{server=\"hall-1\"} 2\n",
        "hallwarden_server_unenforced_directives{server=\"hall-1\"} 2\n",
        "hallwarden_server_tripped{server=\"hall-1\"} 1\n",
        "hallwarden_rule_hits_this_hour{rule=\"name.plain\"} 12\n",
        "hallwarden_rule_norm_per_hour{rule=\"name.plain\"} 2.5\n",
        "hallwarden_health{check=\"clock\"} 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsTextTest, EveryFamilyIsDeclaredOnceBeforeItsSamples) {
  std::istringstream lines(MetricsText(Seen()));
  std::set<std::string> declared;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string what;
    std::string name;
    words >> hash >> what >> name;
    if (hash == "#") {
      if (what == "TYPE") continue;
      EXPECT_TRUE(declared.insert(name).second) << name << " twice";
      family = name;
      continue;
    }
    EXPECT_EQ(line.rfind(family, 0), 0U) << line << " under " << family;
  }
}

TEST(MetricsTextTest, LabelsAreBoundedWhateverConnects) {
  Observation seen = Seen();
  for (int i = 0; i < 1000; ++i) {
    SourceState source;
    source.source = "s" + std::to_string(i);
    source.connected = true;
    seen.sources.push_back(source);
  }
  const std::string text = MetricsText(seen);
  std::size_t labels = 0;
  for (std::size_t at = text.find("hallwarden_server_connected{"); at != std::string::npos;
       at = text.find("hallwarden_server_connected{", at + 1)) {
    ++labels;
  }
  EXPECT_EQ(labels, kLabelsMax + 1);
  EXPECT_THAT(text, HasSubstr("hallwarden_server_connected{server=\"_other\"} 801\n"));
}

TEST(HealthJsonTest, IsAnObjectInBothLanguages) {
  v1::Health health = Seen().health;
  health.set_version("1.0");
  EXPECT_EQ(
      HealthJson(health),
      "{\"ok\":false,\"version\":\"1.0\",\"policy\":\"\",\"checks\":[{\"check\":\"clock\","
      "\"ok\":false,\"zh\":\"\xe6\x97\xb6\xe9\x92\x9f\",\"en\":\"a \\\"quoted\\\" word\"}]}\n");
}

}  // namespace
}  // namespace hallwarden::daemon
