// How appeals against the sanctions of a rule were decided in the last 30 days.
#ifndef HALLWARDEN_RULES_STATE_APPEAL_TALLY_H_
#define HALLWARDEN_RULES_STATE_APPEAL_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "rules/state/codec.h"

namespace hallwarden {

struct AppealTally {
  static constexpr std::size_t kDays = 30;

  struct Counts {
    std::uint32_t decided = 0;
    std::uint32_t overturned = 0;  // of these: it should not have been imposed

    friend bool operator==(const Counts&, const Counts&) = default;
  };

  std::int64_t day = 0;              // commit time / 1 day of days[0]
  std::array<Counts, kDays> days{};  // newest first

  // One more was decided at `now_us`.
  void Add(bool overturned, std::int64_t now_us);
  // Sums as they stand at `now_us`, that day included.
  [[nodiscard]] Counts At(std::int64_t now_us) const;
  [[nodiscard]] bool empty() const;

  void Encode(Writer* out) const;
  void Decode(Reader* in);

 private:
  void Turn(std::int64_t now_us);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_APPEAL_TALLY_H_
