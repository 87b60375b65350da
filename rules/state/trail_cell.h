// Where an account was of late. Lies beside its AccountCell, under the same id: together they are
// one entity.
#ifndef HALLWARDEN_RULES_STATE_TRAIL_CELL_H_
#define HALLWARDEN_RULES_STATE_TRAIL_CELL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden {

// A session that is over, by the numbers of the events in its game server's own stream that opened
// and closed it. Clocks are not asked: they may stand still or go back, the stream does not.
struct Stay {
  std::uint64_t server = 0;  // low half of ServerKey
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
};

// Made when the first session ends. Read only for facts that arrive after it.
struct TrailCell {
  // A fact that is later than so many sessions is not believed.
  static constexpr std::size_t kStaysMax = 8;

  std::vector<Stay> stays;  // oldest first

  // Drops the oldest beyond the limit.
  void Add(const Stay& stay);
  // True if a session on this server was open at event `seq` of its stream.
  [[nodiscard]] bool WasThere(std::uint64_t server, std::uint64_t seq) const;

  void Encode(std::string* out) const;
  // False if the bytes are no cell of a version that this build knows.
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_TRAIL_CELL_H_
