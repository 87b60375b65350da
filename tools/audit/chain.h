// The hash chain over the audit, recomputed by somebody who does not trust the daemon.
#ifndef HALLWARDEN_TOOLS_AUDIT_CHAIN_H_
#define HALLWARDEN_TOOLS_AUDIT_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hallwarden/v1/audit.pb.h"

namespace hallwarden::audit {

// What is wrong, without a language.
struct Finding {
  enum class Kind {
    // A record, or one before it, is not what was written.
    kChanged,
    // No record of the audit, or in the wrong place.
    kMalformed,
    // A kept checkpoint knows more records than there are.
    kCut,
    // A kept checkpoint knows other records.
    kRewritten,
    kOtherStore,
    kNotSigned,
    // Signed by another key than the one that is trusted.
    kOtherKey,
  };
  Kind kind = Kind::kChanged;
  // `audit/5-1`, for the first two.
  std::string record;
  // For the others.
  v1::AuditCheckpoint kept;
};

// Not thread-safe.
class ChainCheck {
 public:
  static constexpr std::size_t kFindingsMax = 20;

  // `origin` in hex, `kept` in any order. `key`: the only one to be trusted; empty: any that
  // signed.
  ChainCheck(std::string origin, std::vector<v1::AuditCheckpoint> kept, std::string key);

  // One more checkpoint, which came with the records. Ignored if its place went by already.
  void Expect(const v1::AuditCheckpoint& checkpoint);
  // Records in the order of their keys.
  void Add(const v1::AuditEntry& entry);
  // After the last one. `now`: what the daemon says, signed, after at least one page was read.
  void Finish(const v1::AuditCheckpoint& now);

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  // Kept checkpoints that an accepted restore gave up.
  [[nodiscard]] std::int64_t given_up() const { return given_up_; }

 private:
  void Found(Finding finding);
  void Meet();
  void CheckSignature(const v1::AuditCheckpoint& checkpoint);

  std::string origin_;
  std::vector<v1::AuditCheckpoint> kept_;
  std::string key_;
  std::size_t next_ = 0;
  std::vector<v1::AuditCheckpoint> unmet_;
  std::int64_t size_ = 0;
  std::string head_;
  std::string last_key_;
  bool linked_ = false;
  std::vector<std::int64_t> accepted_;
  std::vector<Finding> findings_;
  std::int64_t given_up_ = 0;
};

}  // namespace hallwarden::audit

#endif  // HALLWARDEN_TOOLS_AUDIT_CHAIN_H_
