#include "tests/proto/style.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "hallwarden/v1/options.pb.h"

namespace hallwarden::vocabulary {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorProto;
using google::protobuf::MethodDescriptorProto;
using google::protobuf::ServiceDescriptorProto;
using google::protobuf::SourceCodeInfo;

// A response that several calls share, and why they may.
struct SharedResponse {
  std::string_view name;
  std::string_view reason;
};
constexpr std::array kSharedResponses = {
    SharedResponse{"ActionResponse",
                   "every change of state is answered alike: what was done, by which audit record, "
                   "or the plan of it"},
};

// Names under which the words of players travel.
constexpr std::array<std::string_view, 7> kTextNames = {
    "content", "nickname", "notice", "reason_text", "signature", "text", "title"};
// Those of them that nobody but a player writes.
constexpr std::array<std::string_view, 2> kPlayerNames = {"nickname", "signature"};

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Words of letters and digits, joined by single underscores, the first beginning with a letter.
template <typename IsLetter>
bool IsSnakeCase(std::string_view name, IsLetter is_letter) {
  if (name.empty() || !is_letter(name.front()) || name.back() == '_') {
    return false;
  }
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || IsDigit(c) || c == '_'; }) &&
         name.find("__") == std::string_view::npos;
}

// AgeState -> AGE_STATE, GmRole -> GM_ROLE.
std::string UpperSnakeCase(std::string_view camel) {
  std::string out;
  for (std::size_t i = 0; i < camel.size(); ++i) {
    const bool word_starts =
        i > 0 && IsUpper(camel[i]) &&
        (!IsUpper(camel[i - 1]) || (i + 1 < camel.size() && IsLower(camel[i + 1])));
    if (word_starts) {
      out += '_';
    }
    out += IsLower(camel[i]) ? static_cast<char>(camel[i] - 'a' + 'A') : camel[i];
  }
  return out;
}

// Part of the full name behind the last point.
std::string_view ShortName(std::string_view full) {
  return full.substr(full.rfind('.') + 1);  // npos + 1 is 0.
}

// Walks over one file. A path names an element as SourceCodeInfo does: field numbers and indexes,
// in turns.
class StyleCheck {
 public:
  using Path = std::vector<int>;

  explicit StyleCheck(const FileDescriptorProto& file) : file_(file) {
    for (const SourceCodeInfo::Location& location : file.source_code_info().location()) {
      comments_[Path(location.path().begin(), location.path().end())] = location.leading_comments();
    }
  }

  std::vector<Violation> Run() {
    const std::string& package = file_.package();
    for (int i = 0; i < file_.message_type_size(); ++i) {
      Message(file_.message_type(i), package, {FileDescriptorProto::kMessageTypeFieldNumber, i});
    }
    for (int i = 0; i < file_.enum_type_size(); ++i) {
      Enum(file_.enum_type(i), package, {FileDescriptorProto::kEnumTypeFieldNumber, i});
    }
    for (int i = 0; i < file_.service_size(); ++i) {
      Service(file_.service(i), package, {FileDescriptorProto::kServiceFieldNumber, i});
    }
    for (int i = 0; i < file_.extension_size(); ++i) {
      Field(file_.extension(i), package, {FileDescriptorProto::kExtensionFieldNumber, i});
    }
    return violations_;
  }

 private:
  static Path Below(Path path, int field, int index) {
    path.push_back(field);
    path.push_back(index);
    return path;
  }

  void Report(const std::string& element, std::string what) {
    violations_.push_back({element, std::move(what)});
  }

