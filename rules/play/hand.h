// A settled hand as it travels from the account that told it to every seat.
#ifndef HALLWARDEN_RULES_PLAY_HAND_H_
#define HALLWARDEN_RULES_PLAY_HAND_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::play {

struct Seat {
  std::string_view account;  // with its realm
  std::int64_t gold = 0;
  bool surrendered = false;
  bool auto_played = false;
  std::int64_t rating_milli = 0;  // 0: unknown
};

// A view: what it points to is the encoded hand.
struct Hand {
  static constexpr std::size_t kSeatsMax = 16;

  std::int64_t event_us = 0;
  std::string_view game;
  std::string_view hand;
  v1::RoomKind room_kind = v1::ROOM_KIND_UNSPECIFIED;
  std::int64_t stake = 0;             // 0: unknown
  std::int64_t multiplier_milli = 0;  // 0: unknown
  std::int64_t duration_ms = 0;       // 0: unknown
  std::int32_t queue_size = 0;        // 0: unknown
  std::vector<Seat> seats;

  // Seats were given by the server, as far as is known. Unknown rooms are the milder reading: they
  // raise no claim about who sits with whom.
  [[nodiscard]] bool Matchmade() const {
    return room_kind == v1::ROOM_KIND_MATCHMADE || room_kind == v1::ROOM_KIND_TOURNAMENT;
  }
  // Index of the account's seat, -1 if it has none.
  [[nodiscard]] int SeatOf(std::string_view account) const;
  // Gold that went from seat `payer` to seat `payee`: his loss, shared out by what the winners won.
  // 0 unless one lost and the other won.
  [[nodiscard]] std::int64_t Flow(std::size_t payer, std::size_t payee) const;
  // Thousandths of the base stake; 0 if that is unknown.
  [[nodiscard]] std::int64_t InStakes(std::int64_t gold) const;
};

// Where a hand was played, as its event tells.
struct HandPlace {
  std::string_view realm;
  std::string_view game;
  std::string_view hand;
};

// The settlement as bytes. Accounts get their realm.
[[nodiscard]] std::string EncodeHand(const HandPlace& place, const v1::HandSettled& settled,
                                     std::int64_t event_us);

// False if the bytes are no hand.
[[nodiscard]] bool DecodeHand(std::string_view bytes, Hand* hand);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_HAND_H_
