// tools/chaos: kills, cuts and mangles a real daemon, and lets an oracle look at what is left.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include "tests/chaos/drill.h"

namespace hallwarden::chaos {
namespace {

constexpr int kExitViolation = 1;
constexpr int kExitUsage = 2;

constexpr char kHelp[] =
    "Usage: tools/chaos [--quick | --cycles N] [flags]\n\n"
    "Drives a real hallwardend with fake game servers and a GM, kills it at random moments and at\n"
    "every named crash point, breaks its network, and compares the store after each restart with\n"
    "an independent reference.\n\n"
    "  --quick            a few minutes (default)\n"
    "  --cycles N         N kills; crash points N/100 times each; 2,000 N events in the network\n"
    "  --seed S           the plan: what is done, in which order. Default: random. Which\n"
    "                     instruction a kill hits still differs from run to run\n"
    "  --phase NAME       only kills, clock, points or network; may be given again\n"
    "  --point PART       only crash points whose name has PART in it\n"
    "  --repeats N        times that each crash point is reached\n"
    "  --events N         events of the network phase\n"
    "  --minutes M        begin no further round after so long\n"
    "  --directory DIR    where stores and logs lie. Default: a new one, kept on a violation only\n"
    "  --daemon FILE      the hallwardend to drive\n"
    "  --verbose          say more\n\n"
    "Exit code 0: no violation; 1: a violation, stores and logs are kept; 2: a wrong option.\n";

struct Options {
  DrillOptions drill;
  std::vector<std::string> phases;
  bool help = false;
};

bool Number(const std::string& text, std::int64_t* number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && *number > 0;
}

bool SetValue(const std::string& flag, const std::string& value, Options* options) {
  DrillOptions& drill = options->drill;
  if (flag == "--phase") {
    options->phases.push_back(value);
    return value == "kills" || value == "clock" || value == "points" || value == "network";
  }
  if (flag == "--point") {
    drill.point = value;
    return true;
  }
  if (flag == "--directory") {
    drill.directory = value;
    return true;
  }
  if (flag == "--daemon") {
    drill.hallwardend = value;
    return true;
  }
  std::int64_t number = 0;
  if (!Number(value, &number)) return false;
  if (flag == "--cycles") {
    drill.cycles = static_cast<int>(number);
    drill.point_repeats = static_cast<int>(std::max<std::int64_t>(1, number / 100));
    drill.network_events = std::max<std::int64_t>(drill.network_events, 2000 * number);
    return true;
  }
  if (flag == "--seed") {
    drill.seed = static_cast<std::uint64_t>(number);
    return true;
  }
  if (flag == "--repeats") {
    drill.point_repeats = static_cast<int>(number);
    return true;
  }
  if (flag == "--events") {
    drill.network_events = number;
    return true;
  }
  drill.time_max = std::chrono::minutes(number);
  return flag == "--minutes";
}

bool Parse(const std::vector<std::string>& words, Options* options) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h") {
      options->help = true;
    } else if (word == "--verbose") {
      options->drill.verbose = true;
    } else if (word == "--quick") {
      continue;
    } else if (i + 1 == words.size() || !SetValue(word, words[i + 1], options)) {
      std::cerr << "chaos: do not know what to do with " << word << "\n\n" << kHelp;
      return false;
    } else {
      ++i;
    }
  }
  return true;
}

void Print(const DrillReport& report) {
  const Counts& counts = report.counts;
  int reached = 0;
  for (const auto& [name, times] : report.points)
    reached += times;
  std::cout << "daemon: " << counts.starts << " starts, " << counts.kills << " SIGKILLs, "
            << reached << " deaths at " << report.points.size() << " crash points, " << counts.stops
            << " clean stops; " << report.cycles << " random cycles\n"
            << "game servers: " << report.events_acked << " events acknowledged, "
            << report.events_resent << " sent again, " << counts.server_crashes << " crashes\n"
            << "GM: " << report.gm_requests << " requests answered, " << report.gm_tries
            << " tries\n"
            << "messages: " << counts.mangle.messages << ", lost " << counts.mangle.lost
            << ", repeated " << counts.mangle.repeated << ", reordered " << counts.mangle.reordered
            << ", streams broken " << counts.mangle.broken << "\n"
            << "proxy: " << counts.proxy.connections << " connections, " << counts.proxy.bytes
            << " bytes, " << counts.proxy.cuts << " cut, " << counts.proxy.half_closes
            << " half-closed, " << counts.proxy.stalls << " stalled, " << counts.proxy.delays
            << " reads delayed; " << report.network_events << " events through it or beside it\n"
            << "oracle: " << report.oracle.checks << " checks, " << report.oracle.records
            << " records folded (" << report.oracle.events << " events), "
            << report.oracle.sanctions << " sanctions, " << report.oracle.cases << " cases, "
            << report.oracle.directives << " directives, " << report.oracle.timers_fired
            << " timers, " << report.oracle.audits << " audit records, " << report.oracle.answers
            << " answers\n";
}

bool Run(const std::vector<std::string>& phases, Drill* drill) {
  const auto wanted = [&phases](const char* name) {
    return phases.empty() || std::find(phases.begin(), phases.end(), name) != phases.end();
  };
  if (wanted("kills") && !drill->Kills()) return false;
  if (wanted("points") && !drill->CrashPoints()) return false;
  if (wanted("network") && !drill->Network()) return false;
  return !wanted("clock") || drill->RealClock();
}

int Main(const std::vector<std::string>& words) {
  Options options;
  options.drill.hallwardend = HW_HALLWARDEND;
  options.drill.seed = std::random_device()() % 1'000'000 + 1;
  if (!Parse(words, &options)) return kExitUsage;
  if (options.help) {
    std::cout << kHelp;
    return 0;
  }
  DrillOptions& drill_options = options.drill;
  const bool own = drill_options.directory.empty();
  if (own) {
    std::string pattern = (std::filesystem::temp_directory_path() / "chaos-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return kExitUsage;
    drill_options.directory = pattern;
  }
  std::cout << "chaos: seed " << drill_options.seed << ", stores in "
            << drill_options.directory.string() << std::endl;
  bool good = false;
  {
    Drill drill(drill_options);
    good = Run(options.phases, &drill) && drill.report().violations.empty();
    Print(drill.report());
    for (const std::string& violation : drill.report().violations)
      std::cout << "VIOLATION: " << violation << "\n";
  }
  if (good) {
    std::error_code ignored;
    if (own) std::filesystem::remove_all(drill_options.directory, ignored);
    std::cout << "chaos: no violation (seed " << drill_options.seed << ")" << std::endl;
    return 0;
  }
  std::cout << "chaos: VIOLATED. Stores and logs: " << drill_options.directory.string()
            << "\nAgain: tools/chaos";
  for (const std::string& word : words)
    std::cout << " " << word;
  if (std::find(words.begin(), words.end(), "--seed") == words.end()) {
    std::cout << " --seed " << drill_options.seed;
  }
  std::cout << std::endl;
  return kExitViolation;
}

}  // namespace
}  // namespace hallwarden::chaos

int main(int argc, char** argv) {
  return hallwarden::chaos::Main({argv + 1, argv + argc});
}
