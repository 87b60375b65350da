#include "tests/rules/policy/golden.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/policy/policy.h"

namespace hallwarden::policy {

std::string ReadTestdata(const std::string& name) {
  std::ifstream file("testdata/" + name, std::ios::binary);
  EXPECT_TRUE(file.good()) << "no testdata/" << name << ": run the test in its source folder";
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool UpdatesGoldens() {
  return std::getenv("HW_UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
}

void WriteTestdata(const std::string& name, const std::string& bytes) {
  std::ofstream("testdata/" + name, std::ios::binary) << bytes;
}

void ExpectGolden(const std::string& name, const std::string& actual) {
  if (UpdatesGoldens()) WriteTestdata(name, actual);
  EXPECT_EQ(ReadTestdata(name), actual) << "testdata/" << name;
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

const std::shared_ptr<const CompiledPolicy>& DefaultPolicy() {
  static const auto* const kPolicy = new std::shared_ptr<const CompiledPolicy>(
      Compile(DefaultPolicyText(), "default", "0123456789abcdef").policy);
  return *kPolicy;
}

std::string FormatDiagnostics(const CompileResult& result, std::string_view source) {
  const std::vector<std::string> lines = Lines(source);
  std::ostringstream out;
  for (const v1::Diagnostic& diagnostic : result.diagnostics) {
    out << diagnostic.file() << ":" << diagnostic.line() << ":" << diagnostic.column() << ": "
        << (diagnostic.fatal() ? "error: " : "warning: ") << diagnostic.reason() << "\n"
        << "  hint: " << diagnostic.hint() << "\n";
    const auto index = static_cast<std::size_t>(diagnostic.line() - 1);
    if (index < lines.size()) out << "  | " << lines[index] << "\n";
  }
  return out.str();
}

}  // namespace hallwarden::policy
