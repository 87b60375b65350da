// The command line: which commands and flags there are, and a strict reader of them.
//
// Strict means: an unknown flag, a flag that the command does not have, a flag given twice, a value
// that is missing or empty, one argument too many: each is a usage error that says what to type.
// Nothing is guessed, no flag can be abbreviated, and no argument is silently dropped.
#ifndef HALLWARDEN_TOOLS_GMCTL_ARGS_H_
#define HALLWARDEN_TOOLS_GMCTL_ARGS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "tools/gmctl/terms.h"

namespace hallwarden::gmctl {

class Context;

// What the shell may offer after a flag or for an argument.
enum class Offer {
  kNothing,
  kFile,
  kOffence,
  kCaseKind,
  kAppealKind,
  kCapability,
  kDisposition,
  kRole,
  kSeverity,
  kCategory,
  kState,
  kTimelineKind,
  kFormat,
  kLanguage,
  kColor,
  kCommand,
  kShell,
  kTopic,
};

// A flag, the same wherever it appears: its help is the catalogue's `flag.<name>`.
struct FlagSpec {
  std::string_view name;
  std::string_view metavar;  // Empty: takes no value.
  Offer offer = Offer::kNothing;
  bool repeated = false;
  bool global = false;  // Every command has it.
  char letter = '\0';   // Short form.
};

// An argument without a flag. Required ones come first.
struct PositionalSpec {
  std::string_view name;
  bool required = true;
  bool repeated = false;  // Takes all that follows. Last one only.
  Offer offer = Offer::kNothing;
};

using Handler = absl::Status (*)(Context&);

// A command. Help: `cmd.<path with dots>` is one line, `cmd.<path>.more`, if there, the examples.
struct CommandSpec {
  std::string_view path;  // "who", "sanction ls"
  std::vector<PositionalSpec> positionals;
  std::vector<std::string_view> flags;  // Besides the global ones.
  Handler handler = nullptr;
  bool mutating = false;  // Also has the flags of every mutating command.
  bool hidden = false;
};

// All flags there are.
[[nodiscard]] const std::vector<FlagSpec>& AllFlags();
[[nodiscard]] const FlagSpec* FindFlag(std::string_view name);

// All commands there are, in the order of the help. In commands/table.cc.
[[nodiscard]] const std::vector<CommandSpec>& AllCommands();
[[nodiscard]] const CommandSpec* FindCommand(std::string_view path);

// Whether `command` takes the flag.
[[nodiscard]] bool Accepts(const CommandSpec& command, const FlagSpec& flag);

// A command line that was read.
class Args {
 public:
  // `words` without the program's name. Errors are usage problems `err.args.*`.
  [[nodiscard]] static absl::StatusOr<Args> Parse(const std::vector<std::string>& words);

  [[nodiscard]] const CommandSpec& command() const { return *command_; }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  // The positional at `index`, empty if it was left out.
  [[nodiscard]] const std::string& At(std::size_t index) const;
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }

  [[nodiscard]] bool Has(std::string_view flag) const;
  // The value, empty if it was not given.
  [[nodiscard]] const std::string& Get(std::string_view flag) const;
  [[nodiscard]] const std::vector<std::string>& All(std::string_view flag) const;

 private:
  absl::Status Check() const;
  absl::Status CheckPositionals() const;

  const CommandSpec* command_ = nullptr;
  std::vector<std::string> words_;
  std::vector<std::string> positionals_;
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
};

// What the shell may offer for the last of `words`, which may be empty.
[[nodiscard]] std::vector<std::string> Complete(const std::vector<std::string>& words);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_ARGS_H_
