#include "tools/hallsim/play_people.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace hallwarden::hallsim {
namespace {

constexpr std::int64_t kStartGold = 20'000;

class Maker {
 public:
  Maker(const PlayOptions& options, Random* random, std::vector<Person>* people,
        std::vector<Ring>* rings)
      : options_(options), random_(*random), people_(*people), rings_(*rings) {}

  void Honest() {
    const std::uint32_t all = options_.accounts;
    struct Part {
      Kind kind;
      std::uint32_t milli;
    };
    constexpr Part kParts[] = {
        {Kind::kFast, 80},    {Kind::kSlow, 60},     {Kind::kElderly, 40}, {Kind::kMobile, 80},
        {Kind::kNightOwl, 4}, {Kind::kBrilliant, 5}, {Kind::kLucky, 5},    {Kind::kNewcomer, 150},
    };
    std::uint32_t made = 0;
    for (const Part& part : kParts) {
      const std::uint32_t count = std::max<std::uint32_t>(all * part.milli / 1'000, 3);
      for (std::uint32_t i = 0; i < count && made < all; ++i, ++made)
        Add(part.kind);
    }
    made += Groups(Kind::kTrio, 3, all * 8 / 1'000 + 1);
    made += Groups(Kind::kCouple, 2, all * 5 / 1'000 + 1);
    made += Groups(Kind::kTeacher, 2, all * 3 / 1'000 + 1);
    made += Groups(Kind::kCafe, 12, all / 1'000 + 1);
    for (; made < all; ++made)
      Add(Kind::kPlain);
  }

  void Offenders() {
    const std::int64_t count =
        std::max<std::int64_t>(options_.accounts * options_.offenders_milli / 10'000, 2);
    for (std::int64_t i = 0; i < count; ++i) {
      Staller();
      Farm(i);
      if (i % 2 == 0) Pair(Ring::What::kCollude, Kind::kColluder, Kind::kColluder, GameKind::kDdz);
      if (i % 4 == 0) Pair(Ring::What::kThrow, Kind::kBoosted, Kind::kThrower, GameKind::kDuel);
      if (i % 4 == 1) {
        Add(Kind::kVictim).days_active = 0.8;
        Add(Kind::kTrader).offence = "gold_trading";
        Person& idler = Add(Kind::kIdler);
        idler.offence = "stalling";
        idler.channel = "dandan";
        idler.days_active = 0.8;
      }
    }
  }

 private:
  double Between(std::int64_t low, std::int64_t high) {
    return static_cast<double>(random_.Between(low, high)) / 100.0;
  }

  double Normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
      sum += random_.Fraction();
    return sum;
  }

  Person& Add(Kind kind) {
    const std::size_t index = people_.size();
    Person& person = people_.emplace_back();
    person.account = absl::StrCat(options_.account_prefix, index);
    person.kind = kind;
    const std::uint32_t game = random_.Below(100);
    person.game = game < 65 ? GameKind::kDdz : game < 90 ? GameKind::kMahjong : GameKind::kDuel;
    person.skill = Normal();
    person.think = 0.08 + 0.12 * random_.Fraction();
    person.balance = kStartGold + random_.Between(0, 30'000);
    person.stake = random_.Below(4) == 0 ? 500 : 100;
    person.begin_day = -random_.Between(5, 400);
    person.start_hour = static_cast<int>(random_.Between(9, 22));
    person.days_active = 0.1 + 0.4 * random_.Fraction();
    person.hands_a_day = 10 + 35 * random_.Fraction();
    person.device = absl::StrCat("dev", index);
    person.ip = absl::StrCat("10.", index / 60'000, ".", index / 250 % 240, ".", index % 250);
    person.turns = static_cast<std::int64_t>(random_.Below(1'000)) < options_.turns_milli;
    Shape(&person);
    return person;
  }

  void Shape(Person* person) {
    switch (person->kind) {
      case Kind::kFast:
        person->think = 0.04;
        break;
      case Kind::kSlow:
        person->think = 0.32;
        person->spread = 0.55;
        break;
      case Kind::kElderly:
        person->think = 0.42;
        person->spread = 0.5;
        break;
      case Kind::kNightOwl:
        person->start_hour = 2;
        person->days_active = 0.95;
        person->hands_a_day = 40;
        person->game = GameKind::kDdz;
        break;
      case Kind::kBrilliant:
        person->skill = 3.5;
        person->days_active = 0.9;
        person->hands_a_day = 60;
        break;
      case Kind::kNewcomer:
        person->begin_day = random_.Between(0, std::max<std::int64_t>(options_.days - 1, 0));
        person->balance = 0;
        person->days_active = 0.6;
        break;
      default:
        break;
    }
  }

  std::uint32_t Groups(Kind kind, std::size_t size, std::uint32_t count) {
    for (std::uint32_t group = 0; group < count; ++group) {
      const int number = groups_++;
      std::vector<std::size_t> members;
      for (std::size_t i = 0; i < size; ++i) {
        const bool pupil = kind == Kind::kTeacher && i > 0;
        members.push_back(people_.size());
        Person& person = Add(pupil ? Kind::kPupil : kind);
        person.group = number;
        if (kind == Kind::kTeacher) person.skill = pupil ? -1.5 : 2.0;
        if (kind == Kind::kTrio) person.game = GameKind::kDdz;
        if (kind == Kind::kTeacher) person.game = GameKind::kDuel;
        if (kind == Kind::kCafe) {
          person.ip = absl::StrCat("10.200.0.", number % 250);
          person.device = absl::StrCat("cafe", number, "-", i % 5);
          if (i % 4 == 0)
            person.begin_day = random_.Between(0, std::max<std::int64_t>(options_.days - 1, 0));
        }
      }
      if (kind == Kind::kCafe) continue;
      for (const std::size_t member : members) {
        people_[member].start_hour = people_[members.front()].start_hour;
        people_[member].days_active = 0.8;
      }
    }
    return count * static_cast<std::uint32_t>(size);
  }

  void Staller() {
    Person& person = Add(Kind::kStaller);
    person.strength = Between(options_.stall_low, options_.stall_high);
    person.offence = "stalling";
    person.turns = true;
    person.days_active = 0.9;
    person.begin_day = -20;
    if (random_.Below(3) == 0) person.channel = "dandan";
  }

  void Farm(std::int64_t number) {
    Ring ring;
    ring.what = Ring::What::kFarm;
    ring.game = random_.Below(4) == 0 ? GameKind::kMahjong : GameKind::kDdz;
    ring.strength = Between(options_.dump_low, options_.dump_high);
    ring.inflate = random_.Below(2) == 0;
    const int id = static_cast<int>(rings_.size());
    const bool chain = number % 3 == 2;
    const bool throwaway = number % 4 == 1;
    const std::size_t sink = people_.size();
    Person& big = Add(chain ? Kind::kMule : Kind::kSink);
    JoinRing(id, ring, "gold_farming", &big);
    ring.members.push_back(static_cast<std::uint32_t>(sink));
    const bool linked = random_.Below(10) < 7;
    const auto count = throwaway ? random_.Between(8, 24)
                                 : random_.Between(options_.feeders_low, options_.feeders_high);
    const std::string device = people_[sink].device;
    const std::string ip = people_[sink].ip;
    const std::string inviter = people_[sink].account;
    for (std::int64_t i = 0; i < count; ++i) {
      ring.members.push_back(static_cast<std::uint32_t>(people_.size()));
      Person& feeder = Add(throwaway ? Kind::kThrowaway : Kind::kFeeder);
      JoinRing(id, ring, "gold_farming", &feeder);
      feeder.begin_day = std::min<std::int64_t>(options_.days - 1, throwaway ? i / 4 : i / 3);
      feeder.balance = 0;
      feeder.life_hands = throwaway ? static_cast<int>(random_.Between(2, 5))
                                    : static_cast<int>(random_.Between(20, 60));
      if (linked && random_.Below(10) < 8) feeder.device = device + (i % 3 == 0 ? "b" : "");
      if (linked) feeder.ip = ip;
      if (linked && random_.Below(2) == 0) feeder.inviter = inviter;
    }
    if (chain) {
      ring.seller = static_cast<std::uint32_t>(people_.size());
      Person& seller = Add(Kind::kSeller);
      JoinRing(id, ring, "gold_farming", &seller);
      ring.gift_on = random_.Below(2) == 0;
    }
    rings_.push_back(std::move(ring));
  }

  static void JoinRing(int id, const Ring& ring, const char* offence, Person* person) {
    person->ring = id;
    person->game = ring.game;
    person->offence = offence;
    person->strength = ring.strength;
    person->days_active = 1;
    person->start_hour = 20;
    person->hands_a_day = 40;
    person->stake = 500;
  }

  void Pair(Ring::What what, Kind first, Kind second, GameKind game) {
    Ring ring;
    ring.what = what;
    ring.game = game;
    ring.strength = Between(options_.collude_low, options_.collude_high);
    const int id = static_cast<int>(rings_.size());
    for (const Kind kind : {first, second}) {
      ring.members.push_back(static_cast<std::uint32_t>(people_.size()));
      JoinRing(id, ring, "cheating", &Add(kind));
    }
    rings_.push_back(std::move(ring));
  }

  const PlayOptions& options_;
  Random& random_;
  std::vector<Person>& people_;
  std::vector<Ring>& rings_;
  int groups_ = 0;
};

}  // namespace

const char* GameName(GameKind game) {
  switch (game) {
    case GameKind::kDdz:
      return "ddz";
    case GameKind::kMahjong:
      return "mahjong";
    case GameKind::kDuel:
      break;
  }
  return "xiangqi";
}

std::size_t SeatsOf(GameKind game) {
  return game == GameKind::kDdz ? 3 : game == GameKind::kMahjong ? 4 : 2;
}

const char* KindName(Kind kind) {
  constexpr const char* kNames[] = {
      "plain",   "fast",    "slow",   "elderly",   "mobile", "trio",   "teacher",
      "pupil",   "owl",     "cafe",   "brilliant", "lucky",  "couple", "newcomer",
      "staller", "sink",    "feeder", "throwaway", "mule",   "seller", "colluder",
      "thrower", "boosted", "victim", "trader",    "idler"};
  return kNames[static_cast<std::size_t>(kind)];
}

void MakePeople(const PlayOptions& options, Random* random, std::vector<Person>* people,
                std::vector<Ring>* rings) {
  // Number 0 is nobody, so that 0 can stand for nobody.
  people->emplace_back().done = true;
  people->back().account = options.account_prefix + "0";
  Maker maker(options, random, people, rings);
  maker.Honest();
  maker.Offenders();
}

double Exp(double x) {
  // (1 + x/1024)^1024, corrected to second order.
  double base = 1 + x / 1024 + x * x / (2.0 * 1024 * 1024);
  for (int i = 0; i < 10; ++i)
    base *= base;
  return base;
}

}  // namespace hallwarden::hallsim
