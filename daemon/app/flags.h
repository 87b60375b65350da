// What the operator can say on the command line.
#ifndef HALLWARDEN_DAEMON_APP_FLAGS_H_
#define HALLWARDEN_DAEMON_APP_FLAGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/border/connection_table.h"
#include "daemon/border/tls_files.h"
#include "daemon/log.h"

namespace hallwarden::daemon {

struct Flags {
  std::string store;
  std::string listen = "127.0.0.1:7700";
  std::string listen_plain;
  TlsOptions tls;
  ConnectionLimits connections;
  std::string metrics;
  std::string pid_file;
  std::string policy;
  std::string check_policy;
  bool export_store = false;
  // Space to keep free on the store's disk. 0: see ReserveFor.
  std::int64_t disk_reserve_mib = 0;
  // Empty: audit.key and audit-checkpoints in the store's directory.
  std::string audit_key;
  std::string audit_checkpoints;
  bool verify = false;
  bool replay = false;
  bool list_backups = false;
  // Number of a backup, or `latest`.
  std::string restore;
  // Empty: in the store's directory.
  std::string backup_dir;
  std::string backup_keys_dir;
  std::uint32_t backup_keep = 24;
  // Minutes between backups; 0: none are made.
  std::uint32_t backup_every = 0;
  bool version = false;
  bool help = false;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;
  bool test_clock = false;
  std::int64_t test_clock_start_s = 1'767'225'600;
  std::size_t test_group_max = 0;
  std::uint64_t test_checkpoint_records = 0;
  std::size_t test_cells_max = 0;
  std::string test_crash_point;
  bool crash_points = false;
  bool idle_engine = false;

  [[nodiscard]] std::string BackupDirectory() const {
    return backup_dir.empty() ? store + "/backups" : backup_dir;
  }
  [[nodiscard]] std::string BackupKeysDirectory() const {
    return backup_keys_dir.empty() ? store + "/backup-keys" : backup_keys_dir;
  }
};

// INVALID_ARGUMENT with the word that is wrong and what would be right.
[[nodiscard]] absl::StatusOr<Flags> ParseFlags(const std::vector<std::string>& words);

// What `--help` prints.
[[nodiscard]] std::string FlagsHelp();

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_FLAGS_H_
