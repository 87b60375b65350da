#include "rules/policy/parse.h"

#include <algorithm>
#include <cstddef>
#include <memory>
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

// Offset of a place, counted from 0, in the columns of the tokenizer.
std::size_t OffsetOf(std::string_view source, int line, int column) {
  std::size_t at = 0;
  for (int i = 0; i < line && at < source.size(); ++i) {
    const std::size_t end = source.find('\n', at);
    at = end == std::string_view::npos ? source.size() : end + 1;
  }
  for (int reached = 0; reached < column && at < source.size(); ++at) {
    reached += source[at] == '\t' ? 8 - reached % 8 : 1;
  }
  return at;
}

std::string_view LastPart(std::string_view full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? full_name : full_name.substr(dot + 1);
}

// If a message is about an unknown field: the message type of the policy that has such a field.
std::string_view OwnerOf(const ParserMessage& message) {
  const std::size_t unknown = message.text.find(kUnknownField);
  if (unknown == std::string::npos) return {};
  const std::string field(InQuotes(message.text, unknown + 1));
  const pb::FileDescriptor* file = v1::Policy::descriptor()->file();
  for (int i = 0; i < file->message_type_count(); ++i) {
    if (file->message_type(i)->FindFieldByName(field) != nullptr) {
      return file->message_type(i)->name();
    }
  }
  return {};
}

class PolicyParser {
 public:
  PolicyParser(std::string_view source, Reporter* reporter) : text_(source), reporter_(reporter) {}

  ParsedPolicy Run();

 private:
  // The parser always stops at an unknown value of an enum. Reports it and replaces it by 0: true,
  // and the next pass will come further.
  bool RepairUnknownValue(const Collector& collector);
  void Report(const ParserMessage& message);
  [[nodiscard]] Place PlaceOf(const ParserMessage& message, std::string_view identifier);
  [[nodiscard]] const Identifiers& identifiers();

  std::string text_;
  Reporter* reporter_;
  std::optional<Identifiers> identifiers_;  // made for the first message
};

bool Parse(const std::string& text, Collector* collector, ParsedPolicy* parsed) {
  parsed->tree = std::make_unique<InfoTree>();
  pb::TextFormat::Parser parser;
  parser.RecordErrorsTo(collector);
  parser.WriteLocationsTo(parsed->tree.get());
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kNestingMax + 1);
  return parser.ParseFromString(text, &parsed->policy);
}

ParsedPolicy PolicyParser::Run() {
  ParsedPolicy parsed;
  for (int repairs = 0;; ++repairs) {
    Collector collector;
    const bool good = Parse(text_, &collector, &parsed);
    if (!good && repairs < kRepairsMax && RepairUnknownValue(collector)) continue;
    for (const ParserMessage& message : collector.messages()) {
      Report(message);
      // A missing brace makes everything below it an unknown field: one error says it.
      if (!good && !OwnerOf(message).empty()) break;
    }
    if (!good && !reporter_->has_errors()) {
      reporter_->Error({1, 1}, "the text is no policy", "see the schema: message Policy");
    }
    return parsed;
  }
}

const Identifiers& PolicyParser::identifiers() {
  // A repair replaces an identifier by a number of the same width: places stay what they are.
  if (!identifiers_.has_value()) identifiers_.emplace(text_);
  return *identifiers_;
}

bool PolicyParser::RepairUnknownValue(const Collector& collector) {
  if (collector.messages().empty()) return false;
  const ParserMessage& message = collector.messages().back();
  if (!message.text.starts_with(kUnknownValue)) return false;
  const std::string value(InQuotes(message.text, 0));
  const auto* token = identifiers().Before(message.line, message.column, value);
  if (token == nullptr) return false;
  const std::size_t offset = OffsetOf(text_, token->line, token->column);
  if (text_.compare(offset, value.size(), value) != 0) return false;
  Report(message);
  text_.replace(offset, value.size(), "0" + std::string(value.size() - 1, ' '));
  return true;
}

Place PolicyParser::PlaceOf(const ParserMessage& message, std::string_view identifier) {
  const auto* token = identifiers().Before(message.line, message.column, identifier);
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
    const std::string_view owner = OwnerOf(message);
    reporter_->Error(
        PlaceOf(message, field), std::string(LastPart(type)) + " has no field " + Quoted(field),
        owner.empty()
            ? reporter_->DidYouMean(field, fields, "one of: " + Join(fields))
            : "it is a field of " + std::string(owner) + ": is a closing brace missing above?");
    return;
  }
  if (text.ends_with("got: ")) {
    reporter_->Error(PlaceOf(message, {}), "the text ends too early",
                     "look for a missing closing brace");
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

ParsedPolicy ParseSource(std::string_view source, Reporter* reporter) {
  return PolicyParser(source, reporter).Run();
}

}  // namespace hallwarden::policy
