// Hands the cells of a cut from the sequencer's thread to the checkpointer's, in small pieces.
#ifndef HALLWARDEN_DAEMON_CUT_FEED_H_
#define HALLWARDEN_DAEMON_CUT_FEED_H_

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "rules/state/cells.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Rules know no threads: only the sequencer's thread touches cells. It encodes some of the cut
// between two groups, or while it waits for the committer, and a cell that is about to change
// before its turn. The checkpointer's thread sorts, puts both together in key order, and writes. No
// more than a few thousand encoded cells wait at any time, besides those that changed early.
class CutFeed : public storage::CellStream {
 public:
  explicit CutFeed(CellCut cut);

  // ---- the sequencer's thread -------------------------------------------------------------------
  // Encodes the next `at_most` cells if there is room for them. False: there was nothing to do.
  bool Pump(Cells* cells, std::size_t at_most);
  // Waits until Pump has something to do, the cut is read to its end, or `at_most` went by.
  void WaitForWork(std::chrono::milliseconds at_most);
  // True if Pump would do something.
  [[nodiscard]] bool HasWork() const;
  // True once Pump has nothing left.
  [[nodiscard]] bool finished() const;
  // Ends the stream with CANCELLED.
  void Cancel();

  // ---- the checkpointer's thread ----------------------------------------------------------------
  [[nodiscard]] absl::StatusOr<bool> Next(EncodedCell* cell) override;

  // ---- once the checkpointer is done ------------------------------------------------------------
  // Every cell of the cut, for Cells::Thaw.
  [[nodiscard]] CellCut TakeCut();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Part {
    CellKind kind = CellKind::kSystem;
    std::vector<FrozenCell> cells;
  };
  // Some cells of one part, in key order, and the encoded ones of them.
  struct Piece {
    std::size_t part = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<EncodedCell> encoded;
  };

  void Sort();
  [[nodiscard]] bool HasWorkLocked() const HW_REQUIRES(mutex_);
  // False: the stream was cancelled.
  bool TakePiece();

  const std::size_t size_;
  // As it came; emptied by Sort.
  CellCut cut_;
  // Written by Sort; read by both threads once `sorted_`.
  std::vector<Part> parts_;

  mutable Mutex mutex_;
  CondVar changed_;
  bool sorted_ HW_GUARDED_BY(mutex_) = false;
  bool cancelled_ HW_GUARDED_BY(mutex_) = false;
  std::deque<Piece> pieces_ HW_GUARDED_BY(mutex_);
  std::map<EntityKey, std::string> early_ HW_GUARDED_BY(mutex_);
  // Where the sequencer's thread is.
  std::size_t part_ HW_GUARDED_BY(mutex_) = 0;
  std::size_t at_ HW_GUARDED_BY(mutex_) = 0;

  // ---- the checkpointer's thread ----
  bool started_ = false;
  Piece piece_;
  std::size_t next_encoded_ = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_CUT_FEED_H_
