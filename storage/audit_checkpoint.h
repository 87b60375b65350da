// Signed checkpoints of the audit: their one line of text, signing and checking.
#ifndef HALLWARDEN_STORAGE_AUDIT_CHECKPOINT_H_
#define HALLWARDEN_STORAGE_AUDIT_CHECKPOINT_H_

#include <memory>
#include <string>
#include <string_view>

#include "hallwarden/v1/audit.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

// What is signed, see audit.proto. Without a newline.
[[nodiscard]] std::string AuditCheckpointText(const v1::AuditCheckpoint& checkpoint);
// The same line with the signature, in lower-case hex, as its last word: how it is kept in files.
[[nodiscard]] std::string AuditCheckpointLine(const v1::AuditCheckpoint& checkpoint);
// INVALID_ARGUMENT with what is wrong. Does not check the signature.
[[nodiscard]] absl::StatusOr<v1::AuditCheckpoint> ParseAuditCheckpointLine(std::string_view line);
// Whether its own key signed it.
[[nodiscard]] bool IsSigned(const v1::AuditCheckpoint& checkpoint);

// An Ed25519 key that signs checkpoints. Thread-safe.
class AuditKey {
 public:
  // Reads the private key from a PEM file that only its owner may read, or makes one there, with
  // its public key in `<path>.pub` beside it. FAILED_PRECONDITION if others may read it or it is no
  // Ed25519 key.
  static absl::StatusOr<std::unique_ptr<AuditKey>> LoadOrMake(const std::string& path);
  ~AuditKey();
  AuditKey(const AuditKey&) = delete;
  AuditKey& operator=(const AuditKey&) = delete;

  // 32 bytes.
  [[nodiscard]] const std::string& public_key() const { return public_key_; }
  // Fills in key and signature.
  [[nodiscard]] absl::Status Sign(v1::AuditCheckpoint* checkpoint) const;

 private:
  struct Impl;
  explicit AuditKey(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
  std::string public_key_;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_AUDIT_CHECKPOINT_H_
