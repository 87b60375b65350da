// Collects what the check of a policy finds. Internal to rules/policy.
#ifndef HALLWARDEN_RULES_POLICY_DIAGNOSTICS_H_
#define HALLWARDEN_RULES_POLICY_DIAGNOSTICS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"

namespace hallwarden::policy {

// A place in the text, both from 1. Columns count bytes, a tab reaches to the next multiple of 8.
struct Place {
  int line = 1;
  int column = 1;
};

// Diagnostics of one text. Keeps the first 100 errors and the first 100 warnings: a text of another
// kind altogether must not fill the memory.
class Reporter {
 public:
  explicit Reporter(std::string_view file) : file_(file) {}

  void Error(Place place, std::string reason, std::string hint);
  void Warning(Place place, std::string reason, std::string hint);

  // `did you mean "x"?` for the candidate nearest to `name`, or `otherwise` if none is near.
  [[nodiscard]] std::string DidYouMean(std::string_view name,
                                       const std::vector<std::string_view>& candidates,
                                       std::string_view otherwise) const;

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }

  // Hands over the diagnostics in the order of the text.
  [[nodiscard]] std::vector<v1::Diagnostic> Take();

 private:
  void Add(Place place, std::string reason, std::string hint, bool fatal);

  std::string file_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::vector<v1::Diagnostic> diagnostics_;
};

// `"name"`, shortened and with anything but printable ASCII escaped, so that a diagnostic is always
// a valid line of text.
[[nodiscard]] std::string Quoted(std::string_view name);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_DIAGNOSTICS_H_
