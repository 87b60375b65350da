#include "tools/hallsim/play_traffic.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/hallsim/event_time.h"

namespace hallwarden::hallsim {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kTickUs = 120 * kSecond;
constexpr std::int64_t kTicksOfDay = 720;
constexpr std::int64_t kTicksOfHour = 30;
constexpr std::int64_t kGrant = 20'000;
constexpr std::int64_t kRelief = 5'000;
constexpr int kReliefsOfDay = 3;
constexpr int kTurnsOfHand = 6;

double Logistic(double x) {
  return 1 / (1 + Exp(-x));
}

bool Farms(Kind kind) {
  return kind == Kind::kFeeder || kind == Kind::kThrowaway;
}

}  // namespace

PlayTraffic::PlayTraffic(const PlayOptions& options)
    : options_(options), random_(options.seed), now_us_(options.start_us) {
  MakePeople(options_, &random_, &people_, &rings_);
  ticks_ = options_.days * kTicksOfDay;
}

double PlayTraffic::Normal() {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += random_.Fraction();
  return sum;
}

bool PlayTraffic::Next(v1::HallEvent* event) {
  while (ready_.empty() && tick_ < ticks_)
    Tick();
  if (ready_.empty()) return false;
  *event = std::move(ready_.front());
  ready_.pop_front();
  ++made_;
  return true;
}

void PlayTraffic::Obey(const v1::Directive& directive) {
  answers_.push_back(Answer{
      directive.directive_seq(),
      directive.has_warn() ? v1::DIRECTIVE_OUTCOME_SEEN : v1::DIRECTIVE_OUTCOME_APPLIED, ""});
}

std::vector<Answer> PlayTraffic::TakeAnswers(bool /*all*/) {
  return std::exchange(answers_, {});
}

v1::HallEvent& PlayTraffic::Emit(const Person& person, std::int64_t at_us) {
  v1::HallEvent& event = ready_.emplace_back();
  event.set_account(person.account);
  event.set_hall("h1");
  event.set_game(GameName(person.game));
  SetEventTime(at_us, &event);
  return event;
}

void PlayTraffic::Tick() {
  now_us_ = options_.start_us + tick_ * kTickUs;
  if (tick_ % kTicksOfDay == 0) BeginDay();
  OpenSessions();
  Outage();
  Gather();
  if (tick_ % kTicksOfDay == kTicksOfDay - kTicksOfHour) {
    PassOn();
    Trade();
    GiveGifts();
    Steal();
  }
  CloseSessions();
  ++tick_;
}

void PlayTraffic::BeginDay() {
  const std::int64_t day = tick_ / kTicksOfDay;
  for (Person& person : people_) {
    person.reliefs = 0;
    person.hands_left = 0;
    if (person.done || person.begin_day > day) continue;
    if (random_.Fraction() >= person.days_active) continue;
    person.hands_left = static_cast<int>(person.hands_a_day * (0.5 + random_.Fraction()));
    person.session_start =
        tick_ + person.start_hour * kTicksOfHour + random_.Between(0, 2 * kTicksOfHour);
    // Rings keep the hour.
    if (person.ring >= 0) person.session_start = tick_ + 20 * kTicksOfHour;
  }
}

void PlayTraffic::LogIn(std::uint32_t index, bool stranger) {
  Person& person = people_[index];
  const std::string device = stranger ? person.account + "-thief" : person.device;
  const std::string ip = stranger ? "172.16.9.9" : person.ip;
  if (!person.registered && person.begin_day >= 0) {
    v1::Registered& registered = *Emit(person, now_us_).mutable_registered();
    registered.set_nickname(absl::StrCat("player ", index));
    registered.set_ip(ip);
    if (!options_.sparse) registered.set_device(device);
    registered.set_channel(person.channel);
    registered.set_inviter_account(person.inviter);
    v1::AssetMoved& grant = *Emit(person, now_us_).mutable_asset_moved();
    grant.set_asset(v1::ASSET_KIND_GOLD);
    grant.set_kind(v1::MOVE_KIND_GRANT);
    grant.set_amount(kGrant);
    person.balance += kGrant;
  } else {
    v1::LoggedIn& login = *Emit(person, now_us_).mutable_logged_in();
    login.set_ip(ip);
    if (!options_.sparse) login.set_device(device);
    login.set_channel(person.channel);
  }
  person.registered = true;
  person.online = true;
}

