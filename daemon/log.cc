#include "daemon/log.h"

#include <atomic>
#include <chrono>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};
constexpr std::array<std::string_view, 2> kFormats = {"text", "json"};
constexpr std::string_view kAlarm = "ALARM ";

struct Settings {
  std::atomic<LogLevel> level{LogLevel::kInfo};
  std::atomic<LogFormat> format{LogFormat::kText};
};

Settings& TheSettings() {
  static Settings settings;
  return settings;
}

struct Filter {
  Mutex mutex;
  RepeatFilter repeats HW_GUARDED_BY(mutex);
};

// Never destroyed: threads may still write when the process ends.
Filter& TheFilter() {
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): its mutex guards it
  static Filter* const kFilter = new Filter;
  return *kFilter;
}

void AppendPlain(std::string_view text, std::string* out) {
  for (const char c : text) {
    if (c >= ' ' && c <= '~') {
      out->push_back(c);
    } else {
      out->append(absl::StrFormat("\\x%02x", static_cast<unsigned char>(c)));
    }
  }
}

void AppendQuoted(std::string_view text, std::string* out) {
  std::string plain;
  AppendPlain(text, &plain);
  out->push_back('"');
  for (const char c : plain) {
    if (c == '"' || c == '\\') out->push_back('\\');
    out->push_back(c);
  }
  out->push_back('"');
}

// `store` of `store: commit failed`.
std::string_view PartOf(std::string_view message) {
  const std::size_t colon = message.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view part = message.substr(0, colon);
  for (const char c : part) {
    if (c != '_' && c != '-' && (c < 'a' || c > 'z')) return {};
  }
  return part;
}

template <class Word, std::size_t kCount>
std::optional<Word> Find(const std::array<std::string_view, kCount>& words, std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<Word>(i);
  }
  return std::nullopt;
}

}  // namespace

std::optional<LogLevel> ParseLogLevel(std::string_view word) {
  return Find<LogLevel>(kNames, word);
}

std::optional<LogFormat> ParseLogFormat(std::string_view word) {
  return Find<LogFormat>(kFormats, word);
}

void SetLogLevel(LogLevel level) {
  TheSettings().level = level;
}

void SetLogFormat(LogFormat format) {
  TheSettings().format = format;
}

std::string FormatLogLine(LogFormat format, std::int64_t at_us, LogLevel level,
                          std::string_view message) {
  const std::string time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromUnixMicros(at_us), absl::UTCTimeZone());
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  std::string line;
  if (format == LogFormat::kText) {
    line.append(time).append(" ").append(name).append(": ");
    AppendPlain(message, &line);
    return line + "\n";
  }
  const bool alarm = message.substr(0, kAlarm.size()) == kAlarm;
  if (alarm) message.remove_prefix(kAlarm.size());
  line.append(R"({"time":")").append(time).append(R"(","level":")").append(name);
  line.append(R"(","part":)");
  AppendQuoted(PartOf(message), &line);
  line.append(alarm ? R"(,"alarm":true,"message":)" : R"(,"alarm":false,"message":)");
  AppendQuoted(message, &line);
  return line + "}\n";
}

std::optional<std::uint64_t> RepeatFilter::Pass(std::string_view message, std::int64_t now_us) {
  // FNV-1a over everything but digits: `seq 7` and `seq 8` are one shape.
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char c : message) {
    if (c >= '0' && c <= '9') continue;
    hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  }
  Shape& shape = shapes_[hash % shapes_.size()];
  if (shape.hash != hash) shape = {hash, now_us, 0, 0};
  std::uint64_t left_out = 0;
  if (now_us - shape.begin_us >= kWindowUs) {
    left_out = shape.left_out;
    shape = {hash, now_us, 0, 0};
  }
  if (shape.written >= kBurst) {
    ++shape.left_out;
    return std::nullopt;
  }
  ++shape.written;
  return left_out;
}

void Log(LogLevel level, std::string_view message) {
  if (level < TheSettings().level.load()) return;
  std::string more;
  if (level < LogLevel::kError) {
    const std::int64_t boot_us = std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::steady_clock::now().time_since_epoch())
                                     .count();
    Filter& filter = TheFilter();
    std::optional<std::uint64_t> left_out;
    {
      MutexLock lock(&filter.mutex);
      left_out = filter.repeats.Pass(message, boot_us);
    }
    if (!left_out.has_value()) return;
    if (*left_out > 0) {
      more = absl::StrCat(absl::string_view(message.data(), message.size()), " (", *left_out,
                          " more like this were left out)");
      message = more;
    }
  }
  const std::string line =
      FormatLogLine(TheSettings().format, absl::ToUnixMicros(absl::Now()), level, message);
  // One write, so that lines of two threads do not mix. Nothing can be done if it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace hallwarden::daemon
