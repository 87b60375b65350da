#include "tools/gmctl/value.h"

#include <cstddef>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string EnumName(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* const value = type.FindValueByNumber(number);
  return value == nullptr ? std::to_string(number) : value->name();
}

Value TextValue(const FieldDescriptor& field, const std::string& text) {
  const bool bytes = field.type() == FieldDescriptor::TYPE_BYTES;
  return Value(bytes ? EscapePlayerText(text) : Guard(text));
}

Value MessageValue(const Message& message, absl::TimeZone zone) {
  if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor()) {
    return Value(
        Rfc3339(FromProto(dynamic_cast<const google::protobuf::Timestamp&>(message)), zone));
  }
  if (message.GetDescriptor() == google::protobuf::Duration::descriptor()) {
    return Value(ExactTerm(FromProto(dynamic_cast<const google::protobuf::Duration&>(message))));
  }
  return Value::FromMessage(message, zone);
}

Value SingleValue(const Message& message, const FieldDescriptor& field, absl::TimeZone zone) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return Value(reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return Value(std::int64_t{reflection.GetInt32(message, &field)});
    case FieldDescriptor::CPPTYPE_INT64:
      return Value(std::int64_t{reflection.GetInt64(message, &field)});
    case FieldDescriptor::CPPTYPE_UINT32:
      return Value(std::int64_t{reflection.GetUInt32(message, &field)});
    case FieldDescriptor::CPPTYPE_UINT64:
      return Value(std::to_string(reflection.GetUInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Value(std::to_string(reflection.GetFloat(message, &field)));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Value(std::to_string(reflection.GetDouble(message, &field)));
    case FieldDescriptor::CPPTYPE_ENUM:
      return Value(EnumName(*field.enum_type(), reflection.GetEnumValue(message, &field)));
    case FieldDescriptor::CPPTYPE_STRING:
      return TextValue(field, reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageValue(reflection.GetMessage(message, &field), zone);
  }
  return Value();
}

Value RepeatedValue(const Message& message, const FieldDescriptor& field, absl::TimeZone zone) {
  const Reflection& reflection = *message.GetReflection();
  Value::List list;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        list.push_back(MessageValue(reflection.GetRepeatedMessage(message, &field, i), zone));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        list.emplace_back(
            EnumName(*field.enum_type(), reflection.GetRepeatedEnumValue(message, &field, i)));
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        list.push_back(TextValue(field, reflection.GetRepeatedString(message, &field, i)));
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        list.emplace_back(std::int64_t{reflection.GetRepeatedInt32(message, &field, i)});
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        list.emplace_back(std::int64_t{reflection.GetRepeatedInt64(message, &field, i)});
        break;
      default:
        // The vocabulary has no other lists.
        break;
    }
  }
  return Value(std::move(list));
}

std::string Spaces(int count) {
  return std::string(static_cast<std::size_t>(count), ' ');
}

}  // namespace

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

Value Value::FromMessage(const Message& message, absl::TimeZone zone) {
  Object object;
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.is_repeated()) {
      object.emplace_back(field.name(), RepeatedValue(message, field, zone));
    } else if (!field.has_presence() || message.GetReflection()->HasField(message, &field)) {
      object.emplace_back(field.name(), SingleValue(message, field, zone));
    }
  }
  return Value(std::move(object));
}

const Value* Value::Find(std::string_view path) const {
  const Value* here = this;
  for (const std::string& part : Split(path, '.')) {
    const Object* const members = here->object();
    here = nullptr;
    if (members == nullptr) return nullptr;
    for (const auto& [name, value] : *members) {
      if (name == part) here = &value;
    }
    if (here == nullptr) return nullptr;
  }
  return here;
}

bool Value::IsEmptyContainer() const {
  const auto* const list = std::get_if<List>(&data_);
  return (list != nullptr && list->empty()) || (object() != nullptr && object()->empty());
}

std::string Value::ToJson() const {
  std::string out;
  AppendJson(out, 0, true);
  return out;
}

std::string Value::ToJsonLine() const {
  std::string out;
  AppendJson(out, 0, false);
  return out;
}

std::string Value::ToYaml() const {
  std::string out;
  AppendYaml(out, 0);
  while (!out.empty() && out.back() == '\n')
    out.pop_back();
  return out;
}

std::string Value::ToCell() const {
  if (const auto* const text = std::get_if<std::string>(&data_)) return *text;
  if (std::holds_alternative<std::monostate>(data_)) return "";
  if (const auto* const list = std::get_if<List>(&data_)) {
    std::vector<std::string> cells;
    cells.reserve(list->size());
    for (const Value& value : *list)
      cells.push_back(value.ToCell());
    return Join(cells, ",");
  }
  return ToJsonLine();
}

void Value::AppendJson(std::string& out, int indent, bool lines) const {
  const std::string outer = lines ? "\n" + Spaces(indent) : "";
  const std::string inner = lines ? outer + "  " : "";
  const std::string_view colon = lines ? ": " : ":";
  if (std::holds_alternative<std::monostate>(data_)) {
    out += "null";
  } else if (const auto* const flag = std::get_if<bool>(&data_)) {
    out += *flag ? "true" : "false";
  } else if (const auto* const number = std::get_if<std::int64_t>(&data_)) {
    out += std::to_string(*number);
  } else if (const auto* const text = std::get_if<std::string>(&data_)) {
    out += JsonQuote(*text);
  } else if (const auto* const list = std::get_if<List>(&data_)) {
    out += '[';
    for (std::size_t i = 0; i < list->size(); ++i) {
      out += i == 0 ? inner : "," + inner;
      (*list)[i].AppendJson(out, indent + 2, lines);
    }
    out += list->empty() ? "]" : outer + "]";
  } else if (const Object* const members = object()) {
    out += '{';
    for (std::size_t i = 0; i < members->size(); ++i) {
      out += Cat({i == 0 ? "" : ",", inner, JsonQuote((*members)[i].first), colon});
      (*members)[i].second.AppendJson(out, indent + 2, lines);
    }
    out += members->empty() ? "}" : outer + "}";
  }
}

// Writes what stands behind `key:` or `-`, from the blank to the line end.
void Value::AppendYaml(std::string& out, int indent) const {
  const auto* const list = std::get_if<List>(&data_);
  const Object* const members = object();
  if ((list == nullptr && members == nullptr) || IsEmptyContainer()) {
    if (!out.empty() && out.back() != '\n') out += ' ';
    AppendJson(out, 0, false);
    out += '\n';
    return;
  }
  if (!out.empty() && out.back() != '\n') out += '\n';
  if (list != nullptr) {
    for (const Value& value : *list) {
      out += Spaces(indent) + "-";
      value.AppendYaml(out, indent + 2);
    }
    return;
  }
  for (const auto& [name, value] : *members) {
    out += Cat({Spaces(indent), name, ":"});
    value.AppendYaml(out, indent + 2);
  }
}

}  // namespace hallwarden::gmctl
