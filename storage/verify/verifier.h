// What the checks of a store share. Each check is a function in a file of its own; verify.cc runs
// them in order. A new check: a file, a declaration here, a line there.
#ifndef HALLWARDEN_STORAGE_VERIFY_VERIFIER_H_
#define HALLWARDEN_STORAGE_VERIFY_VERIFIER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "storage/database.h"
#include "storage/rows.h"
#include "storage/vault.h"
#include "storage/verify/verify.h"

namespace hallwarden::storage {

// Not thread-safe.
class Verifier {
 public:
  // All outlive this.
  Verifier(const Database* db, Vault* vault, const VerifyOptions* options);

  [[nodiscard]] const Database& db() const { return *db_; }
  [[nodiscard]] Vault& vault() const { return *vault_; }
  [[nodiscard]] const RowCodec& codec() const { return codec_; }
  [[nodiscard]] VerifyReport& report() { return report_; }

  // Names the check that the next problems belong to.
  void Begin(std::string_view check);
  void Problem(std::string where, std::string what, std::string_view advice = {});
  // Reports an error that reading gave, if it is one.
  void ProblemIfError(std::string where, const absl::Status& status);

  // Visits every row with this prefix, each counted. An error of the scan is a problem. Stops when
  // cancelled.
  using Visit = std::function<void(std::string_view key, std::string_view value)>;
  void Scan(Family family, std::string_view prefix, const Visit& visit);

  // True if there is such a row. An error is a problem.
  [[nodiscard]] bool Has(Family family, std::string_view key);
  // As Database::Get; absent and unreadable are both empty, unreadable is a problem.
  [[nodiscard]] std::optional<std::string> Get(Family family, std::string_view key);

  // Opens a sealed value: true if it opens or was erased; a problem otherwise.
  bool CheckSealed(std::string_view account, std::string_view context, std::string_view sealed,
                   const std::string& where);

  // Decodes a row; a problem if it does not decode.
  template <class Row>
  [[nodiscard]] bool Decode(const RowId& id, std::string_view value, const std::string& where,
                            Row* row) {
    const absl::Status status = codec_.Decode(id, value, row);
    ProblemIfError(where, status);
    return status.ok();
  }

  [[nodiscard]] bool cancelled();

 private:
  const Database* const db_;
  Vault* const vault_;
  const VerifyOptions* const options_;
  const RowCodec codec_;
  const Snapshot snapshot_;
  VerifyReport report_;
  std::string check_;
  bool cancelled_ = false;
};

// The part of a check that needs keys: every sealed value of journal and tables opens or is erased.
// DATA_LOSS with the first that does not.
[[nodiscard]] absl::Status CheckSealedValues(const Database& db, Vault* vault);

// `<family> <key>`, the key readable where it is text and in hex where it is not.
[[nodiscard]] std::string Where(Family family, std::string_view key);

// files.cc: checksums of every file, of the store and of the keys.
void VerifyFiles(Verifier* verifier);
// meta.cc: format, ids, numbers, sources against the journal's end.
void VerifyMeta(Verifier* verifier);
// journal.cc: groups decode and are dense, commit times never go back, sealed parts open.
void VerifyJournal(Verifier* verifier);
// tables.cc: every row of tables, audit and answers decodes and has its index entries.
void VerifyTables(Verifier* verifier);
// audit.cc: the chain over the audit, and the signed checkpoints that the store keeps.
void VerifyAudit(Verifier* verifier);
// index.cc: every index entry has its row.
void VerifyIndex(Verifier* verifier);
// outbox.cc: directives are numbered without a gap, the outbox holds those without an answer, the
// servers' counts are right.
void VerifyOutbox(Verifier* verifier);
// gate.cc: what the gate answers is what the sanctions in force say; their timers are set.
void VerifyGate(Verifier* verifier);
// history.cc: postings and feed decode and are in order; cells have keys of entities.
void VerifyHistory(Verifier* verifier);
// artefacts.cc: content has the hash that it is called by; policies have theirs.
void VerifyArtefacts(Verifier* verifier);

// ---- index entries that a row must have, for both directions ------------------------------------
struct IndexEntry {
  std::string key;
  std::string value;
};
[[nodiscard]] std::vector<IndexEntry> IndexOf(const SanctionRow& row);
[[nodiscard]] std::vector<IndexEntry> IndexOf(const CaseRow& row);
[[nodiscard]] std::vector<IndexEntry> IndexOf(const AppealRow& row);
// `position` and `ordinal` of a note are in its index alone: only the account is checked.
[[nodiscard]] std::vector<IndexEntry> IndexOf(const v1::AuditRecord& row, std::string_view key);
[[nodiscard]] std::vector<IndexEntry> IndexOf(const v1::PartnerSpan& row);
[[nodiscard]] std::vector<IndexEntry> IndexOf(const DirectiveRow& row, std::string_view key);
[[nodiscard]] std::vector<IndexEntry> IndexOf(const StoredAnswer& row, std::string_view key);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_VERIFY_VERIFIER_H_
