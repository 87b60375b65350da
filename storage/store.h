// The store: journal, decisions, checkpoints and indexes in one RocksDB. storage/FORMAT.md
// documents every byte.
#ifndef HALLWARDEN_STORAGE_STORE_H_
#define HALLWARDEN_STORAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/audit.pb.h"
#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/journal.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/engine/effect.h"
#include "rules/engine/record.h"
#include "rules/state/cells.h"
#include "storage/audit_chain.h"
#include "storage/vault.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace hallwarden::storage {

struct BackupInfo;
struct BackupRequest;

struct StoreOptions {
  // Directory. Made if missing, unless `read_only`.
  std::string directory;
  // Opens without changing anything: for --verify, --export and tests.
  bool read_only = false;
  // With `read_only`: nobody else may write either. For a daemon that waits for disk space.
  bool exclusive = false;
  // False loses acknowledged data at power loss. Only negative controls of tests switch it off.
  bool sync = true;
  // Memory for RocksDB's block cache, in bytes.
  std::size_t block_cache_bytes = 64U << 20;
  // Memory for the newest records before they are written to files, in bytes; 0: 32 MiB for the
  // journal, 8 MiB for each other family.
  std::size_t write_buffer_bytes = 0;
  // Files go through this. Null: the host's. For tests that cut the power; outlives the store.
  rocksdb::Env* env = nullptr;
};

// One record as the journal holds it. Personal fields are out of `payload` and sealed in `sealed`.
struct JournalEntry {
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
  RecordKind kind = RecordKind::kHallEvent;
  std::string source;
  std::uint64_t source_seq = 0;
  PersonalHashes hashes;
  // Keyed SipHash-64 of the event's bytes as they came; 0 for what is no event.
  std::uint64_t content_hash = 0;
  // Protobuf bytes of the payload by kind, without personal fields.
  std::string payload;
  // Account under whose key `sealed` is encrypted; empty: nothing personal in it.
  std::string sealed_account;
  // Vault::Seal of the serialized SealedFields, context SealContext(source, source_seq or
  // position).
  std::string sealed;
};

// How far a source's stream is durable.
struct SourcePosition {
  std::string source;
  std::uint64_t durable_seq = 0;
  std::int64_t session_epoch = 0;
};

// Everything of one group commit.
struct Group {
  std::vector<JournalEntry> entries;      // dense positions, at least one
  std::vector<PositionedEffect> effects;  // in order
  std::vector<SourcePosition> positions;  // sources that moved
};

// One group read back from the journal.
struct StoredGroup {
  std::vector<JournalEntry> entries;
  // DigestEffects of the effects that were committed with it.
  std::uint64_t effects_digest = 0;
};

// One line of an account's history with its place.
struct StoredPosting {
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  std::int64_t commit_us = 0;
  Posting posting;
};

// A page of a list. `next` is opaque, empty at the end.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::string next;
};

// An answer kept by request id.
struct StoredAnswer {
  Answer answer;
  std::uint64_t position = 0;
};

// A token with what is needed to check it.
struct StoredToken {
  v1::Token token;
  std::string secret_sha256;
};

struct StoredPolicy {
  PutPolicy policy;
  std::uint64_t position = 0;
};

// State of the directives of one server.
struct OutboxState {
  std::int64_t last_directive_seq = 0;
  std::int64_t unanswered = 0;
  bool retired = false;
  std::int64_t rejected_events = 0;
  // Commit time, 0: not; see PutServerStanding.
  std::int64_t quarantine_us = 0;
  std::int64_t trip_us = 0;
  // Given up with a restored store, because the server keeps them no more.
  std::int64_t lost_events = 0;
};

// Gives the cells of a checkpoint in key order, each key once.
class CellStream {
 public:
  virtual ~CellStream() = default;
  // False: that was all. CANCELLED and whatever else goes wrong ends the checkpoint, which then
  // never was.
  [[nodiscard]] virtual absl::StatusOr<bool> Next(EncodedCell* cell) = 0;
};

