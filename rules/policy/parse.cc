#include "rules/policy/parse.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {
namespace {

namespace pb = google::protobuf;

// More unknown values than this in one text: something else is wrong.
constexpr int kRepairsMax = 50;
constexpr std::size_t kMessagesMax = 200;

// Parts of messages that the parser of protobuf 3.21 writes. A test fails if another version words
// them differently; all that would be lost is the exact column and the hint.
constexpr std::string_view kUnknownField = "\" has no field named \"";
constexpr std::string_view kUnknownValue = "Unknown enumeration value of \"";

// A message of the parser, both counts from 0.
struct ParserMessage {
  int line;
  int column;
  std::string text;
};

class Collector : public pb::io::ErrorCollector {
 public:
  void AddError(int line, pb::io::ColumnNumber column, const std::string& message) override {
    if (messages_.size() < kMessagesMax) messages_.push_back({line, column, message});
  }
  // Unknown fields: warnings for the parser, which then goes on; errors for us.
  void AddWarning(int line, pb::io::ColumnNumber column, const std::string& message) override {
    AddError(line, column, message);
  }
  [[nodiscard]] const std::vector<ParserMessage>& messages() const { return messages_; }

 private:
  std::vector<ParserMessage> messages_;
};

class Silent : public pb::io::ErrorCollector {
 public:
  void AddError(int /*line*/, pb::io::ColumnNumber /*column*/,
                const std::string& /*message*/) override {}
};

// The identifiers of a text. The parser reports a misspelt one when it has already gone past it.
class Identifiers {
 public:
  explicit Identifiers(std::string_view source) {
    pb::io::ArrayInputStream stream(source.data(), static_cast<int>(source.size()));
    Silent silent;
    pb::io::Tokenizer tokenizer(&stream, &silent);
    tokenizer.set_comment_style(pb::io::Tokenizer::SH_COMMENT_STYLE);
    tokenizer.set_allow_f_after_float(true);
    tokenizer.set_require_space_after_number(false);
    while (tokenizer.Next()) {
      if (tokenizer.current().type == pb::io::Tokenizer::TYPE_IDENTIFIER) {
        tokens_.push_back(tokenizer.current());
      }
    }
  }

  // The last token `text` before a place, counted from 0; nullptr if there is none near.
  [[nodiscard]] const pb::io::Tokenizer::Token* Before(int line, int column,
                                                       std::string_view text) const {
    auto it = std::upper_bound(tokens_.begin(), tokens_.end(), std::pair(line, column),
                               [](const std::pair<int, int>& place, const auto& token) {
                                 return place < std::pair(token.line, token.column);
                               });
    for (int tries = 0; tries < 4 && it != tokens_.begin(); ++tries) {
      --it;
      if (it->text == text) return &*it;
    }
    return nullptr;
  }

 private:
  std::vector<pb::io::Tokenizer::Token> tokens_;
};

// What stands in the first quotes at or after `from`.
std::string_view InQuotes(std::string_view text, std::size_t from) {
  const std::size_t begin = text.find('"', from);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = text.find('"', begin + 1);
  if (end == std::string_view::npos) return {};
  return text.substr(begin + 1, end - begin - 1);
}

std::string_view LastPart(std::string_view full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? full_name : full_name.substr(dot + 1);
}

// Offset of a place, counted from 0, in the columns of the tokenizer.
std::size_t OffsetOf(std::string_view source, int line, int column) {
  std::size_t at = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int i = 0; i < line && at < source.size(); ++i) {
    const std::size_t end = source.find('\n', at);
    at = end == std::string_view::npos ? source.size() : end + 1;
  }
  for (int reached = 0; reached < column && at < source.size(); ++at) {
    reached += source[at] == '\t' ? 8 - reached % 8 : 1;
  }
  return at;
}

class PolicyParser {
 public:
  PolicyParser(std::string_view source, Reporter* reporter)
      : text_(source), reporter_(reporter), identifiers_(source) {}

  void Run(v1::Policy* policy, InfoTree* tree);

 private:
  // One pass of the parser of protobuf. An unknown value of an enum, where it always stops, is
  // reported and replaced by 0: true, and the next pass will come further.
  bool PassAndRepair();
  bool RepairUnknownValue(const ParserMessage& message);
  void Report(const ParserMessage& message);
  [[nodiscard]] Place PlaceOf(const ParserMessage& message, std::string_view identifier) const;

  std::string text_;
  Reporter* reporter_;
  Identifiers identifiers_;
};

bool Parse(const std::string& text, Collector* collector, v1::Policy* policy, InfoTree* tree) {
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(collector);
  parser.WriteLocationsTo(tree);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kNestingMax + 1);
  return parser.ParseFromString(text, policy);
}

