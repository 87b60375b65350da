// gmctl: the GM's tool. Only wires the process to run.h.
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tools/gmctl/grpc_api.h"
#include "tools/gmctl/run.h"
#include "tools/gmctl/text.h"

namespace {

std::string NewUuid() {
  std::random_device source;
  std::string bytes;
  for (std::size_t i = 0; i < 16; ++i)
    bytes += static_cast<char>(source() & 0xffU);
  constexpr unsigned kVersion4 = 0x40;
  constexpr unsigned kVariant1 = 0x80;
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0fU) | kVersion4);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3fU) | kVariant1);
  std::string text = hallwarden::gmctl::Hex(bytes);
  for (const std::size_t at : {std::size_t{20}, std::size_t{16}, std::size_t{12}, std::size_t{8}}) {
    text.insert(at, 1, '-');
  }
  return text;
}

std::optional<std::string> ReadEnvironment(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program sets a variable.
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that went away is an error of write(), not a reason to die without a word.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  hallwarden::gmctl::ProcessConsole console;
  hallwarden::gmctl::SystemClock clock;
  hallwarden::gmctl::World world{.console = console,
                                 .clock = clock,
                                 .environment = ReadEnvironment,
                                 .connect = hallwarden::gmctl::ConnectGrpc,
                                 .new_uuid = NewUuid};
  const std::vector<std::string> words(argv + 1, argv + argc);
  return static_cast<int>(hallwarden::gmctl::Run(words, world));
}
