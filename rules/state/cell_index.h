// Where the cell with an id lies.
#ifndef HALLWARDEN_RULES_STATE_CELL_INDEX_H_
#define HALLWARDEN_RULES_STATE_CELL_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/base/siphash.h"

namespace hallwarden {

// Open addressing in 64 parts that grow one by one, so that no single step ever moves the entries
// of ten million cells: the largest pause is a sixty-fourth of that. 8 bytes an entry, at most
// three quarters full. The ids are SipHash values already: any of their bits spread well. Not
// thread-safe.
class CellIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  // Slot of the id, kNone if it has none. `is_it(slot)` tells whether the slot holds the id.
  template <class IsIt>
  [[nodiscard]] std::uint32_t Find(const Hash128& id, const IsIt& is_it) const {
    const Part& part = parts_[PartOf(id)];
    if (part.entries.empty()) return kNone;
    const std::size_t mask = part.entries.size() - 1;
    for (std::size_t at = TagOf(id) & mask;; at = (at + 1) & mask) {
      const Entry& entry = part.entries[at];
      if (entry.slot == kNone) return kNone;
      if (entry.tag == TagOf(id) && is_it(entry.slot)) return entry.slot;
    }
  }

  // Requires: it is not there.
  void Insert(const Hash128& id, std::uint32_t slot) {
    Part& part = parts_[PartOf(id)];
    if ((part.used + 1) * 4 > part.entries.size() * 3) Grow(&part);
    Place(&part.entries, Entry{TagOf(id), slot});
    ++part.used;
  }

  // Requires: it is there, at this slot.
  void Erase(const Hash128& id, std::uint32_t slot) {
    Part& part = parts_[PartOf(id)];
    const std::size_t mask = part.entries.size() - 1;
    std::size_t hole = TagOf(id) & mask;
    while (part.entries[hole].slot != slot)
      hole = (hole + 1) & mask;
    // What stands behind moves up, unless it stands where it belongs or before that.
    for (std::size_t at = (hole + 1) & mask; part.entries[at].slot != kNone; at = (at + 1) & mask) {
      const std::size_t home = part.entries[at].tag & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      part.entries[hole] = part.entries[at];
      hole = at;
    }
    part.entries[hole] = Entry{};
    --part.used;
  }

  // Asks for the memory that Find will look at.
  void Prefetch(const Hash128& id) const {
    const Part& part = parts_[PartOf(id)];
    if (part.entries.empty()) return;
    __builtin_prefetch(&part.entries[TagOf(id) & (part.entries.size() - 1)]);
  }

 private:
  struct Entry {
    std::uint32_t tag = 0;
    std::uint32_t slot = kNone;
  };
  struct Part {
    std::vector<Entry> entries;  // a power of two, or none
    std::size_t used = 0;
  };
  static constexpr std::size_t kParts = 64;
  static constexpr std::size_t kEntriesMin = 16;

  static std::size_t PartOf(const Hash128& id) { return id.lo >> 58U; }
  static std::uint32_t TagOf(const Hash128& id) { return static_cast<std::uint32_t>(id.lo); }

  static void Place(std::vector<Entry>* entries, const Entry& entry) {
    const std::size_t mask = entries->size() - 1;
    std::size_t at = entry.tag & mask;
    while ((*entries)[at].slot != kNone)
      at = (at + 1) & mask;
    (*entries)[at] = entry;
  }

  static void Grow(Part* part) {
    std::vector<Entry> grown(part->entries.empty() ? kEntriesMin : 2 * part->entries.size());
    for (const Entry& entry : part->entries) {
      if (entry.slot != kNone) Place(&grown, entry);
    }
    part->entries = std::move(grown);
  }

  std::array<Part, kParts> parts_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_CELL_INDEX_H_
