#include "tools/hallsim/mix_traffic.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tools/hallsim/event_time.h"
#include "tools/hallsim/words.h"

namespace hallwarden::hallsim {
namespace {

// Appends `value` with at least `width` digits.
void AppendDigits(std::string* out, std::uint64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  if (digits.size() < width) out->append(width - digits.size(), '0');
  *out += digits;
}

std::string Numbered(const char* prefix, std::uint64_t value, std::size_t width) {
  std::string name(prefix);
  AppendDigits(&name, value, width);
  return name;
}

}  // namespace

MixTraffic::MixTraffic(const MixOptions& options)
    : options_(options), random_(options.seed), players_(options.accounts) {
  if (options_.popularity == Popularity::kZipf09) zipf_.emplace(options_.accounts);
  now_us_ = options_.start_us;
  disobedient_ = options_.disobedient;
  if (!options_.prologue || options_.online) prologue_next_ = options_.accounts;
  if (!options_.online) return;
  for (Player& player : players_) {
    player.online = true;
    player.known = true;
  }
}

bool MixTraffic::Next(v1::HallEvent* event) {
  event->Clear();
  now_us_ = options_.start_us + made_ * options_.step_ns / 1000;
  ++made_;
  if (!forced_.empty()) {
    *event = std::move(forced_.front());
    forced_.pop_front();
    SetEventTime(now_us_, event);
    return true;
  }
  if (prologue_next_ < options_.accounts) {
    LogIn(prologue_next_++, event);
    return true;
  }
  std::uint32_t slot = random_.Below(1000);
  if (slot >= 960 && login_debt_ > 0) {
    // This share was used up already by a log-in that could not wait.
    --login_debt_;
    slot = random_.Below(960);
  }
  const std::uint32_t player = PickAny();
  if (!players_[player].online) {
    ++login_debt_;
    LogIn(player, event);
  } else if (slot < 700) {
    Turn(player, event);
  } else if (slot < 820) {
    Chat(player, event);
  } else if (slot < 900) {
    Settle(player, event);
  } else if (slot < 930) {
    GoldMove(player, event);
  } else if (slot < 960) {
    Other(player, event);
  } else {
    LogOut(player, event);
  }
  return true;
}

std::uint32_t MixTraffic::PickAny() {
  // Locked-out accounts are few; a chosen one makes place for its neighbour.
  std::uint32_t player =
      zipf_.has_value() ? zipf_->Next(random_) : random_.Below(options_.accounts);
  for (std::uint32_t tries = 0; players_[player].locked_out && tries < options_.accounts; ++tries) {
    player = (player + 1) % options_.accounts;
  }
  return player;
}

std::uint32_t MixTraffic::PickOnline() {
  std::uint32_t player = random_.Below(options_.accounts);
  for (std::uint32_t tries = 0; tries < options_.accounts; ++tries) {
    const Player& p = players_[player];
    if (p.online && p.table == kNone) return player;
    player = (player + 1) % options_.accounts;
  }
  return kNone;
}

std::string MixTraffic::Name(std::uint32_t player) const {
  std::string name = options_.account_prefix;
  AppendDigits(&name, player, 8);
  return name;
}

std::string MixTraffic::HandName(std::uint32_t table) const {
  std::string name = Numbered("ddz-t", table, 6);
  name += "-h";
  AppendDigits(&name, tables_[table].hand, 9);
  return name;
}

bool MixTraffic::IsViolator(std::uint32_t player) const {
  Random own(options_.seed ^ (std::uint64_t{player} << 20U));
  return own.Chance(options_.violators_per_mille);
}

std::string MixTraffic::Channel(std::uint32_t player) {
  return player % 12 == 5 ? "dandan" : "";
}

std::string MixTraffic::Ip(std::uint32_t player) const {
  Random own(options_.seed * 31 + player / 2);
  return "10." + std::to_string(own.Below(256)) + "." + std::to_string(own.Below(256)) + "." +
         std::to_string(1 + own.Below(254));
}

std::string MixTraffic::Nickname(std::uint32_t player) {
  if (!IsViolator(player)) return Words::Get().Nickname(random_);
  const auto& names = Words::Get().violating();
  return names[random_.Below(static_cast<std::uint32_t>(names.size()))].name;
}

void MixTraffic::Begin(std::uint32_t player, v1::HallEvent* event) {
  event->set_account(Name(player));
  SetEventTime(now_us_, event);
  event->set_hall("hall-1");
}

void MixTraffic::AtTable(std::uint32_t table, v1::HallEvent* event) const {
  event->set_game("ddz");
  event->set_room(Numbered("ddz-room-", table / 40, 4));
  event->set_table(Numbered("ddz-t", table, 6));
  event->set_hand(HandName(table));
}

void MixTraffic::LogIn(std::uint32_t player, v1::HallEvent* event) {
  Begin(player, event);
  Player& p = players_[player];
  p.online = true;
  const std::string device = Numbered("android-7f3a-", std::uint64_t{player / 2 * 2654435761U}, 10);
  if (!p.known && !options_.login_only) {
    v1::Registered* registered = event->mutable_registered();
    registered->set_nickname(Nickname(player));
    registered->set_ip(Ip(player));
    registered->set_device(device);
    registered->set_channel(Channel(player));
  } else {
    v1::LoggedIn* logged_in = event->mutable_logged_in();
    logged_in->set_ip(Ip(player));
    logged_in->set_device(device);
    logged_in->set_age_state(player % 17 == 3 ? v1::AGE_STATE_UNVERIFIED : v1::AGE_STATE_ADULT);
    logged_in->set_session(Numbered("s-", static_cast<std::uint64_t>(made_), 10));
    logged_in->set_channel("official");
  }
  p.known = true;
}

void MixTraffic::LogOut(std::uint32_t player, v1::HallEvent* event) {
  Leave(player);
  Begin(player, event);
  players_[player].online = false;
  event->mutable_logged_out()->set_session(Numbered("s-", player, 10));
}

std::uint32_t MixTraffic::Seat(std::uint32_t player) {
  if (players_[player].table != kNone) return players_[player].table;
  if (free_tables_.empty()) {
    free_tables_.push_back(static_cast<std::uint32_t>(tables_.size()));
    tables_.emplace_back();
  }
  const std::uint32_t table = free_tables_.back();
  free_tables_.pop_back();
  Table& t = tables_[table];
  t = Table{};
  t.in_use = true;
  t.hand = ++hands_;
  t.seats[0] = player;
  players_[player].table = table;
  for (int seat = 1; seat < kSeats; ++seat) {
    const std::uint32_t other = PickOnline();
    if (other == kNone) break;
    t.seats[static_cast<std::size_t>(seat)] = other;
    players_[other].table = table;
  }
  return table;
}

void MixTraffic::Leave(std::uint32_t player) {
  const std::uint32_t table = players_[player].table;
  if (table == kNone) return;
  const std::string hand = HandName(table);
  Table& t = tables_[table];
  for (const std::uint32_t seat : t.seats) {
    if (seat != kNone) players_[seat].table = kNone;
  }
  t.in_use = false;
  free_tables_.push_back(table);
  HandEnded(hand);
}

void MixTraffic::Turn(std::uint32_t player, v1::HallEvent* event) {
  const std::uint32_t table = Seat(player);
  Begin(player, event);
  AtTable(table, event);
  Table& t = tables_[table];
  v1::TurnPlayed* turn = event->mutable_turn_played();
  turn->set_turn_number(static_cast<std::int32_t>(++t.turn));
  turn->set_limit_ms(15'000);
  turn->set_rtt_ms(static_cast<std::int32_t>(random_.Between(18, 140)));
  turn->set_choice(random_.Chance(220) ? v1::CHOICE_FORCED : v1::CHOICE_FREE);
  if (random_.Chance(8)) {
    turn->set_think_ms(15'000);
    turn->set_timed_out(true);
    turn->set_auto_play(true);
  } else {
    // A product of three uniforms: mostly quick, now and then long, as people are.
    const std::int64_t a = random_.Between(1, 1000);
    const std::int64_t b = random_.Between(1, 1000);
    const std::int64_t c = random_.Between(1, 14'000);
    turn->set_think_ms(static_cast<std::int32_t>(350 + a * b / 1000 * c / 1000));
  }
}

void MixTraffic::Chat(std::uint32_t player, v1::HallEvent* event) {
  const std::uint32_t table = Seat(player);
  Begin(player, event);
  AtTable(table, event);
  v1::ChatMessage* chat = event->mutable_chat();
  chat->set_message(Numbered("m-", static_cast<std::uint64_t>(++messages_), 12));
  chat->set_channel(random_.Chance(900) ? v1::CHAT_CHANNEL_TABLE : v1::CHAT_CHANNEL_HALL);
  const Words& words = Words::Get();
  if (IsViolator(player) && random_.Chance(300)) {
    chat->set_text(words.Pick(player % 2 == 0 ? "insult_chat" : "advert_chat", random_));
  } else if (random_.Chance(250)) {
    chat->set_quick_chat(true);
    chat->set_text(words.Pick("quick_chat", random_));
  } else {
    chat->set_text(words.Pick("chat", random_));
  }
}

void MixTraffic::Settle(std::uint32_t player, v1::HallEvent* event) {
  const std::uint32_t table = Seat(player);
  const Table t = tables_[table];
  Begin(t.seats[0], event);
  AtTable(table, event);
  v1::HandSettled* settled = event->mutable_hand_settled();
  settled->set_room_kind(v1::ROOM_KIND_MATCHMADE);
  settled->set_stake(50);
  const std::int64_t multiplier = std::int64_t{1} << random_.Below(4);
  settled->set_multiplier_milli(multiplier * 1000);
  settled->set_duration_ms(random_.Between(40'000, 240'000));
  settled->set_queue_size(static_cast<std::int32_t>(random_.Between(3, 90)));
  const bool landlord_wins = random_.Chance(480);
  std::size_t taken = 0;
  while (taken < kSeats && t.seats[taken] != kNone)
    ++taken;
  for (std::size_t seat = 0; seat < taken; ++seat) {
    // The first seat plays against the others; the house keeps one twentieth of what is won.
    const std::int64_t side =
        50 * multiplier * (seat == 0 ? static_cast<std::int64_t>(taken) - 1 : 1);
    const bool wins = (seat == 0) == landlord_wins;
    const std::int64_t delta = wins ? side - side / 20 : -side;
    Player& p = players_[t.seats[seat]];
    p.gold = static_cast<std::int32_t>(std::clamp<std::int64_t>(p.gold + delta, 0, 2'000'000'000));
    v1::SeatResult* result = settled->add_seats();
    result->set_account(Name(t.seats[seat]));
    result->set_role(seat == 0 ? "landlord" : "farmer");
    result->set_gold_delta(delta);
    result->set_balance_after(p.gold);
  }
  Leave(player);
}

void MixTraffic::GoldMove(std::uint32_t player, v1::HallEvent* event) {
  Begin(player, event);
  Player& p = players_[player];
  v1::AssetMoved* moved = event->mutable_asset_moved();
  moved->set_asset(v1::ASSET_KIND_GOLD);
  const std::uint32_t kind = random_.Below(10);
  if (kind < 5) {
    moved->set_kind(v1::MOVE_KIND_GRANT);
    moved->set_amount(500);
    moved->set_item("daily-sign-in");
    p.gold += 500;
  } else if (kind < 7) {
    moved->set_kind(v1::MOVE_KIND_TOP_UP);
    moved->set_amount(10'000);
    moved->set_item("gold-pack-10000");
    p.gold += 10'000;
  } else if (kind < 9) {
    moved->set_kind(v1::MOVE_KIND_SPENT);
    moved->set_amount(random_.Between(1, 20) * 50);
    moved->set_item("table-skin-bamboo");
    p.gold = std::max(0, p.gold - static_cast<std::int32_t>(moved->amount()));
  } else {
    moved->set_kind(v1::MOVE_KIND_GIFT);
    moved->set_amount(200);
    moved->set_to_account(
        Name((player + 1 + random_.Below(options_.accounts - 1)) % options_.accounts));
    moved->set_item("flower");
  }
  p.gold = std::min(p.gold, 1'000'000'000);
  moved->set_balance_after(p.gold);
}

void MixTraffic::Other(std::uint32_t player, v1::HallEvent* event) {
  Begin(player, event);
  const std::uint32_t kind = random_.Below(10);
  if (kind < 4) {
    const std::uint32_t table = Seat(player);
    AtTable(table, event);
    for (const std::uint32_t seat : tables_[table].seats) {
      if (seat != kNone) event->mutable_hand_started()->add_seated_accounts(Name(seat));
    }
    event->mutable_hand_started()->set_room_kind(v1::ROOM_KIND_MATCHMADE);
  } else if (kind < 6) {
    event->mutable_session_minutes()->set_minutes(30);
    event->mutable_session_minutes()->set_played_minutes(
        static_cast<std::int32_t>(random_.Between(5, 30)));
  } else if (kind < 7) {
    event->mutable_nickname_changed()->set_nickname(Nickname(player));
  } else if (kind < 8) {
    event->mutable_signature_changed()->set_signature(Words::Get().Pick("signature", random_));
  } else if (kind < 9) {
    event->mutable_avatar_changed()->set_builtin(Numbered("builtin-", random_.Below(40), 2));
  } else {
    event->mutable_left_table()->set_reason(random_.Chance(800) ? v1::LEAVE_REASON_NORMAL
                                                                : v1::LEAVE_REASON_DISCONNECTED);
  }
}

std::int64_t MixTraffic::Find(const std::string& account) const {
  const std::string& prefix = options_.account_prefix;
  if (account.size() < prefix.size() + 8 || account.compare(0, prefix.size(), prefix) != 0)
    return -1;
  std::uint64_t number = 0;
  for (std::size_t i = prefix.size(); i < account.size(); ++i) {
    if (account[i] < '0' || account[i] > '9' || number > options_.accounts) return -1;
    number = number * 10 + static_cast<std::uint64_t>(account[i] - '0');
  }
  if (number >= options_.accounts) return -1;
  return static_cast<std::int64_t>(number);
}

bool MixTraffic::Online(std::int64_t index) const {
  return players_[static_cast<std::size_t>(index)].online;
}

std::string MixTraffic::HandOf(std::int64_t index) const {
  const std::uint32_t table = players_[static_cast<std::size_t>(index)].table;
  return table == kNone ? "" : HandName(table);
}

void MixTraffic::PutOut(std::int64_t index) {
  LogOut(static_cast<std::uint32_t>(index), &forced_.emplace_back());
}

void MixTraffic::SetNickname(std::int64_t index, const std::string& nickname) {
  v1::HallEvent& event = forced_.emplace_back();
  Begin(static_cast<std::uint32_t>(index), &event);
  event.mutable_nickname_changed()->set_nickname(nickname);
  event.mutable_nickname_changed()->set_set_by_server(true);
}

void MixTraffic::HeldChanged(std::int64_t index, const Held& held) {
  players_[static_cast<std::size_t>(index)].locked_out = held.locked_out && !disobedient_;
}

std::vector<Label> MixTraffic::Labels() const {
  std::vector<Label> labels;
  for (std::uint32_t player = 0; player < options_.accounts; ++player) {
    const bool violates = IsViolator(player);
    const std::string channel = Channel(player);
    if (!players_[player].known || (!violates && channel.empty())) continue;
    const char* offence = !violates ? "" : player % 2 == 0 ? "name,abuse" : "name,advertising";
    labels.push_back(
        Label{Name(player), violates ? "violator" : "partner", offence, channel, "", 0});
  }
  return labels;
}

std::map<std::string, std::int64_t> MixTraffic::FinalStates() const {
  std::map<std::string, std::int64_t> states;
  for (const Player& player : players_) {
    if (!player.known) continue;
    ++states[player.locked_out ? "locked_out" : player.online ? "online" : "logged_out"];
  }
  for (const auto& [index, held] : all_held()) {
    if (held.locked_out && held.permanent) ++states["locked_out_permanently"];
    if (held.muted) ++states["muted"];
  }
  return states;
}

}  // namespace hallwarden::hallsim