// Cells of one kind whose ids begin with one of these bytes.
struct CellRange {
  CellKind kind = CellKind::kAccount;
  std::uint8_t first_byte = 0;
  std::uint8_t last_byte = 0xff;
};

// Writes come from one thread (the sequencer's); reads from any. Errors: DATA_LOSS for damage
// found, UNAVAILABLE never, INTERNAL for I/O errors. After a failed Commit the outcome is unknown:
// the process must exit and let resend and dedup decide.
class Store {
 public:
  // FAILED_PRECONDITION with what to do: locked by another daemon, made by a newer version, keys
  // missing. DATA_LOSS: damage found at open.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const StoreOptions& options);
  virtual ~Store() = default;

  [[nodiscard]] virtual Vault& vault() = 0;

  // ---- identity -------------------------------------------------------------------------------
  // Random, made with the store: tells stores apart. Lower-case hex.
  [[nodiscard]] virtual std::string store_id() const = 0;
  // 1 for a new store; rises by SetHistoryEpoch.
  [[nodiscard]] virtual std::int64_t history_epoch() const = 0;
  // Position of the last durable record, 0 for none.
  [[nodiscard]] virtual std::uint64_t last_position() const = 0;
  // Its commit time.
  [[nodiscard]] virtual std::int64_t last_commit_us() const = 0;
  // The first write that failed behind a commit's back, in a flush or a compaction. The process
  // must exit: what was acknowledged is in the log, but nothing more may be promised.
  [[nodiscard]] virtual absl::Status BackgroundError() const = 0;

  // ---- the one commit ---------------------------------------------------------------------------
  // Makes the group durable in one synced WriteBatch: records, sealed parts, decisions, positions.
  [[nodiscard]] virtual absl::Status Commit(const Group& group) = 0;

  // ---- journal
  // ------------------------------------------------------------------------------------ Calls
  // `visit` for every group that holds a position >= `from`, in order, until it returns false.
  [[nodiscard]] virtual absl::Status ScanJournal(
      std::uint64_t from, const std::function<bool(const StoredGroup&)>& visit) = 0;
  // One record. NOT_FOUND if it never was or its range was dropped.
  [[nodiscard]] virtual absl::StatusOr<JournalEntry> ReadEntry(std::uint64_t position) = 0;
  // Positions of all sources, by name.
  [[nodiscard]] virtual absl::StatusOr<std::vector<SourcePosition>> Sources() = 0;

  // ---- checkpoint
  // ----------------------------------------------------------------------------------- The cells
  // that a checkpoint up to position `at` changes, and the postings made since the one before.
  // Makes them visible in one atomic step (SST ingestion with the position in the same file).
  // Called off the sequencer's thread; Commit may run meanwhile. Damage or a full disk: the
  // checkpoint before stays.
  [[nodiscard]] virtual absl::Status WriteCheckpoint(std::uint64_t at,
                                                     std::span<const EncodedCell> cells,
                                                     std::span<const StoredPosting> postings) = 0;
  // The same with cells that come one by one, so that they need not lie in memory all at once.
  [[nodiscard]] virtual absl::Status StreamCheckpoint(std::uint64_t at, CellStream* cells,
                                                      std::span<const StoredPosting> postings);
  // Position up to which the checkpoint holds the state; 0: none yet.
  [[nodiscard]] virtual std::uint64_t checkpoint_position() const = 0;
  // Calls `visit` for the cells of the last checkpoint in key order, until it returns false. A
  // store that cannot do this in one reading visits none.
  using VisitCell = std::function<bool(const EntityKey& key, std::string_view bytes)>;
  [[nodiscard]] virtual absl::Status ScanCells(const CellRange& range, const VisitCell& visit);
  // Cells of the last checkpoint. Ends the process on damage, see CellSource.
  [[nodiscard]] virtual CellSource& cells() = 0;

