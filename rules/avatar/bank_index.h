// Finds every hash within 31 bits of another among many, and misses none.
//
// Sixteen slices of sixteen bits: if two hashes differ in at most 31 bits, then in at least one
// slice they differ in at most one bit. So 17 lists a slice are looked through, 272 in all, instead
// of every hash. Below a few hundred hashes looking at each is quicker, and done.
#ifndef HALLWARDEN_RULES_AVATAR_BANK_INDEX_H_
#define HALLWARDEN_RULES_AVATAR_BANK_INDEX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rules/avatar/hash256.h"
#include "rules/avatar/pdq.h"

namespace hallwarden::avatar {

// Hashes by slot, a small number of the caller's. Not thread-safe.
class BankIndex {
 public:
  using Slot = std::uint32_t;

  // How near a hash is to one of the eight that were asked for.
  struct Near {
    Slot slot = 0;
    int distance = 0;
    int orientation = 0;  // index into Dihedral
  };

  // Puts `hash` at `slot`. Requires: the slot is free.
  void Put(Slot slot, const Hash256& hash);
  // Frees the slot; nothing if it is free.
  void Erase(Slot slot);

  // Calls `visit(const Near&)` for each slot whose hash is within `max_distance` (at most
  // kMatchDistance) of one of `hashes`, once for each of these, in no promised order and possibly
  // several times: callers keep what is best by an order of their own.
  template <class Visit>
  void Find(const Dihedral& hashes, int max_distance, const Visit& visit) const {
    for (int orientation = 0; orientation < kOrientations; ++orientation) {
      const Hash256& hash = hashes[static_cast<std::size_t>(orientation)];
      const auto look = [&](Slot slot) {
        const int distance = Distance(hashes_[slot], hash);
        if (distance <= max_distance) visit(Near{slot, distance, orientation});
      };
      if (heads_.empty()) {
        for (Slot slot = 0; slot < hashes_.size(); ++slot) {
          if (used_[slot]) look(slot);
        }
        continue;
      }
      for (unsigned slice = 0; slice < kSlices; ++slice) {
        const std::uint16_t value = hash.Slice(slice);
        Walk(slice, value, look);
        for (unsigned bit = 0; bit < kSliceBits; ++bit)
          Walk(slice, static_cast<std::uint16_t>(value ^ (1U << bit)), look);
      }
    }
  }

  // Calls `visit(Slot)` for each slot with exactly this hash.
  template <class Visit>
  void FindEqual(const Hash256& hash, const Visit& visit) const {
    const auto look = [&](Slot slot) {
      if (hashes_[slot] == hash) visit(slot);
    };
    if (!heads_.empty()) return Walk(0, hash.Slice(0), look);
    for (Slot slot = 0; slot < hashes_.size(); ++slot) {
      if (used_[slot]) look(slot);
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool Holds(Slot slot) const { return slot < used_.size() && used_[slot]; }

 private:
  static constexpr unsigned kSlices = 16;
  static constexpr unsigned kSliceBits = 16;
  static constexpr std::size_t kValues = std::size_t{1} << kSliceBits;
  static constexpr Slot kNone = ~Slot{0};
  // From here on lists are kept. Measured by bench/avatar_bench.
  static constexpr std::size_t kListsFrom = 512;

  template <class Look>
  void Walk(unsigned slice, std::uint16_t value, const Look& look) const {
    for (Slot slot = heads_[slice * kValues + value]; slot != kNone; slot = nexts_[slot][slice])
      look(slot);
  }
  void Link(Slot slot);
  void Unlink(Slot slot);

  std::vector<Hash256> hashes_;
  std::vector<bool> used_;
  std::size_t size_ = 0;
  // First slot of each list, by slice and value; empty while there are few hashes.
  std::vector<Slot> heads_;
  // The next in the list of each slice.
  std::vector<std::array<Slot, kSlices>> nexts_;
};

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_BANK_INDEX_H_
