// A tree of values between a protobuf message and JSON or YAML.
//
// protobuf's own JSON would show player text as base64; here it is shown escaped (escape.h), with
// field names as in the .proto, enums by their full names and times in RFC 3339.
#ifndef HALLWARDEN_TOOLS_GMCTL_VALUE_H_
#define HALLWARDEN_TOOLS_GMCTL_VALUE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <absl/time/time.h>
#include <google/protobuf/message.h>

namespace hallwarden::gmctl {

class Value {
 public:
  using List = std::vector<Value>;
  using Object = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  explicit Value(bool value) : data_(value) {}
  explicit Value(std::int64_t value) : data_(value) {}
  explicit Value(std::string value) : data_(std::move(value)) {}
  explicit Value(List value) : data_(std::move(value)) {}
  explicit Value(Object value) : data_(std::move(value)) {}

  // Scalars and message fields without a value are left out; other fields are there even when they
  // hold their default, so that a script finds them. Times are shown in `zone`.
  [[nodiscard]] static Value FromMessage(const google::protobuf::Message& message,
                                         absl::TimeZone zone);

  // The member of an object by a path like `step.to_rung`. Null: there is none.
  [[nodiscard]] const Value* Find(std::string_view path) const;

  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&data_); }

  // Indented by two, without a line end behind it; or in one line.
  [[nodiscard]] std::string ToJson() const;
  [[nodiscard]] std::string ToJsonLine() const;
  // Every string quoted as in JSON, which is valid YAML and leaves no room for surprises.
  [[nodiscard]] std::string ToYaml() const;
  // As one cell: scalars plainly, lists joined by commas, objects as one line of JSON.
  [[nodiscard]] std::string ToCell() const;

 private:
  void AppendJson(std::string& out, int indent, bool lines) const;
  void AppendYaml(std::string& out, int indent) const;
  [[nodiscard]] bool IsEmptyContainer() const;

  std::variant<std::monostate, bool, std::int64_t, std::string, List, Object> data_;
};

// `text`, which is valid UTF-8 without control characters, as a JSON string.
[[nodiscard]] std::string JsonQuote(std::string_view text);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_VALUE_H_
