#include "rules/avatar/bank_index.h"

namespace hallwarden::avatar {

void BankIndex::Put(Slot slot, const Hash256& hash) {
  if (hashes_.size() <= slot) {
    hashes_.resize(std::size_t{slot} + 1);
    used_.resize(hashes_.size());
  }
  hashes_[slot] = hash;
  used_[slot] = true;
  ++size_;
  if (!heads_.empty()) {
    Link(slot);
  } else if (size_ >= kListsFrom) {
    heads_.assign(kSlices * kValues, kNone);
    for (Slot each = 0; each < hashes_.size(); ++each) {
      if (used_[each]) Link(each);
    }
  }
}

void BankIndex::Erase(Slot slot) {
  if (!Holds(slot)) return;
  if (!heads_.empty()) Unlink(slot);
  used_[slot] = false;
  --size_;
}

void BankIndex::Link(Slot slot) {
  if (nexts_.size() <= slot) nexts_.resize(std::size_t{slot} + 1);
  for (unsigned slice = 0; slice < kSlices; ++slice) {
    Slot& head = heads_[slice * kValues + hashes_[slot].Slice(slice)];
    nexts_[slot][slice] = head;
    head = slot;
  }
}

void BankIndex::Unlink(Slot slot) {
  for (unsigned slice = 0; slice < kSlices; ++slice) {
    Slot* at = &heads_[slice * kValues + hashes_[slot].Slice(slice)];
    while (*at != slot)
      at = &nexts_[*at][slice];
    *at = nexts_[slot][slice];
  }
}

}  // namespace hallwarden::avatar
