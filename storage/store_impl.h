// The store over RocksDB. Its parts: store.cc opens, commit.cc writes groups, journal.cc reads
// them, audit_log.cc keeps the audit, tables.cc, lists.cc, outbox.cc and history.cc answer,
// checkpoint.cc and export.cc speak for themselves.
#ifndef HALLWARDEN_STORAGE_STORE_IMPL_H_
#define HALLWARDEN_STORAGE_STORE_IMPL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "storage/backup/backup.h"
#include "storage/database.h"
#include "storage/directory.h"
#include "storage/format.h"
#include "storage/page.h"
#include "storage/rows.h"
#include "storage/store.h"

namespace hallwarden::storage {

// Cells as the last checkpoint left them.
class StoredCells : public CellSource {
 public:
  explicit StoredCells(const Database* db) : db_(db) {}
  void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) override;

 private:
  const Database* db_;
};

class StoreImpl final : public Store {
 public:
  // What Open made. `lock` and `high_water` are null for a store that is open for reading only.
  struct Parts {
    StoreOptions options;
    std::unique_ptr<DirectoryLock> lock;
    std::unique_ptr<Vault> vault;
    std::unique_ptr<Database> db;
    std::unique_ptr<HighWater> high_water;
    std::string store_id;  // 16 bytes
    // As it was before the database was opened: a daemon that runs beside a reader moves it.
    HighWater::Mark mark;
  };
  explicit StoreImpl(Parts parts);

  // Reads how far the store is. DATA_LOSS if its end is missing.
  absl::Status Recover();
  // DATA_LOSS if a key that something is sealed under is gone.
  absl::Status CheckKeys() const;

  Vault& vault() override { return *parts_.vault; }
  std::string store_id() const override;
  std::int64_t history_epoch() const override { return history_epoch_.load(); }
  std::uint64_t last_position() const override { return last_position_.load(); }
  std::int64_t last_commit_us() const override { return last_commit_us_.load(); }
  absl::Status BackgroundError() const override { return parts_.db->BackgroundError(); }

  absl::Status Commit(const Group& group) override;

  absl::Status ScanJournal(std::uint64_t from,
                           const std::function<bool(const StoredGroup&)>& visit) override;
  absl::StatusOr<JournalEntry> ReadEntry(std::uint64_t position) override;
  absl::StatusOr<std::vector<SourcePosition>> Sources() override;

  absl::Status WriteCheckpoint(std::uint64_t at, std::span<const EncodedCell> cells,
                               std::span<const StoredPosting> postings) override;
  absl::Status StreamCheckpoint(std::uint64_t at, CellStream* cells,
                                std::span<const StoredPosting> postings) override;
  std::uint64_t checkpoint_position() const override { return checkpoint_position_.load(); }
  absl::Status ScanCells(const CellRange& range, const VisitCell& visit) override;
  CellSource& cells() override { return cells_; }

