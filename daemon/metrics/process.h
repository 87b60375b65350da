// What the system knows of this process and of the disk below the store.
#ifndef HALLWARDEN_DAEMON_METRICS_PROCESS_H_
#define HALLWARDEN_DAEMON_METRICS_PROCESS_H_

#include <cstdint>
#include <string>

namespace hallwarden::daemon {

struct ProcessState {
  double cpu_seconds = 0;
  std::int64_t resident_bytes = 0;
  std::int64_t open_files = 0;
  std::int64_t open_files_max = 0;
};

struct DiskState {
  std::int64_t free_bytes = 0;  // for this user
  std::int64_t size_bytes = 0;
};

// What cannot be read is 0.
[[nodiscard]] ProcessState ReadProcess();
[[nodiscard]] DiskState ReadDisk(const std::string& directory);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_METRICS_PROCESS_H_
