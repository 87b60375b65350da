// One table of cells of one type.
#ifndef HALLWARDEN_RULES_STATE_CELL_TABLE_H_
#define HALLWARDEN_RULES_STATE_CELL_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/base/siphash.h"
#include "rules/state/cell_index.h"

namespace hallwarden {

// Reads one cell that is not in memory. Nullopt: it never existed.
class CellReader {
 public:
  virtual ~CellReader() = default;
  virtual std::optional<std::string> Read(const Hash128& id) = 0;
};

// A cell of a cut that is not encoded yet.
struct FrozenCell {
  Hash128 id;
  std::uint32_t slot = 0;
};

// Requires of Cell: copyable, default-constructible, `void Encode(std::string*) const` and
// `bool Decode(std::string_view)`. Cells lie in chunks and never move. No order of memory ever
// reaches any output: whatever is listed is sorted first. Not thread-safe.
template <class Cell>
class CellTable {
 public:
  explicit CellTable(CellReader* reader) : reader_(reader) {}

  // Null if it never existed. Valid until the next Evict.
  const Cell* Find(const Hash128& id) {
    const Slot& slot = SlotAt(Load(id));
    return slot.exists ? &slot.cell : nullptr;
  }

  // Made when missing; marked dirty. Valid until the next Evict.
  Cell& Mutable(const Hash128& id) {
    const std::uint32_t at = Load(id);
    Slot& slot = SlotAt(at);
    if (rehearsing_) {
      Remember(at, slot);
    } else {
      MarkDirty(at, &slot);
    }
    slot.exists = true;
    return slot.cell;
  }

  // As Mutable, but null if it never existed.
  Cell* FindMutable(const Hash128& id) { return SlotAt(Load(id)).exists ? &Mutable(id) : nullptr; }

  // True if a Find would not have to read.
  [[nodiscard]] bool Holds(const Hash128& id) const { return Lookup(id) != CellIndex::kNone; }

  // Asks for the memory of the index, and of the cell, ahead of their use.
  void PrefetchIndex(const Hash128& id) const { index_.Prefetch(id); }
  // False if it is not here.
  bool PrefetchCell(const Hash128& id) {
    const std::uint32_t at = Lookup(id);
    if (at == CellIndex::kNone) return false;
    const void* slot = &SlotAt(at);
    const auto* bytes = static_cast<const char*>(slot);
    for (std::size_t line = 0; line < sizeof(Slot); line += kCacheLine) {
      __builtin_prefetch(bytes + line);
    }
    return true;
  }
  // The cell if it is in memory and exists, without marking it as used.
  [[nodiscard]] const Cell* Peek(const Hash128& id) const {
    const std::uint32_t at = Lookup(id);
    if (at == CellIndex::kNone || !SlotAt(at).exists) return nullptr;
    return &SlotAt(at).cell;
  }

  // Puts in what was read elsewhere; keeps what is here. False if the bytes make no cell.
  [[nodiscard]] bool Insert(const Hash128& id, std::string_view encoded) {
    if (Holds(id)) return true;
    Slot& slot = SlotAt(Add(id));
    if (encoded.empty()) return true;
    slot.exists = slot.cell.Decode(encoded);
    return slot.exists;
  }

  // The same with a cell that was decoded elsewhere.
  void Put(const Hash128& id, Cell&& cell) {
    if (Holds(id)) return;
    Slot& slot = SlotAt(Add(id));
    slot.exists = true;
    slot.cell = std::move(cell);
  }

  // ---- checkpoints ------------------------------------------------------------------------------
  // Sets all dirty cells apart, as they are now, and calls them clean. A cell that changes before
  // EncodeFrozen reached it is encoded first and kept for TakeEarly. Requires: nothing is frozen.
  [[nodiscard]] std::deque<FrozenCell> Freeze() {
    frozen_epoch_ = epoch_++;
    return std::exchange(dirty_, {});
  }

  // Encodes those of `frozen` that are as they were when frozen; the others are, or were, in
  // TakeEarly.
  template <class Visit>
  void EncodeFrozen(std::span<const FrozenCell> frozen, const Visit& visit) {
    for (const FrozenCell& cell : frozen) {
      Slot& slot = SlotAt(cell.slot);
      if (slot.dirty_epoch != frozen_epoch_) continue;
      slot.dirty_epoch = 0;
      if (slot.exists) visit(cell.id, EncodeOf(slot));
    }
  }

  // What changed too early, encoded as it was when frozen.
  template <class Visit>
  void TakeEarly(const Visit& visit) {
    for (auto& [id, bytes] : early_)
      visit(id, std::move(bytes));
    early_.clear();
  }

  // The cut is written: nothing is frozen any more.
  void DropFrozen() { frozen_epoch_ = kNever; }

  // The cut was not written: its cells are dirty as before.
  template <class Frozen>
  void Thaw(const Frozen& frozen) {
    early_.clear();
    for (const FrozenCell& cell : frozen) {
      Slot& slot = SlotAt(cell.slot);
      if (slot.dirty_epoch == epoch_) continue;
      slot.dirty_epoch = epoch_;
      dirty_.push_back(cell);
    }
    frozen_epoch_ = kNever;
  }