  absl::StatusOr<v1::Sanction> GetSanction(std::string_view name) override;
  absl::StatusOr<Page<v1::Caused>> ListCaused(std::string_view server, std::int64_t since_us,
                                              std::size_t limit, std::string_view page) override;
  absl::StatusOr<Page<v1::Sanction>> ListSanctions(std::string_view account, std::size_t limit,
                                                   std::string_view page) override;
  absl::StatusOr<v1::Case> GetCase(std::string_view name) override;
  absl::StatusOr<Page<v1::Case>> ListCases(std::string_view account, bool open_only,
                                           std::size_t limit, std::string_view page) override;
  absl::StatusOr<Page<v1::Case>> ListQueue(std::size_t limit, std::string_view page) override;
  absl::StatusOr<v1::Appeal> GetAppeal(std::string_view name) override;
  absl::StatusOr<Page<v1::Appeal>> ListAppeals(std::string_view account, std::size_t limit,
                                               std::string_view page) override;
  absl::StatusOr<Page<v1::Appeal>> ListAppealQueue(std::size_t limit,
                                                   std::string_view page) override;
  absl::StatusOr<Page<v1::Note>> ListNotes(std::string_view account, std::size_t limit,
                                           std::string_view page) override;
  absl::StatusOr<Page<PutFinding>> ListFindings(std::string_view account, std::size_t limit,
                                                std::string_view page) override;
  absl::StatusOr<std::vector<StoredToken>> Tokens() override;
  absl::StatusOr<Page<v1::PartnerSpan>> ListPartners(std::string_view channel, std::size_t limit,
                                                     std::string_view page) override;
  absl::StatusOr<std::vector<v1::PartnerSpan>> Partners(std::string_view account) override;
  absl::StatusOr<Page<StoredPolicy>> ListPolicies(std::size_t limit,
                                                  std::string_view page) override;
  absl::StatusOr<Page<v1::AuditRecord>> ListAudit(const AuditFilter& filter, std::size_t limit,
                                                  std::string_view page) override;
  absl::StatusOr<v1::AuditRecord> GetAudit(std::string_view name) override;
  AuditChain audit_chain() const override;
  absl::StatusOr<Page<v1::AuditEntry>> ListAuditEntries(std::size_t limit,
                                                        std::string_view page) override;
  absl::Status PutAuditCheckpoint(const v1::AuditCheckpoint& checkpoint) override;
  absl::StatusOr<std::optional<v1::AuditCheckpoint>> LastAuditCheckpoint() override;
  absl::StatusOr<AuditReport> CheckAudit(std::span<const v1::AuditCheckpoint> kept) override;
  absl::StatusOr<StoredAnswer> FindAnswer(std::string_view principal, std::string_view request_id,
                                          std::int64_t now_us) override;

  absl::StatusOr<Page<StoredPosting>> ListPostings(std::string_view account, std::int64_t since_us,
                                                   std::size_t limit,
                                                   std::string_view page) override;
  absl::StatusOr<std::vector<StoredPosting>> ReadFeed(std::uint64_t position, std::uint32_t ordinal,
                                                      std::size_t limit) override;
  absl::StatusOr<std::vector<StoredPosting>> LastFeed(std::size_t limit) override;

  absl::StatusOr<std::vector<v1::Directive>> ReadOutbox(std::string_view server, std::int64_t from,
                                                        std::size_t limit) override;
  absl::StatusOr<v1::Directive> GetDirective(std::string_view server,
                                             std::int64_t directive_seq) override;
  absl::StatusOr<std::vector<v1::DirectiveStatus>> DirectivesOf(std::string_view cause) override;
  absl::StatusOr<std::vector<v1::DirectiveStatus>> Unanswered(std::int64_t before_us,
                                                              std::size_t limit) override;
  absl::StatusOr<std::vector<std::pair<std::string, OutboxState>>> Outboxes() override;
  absl::Status ScanGate(const std::function<void(const v1::GateEntry&)>& visit) override;
  absl::StatusOr<std::vector<Timer>> Timers() override;

  absl::StatusOr<std::string> PutArtefact(std::string_view content) override;
  absl::StatusOr<std::string> GetArtefact(std::string_view sha256_hex) override;

  // backup/create.cc
  absl::StatusOr<BackupInfo> CreateBackup(const BackupRequest& request) override;

  absl::Status Export(const std::function<void(std::string_view)>& line) override;

 private:
  // ---- store.cc
  absl::Status RecoverJournal();
  // Reads where the audit's chain stands; begins it in a store of format 1.
  absl::Status RecoverAudit();
  absl::Status RecoverQueue();
  absl::Status CheckEnd() const;
  // DATA_LOSS if records are missing behind a file of the journal: a MANIFEST that was cut forgets
  // the newest files, and the log goes on behind the gap.
  absl::Status CheckFiles() const;
  // Takes away outbox rows of servers that were retired.
  absl::Status DropRetired();
  // Where the files of a checkpoint are written.
  [[nodiscard]] std::string IngestDirectory() const { return parts_.options.directory + "/ingest"; }

