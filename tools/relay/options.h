// The command line of relay.
#ifndef HALLWARDEN_TOOLS_RELAY_OPTIONS_H_
#define HALLWARDEN_TOOLS_RELAY_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/channel/client_tls.h"
#include "tools/flags/flag_set.h"

namespace hallwarden::relay {

struct Options {
  // Input; `-` is standard input.
  std::string input;
  bool follow = false;
  bool once = false;
  std::string position;
  bool append = false;
  bool from_start = false;
  bool new_file = false;
  bool ignore_unknown_fields = false;
  std::string rejects;

  std::string daemon = "127.0.0.1:7700";
  bool plaintext = false;
  channel::ClientTls tls;
  std::string token_file;
  std::int64_t batch = 4096;

  std::string directives;
  std::string results;
  bool auto_apply = false;
  std::string exec;
  std::int64_t linger_seconds = 2;

  [[nodiscard]] bool has_peer() const { return !directives.empty() || !exec.empty(); }

  bool quiet = false;

  [[nodiscard]] bool pipe() const { return input == "-"; }
};

tools::FlagSet MakeFlags(Options* options);

// Checks what single flags cannot, and fills what was left out. INVALID_ARGUMENT says what would be
// right.
absl::Status Complete(const std::vector<std::string>& rest, Options* options);

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_OPTIONS_H_