void PolicyParser::Run(v1::Policy* policy, InfoTree* tree) {
  for (int i = 0; i < kRepairsMax && PassAndRepair(); ++i) {
  }
  Collector collector;
  const bool parsed = Parse(text_, &collector, policy, tree);
  for (const ParserMessage& message : collector.messages())
    Report(message);
  if (!parsed && !reporter_->has_errors()) {
    reporter_->Error({1, 1}, "the text is no policy", "see the schema: message Policy");
  }
}

bool PolicyParser::PassAndRepair() {
  v1::Policy scratch;
  Collector collector;
  if (Parse(text_, &collector, &scratch, nullptr) || collector.messages().empty()) return false;
  return RepairUnknownValue(collector.messages().back());
}

bool PolicyParser::RepairUnknownValue(const ParserMessage& message) {
  if (!message.text.starts_with(kUnknownValue)) return false;
  const std::string value(InQuotes(message.text, 0));
  const auto* token = identifiers_.Before(message.line, message.column, value);
  if (token == nullptr) return false;
  const std::size_t offset = OffsetOf(text_, token->line, token->column);
  if (text_.compare(offset, value.size(), value) != 0) return false;
  Report(message);
  text_.replace(offset, value.size(), "0" + std::string(value.size() - 1, ' '));
  return true;
}

Place PolicyParser::PlaceOf(const ParserMessage& message, std::string_view identifier) const {
  const auto* token = identifiers_.Before(message.line, message.column, identifier);
  if (token != nullptr) return {token->line + 1, token->column + 1};
  return {std::max(message.line, 0) + 1, std::max(message.column, 0) + 1};
}

const pb::Descriptor* FindMessage(std::string_view full_name) {
  return pb::DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(full_name));
}

// Names of the values of every enum that a field of this name has anywhere in the policy. The
// message of the parser tells the field, not the message that it stands in.
std::vector<std::string_view> ValuesOf(std::string_view field_name) {
  std::vector<std::string_view> names;
  const pb::FileDescriptor* file = v1::Policy::descriptor()->file();
  for (int i = 0; i < file->message_type_count(); ++i) {
    const auto* field = file->message_type(i)->FindFieldByName(std::string(field_name));
    if (field == nullptr || field->enum_type() == nullptr) continue;
    for (int j = 1; j < field->enum_type()->value_count(); ++j) {
      names.emplace_back(field->enum_type()->value(j)->name());
    }
  }
  return names;
}

std::vector<std::string_view> FieldsOf(const pb::Descriptor* message) {
  std::vector<std::string_view> names;
  for (int i = 0; message != nullptr && i < message->field_count(); ++i) {
    names.emplace_back(message->field(i)->name());
  }
  return names;
}

std::string Join(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out.append(", ");
    out.append(name);
  }
  return out;
}

void PolicyParser::Report(const ParserMessage& message) {
  const std::string_view text = message.text;
  if (text.starts_with(kUnknownValue)) {
    const std::string_view value = InQuotes(text, 0);
    const std::string_view field = InQuotes(text, text.find("for field"));
    const auto values = ValuesOf(field);
    reporter_->Error(PlaceOf(message, value), Quoted(value) + " is no value of " + Quoted(field),
                     reporter_->DidYouMean(value, values, "one of: " + Join(values)));
    return;
  }
  const std::size_t unknown = text.find(kUnknownField);
  if (unknown != std::string_view::npos) {
    const std::string_view type = InQuotes(text, 0);
    const std::string_view field = InQuotes(text, unknown + 1);
    const auto fields = FieldsOf(FindMessage(type));
    reporter_->Error(PlaceOf(message, field),
                     std::string(LastPart(type)) + " has no field " + Quoted(field),
                     reporter_->DidYouMean(field, fields, "one of: " + Join(fields)));
    return;
  }
  std::string_view hint = "look for a missing quote, colon or brace here or just before";
  if (text.starts_with("Non-repeated field")) {
    hint = "it may stand here once: remove one of the two";
  } else if (text.starts_with("Expected \"{\"")) {
    hint = "a message is written in braces, a duration as { seconds: 604800 }";
  } else if (text.find("out of range") != std::string_view::npos) {
    hint = "write a smaller number";
  }
  reporter_->Error(PlaceOf(message, {}), Quoted(text).substr(1, Quoted(text).size() - 2),
                   std::string(hint));
}

}  // namespace

void ParseSource(std::string_view source, Reporter* reporter, v1::Policy* policy, InfoTree* tree) {
  PolicyParser(source, reporter).Run(policy, tree);
}

}  // namespace hallwarden::policy
