#include <cstddef>
#include <string>
#include <string_view>

#include "rules/policy/diagnostics.h"
#include "rules/policy/parse.h"
#include "rules/policy/utf8.h"

namespace hallwarden::policy {
namespace {

// Walks over a text as the tokenizer of protobuf does: same strings, same comments, same columns.
class Scanner {
 public:
  Scanner(std::string_view source, Reporter* reporter) : source_(source), reporter_(reporter) {}

  void Run() {
    while (at_ < source_.size() && Step()) {
    }
  }

 private:
  // Looks at one character. False: no sense in going on.
  bool Step() {
    const char c = source_[at_];
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t length = byte < 0x80 ? 1 : CharacterLength(source_.substr(at_));
    if (length == 0) {
      reporter_->Error(place_, "a byte that is no UTF-8",
                       "save the file as UTF-8 (it may be GBK or GB18030)");
      return false;
    }
    if ((byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F) {
      reporter_->Error(place_, "a control character", "remove it");
      return false;
    }
    if (length > 1 && quote_ == '\0' && !comment_) {
      ReportForeign(length);
      return Advance(length);
    }
    if (!Classify(c)) return false;
    return Advance(length);
  }

  // One error for a run of such characters.
  void ReportForeign(std::size_t length) {
    if (foreign_end_ != at_) {
      reporter_->Error(place_, "a character outside ASCII that stands outside quotes",
                       "write : \" , { } in ASCII, not full-width, and put text into quotes");
    }
    foreign_end_ = at_ + length;
  }

  // Follows strings, comments and brackets. False: nested too deeply.
  bool Classify(char c) {
    if (comment_) {
      comment_ = c != '\n';
      return true;
    }
    if (quote_ != '\0') {
      // A string ends at the end of its line, closed or not; the parser reports that.
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == quote_) {
        quote_ = '\0';
      }
      if (c == '\n') {
        quote_ = '\0';
        escaped_ = false;
      }
      return true;
    }
    if (c == '#') comment_ = true;
    if (c == '"' || c == '\'') quote_ = c;
    if (c == '{' || c == '<' || c == '[') ++depth_;
    if ((c == '}' || c == '>' || c == ']') && depth_ > 0) --depth_;
    if (depth_ <= kNestingMax) return true;
    reporter_->Error(place_, "nested more than " + std::to_string(kNestingMax) + " deep",
                     "a policy needs no more than 4: is a closing brace missing above?");
    return false;
  }

  bool Advance(std::size_t length) {
    if (source_[at_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if (source_[at_] == '\t') {
      place_.column += 8 - (place_.column - 1) % 8;
    } else {
      place_.column += static_cast<int>(length);
    }
    at_ += length;
    return true;
  }

  std::string_view source_;
  Reporter* reporter_;
  std::size_t at_ = 0;
  std::size_t foreign_end_ = 0;
  Place place_;
  int depth_ = 0;
  char quote_ = '\0';
  bool escaped_ = false;
  bool comment_ = false;
};

}  // namespace

void ScanSource(std::string_view source, Reporter* reporter) {
  if (source.size() > kSourceMaxBytes) {
    reporter->Error({1, 1}, "the text has " + std::to_string(source.size()) + " bytes",
                    "at most " + std::to_string(kSourceMaxBytes) + ": is this the right file?");
    return;
  }
  Scanner(source, reporter).Run();
}

}  // namespace hallwarden::policy