  // ---- what decisions wrote
  // ------------------------------------------------------------------------- Messages come back
  // whole, personal fields joined; erased ones are empty.
  [[nodiscard]] virtual absl::StatusOr<v1::Sanction> GetSanction(std::string_view name) = 0;
  // Newest first. `account` empty: all accounts.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Sanction>> ListSanctions(std::string_view account,
                                                                         std::size_t limit,
                                                                         std::string_view page) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::Case> GetCase(std::string_view name) = 0;
  // Oldest first. `account` empty: all accounts; `open_only`: no closed ones.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Case>> ListCases(std::string_view account,
                                                                 bool open_only, std::size_t limit,
                                                                 std::string_view page) = 0;
  // Cases that are not closed, first the one that should be taken next. A case that keeps its place
  // from the first page to the last one is on exactly one of them.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Case>> ListQueue(std::size_t limit,
                                                                 std::string_view page) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::Appeal> GetAppeal(std::string_view name) = 0;
  // Of one account, newest first.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Appeal>> ListAppeals(std::string_view account,
                                                                     std::size_t limit,
                                                                     std::string_view page) = 0;
  // Appeals that are not over, in the order in which they should be taken; pages as ListQueue.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Appeal>> ListAppealQueue(std::size_t limit,
                                                                         std::string_view page) = 0;
  // What machines did on events of a server, newest first, not before `since_us`.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Caused>> ListCaused(std::string_view server,
                                                                    std::int64_t since_us,
                                                                    std::size_t limit,
                                                                    std::string_view page) = 0;
  // Newest first.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::Note>> ListNotes(std::string_view account,
                                                                 std::size_t limit,
                                                                 std::string_view page) = 0;
  // Recorded findings about an account, newest first.
  [[nodiscard]] virtual absl::StatusOr<Page<PutFinding>> ListFindings(std::string_view account,
                                                                      std::size_t limit,
                                                                      std::string_view page) = 0;
  [[nodiscard]] virtual absl::StatusOr<std::vector<StoredToken>> Tokens() = 0;
  // In account order. `channel` empty: all.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::PartnerSpan>> ListPartners(
      std::string_view channel, std::size_t limit, std::string_view page) = 0;
  // Rows of one account.
  [[nodiscard]] virtual absl::StatusOr<std::vector<v1::PartnerSpan>> Partners(
      std::string_view account) = 0;
  // Newest first.
  [[nodiscard]] virtual absl::StatusOr<Page<StoredPolicy>> ListPolicies(std::size_t limit,
                                                                        std::string_view page) = 0;
  // Newest first; empty filters match all.
  struct AuditFilter {
    std::string principal;
    std::string account;
    std::string method;
    std::int64_t since_us = 0;
  };
  [[nodiscard]] virtual absl::StatusOr<Page<v1::AuditRecord>> ListAudit(const AuditFilter& filter,
                                                                        std::size_t limit,
                                                                        std::string_view page) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::AuditRecord> GetAudit(std::string_view name) = 0;
  // How far the chain over the audit is durable.
  [[nodiscard]] virtual AuditChain audit_chain() const = 0;
  // Audit records as they are stored, oldest first. A page ends early after about a megabyte.
  [[nodiscard]] virtual absl::StatusOr<Page<v1::AuditEntry>> ListAuditEntries(
      std::size_t limit, std::string_view page) = 0;
  // Keeps a signed checkpoint, durably; the oldest of many are dropped. Any thread, one at a time.
  [[nodiscard]] virtual absl::Status PutAuditCheckpoint(const v1::AuditCheckpoint& checkpoint) = 0;
  // The one that was kept last; nullopt: none yet.
  [[nodiscard]] virtual absl::StatusOr<std::optional<v1::AuditCheckpoint>>
  LastAuditCheckpoint() = 0;
  // Recomputes the whole chain and compares it with every checkpoint in the store and with those in
  // `kept`. Not OK only if the store cannot be read.
  [[nodiscard]] virtual absl::StatusOr<AuditReport> CheckAudit(
      std::span<const v1::AuditCheckpoint> kept) = 0;
  // NOT_FOUND if there is none or it expired before `now_us`.
  [[nodiscard]] virtual absl::StatusOr<StoredAnswer> FindAnswer(std::string_view principal,
                                                                std::string_view request_id,
                                                                std::int64_t now_us) = 0;

  // ---- history and feed
  // ------------------------------------------------------------------------------- Checkpointed
  // history of an account, newest first, below (position, ordinal) of `page`. The tail since the
  // checkpoint is the daemon's (it holds it in memory).
  [[nodiscard]] virtual absl::StatusOr<Page<StoredPosting>> ListPostings(std::string_view account,
                                                                         std::int64_t since_us,
                                                                         std::size_t limit,
                                                                         std::string_view page) = 0;
  // Notable postings of all accounts from (position, ordinal) on, ascending, at most `limit`.
  [[nodiscard]] virtual absl::StatusOr<std::vector<StoredPosting>> ReadFeed(std::uint64_t position,
                                                                            std::uint32_t ordinal,
                                                                            std::size_t limit) = 0;
  // The last `limit` of them, ascending.
  [[nodiscard]] virtual absl::StatusOr<std::vector<StoredPosting>> LastFeed(std::size_t limit) = 0;

  // ---- outbox, gate, timers
  // --------------------------------------------------------------------------- Directives of a
  // server without a final answer with number >= `from`, ascending, at most `limit`.
  [[nodiscard]] virtual absl::StatusOr<std::vector<v1::Directive>> ReadOutbox(
      std::string_view server, std::int64_t from, std::size_t limit) = 0;
  // A directive of a server, answered or not. NOT_FOUND if it never was.
  [[nodiscard]] virtual absl::StatusOr<v1::Directive> GetDirective(std::string_view server,
                                                                   std::int64_t directive_seq) = 0;
  // What became of the directives that a resource (`sanctions/...`) caused.
  [[nodiscard]] virtual absl::StatusOr<std::vector<v1::DirectiveStatus>> DirectivesOf(
      std::string_view cause) = 0;
  // Directives without an answer that were decided before `before_us`, over all servers, at most
  // `limit`: what is not enforced.
  [[nodiscard]] virtual absl::StatusOr<std::vector<v1::DirectiveStatus>> Unanswered(
      std::int64_t before_us, std::size_t limit) = 0;
  [[nodiscard]] virtual absl::StatusOr<std::vector<std::pair<std::string, OutboxState>>>
  Outboxes() = 0;
  // Every gate entry, for the table in memory.
  [[nodiscard]] virtual absl::Status ScanGate(
      const std::function<void(const v1::GateEntry&)>& visit) = 0;
  // Every timer that is set.
  [[nodiscard]] virtual absl::StatusOr<std::vector<Timer>> Timers() = 0;

  // ---- artefacts
  // -------------------------------------------------------------------------------------- Stores
  // content by its SHA-256, durably; a repeat changes nothing. Returns the lower-case hex.
  [[nodiscard]] virtual absl::StatusOr<std::string> PutArtefact(std::string_view content) = 0;
  [[nodiscard]] virtual absl::StatusOr<std::string> GetArtefact(std::string_view sha256_hex) = 0;

  // ---- backup
  // ----------------------------------------------------------------------------------------
  // Adds a backup of what is durable now, verified by restoring it, and refreshes the copy of the
  // keys: storage/backup/backup.h. Any thread but one at a time; Commit and WriteCheckpoint may run
  // meanwhile. After an error every backup from before is still there, but for what the error says.
  [[nodiscard]] virtual absl::StatusOr<BackupInfo> CreateBackup(const BackupRequest& request) = 0;

  // ---- export
  // -----------------------------------------------------------------------------------------
  // Canonical text of all decisions: sanctions, cases, directives per server, audit, positions, in
  // key order, one line each: what two runs are compared by.
  [[nodiscard]] virtual absl::Status Export(const std::function<void(std::string_view)>& line) = 0;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_STORE_H_
