// The work that follows from the operator's word list: stored names are screened again after a
// change, and entries whose last day is over leave the list.
#ifndef HALLWARDEN_DAEMON_DESK_LEXICON_KEEPER_H_
#define HALLWARDEN_DAEMON_DESK_LEXICON_KEEPER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/artefact_cache.h"
#include "daemon/desk/core.h"
#include "daemon/mutex.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// One thread of low demands. Where it stands is state of the engine, so a restart goes on from the
// last progress record; a name that was submitted twice is judged once. It reads the journal up to
// the change in pieces and rests after each for as long as it took, so that it never takes more
// than half a core or a disk; findings go through the sequencer a few at a time.
class LexiconKeeper {
 public:
  // All outlive the keeper.
  struct Parts {
    storage::Store* store = nullptr;
    DeskCore* core = nullptr;
    const ArtefactCache* artefacts = nullptr;
  };
  struct Options {
    // Journal records of one piece.
    std::uint64_t piece = 4096;
    // Commands that wait for their commit.
    std::size_t in_flight = 64;
    // How often to look whether there is something to do.
    std::chrono::milliseconds every{500};
    // Rest after a piece, as a share of the time that it took.
    int rest_percent = 100;
  };

  explicit LexiconKeeper(const Parts& parts) : LexiconKeeper(parts, Options()) {}
  LexiconKeeper(const Parts& parts, const Options& options);
  // Ends the thread; the sequencer must still run or have answered everything.
  ~LexiconKeeper();
  LexiconKeeper(const LexiconKeeper&) = delete;
  LexiconKeeper& operator=(const LexiconKeeper&) = delete;

 private:
  void Run();
  // One piece. True if there is more to do at once.
  absl::StatusOr<bool> Rescreen(const Glance& seen);
  absl::Status DropExpired(const Glance& seen);
  [[nodiscard]] absl::StatusOr<Glance> Look();
  // Hands a command on once there is room; errors of commands before are kept in `failed_`.
  void Submit(v1::Command command);
  // Waits for everything that was submitted.
  [[nodiscard]] absl::Status Settle();
  [[nodiscard]] bool stopping();
  // False: it is to stop.
  bool Rest(std::chrono::microseconds time);

  const Parts parts_;
  const Options options_;
  std::int32_t expired_day_ = 0;  // looked at on that day
  std::string expired_artefact_;  // in that list
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::size_t in_flight_ HW_GUARDED_BY(mutex_) = 0;
  absl::Status failed_ HW_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_LEXICON_KEEPER_H_
