// The administrator's first token.
#ifndef HALLWARDEN_DAEMON_APP_ADMIN_TOKEN_H_
#define HALLWARDEN_DAEMON_APP_ADMIN_TOKEN_H_

#include <string>

#include "absl/status/status.h"
#include "daemon/auth/token_table.h"
#include "daemon/sequencer.h"

namespace hallwarden::daemon {

// If nobody holds an administrator's token in force, makes one, journals it and leaves its secret
// in `file` with mode 0600. The secret is on disk before the token is in force, so that a crash in
// between locks nobody out. Blocks. Requires: the sequencer is ready, `tokens` follows its commits.
[[nodiscard]] absl::Status EnsureAdminToken(const std::string& file, const TokenTable& tokens,
                                            Sequencer* sequencer);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_ADMIN_TOKEN_H_
