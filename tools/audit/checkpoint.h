// Signed checkpoints of the audit as witnesses keep them: one line each.
#ifndef HALLWARDEN_TOOLS_AUDIT_CHECKPOINT_H_
#define HALLWARDEN_TOOLS_AUDIT_CHECKPOINT_H_

#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/audit.pb.h"

#include "absl/status/statusor.h"

namespace hallwarden::audit {

// The line that audit.proto describes, with the signature in hex as its last word.
[[nodiscard]] std::string CheckpointLine(const v1::AuditCheckpoint& checkpoint);
// INVALID_ARGUMENT if it is none. Does not check the signature.
[[nodiscard]] absl::StatusOr<v1::AuditCheckpoint> ParseCheckpointLine(const std::string& line);
// Every line of a file; empty ones and those that begin with # are skipped. INVALID_ARGUMENT names
// the first line that is none.
[[nodiscard]] absl::StatusOr<std::vector<v1::AuditCheckpoint>> ParseCheckpoints(
    const std::string& text);

// Whether the key that the checkpoint names has signed it.
[[nodiscard]] bool IsSigned(const v1::AuditCheckpoint& checkpoint);
// The 32 bytes of an Ed25519 public key in PEM. INVALID_ARGUMENT if it is none.
[[nodiscard]] absl::StatusOr<std::string> PublicKeyFromPem(const std::string& pem);

// How what is said now contradicts what was kept, without the records in between.
enum class Contradiction {
  kNone,
  kOtherStore,
  // Fewer records than before.
  kRolledBack,
  // As many, but others.
  kForked,
};
// None between two histories: an operator accepted a restored store.
[[nodiscard]] Contradiction Compare(const v1::AuditCheckpoint& kept,
                                    const v1::AuditCheckpoint& now);

// Lower-case hex.
[[nodiscard]] std::string Hex(std::string_view bytes);

}  // namespace hallwarden::audit

#endif  // HALLWARDEN_TOOLS_AUDIT_CHECKPOINT_H_
