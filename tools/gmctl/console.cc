#include "tools/gmctl/console.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <vector>

#include <termios.h>
#include <unistd.h>

namespace hallwarden::gmctl {
namespace {

// A prompt needs no more; more is somebody's mistake.
constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

bool WriteAll(std::FILE* stream, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stream) != text.size()) return false;
  return std::fflush(stream) == 0;
}

}  // namespace

bool ProcessConsole::WriteOut(std::string_view text) {
  return WriteAll(stdout, text);
}

void ProcessConsole::WriteError(std::string_view text) {
  // Nobody is left to be told when this fails.
  static_cast<void>(WriteAll(stderr, text));
}

std::optional<std::string> ProcessConsole::ReadLine() {
  std::vector<char> line;
  while (line.size() < kLongestLine) {
    const int c = std::fgetc(stdin);
    if (c == EOF && line.empty()) return std::nullopt;
    if (c == EOF || c == '\n') break;
    line.push_back(static_cast<char>(c));
  }
  return std::string(line.begin(), line.end());
}

std::optional<std::string> ProcessConsole::ReadSecret() {
  termios before{};
  const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    static_cast<void>(tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent));
  }
  std::optional<std::string> line = ReadLine();
  if (terminal) {
    static_cast<void>(tcsetattr(STDIN_FILENO, TCSAFLUSH, &before));
    WriteError("\n");
  }
  return line;
}

std::string ProcessConsole::ReadAll(std::size_t max_bytes) {
  std::string all;
  std::array<char, 4096> buffer{};
  while (all.size() < max_bytes) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stdin);
    if (got == 0) break;
    all.append(buffer.data(), got);
  }
  return all;
}

bool ProcessConsole::InputIsTerminal() {
  return isatty(STDIN_FILENO) == 1;
}

bool ProcessConsole::OutputIsTerminal() {
  return isatty(STDOUT_FILENO) == 1;
}

bool ProcessConsole::ErrorIsTerminal() {
  return isatty(STDERR_FILENO) == 1;
}

}  // namespace hallwarden::gmctl