  // Every existing cell in memory, encoded, by id.
  template <class Visit>
  void VisitAll(const Visit& visit) const {
    std::vector<FrozenCell> all;
    for (std::uint32_t at = 0; at < used_; ++at) {
      if (SlotAt(at).exists) all.push_back({SlotAt(at).id, at});
    }
    std::sort(all.begin(), all.end(),
              [](const FrozenCell& a, const FrozenCell& b) { return a.id < b.id; });
    for (const FrozenCell& cell : all)
      visit(cell.id, EncodeOf(SlotAt(cell.slot)));
  }

  // Drops up to `count` clean cells, those that were not used for longest first (nearly: one hand
  // goes round and gives what was used a second chance); returns how many. Requires: nothing
  // frozen.
  std::size_t Evict(std::size_t count) {
    std::size_t gone = 0;
    for (std::uint64_t steps = 0; gone < count && steps < 2 * std::uint64_t{used_}; ++steps) {
      if (++hand_ >= used_) hand_ = 0;
      Slot& slot = SlotAt(hand_);
      if (!slot.held || slot.dirty_epoch != 0) continue;
      if (std::exchange(slot.referenced, false)) continue;
      index_.Erase(slot.id, hand_);
      slot = Slot();
      free_.push_back(hand_);
      if (last_ == hand_) last_ = CellIndex::kNone;
      ++gone;
    }
    size_ -= gone;
    return gone;
  }

  void BeginRehearsal() { rehearsing_ = true; }

  void DiscardRehearsal() {
    rehearsing_ = false;
    for (auto it = saved_.rbegin(); it != saved_.rend(); ++it) {
      Slot& slot = SlotAt(it->slot);
      slot.cell = std::move(it->cell);
      slot.exists = it->exists;
    }
    saved_.clear();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t dirty() const { return dirty_.size(); }
  [[nodiscard]] bool frozen() const { return frozen_epoch_ != kNever; }

 private:
  static constexpr std::uint32_t kNever = 0xffffffffU;
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::uint32_t kChunkBits = 8;
  static constexpr std::uint32_t kChunkMask = (1U << kChunkBits) - 1;

  struct Slot {
    Cell cell;
    Hash128 id;
    // Epoch of its first change since it was last encoded; 0: clean.
    std::uint32_t dirty_epoch = 0;
    bool held = false;  // false: free
    bool exists = false;
    bool referenced = false;
  };
  struct Saved {
    std::uint32_t slot = 0;
    bool exists = false;
    Cell cell;
  };

  Slot& SlotAt(std::uint32_t at) { return chunks_[at >> kChunkBits][at & kChunkMask]; }
  const Slot& SlotAt(std::uint32_t at) const { return chunks_[at >> kChunkBits][at & kChunkMask]; }

  static std::string EncodeOf(const Slot& slot) {
    std::string bytes;
    slot.cell.Encode(&bytes);
    return bytes;
  }

  [[nodiscard]] std::uint32_t Lookup(const Hash128& id) const {
    return index_.Find(id, [&](std::uint32_t at) { return SlotAt(at).id == id; });
  }

  std::uint32_t Add(const Hash128& id) {
    std::uint32_t at = used_;
    if (free_.empty()) {
      if ((used_ & kChunkMask) == 0) {
        // NOLINTNEXTLINE(modernize-avoid-c-arrays): a chunk of fixed size
        chunks_.push_back(std::make_unique<Slot[]>(std::size_t{1} << kChunkBits));
      }
      ++used_;
    } else {
      at = free_.back();
      free_.pop_back();
    }
    Slot& slot = SlotAt(at);
    slot.id = id;
    slot.held = true;
    index_.Insert(id, at);
    ++size_;
    return at;
  }

  std::uint32_t Load(const Hash128& id) {
    // A step asks for the same cell several times in a row.
    if (last_ != CellIndex::kNone && SlotAt(last_).id == id) return last_;
    std::uint32_t at = Lookup(id);
    if (at == CellIndex::kNone) {
      at = Add(id);
      if (reader_ != nullptr) {
        const std::optional<std::string> encoded = reader_->Read(id);
        Slot& slot = SlotAt(at);
        if (encoded.has_value()) slot.exists = slot.cell.Decode(*encoded);
      }
    }
    SlotAt(at).referenced = true;
    last_ = at;
    return at;
  }

  void MarkDirty(std::uint32_t at, Slot* slot) {
    if (slot->dirty_epoch == epoch_) return;
    if (slot->dirty_epoch != 0 && slot->dirty_epoch == frozen_epoch_ && slot->exists) {
      early_.emplace_back(slot->id, EncodeOf(*slot));
    }
    slot->dirty_epoch = epoch_;
    dirty_.push_back({slot->id, at});
  }

  void Remember(std::uint32_t at, const Slot& slot) {
    for (const Saved& saved : saved_) {
      if (saved.slot == at) return;
    }
    saved_.push_back(Saved{at, slot.exists, slot.cell});
  }

  CellReader* reader_;
  CellIndex index_;
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): a chunk of fixed size
  std::vector<std::unique_ptr<Slot[]>> chunks_;
  std::vector<std::uint32_t> free_;
  // A deque: it never copies itself to grow.
  std::deque<FrozenCell> dirty_;
  std::vector<std::pair<Hash128, std::string>> early_;
  std::uint32_t used_ = 0;  // slots that were ever taken
  std::size_t size_ = 0;
  std::uint32_t hand_ = 0;
  std::uint32_t last_ = CellIndex::kNone;
  std::uint32_t epoch_ = 1;
  std::uint32_t frozen_epoch_ = kNever;
  bool rehearsing_ = false;
  std::vector<Saved> saved_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_CELL_TABLE_H_
