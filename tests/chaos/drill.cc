#include "tests/chaos/drill.h"

#include <algorithm>
#include <iostream>
#include <thread>

#include "storage/crash_point.h"

namespace hallwarden::chaos {
namespace {

constexpr int kPointSeconds = 30;
constexpr int kSettleSeconds = 120;

void Sleep(std::uint64_t ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

}  // namespace

Drill::Drill(DrillOptions options) : options_(std::move(options)), random_(options_.seed) {}

bool Drill::TimeIsUp() const {
  return options_.time_max.count() > 0 &&
         std::chrono::steady_clock::now() - begin_ > options_.time_max;
}

void Drill::Say(const std::string& what) const {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin_)
          .count();
  std::cout << "[" << seconds << " s] " << what << std::endl;
}

SiteOptions Drill::SiteFor(const std::string& name) {
  SiteOptions site;
  site.directory = options_.directory / name;
  site.hallwardend = options_.hallwardend;
  site.seed = options_.seed;
  // Few players offend often; a long run needs more of them, and slower days: tokens live for 90.
  site.accounts = 60 + options_.cycles;
  site.step_us =
      std::min<std::int64_t>(20'000'000, 6'000'000'000'000 / (3000 * (options_.cycles + 50)));
  return site;
}

bool Drill::Take(Site* site) {
  const OracleCounts& counts = site->oracle().counts();
  report_.oracle.checks += counts.checks;
  report_.oracle.records += counts.records;
  report_.oracle.events += counts.events;
  report_.oracle.sanctions += counts.sanctions;
  report_.oracle.directives += counts.directives;
  report_.oracle.cases += counts.cases;
  report_.oracle.timers_fired += counts.timers_fired;
  report_.oracle.audits += counts.audits;
  report_.oracle.answers += counts.answers;
  report_.events_acked += site->acked();
  for (const auto& server : site->servers())
    report_.events_resent += server->resent();
  if (site->gm() != nullptr) {
    report_.gm_requests += site->gm()->answered();
    report_.gm_tries += site->gm()->tries();
  }
  const std::vector<std::string>& found = site->violations();
  report_.violations.insert(report_.violations.end(), found.begin(), found.end());
  return found.empty();
}

bool Drill::Finish(Site* site) {
  if (!site->DaemonRuns()) site->StartDaemon({});
  if (!site->Settle(kSettleSeconds)) return false;
  if (!site->StopDaemon() || !site->Check(true)) return false;
  // Another start replays nothing new and changes nothing.
  site->StartDaemon({});
  site->Kill();
  return site->Check(true);
}

// ---- kills --------------------------------------------------------------------------------------

void Drill::WaitAWhile(Site* site) {
  if (Roll(2) == 0) {
    Sleep(Roll(300));
  } else {
    site->AwaitAcked(static_cast<double>(Roll(1000)) / 1000, 20);
  }
}

void Drill::Cycle(Site* site) {
  site->MoreEvents(static_cast<std::int64_t>(50 + Roll(900)));
  if (Roll(5) == 0) site->servers()[Roll(site->servers().size())]->Crash();
  const std::uint64_t die = Roll(100);
  if (die < 10) {
    // In the middle of a start.
    site->LaunchDaemon({});
    Sleep(Roll(120));
    site->Kill();
    return;
  }
  if (die < 35) {
    const auto points = storage::CrashPoints();
    const std::string name(points[Roll(points.size())].name);
    site->StartDaemon({"--test-crash-point", name + ":" + std::to_string(1 + Roll(20))});
    site->AwaitAcked(1, 3);
    const bool alone = !site->DaemonRuns();
    if (alone && site->ReapKilled()) ++report_.points[name];
    if (!alone) site->Kill();
    return;
  }
  site->StartDaemon({});
  WaitAWhile(site);
  if (die < 45) {
    site->StopDaemon();
  } else {
    site->Kill();
  }
}

bool Drill::Kills() {
  Say("kills: " + std::to_string(options_.cycles) + " cycles");
  SiteOptions options = SiteFor("kills");
  options.cells_max = 40;
  options.mangling = {2, 5, 3, 10, 10, 2};
  Site site(options, &report_.counts);
  if (!site.Found()) return Take(&site);
  site.Begin();
  site.Kill();
  bool good = true;
  for (int i = 0; good && i < options_.cycles && !TimeIsUp(); ++i) {
    Cycle(&site);
    ++report_.cycles;
    good = site.Check(i % 20 == 0);
    if (options_.verbose || i % 50 == 49) {
      Say("cycle " + std::to_string(i + 1) + ", " + std::to_string(site.acked()) + " acknowledged");
    }
  }
  if (good) Finish(&site);
  site.Kill();
  return Take(&site);
}

bool Drill::RealClock() {
  const int cycles = std::max(4, options_.cycles / 8);
  Say("kills on the machine's clock: " + std::to_string(cycles) + " cycles");
  SiteOptions options = SiteFor("clock");
  options.test_clock = false;
  options.seed += 3;
  Site site(options, &report_.counts);
  if (!site.Found()) return Take(&site);
  site.Begin();
  site.Kill();
  bool good = true;
  for (int i = 0; good && i < cycles && !TimeIsUp(); ++i) {
    Cycle(&site);
    ++report_.cycles;
    good = site.Check(false);
  }
  if (good) Finish(&site);
  site.Kill();
  return Take(&site);
}

// ---- crash points -------------------------------------------------------------------------------

std::vector<Drill::Point> Drill::Points() const {
  std::vector<Point> points;
  for (const storage::CrashPoint& known : storage::CrashPoints()) {
    Point point;
    point.name = std::string(known.name);
    if (point.name.find(options_.point) == std::string::npos) continue;
    point.at_start = point.name.starts_with("start.") || point.name.starts_with("token.");
    point.at_stop = point.name.starts_with("stop.");
    point.new_store = point.name.starts_with("token.") ||
                      point.name.starts_with("start.activation") ||
                      point.name == "start.meta_written";
    points.push_back(std::move(point));
  }
  return points;
}

bool Drill::RunPoint(Site* site, const Point& point) {
  if (point.at_start) {
    // A tail to replay.
    site->MoreEvents(60);
    site->StartDaemon({});
    site->AwaitAcked(1, 10);
    site->Kill();
  }
  const std::uint64_t nth = point.at_start || point.at_stop ? 1 : 1 + Roll(3);
  const std::vector<std::string> flags{"--test-crash-point",
                                       point.name + ":" + std::to_string(nth)};
  site->StartDaemon(flags);
  // Enough for a checkpoint, and for players to offend.
  site->MoreEvents(600);
  if (point.name.starts_with("policy.")) site->gm()->WantPolicy();
  if (point.at_stop) {
    site->AwaitAcked(0.3, 10);
    if (site->DaemonRuns()) site->StopDaemonToDie();
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(kPointSeconds);
  while (site->DaemonRuns() && std::chrono::steady_clock::now() < until) {
    site->MoreEvents(600);
    if (point.name.starts_with("policy.")) site->gm()->WantPolicy();
    site->AwaitAcked(1, 2);
  }
  if (site->DaemonRuns()) {
    report_.violations.push_back("crash point " + point.name + " was not reached");
    site->Kill();
    return site->Check(false);
  }
  site->ReapKilled();
  if (site->Logged("crash point " + point.name + " reached")) ++report_.points[point.name];
  return site->Check(false);
}

bool Drill::RunNewStorePoint(const Point& point, int repeat) {
  SiteOptions options = SiteFor(point.name + "." + std::to_string(repeat));
  options.seed += static_cast<std::uint64_t>(repeat);
  options.servers = 2;
  Site site(options, &report_.counts);
  site.LaunchDaemon({"--test-crash-point", point.name});
  if (!e2e::Await([&] { return !site.DaemonRuns(); }, kPointSeconds)) {
    report_.violations.push_back("crash point " + point.name + " was not reached");
    return false;
  }
  site.ReapKilled();
  if (site.Logged("crash point " + point.name + " reached")) ++report_.points[point.name];
  if (!site.Found()) return Take(&site);
  site.Begin();
  site.MoreEvents(200);
  site.AwaitAcked(1, 30);
  Finish(&site);
  site.Kill();
  const bool good = Take(&site);
  site.End();
  if (good) std::filesystem::remove_all(options.directory);
  return good;
}

bool Drill::CrashPoints() {
  const std::vector<Point> points = Points();
  Say("crash points: " + std::to_string(points.size()) + " of them, " +
      std::to_string(options_.point_repeats) + " times each");
  SiteOptions options = SiteFor("points");
  options.seed += 1;
  options.checkpoint_records = 400;
  options.cells_max = 100;
  options.step_us = std::min<std::int64_t>(options.step_us, 8'000'000 / options_.point_repeats);
  Site site(options, &report_.counts);
  if (!site.Found()) return Take(&site);
  site.Begin();
  site.Kill();
  bool good = true;
  for (int repeat = 0; good && repeat < options_.point_repeats && !TimeIsUp(); ++repeat) {
    for (const Point& point : points) {
      if (!good) break;
      if (options_.verbose) Say("crash point " + point.name);
      good = point.new_store ? RunNewStorePoint(point, repeat) : RunPoint(&site, point);
    }
  }
  if (good) Finish(&site);
  site.Kill();
  return Take(&site) && report_.violations.empty();
}

// ---- network ------------------------------------------------------------------------------------

bool Drill::Storm(Site* site, std::vector<std::string>* outline) {
  if (!site->Found()) return Take(site);
  site->Begin();
  const std::int64_t each =
      options_.network_events / static_cast<std::int64_t>(site->servers().size());
  site->MoreEvents(each);
  std::int64_t last = -1;
  while (site->acked() < each * static_cast<std::int64_t>(site->servers().size())) {
    site->AwaitAcked(1, 30);
    if (!site->DaemonRuns()) {
      site->StartDaemon({});
      continue;
    }
    if (site->acked() == last) break;  // Settle says what is wrong
    last = site->acked();
    if (options_.verbose) Say(std::to_string(last) + " acknowledged");
  }
  report_.network_events += site->acked();
  Finish(site);
  *outline = site->oracle().Outline();
  site->Kill();
  return Take(site);
}

bool Drill::Network() {
  Say("broken network: " + std::to_string(options_.network_events) + " events");
  SiteOptions options = SiteFor("network");
  options.shared = false;
  options.gm = false;
  options.no_quota = true;
  options.checkpoint_records = 20'000;
  options.accounts = 60 + static_cast<int>(options_.network_events / 2000);
  options.seed += 2;
  SiteOptions calm = options;
  calm.directory = options_.directory / "calm";
  options.proxied = true;
  options.proxy = {300'000, 150, 200, 8'000};
  options.mangling = {15, 60, 20, 60, 100, 3};
  std::vector<std::string> storm_outline;
  Site storm(options, &report_.counts);
  if (!Storm(&storm, &storm_outline)) return false;
  storm.End();
  Say("the same without faults");
  std::vector<std::string> calm_outline;
  Site quiet(calm, &report_.counts);
  if (!Storm(&quiet, &calm_outline)) return false;
  if (storm_outline == calm_outline && !calm_outline.empty()) return true;
  for (std::size_t i = 0; i < std::min(storm_outline.size(), calm_outline.size()); ++i) {
    if (storm_outline[i] == calm_outline[i]) continue;
    report_.violations.push_back("disturbed: " + storm_outline[i]);
    report_.violations.push_back("undisturbed: " + calm_outline[i]);
    break;
  }
  report_.violations.push_back("the disturbed run decided otherwise than the undisturbed one");
  return false;
}

}  // namespace hallwarden::chaos
