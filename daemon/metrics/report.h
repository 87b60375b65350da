// What Prometheus and the health pages are told. Values in, text out.
#ifndef HALLWARDEN_DAEMON_METRICS_REPORT_H_
#define HALLWARDEN_DAEMON_METRICS_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"

#include "daemon/metrics/process.h"
#include "daemon/sequencer.h"

namespace hallwarden::daemon {

// Labels of servers and of rules each; what is beyond is summed up under `_other` or left out.
inline constexpr std::size_t kLabelsMax = 200;

// Everything at one moment.
struct Observation {
  SequencerStats sequencer;
  std::vector<SourceState> sources;
  // By name: what lists show.
  std::vector<v1::Server> servers;
  std::vector<v1::RuleStatus> rules;
  // Checks as GetHealth tells them.
  v1::Health health;
  std::size_t sessions = 0;
  std::size_t watchers = 0;
  std::uint64_t gate_allowed = 0;
  std::uint64_t gate_refused = 0;
  ProcessState process;
  DiskState disk;
  std::int64_t now_us = 0;  // commit time
};

// Prometheus' text format; every name is in docs/OPERATIONS.md.
[[nodiscard]] std::string MetricsText(const Observation& seen);

// A JSON object: ok, version, policy and the checks with their words in both languages.
[[nodiscard]] std::string HealthJson(const v1::Health& health);

// Whether the daemon takes events: what a load balancer and `/readyz` ask.
[[nodiscard]] bool IsReady(const SequencerStats& stats);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_METRICS_REPORT_H_
