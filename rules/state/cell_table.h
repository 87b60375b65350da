// One table of cells of one type.
#ifndef HALLWARDEN_RULES_STATE_CELL_TABLE_H_
#define HALLWARDEN_RULES_STATE_CELL_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rules/base/siphash.h"

namespace hallwarden {

// The ids are SipHash values already: any 64 of their bits spread well.
struct CellIdHash {
  std::size_t operator()(const Hash128& id) const { return static_cast<std::size_t>(id.lo); }
};

// Reads one cell that is not in memory. Nullopt: it never existed.
class CellReader {
 public:
  virtual ~CellReader() = default;
  virtual std::optional<std::string> Read(const Hash128& id) = 0;
};

// Requires of Cell: copyable, default-constructible, `void Encode(std::string*) const` and
// `bool Decode(std::string_view)`. Iteration order of the map never reaches any output: whatever is
// listed is sorted first. Not thread-safe.
template <class Cell>
class CellTable {
 public:
  explicit CellTable(CellReader* reader) : reader_(reader) {}

  // Null if it never existed. Valid until the next call of anything that is not Find.
  const Cell* Find(const Hash128& id) {
    Slot& slot = Load(id);
    return slot.exists ? &slot.cell : nullptr;
  }

  // Made when missing; marked dirty. Valid until the next call that may add a cell.
  Cell& Mutable(const Hash128& id) {
    Slot& slot = Load(id);
    if (rehearsing_) Remember(id, slot);
    slot.exists = true;
    if (!slot.dirty) {
      slot.dirty = true;
      dirty_.push_back(id);
    }
    return slot.cell;
  }

  // True if a Find would not have to read.
  [[nodiscard]] bool Holds(const Hash128& id) const { return slots_.contains(id); }

  // Puts in what was read elsewhere; keeps what is here. False if the bytes make no cell.
  [[nodiscard]] bool Insert(const Hash128& id, const std::optional<std::string>& encoded) {
    auto [it, added] = slots_.try_emplace(id);
    if (!added) return true;
    it->second.used = tick_++;
    if (!encoded.has_value()) return true;
    it->second.exists = true;
    return it->second.cell.Decode(*encoded);
  }

  // Encoded dirty cells by id; marks them clean.
  template <class Visit>
  void TakeDirty(const Visit& visit) {
    std::sort(dirty_.begin(), dirty_.end());
    for (const Hash128& id : dirty_) {
      Slot& slot = slots_[id];
      slot.dirty = false;
      std::string bytes;
      slot.cell.Encode(&bytes);
      visit(id, std::move(bytes));
    }
    dirty_.clear();
  }

  // Every existing cell in memory, encoded, by id.
  template <class Visit>
  void VisitAll(const Visit& visit) const {
    std::vector<Hash128> ids;
    ids.reserve(slots_.size());
    for (const auto& [id, slot] : slots_) {
      if (slot.exists) ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    for (const Hash128& id : ids) {
      std::string bytes;
      slots_.find(id)->second.cell.Encode(&bytes);
      visit(id, bytes);
    }
  }

  // Drops up to `count` clean cells, least recently used first; returns how many.
  std::size_t Evict(std::size_t count) {
    std::vector<std::pair<std::uint64_t, Hash128>> clean;
    for (const auto& [id, slot] : slots_) {
      if (!slot.dirty) clean.emplace_back(slot.used, id);
    }
    std::sort(clean.begin(), clean.end());
    if (clean.size() > count) clean.resize(count);
    for (const auto& entry : clean) slots_.erase(entry.second);
    return clean.size();
  }

  void BeginRehearsal() { rehearsing_ = true; }

  void DiscardRehearsal() {
    rehearsing_ = false;
    for (auto it = saved_.rbegin(); it != saved_.rend(); ++it) {
      Slot& slot = slots_[it->first];
      const bool was_dirty = it->second.dirty;
      if (slot.dirty && !was_dirty) std::erase(dirty_, it->first);
      slot = std::move(it->second);
    }
    saved_.clear();
  }

  [[nodiscard]] std::size_t size() const { return slots_.size(); }
  [[nodiscard]] std::size_t dirty() const { return dirty_.size(); }

 private:
  struct Slot {
    Cell cell;
    std::uint64_t used = 0;
    bool exists = false;
    bool dirty = false;
  };

  Slot& Load(const Hash128& id) {
    auto [it, added] = slots_.try_emplace(id);
    if (added && reader_ != nullptr) {
      const std::optional<std::string> encoded = reader_->Read(id);
      if (encoded.has_value()) it->second.exists = it->second.cell.Decode(*encoded);
    }
    it->second.used = tick_++;
    return it->second;
  }

  void Remember(const Hash128& id, const Slot& slot) {
    for (const auto& entry : saved_) {
      if (entry.first == id) return;
    }
    saved_.emplace_back(id, slot);
  }

  CellReader* reader_;
  absl::flat_hash_map<Hash128, Slot, CellIdHash> slots_;
  std::vector<Hash128> dirty_;
  std::uint64_t tick_ = 0;
  bool rehearsing_ = false;
  std::vector<std::pair<Hash128, Slot>> saved_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_CELL_TABLE_H_
