// Sessions of an account on game servers.
#ifndef HALLWARDEN_RULES_STATE_PRESENCES_H_
#define HALLWARDEN_RULES_STATE_PRESENCES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace hallwarden {

// A session of the account on a game server: a view into Presences, or of what is put there.
struct Presence {
  std::string_view server;
  std::string_view hall;
  std::string_view table;
  std::string_view hand;
  std::int64_t since_us = 0;
  // Numbers in the server's own stream: of the event that opened the session, and of the last one
  // that told whether he sits in a hand. 0: before this was kept.
  std::uint64_t since_seq = 0;
  std::uint64_t seat_seq = 0;
};

// One pointer in the cell and, while there is a session, one block of memory with all names packed:
// accounts are many. Names hold at most 64 KiB each, longer ones are cut. Views stay valid until
// the next change. Not thread-safe.
class Presences {
 public:
  class Iterator {
   public:
    Presence operator*() const;
    Iterator& operator++();
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    friend class Presences;
    explicit Iterator(const char* at) : at_(at) {}
    const char* at_;
  };

  Presences() = default;
  Presences(const Presences& other);
  Presences& operator=(const Presences& other);
  Presences(Presences&&) noexcept = default;
  Presences& operator=(Presences&&) noexcept = default;
  ~Presences() = default;

  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;
  // Nullopt if there is none on this server.
  [[nodiscard]] std::optional<Presence> Find(std::string_view server) const;

  // Replaces the one on this server where it stands, or adds it at the end. May view what is here.
  void Put(const Presence& presence);
  // Sets `seat_seq` of the one on this server, which must exist. Allocates nothing.
  void Mark(std::string_view server, std::uint64_t seat_seq);
  // Takes away the one on this server.
  void Erase(std::string_view server);

  // Where the names lie, for whoever loads them ahead of use. Null if empty.
  [[nodiscard]] const void* block() const { return block_.get(); }

 private:
  // First byte after the entries.
  [[nodiscard]] const char* Limit() const;

  // Bytes of the entries as u32, then the entries: i64 since, two u64 numbers, four u16 sizes, the
  // names.
  std::unique_ptr<char[]> block_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_PRESENCES_H_
