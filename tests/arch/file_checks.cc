#include "tests/arch/file_checks.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace hallwarden::arch {
namespace {

// Prose may name the marks that it speaks about; what is built may not carry them.
bool IsProse(std::string_view path) {
  return path.ends_with(".md");
}

void Report(const SourceFile& file, std::size_t offset, std::string what,
            std::vector<Violation>& out) {
  out.push_back({file.path, LineAt(file.text, offset), std::move(what)});
}

std::string_view Folder(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

struct CodePoint {
  // 0 for a broken sequence.
  unsigned value = 0;
  std::size_t bytes = 1;
};

// Lenient: broken UTF-8 is reported as such by the caller.
CodePoint Decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i]));
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || at + length > text.size()) {
    return {};
  }
  unsigned value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) {
      return {};
    }
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  return {value, length};
}

struct Range {
  unsigned first;
  unsigned last;
};

// Spaces and joiners without width, direction marks, tags, fillers.
constexpr std::array<Range, 10> kInvisible = {{{0x00AD, 0x00AD},
                                               {0x034F, 0x034F},
                                               {0x061C, 0x061C},
                                               {0x115F, 0x1160},
                                               {0x180B, 0x180F},
                                               {0x200B, 0x200F},
                                               {0x202A, 0x202E},
                                               {0x2060, 0x206F},
                                               {0xFEFF, 0xFEFF},
                                               {0xE0000, 0xE0FFF}}};

bool IsInvisible(unsigned value) {
  return std::any_of(kInvisible.begin(), kInvisible.end(),
                     [&](const Range& r) { return value >= r.first && value <= r.last; });
}

// The rest of the line behind `at`.
std::string_view RestOfLine(std::string_view text, std::size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

// True when the mark says which check it silences and, unless it only ends a region, why.
bool NolintExplains(std::string_view word, std::string_view rest) {
  const std::size_t close = rest.find(')');
  if (!rest.starts_with('(') || close == std::string_view::npos || close < 2 ||
      rest.substr(1, close - 1).find('*') != std::string_view::npos) {
    return false;
  }
  if (word ==
      "NOLINT"
      "END") {
    return true;
  }
  const std::string_view reason = rest.substr(close + 1);
  constexpr std::size_t kShortestReason = 6;
  return reason.starts_with(": ") && reason.size() >= kShortestReason + 2;
}

}  // namespace

std::vector<Violation> CheckLineEnds(const SourceFile& file) {
  std::vector<Violation> out;
  if (file.text.empty()) {
    out.push_back({file.path, 0, "is empty"});
  } else if (file.text.back() != '\n') {
    out.push_back({file.path, 0, "does not end with a line break"});
  } else if (file.text.ends_with("\n\n")) {
    out.push_back({file.path, 0, "ends with an empty line"});
  }
  if (const std::size_t at = file.text.find('\r'); at != std::string::npos) {
    Report(file, at, "has a carriage return", out);
  }
  return out;
}

std::vector<Violation> CheckHeaderGuard(const SourceFile& file) {
  if (!file.path.ends_with(".h") || file.code.find("#pragma once") != std::string::npos ||
      (file.code.find("#ifndef ") != std::string::npos &&
       file.code.find("#define ") != std::string::npos)) {
    return {};
  }
  return {{file.path, 0, "header without #pragma once"}};
}

std::vector<Violation> CheckUnfinishedMarks(const SourceFile& file) {
  std::vector<Violation> out;
  if (IsProse(file.path)) {
    return out;
  }
  // Put together from halves, so that this file does not trip over itself.
  for (const std::string_view word : {"FIX"
                                      "ME",
                                      "TO"
                                      "DO",
                                      "XX"
                                      "X",
                                      "HA"
                                      "CK"}) {
    for (const std::size_t at : FindWord(file.text, word)) {
      Report(file, at, std::string(word) + ": finish it, or write an issue", out);
    }
  }
  return out;
}

std::vector<Violation> CheckUsingNamespace(const SourceFile& file) {
  std::vector<Violation> out;
  constexpr std::string_view kWords = "using namespace";
  for (const std::size_t at : FindWord(file.code, kWords)) {
    const std::size_t end = std::min(file.code.find(';', at), file.code.size());
    if (!std::string_view(file.code).substr(at, end - at).ends_with("literals")) {
      Report(file, at, "using namespace: name what is used", out);
    }
  }
  return out;
}

