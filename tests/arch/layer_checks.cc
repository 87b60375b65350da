#include "tests/arch/layer_checks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace hallwarden::arch {
namespace {

// Where an included file comes from.
enum class Origin {
  kRules,
  kStorage,
  kDaemon,
  kTools,
  kTests,
  kBench,
  kProto,
  kAbsl,
  kIcu,
  kGrpc,
  kRocksDb,
  kOpenSsl,
  kImages,
  kTestLibrary,
  kStd,
  kSystem,
};

struct OriginPrefix {
  std::string_view prefix;
  Origin origin;
};

// First match wins.
constexpr std::array kOrigins = {
    OriginPrefix{"rules/", Origin::kRules},       OriginPrefix{"storage/", Origin::kStorage},
    OriginPrefix{"daemon/", Origin::kDaemon},     OriginPrefix{"tools/", Origin::kTools},
    OriginPrefix{"tests/", Origin::kTests},       OriginPrefix{"bench/", Origin::kBench},
    OriginPrefix{"hallwarden/", Origin::kProto},  OriginPrefix{"google/protobuf/", Origin::kProto},
    OriginPrefix{"google/rpc/", Origin::kProto},  OriginPrefix{"absl/", Origin::kAbsl},
    OriginPrefix{"unicode/", Origin::kIcu},       OriginPrefix{"grpc/", Origin::kGrpc},
    OriginPrefix{"grpcpp/", Origin::kGrpc},       OriginPrefix{"rocksdb/", Origin::kRocksDb},
    OriginPrefix{"openssl/", Origin::kOpenSsl},   OriginPrefix{"gtest/", Origin::kTestLibrary},
    OriginPrefix{"gmock/", Origin::kTestLibrary}, OriginPrefix{"png.h", Origin::kImages},
    OriginPrefix{"jpeglib.h", Origin::kImages},   OriginPrefix{"webp/", Origin::kImages},
    OriginPrefix{"zbar.h", Origin::kImages},      OriginPrefix{"benchmark/", Origin::kTestLibrary},
};

// The operating system's headers that a program of ours may need; a name that is missing here is
// added when it is.
constexpr std::array<std::string_view, 17> kSystemHeaders = {
    "arpa/",    "dirent.h", "fcntl.h",    "linux/",    "net/",    "netdb.h",
    "netinet/", "poll.h",   "pthread.h",  "pwd.h",     "sched.h", "signal.h",
    "spawn.h",  "sys/",     "sysexits.h", "termios.h", "unistd.h"};

std::optional<Origin> OriginOf(const Include& include) {
  const std::string_view target = include.target;
  if (target.ends_with(".grpc.pb.h")) {
    return Origin::kGrpc;
  }
  for (const OriginPrefix& known : kOrigins) {
    if (target.starts_with(known.prefix)) {
      return known.origin;
    }
  }
  for (const std::string_view known : kSystemHeaders) {
    if (target.starts_with(known)) {
      return Origin::kSystem;
    }
  }
  // <vector>, but not "ladder.h".
  if (include.angled && target.find_first_of("/.") == std::string_view::npos) {
    return Origin::kStd;
  }
  return std::nullopt;
}

struct Layer {
  // A path starts with this; the first match wins.
  std::string_view prefix;
  std::vector<Origin> may_use;
  // The sentence that the table stands for.
  std::string_view says;
};

// The table of docs/ARCHITECTURE.md. Who changes one changes the other.
const std::vector<Layer>& Layers() {
  using enum Origin;
  static const std::vector<Layer> kLayers = {
      {"rules/",
       {kRules, kProto, kAbsl, kIcu, kStd},
       "rules may use only proto, Abseil, ICU and the standard library"},
      {"storage/",
       {kStorage, kRules, kProto, kAbsl, kRocksDb, kOpenSsl, kStd, kSystem},
       "storage may use only rules, proto, Abseil, RocksDB and OpenSSL"},
      {"daemon/avatar/",
       {kDaemon, kRules, kProto, kAbsl, kImages, kStd},
       "daemon/avatar may use only rules, proto, Abseil and the decoders of images"},
      {"daemon/",
       {kDaemon, kStorage, kRules, kProto, kAbsl, kGrpc, kOpenSsl, kStd, kSystem},
       "daemon may use only storage, rules, proto, Abseil, gRPC and OpenSSL; RocksDB stays in "
       "storage"},
      {"tools/eval",
       {kTools, kRules, kProto, kAbsl, kGrpc, kOpenSsl, kStd, kSystem},
       "the evaluator may use only rules, proto, Abseil and gRPC"},
      {"tools/gmctl",
       {kTools, kProto, kAbsl, kGrpc, kIcu, kStd, kSystem},
       "gmctl may use only proto, Abseil, gRPC and ICU (widths and properties of characters)"},
      {"tools/",
       {kTools, kProto, kAbsl, kGrpc, kOpenSsl, kStd, kSystem},
       "tools may use only proto, Abseil and gRPC: they speak to the daemon as anybody else does"},
  };
  return kLayers;
}

// Headers of the standard library that rules have no use for.
constexpr std::array<std::string_view, 24> kImpureHeaders = {
    "atomic",  "cerrno",        "clocale",       "cmath",      "condition_variable",
    "csignal", "cstdio",        "ctime",         "filesystem", "fstream",
    "future",  "iostream",      "latch",         "locale",     "mutex",
    "random",  "semaphore",     "shared_mutex",  "stop_token", "syncstream",
    "thread",  "unordered_map", "unordered_set", "barrier"};

struct BannedWord {
  std::string_view word;
  std::string_view instead;
};

constexpr std::string_view kClock = "time is data: it comes with the record";
constexpr std::string_view kRandom =
    "the engine has no randomness: a seed would have to be in the record";
constexpr std::string_view kThread = "one thread owns the engine";
constexpr std::string_view kSurroundings =
    "the engine has no surroundings: no environment, locale or files";
constexpr std::string_view kSalted = "its value differs between builds or runs; use a hash of ours";
constexpr std::string_view kOrder =
    "its order is not ours to choose; use a sorted or flat container";
constexpr std::string_view kLibm =
    "its last bit differs between CPUs and libraries; use the fixed table";

constexpr std::array kBannedWords = {
    BannedWord{"system_clock", kClock},
    BannedWord{"steady_clock", kClock},
    BannedWord{"high_resolution_clock", kClock},
    BannedWord{"clock_gettime", kClock},
    BannedWord{"gettimeofday", kClock},
    BannedWord{"std::time", kClock},
    BannedWord{"absl::Now", kClock},
    BannedWord{"absl::GetCurrentTimeNanos", kClock},
    BannedWord{"localtime", kClock},
    BannedWord{"localtime_r", kClock},
    BannedWord{"LocalTimeZone", kClock},
    BannedWord{"random_device", kRandom},
    BannedWord{"mt19937", kRandom},
    BannedWord{"mt19937_64", kRandom},
    BannedWord{"rand(", kRandom},
    BannedWord{"srand(", kRandom},
    BannedWord{"absl::BitGen", kRandom},
    BannedWord{"std::thread", kThread},
    BannedWord{"std::jthread", kThread},
    BannedWord{"std::async", kThread},
    BannedWord{"std::mutex", kThread},
    BannedWord{"std::shared_mutex", kThread},
    BannedWord{"std::atomic", kThread},
    BannedWord{"absl::Mutex", kThread},
    BannedWord{"thread_local", kThread},
    BannedWord{"getenv", kSurroundings},
    BannedWord{"setenv", kSurroundings},
    BannedWord{"setlocale", kSurroundings},
    BannedWord{"std::locale", kSurroundings},
    BannedWord{"fopen", kSurroundings},
    BannedWord{"ifstream", kSurroundings},
    BannedWord{"ofstream", kSurroundings},
    BannedWord{"std::cout", kSurroundings},
    BannedWord{"std::cerr", kSurroundings},
    BannedWord{"std::cin", kSurroundings},
    BannedWord{"std::hash", kSalted},
    BannedWord{"absl::Hash", kSalted},
    BannedWord{"absl::HashOf", kSalted},
    BannedWord{"unordered_map", kOrder},
    BannedWord{"unordered_set", kOrder},
    BannedWord{"unordered_multimap", kOrder},
    BannedWord{"unordered_multiset", kOrder},
};

// Functions of the mathematical library whose results are not exactly rounded by IEEE 754. sqrt,
// floor and their like are, and stay allowed.
constexpr std::array<std::string_view, 28> kTranscendentals = {
    "acos", "acosh", "asin", "asinh", "atan",  "atan2", "atanh",  "cbrt",  "cos",   "cosh",
    "erf",  "erfc",  "exp",  "exp2",  "expm1", "hypot", "lgamma", "log",   "log10", "log1p",
    "log2", "pow",   "sin",  "sinh",  "tan",   "tanh",  "tgamma", "sincos"};

bool IsInFolder(const SourceFile& file, std::string_view folder) {
  return file.path.starts_with(folder) && IsCpp(file.path);
}

// True when the word at `begin` is called as a free function: a call on an object, or one that
// another namespace qualifies, is somebody else's function of that name.
bool IsFreeCall(std::string_view code, std::size_t begin, std::size_t end) {
  const std::size_t open = code.find_first_not_of(" \t\n", end);
  if (open == std::string_view::npos || code[open] != '(') {
    return false;
  }
  const std::string_view before = code.substr(0, begin);
  if (before.ends_with("std::")) {
    return true;
  }
  if (before.ends_with("::")) {
    // ::log is the one of C, text::log is not.
    return before.size() < 3 || !IsIdentifierChar(before[before.size() - 3]);
  }
  return !before.ends_with(".") && !before.ends_with("->");
}

// Offset of the first floating point literal at or after `from`: 1.5, .5, 1e9, but not 0x1e9, 1'000
// or v1.x.
std::optional<std::size_t> FindFloatLiteral(std::string_view code, std::size_t from) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = from; at < code.size();) {
    if (!IsIdentifierChar(code[at]) &&
        !(code[at] == '.' && at + 1 < code.size() && digit(code[at + 1]))) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    const bool number = digit(code[at]) || code[at] == '.';
    while (end < code.size() &&
           (IsIdentifierChar(code[end]) || (number && (code[end] == '.' || code[end] == '\'')))) {
      ++end;
    }
    const std::string_view token = code.substr(at, end - at);
    const bool hex = token.starts_with("0x") || token.starts_with("0X");
    if (number && token.find_first_of(hex ? ".pP" : ".eE") != std::string_view::npos) {
      return at;
    }
    at = end;
  }
  return std::nullopt;
}

