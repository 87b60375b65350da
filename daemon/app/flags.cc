#include "daemon/app/flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/border/address.h"

namespace hallwarden::daemon {
namespace {

struct Flag {
  std::string_view name;
  // Empty: a switch.
  std::string_view value;
  std::string_view help;
  // False: the value is none.
  bool (*set)(const std::string& value, Flags* flags);
};

template <class Number>
bool ParseNumber(const std::string& text, Number* number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

template <auto kField>
bool SetText(const std::string& value, Flags* flags) {
  flags->*kField = value;
  return !value.empty();
}

template <auto kField>
bool SetTls(const std::string& value, Flags* flags) {
  flags->tls.*kField = value;
  return !value.empty();
}

template <auto kField>
bool SetMax(const std::string& value, Flags* flags) {
  return ParseNumber(value, &(flags->connections.*kField)) && flags->connections.*kField > 0;
}

bool SetRule(const std::string& value, Flags* flags) {
  constexpr std::array<std::pair<std::string_view, ClientCertificateRule>, 3> kRules = {
      {{"nobody", ClientCertificateRule::kNobody},
       {"servers", ClientCertificateRule::kServers},
       {"all", ClientCertificateRule::kAll}}};
  for (const auto& [word, rule] : kRules) {
    if (word != value) continue;
    flags->tls.required = rule;
    return true;
  }
  return false;
}

// What belongs together.
absl::Status CheckTogether(const TlsOptions& tls) {
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("--tls-cert and --tls-key belong together: give both");
  }
  if (tls.certificate.empty() && !tls.client_authorities.empty()) {
    return absl::InvalidArgumentError(
        "--tls-client-ca does nothing without TLS: give --tls-cert and --tls-key, too");
  }
  if (tls.client_authorities.empty() && !tls.revocations.empty()) {
    return absl::InvalidArgumentError(
        "--tls-crl does nothing without authorities: give --tls-client-ca, too");
  }
  if (tls.client_authorities.empty() && !tls.trust_domain.empty()) {
    return absl::InvalidArgumentError(
        "--tls-trust-domain does nothing without authorities: give --tls-client-ca, too");
  }
  if (tls.client_authorities.empty() && tls.required.has_value()) {
    return absl::InvalidArgumentError(
        "--tls-require-client-cert does nothing without authorities: give --tls-client-ca, too");
  }
  return absl::OkStatus();
}

bool SetFormat(const std::string& value, Flags* flags) {
  const std::optional<LogFormat> format = ParseLogFormat(value);
  if (format.has_value()) flags->log_format = *format;
  return format.has_value();
}

bool SetLevel(const std::string& value, Flags* flags) {
  const std::optional<LogLevel> level = ParseLogLevel(value);
  if (level.has_value()) flags->log_level = *level;
  return level.has_value();
}

constexpr auto kFlags = std::to_array<Flag>({
    {"store", "DIR", "directory of the store; made if it is missing. Required",
     SetText<&Flags::store>},
    {"listen", "ADDRESS",
     "where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH (default 127.0.0.1:7700); without TLS "
     "only on this host",
     SetText<&Flags::listen>},
    {"listen-plain", "ADDRESS", "a second place without TLS, for this host only (default none)",
     SetText<&Flags::listen_plain>},
    {"tls-cert", "FILE", "certificate of the daemon, and what is between it and its authority, PEM",
     SetTls<&TlsOptions::certificate>},
    {"tls-key", "FILE", "its private key, PEM, without a password", SetTls<&TlsOptions::key>},
    {"tls-client-ca", "FILE", "authorities whose certificates clients may show, PEM",
     SetTls<&TlsOptions::client_authorities>},
    {"tls-crl", "FILE", "revocation lists of these authorities, PEM",
     SetTls<&TlsOptions::revocations>},
    {"tls-trust-domain", "NAME",
     "principals are spiffe://NAME/server/PRINCIPAL and .../person/PRINCIPAL (default: the common "
     "name of a certificate is the principal)",
     SetTls<&TlsOptions::trust_domain>},
    {"tls-require-client-cert", "WHO",
     "who must show one: nobody, servers or all (default servers)", SetRule},
    {"max-connections", "N", "connections at once (default 4096), at most half of the descriptors",
     SetMax<&ConnectionLimits::connections_max>},
    {"max-connections-per-address", "N",
     "of one address, or one /64 of IPv6, this host excepted (default 256)",
     SetMax<&ConnectionLimits::per_address_max>},
    {"metrics", "HOST:PORT",
     "serve /metrics, /healthz and /readyz there (default: nowhere); loopback only",
     [](const std::string& v, Flags* f) {
       f->metrics = v;
       return IsLoopback(v);
     }},
    {"pid-file", "FILE", "write the process number there while running", SetText<&Flags::pid_file>},
    {"policy", "FILE",
     "policy that a new store starts with (default: the built-in one); later: gmctl policy apply",
     SetText<&Flags::policy>},
    {"check-policy", "FILE", "check a policy, print what is wrong with it, and exit 0 or 1",
     SetText<&Flags::check_policy>},
    {"export", "", "print all decisions of the store as text and exit; changes nothing",
     [](const std::string&, Flags* f) {
       f->export_store = true;
       return true;
     }},
    {"disk-reserve", "MIB",
     "no events are taken below so much free disk space, and nothing is recorded below a quarter "
     "of it (default: 5 % of the disk, 256 to 2048)",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->disk_reserve_mib) && f->disk_reserve_mib > 0 &&
              f->disk_reserve_mib < (std::int64_t{1} << 40);
     }},
    {"audit-key", "FILE", "signs audit checkpoints; made if it is missing (default DIR/audit.key)",
     [](const std::string& v, Flags* f) {
       f->audit_key = v;
       return !v.empty();
     }},
    {"audit-checkpoints", "FILE",
     "where signed checkpoints are appended: ship it to another host (default "
     "DIR/audit-checkpoints)",
     [](const std::string& v, Flags* f) {
       f->audit_checkpoints = v;
       return !v.empty();
     }},
    {"log-format", "FORMAT", "text or json, one object a line (default text)", SetFormat},
    {"verify", "",
     "check the store completely and exit 0 (clean), 1 (problems) or 2 (cannot be opened); changes "
     "nothing",
     [](const std::string&, Flags* f) {
       f->verify = true;
       return true;
     }},
    {"replay", "", "with --verify: decide the records behind the checkpoint again, and compare",
     [](const std::string&, Flags* f) {
       f->replay = true;
       return true;
     }},
    {"backup-dir", "DIR", "where backups lie (default STORE/backups); better on another disk",
     [](const std::string& v, Flags* f) {
       f->backup_dir = v;
       return !v.empty();
     }},
    {"backup-keys-dir", "DIR",
     "where the copy of the keys lies (default STORE/backup-keys); apart from the backups",
     [](const std::string& v, Flags* f) {
       f->backup_keys_dir = v;
       return !v.empty();
     }},
    {"backup-every", "MINUTES",
     "make and verify a backup that often while running (default 0: never)",
     [](const std::string& v, Flags* f) { return ParseNumber(v, &f->backup_every); }},
    {"backup-keep", "N", "backups that are kept (default 24)",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->backup_keep) && f->backup_keep > 0;
     }},
    {"backups", "", "list the backups and exit",
     [](const std::string&, Flags* f) {
       f->list_backups = true;
       return true;
     }},
    {"restore", "BACKUP",
     "put a backup (its number, or `latest`) in the place of the store and exit; the daemon must "
     "be "
     "stopped, and what is there is kept",
     [](const std::string& v, Flags* f) {
       f->restore = v;
       return !v.empty();
     }},
    {"log-level", "LEVEL", "debug, info, warning, error or off (default info)", SetLevel},
    {"version", "", "print the version and exit",
     [](const std::string&, Flags* f) {
       f->version = true;
       return true;
     }},
    {"help", "", "print this and exit",
     [](const std::string&, Flags* f) {
       f->help = true;
       return true;
     }},
    {"test-clock", "", "for tests: commit time follows the events, no clock is read",
     [](const std::string&, Flags* f) {
       f->test_clock = true;
       return true;
     }},
    {"test-clock-start", "SECONDS", "for tests: where commit time of an empty store begins",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->test_clock_start_s) && f->test_clock_start_s > 0;
     }},
    {"test-crash-point", "NAME[:N][:kill|:sleep]",
     "for tests: die (or sleep a second) at the Nth time that the named point is reached",
     [](const std::string& v, Flags* f) {
       f->test_crash_point = v;
       return !v.empty();
     }},
    {"test-checkpoint-records", "N", "for tests: a checkpoint after N records",
     [](const std::string& v, Flags* f) { return ParseNumber(v, &f->test_checkpoint_records); }},
    {"test-cells-max", "N", "for tests: keep at most N clean cells in memory",
     [](const std::string& v, Flags* f) { return ParseNumber(v, &f->test_cells_max); }},
    {"crash-points", "", "for tests: print the names of all crash points and exit",
     [](const std::string&, Flags* f) {
       f->crash_points = true;
       return true;
     }},
    {"test-group-max", "N", "for tests: at most N records a commit",
     [](const std::string& v, Flags* f) {
       return ParseNumber(v, &f->test_group_max) && f->test_group_max > 0;
     }},
    {"idle-engine", "", "for benchmarks: judge no hall event, measure everything around it",
     [](const std::string&, Flags* f) {
       f->idle_engine = true;
       return true;
     }},
});