  // ---- commit.cc
  absl::Status CheckGroup(const Group& group) const;

  // ---- audit_log.cc
  void SetAuditChain(const AuditChain& chain);
  // Number and checkpoint of every one that is kept, in order.
  absl::StatusOr<std::vector<std::pair<std::uint64_t, v1::AuditCheckpoint>>> AuditCheckpoints(
      const KeyRange& range, std::size_t limit, const Snapshot* snapshot) const;

  // ---- journal.cc
  // The group's row in `private`, empty if it has none.
  absl::StatusOr<std::string> ReadSealed(std::string_view key, std::string_view value,
                                         const Snapshot& snapshot) const;
  absl::StatusOr<StoredGroup> ReadGroup(std::string_view key, std::string_view value,
                                        const Snapshot& snapshot) const;

  // ---- checkpoint.cc
  // Writes the files of a checkpoint; `files` names them also when it fails.
  absl::Status WriteCells(std::uint64_t at, CellStream* cells, std::vector<std::string>* files);
  absl::Status WritePostings(std::span<const StoredPosting> postings,
                             std::vector<std::string>* files);

  // ---- reading rows
  // NOT_FOUND with `what` if it is absent.
  template <class Row>
  absl::Status ReadRow(const RowId& id, std::string_view what, Row* row,
                       const Snapshot* snapshot = nullptr) const {
    const absl::StatusOr<std::optional<std::string>> value =
        parts_.db->Get(id.family, id.key, snapshot);
    if (!value.ok()) return value.status();
    if (!value->has_value()) return absl::NotFoundError("there is no " + std::string(what));
    return codec_.Decode(id, **value, row);
  }
  // An index row must have its row: DATA_LOSS if not.
  template <class Row>
  absl::Status ReadIndexed(const RowId& id, Row* row, const Snapshot* snapshot) const {
    absl::Status status = ReadRow(id, "row", row, snapshot);
    if (absl::IsNotFound(status)) return Malformed("index");
    return status;
  }

  // ---- lists.cc
  // Rows by name, in the order of an index.
  template <class Item, class Row>
  absl::StatusOr<Page<Item>> ListByIndex(Table table, PageQuery query, Item Row::*item) const;

  // ---- export.cc
  // Calls `write(key, row)` for every row of a range.
  template <class Stored, class Write>
  absl::Status ExportRows(const KeyRange& range, const Snapshot& snapshot,
                          const Write& write) const;
  absl::Status ExportTables(const Snapshot& snapshot,
                            const std::function<void(std::string_view)>& line) const;
  absl::Status ExportServers(const Snapshot& snapshot,
                             const std::function<void(std::string_view)>& line) const;

  // ---- outbox.cc
  absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> Servers(
      const Snapshot* snapshot) const;
  absl::StatusOr<ServerRow> Server(std::string_view server, const Snapshot* snapshot) const;
  absl::StatusOr<v1::DirectiveStatus> StatusOf(std::string_view key,
                                               const Snapshot* snapshot) const;

  Parts parts_;
  RowCodec codec_;
  StoredCells cells_;
  std::atomic<std::int64_t> history_epoch_{1};
  std::atomic<std::uint64_t> last_position_{0};
  std::atomic<std::int64_t> last_commit_us_{0};
  std::atomic<std::uint64_t> checkpoint_position_{0};
  mutable absl::Mutex audit_mutex_;
  AuditChain audit_chain_ ABSL_GUARDED_BY(audit_mutex_);
  // A commit failed: no other one is begun.
  std::atomic<bool> failed_{false};
  // One checkpoint at a time.
  absl::Mutex checkpoint_mutex_;
  // One backup at a time.
  absl::Mutex backup_mutex_;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_STORE_IMPL_H_
