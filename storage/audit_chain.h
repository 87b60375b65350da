// The hash chain over the audit: what makes a change of any record, a cut, an insertion or another
// order show. FORMAT.md describes the bytes; proto/hallwarden/v1/audit.proto says how to check it
// without us.
#ifndef HALLWARDEN_STORAGE_AUDIT_CHAIN_H_
#define HALLWARDEN_STORAGE_AUDIT_CHAIN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/audit.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

inline constexpr std::size_t kAuditLinkBytes = 32;
using AuditLink = std::array<std::uint8_t, kAuditLinkBytes>;

// Version of an audit row that carries its link. Version 1 rows are older than the chain.
inline constexpr std::uint8_t kLinkedAuditVersion = 2;

// Where the chain stands.
struct AuditChain {
  // Records in it.
  std::uint64_t size = 0;
  // Link of the last one; without any, that of the store.
  AuditLink head{};
  // The first ones, which were stored before there was a chain: no link stands in their rows, but
  // the first linked record covers them.
  std::uint64_t unlinked = 0;

  friend bool operator==(const AuditChain&, const AuditChain&) = default;
};

// What the chain of a store begins with. `store_id` as 16 bytes.
[[nodiscard]] AuditLink FirstAuditLink(std::string_view store_id);

// Adds a row of version 1, as it stands in an older store.
void AddUnlinked(std::string_view key, std::string_view value, AuditChain* chain);
// Makes a linked row out of one of version 1 and adds it to the chain.
[[nodiscard]] std::string LinkAuditRow(std::string_view key, std::string_view value,
                                       AuditChain* chain);

// The value in `meta`.
[[nodiscard]] std::string EncodeAuditChain(const AuditChain& chain);
[[nodiscard]] absl::StatusOr<AuditChain> DecodeAuditChain(std::string_view value);

// `audit/5-1` for the key of that record.
[[nodiscard]] std::string AuditName(std::string_view key);

// Recomputes the chain over rows in key order. Not thread-safe.
class AuditCheck {
 public:
  // Problems that are told one by one; the rest is counted.
  static constexpr std::size_t kProblemsMax = 20;

  // `kept` are checkpoints that were kept elsewhere; those of other stores are a problem.
  // `store_id` as 16 bytes.
  AuditCheck(std::string_view store_id, std::span<const v1::AuditCheckpoint> kept);

  void Row(std::string_view key, std::string_view value);
  // After the last row. `stored` is what the store says of its chain, `history_epoch` where it
  // lives.
  void Finish(const AuditChain& stored, std::int64_t history_epoch);

  [[nodiscard]] const AuditChain& chain() const { return chain_; }
  // One sentence each: which record, what is wrong.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
  [[nodiscard]] std::uint64_t problem_count() const { return problem_count_; }
  // Kept checkpoints of an older history that an operator gave up by accepting a restored store.
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }

 private:
  void Problem(std::string what);
  void CheckKept();

  std::string origin_;
  std::vector<v1::AuditCheckpoint> kept_;  // by size
  std::size_t next_kept_ = 0;
  // Those that did not fit. Judged at the end, when the accepted restores are known.
  std::vector<v1::AuditCheckpoint> unfit_;
  AuditChain chain_;
  std::string last_key_;
  bool linked_seen_ = false;
  // Histories that began with an accepted restore.
  std::vector<std::int64_t> accepted_;
  std::vector<std::string> problems_;
  std::uint64_t problem_count_ = 0;
  std::uint64_t given_up_ = 0;
};

// What an audit check found, for people.
struct AuditReport {
  AuditChain chain;
  std::vector<std::string> problems;
  std::uint64_t problem_count = 0;
  std::uint64_t given_up = 0;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_AUDIT_CHAIN_H_
