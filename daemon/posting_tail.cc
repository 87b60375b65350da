#include "daemon/posting_tail.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/string_view.h"

namespace hallwarden::daemon {

void PostingTail::Add(const std::vector<PositionedEffect>& effects) {
  MutexLock lock(&mutex_);
  for (const PositionedEffect& effect : effects) {
    const auto* posting = std::get_if<Posting>(&effect.effect);
    if (posting == nullptr) continue;
    current_[posting->account].push_back(
        {effect.position, effect.ordinal, effect.commit_us, *posting});
    ++current_size_;
  }
}

std::size_t PostingTail::size() const {
  MutexLock lock(&mutex_);
  return current_size_;
}

void PostingTail::Freeze() {
  MutexLock lock(&mutex_);
  if (frozen_->empty()) {
    frozen_ = std::make_shared<const ByAccount>(std::move(current_));
  } else {
    ByAccount merged = *frozen_;
    for (auto& [account, postings] : current_) {
      std::vector<storage::StoredPosting>& kept = merged[account];
      std::move(postings.begin(), postings.end(), std::back_inserter(kept));
    }
    frozen_ = std::make_shared<const ByAccount>(std::move(merged));
  }
  current_ = ByAccount();
  current_size_ = 0;
}

std::vector<storage::StoredPosting> PostingTail::Frozen() const {
  std::shared_ptr<const ByAccount> frozen;
  {
    MutexLock lock(&mutex_);
    frozen = frozen_;
  }
  std::vector<storage::StoredPosting> all;
  for (const auto& entry : *frozen) {
    all.insert(all.end(), entry.second.begin(), entry.second.end());
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::pair(a.position, a.ordinal) < std::pair(b.position, b.ordinal);
  });
  return all;
}

void PostingTail::DropFrozen() {
  std::shared_ptr<const ByAccount> none = std::make_shared<const ByAccount>();
  {
    MutexLock lock(&mutex_);
    frozen_.swap(none);
  }
  // Half a million lines are freed here, outside of the lock.
}

std::vector<storage::StoredPosting> PostingTail::Of(std::string_view account,
                                                    std::int64_t since_us) const {
  const absl::string_view key(account.data(), account.size());
  std::vector<storage::StoredPosting> found;
  MutexLock lock(&mutex_);
  for (const ByAccount* part : {frozen_.get(), &std::as_const(current_)}) {
    const auto it = part->find(key);
    if (it == part->end()) continue;
    for (const storage::StoredPosting& posting : it->second) {
      if (posting.commit_us >= since_us) found.push_back(posting);
    }
  }
  return found;
}

}  // namespace hallwarden::daemon
