#include "tools/gmctl/config.h"

#include <cstddef>

#include "tools/gmctl/files.h"
#include "tools/gmctl/json_file.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLargestTokenBytes = 4096;

std::string BaseFolder(const Environment& environment, const std::string& variable,
                       std::string_view fallback) {
  const auto base = environment(variable);
  // The XDG rules: a relative path counts as unset.
  if (base.has_value() && base->front() == '/') return *base;
  return Cat({environment("HOME").value_or("."), "/", fallback});
}

absl::StatusOr<ServerContext> NamedContext(const Config& config, const std::string& name) {
  const auto found = config.contexts.find(name);
  if (found != config.contexts.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, context] : config.contexts)
    names.push_back(known);
  return UsageProblem("err.config.context", {{"name", name}, {"list", Join(names, ", ")}});
}

}  // namespace

std::string ConfigPath(const Environment& environment) {
  return Cat({BaseFolder(environment, "XDG_CONFIG_HOME", ".config"), "/hallwarden/gmctl.json"});
}

std::string StateFolder(const Environment& environment) {
  return Cat({BaseFolder(environment, "XDG_STATE_HOME", ".local/state"), "/hallwarden"});
}

absl::StatusOr<Config> LoadConfig(const std::string& path) {
  Config config;
  if (!FileExists(path)) return config;
  const absl::StatusOr<std::string> text = ReadFile(path, kLargestJsonBytes);
  if (!text.ok()) return text.status();
  const auto object = ParseJson(*text, path);
  if (!object.ok()) return object.status();
  config.current = StringIn(*object, "current");
  const auto contexts = object->fields().find("contexts");
  if (contexts == object->fields().end()) return config;
  for (const auto& [name, value] : contexts->second.struct_value().fields()) {
    config.contexts[name] = ServerContext{.server = StringIn(value.struct_value(), "server"),
                                          .token = StringIn(value.struct_value(), "token")};
  }
  return config;
}

absl::Status SaveConfig(const std::string& path, const Config& config) {
  google::protobuf::Struct object;
  SetString(object, "current", config.current);
  google::protobuf::Struct contexts;
  for (const auto& [name, context] : config.contexts) {
    google::protobuf::Struct one;
    SetString(one, "server", context.server);
    if (!context.token.empty()) SetString(one, "token", context.token);
    *(*contexts.mutable_fields())[name].mutable_struct_value() = one;
  }
  *(*object.mutable_fields())["contexts"].mutable_struct_value() = contexts;
  return WritePrivateFile(path, PrintJson(object), Durability::kOnDisk);
}

absl::StatusOr<Connection> ChooseConnection(const Args& args, const Environment& environment) {
  const absl::StatusOr<Config> config = LoadConfig(ConfigPath(environment));
  if (!config.ok()) return config.status();
  ServerContext chosen;
  const std::string name = args.Has("context") ? args.Get("context") : config->current;
  if (!name.empty()) {
    const absl::StatusOr<ServerContext> context = NamedContext(*config, name);
    if (!context.ok()) return context.status();
    chosen = *context;
  }
  const std::string configured =
      chosen.server.empty() ? std::string(kDefaultServer) : chosen.server;
  Connection connection{.server = configured, .token = chosen.token};
  if (args.Has("server")) {
    connection.server = args.Get("server");
  } else if (!args.Has("context")) {
    connection.server = environment("HALLWARDEN_SERVER").value_or(configured);
  }
  if (connection.server != configured) {
    // Another server than the token was stored for: take the token of a context that means it.
    connection.token.clear();
    for (const auto& [other, context] : config->contexts) {
      if (context.server == connection.server) connection.token = context.token;
    }
  }
  std::string token_file = args.Get("token-file");
  if (token_file.empty() && !args.Has("context")) {
    token_file = environment("HALLWARDEN_TOKEN_FILE").value_or("");
  }
  if (!token_file.empty()) {
    absl::StatusOr<std::string> token = ReadTokenFile(token_file);
    if (!token.ok()) return token.status();
    connection.token = *token;
  }
  if (!IsLoopback(connection.server) && !args.Has("plaintext")) {
    return UsageProblem("err.config.plaintext", {{"server", connection.server}});
  }
  return connection;
}

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path, kLargestTokenBytes);
  if (!text.ok()) return text.status();
  const std::string token(Trim(Split(*text, '\n').front()));
  if (!LooksLikeToken(token))
    return Problem(ExitCode::kError, "err.config.token", {{"path", path}});
  return token;
}

bool LooksLikeToken(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return true;
}

bool IsLoopback(std::string_view server) {
  if (server.starts_with("unix:")) return true;
  std::string_view host = server.substr(0, server.rfind(':'));
  if (server.starts_with('[')) host = server.substr(1, server.find(']') - 1);
  if (host == "localhost" || host == "::1") return true;
  // 127.anything, but not 127.example.org.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace hallwarden::gmctl
