// Writes checkpoints behind the sequencer's back.
#ifndef HALLWARDEN_DAEMON_CHECKPOINTER_H_
#define HALLWARDEN_DAEMON_CHECKPOINTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/clock.h"
#include "daemon/group_builder.h"
#include "daemon/mutex.h"
#include "daemon/posting_tail.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// One thread, one checkpoint at a time. The cells come from the sequencer's thread while they are
// written, so whoever waits for a checkpoint there must go on pumping its feed.
class Checkpointer {
 public:
  struct Parts {
    storage::Store* store = nullptr;
    Clock* clock = nullptr;
    PostingTail* tail = nullptr;
  };

  explicit Checkpointer(const Parts& parts);
  // Calls Stop.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  void Start();
  // Everything up to the cut is durable. Sets the postings apart and returns. Requires: idle().
  void Write(CheckpointCut cut);
  // Blocks until nothing is being written.
  void WaitIdle();
  void Stop();

  // True if no checkpoint is under way.
  [[nodiscard]] bool idle() const;
  // How a checkpoint ended, once after each. True: it is durable, and clean cells may be evicted.
  // False: its cells and postings belong to the next one.
  [[nodiscard]] std::optional<bool> TakeDone();

  struct Stats {
    std::int64_t age_us = 0;
    std::int64_t took_us = 0;  // the last one that became durable
    std::string error;
  };
  [[nodiscard]] Stats stats() const;

 private:
  void Run();
  void WriteCut(const CheckpointCut& cut);

  Parts parts_;
  std::thread thread_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::optional<CheckpointCut> job_ HW_GUARDED_BY(mutex_);
  bool busy_ HW_GUARDED_BY(mutex_) = false;
  std::optional<bool> done_ HW_GUARDED_BY(mutex_);
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::int64_t last_boot_us_ HW_GUARDED_BY(mutex_) = 0;
  std::int64_t took_us_ HW_GUARDED_BY(mutex_) = 0;
  std::string error_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_CHECKPOINTER_H_
