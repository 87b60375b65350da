#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "tools/flags/flag_set.h"
#include "tools/names_to_events/names_traffic.h"
#include "tools/session/file_system.h"

namespace hallwarden::names {
namespace {

enum ExitCode { kDone = 0, kLocal = 1, kUsage = 2 };

constexpr std::size_t kFileBytesMax = std::size_t{64} << 20U;

struct Options {
  std::int64_t count = 20'000;
  std::int64_t seed = 1;
  std::string out = "-";
  std::string labels;
  std::string account_prefix = "n";
  std::string start_time = "2026-01-05T08:00:00+08:00";
  std::int64_t step_ms = 50;
};

void Say(const std::string& line) {
  std::cerr << "names_to_events: " << line << '\n';
}

tools::FlagSet MakeFlags(Options* o) {
  tools::FlagSet flags(
      "names_to_events: makes registrations and renames, for relay, out of lists of names.\n"
      "\n"
      "  names_to_events [flags] FILE.tsv...      lines `label<TAB>text[<TAB>more]`",
      "60 % of the events register an account, 30 % rename one that is here, the others log out "
      "and in again. Every\n"
      "text is used once before any is used twice; with 90 % of the events carrying a name, "
      "--count of 10/9 of the\n"
      "number of texts uses each about once. The labels file says for each name: line of --out, "
      "account, label, text.\n"
      "\n"
      "Exit codes: 0 done; 1 a file cannot be read or written; 2 wrong flags.\n");
  flags.Group("Flags");
  flags.Add("count", &o->count, {1, 1'000'000'000}, "events to make");
  flags.Add("seed", &o->seed, {}, "seed of all chance");
  flags.Add("out", &o->out, "FILE", "proto3 JSON lines; - for standard output");
  flags.Add("labels", &o->labels, "FILE", "write the truth there");
  flags.Add("account-prefix", &o->account_prefix, "TEXT", "how account names begin");
  flags.Add("start-time", &o->start_time, "TIME", "event time of the first event, RFC 3339");
  flags.Add("step-ms", &o->step_ms, {0, 86'400'000},
            "how much later each event is than the one before");
  return flags;
}

absl::StatusOr<std::vector<LabelledText>> ReadTexts(const std::vector<std::string>& paths) {
  std::vector<LabelledText> texts;
  for (const std::string& path : paths) {
    absl::StatusOr<std::string> content =
        session::ReadWholeFile(session::RealFileSystem(), path, kFileBytesMax);
    if (!content.ok()) return content.status();
    if (absl::Status s = AddLabelledTexts(*content, path, &texts); !s.ok()) return s;
  }
  if (texts.empty()) return absl::InvalidArgumentError("the files hold no names");
  return texts;
}

ExitCode Write(const Options& o, const NamesOptions& names,
               const std::vector<LabelledText>& texts) {
  std::ofstream file;
  if (o.out != "-") file.open(o.out);
  std::ostream& out = o.out == "-" ? std::cout : file;
  std::ofstream labels;
  if (!o.labels.empty()) labels.open(o.labels);
  labels << "line\taccount\tlabel\ttext\n";
  std::string line;
  bool good = true;
  MakeNames(
      names, texts,
      [&](const v1::HallEvent& event) {
        line.clear();
        good = good && google::protobuf::util::MessageToJsonString(event, &line).ok();
        out << line << '\n';
      },
      [&](const NameGiven& name) {
        labels << name.line << '\t' << name.account << '\t' << name.label << '\t' << name.text
               << '\n';
      });
  if (!out.flush() || !good) {
    Say(absl::StrCat("cannot write ", o.out));
    return kLocal;
  }
  if (!o.labels.empty() && !labels.flush()) {
    Say(absl::StrCat("cannot write ", o.labels));
    return kLocal;
  }
  return kDone;
}

int Main(const std::vector<std::string>& words) {
  Options options;
  const tools::FlagSet flags = MakeFlags(&options);
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return kDone;
  }
  absl::StatusOr<std::vector<std::string>> paths = flags.Parse(words);
  if (!paths.ok() || paths->empty()) {
    Say(paths.ok() ? "give one or more files; see --help" : std::string(paths.status().message()));
    return kUsage;
  }
  absl::Time start;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, options.start_time, &start, &error) ||
      absl::ToUnixMicros(start) < 0) {
    Say(absl::StrCat("--start-time takes a time like 2026-01-05T08:00:00+08:00: ", error));
    return kUsage;
  }
  absl::StatusOr<std::vector<LabelledText>> texts = ReadTexts(*paths);
  if (!texts.ok()) {
    Say(std::string(texts.status().message()));
    return kLocal;
  }
  NamesOptions names;
  names.seed = static_cast<std::uint64_t>(options.seed);
  names.events = options.count;
  names.account_prefix = options.account_prefix;
  names.start_us = absl::ToUnixMicros(start);
  names.step_us = options.step_ms * 1000;
  return Write(options, names, *texts);
}

}  // namespace
}  // namespace hallwarden::names

int main(int argc, char** argv) {
  return hallwarden::names::Main(std::vector<std::string>(argv + 1, argv + argc));
}
