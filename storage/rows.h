// Values that hold a message: its public part in the open, its personal fields sealed beside it
// under the key of the account that they belong to. FORMAT.md describes them; change both or none.
#ifndef HALLWARDEN_STORAGE_ROWS_H_
#define HALLWARDEN_STORAGE_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/engine/effect.h"
#include "rules/state/codec.h"
#include "storage/database.h"
#include "storage/store.h"
#include "storage/vault.h"

namespace hallwarden::storage {

// Where a row stands: what its sealed part is bound to.
struct RowId {
  Family family = Family::kMeta;
  std::string key;
};

struct SanctionRow {
  // Record and effect that made it: its place in the lists.
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  v1::Sanction sanction;
};

struct CaseRow {
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  v1::Case opened;
};

struct AppealRow {
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  v1::Appeal appeal;
};

struct DirectiveRow {
  // First final answer; unset: none yet. SEEN may follow APPLIED.
  v1::DirectiveOutcome outcome = v1::DIRECTIVE_OUTCOME_UNSPECIFIED;
  std::string detail;
  std::int64_t result_us = 0;
  v1::Directive directive;
};

// Encodes and decodes rows. Personal fields whose key was destroyed come back empty. Errors of
// Encode: those of Vault::Seal. Errors of Decode: DATA_LOSS. Thread-safe.
class RowCodec {
 public:
  // `vault` outlives this.
  explicit RowCodec(Vault* vault) : vault_(vault) {}

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const SanctionRow& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    SanctionRow* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const CaseRow& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value, CaseRow* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const AppealRow& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value, AppealRow* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const DirectiveRow& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    DirectiveRow* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const v1::Note& note) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value, v1::Note* note) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const PutFinding& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value, PutFinding* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const StoredToken& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    StoredToken* row) const;

  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id,
                                                   const v1::PartnerSpan& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    v1::PartnerSpan* row) const;

  // The position is in the key.
  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const PutPolicy& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    StoredPolicy* row) const;

  // The peer is sealed under the key of who called, not of the account that it was about: erasing a
  // player does not erase a GM's traces. Encodes version 1: the writer links it, see audit_chain.h.
  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id,
                                                   const v1::AuditRecord& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    v1::AuditRecord* row) const;

  // Principal and request id are in the key.
  [[nodiscard]] absl::StatusOr<std::string> Encode(const RowId& id, const StoredAnswer& row) const;
  [[nodiscard]] absl::Status Decode(const RowId& id, std::string_view value,
                                    StoredAnswer* row) const;

 private:
  // Appends the message to `head`.
  [[nodiscard]] absl::StatusOr<std::string> Append(const RowId& id, std::string head,
                                                   std::string_view account,
                                                   const google::protobuf::Message& message) const;
  // Reads the message at the end of `in`.
  [[nodiscard]] absl::Status Read(const RowId& id, Reader* in,
                                  google::protobuf::Message* message) const;

  Vault* vault_;
};

// When a stored answer expires, without opening the rest. DATA_LOSS.
[[nodiscard]] absl::StatusOr<std::int64_t> AnswerExpiry(std::string_view value);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_ROWS_H_