void PlayTraffic::LogOut(std::uint32_t index) {
  people_[index].online = false;
  Emit(people_[index], now_us_ + kTickUs - kSecond).mutable_logged_out();
}

void PlayTraffic::OpenSessions() {
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    const Person& person = people_[i];
    if (!person.online && person.hands_left > 0 && person.session_start <= tick_) LogIn(i, false);
  }
}

void PlayTraffic::CloseSessions() {
  const bool last = tick_ % kTicksOfDay == kTicksOfDay - 1;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    if (people_[i].online && (people_[i].hands_left <= 0 || last)) LogOut(i);
  }
}

// ---- who sits with whom -------------------------------------------------------------------------

void PlayTraffic::Gather() {
  std::vector<bool> busy(people_.size(), false);
  for (const Ring& ring : rings_)
    SeatRing(ring, &busy);
  SeatGroups(&busy);
  for (const GameKind game : {GameKind::kDdz, GameKind::kMahjong, GameKind::kDuel}) {
    SeatQueue(game, &busy);
  }
}

// Friends who are here together play together.
void PlayTraffic::SeatGroups(std::vector<bool>* busy) {
  std::map<int, std::vector<std::uint32_t>> groups;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    const Person& person = people_[i];
    const bool together =
        person.kind == Kind::kTrio || person.kind == Kind::kTeacher || person.kind == Kind::kPupil;
    if (together && person.online && person.hands_left > 0) groups[person.group].push_back(i);
  }
  for (const auto& [group, members] : groups) {
    Table table;
    table.game = people_[members.front()].game;
    if (members.size() != SeatsOf(table.game)) continue;
    table.room = v1::ROOM_KIND_FRIEND;
    table.seats = members;
    for (const std::uint32_t member : members)
      (*busy)[member] = true;
    PlayTable(table);
  }
}

void PlayTraffic::SeatRing(const Ring& ring, std::vector<bool>* busy) {
  std::vector<std::uint32_t> here;
  for (const std::uint32_t member : ring.members) {
    const Person& person = people_[member];
    if (person.online && person.hands_left > 0 && !person.done) here.push_back(member);
  }
  if (here.size() < 2 || here.front() != ring.members.front()) return;
  // They do not always manage to meet.
  const double meet = ring.what == Ring::What::kCollude ? ring.strength : 0.8;
  if (random_.Fraction() > meet) return;
  Table table;
  table.game = ring.game;
  table.seats = {here.front(),
                 here[1 + random_.Below(static_cast<std::uint32_t>(here.size()) - 1)]};
  // Strangers from the queue fill the table.
  std::int32_t queue = 2;
  for (std::uint32_t tries = 0; tries < 4'000 && table.seats.size() < SeatsOf(table.game);
       ++tries) {
    const std::uint32_t other = 1 + random_.Below(static_cast<std::uint32_t>(people_.size()) - 1);
    const Person& person = people_[other];
    const bool fits = person.online && person.hands_left > 0 && !(*busy)[other] &&
                      person.game == table.game && person.ring < 0 && person.kind != Kind::kTrio;
    if (fits && std::find(table.seats.begin(), table.seats.end(), other) == table.seats.end()) {
      table.seats.push_back(other);
    }
  }
  if (table.seats.size() < SeatsOf(table.game)) return;
  for (const Person& person : people_) {
    if (person.online && person.game == table.game && person.hands_left > 0) ++queue;
  }
  table.queue = queue;
  for (const std::uint32_t seat : table.seats)
    (*busy)[seat] = true;
  for (std::size_t i = table.seats.size() - 1; i > 0; --i) {
    std::swap(table.seats[i], table.seats[random_.Below(static_cast<std::uint32_t>(i) + 1)]);
  }
  PlayTable(table);
}

