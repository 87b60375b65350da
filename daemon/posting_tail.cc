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
  }
}

std::vector<storage::StoredPosting> PostingTail::Freeze() {
  std::vector<storage::StoredPosting> all;
  {
    MutexLock lock(&mutex_);
    for (auto& [account, postings] : current_) {
      std::vector<storage::StoredPosting>& kept = frozen_[account];
      std::move(postings.begin(), postings.end(), std::back_inserter(kept));
    }
    current_.clear();
    for (const auto& entry : frozen_) {
      all.insert(all.end(), entry.second.begin(), entry.second.end());
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::pair(a.position, a.ordinal) < std::pair(b.position, b.ordinal);
  });
  return all;
}

void PostingTail::DropFrozen() {
  MutexLock lock(&mutex_);
  frozen_.clear();
}

std::vector<storage::StoredPosting> PostingTail::Of(std::string_view account,
                                                    std::int64_t since_us) const {
  const absl::string_view key(account.data(), account.size());
  std::vector<storage::StoredPosting> found;
  MutexLock lock(&mutex_);
  for (const ByAccount* part : {&frozen_, &current_}) {
    const auto it = part->find(key);
    if (it == part->end()) continue;
    for (const storage::StoredPosting& posting : it->second) {
      if (posting.commit_us >= since_us) found.push_back(posting);
    }
  }
  return found;
}

}  // namespace hallwarden::daemon
