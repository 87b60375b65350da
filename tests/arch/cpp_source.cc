#include "tests/arch/cpp_source.h"

#include <algorithm>
#include <utility>

namespace hallwarden::arch {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Walks over C++ once and copies each character to the layer it belongs to.
class Splitter {
 public:
  explicit Splitter(SourceFile& file)
      : text_(file.text), code_(file.code), comments_(file.comments) {
    code_.assign(text_.size(), ' ');
    comments_.assign(text_.size(), ' ');
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') {
        code_[i] = '\n';
        comments_[i] = '\n';
      }
    }
  }

  void Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (StartsWith("//")) {
        CopyTo(comments_, std::min(text_.find('\n', at_), text_.size()));
      } else if (StartsWith("/*")) {
        CopyTo(comments_, End("*/", at_ + 2));
      } else if (c == '"') {
        SkipLiteral('"');
      } else if (c == '\'') {
        SkipLiteral('\'');
      } else if (IsDigit(c)) {
        CopyTo(code_, NumberEnd());
      } else if (IsIdentifierChar(c)) {
        Identifier();
      } else {
        CopyTo(code_, at_ + 1);
      }
    }
  }

 private:
  bool StartsWith(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // Just behind the next `what`, or the end.
  std::size_t End(std::string_view what, std::size_t from) const {
    const std::size_t found = text_.find(what, from);
    return found == std::string_view::npos ? text_.size() : found + what.size();
  }

  void CopyTo(std::string& layer, std::size_t end) {
    for (; at_ < end; ++at_) {
      layer[at_] = text_[at_];
    }
  }

  // Numbers are taken whole, because 1'000 holds a quote that opens nothing.
  std::size_t NumberEnd() const {
    std::size_t end = at_ + 1;
    while (end < text_.size()) {
      const bool separator =
          text_[end] == '\'' && end + 1 < text_.size() && IsIdentifierChar(text_[end + 1]);
      if (!IsIdentifierChar(text_[end]) && text_[end] != '.' && !separator) {
        break;
      }
      ++end;
    }
    return end;
  }

  void Identifier() {
    std::size_t end = at_;
    while (end < text_.size() && IsIdentifierChar(text_[end])) {
      ++end;
    }
    const std::string_view word = text_.substr(at_, end - at_);
    const bool raw = word == "R" || word == "u8R" || word == "uR" || word == "UR" || word == "LR";
    CopyTo(code_, end);
    if (raw && at_ < text_.size() && text_[at_] == '"') {
      SkipRawString();
    }
  }

  void SkipLiteral(char quote) {
    code_[at_++] = quote;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
      at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    if (at_ < text_.size() && text_[at_] == quote) {
      code_[at_++] = quote;
    }
    at_ = std::min(at_, text_.size());
  }

  void SkipRawString() {
    const std::size_t open = std::min(text_.find('(', at_), text_.size());
    const std::string closing = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
    code_[at_] = '"';
    at_ = End(closing, open);
    code_[at_ - 1] = '"';
  }

  std::string_view text_;
  std::string& code_;
  std::string& comments_;
  std::size_t at_ = 0;
};

// The names of included files stand in quotes, which `code` has blanked; the directive itself has
// not.
std::vector<Include> FindIncludes(const SourceFile& file) {
  std::vector<Include> includes;
  std::size_t line = 0;
  std::size_t begin = 0;
  while (begin < file.code.size()) {
    ++line;
    const std::size_t end = std::min(file.code.find('\n', begin), file.code.size());
    const std::size_t hash = file.code.find_first_not_of(" \t", begin);
    const std::size_t word =
        hash < end && file.code[hash] == '#' ? file.code.find_first_not_of(" \t", hash + 1) : end;
    if (word < end && std::string_view(file.code).substr(word, 7) == "include") {
      const std::size_t open = file.text.find_first_of("<\"", word);
      if (open < end) {
        const bool angled = file.text[open] == '<';
        const std::size_t close = std::min(file.text.find(angled ? '>' : '"', open + 1), end);
        includes.push_back({line, file.text.substr(open + 1, close - open - 1), angled});
      }
    }
    begin = end + 1;
  }
  return includes;
}

}  // namespace

std::string ToString(const Violation& violation) {
  std::string out = violation.path;
  if (violation.line > 0) {
    out += ":" + std::to_string(violation.line);
  }
  return out + ": " + violation.what;
}

bool IsCpp(std::string_view path) {
  return path.ends_with(".h") || path.ends_with(".cc");
}

SourceFile Parse(std::string path, std::string text) {
  SourceFile file;
  file.path = std::move(path);
  file.text = std::move(text);
  if (IsCpp(file.path)) {
    Splitter(file).Run();
    file.includes = FindIncludes(file);
  }
  return file;
}

std::size_t LineAt(std::string_view text, std::size_t offset) {
  const auto newlines =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  return static_cast<std::size_t>(newlines) + 1;
}

std::vector<std::size_t> FindWord(std::string_view text, std::string_view word) {
  std::vector<std::size_t> found;
  const bool open_left = !IsIdentifierChar(word.front());
  const bool open_right = !IsIdentifierChar(word.back());
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool left = open_left || at == 0 || !IsIdentifierChar(text[at - 1]);
    const bool right = open_right || end == text.size() || !IsIdentifierChar(text[end]);
    if (left && right) {
      found.push_back(at);
    }
  }
  return found;
}

bool IsIdentifierChar(char c) {
  return c == '_' || IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace hallwarden::arch
