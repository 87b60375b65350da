#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "tools/hallsim/gate_client.h"
#include "tools/hallsim/options.h"
#include "tools/hallsim/server_run.h"
#include "tools/session/grpc_transport.h"

namespace hallwarden::hallsim {
namespace {

enum ExitCode {
  kDone = 0,
  kLocal = 1,
  kUsage = 2,
  kRefused = 3,
  kFenced = 4,
  kHistory = 5,
  kInterrupted = 130
};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): set by a signal
std::atomic<bool> interrupted{false};

// One line at a time, whoever says it.
void Say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  std::cerr << line << '\n';
}

// One server with everything it owns.
struct Server {
  std::string name;
  std::string token;
  std::unique_ptr<Traffic> traffic;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<session::Transport> transport;
  std::unique_ptr<session::SeededJitter> jitter;
  std::unique_ptr<session::PositionFile> positions;
  std::unique_ptr<ServerRun> run;
  absl::Status status;
};

RunOptions ToRunOptions(const Options& o) {
  RunOptions run;
  run.events = o.events;
  run.rate = o.rate;
  run.pace = o.scenario == "mix" ? 0 : o.time_scale;
  run.kill_connection_every = o.kill_connection_every;
  run.linger = std::chrono::seconds(o.linger_seconds);
  run.wait_locked_out = std::chrono::seconds(o.wait_locked_out_seconds);
  run.session.software = "hallsim/1";
  run.session.batch_events_max = static_cast<std::size_t>(o.batch);
  run.session.poll_interval = session::Micros{5'000};
  // Without a state directory nothing is known of what earlier runs answered.
  run.session.check_directive_holes = !o.state.empty();
  return run;
}

channel::ClientTls TlsOf(channel::ClientTls tls, const std::string& server) {
  tls.certificate = absl::StrReplaceAll(tls.certificate, {{"{server}", server}});
  tls.key = absl::StrReplaceAll(tls.key, {{"{server}", server}});
  return tls;
}

absl::StatusOr<std::vector<std::unique_ptr<Server>>> MakeServers(const Options& o,
                                                                 const session::Clock& clock) {
  absl::StatusOr<std::map<std::string, std::string>> tokens = session::ReadTokenLines(o.token_file);
  if (!tokens.ok()) return tokens.status();
  if (static_cast<std::int64_t>(tokens->size()) < o.servers) {
    return absl::InvalidArgumentError(absl::StrCat("--servers ", o.servers,
                                                   " needs as many lines `server token` in ",
                                                   o.token_file, "; it has ", tokens->size()));
  }
  std::vector<std::unique_ptr<Server>> servers;
  std::random_device entropy;
  for (const auto& [name, token] : *tokens) {
    const auto index = static_cast<std::int64_t>(servers.size());
    if (index == o.servers) break;
    absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = session::MakeChannel(
        {.target = o.daemon, .allow_remote_plaintext = o.plaintext, .tls = TlsOf(o.tls, name)});
    if (!channel.ok()) return channel.status();
    auto server = std::make_unique<Server>();
    server->name = name.empty() ? "sim" : name;
    server->token = token;
    server->traffic = MakeTraffic(o, index);
    server->channel = *channel;
    server->transport = session::MakeGrpcTransport(*channel, [token = token] { return token; });
    server->jitter =
        std::make_unique<session::SeededJitter>((std::uint64_t{entropy()} << 32U) | entropy());
    if (!o.state.empty()) {
      server->positions = std::make_unique<session::PositionFile>(
          &session::RealFileSystem(), absl::StrCat(o.state, "/", server->name, ".position"));
    }
    ServerRun::Parts parts;
    parts.traffic = server->traffic.get();
    parts.transport = server->transport.get();
    parts.clock = &clock;
    parts.jitter = server->jitter.get();
    parts.positions = server->positions.get();
    parts.gate = MakeGateCheck(*channel, token);
    if (!o.quiet) {
      parts.log = [label = server->name](const std::string& line) {
        Say(absl::StrCat(label, ": ", line));
      };
    }
    parts.stop = [] { return interrupted.load(); };
    server->run = std::make_unique<ServerRun>(ToRunOptions(o), std::move(parts));
    servers.push_back(std::move(server));
  }
  return servers;
}

void PrintCounts(const char* title, const std::map<std::string, std::int64_t>& counts) {
  std::cout << "  " << title << ":";
  if (counts.empty()) std::cout << " none";
  for (const auto& [what, count] : counts)
    std::cout << ' ' << what << ' ' << count;
  std::cout << '\n';
}

void PrintReport(const Server& server) {
  const RunReport& report = server.run->report();
  const session::SessionStats& s = report.session;
  const double seconds = std::max(static_cast<double>(report.took.count()) / 1e6, 1e-6);
  std::cout << absl::StrFormat(
      "%s: %d events made, %d sent (%d again), %d acknowledged, %d rejected in %.1f s: "
      "%.0f events/s\n",
      server.name, report.events_made, s.events_sent, s.events_resent, s.events_acked,
      s.events_rejected, seconds, static_cast<double>(s.events_acked) / seconds);
  std::cout << absl::StrFormat("  acks: p50 %.1f ms, p99 %.1f ms; %d batches, %d connects\n",
                               static_cast<double>(s.ack_latency.Quantile(500).count()) / 1e3,
                               static_cast<double>(s.ack_latency.Quantile(990).count()) / 1e3,
                               s.batches_sent, s.connects);
  PrintCounts("rejected", report.rejects);
  for (const auto& [reason, example] : report.reject_examples) {
    std::cout << "    " << reason << ", first: " << example << '\n';
  }
  PrintCounts("directives", report.directives);
  PrintCounts("answers", report.outcomes);
  PrintCounts("accounts", server.traffic->FinalStates());
  if (s.directive_gaps > 0) std::cout << "  ALARM: directive gaps " << s.directive_gaps << '\n';
}

bool WriteTruth(const Options& o, const std::vector<const Traffic*>& all) {
  std::vector<Label> labels;
  for (const Traffic* traffic : all) {
    std::vector<Label> some = traffic->Labels();
    std::move(some.begin(), some.end(), std::back_inserter(labels));
  }
  bool good = true;
  if (!o.labels.empty()) {
    std::ofstream out(o.labels);
    WriteLabels(labels, out);
    good = static_cast<bool>(out.flush());
    if (!good) Say(absl::StrCat("hallsim: cannot write ", o.labels));
  }
  if (!o.partners.empty()) {
    std::ofstream out(o.partners);
    WritePartners(labels, out);
    if (!out.flush()) {
      Say(absl::StrCat("hallsim: cannot write ", o.partners));
      good = false;
    }
  }
  return good;
}

ExitCode CodeOf(session::Failure failure) {
  switch (failure) {
    case session::Failure::kRefused:
      return kRefused;
    case session::Failure::kFenced:
      return kFenced;
    case session::Failure::kHistory:
      return kHistory;
    default:
      return kLocal;
  }
}

ExitCode Stream(const Options& o) {
  const session::SteadyClock clock;
  absl::StatusOr<std::vector<std::unique_ptr<Server>>> servers = MakeServers(o, clock);
  if (!servers.ok()) {
    Say(absl::StrCat("hallsim: ", std::string(servers.status().message())));
    return kUsage;
  }
  std::vector<std::thread> threads;
  for (const std::unique_ptr<Server>& server : *servers) {
    threads.emplace_back([one = server.get()] { one->status = one->run->Run(); });
  }
  for (std::thread& thread : threads)
    thread.join();
  ExitCode code = interrupted ? kInterrupted : kDone;
  std::vector<const Traffic*> traffic;
  for (const std::unique_ptr<Server>& server : *servers) {
    PrintReport(*server);
    traffic.push_back(server->traffic.get());
    if (server->status.ok()) continue;
    Say(absl::StrCat("hallsim: ", server->name,
                     " stopped: ", std::string(server->status.message())));
    code = CodeOf(server->run->failure());
  }
  if (!WriteTruth(o, traffic) && code == kDone) code = kLocal;
  return code;
}

ExitCode WriteFile(const Options& o) {
  std::ofstream file;
  if (o.out != "-") file.open(o.out);
  std::ostream& out = o.out == "-" ? std::cout : file;
  const std::unique_ptr<Traffic> traffic = MakeTraffic(o, 0);
  v1::HallEvent event;
  std::int64_t made = 0;
  std::string line;
  while ((o.events == 0 || made < o.events) && !interrupted && traffic->Next(&event)) {
    line.clear();
    if (!google::protobuf::util::MessageToJsonString(event, &line).ok()) {
      Say(absl::StrCat("hallsim: event ", made + 1, " cannot be written as JSON"));
      return kLocal;
    }
    out << line << '\n';
    ++made;
  }
  if (!out.flush()) {
    Say(absl::StrCat("hallsim: cannot write ", o.out));
    return kLocal;
  }
  if (!o.quiet) Say(absl::StrFormat("hallsim: %d events in %s", made, o.out));
  return WriteTruth(o, {traffic.get()}) ? kDone : kLocal;
}

int Main(const std::vector<std::string>& words) {
  Options options;
  // NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet
  if (const char* daemon = std::getenv("HALLWARDEN_SERVER")) options.daemon = daemon;
  if (const char* token = std::getenv("HALLWARDEN_TOKEN_FILE")) options.token_file = token;
  // NOLINTEND(concurrency-mt-unsafe)
  const tools::FlagSet flags = MakeFlags(&options);
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return kDone;
  }
  absl::StatusOr<std::vector<std::string>> rest = flags.Parse(words);
  const absl::Status good = rest.ok() ? Complete(*rest, &options) : rest.status();
  if (!good.ok()) {
    Say(absl::StrCat("hallsim: ", std::string(good.message())));
    return kUsage;
  }
  for (const int signal_number : {SIGINT, SIGTERM}) {
    if (std::signal(signal_number, [](int) { interrupted = true; }) == SIG_ERR) return kLocal;
  }
  return options.out.empty() ? Stream(options) : WriteFile(options);
}

}  // namespace
}  // namespace hallwarden::hallsim

int main(int argc, char** argv) {
  return hallwarden::hallsim::Main(std::vector<std::string>(argv + 1, argv + argc));
}
