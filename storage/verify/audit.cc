// The chain over the audit. Checkpoints that were kept elsewhere are the business of `gmctl audit
// verify` and of tools/audit: what stands here can only be compared with what the store itself
// keeps.
#include "storage/audit_chain.h"
#include "storage/audit_checkpoint.h"
#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

std::vector<v1::AuditCheckpoint> Kept(Verifier* verifier) {
  std::vector<v1::AuditCheckpoint> kept;
  verifier->Scan(Family::kTables, Key(Byte(Table::kAuditCheckpoint)).Take(),
                 [&](std::string_view key, std::string_view value) {
                   const std::string where = Where(Family::kTables, key);
                   v1::AuditCheckpoint checkpoint;
                   const bool good = !value.empty() && value.front() == char{kValueVersion} &&
                                     checkpoint.ParseFromArray(value.data() + 1,
                                                               static_cast<int>(value.size()) - 1);
                   if (!good) return verifier->Problem(where, "is malformed");
                   if (!IsSigned(checkpoint)) verifier->Problem(where, "is not signed by its key");
                   kept.push_back(std::move(checkpoint));
                 });
  return kept;
}

std::uint64_t NumberIn(Verifier* verifier, std::string_view key) {
  const std::optional<std::string> value = verifier->Get(Family::kMeta, key);
  if (!value.has_value()) return 0;
  const absl::StatusOr<std::uint64_t> number = DecodeNumber(*value);
  // What does not decode was reported with `meta`.
  return number.ok() ? *number : 0;
}

}  // namespace

void VerifyAudit(Verifier* verifier) {
  verifier->Begin("audit");
  const std::optional<std::string> store_id = verifier->Get(Family::kMeta, kStoreIdKey);
  const std::optional<std::string> stored = verifier->Get(Family::kMeta, kAuditChainKey);
  if (!store_id.has_value()) return;
  // A store that no newer build has opened yet has no chain.
  if (!stored.has_value() && NumberIn(verifier, kFormatKey) <= 1) return;
  if (!stored.has_value()) return verifier->Problem("default audit_chain", "is missing");
  const absl::StatusOr<AuditChain> chain = DecodeAuditChain(*stored);
  if (!chain.ok()) return verifier->ProblemIfError("default audit_chain", chain.status());
  const std::vector<v1::AuditCheckpoint> kept = Kept(verifier);
  AuditCheck check(*store_id, kept);
  verifier->Scan(Family::kAudit, {},
                 [&](std::string_view key, std::string_view value) { check.Row(key, value); });
  check.Finish(*chain, static_cast<std::int64_t>(NumberIn(verifier, kHistoryEpochKey)));
  constexpr std::string_view kAdvice =
      "somebody or something changed the audit: keep the store as evidence, compare with the "
      "checkpoints that left the host (tools/audit)";
  for (const std::string& problem : check.problems())
    verifier->Problem("audit", problem, kAdvice);
  for (std::uint64_t i = check.problems().size(); i < check.problem_count(); ++i)
    verifier->Problem("audit", "and another record", kAdvice);
}

}  // namespace hallwarden::storage
