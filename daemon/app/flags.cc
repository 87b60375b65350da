#include "daemon/app/flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::daemon {
namespace {

struct Flag {
  std::string_view name;
  // Empty: a switch.
  std::string_view value;
  std::string_view help;
  // False: the value is none.
  bool (*set)(const std::string& value, Flags* flags);
};

template <class Number>
bool ParseNumber(const std::string& text, Number* number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool SetLevel(const std::string& value, Flags* flags) {
  const std::optional<LogLevel> level = ParseLogLevel(value);
  if (level.has_value()) flags->log_level = *level;
  return level.has_value();
}

constexpr std::array<Flag, 13> kFlags = {{
    {"store", "DIR", "directory of the store; made if it is missing. Required",
     [](const std::string& v, Flags* f) {
       f->store = v;
       return !v.empty();
     }},
    {"listen", "HOST:PORT", "where to listen (default 127.0.0.1:7700); loopback only",
     [](const std::string& v, Flags* f) {
       f->listen = v;
       return !v.empty();
     }},
    {"pid-file", "FILE", "write the process number there while running",
     [](const std::string& v, Flags* f) {
       f->pid_file = v;
       return !v.empty();
     }},
    {"policy", "FILE", "policy that a new store starts with (default: the built-in one)",
     [](const std::string& v, Flags* f) {
       f->policy = v;
       return !v.empty();
     }},
    {"check-policy", "FILE", "check a policy, print what is wrong with it, and exit 0 or 1",
     [](const std::string& v, Flags* f) {
       f->check_policy = v;
       return !v.empty();
     }},
    {"export", "", "print all decisions of the store as text and exit; changes nothing",
     [](const std::string&, Flags* f) {
       f->export_store = true;
       return true;
     }},
    {"log-level", "LEVEL", "debug, info, warning, error or off (default info)", SetLevel},
    {"version", "", "print the version and exit",
     [](const std::string&, Flags* f) {
       f->version = true;
       return true;
     }},
    {"help", "", "print this and exit",
     [](const std::string&, Flags* f) {
       f->help = true;
       return true;
     }},
    {"test-clock", "", "for tests: commit time follows the events, no clock is read",
     [](const std::string&, Flags* f) {
       f->test_clock = true;
       return true;
     }},
    {"test-clock-start", "SECONDS", "for tests: where commit time of an empty store begins",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->test_clock_start_s) && f->test_clock_start_s > 0;
     }},
    {"test-group-max", "N", "for tests: at most N records a commit",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->test_group_max) && f->test_group_max > 0;
     }},
    {"idle-engine", "", "for benchmarks: judge no hall event, measure everything around it",
     [](const std::string&, Flags* f) {
       f->idle_engine = true;
       return true;
     }},
}};

const Flag* Find(std::string_view name) {
  const auto* const it = std::find_if(kFlags.begin(), kFlags.end(),
                                      [&](const Flag& flag) { return flag.name == name; });
  return it == kFlags.end() ? nullptr : it;
}

}  // namespace

absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& words) {
  Flags flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::size_t equals = word.find('=');
    const bool dashed = word.rfind("--", 0) == 0;
    const std::string name =
        dashed ? word.substr(2, equals == std::string::npos ? equals : equals - 2) : "";
    const Flag* flag = dashed ? Find(name) : nullptr;
    if (flag == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("do not know `", word, "`: see --help"));
    }
    std::string value;
    if (equals != std::string::npos) {
      if (flag->value.empty()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " takes no value"));
      }
      value = word.substr(equals + 1);
    } else if (!flag->value.empty()) {
      if (i + 1 == words.size()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
      }
      value = words[++i];
    }
    if (!flag->set(value, &flags)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, " cannot be `", value, "`: see --help"));
    }
  }
  return flags;
}

std::string FlagsHelp() {
  std::string help =
      "hallwardend: the moderation daemon.\n\nUsage: hallwardend --store DIR [flags]\n\n";
  for (const Flag& flag : kFlags) {
    std::string left = absl::StrCat("  --", absl::string_view(flag.name.data(), flag.name.size()));
    if (!flag.value.empty()) {
      absl::StrAppend(&left, " ", absl::string_view(flag.value.data(), flag.value.size()));
    }
    constexpr std::size_t kColumn = 30;
    left.resize(std::max(left.size() + 1, kColumn), ' ');
    absl::StrAppend(&help, left, absl::string_view(flag.help.data(), flag.help.size()), "\n");
  }
  return help +
         "\nThe first start writes the administrator's token to DIR/admin.token. SIGTERM stops it "
         "cleanly.\nExit codes: 0 stopped, 1 the policy is bad, 2 it cannot start, 70 a write "
         "failed "
         "(start it again).\n";
}

bool IsLoopback(const std::string& listen) {
  if (listen.rfind("unix:", 0) == 0) return true;
  if (listen.rfind("[::1]:", 0) == 0) return true;
  const std::size_t colon = listen.rfind(':');
  const std::string host = listen.substr(0, colon);
  if (host == "localhost") return true;
  // Four numbers, so that 127.0.0.1.example.org is none.
  if (host.rfind("127.", 0) != 0) return false;
  return std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace hallwarden::daemon
