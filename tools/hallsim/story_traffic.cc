#include "tools/hallsim/story_traffic.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "tools/hallsim/event_time.h"
#include "tools/hallsim/picture.h"
#include "tools/hallsim/words.h"

namespace hallwarden::hallsim {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kStake = 50;
// Violating names an offender of `repeat-offenders` chooses: one for each rung.
constexpr std::int32_t kNamesOfLadder = 3;

const char* const kArchetypes[] = {
    "ordinary",     "tricky_name", "stubborn",        "polite",    "advertiser",  "advert_chat",
    "abusive_chat", "partner",     "partner_staller", "farm_sink", "farm_feeder", "advert_avatar"};
const char* const kOffences[] = {
    "",      "", "name",     "name",         "advertising",  "advertising",
    "abuse", "", "stalling", "gold_farming", "gold_farming", "advertising"};

std::string Digits(std::uint64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

}  // namespace

StoryTraffic::StoryTraffic(const StoryOptions& options) : options_(options), random_(options.seed) {
  now_us_ = options_.start_us;
  disobedient_ = options_.disobedient;
  seen_after_us_ = 20 * kSecond;
  if (options_.story == Story::kDemo) {
    CastDemo();
  } else {
    CastOffenders();
  }
  NamePeople();
  PlanDay();
}

void StoryTraffic::Cast(std::uint32_t count, Role role) {
  for (std::uint32_t i = 0; i < count && people_.size() < options_.accounts; ++i) {
    people_.emplace_back().role = role;
  }
}

void StoryTraffic::CastDemo() {
  // Shares of 2,000 accounts; other sizes keep them.
  const auto share = [this](std::uint32_t of_2000) {
    return std::max<std::uint32_t>(options_.accounts * of_2000 / 2000, 1);
  };
  Cast(share(40), Role::kStubborn);
  Cast(share(20), Role::kPolite);
  Cast(share(15), Role::kAdvertName);
  Cast(share(10), Role::kAdvertChat);
  Cast(share(20), Role::kAbusiveChat);
  Cast(share(130), Role::kPartner);
  Cast(share(20), Role::kPartnerStaller);
  for (std::int32_t ring = 0; ring < 4; ++ring) {
    const std::size_t begin = people_.size();
    Cast(1, Role::kFarmSink);
    Cast(4, Role::kFarmFeeder);
    for (std::size_t i = begin; i < people_.size(); ++i)
      people_[i].ring = ring;
  }
  Cast(share(60), Role::kTrickyName);
  Cast(share(6), Role::kAdvertAvatar);
  Cast(options_.accounts, Role::kOrdinary);
}

void StoryTraffic::CastOffenders() {
  Cast(std::max(options_.accounts * 2 / 3, 1U), Role::kStubborn);
  Cast(options_.accounts, Role::kOrdinary);
}

void StoryTraffic::PlanDay() {
  const bool demo = options_.story == Story::kDemo;
  for (std::uint32_t i = 0; i < people_.size(); ++i) {
    // Everybody comes within the first six hours and leaves two hours later at the latest.
    const std::int64_t span = demo ? 6 * kHour / kSecond : 20 * kMinute / kSecond;
    const std::int64_t at = options_.start_us + random_.Between(0, span) * kSecond + i;
    people_[i].hands_left =
        static_cast<std::int32_t>(people_[i].ring >= 0 ? 24 : random_.Between(1, demo ? 8 : 3));
    At(at, Act::kRegister, i);
  }
}

void StoryTraffic::At(std::int64_t at_us, Act act, std::uint32_t subject) {
  agenda_.push(Item{at_us, ++order_, act, subject});
}

bool StoryTraffic::Next(v1::HallEvent* event) {
  while (made_.empty() && !agenda_.empty()) {
    const Item item = agenda_.top();
    agenda_.pop();
    now_us_ = std::max(now_us_, item.at_us);
    Do(item);
  }
  if (made_.empty()) return false;
  *event = std::move(made_.front());
  made_.pop_front();
  return true;
}

void StoryTraffic::Do(const Item& item) {
  switch (item.act) {
    case Act::kRegister:
      return Register(item.subject);
    case Act::kLogIn:
      return LogIn(item.subject);
    case Act::kSit:
      return Sit(item.subject);
    case Act::kTurn:
      return Turn(item.subject);
    case Act::kSettle:
      return Settle(item.subject);
    case Act::kChat:
      return Chat(item.subject);
    case Act::kRename:
      return Rename(item.subject);
    case Act::kLogOut:
      return LogOut(item.subject);
    case Act::kAvatar:
      return ChooseAvatar(item.subject);
  }
}

void StoryTraffic::NamePeople() {
  std::set<Role> named;
  for (std::uint32_t i = 0; i < people_.size(); ++i) {
    Person& p = people_[i];
    p.account = options_.account_prefix + Digits(i, 6);
    if (options_.name_stars && named.insert(p.role).second) {
      p.account = "demo-" + std::string(kArchetypes[static_cast<std::size_t>(p.role)]);
    }
    by_account_.emplace(p.account, i);
  }
}

const std::string& StoryTraffic::Name(std::uint32_t person) const {
  return people_[person].account;
}

std::string StoryTraffic::HandName(std::uint32_t hand) const {
  return "ddz-h" + Digits(hand, 9);
}

v1::HallEvent* StoryTraffic::Make(std::uint32_t person) {
  v1::HallEvent* event = &made_.emplace_back();
  event->set_account(Name(person));
  event->set_hall("hall-1");
  SetEventTime(now_us_, event);
  return event;
}

v1::HallEvent* StoryTraffic::MakeAt(std::uint32_t person, std::uint32_t hand) {
  v1::HallEvent* event = Make(person);
  event->set_game("ddz");
  event->set_room(hands_[hand].friends ? "ddz-friends" : "ddz-beginners");
  event->set_table("ddz-t" + Digits(hands_[hand].seats[0], 6));
  event->set_hand(HandName(hand));
  return event;
}

std::string StoryTraffic::ViolatingName(std::uint32_t person) {
  const bool advert = people_[person].role == Role::kAdvertName;
  const auto& names = Words::Get().violating();
  while (true) {
    const LabelledName& one = names[random_.Below(static_cast<std::uint32_t>(names.size()))];
    if ((one.category == "advert") == advert && one.name != people_[person].nickname)
      return one.name;
  }
}

bool StoryTraffic::ClimbsLadder(std::uint32_t person) const {
  return options_.story == Story::kRepeatOffenders && people_[person].role == Role::kStubborn;
}

std::string StoryTraffic::Channel(std::uint32_t person) const {
  const Role role = people_[person].role;
  if (role != Role::kPartner && role != Role::kPartnerStaller) return "";
  return person % 2 == 0 ? "dandan" : "doudou";
}

void StoryTraffic::Register(std::uint32_t person) {
  Person& p = people_[person];
  const Words& words = Words::Get();
  switch (p.role) {
    case Role::kStubborn:
    case Role::kPolite:
    case Role::kAdvertName:
      p.nickname = ViolatingName(person);
      p.names = 1;
      break;
    case Role::kTrickyName:
      p.nickname = words.Pick("tricky_name", random_);
      break;
    default:
      p.nickname = words.Nickname(random_);
  }
  p.known = true;
  p.online = true;
  p.leave_us = now_us_ + 2 * kHour;
  if (p.names > 0 && !ClimbsLadder(person)) At(p.leave_us + kSecond, Act::kLogOut, person);
  v1::Registered* registered = Make(person)->mutable_registered();
  registered->set_nickname(p.nickname);
  const std::uint32_t house = p.ring >= 0 ? 240 + static_cast<std::uint32_t>(p.ring) : person % 200;
  registered->set_ip("10.20." + std::to_string(house) + "." +
                     std::to_string(p.ring >= 0 ? 7 : 1 + person / 200 % 250));
  registered->set_device(
      "android-" + Digits(p.ring >= 0 ? 900'000 + static_cast<std::uint64_t>(p.ring) : person, 8));
  registered->set_channel(Channel(person));
  At(now_us_ + random_.Between(2, 30) * kSecond, Act::kSit, person);
  if (options_.story == Story::kDemo) {
    At(now_us_ + random_.Between(1, 10) * kMinute, Act::kAvatar, person);
  }
  if (options_.unanswered && (p.role == Role::kStubborn || p.role == Role::kPolite)) {
    At(now_us_ + random_.Between(30, 60) * kMinute, Act::kRename, person);
  }
}

void StoryTraffic::LogIn(std::uint32_t person) {
  Person& p = people_[person];
  const Held* h = held(person);
  if (h != nullptr && options_.serve_terms && !h->permanent && h->until_us <= now_us_) {
    Release(person);
    h = nullptr;
  }
  if (p.online || (h != nullptr && h->locked_out && !disobedient_)) return;
  p.online = true;
  p.wants_to_leave = false;
  p.leave_us = now_us_ + 2 * kHour;
  v1::LoggedIn* logged_in = Make(person)->mutable_logged_in();
  logged_in->set_ip("10.20." + std::to_string(person % 200) + "." +
                    std::to_string(1 + person / 200 % 250));
  logged_in->set_device("android-" + Digits(person, 8));
  logged_in->set_age_state(v1::AGE_STATE_ADULT);
  if (ClimbsLadder(person) && p.names < kNamesOfLadder) {
    At(now_us_ + random_.Between(20, 90) * kSecond, Act::kRename, person);
  }
}

void StoryTraffic::LogOut(std::uint32_t person) {
  Person& p = people_[person];
  if (!p.online) return;
  if (p.hand >= 0) Disband(static_cast<std::uint32_t>(p.hand));
  if (!p.online) return;
  Make(person)->mutable_logged_out();
  p.online = false;
}

void StoryTraffic::Sit(std::uint32_t person) {
  Person& p = people_[person];
  const Held* h = held(person);
  if (!p.online || p.hand >= 0 || (h != nullptr && h->locked_out && !disobedient_)) return;
  const bool late = now_us_ > p.leave_us && !ClimbsLadder(person);
  if (p.hands_left <= 0 || late) {
    // Offenders in name stay, to read their warning.
    if (p.names == 0 || late) At(now_us_ + random_.Between(5, 60) * kSecond, Act::kLogOut, person);
    return;
  }
  if (p.ring >= 0) {
    std::deque<std::uint32_t>& ring = ring_waiting_[p.ring];
    ring.push_back(person);
    const auto sink = std::find_if(ring.begin(), ring.end(), [this](std::uint32_t i) {
      return people_[i].role == Role::kFarmSink;
    });
    if (sink == ring.end() || ring.size() < 3) return;
    const std::uint32_t boss = *sink;
    ring.erase(sink);
    const std::array<std::uint32_t, 3> seats{boss, ring[0], ring[1]};
    ring.erase(ring.begin(), ring.begin() + 2);
    StartHand(seats, true);
    return;
  }
  waiting_.push_back(person);
  std::erase_if(waiting_,
                [this](std::uint32_t i) { return !people_[i].online || people_[i].hand >= 0; });
  if (waiting_.size() < 3) return;
  const std::array<std::uint32_t, 3> seats{waiting_[0], waiting_[1], waiting_[2]};
  waiting_.erase(waiting_.begin(), waiting_.begin() + 3);
  StartHand(seats, false);
}

void StoryTraffic::StartHand(const std::array<std::uint32_t, 3>& seats, bool friends) {
  const auto number = static_cast<std::uint32_t>(hands_.size());
  Hand& hand = hands_.emplace_back();
  hand.seats = seats;
  hand.friends = friends;
  hand.turns = static_cast<std::int32_t>(random_.Between(6, 18));
  hand.began_us = now_us_;
  v1::HandStarted* started = MakeAt(seats[0], number)->mutable_hand_started();
  for (const std::uint32_t seat : seats) {
    people_[seat].hand = static_cast<std::int32_t>(number);
    --people_[seat].hands_left;
    started->add_seated_accounts(Name(seat));
  }
  started->set_room_kind(friends ? v1::ROOM_KIND_FRIEND : v1::ROOM_KIND_MATCHMADE);
  At(now_us_ + 3 * kSecond, Act::kTurn, number);
}

void StoryTraffic::Turn(std::uint32_t hand) {
  Hand& h = hands_[hand];
  const std::uint32_t person = h.seats[static_cast<std::size_t>(h.turn) % 3];
  Person& p = people_[person];
  if (p.hand != static_cast<std::int32_t>(hand)) return;  // Disbanded meanwhile.
  ++h.turn;
  v1::TurnPlayed* turn = MakeAt(person, hand)->mutable_turn_played();
  const bool forced = random_.Chance(220);
  std::int64_t think_ms = 350 + random_.Between(1, 1000) * random_.Between(1, 9000) / 1000;
  if (p.role == Role::kPartnerStaller) think_ms = random_.Between(13'800, 14'900);
  turn->set_think_ms(static_cast<std::int32_t>(think_ms));
  turn->set_limit_ms(15'000);
  turn->set_choice(forced ? v1::CHOICE_FORCED : v1::CHOICE_FREE);
  turn->set_rtt_ms(static_cast<std::int32_t>(random_.Between(18, 120)));
  turn->set_turn_number(h.turn);
  if (random_.Chance(70)) At(now_us_ + kSecond, Act::kChat, person);
  const bool last = h.turn >= h.turns;
  At(now_us_ + think_ms * 1000, last ? Act::kSettle : Act::kTurn, hand);
}

void StoryTraffic::Settle(std::uint32_t hand) {
  const Hand h = hands_[hand];
  if (people_[h.seats[0]].hand != static_cast<std::int32_t>(hand)) return;
  const std::int64_t multiplier = std::int64_t{1} << random_.Below(h.friends ? 2 : 4);
  const std::int64_t stake = h.friends ? 10 * kStake : kStake;
  // Feeders lose to their sink; others win and lose as cards fall.
  const bool first_wins = h.friends || random_.Chance(480);
  v1::HandSettled* settled = MakeAt(h.seats[0], hand)->mutable_hand_settled();
  settled->set_room_kind(h.friends ? v1::ROOM_KIND_FRIEND : v1::ROOM_KIND_MATCHMADE);
  settled->set_stake(stake);
  settled->set_multiplier_milli(multiplier * 1000);
  settled->set_duration_ms((now_us_ - h.began_us) / 1000);
  if (!h.friends) settled->set_queue_size(static_cast<std::int32_t>(random_.Between(3, 60)));
  for (std::size_t seat = 0; seat < h.seats.size(); ++seat) {
    Person& p = people_[h.seats[seat]];
    const std::int64_t side = stake * multiplier * (seat == 0 ? 2 : 1);
    const std::int64_t delta = (seat == 0) == first_wins ? side - side / 20 : -side;
    p.gold = std::max<std::int64_t>(p.gold + delta, 0);
    v1::SeatResult* result = settled->add_seats();
    result->set_account(Name(h.seats[seat]));
    result->set_role(seat == 0 ? "landlord" : "farmer");
    result->set_gold_delta(delta);
    result->set_balance_after(p.gold);
    result->set_surrendered(h.friends && seat != 0);
  }
  Disband(hand);
}

void StoryTraffic::Disband(std::uint32_t hand) {
  const std::array<std::uint32_t, 3> seats = hands_[hand].seats;
  for (const std::uint32_t seat : seats)
    people_[seat].hand = -1;
  HandEnded(HandName(hand));
  for (const std::uint32_t seat : seats)
    At(now_us_ + random_.Between(2, 15) * kSecond, Act::kSit, seat);
}

void StoryTraffic::Chat(std::uint32_t person) {
  Person& p = people_[person];
  const Held* h = held(person);
  if (!p.online || p.hand < 0 || (h != nullptr && h->muted && !disobedient_)) return;
  v1::ChatMessage* chat = MakeAt(person, static_cast<std::uint32_t>(p.hand))->mutable_chat();
  chat->set_message(options_.account_prefix + "m" +
                    Digits(static_cast<std::uint64_t>(++messages_), 9));
  chat->set_channel(v1::CHAT_CHANNEL_TABLE);
  const char* section = "chat";
  if (p.role == Role::kAdvertChat && random_.Chance(600)) section = "advert_chat";
  if (p.role == Role::kAbusiveChat && random_.Chance(500)) section = "insult_chat";
  chat->set_text(Words::Get().Pick(section, random_));
}

void StoryTraffic::Rename(std::uint32_t person) {
  Person& p = people_[person];
  const Held* h = held(person);
  if (h != nullptr && (h->name_locked || h->locked_out) && !disobedient_) return;
  if (!p.online) LogIn(person);
  if (!p.online) return;
  const bool again =
      p.role == Role::kStubborn && p.names < (options_.story == Story::kDemo ? 2 : kNamesOfLadder);
  p.nickname = again ? ViolatingName(person) : Words::Get().Nickname(random_);
  if (again) ++p.names;
  Make(person)->mutable_nickname_changed()->set_nickname(p.nickname);
  const bool by_timetable = options_.unanswered || disobedient_;
  if (again && by_timetable && ClimbsLadder(person) && p.names < kNamesOfLadder) {
    At(now_us_ + random_.Between(30, 60) * kMinute, Act::kRename, person);
  }
}

// Most keep the avatar that they were given, many take another of the hall's, some bring their own:
// as an image, or hashed by the game server.
void StoryTraffic::ChooseAvatar(std::uint32_t person) {
  if (!people_[person].online) return;
  const bool advert = people_[person].role == Role::kAdvertAvatar;
  const std::uint32_t choice = random_.Below(1000);
  if (!advert && choice >= 400) return;
  v1::AvatarChanged* changed = Make(person)->mutable_avatar_changed();
  if (advert) {
    changed->set_image(ContactPicture());
  } else if (choice < 10) {
    changed->set_image(HonestPicture(random_));
  } else if (choice < 100) {
    changed->set_pdq_hash(PictureHash(1000 + person));
    changed->set_pdq_quality(static_cast<std::int32_t>(random_.Between(30, 100)));
    changed->set_avatar("av-" + Digits(person, 8));
  } else {
    changed->set_builtin("builtin-" + Digits(random_.Below(40), 2));
  }
}

void StoryTraffic::SetDefaultAvatar(std::int64_t index) {
  v1::AvatarChanged* changed = Make(static_cast<std::uint32_t>(index))->mutable_avatar_changed();
  changed->set_builtin("builtin-00");
  changed->set_set_by_server(true);
}

std::int64_t StoryTraffic::Find(const std::string& account) const {
  const auto it = by_account_.find(account);
  if (it == by_account_.end()) return -1;
  return it->second;
}

bool StoryTraffic::Online(std::int64_t index) const {
  return people_[static_cast<std::size_t>(index)].online;
}

std::string StoryTraffic::HandOf(std::int64_t index) const {
  const std::int32_t hand = people_[static_cast<std::size_t>(index)].hand;
  return hand < 0 ? "" : HandName(static_cast<std::uint32_t>(hand));
}

void StoryTraffic::PutOut(std::int64_t index) {
  LogOut(static_cast<std::uint32_t>(index));
}

void StoryTraffic::SetNickname(std::int64_t index, const std::string& nickname) {
  const auto person = static_cast<std::uint32_t>(index);
  people_[person].nickname = nickname;
  v1::NicknameChanged* changed = Make(person)->mutable_nickname_changed();
  changed->set_nickname(nickname);
  changed->set_set_by_server(true);
}

void StoryTraffic::Warned(std::int64_t index, std::int64_t seen_us) {
  const auto person = static_cast<std::uint32_t>(index);
  const Person& p = people_[person];
  const bool reacts =
      p.role == Role::kPolite || (p.role == Role::kStubborn && p.names < kNamesOfLadder);
  if (!reacts || p.names == 0) return;
  At(seen_us + random_.Between(2, 20) * kMinute, Act::kRename, person);
}

void StoryTraffic::HeldChanged(std::int64_t index, const Held& held) {
  if (options_.serve_terms && held.locked_out && !held.permanent &&
      ClimbsLadder(static_cast<std::uint32_t>(index))) {
    At(held.until_us + kMinute, Act::kLogIn, static_cast<std::uint32_t>(index));
  }
  if (!held.locked_out && !people_[static_cast<std::size_t>(index)].online) {
    At(now_us_ + kMinute, Act::kLogIn, static_cast<std::uint32_t>(index));
  }
  if (disobedient_ && held.locked_out && ClimbsLadder(static_cast<std::uint32_t>(index)) &&
      people_[static_cast<std::size_t>(index)].names < kNamesOfLadder) {
    At(now_us_ + random_.Between(2, 20) * kMinute, Act::kRename, static_cast<std::uint32_t>(index));
  }
}

std::vector<std::string> StoryTraffic::LockedOut() {
  std::vector<std::string> accounts;
  for (const auto& [index, held] : all_held()) {
    const auto person = static_cast<std::uint32_t>(index);
    if (held.locked_out && !held.permanent && ClimbsLadder(person))
      accounts.push_back(Name(person));
  }
  return accounts;
}

void StoryTraffic::LetIn(const std::string& account) {
  const std::int64_t index = Find(account);
  if (index < 0) return;
  Release(index);
  At(now_us_ + kMinute, Act::kLogIn, static_cast<std::uint32_t>(index));
}

std::vector<Label> StoryTraffic::Labels() const {
  std::vector<Label> labels;
  for (std::uint32_t i = 0; i < people_.size(); ++i) {
    const auto role = static_cast<std::size_t>(people_[i].role);
    if (!people_[i].known) continue;
    labels.push_back(Label{Name(i), kArchetypes[role], kOffences[role], Channel(i), "", 0});
  }
  return labels;
}

std::map<std::string, std::int64_t> StoryTraffic::FinalStates() const {
  std::map<std::string, std::int64_t> states;
  for (std::uint32_t i = 0; i < people_.size(); ++i) {
    const Person& p = people_[i];
    if (!p.known) continue;
    const Held* h = held(i);
    if (h != nullptr && h->locked_out) {
      ++states[h->permanent ? "locked_out_permanently" : "locked_out_for_a_term"];
    } else {
      ++states[p.online ? "online" : "logged_out"];
    }
    if (h != nullptr && h->muted) ++states["muted"];
  }
  return states;
}

}  // namespace hallwarden::hallsim