void PlayTraffic::SeatQueue(GameKind game, std::vector<bool>* busy) {
  std::vector<std::uint32_t> queue;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    const Person& person = people_[i];
    const bool with_friends =
        person.kind == Kind::kTrio || person.kind == Kind::kTeacher || person.kind == Kind::kPupil;
    if (!person.online || (*busy)[i] || person.hands_left <= 0 || person.game != game ||
        with_friends) {
      continue;
    }
    // Small accounts are there for their sink only.
    if (Farms(person.kind)) continue;
    queue.push_back(i);
  }
  for (std::size_t i = queue.size(); i > 1; --i) {
    std::swap(queue[i - 1], queue[random_.Below(static_cast<std::uint32_t>(i))]);
  }
  const std::size_t seats = SeatsOf(game);
  for (std::size_t at = 0; at + seats <= queue.size(); at += seats) {
    Table table;
    table.game = game;
    table.queue = static_cast<std::int32_t>(queue.size());
    table.seats.assign(queue.begin() + static_cast<std::ptrdiff_t>(at),
                       queue.begin() + static_cast<std::ptrdiff_t>(at + seats));
    PlayTable(table);
  }
}

// ---- a hand -------------------------------------------------------------------------------------

void PlayTraffic::PlayTable(const Table& table) {
  const std::string hand = absl::StrCat("h", ++hands_);
  PlayTurns(table, hand);
  Result result = PlayHand(table);
  Settle(table, hand, result);
  for (const std::uint32_t seat : table.seats) {
    Person& person = people_[seat];
    --person.hands_left;
    if (person.life_hands > 0 && --person.life_hands == 0) {
      person.done = true;
      person.hands_left = 0;
    }
    Refill(seat);
  }
}

void PlayTraffic::PlayDdz(const Table& table, int landlord, bool landlord_wins, Result* result) {
  const std::int64_t unit = people_[table.seats.front()].stake * result->multiplier;
  std::int64_t pot = 0;
  result->gold.assign(3, 0);
  for (int i = 0; i < 3; ++i) {
    if (i == landlord) continue;
    const std::uint32_t farmer = table.seats[static_cast<std::size_t>(i)];
    const std::uint32_t lord = table.seats[static_cast<std::size_t>(landlord)];
    // Nobody loses more than he has.
    const std::int64_t most = landlord_wins ? people_[farmer].balance : people_[lord].balance / 2;
    const std::int64_t paid = std::max<std::int64_t>(std::min(unit, most), 0);
    result->gold[static_cast<std::size_t>(i)] = landlord_wins ? -paid : paid;
    pot += landlord_wins ? paid : -paid;
  }
  result->gold[static_cast<std::size_t>(landlord)] = pot;
  result->landlord = landlord;
}

PlayTraffic::Result PlayTraffic::PlayHand(const Table& table) {
  Result result;
  while (result.multiplier < 32 && random_.Below(10) < 4)
    result.multiplier *= 2;
  result.duration_ms = random_.Between(45'000, 110'000);
  const auto skill = [&](std::size_t i) { return people_[table.seats[i]].skill; };
  const std::int64_t stake = people_[table.seats.front()].stake;
  if (table.game == GameKind::kDdz) {
    const auto lord = static_cast<std::size_t>(random_.Below(3));
    const double others = (skill((lord + 1) % 3) + skill((lord + 2) % 3)) / 2;
    const bool wins = random_.Fraction() < Logistic(-0.1 + 0.28 * (skill(lord) - others));
    PlayDdz(table, static_cast<int>(lord), wins, &result);
  } else if (table.game == GameKind::kDuel) {
    const bool first = random_.Fraction() < Logistic(1.1 * (skill(0) - skill(1)));
    const std::uint32_t loser = table.seats[first ? 1 : 0];
    const std::int64_t paid =
        std::min(stake * 4, std::max<std::int64_t>(people_[loser].balance, 0));
    result.gold =
        first ? std::vector<std::int64_t>{paid, -paid} : std::vector<std::int64_t>{-paid, paid};
    if (random_.Below(100) < 6) result.surrendered = first ? 1 : 0;
  } else {
    result.gold.assign(4, 0);
    if (random_.Below(100) >= 15) {
      double weights = 0;
      for (std::size_t i = 0; i < 4; ++i)
        weights += Exp(0.25 * skill(i));
      double at = random_.Fraction() * weights;
      std::size_t winner = 0;
      while (winner < 3 && (at -= Exp(0.25 * skill(winner))) > 0)
        ++winner;
      const bool self_draw = random_.Below(100) < 35;
      const std::size_t discarder = (winner + 1 + random_.Below(3)) % 4;
      for (std::size_t i = 0; i < 4; ++i) {
        if (i == winner || (!self_draw && i != discarder)) continue;
        const std::int64_t paid =
            std::min(stake * result.multiplier * (self_draw ? 1 : 2),
                     std::max<std::int64_t>(people_[table.seats[i]].balance, 0));
        result.gold[i] = -paid;
        result.gold[winner] += paid;
      }
    }
  }
  Bend(table, &result);
  return result;
}

