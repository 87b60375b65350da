// Reads and writes the small JSON files of gmctl.
#ifndef HALLWARDEN_TOOLS_GMCTL_JSON_FILE_H_
#define HALLWARDEN_TOOLS_GMCTL_JSON_FILE_H_

#include <string>
#include <string_view>

#include <absl/status/statusor.h>
#include <google/protobuf/struct.pb.h>

namespace hallwarden::gmctl {

// Nothing that a person or gmctl writes by hand is larger.
inline constexpr std::size_t kLargestJsonBytes = std::size_t{4} * 1024 * 1024;

// `err.json` when `text` is no JSON object.
[[nodiscard]] absl::StatusOr<google::protobuf::Struct> ParseJson(const std::string& text,
                                                                 const std::string& path);
[[nodiscard]] std::string PrintJson(const google::protobuf::Struct& object);

// The string under `name`, empty if there is none.
[[nodiscard]] std::string StringIn(const google::protobuf::Struct& object, const std::string& name);
void SetString(google::protobuf::Struct& object, const std::string& name, std::string_view value);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_JSON_FILE_H_
