// Lines for the operator on standard error. Never player text, secrets or addresses.
#ifndef HALLWARDEN_DAEMON_LOG_H_
#define HALLWARDEN_DAEMON_LOG_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace hallwarden::daemon {

enum class LogLevel : std::uint8_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3, kOff = 4 };

// `debug`, `info`, `warning`, `error`, `off`.
[[nodiscard]] std::optional<LogLevel> ParseLogLevel(std::string_view word);

// Lines below `level` are dropped. kInfo until it is called. Thread-safe.
void SetLogLevel(LogLevel level);

// Writes one line: time, level, `message`; bytes outside printable ASCII come out as `\xNN`.
// Thread-safe.
void Log(LogLevel level, std::string_view message);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_LOG_H_
