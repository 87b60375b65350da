#include "tests/tools/session/fakes.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::session {
namespace {

absl::Status PowerCut() {
  return absl::UnavailableError("the power is off");
}

}  // namespace

class FakeFile final : public ReadableFile, public WritableFile {
 public:
  FakeFile(FakeFileSystem* fs, std::uint64_t number, std::shared_ptr<FakeFileSystem::Inode> inode)
      : fs_(fs), number_(number), inode_(std::move(inode)) {}

  absl::StatusOr<FileInfo> Info() override {
    return FileInfo{.name = "",
                    .inode = number_,
                    .size_bytes = static_cast<std::int64_t>(inode_->content.size()),
                    .mtime_ns = inode_->mtime_ns};
  }

  absl::StatusOr<std::string> ReadAt(std::int64_t offset, std::size_t size) override {
    const auto from = static_cast<std::size_t>(offset);
    if (from >= inode_->content.size()) return std::string();
    return inode_->content.substr(from, size);
  }

  absl::Status Append(const std::string& data) override {
    if (fs_->power_->Step()) return PowerCut();
    inode_->content += data;
    inode_->mtime_ns = ++fs_->next_time_;
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    if (fs_->power_->Step()) return PowerCut();
    inode_->synced = inode_->content;
    return absl::OkStatus();
  }

 private:
  FakeFileSystem* fs_;
  std::uint64_t number_;
  std::shared_ptr<FakeFileSystem::Inode> inode_;
};

absl::StatusOr<std::unique_ptr<ReadableFile>> FakeFileSystem::OpenForRead(const std::string& path) {
  const auto it = names_.find(path);
  if (it == names_.end()) return absl::NotFoundError(absl::StrCat("open ", path));
  return std::make_unique<FakeFile>(this, it->second, inodes_.at(it->second));
}

std::uint64_t FakeFileSystem::InodeFor(const std::string& path) {
  const auto it = names_.find(path);
  if (it != names_.end()) return it->second;
  const std::uint64_t inode = next_inode_++;
  inodes_[inode] = std::make_shared<Inode>();
  inodes_[inode]->mtime_ns = ++next_time_;
  const DirectoryChange change{.from = "", .to = path, .inode = inode};
  Apply(change, &names_);
  changes_.push_back(change);
  return inode;
}

void FakeFileSystem::Apply(const DirectoryChange& change,
                           std::map<std::string, std::uint64_t>* names) const {
  if (!change.from.empty()) names->erase(change.from);
  (*names)[change.to] = change.inode;
}

absl::StatusOr<std::unique_ptr<WritableFile>> FakeFileSystem::Create(const std::string& path) {
  if (power_->Step()) return PowerCut();
  const std::uint64_t inode = InodeFor(path);
  inodes_[inode]->content.clear();
  return std::make_unique<FakeFile>(this, inode, inodes_[inode]);
}

absl::StatusOr<std::unique_ptr<WritableFile>> FakeFileSystem::OpenForAppend(
    const std::string& path) {
  if (power_->Step()) return PowerCut();
  const std::uint64_t inode = InodeFor(path);
  return std::make_unique<FakeFile>(this, inode, inodes_[inode]);
}

absl::Status FakeFileSystem::Rename(const std::string& from, const std::string& to) {
  if (power_->Step()) return PowerCut();
  const auto it = names_.find(from);
  if (it == names_.end()) return absl::NotFoundError(absl::StrCat("replace ", to));
  const DirectoryChange change{.from = from, .to = to, .inode = it->second};
  Apply(change, &names_);
  changes_.push_back(change);
  return absl::OkStatus();
}

absl::Status FakeFileSystem::SyncDirectory(const std::string& /*directory*/) {
  if (power_->Step()) return PowerCut();
  durable_names_ = names_;
  changes_.clear();
  return absl::OkStatus();
}

