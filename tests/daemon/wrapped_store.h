// A store around another one, whose commits a test can hold up or fail.
#ifndef HALLWARDEN_TESTS_DAEMON_WRAPPED_STORE_H_
#define HALLWARDEN_TESTS_DAEMON_WRAPPED_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/mutex.h"
#include "storage/backup/backup.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Thread-safe as far as the store is.
class WrappedStore final : public storage::Store {
 public:
  explicit WrappedStore(storage::Store* base) : base_(base) {}

  // ---- for tests
  // ---------------------------------------------------------------------------------- Commits wait
  // from now on.
  void HoldCommits() {
    MutexLock lock(&mutex_);
    held_ = true;
  }
  // Lets the next `count` held commits go.
  void LetGo(int count) {
    MutexLock lock(&mutex_);
    allowed_ += count;
    changed_.NotifyAll();
  }
  void ReleaseCommits() {
    MutexLock lock(&mutex_);
    held_ = false;
    changed_.NotifyAll();
  }
  // Blocks until a commit waits.
  void AwaitHeld() {
    MutexLock lock(&mutex_);
    while (waiting_ == 0)
      changed_.Wait(&mutex_);
  }
  // The next commit fails; with `written`, after it was made durable all the same.
  void FailNextCommit(absl::Status status, bool written) {
    MutexLock lock(&mutex_);
    failure_ = std::move(status);
    fail_after_write_ = written;
  }
  void FailCheckpoints(absl::Status status) {
    MutexLock lock(&mutex_);
    checkpoint_failure_ = std::move(status);
  }
  // Changes every group before it is made durable: what a defect of the daemon would write.
  void Tamper(std::function<void(storage::Group*)> tamper) {
    MutexLock lock(&mutex_);
    tamper_ = std::move(tamper);
  }
  // Records of each commit so far.
  [[nodiscard]] std::vector<std::size_t> group_sizes() const {
    MutexLock lock(&mutex_);
    return group_sizes_;
  }

