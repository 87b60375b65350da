#include "tools/gmctl/context.h"

#include <utility>

#include "tools/gmctl/files.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr absl::Duration kLongestTimeout = absl::Minutes(10);

absl::StatusOr<bool> WantsColor(const Args& args, const World& world, bool terminal) {
  const std::string& when = args.Get("color");
  if (when == "always") return true;
  if (when == "never") return false;
  if (!when.empty() && when != "auto") {
    return UsageProblem("err.args.choice",
                        {{"flag", "--color"}, {"value", when}, {"list", "auto, always, never"}});
  }
  if (world.environment("NO_COLOR").has_value()) return false;
  return terminal && world.environment("TERM").value_or("") != "dumb";
}

absl::StatusOr<absl::TimeZone> ReadZone(const Args& args, const World& world) {
  if (args.Has("tz")) return ParseZone(args.Get("tz"));
  // absl::LocalTimeZone is UTC on a system that knows no zone; the product's home is a better
  // guess.
  constexpr int kChinaSeconds = 8 * 3600;
  const bool known = world.environment("TZ").has_value() || FileExists("/etc/localtime");
  return known ? absl::LocalTimeZone() : absl::FixedTimeZone(kChinaSeconds);
}

absl::StatusOr<Format> ReadOutput(const Args& args, World& world) {
  if (!args.Has("output")) {
    return world.console.OutputIsTerminal() ? Format::kTable : Format::kTsv;
  }
  const std::optional<Format> format = ReadFormat(args.Get("output"));
  if (format.has_value()) return *format;
  return UsageProblem("err.args.choice", {{"flag", "--output"},
                                          {"value", args.Get("output")},
                                          {"list", "table, wide, json, jsonl, yaml, tsv, name"}});
}

}  // namespace

Language ReadLanguage(const std::vector<std::string>& words, const Environment& environment) {
  std::string said;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--lang" && i + 1 < words.size()) said = words[i + 1];
    if (words[i].starts_with("--lang=")) said = words[i].substr(7);
  }
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (said.empty()) said = environment(variable).value_or("");
  }
  return said.starts_with("zh") ? Language::kChinese : Language::kEnglish;
}

absl::StatusOr<Manner> ReadManner(const Args& args, World& world) {
  Manner manner;
  manner.language = ReadLanguage(args.words(), world.environment);
  if (args.Has("lang") && args.Get("lang") != "zh" && args.Get("lang") != "en") {
    return UsageProblem("err.args.choice",
                        {{"flag", "--lang"}, {"value", args.Get("lang")}, {"list", "zh, en"}});
  }
  const auto zone = ReadZone(args, world);
  if (!zone.ok()) return zone.status();
  manner.zone = *zone;
  const auto format = ReadOutput(args, world);
  if (!format.ok()) return format.status();
  manner.sheet.format = *format;
  manner.sheet.header = !args.Has("no-header");
  if (args.Has("fields")) manner.sheet.fields = Split(args.Get("fields"), ',');
  const auto color_out = WantsColor(args, world, world.console.OutputIsTerminal());
  if (!color_out.ok()) return color_out.status();
  manner.color_out = *color_out && IsForPeople(*format);
  manner.color_error = WantsColor(args, world, world.console.ErrorIsTerminal()).value_or(false);
  if (args.Has("timeout")) {
    const auto timeout = ParseTerm(args.Get("timeout"));
    if (!timeout.ok()) return timeout.status();
    if (*timeout > kLongestTimeout) {
      return UsageProblem("err.args.timeout", {{"limit", RoughTerm(kLongestTimeout)}});
    }
    manner.timeout = *timeout;
  }
  return manner;
}

Context::Context(World& world, const Args& args, const Manner& manner)
    : world_(world),
      args_(args),
      manner_(manner),
      look_(Catalogue(manner.language), manner.zone, world.clock.Now()),
      state_(StateFolder(world.environment)) {}

absl::StatusOr<Client*> Context::Daemon() {
  if (client_ != nullptr) return client_.get();
  absl::StatusOr<Connection> connection = ChooseConnection(args_, world_.environment);
  if (!connection.ok()) return connection.status();
  connection_ = *std::move(connection);
  absl::StatusOr<std::unique_ptr<GmApi>> api = world_.connect(connection_);
  if (!api.ok()) return api.status();
  client_ = std::make_unique<Client>(*std::move(api), world_.clock, manner_.timeout);
  return client_.get();
}

bool Context::Out(std::string_view text, bool keep_tabs) {
  return world_.console.WriteOut(FinishForConsole(text, manner_.color_out, keep_tabs));
}

void Context::Talk(std::string_view text) {
  Prompt(Cat({text, "\n"}));
}

void Context::Prompt(std::string_view text) {
  world_.console.WriteError(FinishForConsole(text, manner_.color_error, false));
}

absl::Status Context::Print(const Sheet& sheet) {
  const absl::StatusOr<std::string> text = PrintSheet(sheet, manner_.sheet, catalogue());
  if (!text.ok()) return text.status();
  Out(*text, manner_.sheet.format == Format::kTsv);
  return absl::OkStatus();
}

void Context::Remember(const LastSpokenOf& last) {
  state_.Remember(connection_.server, last);
}

}  // namespace hallwarden::gmctl
