// Which rule decides a finding, worked out for every finding there can be.
//
// A finding is matched by five small enums, so all their combinations are a table of some 3,000
// cells: matching costs one load, whatever the number of rules.
#ifndef HALLWARDEN_RULES_POLICY_MATCH_TABLE_H_
#define HALLWARDEN_RULES_POLICY_MATCH_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

namespace hallwarden::policy {

// What a finding is matched by. Unspecified severity is light, unspecified class is ordinary (never
// the harsher one), unspecified confidence is a note. An unspecified category matches only rules
// that name no category. Values outside the enums match nothing.
struct FindingKey {
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  v1::AccountClass account_class = v1::ACCOUNT_CLASS_UNSPECIFIED;
  v1::Confidence confidence = v1::CONFIDENCE_UNSPECIFIED;
};

// Indexes of rules in `v1::Policy.rules`, by finding.
class MatchTable {
 public:
  static constexpr int kNoRule = -1;

  // No rule matches anything.
  MatchTable();
  // Requires: at most 32,767 rules.
  explicit MatchTable(const v1::Policy& policy);

  // First rule in MODE_REVIEW or MODE_ENFORCE.
  [[nodiscard]] int Live(const FindingKey& key) const;
  // First rule in MODE_SHADOW, if it stands before the live one.
  [[nodiscard]] int Shadow(const FindingKey& key) const;
  // First rule with a ladder, whatever its mode and confidence; one in shadow only if no other.
  [[nodiscard]] int ForGm(const FindingKey& key) const;

 private:
  static constexpr std::size_t kOffences = v1::Offence_ARRAYSIZE;
  static constexpr std::size_t kCategories = v1::TextCategory_ARRAYSIZE;
  static constexpr std::size_t kSeverities = v1::Severity_ARRAYSIZE;
  static constexpr std::size_t kClasses = v1::AccountClass_ARRAYSIZE;
  static constexpr std::size_t kConfidences = v1::Confidence_ARRAYSIZE;
  static constexpr std::size_t kCells =
      kOffences * kCategories * kSeverities * kClasses * kConfidences;

  [[nodiscard]] static std::size_t CellOf(const FindingKey& key);

  // The last cell stands for values outside the enums and never has a rule.
  using Cells = std::array<std::int16_t, kCells + 1>;
  Cells live_{};
  Cells shadow_{};
  Cells gm_{};  // the same for every confidence
};

// Whether a rule matches a finding, whatever its mode. `key` has no unspecified value but category.
[[nodiscard]] bool Matches(const v1::Rule& rule, const FindingKey& key);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_MATCH_TABLE_H_
