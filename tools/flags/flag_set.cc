#include "tools/flags/flag_set.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::tools {
namespace {

constexpr std::size_t kHelpColumn = 30;
constexpr std::size_t kWidth = 100;

// Breaks `text` at spaces; every line but the first is indented.
std::string Wrap(const std::string& text) {
  std::string out;
  std::size_t column = kHelpColumn;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string::npos) end = text.size();
    if (column + end - at > kWidth && column > kHelpColumn) {
      out += "\n" + std::string(kHelpColumn, ' ');
      column = kHelpColumn;
    } else if (column > kHelpColumn) {
      out += ' ';
      ++column;
    }
    out += text.substr(at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out;
}

}  // namespace

FlagSet::FlagSet(std::string about, std::string notes)
    : about_(std::move(about)), notes_(std::move(notes)) {}

void FlagSet::Group(const std::string& title) {
  Flag heading;
  heading.help = title;
  flags_.push_back(std::move(heading));
}

void FlagSet::Add(const std::string& name, std::string* value, const std::string& placeholder,
                  const std::string& help) {
  Flag flag{name, placeholder, help, *value, false, nullptr};
  flag.set = [value](const std::string& word) {
    *value = word;
    return absl::OkStatus();
  };
  flags_.push_back(std::move(flag));
}

void FlagSet::Add(const std::string& name, std::int64_t* value, Range range,
                  const std::string& help) {
  Flag flag{name, "N", help, std::to_string(*value), false, nullptr};
  flag.set = [name, value, range](const std::string& word) {
    std::int64_t number = 0;
    if (!absl::SimpleAtoi(word, &number) || number < range.low || number > range.high) {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " takes a number from ", range.low,
                                                     " to ", range.high, ", not `", word, "`"));
    }
    *value = number;
    return absl::OkStatus();
  };
  flags_.push_back(std::move(flag));
}

void FlagSet::Add(const std::string& name, bool* value, const std::string& help) {
  Flag flag{name, "", help, "", true, nullptr};
  flag.set = [name, value](const std::string& word) {
    if (word != "true" && word != "false") {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " takes no value"));
    }
    *value = word == "true";
    return absl::OkStatus();
  };
  flags_.push_back(std::move(flag));
}

bool FlagSet::WantsHelp(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
}

absl::StatusOr<std::vector<std::string>> FlagSet::Parse(
    const std::vector<std::string>& words) const {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word.rfind("--", 0) != 0) {
      rest.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto flag = std::find_if(flags_.begin(), flags_.end(), [&name](const Flag& f) {
      return !f.name.empty() && f.name == name;
    });
    if (flag == flags_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("there is no flag --", name, "; see --help"));
    }
    std::string value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (flag->is_switch) {
      value = "true";
    } else if (i + 1 < words.size()) {
      value = words[++i];
    } else {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
    }
    if (absl::Status s = flag->set(value); !s.ok()) return s;
  }
  return rest;
}

std::string FlagSet::Help() const {
  std::string out = about_ + "\n";
  for (const Flag& flag : flags_) {
    if (flag.name.empty()) {
      absl::StrAppend(&out, "\n", flag.help, ":\n");
      continue;
    }
    std::string left = absl::StrCat("  --", flag.name);
    if (!flag.is_switch) absl::StrAppend(&left, " ", flag.placeholder);
    if (left.size() + 2 > kHelpColumn) {
      absl::StrAppend(&out, left, "\n", std::string(kHelpColumn, ' '));
    } else {
      absl::StrAppend(&out, left, std::string(kHelpColumn - left.size(), ' '));
    }
    std::string help = flag.help;
    if (!flag.is_switch && !flag.shown_default.empty()) {
      absl::StrAppend(&help, " [", flag.shown_default, "]");
    }
    absl::StrAppend(&out, Wrap(help), "\n");
  }
  if (!notes_.empty()) absl::StrAppend(&out, "\n", notes_);
  return out;
}

}  // namespace hallwarden::tools
