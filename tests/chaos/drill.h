// The drills: what is done to a site, phase by phase.
#ifndef HALLWARDEN_TESTS_CHAOS_DRILL_H_
#define HALLWARDEN_TESTS_CHAOS_DRILL_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/site.h"

namespace hallwarden::chaos {

struct DrillOptions {
  std::filesystem::path directory;
  std::string hallwardend;
  std::uint64_t seed = 1;
  int cycles = 30;
  int point_repeats = 1;
  std::int64_t network_events = 200'000;
  // Only crash points whose name has this in it.
  std::string point;
  // No phase begins another round after this. Zero: no limit.
  std::chrono::seconds time_max{0};
  bool verbose = false;
};

// What was really done.
struct DrillReport {
  Counts counts;
  OracleCounts oracle;
  std::map<std::string, int> points;  // times that each was reached
  int cycles = 0;
  std::int64_t events_acked = 0;
  std::int64_t events_resent = 0;
  std::int64_t gm_requests = 0;
  std::int64_t gm_tries = 0;
  std::int64_t network_events = 0;
  std::vector<std::string> violations;
};

class Drill {
 public:
  explicit Drill(DrillOptions options);

  // Each runs to its end or to the first violation; false: there was one.
  bool Kills();
  bool RealClock();
  bool CrashPoints();
  bool Network();

  [[nodiscard]] const DrillReport& report() const { return report_; }

 private:
  struct Point {
    std::string name;
    bool new_store = false;
    bool at_start = false;
    bool at_stop = false;
  };

  [[nodiscard]] bool TimeIsUp() const;
  std::uint64_t Roll(std::uint64_t below) { return random_.Next() % below; }
  void Say(const std::string& what) const;
  SiteOptions SiteFor(const std::string& name);
  std::vector<Point> Points() const;
  // One round of life and its end.
  void Cycle(Site* site);
  void WaitAWhile(Site* site);
  bool RunPoint(Site* site, const Point& point);
  bool RunNewStorePoint(const Point& point, int repeat);
  // Faults stop, all comes to rest, a last check, and one more after another replay.
  bool Finish(Site* site);
  // Takes over what a site counted; false: it has violations.
  bool Take(Site* site);
  bool Storm(Site* site, std::vector<std::string>* outline);

  DrillOptions options_;
  session::SeededJitter random_;
  DrillReport report_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_DRILL_H_
