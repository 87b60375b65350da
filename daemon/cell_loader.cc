#include "daemon/cell_loader.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kPieceCells = 1024;
constexpr std::size_t kPiecesMax = 64;
constexpr unsigned kReaders = 2;

}  // namespace

CellLoader::CellLoader(storage::Store* store, std::size_t cells_max)
    : store_(store), cells_max_(cells_max), running_(kReaders) {
  for (unsigned i = 0; i < kReaders; ++i) {
    const auto first = static_cast<std::uint8_t>(256 / kReaders * i);
    const auto last = static_cast<std::uint8_t>(256 / kReaders * (i + 1) - 1);
    threads_.emplace_back([this, first, last] { Read(first, last); });
  }
}

CellLoader::~CellLoader() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_)
    thread.join();
}

void CellLoader::Read(std::uint8_t first_byte, std::uint8_t last_byte) {
  Piece piece;
  const storage::CellRange range{CellKind::kAccount, first_byte, last_byte};
  const absl::Status status =
      store_->ScanCells(range, [&](const EntityKey& key, std::string_view bytes) {
        AccountCell cell;
        // What does not decode is left to whoever asks for it, and is found damaged there.
        if (cell.Decode(bytes)) piece.emplace_back(key.id, std::move(cell));
        return piece.size() < kPieceCells || Hand(&piece);
      });
  if (!piece.empty()) Hand(&piece);
  if (!status.ok()) {
    Log(LogLevel::kWarning, absl::StrCat("cells: cannot be read ahead: ", status.ToString()));
  }
  MutexLock lock(&mutex_);
  --running_;
  changed_.NotifyAll();
}

bool CellLoader::Hand(Piece* piece) {
  MutexLock lock(&mutex_);
  while (pieces_.size() >= kPiecesMax && !stopping_)
    changed_.Wait(&mutex_);
  if (stopping_) return false;
  read_ += piece->size();
  pieces_.push_back(std::move(*piece));
  *piece = Piece();
  piece->reserve(kPieceCells);
  changed_.NotifyAll();
  return cells_max_ == 0 || read_ < cells_max_;
}

bool CellLoader::Pump(Cells* cells) {
  Piece piece;
  {
    MutexLock lock(&mutex_);
    if (pieces_.empty()) return false;
    piece = std::move(pieces_.front());
    pieces_.pop_front();
    changed_.NotifyAll();
  }
  for (const auto& entry : piece)
    cells->accounts().PrefetchIndex(entry.first);
  for (auto& [id, cell] : piece)
    cells->accounts().Put(id, std::move(cell));
  return true;
}

bool CellLoader::done() const {
  MutexLock lock(&mutex_);
  return running_ == 0 && pieces_.empty();
}

void CellLoader::WaitForWork(std::chrono::milliseconds at_most) {
  MutexLock lock(&mutex_);
  if (pieces_.empty() && running_ > 0) changed_.WaitFor(&mutex_, at_most);
}

}  // namespace hallwarden::daemon
