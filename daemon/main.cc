// hallwardend: parses flags, starts the daemon, waits for a signal, stops it.
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "daemon/app/app.h"
#include "daemon/app/flags.h"
#include "daemon/app/offline.h"
#include "daemon/log.h"
#include "daemon/metrics/notify.h"
#include "rules/policy/policy.h"
#include "storage/crash_point.h"
#include "storage/store.h"

namespace hallwarden::daemon {
namespace {

constexpr int kExitBadPolicy = 1;
constexpr int kExitCannotStart = 2;

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

int CheckPolicy(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::cerr << "hallwardend: cannot read " << file << "\n";
    return kExitCannotStart;
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const policy::CompileResult result = policy::Compile(text, file, "");
  for (const v1::Diagnostic& found : result.diagnostics) {
    std::cout << found.file() << ":" << found.line() << ":" << found.column() << ": "
              << (found.fatal() ? "" : "warning: ") << found.reason();
    if (!found.hint().empty()) std::cout << "; " << found.hint();
    std::cout << "\n";
  }
  return result.policy == nullptr ? kExitBadPolicy : 0;
}

int ExportStore(const std::string& directory) {
  storage::StoreOptions options;
  options.directory = directory;
  options.read_only = true;
  absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(options);
  absl::Status status = store.status();
  if (status.ok()) {
    status = (*store)->Export([](std::string_view line) { std::cout << line << "\n"; });
  }
  if (status.ok()) return 0;
  std::cerr << "hallwardend: " << Text(status) << "\n";
  return kExitCannotStart;
}

// Every connection is a descriptor, and so is every file of the store.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    Log(LogLevel::kWarning, "cannot raise the limit of open files");
  }
}

// Removed again when the daemon ends.
class PidFile {
 public:
  explicit PidFile(std::string file) : file_(std::move(file)) {
    if (file_.empty()) return;
    std::ofstream out(file_, std::ios::trunc);
    out << getpid() << "\n";
    if (!out.flush()) Log(LogLevel::kWarning, absl::StrCat("cannot write ", file_));
  }
  ~PidFile() {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
  }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string file_;
};

// True if the daemon was asked to stop, waiting at most a tenth of a second.
bool AskedToStop(const sigset_t& signals) {
  const timespec patience{0, 100'000'000};
  return sigtimedwait(&signals, nullptr, &patience) > 0;
}

// What Serve says when the daemon is to begin anew: no exit code of ours.
constexpr int kStartAgain = -1;

int Serve(const Flags& flags) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Before any thread: they inherit the mask, and the signal waits for this one.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  RaiseDescriptorLimit();
  if (!flags.test_crash_point.empty()) {
    if (absl::Status status = storage::ArmCrashPoint(flags.test_crash_point); !status.ok()) {
      std::cerr << "hallwardend: " << Text(status) << "\n";
      return kExitCannotStart;
    }
  }
  absl::StatusOr<std::unique_ptr<App>> app = App::Start(flags);
  if (!app.ok()) {
    std::cerr << "hallwardend: " << Text(app.status()) << "\n";
    return kExitCannotStart;
  }
  const PidFile pid_file(flags.pid_file);
  bool stop = false;
  while (!stop && !(*app)->Ready())
    stop = AskedToStop(signals);
  if (!stop) {
    if (absl::Status status = (*app)->FinishStart(); !status.ok()) {
      std::cerr << "hallwardend: " << Text(status) << "\n";
      return kExitCannotStart;
    }
    Log(LogLevel::kInfo, absl::StrCat("hallwardend ", HW_VERSION, " listens on ", (*app)->address(),
                                      flags.tls.enabled() ? ", TLS" : ""));
    Notify("READY=1");
  }
  bool again = false;
  while (!stop && !again) {
    stop = AskedToStop(signals);
    again = !stop && (*app)->WantsRestart();
  }
  Log(LogLevel::kInfo, again ? "there is disk space again: starting anew" : "stopping");
  Notify("STOPPING=1");
  (*app)->Stop();
  Log(LogLevel::kInfo, "stopped");
  return again ? kStartAgain : 0;
}

// Begins anew in the same process, so that nobody has to watch over it. Returns only if it cannot.
int StartAgain(char** argv) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  execv("/proc/self/exe", argv);
  Log(LogLevel::kError, "cannot start anew: start it again");
  return kExitCannotStart;
}

int Main(const std::vector<std::string>& words) {
  const absl::StatusOr<Flags> flags = ParseFlags(words);
  if (!flags.ok()) {
    std::cerr << "hallwardend: " << Text(flags.status()) << "\n";
    return kExitCannotStart;
  }
  SetLogLevel(flags->log_level);
  SetLogFormat(flags->log_format);
  if (flags->help) {
    std::cout << FlagsHelp();
    return 0;
  }
  if (flags->version) {
    std::cout << "hallwardend " << HW_VERSION << "\n";
    return 0;
  }
  if (flags->crash_points) {
    for (const storage::CrashPoint& point : storage::CrashPoints())
      std::cout << point.name << "\t" << point.meaning << "\n";
    return 0;
  }
  if (!flags->check_policy.empty()) return CheckPolicy(flags->check_policy);
  if (flags->store.empty()) {
    std::cerr << "hallwardend: --store DIR is missing: see --help\n";
    return kExitCannotStart;
  }
  const OfflineOutput output{&std::cout, &std::cerr};
  if (flags->verify) return VerifyOffline(*flags, output);
  if (flags->list_backups) return ListBackupsOffline(*flags, output);
  if (!flags->restore.empty()) return RestoreOffline(*flags, output);
  return flags->export_store ? ExportStore(flags->store) : Serve(*flags);
}

}  // namespace
}  // namespace hallwarden::daemon

int main(int argc, char** argv) {
  const int code = hallwarden::daemon::Main({argv + 1, argv + argc});
  return code == hallwarden::daemon::kStartAgain ? hallwarden::daemon::StartAgain(argv) : code;
}