  void Comment(const std::string& element, const Path& path) {
    const auto found = comments_.find(path);
    if (found == comments_.end() || found->second.find_first_not_of(" \t\n") == std::string::npos) {
      Report(element, "needs a comment before it");
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as messages are nested in our own files
  void Message(const DescriptorProto& message, const std::string& scope, const Path& path) {
    if (message.options().map_entry()) {
      return;  // Written by protoc for a map field.
    }
    const std::string name = scope + "." + message.name();
    Comment(name, path);
    for (int i = 0; i < message.field_size(); ++i) {
      Field(message.field(i), name, Below(path, DescriptorProto::kFieldFieldNumber, i));
    }
    for (int i = 0; i < message.nested_type_size(); ++i) {
      Message(message.nested_type(i), name,
              Below(path, DescriptorProto::kNestedTypeFieldNumber, i));
    }
    for (int i = 0; i < message.enum_type_size(); ++i) {
      Enum(message.enum_type(i), name, Below(path, DescriptorProto::kEnumTypeFieldNumber, i));
    }
  }

  void Field(const FieldDescriptorProto& field, const std::string& scope, const Path& path) {
    const std::string name = scope + "." + field.name();
    Comment(name, path);
    if (!IsSnakeCase(field.name(), IsLower)) {
      Report(name, "write it in lower_snake_case");
    }
    PersonalData(field, name);
  }

  void PersonalData(const FieldDescriptorProto& field, const std::string& name) {
    const bool is_bytes = field.type() == FieldDescriptorProto::TYPE_BYTES;
    const bool is_string = field.type() == FieldDescriptorProto::TYPE_STRING;
    const v1::Personal personal = field.options().GetExtension(v1::personal);
    if (personal != v1::PERSONAL_UNSPECIFIED) {
      if (!is_bytes && !is_string) {
        Report(name, "only bytes and string fields can be marked personal");
      }
      if (field.label() == FieldDescriptorProto::LABEL_REPEATED) {
        Report(name, "a repeated field cannot be marked personal: give it a message of its own");
      }
    }
    if (is_string && (personal == v1::PERSONAL_TEXT || personal == v1::PERSONAL_IMAGE)) {
      Report(name, "player text and images are bytes: a string must be valid UTF-8");
    }
    if (is_string && Contains(kPlayerNames, field.name())) {
      Report(name, "written by players: make it bytes, marked PERSONAL_TEXT");
    }
    if (is_bytes && Contains(kTextNames, field.name()) && personal != v1::PERSONAL_TEXT) {
      Report(name, "text in bytes is player text: mark it PERSONAL_TEXT");
    }
  }

  void Enum(const EnumDescriptorProto& type, const std::string& scope, const Path& path) {
    const std::string name = scope + "." + type.name();
    std::string prefix = UpperSnakeCase(type.name());
    prefix += '_';
    Comment(name, path);
    for (int i = 0; i < type.value_size(); ++i) {
      const std::string& value = type.value(i).name();
      std::string value_name = name;
      value_name.append(".").append(value);
      Comment(value_name, Below(path, EnumDescriptorProto::kValueFieldNumber, i));
      if (!value.starts_with(prefix) || !IsSnakeCase(value, IsUpper)) {
        Report(value_name, "write it in UPPER_SNAKE_CASE, beginning with " + prefix);
      }
      if (type.value(i).number() == 0 && value != prefix + "UNSPECIFIED") {
        Report(value_name,
               "the zero value is " + prefix + "UNSPECIFIED: it is what a missing field reads as");
      }
    }
  }

  void Service(const ServiceDescriptorProto& service, const std::string& scope, const Path& path) {
    const std::string name = scope + "." + service.name();
    Comment(name, path);
    if (!service.name().ends_with("Service")) {
      Report(name, "the name of a service ends in Service");
    }
    for (int i = 0; i < service.method_size(); ++i) {
      Call(service.method(i), name, Below(path, ServiceDescriptorProto::kMethodFieldNumber, i));
    }
  }

  void Call(const MethodDescriptorProto& call, const std::string& scope, const Path& path) {
    const std::string name = scope + "." + call.name();
    Comment(name, path);
    if (ShortName(call.input_type()) != call.name() + "Request") {
      Report(name, "takes " + call.name() + "Request, a message of its own");
    }
    const std::string_view response = ShortName(call.output_type());
    const bool own = response == call.name() + "Response";
    const bool resource = call.name().size() > response.size() && call.name().ends_with(response);
    const bool shared = std::any_of(kSharedResponses.begin(), kSharedResponses.end(),
                                    [&](const SharedResponse& s) { return s.name == response; });
    if (!own && !resource && !shared) {
      Report(name, "returns " + call.name() + "Response, or the resource that its name ends with");
    }
  }

  const FileDescriptorProto& file_;
  std::map<Path, std::string> comments_;
  std::vector<Violation> violations_;
};

}  // namespace

std::string ToString(const Violation& violation) {
  return violation.element + ": " + violation.what;
}

std::vector<Violation> CheckStyle(const FileDescriptorProto& file) {
  return StyleCheck(file).Run();
}

}  // namespace hallwarden::vocabulary
