#include "rules/state/presences.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace hallwarden {
namespace {

constexpr std::size_t kNames = 4;
constexpr std::size_t kNameMax = 0xffff;
constexpr std::size_t kSizesAt = sizeof(std::int64_t) + 2 * sizeof(std::uint64_t);
constexpr std::size_t kEntryHead = kSizesAt + kNames * sizeof(std::uint16_t);
constexpr std::size_t kBlockHead = sizeof(std::uint32_t);

// Memory only, never stored: the machine's own byte order.
template <class Number>
Number Load(const char* at) {
  Number value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

std::array<std::uint16_t, kNames> SizesAt(const char* entry) {
  std::array<std::uint16_t, kNames> sizes{};
  std::memcpy(sizes.data(), entry + kSizesAt, sizeof(sizes));
  return sizes;
}

std::size_t EntryBytes(const char* entry) {
  std::size_t bytes = kEntryHead;
  for (const std::uint16_t size : SizesAt(entry))
    bytes += size;
  return bytes;
}

std::array<std::string_view, kNames> NamesOf(const Presence& presence) {
  return {presence.server.substr(0, kNameMax), presence.hall.substr(0, kNameMax),
          presence.table.substr(0, kNameMax), presence.hand.substr(0, kNameMax)};
}

std::size_t BytesOf(const Presence& presence) {
  std::size_t bytes = kEntryHead;
  for (const std::string_view name : NamesOf(presence))
    bytes += name.size();
  return bytes;
}

// Returns the first byte after what was written.
char* Write(const Presence& presence, char* out) {
  std::memcpy(out, &presence.since_us, sizeof(presence.since_us));
  std::memcpy(out + sizeof(std::int64_t), &presence.since_seq, sizeof(presence.since_seq));
  std::memcpy(out + sizeof(std::int64_t) + sizeof(std::uint64_t), &presence.seat_seq,
              sizeof(presence.seat_seq));
  char* sizes = out + kSizesAt;
  char* names = out + kEntryHead;
  for (const std::string_view name : NamesOf(presence)) {
    const auto size = static_cast<std::uint16_t>(name.size());
    std::memcpy(sizes, &size, sizeof(size));
    sizes += sizeof(size);
    if (!name.empty()) std::memcpy(names, name.data(), name.size());
    names += name.size();
  }
  return names;
}

std::unique_ptr<char[]> MakeBlock(std::size_t entry_bytes) {
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): one allocation of a size known at run time only
  auto block = std::unique_ptr<char[]>(new char[kBlockHead + entry_bytes]);
  const auto size = static_cast<std::uint32_t>(entry_bytes);
  std::memcpy(block.get(), &size, sizeof(size));
  return block;
}

}  // namespace

Presence Presences::Iterator::operator*() const {
  Presence presence;
  presence.since_us = Load<std::int64_t>(at_);
  presence.since_seq = Load<std::uint64_t>(at_ + sizeof(std::int64_t));
  presence.seat_seq = Load<std::uint64_t>(at_ + sizeof(std::int64_t) + sizeof(std::uint64_t));
  const std::array<std::uint16_t, kNames> sizes = SizesAt(at_);
  const char* name = at_ + kEntryHead;
  std::size_t i = 0;
  for (std::string_view* view :
       {&presence.server, &presence.hall, &presence.table, &presence.hand}) {
    *view = {name, sizes[i]};
    name += sizes[i++];
  }
  return presence;
}

Presences::Iterator& Presences::Iterator::operator++() {
  at_ += EntryBytes(at_);
  return *this;
}

Presences::Presences(const Presences& other) {
  *this = other;
}

Presences& Presences::operator=(const Presences& other) {
  if (this == &other) return *this;
  block_.reset();
  if (other.block_ == nullptr) return *this;
  const auto bytes = static_cast<std::size_t>(other.Limit() - other.block_.get()) - kBlockHead;
  block_ = MakeBlock(bytes);
  std::memcpy(block_.get() + kBlockHead, other.block_.get() + kBlockHead, bytes);
  return *this;
}

const char* Presences::Limit() const {
  return block_.get() + kBlockHead + Load<std::uint32_t>(block_.get());
}

std::size_t Presences::size() const {
  std::size_t count = 0;
  for (auto it = begin(); it != end(); ++it)
    ++count;
  return count;
}

Presences::Iterator Presences::begin() const {
  return Iterator(block_ == nullptr ? nullptr : block_.get() + kBlockHead);
}

Presences::Iterator Presences::end() const {
  return Iterator(block_ == nullptr ? nullptr : Limit());
}

std::optional<Presence> Presences::Find(std::string_view server) const {
  if (block_ == nullptr) return std::nullopt;
  // Asked for every event: only the one that fits is taken apart.
  const char* const limit = Limit();
  for (const char* at = block_.get() + kBlockHead; at != limit; at += EntryBytes(at)) {
    const auto size = Load<std::uint16_t>(at + kSizesAt);
    if (std::string_view(at + kEntryHead, size) == server) return *Iterator(at);
  }
  return std::nullopt;
}

void Presences::Put(const Presence& presence) {
  std::size_t bytes = BytesOf(presence);
  bool replaces = false;
  for (auto it = begin(); it != end(); ++it) {
    if ((*it).server == presence.server) {
      replaces = true;
    } else {
      bytes += EntryBytes(it.at_);
    }
  }
  std::unique_ptr<char[]> block = MakeBlock(bytes);
  char* out = block.get() + kBlockHead;
  for (auto it = begin(); it != end(); ++it) {
    const Presence old = *it;
    out = Write(old.server == presence.server ? presence : old, out);
  }
  if (!replaces) Write(presence, out);
  block_ = std::move(block);
}

void Presences::Mark(std::string_view server, std::uint64_t seat_seq) {
  for (auto it = begin(); it != end(); ++it) {
    if ((*it).server != server) continue;
    char* const entry = block_.get() + (it.at_ - block_.get());
    std::memcpy(entry + sizeof(std::int64_t) + sizeof(std::uint64_t), &seat_seq, sizeof(seat_seq));
    return;
  }
}

void Presences::Erase(std::string_view server) {
  std::size_t bytes = 0;
  bool found = false;
  for (auto it = begin(); it != end(); ++it) {
    if ((*it).server == server) {
      found = true;
    } else {
      bytes += EntryBytes(it.at_);
    }
  }
  if (!found) return;
  std::unique_ptr<char[]> block = bytes == 0 ? nullptr : MakeBlock(bytes);
  if (block != nullptr) {
    char* out = block.get() + kBlockHead;
    for (auto it = begin(); it != end(); ++it) {
      const Presence kept = *it;
      if (kept.server != server) out = Write(kept, out);
    }
  }
  block_ = std::move(block);
}

}  // namespace hallwarden