void CheckBannedWords(const SourceFile& file, std::vector<Violation>& out) {
  for (const BannedWord& banned : kBannedWords) {
    for (const std::size_t at : FindWord(file.code, banned.word)) {
      out.push_back({file.path, LineAt(file.code, at),
                     std::string(banned.word) + " in rules: " + std::string(banned.instead)});
    }
  }
  for (const std::string_view name : kTranscendentals) {
    for (const std::string& spelling : {std::string(name), std::string(name) + "f"}) {
      for (const std::size_t at : FindWord(file.code, spelling)) {
        if (IsFreeCall(file.code, at, at + spelling.size())) {
          out.push_back(
              {file.path, LineAt(file.code, at), spelling + "() in rules: " + std::string(kLibm)});
        }
      }
    }
  }
}

void CheckFloatingPoint(const SourceFile& file, const std::vector<FloatFile>& float_files,
                        std::vector<Violation>& out) {
  std::vector<std::size_t> places;
  for (const std::string_view word : {"double", "float"}) {
    for (const std::size_t at : FindWord(file.code, word)) {
      places.push_back(at);
    }
  }
  if (const auto literal = FindFloatLiteral(file.code, 0)) {
    places.push_back(*literal);
  }
  const auto allowed =
      std::find_if(float_files.begin(), float_files.end(),
                   [&](const FloatFile& entry) { return entry.path == file.path; });
  if (allowed == float_files.end()) {
    for (const std::size_t at : places) {
      out.push_back({file.path, LineAt(file.code, at),
                     "floating point in rules: use fixed point, or list the file with a reason in "
                     "tests/arch/float_files.txt"});
    }
  } else if (allowed->reason.empty()) {
    out.push_back({file.path, 0, "listed in tests/arch/float_files.txt without a reason"});
  } else if (places.empty()) {
    out.push_back({file.path, 0, "listed in tests/arch/float_files.txt without need: take it out"});
  }
}

}  // namespace

