// The text of a policy, as an operator could write it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "rules/policy/policy.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace policy = hallwarden::policy;
  using hallwarden::fuzz::Require;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const policy::CompileResult result = policy::Compile(text, "f", std::string(64, 'a'));
  bool fatal = false;
  for (const hallwarden::v1::Diagnostic& found : result.diagnostics) {
    fatal = fatal || found.fatal();
    Require(found.line() >= 1 && found.column() >= 1, "a diagnostic points somewhere");
    Require(!found.reason().empty(), "a diagnostic says why");
  }
  Require(fatal == (result.policy == nullptr), "a policy is refused with a reason, or is there");
  Require(result.diagnostics.size() <= 200, "a bad text does not flood anybody");
  return 0;
}
