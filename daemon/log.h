// Lines for the operator on standard error. Never player text, secrets or addresses.
#ifndef HALLWARDEN_DAEMON_LOG_H_
#define HALLWARDEN_DAEMON_LOG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hallwarden::daemon {

enum class LogLevel : std::uint8_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3, kOff = 4 };
enum class LogFormat : std::uint8_t { kText = 0, kJson = 1 };

// `debug`, `info`, `warning`, `error`, `off`.
[[nodiscard]] std::optional<LogLevel> ParseLogLevel(std::string_view word);
// `text`, `json`.
[[nodiscard]] std::optional<LogFormat> ParseLogFormat(std::string_view word);

// Lines below `level` are dropped. kInfo until it is called. Thread-safe.
void SetLogLevel(LogLevel level);
// kText until it is called. Thread-safe.
void SetLogFormat(LogFormat format);

// Writes one line: time, level, `message`; as text or as a JSON object with `time`, `level`, `part`
// (what stands before the first colon, if that is one word), `alarm` (true for what begins with
// ALARM) and `message`. Bytes outside printable ASCII come out as `\xNN`. Lines of the same shape
// (equal but for their digits) are written 20 times in 10 seconds; then they are counted, and the
// next one that is written tells how many were left out. Errors always come through. Thread-safe.
void Log(LogLevel level, std::string_view message);

// ---- the parts, for tests -----------------------------------------------------------------------
// One line, its end included. `at_us` since 1970.
[[nodiscard]] std::string FormatLogLine(LogFormat format, std::int64_t at_us, LogLevel level,
                                        std::string_view message);

// Bounded in memory whatever comes. Not thread-safe.
class RepeatFilter {
 public:
  static constexpr std::int64_t kWindowUs = 10'000'000;
  static constexpr std::uint32_t kBurst = 20;

  // Nullopt: leave it out. Otherwise how many of this shape were left out before it.
  [[nodiscard]] std::optional<std::uint64_t> Pass(std::string_view message, std::int64_t now_us);

 private:
  struct Shape {
    std::uint64_t hash = 0;
    std::int64_t begin_us = 0;
    std::uint32_t written = 0;
    std::uint64_t left_out = 0;
  };
  // Shapes that share a place push each other out: then more is written, never less.
  std::array<Shape, 256> shapes_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_LOG_H_
