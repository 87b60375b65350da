// The command line of hallsim.
#ifndef HALLWARDEN_TOOLS_HALLSIM_OPTIONS_H_
#define HALLWARDEN_TOOLS_HALLSIM_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/channel/client_tls.h"
#include "tools/flags/flag_set.h"
#include "tools/hallsim/traffic.h"

namespace hallwarden::hallsim {

// As given on the command line; one word or number per flag.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of the help; there is one.
struct Options {
  std::string scenario = "mix";
  std::int64_t seed = 1;
  std::int64_t accounts = 0;
  std::int64_t events = 0;
  std::string popularity = "zipf";
  std::string account_prefix;
  bool no_prologue = false;
  bool login_only = false;
  bool online = false;
  std::string start_time;
  std::int64_t time_scale = -1;
  bool disobedient = false;
  bool serve_terms = false;

  std::string daemon = "127.0.0.1:7700";
  bool plaintext = false;
  // `{server}` in the names of certificate and key stands for the game server's name.
  channel::ClientTls tls;
  std::string token_file;
  std::int64_t servers = 1;
  std::string state;
  std::int64_t rate = 0;
  std::int64_t batch = 4096;
  std::int64_t kill_connection_every = 0;
  std::int64_t linger_seconds = 2;
  std::int64_t wait_locked_out_seconds = 0;

  std::string out;
  std::string labels;
  std::string partners;
  bool quiet = false;

  std::int64_t days = 14;
  std::int64_t offenders_milli = 20;
  std::int64_t turns_milli = 1'000;
  std::int64_t outages = 0;
  bool sparse = false;

  // Derived from start_time.
  std::int64_t start_us = 0;
};

// The flags, tied to `options`.
tools::FlagSet MakeFlags(Options* options);

// Checks what single flags cannot, and fills what was left to the scenario. INVALID_ARGUMENT says
// what would be right.
absl::Status Complete(const std::vector<std::string>& rest, Options* options);

// Makes the traffic of server number `index`. Each has accounts of its own.
std::unique_ptr<Traffic> MakeTraffic(const Options& options, std::int64_t index);

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_OPTIONS_H_
