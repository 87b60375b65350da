// What changes from one policy to the next, in lines that a GM can read.
#ifndef HALLWARDEN_RULES_POLICY_DIFF_H_
#define HALLWARDEN_RULES_POLICY_DIFF_H_

#include <vector>

#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/policy.pb.h"

namespace hallwarden::policy {

// One line per ladder, rule, template, limit or other part that differs, in the order of the
// schema and then of the new policy; what is gone comes last in its group. Keys are `title`,
// `ladder {id}`, `rule {id}`, `rule order`, `template {id}`, `limit {role}` and so on. Empty:
// nothing changes but comments. Neither policy needs to have been checked.
[[nodiscard]] std::vector<v1::PlanLine> DiffPolicies(const v1::Policy& before,
                                                     const v1::Policy& after);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_DIFF_H_