std::vector<Violation> CheckDisabledTests(const SourceFile& file) {
  std::vector<Violation> out;
  constexpr std::string_view kPrefix = "DISABLED_";
  for (std::size_t at = file.code.find(kPrefix); at != std::string::npos;
       at = file.code.find(kPrefix, at + 1)) {
    Report(file, at, "a test that is switched off: mend it or take it out", out);
  }
  return out;
}

std::vector<Violation> CheckNolint(const SourceFile& file) {
  std::vector<Violation> out;
  for (const std::string_view word : {"NOLINT", "NOLINTNEXTLINE", "NOLINTBEGIN",
                                      "NOLINT"
                                      "END"}) {
    for (const std::size_t at : FindWord(file.comments, word)) {
      if (!NolintExplains(word, RestOfLine(file.comments, at + word.size()))) {
        Report(file, at, "write " + std::string(word) + "(check): reason", out);
      }
    }
  }
  return out;
}

std::vector<Violation> CheckMachinePaths(const SourceFile& file, std::string_view source_dir) {
  std::vector<Violation> out;
  const auto look_for = [&](std::string_view path) {
    for (const std::size_t at : FindWord(file.text, path)) {
      // Inside a longer path, such as docs/home/, it is a folder of ours.
      const char before = at == 0 ? ' ' : file.text[at - 1];
      if (!IsIdentifierChar(before) && before != '.' && before != '}' && before != '-') {
        Report(file, at, "a path of one machine", out);
      }
    }
  };
  for (const std::string_view path : {"/ho"
                                      "me/",
                                      "/ro"
                                      "ot/",
                                      "/Us"
                                      "ers/",
                                      "/wo"
                                      "rk/"}) {
    look_for(path);
  }
  // A checkout at the top of a disk has a name that is too common to search for.
  if (std::count(source_dir.begin(), source_dir.end(), '/') >= 2) {
    look_for(source_dir);
  }
  return out;
}

std::vector<Violation> CheckCharacters(const SourceFile& file) {
  std::vector<Violation> out;
  for (std::size_t at = 0; at < file.text.size();) {
    const CodePoint c = Decode(file.text, at);
    if (c.value == 0) {
      Report(file, at, "not UTF-8, or a zero byte", out);
      return out;
    }
    if (IsInvisible(c.value)) {
      Report(file, at, "a character that cannot be seen: write it as an escape", out);
    } else if (c.value >= 0x80 && IsCpp(file.path) && file.code[at] == file.text[at]) {
      Report(file, at, "code is ASCII; only literals and comments may hold other characters", out);
    }
    at += c.bytes;
  }
  return out;
}

std::vector<Violation> CheckReadmes(const std::vector<SourceFile>& files) {
  std::set<std::string_view> present;
  std::set<std::string> wanted;
  for (const SourceFile& file : files) {
    if (file.path.ends_with("/README.md")) {
      present.insert(file.path);
    }
    if (IsCpp(file.path) || file.path.ends_with(".proto")) {
      std::string_view folder = Folder(file.path);
      if (file.path.starts_with("tests/") || file.path.starts_with("bench/")) {
        folder = folder.substr(0, 5);
      } else if (file.path.starts_with("proto/")) {
        // Below it the folders follow the package names.
        folder = "proto";
      }
      wanted.insert(std::string(folder) + "/README.md");
    }
  }
  std::vector<Violation> out;
  for (const std::string& readme : wanted) {
    if (!present.contains(readme)) {
      out.push_back({readme, 0, "missing: say what the folder is for, and what may depend on it"});
    }
  }
  return out;
}

std::vector<Violation> CheckListedSources(const std::vector<SourceFile>& files) {
  std::vector<Violation> out;
  for (const SourceFile& file : files) {
    if (!file.path.ends_with(".cc")) {
      continue;
    }
    const bool listed = std::any_of(files.begin(), files.end(), [&](const SourceFile& list) {
      constexpr std::string_view kName = "CMakeLists.txt";
      std::string_view folder;  // What cmake/ names, it names from the top.
      if (list.path.ends_with(kName)) {
        folder = std::string_view(list.path).substr(0, list.path.size() - kName.size());
      } else if (!list.path.ends_with(".cmake")) {
        return false;
      }
      return file.path.starts_with(folder) &&
             !FindWord(list.text, std::string_view(file.path).substr(folder.size())).empty();
    });
    if (!listed) {
      out.push_back({file.path, 0, "in no CMakeLists.txt: it is never built"});
    }
  }
  return out;
}

}  // namespace hallwarden::arch
