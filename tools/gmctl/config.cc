#include "tools/gmctl/config.h"

#include <array>
#include <cstddef>
#include <utility>

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
    const google::protobuf::Struct& one = value.struct_value();
    config.contexts[name] = ServerContext{.server = StringIn(one, "server"),
                                          .token = StringIn(one, "token"),
                                          .tls = {.ca = StringIn(one, "tls_ca"),
                                                  .certificate = StringIn(one, "tls_cert"),
                                                  .key = StringIn(one, "tls_key"),
                                                  .server_name = StringIn(one, "tls_server_name")}};
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
    const auto set = [&one](const char* key, const std::string& text) {
      if (!text.empty()) SetString(one, key, text);
    };
    set("token", context.token);
    set("tls_ca", context.tls.ca);
    set("tls_cert", context.tls.certificate);
    set("tls_key", context.tls.key);
    set("tls_server_name", context.tls.server_name);
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
  Connection connection{.server = configured, .token = chosen.token, .tls = chosen.tls};
  if (args.Has("server")) {
    connection.server = args.Get("server");
  } else if (!args.Has("context")) {
    connection.server = environment("HALLWARDEN_SERVER").value_or(configured);
  }
  if (connection.server != configured) {
    // Another server than the token was stored for: take the token of a context that means it.
    connection.token.clear();
    connection.tls = {};
    for (const auto& [other, context] : config->contexts) {
      if (context.server != connection.server) continue;
      connection.token = context.token;
      connection.tls = context.tls;
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
  absl::StatusOr<channel::ClientTls> tls = ChooseTls(args, environment, std::move(connection.tls));
  if (!tls.ok()) return tls.status();
  connection.tls = *std::move(tls);
  connection.plaintext = args.Has("plaintext");
  return connection;
}

absl::StatusOr<channel::ClientTls> ChooseTls(const Args& args, const Environment& environment,
                                             channel::ClientTls known) {
  struct Source {
    const char* flag;
    const char* variable;
    std::string channel::ClientTls::*field;
  };
  constexpr std::array<Source, 4> kSources = {
      {{"tls-ca", "HALLWARDEN_TLS_CA", &channel::ClientTls::ca},
       {"tls-cert", "HALLWARDEN_TLS_CERT", &channel::ClientTls::certificate},
       {"tls-key", "HALLWARDEN_TLS_KEY", &channel::ClientTls::key},
       {"tls-server-name", "HALLWARDEN_TLS_SERVER_NAME", &channel::ClientTls::server_name}}};
  // What a context or the environment says is for encrypted channels.
  if (args.Has("plaintext")) known = {};
  for (const Source& source : kSources) {
    if (args.Has(source.flag)) {
      known.*source.field = args.Get(source.flag);
    } else if (!args.Has("context") && !args.Has("plaintext")) {
      known.*source.field = environment(source.variable).value_or(known.*source.field);
    }
  }
  const absl::Status fits = channel::CheckTls(known, args.Has("plaintext"));
  if (fits.ok()) return known;
  return UsageProblem("err.config.tls",
                      {{"what", std::string(fits.message().data(), fits.message().size())}});
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

}  // namespace hallwarden::gmctl
