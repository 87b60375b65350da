// Whom and what a GM means.
//
//   10086, uid:10086, accounts/10086   an account
//   name:NICKNAME                      the account with this nickname; several: exit 3 and a list
//   sn_7K2M, sanctions/sn_7K2M         a sanction; where an account is wanted, the sanctioned one
//   cs_19F, cases/cs_19F               a case; where an account is wanted, the accused one
//   @last                              what was addressed last, on this server
#ifndef HALLWARDEN_TOOLS_GMCTL_TARGETS_H_
#define HALLWARDEN_TOOLS_GMCTL_TARGETS_H_

#include <string>

#include <absl/status/statusor.h>

#include "hallwarden/v1/sanction.pb.h"

#include "tools/gmctl/context.h"

namespace hallwarden::gmctl {

// The account's id, remembered as @last.
[[nodiscard]] absl::StatusOr<std::string> ResolveAccount(Context& context,
                                                         const std::string& target);

// The sanction itself, remembered as @last. For an account: its only sanction in force; several or
// none: exit 3.
[[nodiscard]] absl::StatusOr<v1::Sanction> ResolveSanction(Context& context,
                                                           const std::string& target);

// `cases/...`; for an account its only open case.
[[nodiscard]] absl::StatusOr<std::string> ResolveCase(Context& context, const std::string& target);

// Whether `target` names a sanction by its form.
[[nodiscard]] bool IsSanctionTarget(const std::string& target);

// `accounts/10086`.
[[nodiscard]] std::string AccountName(const std::string& account);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_TARGETS_H_
