#include "tests/chaos/site.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hallwarden::chaos {
namespace {

constexpr std::int64_t kStartUs = std::int64_t{1'795'348'800} * 1'000'000;
constexpr int kStartSeconds = 90;
constexpr int kStopSeconds = 60;

bool Listens(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const bool listens = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return listens;
}

void Replace(const std::string& from, const std::string& to, std::string* text) {
  for (std::size_t at = text->find(from); at != std::string::npos; at = text->find(from, at)) {
    text->replace(at, from.size(), to);
    at += to.size();
  }
}

// Words that a daemon of ours says only when something is wrong.
bool Alarms(const std::string& line) {
  for (const char* word : {"ALARM", "AddressSanitizer", "runtime error:", "terminate called",
                           "Assertion", "outcome unknown", "replay failed", "DATA_LOSS"}) {
    if (line.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

Site::Site(SiteOptions options, Counts* counts)
    : options_(std::move(options)),
      counts_(counts),
      random_(options_.seed),
      policy_(e2e::ReadFile(HW_DEFAULT_POLICY)),
      clock_us_(kStartUs) {
  std::filesystem::create_directories(options_.directory);
  // A GM who never sleeps.
  Replace("hourly_limit: 1000\n", "hourly_limit: 100000000\n", &policy_);
  if (options_.no_quota) Replace("hourly_quota: 300\n", "hourly_quota: 100000000\n", &policy_);
  // The reference knows quotas; what breakers hold back depends on the clock.
  Replace("server_per_minute: 150 ", "server_per_minute: -1 ", &policy_);
  Replace("server_per_hour: 240 ", "server_per_hour: -1 ", &policy_);
  Replace("rule_norm_factor: 5 ", "rule_norm_factor: -1 ", &policy_);
  e2e::WriteFile(options_.directory / "chaos.policy.textproto", policy_);
  oracle_ = std::make_unique<Oracle>(store().string(), ReadRefPolicy(policy_), options_.test_clock);
}

Site::~Site() {
  End();
}

void Site::Violation(const std::string& what) {
  if (violations_.size() < 100) violations_.push_back(what);
}

bool Site::Found() {
  StartDaemon({});
  const std::filesystem::path file = store() / "admin.token";
  if (!e2e::Await([&] { return std::filesystem::exists(file) || !DaemonRuns(); }, kStartSeconds) ||
      !DaemonRuns()) {
    Violation("the daemon does not start on a new store");
    return false;
  }
  std::istringstream(e2e::ReadFile(file)) >> admin_token_;
  std::string why;
  for (int i = 0; i < options_.servers; ++i) {
    server_tokens_.push_back(
        CreateToken(Target(), admin_token_, "gs" + std::to_string(i), v1::ROLE_GAME_SERVER, &why));
    if (server_tokens_.back().empty()) Violation("no token: " + why);
  }
  gm_token_ = CreateToken(Target(), admin_token_, "lead1", v1::ROLE_LEAD, &why);
  if (gm_token_.empty()) Violation("no token: " + why);
  return violations_.empty();
}

void Site::Begin() {
  for (int i = 0; i < options_.servers; ++i) {
    const auto seed = options_.seed * 1000 + static_cast<std::uint64_t>(i);
    FakeServerOptions server;
    server.name = "gs" + std::to_string(i);
    server.token = server_tokens_[static_cast<std::size_t>(i)];
    server.target = Target();
    if (options_.proxied) {
      proxies_.push_back(
          std::make_unique<Proxy>(Socket(), options_.proxy, seed + 500, &counts_->proxy));
      server.target = "127.0.0.1:" + std::to_string(proxies_.back()->port());
    }
    server.traffic.seed = seed;
    server.traffic.account_count = options_.accounts;
    if (options_.shared) {
      if (options_.test_clock) {
        server.traffic.clock_us = &clock_us_;
        server.traffic.step_us = options_.step_us;
      }
    } else {
      server.traffic.accounts = server.name + "-p";
      server.traffic.steady = true;
    }
    server.moody = options_.shared;
    server.mangling = options_.mangling;
    server.seed = seed + 100;
    server.batch_max = options_.batch_max;
    servers_.push_back(std::make_unique<FakeServer>(std::move(server), &counts_->mangle));
    servers_.back()->Start();
  }
  if (!options_.gm) return;
  GmOptions gm;
  gm.principal = "lead1";
  gm.token = gm_token_;
  gm.admin_token = admin_token_;
  gm.target = Target();
  gm.account_count = options_.accounts;
  gm.seed = options_.seed + 7;
  gm.policy = policy_;
  gm_ = std::make_unique<GmClient>(std::move(gm));
  gm_->Start();
}

void Site::StartDaemon(const std::vector<std::string>& flags) {
  LaunchDaemon(flags);
  if (!e2e::Await([&] { return Listens(Socket()) || !daemon_->Running(); }, kStartSeconds)) {
    Violation("the daemon does not listen after " + std::to_string(kStartSeconds) + " s");
  }
  for (const std::unique_ptr<FakeServer>& server : servers_)
    server->DaemonIsUp();
  if (gm_ != nullptr) gm_->DaemonIsUp();
}

void Site::LaunchDaemon(const std::vector<std::string>& flags) {
  ++counts_->starts;
  std::error_code ignored;
  log_begin_ = std::filesystem::exists(Log()) ? std::filesystem::file_size(Log(), ignored) : 0;
  std::vector<std::string> args{"--store",
                                store().string(),
                                "--listen",
                                Target(),
                                "--policy",
                                (options_.directory / "chaos.policy.textproto").string(),
                                "--test-checkpoint-records",
                                std::to_string(options_.checkpoint_records)};
  if (options_.test_clock) {
    args.insert(args.end(),
                {"--test-clock", "--test-clock-start", std::to_string(kStartUs / 1'000'000)});
  }
  if (options_.cells_max > 0) {
    args.insert(args.end(), {"--test-cells-max", std::to_string(options_.cells_max)});
  }
  args.insert(args.end(), flags.begin(), flags.end());
  // A socket file of a daemon that was killed would look like one that listens to nobody.
  std::filesystem::remove(Socket(), ignored);
  daemon_ = std::make_unique<e2e::Child>(options_.hallwardend, args, Log());
}

void Site::Kill() {
  if (daemon_ == nullptr) return;
  if (!daemon_->Running()) {
    // Nobody asked it to.
    const int code = daemon_->Wait();
    if (code != 0 && code != 128 + SIGKILL) {
      Violation("the daemon ended by itself with exit code " + std::to_string(code));
    }
    return;
  }
  ++counts_->kills;
  daemon_->Signal(SIGKILL);
  daemon_->Wait();
}

bool Site::StopDaemon() {
  if (daemon_ == nullptr) return true;
  ++counts_->stops;
  daemon_->Signal(SIGTERM);
  if (!e2e::Await([&] { return !daemon_->Running(); }, kStopSeconds)) {
    Violation("the daemon does not stop within " + std::to_string(kStopSeconds) + " s of SIGTERM");
    daemon_->Signal(SIGKILL);
    daemon_->Wait();
    return false;
  }
  const int code = daemon_->Wait();
  if (code != 0) Violation("the daemon stopped with exit code " + std::to_string(code));
  return code == 0;
}

void Site::StopDaemonToDie() {
  daemon_->Signal(SIGTERM);
  e2e::Await([&] { return !daemon_->Running(); }, kStopSeconds);
}

bool Site::ReapKilled() {
  const int code = daemon_->Wait();
  if (code == 128 + SIGKILL) return true;
  Violation("the daemon ended by itself with exit code " + std::to_string(code));
  return false;
}

void Site::MoreEvents(std::int64_t each) {
  for (const std::unique_ptr<FakeServer>& server : servers_)
    server->SetLimit(server->acked() + each);
}

std::int64_t Site::acked() const {
  std::int64_t sum = 0;
  for (const std::unique_ptr<FakeServer>& server : servers_)
    sum += server->acked();
  return sum;
}

void Site::AwaitAcked(double fraction, int seconds) {
  std::int64_t limit = 0;
  for (const std::unique_ptr<FakeServer>& server : servers_)
    limit += server->limit();
  const std::int64_t begin = acked();
  const auto goal =
      begin + static_cast<std::int64_t>(fraction * static_cast<double>(limit - begin));
  e2e::Await([&] { return acked() >= goal || !DaemonRuns(); }, seconds);
}

bool Site::Settle(int seconds) {
  for (const std::unique_ptr<Proxy>& proxy : proxies_)
    proxy->Behave();
  for (const std::unique_ptr<FakeServer>& server : servers_)
    server->Behave();
  if (gm_ != nullptr) gm_->Finish();
  const bool idle = e2e::Await(
      [&] {
        if (!DaemonRuns()) return true;
        if (gm_ != nullptr && !gm_->Idle()) return false;
        return std::all_of(servers_.begin(), servers_.end(),
                           [](const auto& server) { return server->Idle(); });
      },
      seconds);
  std::int64_t open = -1;
  const bool answered = idle && e2e::Await(
                                    [&] {
                                      open = Unanswered(Target(), admin_token_);
                                      return open == 0 || !DaemonRuns();
                                    },
                                    seconds);
  if (!DaemonRuns()) Violation("the daemon ended while everything was to come to rest");
  if (idle && answered) return true;
  for (const std::unique_ptr<FakeServer>& server : servers_) {
    Violation("not at rest after " + std::to_string(seconds) + " s: acknowledged " +
              std::to_string(server->acked()) + " of " + std::to_string(server->limit()));
  }
  Violation("directives without an answer: " + std::to_string(open));
  // Why, if a server knows.
  CollectFaults();
  return false;
}

void Site::CollectFaults() {
  for (const std::unique_ptr<FakeServer>& server : servers_) {
    for (const std::string& fault : server->Faults())
      Violation(fault);
  }
  if (gm_ == nullptr) return;
  for (const std::string& fault : gm_->Faults())
    Violation(fault);
}

void Site::ReadLog() {
  std::ifstream in(Log(), std::ios::binary);
  in.seekg(static_cast<std::streamoff>(log_read_));
  std::string line;
  while (std::getline(in, line)) {
    log_read_ += line.size() + 1;
    if (Alarms(line)) Violation("the daemon's log: " + line);
  }
}

bool Site::Logged(const std::string& line) const {
  std::ifstream in(Log(), std::ios::binary);
  in.seekg(static_cast<std::streamoff>(log_begin_));
  std::string read;
  while (std::getline(in, read)) {
    if (read.find(line) != std::string::npos) return true;
  }
  return false;
}

bool Site::Check(bool full) {
  std::vector<ServerView> views;
  for (const std::unique_ptr<FakeServer>& server : servers_)
    views.push_back(server->View());
  for (const std::string& wrong :
       oracle_->Check(views, gm_ == nullptr ? std::vector<GmAnswer>() : gm_->Answers(), full)) {
    Violation(wrong);
  }
  CollectFaults();
  ReadLog();
  return violations_.empty();
}

void Site::End() {
  for (const std::unique_ptr<FakeServer>& server : servers_) {
    server->Stop();
    counts_->server_crashes += server->crashes();
  }
  if (gm_ != nullptr) gm_->Stop();
  servers_.clear();
  gm_.reset();
  proxies_.clear();
  if (daemon_ != nullptr) daemon_.reset();
}

}  // namespace hallwarden::chaos
