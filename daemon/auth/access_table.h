// Who may call what: one table over every call of every service. What is not in it is denied.
#ifndef HALLWARDEN_DAEMON_AUTH_ACCESS_TABLE_H_
#define HALLWARDEN_DAEMON_AUTH_ACCESS_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "absl/status/status.h"
#include "daemon/auth.h"

namespace hallwarden::daemon {

// A set of roles: bit `1 << v1::Role`. Bit 0 (nobody) is never set.
using RoleMask = std::uint16_t;

struct Access {
  // As descriptors write it without the package: `GmService.LiftSanction`. The audit uses it too.
  std::string_view method;
  RoleMask roles = 0;
  // Changes something: takes ActionOptions and leaves an audit record, refused ones too.
  bool mutating = false;
};

// Sorted by method.
[[nodiscard]] std::span<const Access> AccessTable();

// The row of a call by any of its names: `GmService.LiftSanction`, as descriptors write it
// (`hallwarden.v1.GmService.LiftSanction`) or as gRPC does
// (`/hallwarden.v1.GmService/LiftSanction`). Null if there is none.
[[nodiscard]] const Access* FindAccess(std::string_view method);

[[nodiscard]] bool RoleIn(v1::Role role, RoleMask roles);
[[nodiscard]] std::vector<v1::Role> RolesOf(RoleMask roles);

// OK, or PERMISSION_DENIED with reason ROLE_NOT_ALLOWED. Does not tell whether anything exists.
[[nodiscard]] absl::Status Authorize(std::string_view method, const Principal& principal);

// What a role may see of personal data. Everybody who may read at all but viewers sees the words
// players wrote; addresses and devices only those who must trace accounts.
[[nodiscard]] bool MaySeeText(v1::Role role);
[[nodiscard]] bool MaySeeOrigins(v1::Role role);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_ACCESS_TABLE_H_