const Flag* Find(std::string_view name) {
  const auto* const it = std::find_if(kFlags.begin(), kFlags.end(),
                                      [&](const Flag& flag) { return flag.name == name; });
  return it == kFlags.end() ? nullptr : it;
}

}  // namespace

absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& words) {
  Flags flags;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::size_t equals = word.find('=');
    const bool dashed = word.rfind("--", 0) == 0;
    const std::string name =
        dashed ? word.substr(2, equals == std::string::npos ? equals : equals - 2) : "";
    const Flag* flag = dashed ? Find(name) : nullptr;
    if (flag == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("do not know `", word, "`: see --help"));
    }
    std::string value;
    if (equals != std::string::npos) {
      if (flag->value.empty()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " takes no value"));
      }
      value = word.substr(equals + 1);
    } else if (!flag->value.empty()) {
      if (i + 1 == words.size()) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
      }
      value = words[++i];
    }
    if (!flag->set(value, &flags)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, " cannot be `", value, "`: see --help"));
    }
  }
  if (absl::Status status = CheckTogether(flags.tls); !status.ok()) return status;
  return flags;
}

std::string FlagsHelp() {
  std::string help =
      "hallwardend: the moderation daemon.\n\nUsage: hallwardend --store DIR [flags]\n\n";
  for (const Flag& flag : kFlags) {
    std::string left = absl::StrCat("  --", absl::string_view(flag.name.data(), flag.name.size()));
    if (!flag.value.empty()) {
      absl::StrAppend(&left, " ", absl::string_view(flag.value.data(), flag.value.size()));
    }
    constexpr std::size_t kColumn = 30;
    left.resize(std::max(left.size() + 1, kColumn), ' ');
    absl::StrAppend(&help, left, absl::string_view(flag.help.data(), flag.help.size()), "\n");
  }
  return help +
         "\nThe first start writes the administrator's token to DIR/admin.token. SIGTERM stops it "
         "cleanly.\nExit codes: 0 stopped, 1 the policy is bad or a checked store is not clean, 2 "
         "it cannot start, 70 a write "
         "failed "
         "(start it again).\n";
}

}  // namespace hallwarden::daemon
