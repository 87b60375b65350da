#include "rules/engine/queue_place.h"

namespace hallwarden {

std::string QueuePlace(QueueBand band, std::int64_t time_us) {
  static constexpr char kHex[] = "0123456789abcdef";
  constexpr std::uint64_t kSign = 1ULL << 63U;
  const std::uint64_t sorted = static_cast<std::uint64_t>(time_us) ^ kSign;
  std::string place = {'0', kHex[static_cast<std::size_t>(band)]};
  for (unsigned shift = 64; shift > 0; shift -= 4) {
    place.push_back(kHex[(sorted >> (shift - 4)) & 15U]);
  }
  return place;
}

}  // namespace hallwarden