absl::Status FakeFileSystem::Truncate(const std::string& path, std::int64_t size_bytes) {
  if (power_->Step()) return PowerCut();
  Inode& inode = *inodes_.at(names_.at(path));
  inode.content.resize(static_cast<std::size_t>(size_bytes));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FileInfo>> FakeFileSystem::List(const std::string& directory) {
  std::vector<FileInfo> files;
  for (const auto& [path, inode] : names_) {
    if (DirectoryOf(path) != directory) continue;
    files.push_back(
        FileInfo{.name = BaseOf(path),
                 .inode = inode,
                 .size_bytes = static_cast<std::int64_t>(inodes_.at(inode)->content.size()),
                 .mtime_ns = inodes_.at(inode)->mtime_ns});
  }
  return files;
}

void FakeFileSystem::ForgetUnsynced(Jitter* jitter) {
  // Any number of the last changes of the directory made it, in their order.
  const std::uint64_t made_it = jitter->Next() % (changes_.size() + 1);
  for (std::uint64_t i = 0; i < made_it; ++i)
    Apply(changes_[i], &durable_names_);
  names_ = durable_names_;
  changes_.clear();
  for (auto& [number, inode] : inodes_) {
    if (inode->content.rfind(inode->synced, 0) != 0) {
      // Rewritten since the sync: the old or the new beginning.
      inode->content = jitter->Next() % 2 == 0 ? inode->synced : inode->content;
    }
    const std::size_t behind =
        inode->content.size() - std::min(inode->content.size(), inode->synced.size());
    inode->content.resize(inode->content.size() - jitter->Next() % (behind + 1));
    inode->synced = inode->content;
  }
}

void FakeFileSystem::Write(const std::string& path, const std::string& content) {
  Inode& inode = *inodes_.at(InodeFor(path));
  inode.content = content;
  inode.synced = content;
  inode.mtime_ns = ++next_time_;
  durable_names_ = names_;
  changes_.clear();
}

void FakeFileSystem::AppendTo(const std::string& path, const std::string& content) {
  Write(path, (Exists(path) ? Read(path) : "") + content);
}

void FakeFileSystem::Move(const std::string& from, const std::string& to) {
  Apply(DirectoryChange{.from = from, .to = to, .inode = names_.at(from)}, &names_);
  durable_names_ = names_;
  changes_.clear();
}

void FakeFileSystem::Remove(const std::string& path) {
  names_.erase(path);
  durable_names_ = names_;
  changes_.clear();
}

std::string FakeFileSystem::Read(const std::string& path) const {
  return inodes_.at(names_.at(path))->content;
}

void FakeDaemon::Connect() {
  Drop();
  if (power_->Step()) return;
  open_ = true;
}

bool FakeDaemon::CanSend() {
  return open_ && !power_->off();
}

void FakeDaemon::Break(const std::string& why) {
  incoming_.emplace_back(
      StreamEnd{.status = absl::UnavailableError(why), .reason = "", .metadata = {}});
  open_ = false;
  greeted_ = false;
}

void FakeDaemon::Send(const v1::SessionRequest& request) {
  if (power_->Step()) return;
  if (!open_) {
    breaches.emplace_back("sent without a stream");
    return;
  }
  if (Chance(weather.lost)) {
    Break("the network lost a message");
    return;
  }
  const std::size_t before = incoming_.size();
  Process(request);
  if (open_ && Chance(weather.answer_lost)) {
    incoming_.resize(before);
    Break("the network lost an answer");
  }
}

void FakeDaemon::FinishSending() {
  if (power_->Step() || !open_) return;
  End(absl::OkStatus(), "", {});
}

std::optional<Incoming> FakeDaemon::Receive() {
  if (incoming_.empty() || power_->off()) return std::nullopt;
  Incoming next = std::move(incoming_.front());
  incoming_.pop_front();
  return next;
}

void FakeDaemon::Drop() {
  open_ = false;
  greeted_ = false;
  incoming_.clear();
  unsaid_durable_ = 0;
}

void FakeDaemon::Wait(Micros wait_max) {
  if (incoming_.empty()) clock_->Advance(std::clamp(wait_max, Micros{1}, Micros{1'000'000}));
}

void FakeDaemon::ClientDied() {
  Drop();
}

void FakeDaemon::End(const absl::Status& status, const std::string& reason,
                     const std::map<std::string, std::string>& metadata) {
  incoming_.emplace_back(StreamEnd{.status = status, .reason = reason, .metadata = metadata});
  open_ = false;
  greeted_ = false;
}

std::int64_t FakeDaemon::Order(const std::string& account) {
  v1::Directive directive;
  directive.set_directive_seq(static_cast<std::int64_t>(directives.size()) + 1);
  directive.set_directive_id(absl::StrCat("d", directive.directive_seq()));
  directive.set_history_epoch(history_epoch);
  directive.set_account(account);
  directive.mutable_warn()->mutable_notice()->set_en("please");
  directives.push_back(directive);
  if (greeted_) {
    v1::SessionResponse response;
    *response.mutable_directive() = directive;
    incoming_.emplace_back(response);
  }
  return directive.directive_seq();
}

void FakeDaemon::Process(const v1::SessionRequest& request) {
  if (request.has_hello()) return ProcessHello(request.hello());
  if (!greeted_) {
    breaches.emplace_back("spoke before HelloOk");
    return;
  }
  for (const v1::DirectiveResult& result : request.directive_results().results()) {
    if (result.directive_seq() < 1 ||
        result.directive_seq() > static_cast<std::int64_t>(directives.size())) {
      breaches.push_back(absl::StrCat("answered directive ", result.directive_seq()));
    }
    outcomes[result.directive_seq()].push_back(result.outcome());
  }
  if (request.has_events()) ProcessEvents(request.events());
}

void FakeDaemon::ProcessHello(const v1::Hello& hello) {
  hellos.push_back(hello);
  if (mute) return;
  if (hello.last_acked_seq() > durable_ && hello.history_epoch() == history_epoch) {
    return End(absl::FailedPreconditionError("lost"), "CLIENT_AHEAD", {});
  }
  greeted_ = true;
  const std::int64_t resumes = std::min(hello.oldest_seq(), hello.last_acked_seq() + 1);
  if (hello.history_epoch() < history_epoch && resumes > durable_ + 1) durable_ = resumes - 1;
  v1::SessionResponse response;
  v1::HelloOk* ok = response.mutable_hello_ok();
  ok->set_server("fake");
  ok->set_session_epoch(++session_);
  ok->set_history_epoch(history_epoch);
  ok->set_durable_seq(durable_);
  ok->set_credit_events(static_cast<std::int32_t>(credit_events));
  ok->set_credit_bytes(credit_bytes);
  if (audit_checkpoint.has_value()) *ok->mutable_audit_checkpoint() = *audit_checkpoint;
  incoming_.emplace_back(response);
  // What the client may not have applied and has no answer yet comes again, in order.
  for (const v1::Directive& directive : directives) {
    if (directive.directive_seq() <= hello.last_directive_seq()) continue;
    if (outcomes.contains(directive.directive_seq())) continue;
    *response.mutable_directive() = directive;
    incoming_.emplace_back(response);
  }
}

void FakeDaemon::ProcessEvents(const v1::EventBatch& batch) {
  std::int64_t seq = batch.first_seq();
  std::int64_t bytes = 0;
  for (const std::string& event : batch.events())
    bytes += static_cast<std::int64_t>(event.size());
  const std::int64_t last = seq + batch.events_size() - 1;
  max_in_flight = std::max(max_in_flight, last - std::min(durable_, seq - 1));
  max_batch = std::max(max_batch, static_cast<std::size_t>(batch.events_size()));
  if (batch.events_size() == 0 || bytes > credit_bytes)
    breaches.emplace_back("batch of a wrong size");
  if (seq > durable_ + 1) {
    return End(absl::FailedPreconditionError("gap"), "SEQ_GAP",
               {{"expected_seq", std::to_string(durable_ + 1)}});
  }
  for (const std::string& event : batch.events()) {
    if (seq <= durable_) {
      ++repeated_events;
      if (events[seq] != event) breaches.push_back(absl::StrCat("event ", seq, " has changed"));
    } else {
      events[seq] = event;
      durable_ = seq;
      if (refuses && refuses(event)) {
        v1::RejectedEvent& rejected = unsaid_rejects_.emplace_back();
        rejected.set_seq(seq);
        rejected.set_reason(v1::REJECT_REASON_MALFORMED);
      }
    }
    ++seq;
  }
  if (Chance(weather.directive)) Order("somebody");
  if (Chance(weather.late_ack) && unsaid_durable_ == 0) {
    unsaid_durable_ = durable_;
    v1::SessionResponse progress;
    // A sign of life that brings the acknowledgement a little later.
    progress.mutable_progress()->set_durable_seq(durable_);
    incoming_.emplace_back(progress);
    return;
  }
  unsaid_durable_ = 0;
  v1::SessionResponse response;
  response.mutable_ack()->set_durable_seq(durable_);
  for (const v1::RejectedEvent& rejected : unsaid_rejects_)
    *response.mutable_ack()->add_rejected() = rejected;
  unsaid_rejects_.clear();
  incoming_.emplace_back(response);
  if (Chance(weather.repeated_ack)) incoming_.emplace_back(response);
}

}  // namespace hallwarden::session
