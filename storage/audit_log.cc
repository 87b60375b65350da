// The audit as a log: its chain, its signed checkpoints, its check.
#include <utility>

#include "storage/audit_checkpoint.h"
#include "storage/key.h"
#include "storage/page.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

// Checkpoints that are kept in the store; the file beside it keeps all.
constexpr std::uint64_t kCheckpointsKept = 10'000;
// Bytes after which a page of entries ends.
constexpr std::size_t kPageBytes = std::size_t{1} << 20;

std::string CheckpointKeyOf(std::uint64_t number) {
  return Key(Byte(Table::kAuditCheckpoint)).U64(number).Take();
}

KeyRange AllCheckpoints(bool descending) {
  return KeyRange::Prefix(Family::kTables, Key(Byte(Table::kAuditCheckpoint)).bytes(), descending);
}

}  // namespace

AuditChain StoreImpl::audit_chain() const {
  const absl::MutexLock lock(&audit_mutex_);
  return audit_chain_;
}

void StoreImpl::SetAuditChain(const AuditChain& chain) {
  const absl::MutexLock lock(&audit_mutex_);
  audit_chain_ = chain;
}

absl::Status StoreImpl::RecoverAudit() {
  const absl::StatusOr<std::optional<std::string>> value =
      parts_.db->Get(Family::kMeta, kAuditChainKey);
  if (!value.ok()) return value.status();
  if (value->has_value()) {
    const absl::StatusOr<AuditChain> chain = DecodeAuditChain(**value);
    if (chain.ok()) SetAuditChain(*chain);
    return chain.status();
  }
  const absl::StatusOr<std::optional<std::string>> format =
      parts_.db->Get(Family::kMeta, kFormatKey);
  if (!format.ok()) return format.status();
  if (!format->has_value() || *format != EncodeNumber(1)) return Malformed("meta");
  // Format 1 had no chain. What it holds is hashed as it stands; the first linked record seals it.
  AuditChain chain{.size = 0, .head = FirstAuditLink(parts_.store_id), .unlinked = 0};
  absl::Status status = parts_.db->Scan(KeyRange::Prefix(Family::kAudit, {}),
                                        [&](std::string_view key, std::string_view row) {
                                          AddUnlinked(key, row, &chain);
                                          return true;
                                        });
  if (!status.ok()) return status;
  SetAuditChain(chain);
  if (parts_.options.read_only) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  parts_.db->Put(&batch, Family::kMeta, kAuditChainKey, EncodeAuditChain(chain));
  parts_.db->Put(&batch, Family::kMeta, kFormatKey, EncodeNumber(2));
  return parts_.db->Write(&batch);
}

absl::StatusOr<Page<v1::AuditEntry>> StoreImpl::ListAuditEntries(std::size_t limit,
                                                                 std::string_view page_token) {
  const PageQuery query{.family = Family::kAudit,
                        .prefix = {},
                        .newest_first = false,
                        .limit = limit,
                        .page = page_token,
                        .filter = "entries"};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<v1::AuditEntry> page;
  std::size_t bytes = 0;
  absl::StatusOr<std::string> next =
      WalkPage(*parts_.db, query, snapshot,
               [&](std::string_view key, std::string_view value) -> absl::StatusOr<Seen> {
                 v1::AuditEntry& entry = page.items.emplace_back();
                 entry.set_key(std::string(key));
                 entry.set_value(std::string(value));
                 bytes += key.size() + value.size();
                 return bytes < kPageBytes ? Seen::kTaken : Seen::kTakenLast;
               });
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<std::vector<std::pair<std::uint64_t, v1::AuditCheckpoint>>>
StoreImpl::AuditCheckpoints(const KeyRange& range, std::size_t limit,
                            const Snapshot* snapshot) const {
  std::vector<std::pair<std::uint64_t, v1::AuditCheckpoint>> checkpoints;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      range,
      [&](std::string_view key, std::string_view value) {
        KeyReader in(key);
        static_cast<void>(in.Byte());
        auto& [number, checkpoint] = checkpoints.emplace_back();
        number = in.U64();
        KeyReader row(value);
        const bool good = in.done() && row.Byte() == kValueVersion;
        const std::string_view message = row.Raw();
        if (!good || !checkpoint.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
          failed = Malformed("tables");
        }
        return failed.ok() && checkpoints.size() < limit;
      },
      snapshot);
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return checkpoints;
}

absl::Status StoreImpl::PutAuditCheckpoint(const v1::AuditCheckpoint& checkpoint) {
  if (parts_.options.read_only) {
    return absl::FailedPreconditionError("the store is open for reading only");
  }
  const auto last = AuditCheckpoints(AllCheckpoints(true), 1, nullptr);
  if (!last.ok()) return last.status();
  const std::uint64_t number = last->empty() ? 1 : last->front().first + 1;
  rocksdb::WriteBatch batch;
  parts_.db->Put(&batch, Family::kTables, CheckpointKeyOf(number),
                 Key(kValueVersion).Raw(checkpoint.SerializeAsString()).bytes());
  if (number > kCheckpointsKept) {
    parts_.db->Delete(&batch, Family::kTables, CheckpointKeyOf(number - kCheckpointsKept));
  }
  return parts_.db->Write(&batch);
}

absl::StatusOr<std::optional<v1::AuditCheckpoint>> StoreImpl::LastAuditCheckpoint() {
  auto last = AuditCheckpoints(AllCheckpoints(true), 1, nullptr);
  if (!last.ok()) return last.status();
  if (last->empty()) return std::optional<v1::AuditCheckpoint>();
  return std::optional<v1::AuditCheckpoint>(std::move(last->front().second));
}

absl::StatusOr<AuditReport> StoreImpl::CheckAudit(std::span<const v1::AuditCheckpoint> kept) {
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  auto own = AuditCheckpoints(AllCheckpoints(false), SIZE_MAX, &snapshot);
  if (!own.ok()) return own.status();
  std::vector<v1::AuditCheckpoint> all(kept.begin(), kept.end());
  for (auto& [number, checkpoint] : *own)
    all.push_back(std::move(checkpoint));
  AuditReport report;
  AuditCheck check(parts_.store_id, all);
  absl::Status status = parts_.db->Scan(
      KeyRange::Prefix(Family::kAudit, {}),
      [&](std::string_view key, std::string_view value) {
        check.Row(key, value);
        return true;
      },
      &snapshot);
  if (!status.ok()) return status;
  const absl::StatusOr<std::optional<std::string>> stored =
      parts_.db->Get(Family::kMeta, kAuditChainKey, &snapshot);
  if (!stored.ok()) return stored.status();
  // A store of format 1 that is only looked at keeps none.
  absl::StatusOr<AuditChain> chain = audit_chain();
  if (stored->has_value()) chain = DecodeAuditChain(**stored);
  if (!chain.ok()) return chain.status();
  check.Finish(*chain, history_epoch());
  report.chain = check.chain();
  report.problems = check.problems();
  report.problem_count = check.problem_count();
  report.given_up = check.given_up();
  for (const v1::AuditCheckpoint& checkpoint : all) {
    if (IsSigned(checkpoint)) continue;
    ++report.problem_count;
    report.problems.push_back("the checkpoint of " + std::to_string(checkpoint.size()) +
                              " audit records is not signed by its key");
  }
  return report;
}

}  // namespace hallwarden::storage
