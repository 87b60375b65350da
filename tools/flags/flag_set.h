// Command line flags of the small tools: `--name value` or `--name=value`, `--name` alone for a
// switch.
#ifndef HALLWARDEN_TOOLS_FLAGS_FLAG_SET_H_
#define HALLWARDEN_TOOLS_FLAGS_FLAG_SET_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::tools {

// Not thread-safe. Variables must outlive the call of Parse; their value before it is the default
// that Help shows.
class FlagSet {
 public:
  // `about` stands above the flags in the help, `notes` below them.
  FlagSet(std::string about, std::string notes);

  // A heading for the flags that follow.
  void Group(const std::string& title);
  void Add(const std::string& name, std::string* value, const std::string& placeholder,
           const std::string& help);
  // Refuses numbers outside [low, high].
  struct Range {
    std::int64_t low = 0;
    std::int64_t high = INT64_MAX;
  };
  void Add(const std::string& name, std::int64_t* value, Range range, const std::string& help);
  void Add(const std::string& name, bool* value, const std::string& help);

  // Returns what is no flag. `--` ends the flags. INVALID_ARGUMENT names the word and what would be
  // right.
  [[nodiscard]] absl::StatusOr<std::vector<std::string>> Parse(
      const std::vector<std::string>& words) const;
  // True when `--help` or `-h` was among the words.
  [[nodiscard]] static bool WantsHelp(const std::vector<std::string>& words);
  [[nodiscard]] std::string Help() const;

 private:
  struct Flag {
    // Empty for a heading.
    std::string name;
    std::string placeholder;
    std::string help;
    std::string shown_default;
    bool is_switch = false;
    std::function<absl::Status(const std::string&)> set;
  };

  std::string about_;
  std::string notes_;
  std::vector<Flag> flags_;
};

}  // namespace hallwarden::tools

#endif  // HALLWARDEN_TOOLS_FLAGS_FLAG_SET_H_
