// The logins of an account with their addresses and devices.
#ifndef HALLWARDEN_DAEMON_DESK_LOGIN_HISTORY_H_
#define HALLWARDEN_DAEMON_DESK_LOGIN_HISTORY_H_

#include "hallwarden/v1/recovery_service.pb.h"

#include "absl/status/statusor.h"
#include "daemon/desk/records.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// What a login or registration record says. Fields whose record was dropped, or whose key was
// destroyed, stay empty.
[[nodiscard]] absl::StatusOr<v1::Login> LoginAt(storage::Store* store,
                                                const storage::StoredPosting& posting);

// Marks what is as at the registration, and what has nothing in common with the login before it in
// time. `logins` are newest first; `before` is the one before the last of them, empty if there is
// none.
void MarkLogins(const v1::Login& registration, const v1::Login& before,
                google::protobuf::RepeatedPtrField<v1::Login>* logins);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_LOGIN_HISTORY_H_
