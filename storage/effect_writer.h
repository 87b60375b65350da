// Turns what a group decided into rows.
#ifndef HALLWARDEN_STORAGE_EFFECT_WRITER_H_
#define HALLWARDEN_STORAGE_EFFECT_WRITER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/audit_chain.h"
#include "storage/database.h"
#include "storage/format.h"
#include "storage/rows.h"
#include "storage/store.h"

namespace hallwarden::storage {

// The rows that one group changes, over those in the database: what is read is as the group has
// left it so far. Not thread-safe.
class Overlay {
 public:
  // `db` outlives this.
  explicit Overlay(const Database* db) : db_(db) {}

  [[nodiscard]] absl::StatusOr<std::optional<std::string>> Get(const RowId& id) const;
  void Put(RowId id, std::string value);
  void Delete(RowId id);

  // What lies under it.
  [[nodiscard]] const Database& db() const { return *db_; }

  // Appends the rows as they are now.
  void AddTo(rocksdb::WriteBatch* batch) const;

 private:
  const Database* db_;
  std::map<std::pair<Family, std::string>, std::optional<std::string>> rows_;
};

// Writes the rows of one group's records and effects, in order. INTERNAL for what no engine may
// decide: a sanction twice, a patch of none, a directive out of order. Not thread-safe.
class EffectWriter {
 public:
  // Both outlive this.
  // `chain`: where the audit stands before the group.
  EffectWriter(Vault* vault, Overlay* rows, const AuditChain& chain)
      : codec_(vault), rows_(rows), chain_(chain) {}

  // What a record changes by itself: a timer that fired is gone, a server that says Hello is not
  // retired any more, a refused event is counted. Called before the record's effects.
  [[nodiscard]] absl::Status Begin(const JournalEntry& entry);
  [[nodiscard]] absl::Status Write(const PositionedEffect& effect);

  // Writes where the audit stands, if the group moved it. Called after the last effect.
  void End();
  [[nodiscard]] const AuditChain& chain() const { return chain_; }

  // Set by an effect of this group.
  [[nodiscard]] std::optional<std::int64_t> history_epoch() const { return history_epoch_; }

 private:
  // Place and time of the effect at hand.
  struct At {
    std::uint64_t position = 0;
    std::uint32_t ordinal = 0;
    std::int64_t commit_us = 0;
  };

  absl::Status Do(const At& at, const PutSanction& effect);
  absl::Status Do(const At& at, const PatchSanction& effect);
  absl::Status Do(const At& at, const PutCase& effect);
  absl::Status Do(const At& at, const PatchCase& effect);
  absl::Status Do(const At& at, const PutAppeal& effect);
  absl::Status Do(const At& at, const PatchAppeal& effect);
  absl::Status Do(const At& at, const PutFinding& effect);
  absl::Status Do(const At& at, const PutNote& effect);
  absl::Status Do(const At& at, const PutToken& effect);
  absl::Status Do(const At& at, const PutPartners& effect);
  absl::Status Do(const At& at, const PutPolicy& effect);
  absl::Status Do(const At& at, const SendDirective& effect);
  absl::Status Do(const At& at, const AnswerDirective& effect);
  absl::Status Do(const At& at, const RetireOutbox& effect);
  absl::Status Do(const At& at, const PutGate& effect);
  absl::Status Do(const At& at, const Posting& effect);
  absl::Status Do(const At& at, const Audit& effect);
  absl::Status Do(const At& at, const Answer& effect);
  absl::Status Do(const At& at, const SetTimer& effect);
  absl::Status Do(const At& at, const ClearTimer& effect);
  absl::Status Do(const At& at, const RejectEvent& effect);
  absl::Status Do(const At& at, const SetHistoryEpoch& effect);
  absl::Status Do(const At& at, const PutServerStanding& effect);

  // Encodes and puts a row.
  template <class Row>
  absl::Status PutRow(RowId id, const Row& row);
  // Reads a row that must be there; INTERNAL if it is not.
  template <class Row>
  absl::Status GetRow(const RowId& id, Row* row);
  void PutIndex(std::string key, std::string_view value);
  // Names what a machine did on an event of the finding's server; nothing without a server.
  void PutCaused(const At& at, const v1::Finding& finding, std::string_view name);
  absl::StatusOr<ServerRow> GetServer(std::string_view server);
  void PutServer(std::string_view server, const ServerRow& row);
  absl::Status CountRejected(std::string_view server);
  // Takes away a few answers that expired before `now_us`.
  absl::Status PurgeAnswers(std::int64_t now_us);

  RowCodec codec_;
  Overlay* rows_;
  // The record at hand.
  const JournalEntry* entry_ = nullptr;
  std::optional<std::int64_t> history_epoch_;
  AuditChain chain_;
  bool chain_moved_ = false;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_EFFECT_WRITER_H_
