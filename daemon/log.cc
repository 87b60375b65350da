#include "daemon/log.h"

#include <array>
#include <atomic>
#include <string>

#include <unistd.h>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace hallwarden::daemon {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};

std::atomic<LogLevel>& Level() {
  static std::atomic<LogLevel> level{LogLevel::kInfo};
  return level;
}

}  // namespace

std::optional<LogLevel> ParseLogLevel(std::string_view word) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == word) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

void SetLogLevel(LogLevel level) {
  Level() = level;
}

void Log(LogLevel level, std::string_view message) {
  if (level < Level().load()) return;
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  std::string line = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ ", absl::Now(), absl::UTCTimeZone());
  line.append(name).append(": ");
  for (const char c : message) {
    if (c >= ' ' && c <= '~') {
      line.push_back(c);
    } else {
      line += absl::StrFormat("\\x%02x", static_cast<unsigned char>(c));
    }
  }
  line.push_back('\n');
  // One write, so that lines of two threads do not mix. Nothing can be done if it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace hallwarden::daemon
