// Lines of accounts' histories that no checkpoint holds yet.
#ifndef HALLWARDEN_DAEMON_POSTING_TAIL_H_
#define HALLWARDEN_DAEMON_POSTING_TAIL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "daemon/mutex.h"
#include "rules/engine/effect.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Thread-safe.
class PostingTail {
 public:
  // Adds the postings among the effects of durable records. Calls come in commit order.
  void Add(const std::vector<PositionedEffect>& effects);
  // Postings that no checkpoint has begun to write.
  [[nodiscard]] std::size_t size() const;
  // Sets what is here apart for a checkpoint. What a failed checkpoint set apart stays with it.
  // Quick: commits wait meanwhile.
  void Freeze();
  // What is set apart, in order of place. Holds up nobody.
  [[nodiscard]] std::vector<storage::StoredPosting> Frozen() const;
  // The checkpoint is durable: what was set apart is in it.
  void DropFrozen();
  // Oldest first.
  [[nodiscard]] std::vector<storage::StoredPosting> Of(std::string_view account,
                                                       std::int64_t since_us) const;

 private:
  using ByAccount = absl::flat_hash_map<std::string, std::vector<storage::StoredPosting>>;

  mutable Mutex mutex_;
  ByAccount current_ HW_GUARDED_BY(mutex_);
  std::size_t current_size_ HW_GUARDED_BY(mutex_) = 0;
  // Never null, and never changed.
  std::shared_ptr<const ByAccount> frozen_ HW_GUARDED_BY(mutex_) =
      std::make_shared<const ByAccount>();
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_POSTING_TAIL_H_
