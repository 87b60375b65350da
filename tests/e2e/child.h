// Programs of the build, run as a person would.
#ifndef HALLWARDEN_TESTS_E2E_CHILD_H_
#define HALLWARDEN_TESTS_E2E_CHILD_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace hallwarden::e2e {

// A running child process. Killed by the destructor if it still runs.
class Child {
 public:
  // Starts `program` with `args`; standard output and error go to `log` (appended).
  Child(const std::string& program, const std::vector<std::string>& args,
        const std::filesystem::path& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Process number; -1 after Wait.
  [[nodiscard]] pid_t pid() const { return pid_; }
  // Sends a signal.
  void Signal(int number) const;
  // Waits for the end; the exit code, or 128 + signal.
  int Wait();
  // True while it runs.
  [[nodiscard]] bool Running();

 private:
  pid_t pid_ = -1;
  int code_ = -1;
};

// Runs to the end. Returns the exit code; standard output goes to `out`, standard error to `out`.err.
int RunToEnd(const std::string& program, const std::vector<std::string>& args,
        const std::filesystem::path& out);

// The whole file, empty if there is none.
[[nodiscard]] std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& text);

// A directory of its own, removed by the destructor.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

// Calls `ready` every millisecond until it is true or `seconds` went by. False: it never was.
template <class Ready>
bool Await(const Ready& ready, int seconds);

}  // namespace hallwarden::e2e

#include <chrono>
#include <thread>

template <class Ready>
bool hallwarden::e2e::Await(const Ready& ready, int seconds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!ready()) {
    if (std::chrono::steady_clock::now() > until) return false;
    // Another process gets there: there is nothing of ours to wait on.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

#endif  // HALLWARDEN_TESTS_E2E_CHILD_H_
