#include "daemon/app/admin_token.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "daemon/auth/bootstrap.h"
#include "daemon/log.h"
#include "storage/crash_point.h"
#include "storage/directory.h"

namespace hallwarden::daemon {
namespace {

// Readable by the owner alone from the first byte on, and synced.
absl::Status WriteSecret(const std::string& file, const std::string& secret) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::InternalError(
        absl::StrCat("cannot write ", file, ": ", std::generic_category().message(errno)));
  }
  const std::string line = secret + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool synced = written && ::fsync(fd) == 0;
  ::close(fd);
  if (!synced) return absl::InternalError(absl::StrCat("cannot write ", file));
  // Its name too: the token would be in force after a power loss, and its secret gone.
  return storage::SyncDirectory(std::filesystem::path(file).parent_path().string());
}

absl::Status MoveInPlace(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) return absl::InternalError(absl::StrCat("cannot write ", to, ": ", error.message()));
  Log(LogLevel::kInfo, absl::StrCat("the administrator's token is in ", to));
  return absl::OkStatus();
}

// True if `file` holds the secret of a token in force.
bool HoldsTokenInForce(const std::string& file, const TokenTable& tokens, std::int64_t now_us) {
  std::ifstream in(file);
  std::string secret;
  return in >> secret && tokens.Check(secret, now_us).ok();
}

}  // namespace

absl::Status EnsureAdminToken(const std::string& file, const TokenTable& tokens,
                              Sequencer* sequencer) {
  const std::string aside = file + ".new";
  const std::int64_t now_us = sequencer->NowUs();
  if (tokens.AnyInForce(v1::ROLE_ADMIN, now_us)) {
    // A crash came between the commit and the move.
    if (HoldsTokenInForce(aside, tokens, now_us)) return MoveInPlace(aside, file);
    return absl::OkStatus();
  }
  absl::StatusOr<FirstToken> first = MakeFirstToken(now_us);
  if (!first.ok()) return first.status();
  if (absl::Status status = WriteSecret(aside, first->secret); !status.ok()) return status;
  HW_CRASH_POINT("token.secret_written");
  std::promise<CommandOutcome> promise;
  sequencer->SubmitCommand(std::move(first->command), [&promise](const CommandOutcome& outcome) {
    promise.set_value(outcome);
  });
  const CommandOutcome outcome = promise.get_future().get();
  HW_CRASH_POINT("token.committed");
  if (!outcome.status.ok()) return outcome.status;
  if (outcome.answer.has_value() && outcome.answer->refusal.has_value()) {
    return absl::InternalError(
        absl::StrCat("the administrator's token was refused: ", outcome.answer->refusal->message));
  }
  return MoveInPlace(aside, file);
}

}  // namespace hallwarden::daemon