// What offenders make of it.
void PlayTraffic::Bend(const Table& table, Result* result) {
  int big = -1;
  int small = -1;
  for (std::size_t i = 0; i < table.seats.size(); ++i) {
    const Person& person = people_[table.seats[i]];
    if (person.ring < 0) continue;
    const Ring& ring = rings_[static_cast<std::size_t>(person.ring)];
    const bool first = table.seats[i] == ring.members.front();
    (first ? big : small) = static_cast<int>(i);
  }
  if (big < 0 || small < 0) return;
  const Person& mate = people_[table.seats[static_cast<std::size_t>(small)]];
  if (mate.ring != people_[table.seats[static_cast<std::size_t>(big)]].ring) return;
  Ring& ring = rings_[static_cast<std::size_t>(mate.ring)];
  const auto b = static_cast<std::size_t>(big);
  const auto s = static_cast<std::size_t>(small);
  if (ring.what == Ring::What::kCollude) {
    // They know each other's cards: what would be lost together is often saved.
    if (result->gold[b] + result->gold[s] < 0 && random_.Fraction() < 0.6) {
      const std::size_t third = 3 - b - s;
      PlayDdz(table, result->landlord, result->landlord != static_cast<int>(third), result);
    }
    return;
  }
  if (random_.Fraction() > ring.strength) return;
  if (ring.inflate) result->multiplier *= 4;
  if (ring.what == Ring::What::kThrow) {
    const std::int64_t paid = people_[table.seats[b]].stake;
    result->gold[b] = paid;
    result->gold[s] = -paid;
    result->surrendered = small;
    result->duration_ms = random_.Between(4'000, 12'000);
    return;
  }
  if (table.game == GameKind::kDdz) {
    // The small one plays landlord and loses, or farmer against the big one.
    const bool lord = random_.Below(2) == 0;
    PlayDdz(table, lord ? small : big, !lord, result);
    return;
  }
  const std::int64_t paid = std::min(people_[table.seats[b]].stake * result->multiplier * 2,
                                     std::max<std::int64_t>(people_[table.seats[s]].balance, 0));
  std::fill(result->gold.begin(), result->gold.end(), 0);
  result->gold[b] = paid;
  result->gold[s] = -paid;
}

