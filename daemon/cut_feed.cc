#include "daemon/cut_feed.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"

namespace hallwarden::daemon {
namespace {

// Pieces that may wait for the checkpointer.
constexpr std::size_t kPiecesMax = 16;

}  // namespace

CutFeed::CutFeed(CellCut cut) : size_(cut.size()), cut_(std::move(cut)) {}

// Behind the sequencer's back: millions of cells take a while.
void CutFeed::Sort() {
  for (CellCut::Part& part : cut_.parts) {
    if (part.cells.empty()) continue;
    parts_.push_back(Part{part.kind, {part.cells.begin(), part.cells.end()}});
    part.cells = {};
    std::sort(parts_.back().cells.begin(), parts_.back().cells.end(),
              [](const FrozenCell& a, const FrozenCell& b) { return a.id < b.id; });
  }
  MutexLock lock(&mutex_);
  sorted_ = true;
  changed_.NotifyAll();
}

bool CutFeed::HasWorkLocked() const {
  return sorted_ && !cancelled_ && part_ < parts_.size() && pieces_.size() < kPiecesMax;
}

bool CutFeed::HasWork() const {
  MutexLock lock(&mutex_);
  return HasWorkLocked();
}

bool CutFeed::finished() const {
  MutexLock lock(&mutex_);
  return sorted_ && part_ == parts_.size();
}

bool CutFeed::Pump(Cells* cells, std::size_t at_most) {
  Piece piece;
  {
    MutexLock lock(&mutex_);
    if (!HasWorkLocked()) return false;
    piece.part = part_;
    piece.begin = at_;
    piece.end = std::min(parts_[part_].cells.size(), at_ + at_most);
  }
  const Part& part = parts_[piece.part];
  piece.encoded.reserve(piece.end - piece.begin);
  cells->EncodeFrozen(part.kind, {&part.cells[piece.begin], piece.end - piece.begin},
                      &piece.encoded);
  std::vector<EncodedCell> early;
  cells->TakeEarly(&early);
  MutexLock lock(&mutex_);
  at_ = piece.end;
  if (at_ == part.cells.size()) {
    ++part_;
    at_ = 0;
  }
  for (EncodedCell& cell : early)
    early_.emplace(cell.key, std::move(cell.bytes));
  pieces_.push_back(std::move(piece));
  changed_.NotifyAll();
  return true;
}

void CutFeed::WaitForWork(std::chrono::milliseconds at_most) {
  MutexLock lock(&mutex_);
  if (!HasWorkLocked()) changed_.WaitFor(&mutex_, at_most);
}

void CutFeed::Cancel() {
  MutexLock lock(&mutex_);
  cancelled_ = true;
  changed_.NotifyAll();
}

bool CutFeed::TakePiece() {
  MutexLock lock(&mutex_);
  while (pieces_.empty() && !cancelled_ && part_ < parts_.size())
    changed_.Wait(&mutex_);
  if (cancelled_) return false;
  next_encoded_ = 0;
  if (pieces_.empty()) {
    piece_ = Piece{parts_.size(), 0, 0, {}};
  } else {
    piece_ = std::move(pieces_.front());
    pieces_.pop_front();
  }
  changed_.NotifyAll();
  return true;
}

absl::StatusOr<bool> CutFeed::Next(EncodedCell* cell) {
  if (!std::exchange(started_, true)) Sort();
  for (;;) {
    if (piece_.begin == piece_.end) {
      if (!TakePiece()) return absl::CancelledError("the cut was given up");
      if (piece_.part == parts_.size()) return false;
    }
    const Part& part = parts_[piece_.part];
    const EntityKey key{part.kind, part.cells[piece_.begin++].id};
    if (next_encoded_ < piece_.encoded.size() && piece_.encoded[next_encoded_].key == key) {
      *cell = std::move(piece_.encoded[next_encoded_++]);
      return true;
    }
    // It changed before its turn, or nothing ever came of it.
    MutexLock lock(&mutex_);
    const auto early = early_.find(key);
    if (early == early_.end()) continue;
    cell->key = key;
    cell->bytes = std::move(early->second);
    early_.erase(early);
    return true;
  }
}

CellCut CutFeed::TakeCut() {
  CellCut cut = std::move(cut_);
  for (Part& part : parts_) {
    cut.parts.push_back(CellCut::Part{part.kind, {part.cells.begin(), part.cells.end()}});
  }
  return cut;
}

}  // namespace hallwarden::daemon
