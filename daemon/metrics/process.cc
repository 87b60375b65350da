#include "daemon/metrics/process.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace hallwarden::daemon {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessState ReadProcess() {
  ProcessState state;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    state.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  }
  std::ifstream pages("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (pages >> size >> resident) state.resident_bytes = resident * sysconf(_SC_PAGESIZE);
  std::error_code error;
  for (std::filesystem::directory_iterator file("/proc/self/fd", error), end; !error && file != end;
       file.increment(error)) {
    ++state.open_files;
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    state.open_files_max = static_cast<std::int64_t>(limit.rlim_cur);
  }
  return state;
}

DiskState ReadDisk(const std::string& directory) {
  DiskState state;
  struct statvfs disk {};
  if (statvfs(directory.c_str(), &disk) != 0) return state;
  const auto block = static_cast<std::int64_t>(disk.f_frsize);
  state.free_bytes = static_cast<std::int64_t>(disk.f_bavail) * block;
  state.size_bytes = static_cast<std::int64_t>(disk.f_blocks) * block;
  return state;
}

}  // namespace hallwarden::daemon
