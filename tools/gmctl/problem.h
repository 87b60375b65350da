// Errors, without a language. Whatever fails gives an absl::Status: made here, it carries an exit
// code and a key of the message catalogue with the values to fill in; made by the daemon, it
// carries a google.rpc.ErrorInfo. report.h turns both into the two lines that a GM reads.
#ifndef HALLWARDEN_TOOLS_GMCTL_PROBLEM_H_
#define HALLWARDEN_TOOLS_GMCTL_PROBLEM_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>

namespace hallwarden::gmctl {

// What the shell sees. Documented in `gmctl help exit-codes`; never renumbered.
enum class ExitCode {
  kOk = 0,
  kError = 1,
  kUsage = 2,
  kNotFound = 3,
  kDenied = 4,
  kConflict = 5,
  kWouldChange = 6,
  kUnavailable = 7,
  kPartial = 8,
};

// Values for the placeholders of a message: {name} is replaced by the value.
using MessageArgs = std::vector<std::pair<std::string, std::string>>;

// What the daemon said about an error.
struct ServerReason {
  std::string reason;
  std::string domain;
  std::map<std::string, std::string> metadata;
};

// An error of gmctl itself. `key` is the catalogue's key of what happened; `key` + ".do", where the
// catalogue has it, is what to do.
[[nodiscard]] absl::Status Problem(ExitCode code, std::string_view key,
                                   const MessageArgs& args = {});
[[nodiscard]] inline absl::Status UsageProblem(std::string_view key, const MessageArgs& args = {}) {
  return Problem(ExitCode::kUsage, key, args);
}

// The same error with another advice, the catalogue's `key`. An OK status stays OK.
[[nodiscard]] absl::Status WithAdvice(absl::Status status, std::string_view key,
                                      const MessageArgs& args = {});

// The same error with what the daemon said. Used at the border to gRPC only.
[[nodiscard]] absl::Status WithServerReason(absl::Status status, const ServerReason& reason);

// The parts again. A status that Problem did not make has no key; its code follows from its own.
[[nodiscard]] ExitCode ExitCodeOf(const absl::Status& status);
[[nodiscard]] std::optional<std::string> ProblemKey(const absl::Status& status);
[[nodiscard]] MessageArgs ProblemArgs(const absl::Status& status);
[[nodiscard]] std::optional<std::string> AdviceKey(const absl::Status& status);
[[nodiscard]] MessageArgs AdviceArgs(const absl::Status& status);
[[nodiscard]] std::optional<ServerReason> ServerReasonOf(const absl::Status& status);

}  // namespace hallwarden::gmctl

// Returns from the calling function when `expression` is not OK.
#define HW_RETURN_IF_ERROR(expression)                                            \
  do {                                                                            \
    if (absl::Status hw_status = (expression); !hw_status.ok()) return hw_status; \
  } while (false)

#endif  // HALLWARDEN_TOOLS_GMCTL_PROBLEM_H_
