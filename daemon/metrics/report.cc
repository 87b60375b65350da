#include "daemon/metrics/report.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"
#include "daemon/metrics/exposition.h"
#include "rules/engine/engine.h"

namespace hallwarden::daemon {
namespace {

double Seconds(std::int64_t us) {
  return static_cast<double>(us) / 1e6;
}

double Number(std::uint64_t value) {
  return static_cast<double>(value);
}

// Bucket i of the daemon's histograms holds what is below 2^i.
double PowerOfTwo(std::size_t i) {
  return static_cast<double>(std::uint64_t{1} << i);
}

std::string ShortName(std::string_view resource) {
  const std::size_t slash = resource.rfind('/');
  return std::string(slash == std::string_view::npos ? resource : resource.substr(slash + 1));
}

void TellStore(const SequencerStats& stats, Exposition* out) {
  out->Gauge("hallwarden_replay_state", static_cast<double>(stats.replay),
             "0 the tail is replayed, 1 ready, 2 failed, 3 stopped.");
  out->Gauge("hallwarden_replay_records_left",
             Number(stats.replay_records - std::min(stats.replay_records, stats.replayed_records)),
             "Records of the tail that are still to be replayed.");
  out->Counter("hallwarden_replay_differences_total", Number(stats.replay_differences),
               "Groups that the replay at start decided otherwise than the journal holds.");
  out->Gauge("hallwarden_journal_position", Number(stats.durable_position),
             "Last durable record of the journal.");
  out->Gauge("hallwarden_checkpoint_position", Number(stats.checkpoint_position),
             "Last record that the checkpoint covers.");
  out->Gauge("hallwarden_checkpoint_age_seconds", Seconds(stats.checkpoint_age_us),
             "Since the last checkpoint was durable, or since the start.");
  out->Gauge("hallwarden_checkpoint_seconds", Seconds(stats.checkpoint_took_us),
             "How long the last checkpoint took to write.");
  out->Gauge("hallwarden_checkpoint_failed", stats.checkpoint_error.empty() ? 0 : 1,
             "1 if the last checkpoint failed: the one before stays.");
  out->Gauge("hallwarden_history_epoch", static_cast<double>(stats.history_epoch),
             "History epoch of the store; rises when a restored store is accepted.");
  out->Gauge("hallwarden_clock_step_seconds", Seconds(stats.clock_step_us),
             "Step of the wall clock that is not followed; 0: none.");
  out->Histogram(
      "hallwarden_commit_seconds", stats.commit_latency, Seconds(stats.commit_us_sum),
      [](std::size_t i) { return PowerOfTwo(i) / 1e6; },
      "How long the synced commit of a group took.");
  out->Histogram("hallwarden_group_records", stats.group_sizes, Number(stats.group_records_sum),
                 PowerOfTwo, "Records that one commit made durable.");
  out->Gauge("hallwarden_queued_events", static_cast<double>(stats.queued_events),
             "Events that wait for the sequencer.");
  out->Gauge("hallwarden_intake_paused", stats.commands_paused ? 2 : stats.events_paused ? 1 : 0,
             "1 no events are taken for want of disk space, 2 nothing is recorded.");
  out->Gauge("hallwarden_queued_commands", static_cast<double>(stats.queued_commands),
             "Commands and questions that wait for the sequencer.");
}

void TellRefusals(const SequencerStats& stats, Exposition* out) {
  out->Family("hallwarden_refused_events_total", "counter",
              "Events that were refused alone, by reason, since the start.");
  for (std::size_t i = 1; i < stats.refused_by_reason.size(); ++i) {
    constexpr std::string_view kPrefix = "REJECT_REASON_";
    std::string reason = v1::RejectReason_Name(static_cast<v1::RejectReason>(i));
    if (reason.rfind(kPrefix, 0) == 0) reason.erase(0, kPrefix.size());
    for (char& c : reason)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out->Sample(Number(stats.refused_by_reason[i]), {{"reason", reason}});
  }
  out->Counter("hallwarden_reused_seqs_total", Number(stats.reused_seqs),
               "Numbers that came again with other content: a broken or lying game server.");
}

// One family over all servers: `value` gets the one number of each.
template <class Server, class Value>
void TellServers(const std::vector<Server>& servers, std::string_view name, std::string_view type,
                 std::string_view help, Exposition* out, const Value& value) {
  out->Family(name, type, help);
  double other = 0;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const auto [label, number] = value(servers[i]);
    if (i < kLabelsMax) {
      out->Sample(number, {{"server", label}});
    } else {
      other += number;
    }
  }
  if (servers.size() > kLabelsMax) out->Sample(other, {{"server", "_other"}});
}

void TellServers(const Observation& seen, Exposition* out) {
  using Labelled = std::pair<std::string, double>;
  TellServers(seen.sources, "hallwarden_server_connected", "gauge",
              "1 while the game server's session is open.", out, [](const SourceState& source) {
                return Labelled{source.source, source.connected ? 1 : 0};
              });
  TellServers(seen.sources, "hallwarden_server_lag_seconds", "gauge",
              "How old the server's newest event was when it became durable, by its own clock.",
              out, [](const SourceState& source) {
                return Labelled{source.source, Seconds(source.lag_us)};
              });
  TellServers(seen.sources, "hallwarden_server_silence_seconds", "gauge",
              "Since the server was last heard of; 0: not since the start.", out,
              [&](const SourceState& source) {
                const std::int64_t silent =
                    source.last_record_us == 0 ? 0 : seen.now_us - source.last_record_us;
                return Labelled{source.source, Seconds(std::max<std::int64_t>(silent, 0))};
              });
  TellServers(seen.servers, "hallwarden_server_unanswered_directives", "gauge",
              "Directives without an answer of the server.", out, [](const v1::Server& server) {
                return Labelled{ShortName(server.name()), server.unanswered_directives()};
              });
  TellServers(seen.servers, "hallwarden_server_unenforced_directives", "gauge",
              "Of these, waiting longer than the policy allows.", out,
              [](const v1::Server& server) {
                return Labelled{ShortName(server.name()), server.unenforced_directives()};
              });
  TellServers(
      seen.servers, "hallwarden_server_rejected_events_total", "counter",
      "Events of the server that were refused, ever.", out, [](const v1::Server& server) {
        return Labelled{ShortName(server.name()), static_cast<double>(server.rejected_events())};
      });
  TellServers(seen.servers, "hallwarden_server_quarantined", "gauge",
              "1 while an operator has cut the server off.", out, [](const v1::Server& server) {
                return Labelled{ShortName(server.name()), server.has_quarantine_time() ? 1 : 0};
              });
  TellServers(seen.servers, "hallwarden_server_tripped", "gauge",
              "1 while its breaker is tripped: machines leave it to people.", out,
              [](const v1::Server& server) {
                return Labelled{ShortName(server.name()), server.has_trip_time() ? 1 : 0};
              });
}

void TellRules(const std::vector<v1::RuleStatus>& rules, Exposition* out) {
  const std::size_t count = std::min(rules.size(), kLabelsMax);
  const auto family = [&](std::string_view name, std::string_view help, auto value) {
    out->Family(name, "gauge", help);
    for (std::size_t i = 0; i < count; ++i)
      out->Sample(value(rules[i]), {{"rule", ShortName(rules[i].name())}});
  };
  family("hallwarden_rule_hits_this_hour", "Findings of the rule in this hour of the clock.",
         [](const v1::RuleStatus& rule) { return static_cast<double>(rule.hits_this_hour()); });
  family("hallwarden_rule_norm_per_hour",
         "Findings per hour over the last 7 full days; 0: no full day yet.",
         [](const v1::RuleStatus& rule) { return static_cast<double>(rule.norm_milli()) / 1e3; });
  family("hallwarden_rule_acted_this_hour", "Sanctions by the rule's machine in this hour.",
         [](const v1::RuleStatus& rule) { return static_cast<double>(rule.acted_this_hour()); });
  family("hallwarden_rule_in_review",
         "1 while the rule is left to people because it hit far above its norm.",
         [](const v1::RuleStatus& rule) { return rule.has_review_time() ? 1.0 : 0.0; });
}

void TellProcess(const Observation& seen, Exposition* out) {
  out->Gauge("hallwarden_disk_free_bytes", static_cast<double>(seen.disk.free_bytes),
             "Free space below the store, for the daemon's user.");
  out->Gauge("hallwarden_disk_size_bytes", static_cast<double>(seen.disk.size_bytes),
             "Size of the file system below the store.");
  out->Counter("process_cpu_seconds_total", seen.process.cpu_seconds,
               "User and system time of the process.");
  out->Gauge("process_resident_memory_bytes", static_cast<double>(seen.process.resident_bytes),
             "Memory of the process.");
  out->Gauge("process_open_fds", static_cast<double>(seen.process.open_files), "Open files.");
  out->Gauge("process_max_fds", static_cast<double>(seen.process.open_files_max),
             "Most files that may be open.");
}

// What JSON needs escaped.
void AppendJson(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20U) {
      out->append(absl::StrFormat("\\u%04x", byte));
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

}  // namespace

bool IsReady(const SequencerStats& stats) {
  return stats.replay == ReplayState::kReady && !stats.events_paused;
}

std::string MetricsText(const Observation& seen) {
  Exposition out;
  out.Family("hallwarden_build_info", "gauge", "Version of the daemon and of the engine.");
  out.Sample(1, {{"version", seen.health.version()},
                 {"engine", std::to_string(kEngineVersion)},
                 {"policy", ShortName(seen.health.policy())}});
  TellStore(seen.sequencer, &out);
  TellRefusals(seen.sequencer, &out);
  out.Gauge("hallwarden_sessions", static_cast<double>(seen.sessions),
            "Open streams of game servers.");
  out.Gauge("hallwarden_gate_watchers", static_cast<double>(seen.watchers),
            "Open streams of WatchSanctions.");
  out.Family("hallwarden_gate_checks_total", "counter", "Answers of the gate since the start.");
  out.Sample(Number(seen.gate_allowed), {{"answer", "allowed"}});
  out.Sample(Number(seen.gate_refused), {{"answer", "refused"}});
  TellServers(seen, &out);
  TellRules(seen.rules, &out);
  out.Family("hallwarden_health", "gauge", "1 while the check of GetHealth is well.");
  for (const v1::HealthCheck& check : seen.health.checks())
    out.Sample(check.ok() ? 1 : 0, {{"check", check.check()}});
  TellProcess(seen, &out);
  return out.Take();
}

std::string HealthJson(const v1::Health& health) {
  std::string out = health.ok() ? R"({"ok":true,"version":)" : R"({"ok":false,"version":)";
  AppendJson(health.version(), &out);
  out.append(R"(,"policy":)");
  AppendJson(health.policy(), &out);
  out.append(R"(,"checks":[)");
  bool first = true;
  for (const v1::HealthCheck& check : health.checks()) {
    out.append(first ? "" : ",").append(R"({"check":)");
    AppendJson(check.check(), &out);
    out.append(check.ok() ? R"(,"ok":true,"zh":)" : R"(,"ok":false,"zh":)");
    AppendJson(check.detail().zh(), &out);
    out.append(R"(,"en":)");
    AppendJson(check.detail().en(), &out);
    out.push_back('}');
    first = false;
  }
  return out + "]}\n";
}

}  // namespace hallwarden::daemon
