// The feed of notable postings, followed by streams: after each commit they read on from the store,
// each from its own place, so a slow reader costs a place and a page, never a queue.
#ifndef HALLWARDEN_DAEMON_DESK_FEED_H_
#define HALLWARDEN_DAEMON_DESK_FEED_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth/token_table.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/worker_pool.h"
#include "daemon/mutex.h"
#include "daemon/sequencer.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Wakes who waits for news. Thread-safe.
class Feed final : public Listener {
 public:
  using Wake = std::function<void()>;

  // `tokens` learns of tokens from commits and outlives this; so does `pool`, on which wakes run.
  Feed(TokenTable* tokens, WorkerPool* pool);

  // Takes tokens over and wakes everybody if the group tells something new.
  void OnCommitted(const CommittedGroup& committed) override;

  // Number of the last news: read it before reading the store, and wait for more than it.
  [[nodiscard]] std::uint64_t News() const;
  // Runs `wake` once, on the pool, as soon as there is more news than `seen`: at once if there is
  // already. Returns a number for Forget.
  std::uint64_t Wait(std::uint64_t seen, Wake wake);
  // Takes `wake` back. It may still run if it was about to.
  void Forget(std::uint64_t number);
  // Something besides a commit changed: a revoked token, the end of the service. Wakes everybody.
  void WakeAll();

 private:
  TokenTable* const tokens_;
  WorkerPool* const pool_;
  mutable Mutex mutex_;
  std::uint64_t news_ HW_GUARDED_BY(mutex_) = 0;
  std::uint64_t last_number_ HW_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, Wake> waiting_ HW_GUARDED_BY(mutex_);
};

// One reader of the feed: where it is and what it wants. Not thread-safe.
class TailReader {
 public:
  // Checks the request; INVALID_ARGUMENT with reason RESUME_TOKEN for a token that is none. `role`
  // decides whether words are read.
  static absl::StatusOr<TailReader> Make(storage::Store* store, const v1::TailRequest& request,
                                         v1::Role role);

  // The next entries that pass, at most `limit`, in order; none: the end of what is there now. The
  // first call gives the backlog, if no resume token was given. Blocks. Errors as the store's.
  [[nodiscard]] absl::StatusOr<std::vector<v1::TailResponse>> Next(std::size_t limit);

 private:
  using Place = std::pair<std::uint64_t, std::uint32_t>;

  TailReader(storage::Store* store, const v1::TailRequest& request, v1::Role role);

  // Entries that pass, with the place moved behind the last posting that was looked at.
  [[nodiscard]] std::vector<v1::TailResponse> Take(
      const std::vector<storage::StoredPosting>& postings);
  [[nodiscard]] absl::StatusOr<std::vector<v1::TailResponse>> Backlog();

  storage::Store* store_;
  std::string account_;
  KindFilter filter_;
  v1::Role role_;
  std::size_t backlog_;
  // Next place to read from; nullopt before the backlog was read.
  std::optional<Place> next_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_FEED_H_
