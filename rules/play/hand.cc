#include "rules/play/hand.h"

#include <algorithm>

#include "rules/state/codec.h"

namespace hallwarden::play {
namespace {

__extension__ using Wide = __int128;

// More than any hall has; keeps every sum of 16 seats within 64 bits.
constexpr std::int64_t kGoldMax = std::int64_t{1} << 58;

}  // namespace

int Hand::SeatOf(std::string_view account) const {
  for (std::size_t i = 0; i < seats.size(); ++i) {
    if (seats[i].account == account) return static_cast<int>(i);
  }
  return -1;
}

std::int64_t Hand::Flow(std::size_t payer, std::size_t payee) const {
  const std::int64_t loss = -seats[payer].gold;
  const std::int64_t gain = seats[payee].gold;
  if (loss <= 0 || gain <= 0) return 0;
  std::int64_t gains = 0;
  for (const Seat& seat : seats)
    gains += std::max<std::int64_t>(seat.gold, 0);
  // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): the payee sits there, so gains >= gain > 0.
  return static_cast<std::int64_t>(static_cast<Wide>(loss) * gain / gains);
}

std::int64_t Hand::InStakes(std::int64_t gold) const {
  if (stake <= 0) return 0;
  const Wide thousandths = static_cast<Wide>(gold) * 1000 / stake;
  return static_cast<std::int64_t>(std::clamp<Wide>(thousandths, -kGoldMax, kGoldMax));
}

std::string EncodeHand(const HandPlace& place, const v1::HandSettled& settled,
                       std::int64_t event_us) {
  std::string bytes;
  Writer writer(&bytes);
  writer.Signed(event_us);
  writer.Bytes(place.game);
  writer.Bytes(place.hand);
  writer.Byte(static_cast<std::uint8_t>(settled.room_kind()));
  writer.Signed(settled.stake());
  writer.Signed(settled.multiplier_milli());
  writer.Signed(settled.duration_ms());
  writer.Signed(settled.queue_size());
  writer.Varint(static_cast<std::uint64_t>(settled.seats_size()));
  std::string qualified;
  for (const v1::SeatResult& seat : settled.seats()) {
    if (place.realm.empty()) {
      writer.Bytes(seat.account());
    } else {
      qualified.assign(place.realm).append(":").append(seat.account());
      writer.Bytes(qualified);
    }
    writer.Signed(std::clamp(seat.gold_delta(), -kGoldMax, kGoldMax));
    writer.Byte(
        static_cast<std::uint8_t>((seat.surrendered() ? 1U : 0U) | (seat.auto_played() ? 2U : 0U)));
    writer.Signed(seat.rating_milli());
  }
  return bytes;
}

bool DecodeHand(std::string_view bytes, Hand* hand) {
  Reader in(bytes);
  hand->event_us = in.Signed();
  hand->game = in.Bytes();
  hand->hand = in.Bytes();
  hand->room_kind = static_cast<v1::RoomKind>(in.Byte());
  hand->stake = in.Signed();
  hand->multiplier_milli = in.Signed();
  hand->duration_ms = in.Signed();
  hand->queue_size = static_cast<std::int32_t>(std::clamp<std::int64_t>(in.Signed(), 0, INT32_MAX));
  const std::uint64_t count = in.Varint();
  if (count > Hand::kSeatsMax) return false;
  hand->seats.clear();
  hand->seats.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    Seat seat;
    seat.account = in.Bytes();
    seat.gold = in.Signed();
    const std::uint8_t flags = in.Byte();
    seat.surrendered = (flags & 1U) != 0;
    seat.auto_played = (flags & 2U) != 0;
    seat.rating_milli = in.Signed();
    hand->seats.push_back(seat);
  }
  return in.done();
}

}  // namespace hallwarden::play
