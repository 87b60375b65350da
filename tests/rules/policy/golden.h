// Goldens of the policy tests: files below testdata/ that hold what is expected.
#ifndef HALLWARDEN_TESTS_RULES_POLICY_GOLDEN_H_
#define HALLWARDEN_TESTS_RULES_POLICY_GOLDEN_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/policy/policy.h"

namespace hallwarden::policy {

// Bytes of testdata/`name`. A missing file fails the test and gives an empty string.
std::string ReadTestdata(const std::string& name);

// Compares with testdata/`name`. With HW_UPDATE_GOLDEN in the environment the file is written
// instead, to be read and committed.
void ExpectGolden(const std::string& name, const std::string& actual);
bool UpdatesGoldens();
void WriteTestdata(const std::string& name, const std::string& bytes);

std::vector<std::string> Lines(std::string_view text);

// The default policy, compiled once.
const std::shared_ptr<const CompiledPolicy>& DefaultPolicy();

// `file:line:column: error: reason`, hint and the line itself, as gmctl prints it.
std::string FormatDiagnostics(const CompileResult& result, std::string_view source);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_TESTS_RULES_POLICY_GOLDEN_H_