  // ---- Store
  // ----------------------------------------------------------------------------------------
  [[nodiscard]] absl::Status Commit(const storage::Group& group) override {
    absl::Status failure;
    bool write = true;
    std::function<void(storage::Group*)> tamper;
    {
      MutexLock lock(&mutex_);
      group_sizes_.push_back(group.entries.size());
      ++waiting_;
      changed_.NotifyAll();
      while (held_ && allowed_ == 0)
        changed_.Wait(&mutex_);
      --waiting_;
      if (held_) --allowed_;
      failure = std::exchange(failure_, absl::OkStatus());
      write = failure.ok() || fail_after_write_;
      tamper = tamper_;
    }
    if (write && tamper) {
      storage::Group changed = group;
      tamper(&changed);
      if (absl::Status status = base_->Commit(changed); !status.ok()) return status;
    } else if (write) {
      if (absl::Status status = base_->Commit(group); !status.ok()) return status;
    }
    return failure;
  }
  [[nodiscard]] absl::Status WriteCheckpoint(
      std::uint64_t at, std::span<const EncodedCell> cells,
      std::span<const storage::StoredPosting> postings) override {
    {
      MutexLock lock(&mutex_);
      if (!checkpoint_failure_.ok()) return checkpoint_failure_;
    }
    return base_->WriteCheckpoint(at, cells, postings);
  }
  storage::Vault& vault() override { return base_->vault(); }
  std::string store_id() const override { return base_->store_id(); }
  std::int64_t history_epoch() const override { return base_->history_epoch(); }
  std::uint64_t last_position() const override { return base_->last_position(); }
  std::int64_t last_commit_us() const override { return base_->last_commit_us(); }
  absl::Status ScanJournal(std::uint64_t from,
                           const std::function<bool(const storage::StoredGroup&)>& visit) override {
    return base_->ScanJournal(from, visit);
  }
  absl::StatusOr<storage::JournalEntry> ReadEntry(std::uint64_t position) override {
    return base_->ReadEntry(position);
  }
  absl::StatusOr<std::vector<storage::SourcePosition>> Sources() override {
    return base_->Sources();
  }
  std::uint64_t checkpoint_position() const override { return base_->checkpoint_position(); }
  CellSource& cells() override { return base_->cells(); }
  absl::StatusOr<v1::Sanction> GetSanction(std::string_view name) override {
    return base_->GetSanction(name);
  }
  absl::StatusOr<storage::Page<v1::Caused>> ListCaused(std::string_view server,
                                                       std::int64_t since_us, std::size_t limit,
                                                       std::string_view page) override {
    return base_->ListCaused(server, since_us, limit, page);
  }
  absl::StatusOr<storage::Page<v1::Sanction>> ListSanctions(std::string_view account,
                                                            std::size_t limit,
                                                            std::string_view page) override {
    return base_->ListSanctions(account, limit, page);
  }
  absl::StatusOr<v1::Case> GetCase(std::string_view name) override { return base_->GetCase(name); }
  absl::StatusOr<storage::Page<v1::Case>> ListCases(std::string_view account, bool open_only,
                                                    std::size_t limit,
                                                    std::string_view page) override {
    return base_->ListCases(account, open_only, limit, page);
  }
  absl::StatusOr<storage::Page<v1::Case>> ListQueue(std::size_t limit,
                                                    std::string_view page) override {
    return base_->ListQueue(limit, page);
  }
  absl::StatusOr<v1::Appeal> GetAppeal(std::string_view name) override {
    return base_->GetAppeal(name);
  }
  absl::StatusOr<storage::Page<v1::Appeal>> ListAppeals(std::string_view account, std::size_t limit,
                                                        std::string_view page) override {
    return base_->ListAppeals(account, limit, page);
  }
  absl::StatusOr<storage::Page<v1::Appeal>> ListAppealQueue(std::size_t limit,
                                                            std::string_view page) override {
    return base_->ListAppealQueue(limit, page);
  }
  absl::StatusOr<storage::Page<v1::Note>> ListNotes(std::string_view account, std::size_t limit,
                                                    std::string_view page) override {
    return base_->ListNotes(account, limit, page);
  }
  absl::StatusOr<storage::Page<PutFinding>> ListFindings(std::string_view account,
                                                         std::size_t limit,
                                                         std::string_view page) override {
    return base_->ListFindings(account, limit, page);
  }
  absl::StatusOr<std::vector<storage::StoredToken>> Tokens() override { return base_->Tokens(); }
  absl::StatusOr<storage::Page<v1::PartnerSpan>> ListPartners(std::string_view channel,
                                                              std::size_t limit,
                                                              std::string_view page) override {
    return base_->ListPartners(channel, limit, page);
  }
  absl::StatusOr<std::vector<v1::PartnerSpan>> Partners(std::string_view account) override {
    return base_->Partners(account);
  }
  absl::StatusOr<storage::Page<storage::StoredPolicy>> ListPolicies(
      std::size_t limit, std::string_view page) override {
    return base_->ListPolicies(limit, page);
  }
  absl::StatusOr<storage::Page<v1::AuditRecord>> ListAudit(const AuditFilter& filter,
                                                           std::size_t limit,
                                                           std::string_view page) override {
    return base_->ListAudit(filter, limit, page);
  }
  storage::AuditChain audit_chain() const override { return base_->audit_chain(); }
  absl::StatusOr<storage::Page<v1::AuditEntry>> ListAuditEntries(std::size_t limit,
                                                                 std::string_view page) override {
    return base_->ListAuditEntries(limit, page);
  }
  absl::Status PutAuditCheckpoint(const v1::AuditCheckpoint& checkpoint) override {
    return base_->PutAuditCheckpoint(checkpoint);
  }
  absl::StatusOr<std::optional<v1::AuditCheckpoint>> LastAuditCheckpoint() override {
    return base_->LastAuditCheckpoint();
  }
  absl::StatusOr<storage::AuditReport> CheckAudit(
      std::span<const v1::AuditCheckpoint> kept) override {
    return base_->CheckAudit(kept);
  }
  absl::Status BackgroundError() const override { return base_->BackgroundError(); }
  absl::StatusOr<v1::AuditRecord> GetAudit(std::string_view name) override {
    return base_->GetAudit(name);
  }
  absl::StatusOr<storage::StoredAnswer> FindAnswer(std::string_view principal,
                                                   std::string_view request_id,
                                                   std::int64_t now_us) override {
    return base_->FindAnswer(principal, request_id, now_us);
  }
  absl::StatusOr<storage::Page<storage::StoredPosting>> ListPostings(
      std::string_view account, std::int64_t since_us, std::size_t limit,
      std::string_view page) override {
    return base_->ListPostings(account, since_us, limit, page);
  }
  absl::StatusOr<std::vector<storage::StoredPosting>> ReadFeed(std::uint64_t position,
                                                               std::uint32_t ordinal,
                                                               std::size_t limit) override {
    return base_->ReadFeed(position, ordinal, limit);
  }
  absl::StatusOr<std::vector<storage::StoredPosting>> LastFeed(std::size_t limit) override {
    return base_->LastFeed(limit);
  }
  absl::StatusOr<std::vector<v1::Directive>> ReadOutbox(std::string_view server, std::int64_t from,
                                                        std::size_t limit) override {
    return base_->ReadOutbox(server, from, limit);
  }
  absl::StatusOr<v1::Directive> GetDirective(std::string_view server,
                                             std::int64_t directive_seq) override {
    return base_->GetDirective(server, directive_seq);
  }
  absl::StatusOr<std::vector<v1::DirectiveStatus>> DirectivesOf(std::string_view cause) override {
    return base_->DirectivesOf(cause);
  }
  absl::StatusOr<std::vector<v1::DirectiveStatus>> Unanswered(std::int64_t before_us,
                                                              std::size_t limit) override {
    return base_->Unanswered(before_us, limit);
  }
  absl::StatusOr<std::vector<std::pair<std::string, storage::OutboxState>>> Outboxes() override {
    return base_->Outboxes();
  }
  absl::Status ScanGate(const std::function<void(const v1::GateEntry&)>& visit) override {
    return base_->ScanGate(visit);
  }
  absl::StatusOr<std::vector<Timer>> Timers() override { return base_->Timers(); }
  absl::StatusOr<std::string> PutArtefact(std::string_view content) override {
    return base_->PutArtefact(content);
  }
  absl::StatusOr<std::string> GetArtefact(std::string_view sha256_hex) override {
    return base_->GetArtefact(sha256_hex);
  }
  absl::StatusOr<storage::BackupInfo> CreateBackup(const storage::BackupRequest& request) override {
    return base_->CreateBackup(request);
  }
  absl::Status Export(const std::function<void(std::string_view)>& line) override {
    return base_->Export(line);
  }

 private:
  storage::Store* base_;
  mutable Mutex mutex_;
  CondVar changed_;
  bool held_ HW_GUARDED_BY(mutex_) = false;
  int allowed_ HW_GUARDED_BY(mutex_) = 0;
  int waiting_ HW_GUARDED_BY(mutex_) = 0;
  std::function<void(storage::Group*)> tamper_ HW_GUARDED_BY(mutex_);
  absl::Status failure_ HW_GUARDED_BY(mutex_);
  bool fail_after_write_ HW_GUARDED_BY(mutex_) = false;
  absl::Status checkpoint_failure_ HW_GUARDED_BY(mutex_);
  std::vector<std::size_t> group_sizes_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_TESTS_DAEMON_WRAPPED_STORE_H_
