#include "tests/chaos/traffic.h"

#include <array>

namespace hallwarden::chaos {
namespace {

// Harmless words, each folded to itself.
constexpr std::array<const char*, 24> kWords = {
    "bamboo", "river",  "cloud",  "lantern", "pepper", "garden", "maple",   "silver",
    "copper", "violet", "meadow", "harbor",  "breeze", "pebble", "willow",  "thunder",
    "marble", "cotton", "ginger", "saffron", "velvet", "walnut", "juniper", "orchard"};

}  // namespace

std::string Traffic::Words() {
  return std::string(kWords[Roll(kWords.size())]) + " " + kWords[Roll(kWords.size())];
}

std::string Traffic::Next(bool* broken) {
  *broken = options_.broken > 0 && Roll(1000) < static_cast<std::uint64_t>(options_.broken);
  if (*broken) return std::string(1 + Roll(40), '\xff');
  v1::HallEvent event;
  event.set_game("ddz");
  if (options_.clock_us != nullptr) {
    const std::int64_t now_us = options_.clock_us->fetch_add(options_.step_us) + options_.step_us;
    event.mutable_event_time()->set_seconds(now_us / 1'000'000);
    event.mutable_event_time()->set_nanos(static_cast<std::int32_t>(now_us % 1'000'000) * 1000);
  }
  if (!resets_.empty()) {
    event.set_account(resets_.front().account);
    event.mutable_nickname_changed()->set_nickname(resets_.front().name);
    event.mutable_nickname_changed()->set_set_by_server(true);
    resets_.pop_front();
    return event.SerializeAsString();
  }
  const auto number = Roll(static_cast<std::uint64_t>(options_.account_count));
  event.set_account(options_.accounts + std::to_string(number));
  Fill(&event, &players_[event.account()]);
  return event.SerializeAsString();
}

void Traffic::Fill(v1::HallEvent* event, Player* player) {
  if (!player->known) {
    player->known = true;
    player->online = true;
    player->name = Words();
    event->mutable_registered()->set_nickname(player->name);
    event->mutable_registered()->set_ip("10.1.0." + std::to_string(Roll(200)));
    return;
  }
  const std::uint64_t die = Roll(100);
  if (!player->online || die < 8) {
    // Twice in a row happens: a game server that lost count.
    player->online = true;
    event->mutable_logged_in()->set_session("s" + std::to_string(Roll(1000)));
  } else if (die < 12) {
    player->online = Roll(10) == 0;
    event->mutable_logged_out();
  } else if (die < 20) {
    player->seen = true;
    event->mutable_notice_seen();
  } else if (die < 34) {
    Rename(event, player);
  } else {
    Noise(event);
  }
}

void Traffic::Rename(v1::HallEvent* event, Player* player) {
  bool offends = Roll(3) == 0;
  // After a ban the answer to its directive makes it seen, at a time that nobody knows beforehand;
  // a notice seen before leaves no doubt.
  if (options_.steady && player->offences > 1 && !player->seen) offends = false;
  player->name = offends ? "fuck you " + Words() : Words();
  event->mutable_nickname_changed()->set_nickname(player->name);
  if (!offends) return;
  if (player->seen) ++player->offences;
  player->seen = false;
}

// Nothing that anybody could take for misconduct: the reference knows the ladder of names only.
void Traffic::Noise(v1::HallEvent* event) {
  switch (Roll(6)) {
    case 0: {
      v1::ChatMessage& chat = *event->mutable_chat();
      chat.set_text("good game, " + Words() + std::string(Roll(60), ' '));
      chat.set_message("m" + std::to_string(Roll(1'000'000)));
      break;
    }
    case 1:
      event->mutable_avatar_changed()->set_builtin("cat");
      break;
    default: {
      v1::TurnPlayed& turn = *event->mutable_turn_played();
      turn.set_think_ms(static_cast<std::int32_t>(500 + Roll(2'500)));
      turn.set_limit_ms(15'000);
      turn.set_turn_number(static_cast<std::int32_t>(1 + Roll(20)));
      event->set_table("t" + std::to_string(Roll(20)));
      break;
    }
  }
}

}  // namespace hallwarden::chaos
