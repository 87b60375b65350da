// Where the daemon is and which token to show: flags, then the environment, then the configuration.
//
// The configuration is `${XDG_CONFIG_HOME:-~/.config}/hallwarden/gmctl.json`, readable by its owner
// only: named contexts, one of them current. A token belongs to the server it was stored for and is
// never sent to another one.
#ifndef HALLWARDEN_TOOLS_GMCTL_CONFIG_H_
#define HALLWARDEN_TOOLS_GMCTL_CONFIG_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "tools/gmctl/api.h"
#include "tools/gmctl/args.h"

namespace hallwarden::gmctl {

inline constexpr std::string_view kDefaultServer = "127.0.0.1:7700";

// Reads a variable of the environment; unset or empty: nothing.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

struct ServerContext {
  std::string server;
  std::string token;
  // Whom to trust and what to show there.
  channel::ClientTls tls = {};
};

struct Config {
  std::string current;
  std::map<std::string, ServerContext> contexts;
};

// `folder`/name under the base folder of the XDG variable, or under `fallback` in the home folder.
[[nodiscard]] std::string ConfigPath(const Environment& environment);
[[nodiscard]] std::string StateFolder(const Environment& environment);

// A missing file is an empty configuration.
[[nodiscard]] absl::StatusOr<Config> LoadConfig(const std::string& path);
[[nodiscard]] absl::Status SaveConfig(const std::string& path, const Config& config);

// What the flags, the environment and the configuration come to.
[[nodiscard]] absl::StatusOr<Connection> ChooseConnection(const Args& args,
                                                          const Environment& environment);

// Reads a token: the file's first line, without blanks. Errors never show what was in the file.
[[nodiscard]] absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

// Whether `text` can be a token: printable ASCII without blanks. Header values can hold no more.
[[nodiscard]] bool LooksLikeToken(std::string_view text);

// What the flags and the environment say about TLS, on top of what is known of the server. A usage
// problem if it does not fit together.
[[nodiscard]] absl::StatusOr<channel::ClientTls> ChooseTls(const Args& args,
                                                           const Environment& environment,
                                                           channel::ClientTls known);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CONFIG_H_
