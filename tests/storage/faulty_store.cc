#include "tests/storage/faulty_store.h"

namespace hallwarden::storage {
namespace {

// Takes a fault out, if there is one.
template <class Fault>
std::optional<Fault> Take(std::optional<Fault>* fault) {
  return std::exchange(*fault, std::nullopt);
}

}  // namespace

void FaultyStore::FailNextCommit(absl::Status status, Outcome outcome) {
  const absl::MutexLock lock(&mutex_);
  commit_fault_ = CommitFault{std::move(status), outcome};
}

void FaultyStore::FailNextCheckpoint(absl::Status status) {
  const absl::MutexLock lock(&mutex_);
  checkpoint_fault_ = std::move(status);
}

void FaultyStore::FailNextArtefact(absl::Status status) {
  const absl::MutexLock lock(&mutex_);
  artefact_fault_ = std::move(status);
}

absl::Status FaultyStore::Commit(const Group& group) {
  std::optional<CommitFault> fault;
  {
    const absl::MutexLock lock(&mutex_);
    fault = Take(&commit_fault_);
  }
  if (!fault.has_value()) return store_->Commit(group);
  if (fault->outcome == Outcome::kWritten) {
    if (absl::Status status = store_->Commit(group); !status.ok()) return status;
  }
  return fault->status;
}

absl::Status FaultyStore::WriteCheckpoint(std::uint64_t at, std::span<const EncodedCell> cells,
                                          std::span<const StoredPosting> postings) {
  std::optional<absl::Status> fault;
  {
    const absl::MutexLock lock(&mutex_);
    fault = Take(&checkpoint_fault_);
  }
  return fault.has_value() ? *std::move(fault) : store_->WriteCheckpoint(at, cells, postings);
}

absl::StatusOr<std::string> FaultyStore::PutArtefact(std::string_view content) {
  std::optional<absl::Status> fault;
  {
    const absl::MutexLock lock(&mutex_);
    fault = Take(&artefact_fault_);
  }
  if (fault.has_value()) return *std::move(fault);
  return store_->PutArtefact(content);
}

}  // namespace hallwarden::storage
