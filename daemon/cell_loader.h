// Brings the cells of accounts back into memory after a start.
#ifndef HALLWARDEN_DAEMON_CELL_LOADER_H_
#define HALLWARDEN_DAEMON_CELL_LOADER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/mutex.h"
#include "rules/state/account_cell.h"
#include "rules/state/cells.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Reading a cell when its account is first heard of costs more than judging ten events. So threads
// read the checkpoint through in order, and the sequencer's thread puts in what they decoded, a
// little between any two groups. What is read is the last checkpoint as it was at the start: only
// cells that are not in memory are put in, and it must end once clean cells were evicted.
class CellLoader {
 public:
  // At most about `cells_max` cells; 0: all. `store` outlives this.
  CellLoader(storage::Store* store, std::size_t cells_max);
  ~CellLoader();
  CellLoader(const CellLoader&) = delete;
  CellLoader& operator=(const CellLoader&) = delete;

  // Puts in what waits, one piece of it. False: nothing waits.
  bool Pump(Cells* cells);
  // True once all was put in.
  [[nodiscard]] bool done() const;
  // Waits until something waits, all is done, or `at_most` went by.
  void WaitForWork(std::chrono::milliseconds at_most);

 private:
  using Piece = std::vector<std::pair<Hash128, AccountCell>>;

  void Read(std::uint8_t first_byte, std::uint8_t last_byte);
  // False: stopping.
  bool Hand(Piece* piece);

  storage::Store* const store_;
  const std::size_t cells_max_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<Piece> pieces_ HW_GUARDED_BY(mutex_);
  std::size_t read_ HW_GUARDED_BY(mutex_) = 0;
  std::size_t running_ HW_GUARDED_BY(mutex_) = 0;
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_CELL_LOADER_H_
