// What accounts may not do, as the last commit left it: the view that gate checks read.
#ifndef HALLWARDEN_DAEMON_GATE_GATE_TABLE_H_
#define HALLWARDEN_DAEMON_GATE_GATE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/gate_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "daemon/sequencer.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Thread-safe. Listens to the sequencer: add it before Sequencer::Start, after Load.
class GateTable final : public Listener {
 public:
  // Changes kept for watchers that come back or read slowly.
  explicit GateTable(std::size_t changes_max = 65'536) : changes_max_(changes_max) {}

  // Reads the store's gate table. Answers from then on.
  [[nodiscard]] absl::Status Load(storage::Store* store);

  // Whether the account may, at `now_us`.
  [[nodiscard]] v1::CheckAccountResponse Check(const v1::CheckAccountRequest& request,
                                               std::int64_t now_us) const;

  // Accounts that ever were restricted.
  [[nodiscard]] std::size_t size() const;

  // ---- watchers
  // ------------------------------------------------------------------------------------- A place
  // among the changes: position and ordinal of their effect.
  using Place = std::pair<std::uint64_t, std::uint32_t>;

  // How far a watcher got. Used by one thread at a time.
  struct Cursor {
    Place place;
    // Entries in force when it began, and how many of them were told.
    std::vector<std::shared_ptr<const v1::GateEntry>> in_force;
    std::size_t told = 0;
    // The end of `in_force` is to be told.
    bool announce = false;
  };
  // Empty token: everything in force, then changes. INVALID_ARGUMENT if it is no token,
  // OUT_OF_RANGE if changes behind it are gone: start afresh.
  [[nodiscard]] absl::StatusOr<Cursor> Begin(std::string_view resume_token) const;
  // The next message, nullopt if there is nothing new. OUT_OF_RANGE if the watcher fell too far
  // behind.
  [[nodiscard]] absl::StatusOr<std::optional<v1::WatchSanctionsResponse>> Next(
      Cursor* cursor) const;
  // Nothing new: tells that the stream is alive, and how far it is.
  [[nodiscard]] v1::WatchSanctionsResponse Alive(const Cursor& cursor) const;
  // `wake` runs after each commit with changes, on the committer's thread: be quick. It returns
  // false once its watcher is gone, and is forgotten then.
  void AddWatcher(std::function<bool()> wake);

  // Listener.
  void OnCommitted(const CommittedGroup& committed) override;

 private:
  using EntryPtr = std::shared_ptr<const v1::GateEntry>;
  struct Change {
    Place place;
    EntryPtr entry;
  };

  [[nodiscard]] bool Apply(const CommittedGroup& committed);

  const std::size_t changes_max_;
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, EntryPtr> entries_ HW_GUARDED_BY(mutex_);
  // Ascending; everything behind `floor_` is in it.
  std::deque<Change> changes_ HW_GUARDED_BY(mutex_);
  Place floor_ HW_GUARDED_BY(mutex_);
  // Everything up to here is in the table.
  Place seen_ HW_GUARDED_BY(mutex_);
  Mutex watchers_mutex_;
  std::vector<std::shared_ptr<const std::function<bool()>>> watchers_
      HW_GUARDED_BY(watchers_mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_GATE_GATE_TABLE_H_
