// The main of a fuzz target where there is no libFuzzer: feeds it each file of the folders that are
// named.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

// The entry point that libFuzzer prescribes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t Replay(const std::filesystem::path& folder) {
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) {
      continue;
    }
    // Named first: a crash leaves no time for it afterwards.
    std::cerr << entry.path().filename().string() << std::endl;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    // A copy of exactly that size, so that the address sanitizer sees a read behind it.
    const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++inputs;
  }
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  try {
    for (const char* folder : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
      inputs += Replay(folder);
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  std::cerr << inputs << " inputs\n";
  // An empty corpus would be a test that cannot fail.
  return inputs > 0 ? 0 : 1;
}