std::vector<Violation> CheckIncludes(const SourceFile& file) {
  std::vector<Violation> out;
  if (!IsCpp(file.path)) {
    return out;
  }
  const auto layer = std::find_if(Layers().begin(), Layers().end(),
                                  [&](const Layer& l) { return file.path.starts_with(l.prefix); });
  for (const Include& include : file.includes) {
    const std::optional<Origin> origin = OriginOf(include);
    if (!origin && !include.angled) {
      out.push_back({file.path, include.line,
                     "\"" + include.target + "\": write the path from the top of the tree"});
      continue;
    }
    if (layer == Layers().end()) {
      continue;  // tests and bench may look at everything.
    }
    if (!origin ||
        std::find(layer->may_use.begin(), layer->may_use.end(), *origin) == layer->may_use.end()) {
      out.push_back({file.path, include.line,
                     include.target + " is out of bounds: " + std::string(layer->says)});
    }
  }
  return out;
}

std::vector<FloatFile> ParseFloatFiles(const std::string& text) {
  std::vector<FloatFile> entries;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::size_t reason = line.find_first_not_of(": ", colon);
    entries.push_back(
        {line.substr(0, colon), reason == std::string::npos ? "" : line.substr(reason)});
  }
  return entries;
}

std::vector<Violation> CheckRulesPurity(const SourceFile& file,
                                        const std::vector<FloatFile>& float_files) {
  std::vector<Violation> out;
  if (!IsInFolder(file, "rules/")) {
    return out;
  }
  for (const Include& include : file.includes) {
    if (std::find(kImpureHeaders.begin(), kImpureHeaders.end(), include.target) !=
        kImpureHeaders.end()) {
      out.push_back(
          {file.path, include.line,
           "<" + include.target + "> in rules: nothing in it that a pure engine may use"});
    }
  }
  CheckBannedWords(file, out);
  CheckFloatingPoint(file, float_files, out);
  return out;
}

std::vector<Violation> CheckIteratorStatus(const SourceFile& file) {
  std::vector<Violation> out;
  if (!IsInFolder(file, "storage/")) {
    return out;
  }
  const std::vector<std::size_t> made = FindWord(file.code, "NewIterator");
  if (!made.empty() && file.code.find("->status()") == std::string::npos) {
    out.push_back({file.path, LineAt(file.code, made.front()),
                   "iterates without reading ->status(): an error looks like the end"});
  }
  return out;
}

}  // namespace hallwarden::arch
