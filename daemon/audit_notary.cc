#include "daemon/audit_notary.h"

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "storage/sha256.h"

namespace hallwarden::daemon {
namespace {

constexpr int kFileMode = 0640;

void SetTime(std::int64_t us, google::protobuf::Timestamp* time) {
  time->set_seconds(us / 1'000'000);
  time->set_nanos(static_cast<std::int32_t>(us % 1'000'000 * 1000));
}

}  // namespace

AuditNotary::AuditNotary(Options options, Parts parts, std::unique_ptr<storage::AuditKey> key)
    : options_(std::move(options)), parts_(std::move(parts)), key_(std::move(key)) {}

absl::Status AuditNotary::Start() {
  absl::StatusOr<std::optional<v1::AuditCheckpoint>> last = parts_.store->LastAuditCheckpoint();
  if (!last.ok()) return last.status();
  made_boot_us_ = parts_.clock->BootUs();
  if (!last->has_value()) return absl::OkStatus();
  if ((*last)->key() != key_->public_key()) {
    Log(LogLevel::kWarning,
        absl::StrCat("ALARM audit: the last checkpoint was signed by key ",
                     storage::ToLowerHex((*last)->key()), ", from now on it is ",
                     storage::ToLowerHex(key_->public_key()),
                     ". If nobody changed the key, find out who did"));
  }
  MutexLock lock(&mutex_);
  latest_ = std::make_shared<const v1::AuditCheckpoint>(**std::move(last));
  return absl::OkStatus();
}

void AuditNotary::Tick() {
  const std::shared_ptr<const v1::AuditCheckpoint> last = Latest();
  const storage::AuditChain chain = parts_.store->audit_chain();
  const std::uint64_t signed_size = last == nullptr ? 0 : static_cast<std::uint64_t>(last->size());
  const bool news = last == nullptr || chain.size != signed_size ||
                    last->history_epoch() != parts_.store->history_epoch() ||
                    last->key() != key_->public_key() || !error().empty();
  if (!news) return;
  const bool many = chain.size - signed_size >= options_.records_max;
  const bool old = parts_.clock->BootUs() - made_boot_us_ >= options_.interval_us;
  if (last == nullptr || many || old) Make();
}

void AuditNotary::Stop() {
  const std::shared_ptr<const v1::AuditCheckpoint> last = Latest();
  if (last == nullptr ||
      static_cast<std::uint64_t>(last->size()) != parts_.store->audit_chain().size) {
    Make();
  }
}

void AuditNotary::Make() {
  made_boot_us_ = parts_.clock->BootUs();
  v1::AuditCheckpoint checkpoint;
  checkpoint.set_origin(parts_.store->store_id());
  // Before the chain: a checkpoint may name an older history than its records, never a newer one.
  checkpoint.set_history_epoch(parts_.store->history_epoch());
  const storage::AuditChain chain = parts_.store->audit_chain();
  checkpoint.set_size(static_cast<std::int64_t>(chain.size));
  checkpoint.set_head(std::string(storage::AsView(chain.head)));
  SetTime(parts_.now_us(), checkpoint.mutable_create_time());
  absl::Status status = key_->Sign(&checkpoint);
  if (status.ok()) status = parts_.store->PutAuditCheckpoint(checkpoint);
  if (status.ok()) status = AppendLine(checkpoint);
  if (!status.ok()) {
    Log(LogLevel::kError, absl::StrCat("ALARM audit: no checkpoint of ", chain.size,
                                       " records: ", status.ToString(), "; tried again"));
  }
  MutexLock lock(&mutex_);
  error_ = status.ok() ? "" : status.ToString();
  if (status.ok()) latest_ = std::make_shared<const v1::AuditCheckpoint>(std::move(checkpoint));
}

absl::Status AuditNotary::AppendLine(const v1::AuditCheckpoint& checkpoint) const {
  if (options_.file.empty()) return absl::OkStatus();
  const std::string line = storage::AuditCheckpointLine(checkpoint) + "\n";
  const int fd =
      ::open(options_.file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kFileMode);
  const bool good = fd >= 0 &&
                    ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                    ::fdatasync(fd) == 0;
  absl::Status status;
  if (!good) {
    status = absl::InternalError(absl::StrCat("append to ", options_.file, ": ",
                                              std::system_category().message(errno)));
  }
  if (fd >= 0) ::close(fd);
  return status;
}

std::shared_ptr<const v1::AuditCheckpoint> AuditNotary::Latest() const {
  MutexLock lock(&mutex_);
  return latest_;
}

std::string AuditNotary::error() const {
  MutexLock lock(&mutex_);
  return error_;
}

}  // namespace hallwarden::daemon
