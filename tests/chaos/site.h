// A store with its daemon, its game servers and its GM: started, killed, stopped and checked.
#ifndef HALLWARDEN_TESTS_CHAOS_SITE_H_
#define HALLWARDEN_TESTS_CHAOS_SITE_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/chaos/fake_server.h"
#include "tests/chaos/gm_client.h"
#include "tests/chaos/oracle.h"
#include "tests/chaos/proxy.h"
#include "tests/e2e/child.h"

namespace hallwarden::chaos {

struct SiteOptions {
  std::filesystem::path directory;
  std::string hallwardend;
  std::uint64_t seed = 1;
  int servers = 4;
  bool gm = true;
  // Servers share their players, and events carry times that move days in minutes.
  bool shared = true;
  // Commit time follows the events; false: the machine's clocks.
  bool test_clock = true;
  Mangling mangling;
  // A proxy between each server and the daemon.
  bool proxied = false;
  ProxyFaults proxy;
  // A checkpoint after so many records.
  int checkpoint_records = 700;
  // 0: the daemon's default.
  int cells_max = 0;
  std::size_t batch_max = 128;
  int accounts = 60;
  std::int64_t step_us = 20'000'000;
  // No hourly limit of sanctions: what one server's players do then never depends on another's.
  bool no_quota = false;
};

struct Counts {
  std::atomic<std::int64_t> starts{0};
  std::atomic<std::int64_t> kills{0};
  std::atomic<std::int64_t> stops{0};
  std::atomic<std::int64_t> server_crashes{0};
  MangleCounts mangle;
  ProxyCounts proxy;
};

class Site {
 public:
  Site(SiteOptions options, Counts* counts);
  ~Site();

  // A new store: starts the daemon, makes the tokens, stops it. False: see violations().
  bool Found();
  // Servers and GM begin. The daemon may be up or down.
  void Begin();
  // Starts the daemon with further flags. Returns when it listens, or ended.
  void StartDaemon(const std::vector<std::string>& flags);
  // Returns at once.
  void LaunchDaemon(const std::vector<std::string>& flags);
  void Kill();
  // SIGTERM; false if it does not end in time or not well.
  bool StopDaemon();
  // SIGTERM only: a crash point of the stop is armed.
  void StopDaemonToDie();
  [[nodiscard]] bool DaemonRuns() { return daemon_ != nullptr && daemon_->Running(); }
  // It ended by itself: as a crash point does it (true), or for another reason.
  bool ReapKilled();
  // Lets each server make so many events beyond what is acknowledged.
  void MoreEvents(std::int64_t each);
  // Waits until `fraction` of what the servers may make is acknowledged, the daemon ended, or the
  // time is over.
  void AwaitAcked(double fraction, int seconds);
  // Faults stop, everything must come to rest: all events acknowledged, all directives and requests
  // answered. False if it does not within `seconds`.
  bool Settle(int seconds);
  // With the daemon down: compares store, reference and views. False: see violations().
  bool Check(bool full);
  // Ends servers and GM.
  void End();

  std::vector<std::unique_ptr<FakeServer>>& servers() { return servers_; }
  [[nodiscard]] GmClient* gm() { return gm_.get(); }
  [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
  [[nodiscard]] const Oracle& oracle() const { return *oracle_; }
  // True if the daemon's log has this line since its last start.
  [[nodiscard]] bool Logged(const std::string& line) const;
  [[nodiscard]] std::int64_t acked() const;
  [[nodiscard]] std::filesystem::path store() const { return options_.directory / "store"; }

 private:
  void Violation(const std::string& what);
  void CollectFaults();
  void ReadLog();
  [[nodiscard]] std::string Socket() const { return (options_.directory / "d.sock").string(); }
  [[nodiscard]] std::string Target() const { return "unix:" + Socket(); }
  [[nodiscard]] std::filesystem::path Log() const { return options_.directory / "daemon.log"; }

  SiteOptions options_;
  Counts* counts_;
  session::SeededJitter random_;
  std::string policy_;
  std::atomic<std::int64_t> clock_us_;
  std::string admin_token_;
  std::string gm_token_;
  std::vector<std::string> server_tokens_;
  std::unique_ptr<e2e::Child> daemon_;
  std::uintmax_t log_begin_ = 0;
  std::uintmax_t log_read_ = 0;
  std::vector<std::unique_ptr<Proxy>> proxies_;
  std::vector<std::unique_ptr<FakeServer>> servers_;
  std::unique_ptr<GmClient> gm_;
  std::unique_ptr<Oracle> oracle_;
  std::vector<std::string> violations_;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_SITE_H_
