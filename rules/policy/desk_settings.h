// How the desk works, compiled from the policy's `desk`: terms, departments, the order of the
// queue, limits of reports. Built-in values stand with each field of desk_policy.proto.
#ifndef HALLWARDEN_RULES_POLICY_DESK_SETTINGS_H_
#define HALLWARDEN_RULES_POLICY_DESK_SETTINGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/case.pb.h"
#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/desk_policy.pb.h"

namespace hallwarden::policy {

// What is promised for one kind of case.
struct CaseTerm {
  std::int64_t answer_us = 0;
  v1::Role least_role = v1::ROLE_GM;
};

struct Department {
  std::string id;
  v1::LocalizedText title;
  std::int64_t answer_us = 0;
};

// Every value is present and within its range.
struct DeskSettings {
  std::int64_t lease_us = 0;
  std::int64_t reopen_us = 0;
  std::array<CaseTerm, static_cast<std::size_t>(v1::CaseKind_ARRAYSIZE)> terms;
  std::vector<Department> departments;
  // How far each moves a case forward.
  std::int64_t serious_us = 0;
  std::int64_t evidence_us = 0;  // a unit of log10 E
  std::int64_t gold_us = 0;      // a tenfold
  std::int64_t report_us = 0;    // a report of a perfectly reliable player
  std::uint32_t reports_per_hour = 0;
  std::uint32_t reports_per_day = 0;
  std::uint32_t min_reliability_milli = 0;  // 0: every report counts
  std::uint32_t open_weight_milli = 0;
  // Empty: nothing is sent.
  v1::LocalizedText thanks;
  v1::LocalizedText founded;
  v1::LocalizedText unfounded;

  [[nodiscard]] const CaseTerm& Term(v1::CaseKind kind) const;
  // By identifier or either name; nullptr if the policy has no such department.
  [[nodiscard]] const Department* FindDepartment(std::string_view name) const;
};

// Built-in values where `desk` has none.
[[nodiscard]] DeskSettings CompileDesk(const v1::DeskPolicy& desk);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_DESK_SETTINGS_H_
