// A store that fails when a test says so.
#ifndef HALLWARDEN_TESTS_STORAGE_FAULTY_STORE_H_
#define HALLWARDEN_TESTS_STORAGE_FAULTY_STORE_H_

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
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "storage/backup/backup.h"
#include "storage/store.h"

namespace hallwarden::storage {

// Passes everything on to a real store, but for the calls that it was told to fail. A failed commit
// must never be taken for one that did not happen: both outcomes can be had. Thread-safe as a Store
// is.
class FaultyStore final : public Store {
 public:
  // What became of the data of a call that fails.
  enum class Outcome { kLost, kWritten };

  explicit FaultyStore(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  // The next Commit returns `status`, once.
  void FailNextCommit(absl::Status status, Outcome outcome = Outcome::kLost);
  // The next WriteCheckpoint returns `status`, once; the checkpoint before stays.
  void FailNextCheckpoint(absl::Status status);
  // The next PutArtefact returns `status`, once; nothing is stored.
  void FailNextArtefact(absl::Status status);

  [[nodiscard]] Store& real() { return *store_; }

  Vault& vault() override { return store_->vault(); }
  std::string store_id() const override { return store_->store_id(); }
  std::int64_t history_epoch() const override { return store_->history_epoch(); }
  std::uint64_t last_position() const override { return store_->last_position(); }
  std::int64_t last_commit_us() const override { return store_->last_commit_us(); }
  absl::Status Commit(const Group& group) override;
  absl::Status ScanJournal(std::uint64_t from,
                           const std::function<bool(const StoredGroup&)>& visit) override {
    return store_->ScanJournal(from, visit);
  }
  absl::StatusOr<JournalEntry> ReadEntry(std::uint64_t position) override {
    return store_->ReadEntry(position);
  }
  absl::StatusOr<std::vector<SourcePosition>> Sources() override { return store_->Sources(); }
  absl::Status WriteCheckpoint(std::uint64_t at, std::span<const EncodedCell> cells,
                               std::span<const StoredPosting> postings) override;
  std::uint64_t checkpoint_position() const override { return store_->checkpoint_position(); }
  CellSource& cells() override { return store_->cells(); }
  absl::StatusOr<v1::Sanction> GetSanction(std::string_view name) override {
    return store_->GetSanction(name);
  }
  absl::StatusOr<Page<v1::Caused>> ListCaused(std::string_view server, std::int64_t since_us,
                                              std::size_t limit, std::string_view page) override {
    return store_->ListCaused(server, since_us, limit, page);
  }
  absl::StatusOr<Page<v1::Sanction>> ListSanctions(std::string_view account, std::size_t limit,
                                                   std::string_view page) override {
    return store_->ListSanctions(account, limit, page);
  }
  absl::StatusOr<v1::Case> GetCase(std::string_view name) override { return store_->GetCase(name); }
  absl::StatusOr<Page<v1::Case>> ListCases(std::string_view account, bool open_only,
                                           std::size_t limit, std::string_view page) override {
    return store_->ListCases(account, open_only, limit, page);
  }
  absl::StatusOr<Page<v1::Case>> ListQueue(std::size_t limit, std::string_view page) override {
    return store_->ListQueue(limit, page);
  }
  absl::StatusOr<v1::Appeal> GetAppeal(std::string_view name) override {
    return store_->GetAppeal(name);
  }
  absl::StatusOr<Page<v1::Appeal>> ListAppeals(std::string_view account, std::size_t limit,
                                               std::string_view page) override {
    return store_->ListAppeals(account, limit, page);
  }
  absl::StatusOr<Page<v1::Appeal>> ListAppealQueue(std::size_t limit,
                                                   std::string_view page) override {
    return store_->ListAppealQueue(limit, page);
  }
  absl::StatusOr<Page<v1::Note>> ListNotes(std::string_view account, std::size_t limit,
                                           std::string_view page) override {
    return store_->ListNotes(account, limit, page);
  }
  absl::StatusOr<Page<PutFinding>> ListFindings(std::string_view account, std::size_t limit,
                                                std::string_view page) override {
    return store_->ListFindings(account, limit, page);
  }
  absl::StatusOr<std::vector<StoredToken>> Tokens() override { return store_->Tokens(); }
  absl::StatusOr<Page<v1::PartnerSpan>> ListPartners(std::string_view channel, std::size_t limit,
                                                     std::string_view page) override {
    return store_->ListPartners(channel, limit, page);
  }
  absl::StatusOr<std::vector<v1::PartnerSpan>> Partners(std::string_view account) override {
    return store_->Partners(account);
  }
  absl::StatusOr<Page<StoredPolicy>> ListPolicies(std::size_t limit,
                                                  std::string_view page) override {
    return store_->ListPolicies(limit, page);
  }
  absl::StatusOr<Page<v1::AuditRecord>> ListAudit(const AuditFilter& filter, std::size_t limit,
                                                  std::string_view page) override {
    return store_->ListAudit(filter, limit, page);
  }
  AuditChain audit_chain() const override { return store_->audit_chain(); }
  absl::StatusOr<Page<v1::AuditEntry>> ListAuditEntries(std::size_t limit,
                                                        std::string_view page) override {
    return store_->ListAuditEntries(limit, page);
  }
  absl::Status PutAuditCheckpoint(const v1::AuditCheckpoint& checkpoint) override {
    return store_->PutAuditCheckpoint(checkpoint);
  }
  absl::StatusOr<std::optional<v1::AuditCheckpoint>> LastAuditCheckpoint() override {
    return store_->LastAuditCheckpoint();
  }
  absl::StatusOr<AuditReport> CheckAudit(std::span<const v1::AuditCheckpoint> kept) override {
    return store_->CheckAudit(kept);
  }
  absl::Status BackgroundError() const override { return store_->BackgroundError(); }
  absl::StatusOr<v1::AuditRecord> GetAudit(std::string_view name) override {
    return store_->GetAudit(name);
  }
  absl::StatusOr<StoredAnswer> FindAnswer(std::string_view principal, std::string_view request_id,
                                          std::int64_t now_us) override {
    return store_->FindAnswer(principal, request_id, now_us);
  }
  absl::StatusOr<Page<StoredPosting>> ListPostings(std::string_view account, std::int64_t since_us,
                                                   std::size_t limit,
                                                   std::string_view page) override {
    return store_->ListPostings(account, since_us, limit, page);
  }
  absl::StatusOr<std::vector<StoredPosting>> ReadFeed(std::uint64_t position, std::uint32_t ordinal,
                                                      std::size_t limit) override {
    return store_->ReadFeed(position, ordinal, limit);
  }
  absl::StatusOr<std::vector<StoredPosting>> LastFeed(std::size_t limit) override {
    return store_->LastFeed(limit);
  }
  absl::StatusOr<std::vector<v1::Directive>> ReadOutbox(std::string_view server, std::int64_t from,
                                                        std::size_t limit) override {
    return store_->ReadOutbox(server, from, limit);
  }
  absl::StatusOr<v1::Directive> GetDirective(std::string_view server,
                                             std::int64_t directive_seq) override {
    return store_->GetDirective(server, directive_seq);
  }
  absl::StatusOr<std::vector<v1::DirectiveStatus>> DirectivesOf(std::string_view cause) override {
    return store_->DirectivesOf(cause);
  }
  absl::StatusOr<std::vector<v1::DirectiveStatus>> Unanswered(std::int64_t before_us,
                                                              std::size_t limit) override {
    return store_->Unanswered(before_us, limit);
  }
  absl::StatusOr<std::vector<std::pair<std::string, OutboxState>>> Outboxes() override {
    return store_->Outboxes();
  }
  absl::Status ScanGate(const std::function<void(const v1::GateEntry&)>& visit) override {
    return store_->ScanGate(visit);
  }
  absl::StatusOr<std::vector<Timer>> Timers() override { return store_->Timers(); }
  absl::StatusOr<std::string> PutArtefact(std::string_view content) override;
  absl::StatusOr<std::string> GetArtefact(std::string_view sha256_hex) override {
    return store_->GetArtefact(sha256_hex);
  }
  absl::StatusOr<BackupInfo> CreateBackup(const BackupRequest& request) override {
    return store_->CreateBackup(request);
  }
  absl::Status Export(const std::function<void(std::string_view)>& line) override {
    return store_->Export(line);
  }

 private:
  struct CommitFault {
    absl::Status status;
    Outcome outcome = Outcome::kLost;
  };

  std::unique_ptr<Store> store_;
  absl::Mutex mutex_;
  std::optional<CommitFault> commit_fault_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> checkpoint_fault_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> artefact_fault_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_TESTS_STORAGE_FAULTY_STORE_H_
