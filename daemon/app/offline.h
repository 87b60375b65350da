// What hallwardend does with a store that no daemon uses: check, list backups, restore.
#ifndef HALLWARDEN_DAEMON_APP_OFFLINE_H_
#define HALLWARDEN_DAEMON_APP_OFFLINE_H_

#include <ostream>

#include "daemon/app/flags.h"

namespace hallwarden::daemon {

// Where results go, and where progress and errors go.
struct OfflineOutput {
  std::ostream* results = nullptr;
  std::ostream* talk = nullptr;
};

// Exit codes: 0 clean, 1 problems were found, 2 it cannot be opened. One line a problem.
[[nodiscard]] int VerifyOffline(const Flags& flags, const OfflineOutput& output);

// 0, or 2 with the reason.
[[nodiscard]] int ListBackupsOffline(const Flags& flags, const OfflineOutput& output);

// 0, or 2 with the reason: then the store is as it was.
[[nodiscard]] int RestoreOffline(const Flags& flags, const OfflineOutput& output);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_OFFLINE_H_