void PlayTraffic::PlayTurn(const Person& person, GameKind game, int turn, v1::HallEvent* event) {
  v1::TurnPlayed& played = *event->mutable_turn_played();
  const int limit = game == GameKind::kDuel ? 30'000 : 15'000;
  const bool forced = game != GameKind::kDuel && turn % 3 == 2;
  played.set_limit_ms(limit);
  played.set_turn_number(turn + 1);
  if (!options_.sparse) played.set_choice(forced ? v1::CHOICE_FORCED : v1::CHOICE_FREE);
  const bool mobile = person.kind == Kind::kMobile;
  const int rtt = mobile ? static_cast<int>(random_.Between(80, 1'200)) : 45;
  if (!options_.sparse) played.set_rtt_ms(rtt);
  if (person.kind == Kind::kIdler && random_.Below(10) < 9) {
    played.set_auto_play(true);
    played.set_think_ms(500);
    return;
  }
  double share = (forced ? person.think * 0.6 : person.think) * Exp(person.spread * Normal());
  if (person.kind == Kind::kStaller && random_.Fraction() < person.strength) {
    share = forced ? 0.75 + 0.24 * random_.Fraction() : 0.91 + 0.08 * random_.Fraction();
  }
  // Now and then somebody is called away.
  if (random_.Below(1'000) < 8) share = 2;
  const double think = share * limit + rtt;
  if (think >= limit) {
    played.set_think_ms(limit);
    played.set_timed_out(true);
  } else {
    played.set_think_ms(static_cast<int>(think));
  }
}

void PlayTraffic::PlayTurns(const Table& table, const std::string& hand) {
  for (int turn = 0; turn < kTurnsOfHand; ++turn) {
    for (std::size_t i = 0; i < table.seats.size(); ++i) {
      const Person& person = people_[table.seats[i]];
      if (!person.turns) continue;
      v1::HallEvent& event =
          Emit(person, now_us_ + (turn * 4 + static_cast<std::int64_t>(i)) * 4 * kSecond);
      event.set_hand(hand);
      PlayTurn(person, table.game, turn, &event);
    }
  }
}

void PlayTraffic::Settle(const Table& table, const std::string& hand, const Result& result) {
  v1::HallEvent& event = Emit(people_[table.seats.front()], now_us_ + 100 * kSecond);
  event.set_game(GameName(table.game));
  event.set_hand(hand);
  event.set_table(absl::StrCat("t", table.seats.front()));
  v1::HandSettled& settled = *event.mutable_hand_settled();
  settled.set_room_kind(table.room);
  settled.set_stake(people_[table.seats.front()].stake);
  settled.set_duration_ms(result.duration_ms);
  if (!options_.sparse) {
    settled.set_multiplier_milli(result.multiplier * 1'000);
    settled.set_queue_size(table.queue);
  }
  for (std::size_t i = 0; i < table.seats.size(); ++i) {
    Person& person = people_[table.seats[i]];
    person.balance += result.gold[i];
    v1::SeatResult& seat = *settled.add_seats();
    seat.set_account(person.account);
    seat.set_gold_delta(result.gold[i]);
    seat.set_balance_after(person.balance);
    seat.set_surrendered(result.surrendered == static_cast<int>(i));
    if (result.landlord >= 0) {
      seat.set_role(result.landlord == static_cast<int>(i) ? "landlord" : "farmer");
    }
    if (person.ring >= 0 &&
        table.seats[i] == rings_[static_cast<std::size_t>(person.ring)].members.front()) {
      rings_[static_cast<std::size_t>(person.ring)].fed +=
          std::max<std::int64_t>(result.gold[i], 0);
    }
  }
}

// Relief for those who have nothing left.
void PlayTraffic::Refill(std::uint32_t index) {
  Person& person = people_[index];
  if (person.balance >= person.stake * 4 || !person.online) return;
  if (person.reliefs >= kReliefsOfDay && person.ring >= 0) {
    person.hands_left = 0;
    return;
  }
  ++person.reliefs;
  v1::AssetMoved& grant = *Emit(person, now_us_ + 110 * kSecond).mutable_asset_moved();
  grant.set_asset(v1::ASSET_KIND_GOLD);
  grant.set_kind(person.reliefs > kReliefsOfDay ? v1::MOVE_KIND_TOP_UP : v1::MOVE_KIND_GRANT);
  grant.set_amount(kRelief * (person.stake / 100));
  person.balance += grant.amount();
}

// ---- once a day
// -----------------------------------------------------------------------------------

namespace {

void MakeGift(const Person& to, std::int64_t amount, std::int64_t balance, v1::HallEvent* event) {
  v1::AssetMoved& moved = *event->mutable_asset_moved();
  moved.set_asset(v1::ASSET_KIND_GOLD);
  moved.set_kind(v1::MOVE_KIND_GIFT);
  moved.set_amount(amount);
  moved.set_to_account(to.account);
  moved.set_balance_after(balance);
}

}  // namespace

// Mules pass on what they were fed.
void PlayTraffic::PassOn() {
  for (Ring& ring : rings_) {
    if (ring.seller == 0 || ring.fed <= 0) continue;
    const std::uint32_t index = ring.members.front();
    Person& mule = people_[index];
    Person& seller = people_[ring.seller];
    if (!mule.online) LogIn(index, false);
    if (!seller.online) LogIn(ring.seller, false);
    const std::int64_t amount = std::min(ring.fed * 9 / 10, mule.balance);
    ring.fed = 0;
    if (amount <= 0) continue;
    mule.balance -= amount;
    seller.balance += amount;
    MakeGift(seller, amount, mule.balance, &Emit(mule, now_us_ + 60 * kSecond));
  }
}

void PlayTraffic::Trade() {
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    if (people_[i].kind != Kind::kTrader || people_[i].begin_day > tick_ / kTicksOfDay) continue;
    if (!people_[i].online) LogIn(i, false);
    for (int n = 0; n < 6; ++n) {
      const std::uint32_t other = 1 + random_.Below(static_cast<std::uint32_t>(people_.size()) - 1);
      if (other == i || !people_[other].online) continue;
      const bool pays = n % 2 == 0;
      Person& from = people_[pays ? other : i];
      Person& to = people_[pays ? i : other];
      const std::int64_t amount = std::min<std::int64_t>(5'000, from.balance / 2);
      if (amount <= 0) continue;
      from.balance -= amount;
      to.balance += amount;
      MakeGift(to, amount, from.balance, &Emit(from, now_us_ + (61 + n) * kSecond));
    }
  }
}

void PlayTraffic::GiveGifts() {
  std::map<int, std::vector<std::uint32_t>> couples;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    if (people_[i].kind == Kind::kCouple && people_[i].online)
      couples[people_[i].group].push_back(i);
  }
  for (const auto& [group, pair] : couples) {
    if (pair.size() != 2 || random_.Below(3) != 0) continue;
    const bool swap = random_.Below(2) == 0;
    Person& from = people_[pair[swap ? 1 : 0]];
    Person& to = people_[pair[swap ? 0 : 1]];
    const std::int64_t amount = from.balance / 5;
    from.balance -= amount;
    to.balance += amount;
    MakeGift(to, amount, from.balance, &Emit(from, now_us_ + 70 * kSecond));
  }
}

// In the second week thieves come to their victims.
void PlayTraffic::Steal() {
  if (tick_ / kTicksOfDay != std::max<std::int64_t>(options_.days * 2 / 3, 1)) return;
  const std::uint32_t thief = 1 + random_.Below(options_.accounts);
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    Person& person = people_[i];
    if (person.kind != Kind::kVictim || i == thief || person.balance <= 0) continue;
    person.offence = "stolen_account";
    if (person.online) LogOut(i);
    LogIn(i, true);
    const std::int64_t amount = person.balance * 19 / 20;
    person.balance -= amount;
    MakeGift(people_[thief], amount, person.balance, &Emit(person, now_us_ + 75 * kSecond));
  }
}

// Part of the hall loses its connection for 40 seconds, in the middle of its hands.
void PlayTraffic::Outage() {
  if (options_.outages <= 0) return;
  const std::int64_t every = std::max<std::int64_t>(ticks_ / (options_.outages + 1), 1);
  // At nine in the evening of that day, when most are there.
  const std::int64_t day = tick_ / kTicksOfDay;
  const bool now = tick_ % kTicksOfDay == 21 * kTicksOfHour;
  if (!now || (day * kTicksOfDay) / every == ((day - 1) * kTicksOfDay) / every) return;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    if (!people_[i].online || random_.Below(10) >= 3) continue;
    const std::int64_t at = now_us_ + static_cast<std::int64_t>(random_.Below(5)) * kSecond;
    Emit(people_[i], at).mutable_left_table()->set_reason(v1::LEAVE_REASON_DISCONNECTED);
    for (int turn = 0; turn < 3; ++turn) {
      v1::HallEvent& event = Emit(people_[i], at + (15 + turn * 12) * kSecond);
      event.set_hand(absl::StrCat("outage", day, "-", i));
      v1::TurnPlayed& played = *event.mutable_turn_played();
      played.set_limit_ms(15'000);
      // Back just in time, or not.
      const bool back = turn == 2;
      played.set_think_ms(back ? 14'400 : 15'000);
      played.set_timed_out(!back);
    }
  }
}

std::vector<Label> PlayTraffic::Labels() const {
  return LabelsOf(false);
}

std::vector<Label> PlayTraffic::LabelsOf(bool all) const {
  std::vector<Label> labels;
  for (std::uint32_t i = 1; i < people_.size(); ++i) {
    const Person& person = people_[i];
    if (!person.registered && !all) continue;
    Label label;
    label.account = person.account;
    label.archetype = KindName(person.kind);
    label.offence = person.offence;
    label.channel = person.channel;
    label.strength_milli = static_cast<std::int64_t>(person.strength * 1'000);
    if (person.ring >= 0) label.ring = absl::StrCat("r", person.ring);
    labels.push_back(std::move(label));
  }
  return labels;
}

std::map<std::string, std::int64_t> PlayTraffic::FinalStates() const {
  return {{"hands", hands_}, {"events", made_}};
}

}  // namespace hallwarden::hallsim
