#include "tests/proto/lock.h"

#include <algorithm>
#include <map>
#include <set>

namespace hallwarden::vocabulary {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::ServiceDescriptorProto;

// protoc writes resolved names with a point before them.
std::string FullName(const std::string& resolved) {
  return resolved.starts_with('.') ? resolved.substr(1) : resolved;
}

std::string TypeName(const FieldDescriptorProto& field) {
  if (!field.type_name().empty()) {
    return FullName(field.type_name());
  }
  // TYPE_SFIXED32 -> sfixed32.
  std::string name = FieldDescriptorProto::Type_Name(field.type()).substr(5);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

class Lister {
 public:
  void File(const FileDescriptorProto& file) {
    for (const DescriptorProto& message : file.message_type()) {
      Message(message, file.package());
    }
    for (const EnumDescriptorProto& type : file.enum_type()) {
      Enum(type, file.package());
    }
    for (const FieldDescriptorProto& extension : file.extension()) {
      Add(file.package() + "." + extension.name(), std::to_string(extension.number()) + " " +
                                                       TypeName(extension) + " extends " +
                                                       FullName(extension.extendee()));
    }
    for (const ServiceDescriptorProto& service : file.service()) {
      for (const auto& call : service.method()) {
        Add(file.package() + "." + service.name() + "." + call.name(),
            "(" + std::string(call.client_streaming() ? "stream " : "") +
                FullName(call.input_type()) + ") returns (" +
                std::string(call.server_streaming() ? "stream " : "") +
                FullName(call.output_type()) + ")");
      }
    }
  }

  std::vector<std::string> Take() {
    std::sort(lines_.begin(), lines_.end());
    return std::move(lines_);
  }

 private:
  void Add(const std::string& name, const std::string& what) {
    lines_.push_back(name + " = " + what);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as messages are nested in our own files
  void Message(const DescriptorProto& message, const std::string& scope) {
    const std::string name = scope + "." + message.name();
    for (const FieldDescriptorProto& field : message.field()) {
      std::string label = "singular";
      if (field.label() == FieldDescriptorProto::LABEL_REPEATED) {
        label = "repeated";
      } else if (field.proto3_optional()) {
        label = "optional";
      } else if (field.has_oneof_index()) {
        label = "oneof " + message.oneof_decl(field.oneof_index()).name();
      }
      Add(name + "." + field.name(),
          std::to_string(field.number()) + " " + TypeName(field) + " " + label);
    }
    for (const DescriptorProto& nested : message.nested_type()) {
      Message(nested, name);
    }
    for (const EnumDescriptorProto& type : message.enum_type()) {
      Enum(type, name);
    }
  }

  void Enum(const EnumDescriptorProto& type, const std::string& scope) {
    for (const auto& value : type.value()) {
      Add(scope + "." + type.name() + "." + value.name(),
          std::to_string(value.number()) + " value");
    }
  }

  std::vector<std::string> lines_;
};

constexpr std::string_view kHeader =
    "# What clients and stored bytes rely on. A line here may neither change nor go; "
    "tests/README.md says how new\n"
    "# ones are written down.\n";

}  // namespace

std::vector<std::string> LockLines(const FileDescriptorSet& set, std::string_view package) {
  Lister lister;
  for (const FileDescriptorProto& file : set.file()) {
    if (file.package() == package) {
      lister.File(file);
    }
  }
  return lister.Take();
}

std::vector<std::string> ParseLock(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (!line.empty() && line.front() != '#') {
      lines.emplace_back(line);
    }
    begin = end + 1;
  }
  return lines;
}

std::string PrintLock(const std::vector<std::string>& lines) {
  std::string out(kHeader);
  for (const std::string& line : lines) {
    out += line;
    out += '\n';
  }
  return out;
}

LockDifference Compare(const std::vector<std::string>& lock,
                       const std::vector<std::string>& current) {
  const auto name = [](const std::string& line) { return line.substr(0, line.find(" = ")); };
  std::map<std::string, std::string> now;
  for (const std::string& line : current) {
    now[name(line)] = line;
  }
  const std::set<std::string> known(lock.begin(), lock.end());
  LockDifference difference;
  for (const std::string& line : lock) {
    const auto found = now.find(name(line));
    if (found == now.end()) {
      difference.broken.push_back(line + "  is gone");
    } else if (found->second != line) {
      difference.broken.push_back(line + "  is now  " + found->second);
    }
  }
  for (const std::string& line : current) {
    if (!known.contains(line)) {
      difference.added.push_back(line);
    }
  }
  return difference;
}

}  // namespace hallwarden::vocabulary
