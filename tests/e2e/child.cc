#include "tests/e2e/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace hallwarden::e2e {
namespace {

int CodeOf(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t Start(const std::string& program, const std::vector<std::string>& args,
            const std::filesystem::path& out, const std::filesystem::path& err) {
  std::vector<char*> argv;
  std::vector<std::string> copy = args;
  copy.insert(copy.begin(), program);
  for (std::string& arg : copy) argv.push_back(arg.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND;
  const int out_fd = open(out.c_str(), kFlags, 0600);
  const int err_fd = out == err ? out_fd : open(err.c_str(), kFlags, 0600);
  dup2(out_fd, 1);
  dup2(err_fd, 2);
  execv(program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& args,
             const std::filesystem::path& log)
    : pid_(Start(program, args, log, log)) {}

Child::~Child() {
  if (!Running()) return;
  Signal(SIGKILL);
  Wait();
}

void Child::Signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

int Child::Wait() {
  if (pid_ <= 0) return code_;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  code_ = CodeOf(status);
  return code_;
}

bool Child::Running() {
  if (pid_ <= 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = -1;
  code_ = CodeOf(status);
  return false;
}

int RunToEnd(const std::string& program, const std::vector<std::string>& args,
        const std::filesystem::path& out) {
  std::filesystem::remove(out);
  const pid_t pid = Start(program, args, out, out.string() + ".err");
  int status = 0;
  waitpid(pid, &status, 0);
  return CodeOf(status);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
}

Scratch::Scratch() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hallwarden-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace hallwarden::e2e
