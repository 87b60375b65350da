// Content hashes of the last events of one source, to tell a repeat from a reuse of its number.
#ifndef HALLWARDEN_DAEMON_HASH_RING_H_
#define HALLWARDEN_DAEMON_HASH_RING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hallwarden::daemon {

// Not thread-safe.
class HashRing {
 public:
  // Remembers the last `size` numbers; 0: none.
  explicit HashRing(std::size_t size) : size_(size) {}

  // Numbers must not decrease; what is left out is unknown.
  void Put(std::uint64_t seq, std::uint64_t hash) {
    if (size_ == 0) return;
    const std::size_t slot = seq % size_;
    if (slot >= entries_.size()) entries_.resize(slot + 1);
    entries_[slot] = {seq, hash};
  }

  // True if `seq` is remembered with another hash.
  [[nodiscard]] bool Differs(std::uint64_t seq, std::uint64_t hash) const {
    if (size_ == 0) return false;
    const std::size_t slot = seq % size_;
    return slot < entries_.size() && entries_[slot].seq == seq && entries_[slot].hash != hash;
  }

 private:
  struct Entry {
    std::uint64_t seq = 0;
    std::uint64_t hash = 0;
  };

  std::size_t size_;
  std::vector<Entry> entries_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_HASH_RING_H_
