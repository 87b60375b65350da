#include "tools/gmctl/json_file.h"

#include <google/protobuf/util/json_util.h>

#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

absl::StatusOr<google::protobuf::Struct> ParseJson(const std::string& text,
                                                   const std::string& path) {
  google::protobuf::Struct object;
  // protobuf's message quotes the text, which may hold a token: it stays here.
  if (!google::protobuf::util::JsonStringToMessage(text, &object).ok()) {
    return Problem(ExitCode::kError, "err.json", {{"path", path}});
  }
  return object;
}

std::string PrintJson(const google::protobuf::Struct& object) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string out;
  // Fails for numbers that are none only, and we write strings and objects.
  static_cast<void>(google::protobuf::util::MessageToJsonString(object, &out, options));
  return out;
}

std::string StringIn(const google::protobuf::Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? std::string() : found->second.string_value();
}

void SetString(google::protobuf::Struct& object, const std::string& name, std::string_view value) {
  (*object.mutable_fields())[name].set_string_value(std::string(value));
}

}  // namespace hallwarden::gmctl
