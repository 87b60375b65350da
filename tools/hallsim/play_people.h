// Who plays in PlayTraffic: people, their rings, and how many of each.
#ifndef HALLWARDEN_TOOLS_HALLSIM_PLAY_PEOPLE_H_
#define HALLWARDEN_TOOLS_HALLSIM_PLAY_PEOPLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/hallsim/random.h"

namespace hallwarden::hallsim {

enum class GameKind : std::uint8_t { kDdz, kMahjong, kDuel };

// Identifier of a game as in events, and its seats.
[[nodiscard]] const char* GameName(GameKind game);
[[nodiscard]] std::size_t SeatsOf(GameKind game);

struct PlayOptions {
  std::uint64_t seed = 1;
  std::string account_prefix = "p";
  std::int64_t start_us = 0;
  std::int64_t days = 14;
  // Honest accounts; offenders come on top.
  std::uint32_t accounts = 2'000;
  // Offenders of each kind, in a thousandth of the honest accounts.
  std::int64_t offenders_milli = 20;
  // Accounts whose turns are told; offenders who stall always are.
  std::int64_t turns_milli = 1'000;
  // Waves in which part of the hall loses its connection for 40 seconds.
  std::int64_t outages = 0;
  // Optional fields are left out: no forced flag, no multiplier, no device, no queue size.
  bool sparse = false;
  // Sizes and strengths, in per cent; each offender draws its own between these.
  std::int64_t stall_low = 20;
  std::int64_t stall_high = 90;
  std::int64_t feeders_low = 2;
  std::int64_t feeders_high = 12;
  std::int64_t dump_low = 60;
  std::int64_t dump_high = 100;
  std::int64_t collude_low = 40;
  std::int64_t collude_high = 100;
};

enum class Kind : std::uint8_t {
  kPlain,
  kFast,
  kSlow,
  kElderly,
  kMobile,   // poor network
  kTrio,     // three friends in a friend room
  kTeacher,  // much stronger, plays with a pupil in a friend room
  kPupil,
  kNightOwl,  // after midnight, in a small hall
  kCafe,      // shares address and device with many
  kBrilliant,
  kLucky,
  kCouple,    // give each other gifts
  kNewcomer,  // registers during the run
  kStaller,
  kSink,
  kFeeder,
  kThrowaway,  // feeder of a few hands
  kMule,
  kSeller,
  kColluder,
  kThrower,
  kBoosted,
  kVictim,  // its account is stolen
  kTrader,
  kIdler,  // partner account on auto-play
};

struct Person {
  std::string account;
  Kind kind = Kind::kPlain;
  GameKind game = GameKind::kDdz;
  double skill = 0;     // standard deviations
  double think = 0.12;  // median share of the limit
  double spread = 0.6;  // of its logarithm
  double strength = 0;  // of the offence, 0 to 1
  int hands_left = 0;   // of today's session
  std::int64_t balance = 0;
  std::int64_t stake = 100;
  int group = -1;  // friends, couples, cafés
  int ring = -1;
  std::int64_t begin_day = 0;  // registers on this day; negative: before the run
  int start_hour = 20;
  double days_active = 0.25;
  double hands_a_day = 27;
  int life_hands = -1;  // throw-away: hands until it is gone
  bool turns = true;
  bool online = false;
  bool registered = false;
  bool done = false;
  std::string device;
  std::string ip;
  std::string inviter;
  std::string channel;
  std::string offence;
  std::int64_t session_start = 0;  // tick
  int reliefs = 0;
};

// People who act together.
struct Ring {
  enum class What : std::uint8_t { kFarm, kCollude, kThrow };
  What what = What::kFarm;
  GameKind game = GameKind::kDdz;
  std::vector<std::uint32_t> members;  // sink (or beneficiary) first
  std::uint32_t seller = 0;            // 0: the sink keeps it
  double strength = 0.8;
  bool inflate = false;
  bool gift_on = false;
  std::int64_t fed = 0;
};

// Archetype as the labels name it.
[[nodiscard]] const char* KindName(Kind kind);

// Everybody, and the rings among them.
void MakePeople(const PlayOptions& options, Random* random, std::vector<Person>* people,
                std::vector<Ring>* rings);

// exp(x) from the four basic operations, right within a thousandth for |x| < 4: the same on every
// machine.
[[nodiscard]] double Exp(double x);

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_PLAY_PEOPLE_H_
