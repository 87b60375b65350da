#include "tests/rules/support/traffic.h"

#include <string>

namespace hallwarden::testing {
namespace {

constexpr std::uint64_t kAccounts = 40;

std::string AccountOf(Dice* dice) { return "p" + std::to_string(dice->Roll(kAccounts)); }
std::string ServerOf(Dice* dice) { return "gs" + std::to_string(dice->Roll(3)); }

std::string NameOf(Dice* dice) {
  const std::string tail = " " + std::to_string(dice->Roll(1000));
  switch (dice->Roll(8)) {
    case 0:
    case 1:
      return "rudeword" + tail;
    case 2:
      return "oddword" + tail;
    case 3:
      return "shopword" + tail;
    default:
      return "fine" + tail;
  }
}

void GmActs(Hall* hall, Dice* dice) {
  const std::string account = AccountOf(dice);
  const auto sanctions = hall->SanctionsOf(account);
  if (!sanctions.empty() && dice->Roll(2) == 0) {
    const auto& sanction = sanctions[dice->Roll(sanctions.size())];
    hall->Ask(LiftAs(account, sanction.name(),
                     dice->Roll(2) == 0 ? v1::DISPOSITION_MISTAKE : v1::DISPOSITION_MERCY));
    return;
  }
  hall->Ask(BanFor(account, static_cast<std::int64_t>(1 + dice->Roll(72)) * kHourUs));
}

}  // namespace

std::uint64_t Dice::Next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

void Drive(Hall* hall, std::uint64_t seed, int steps) {
  Dice dice(seed);
  for (int i = 0; i < steps; ++i) {
    const std::string account = AccountOf(&dice);
    const std::string server = ServerOf(&dice);
    switch (dice.Roll(12)) {
      case 0:
      case 1:
        hall->Tell(server, Registered(account, NameOf(&dice)));
        break;
      case 2:
      case 3:
        hall->Tell(server, LoggedIn(account));
        break;
      case 4:
        hall->Tell(server, LoggedOut(account));
        break;
      case 5:
      case 6:
      case 7:
        hall->Tell(server, Renamed(account, NameOf(&dice)));
        break;
      case 8:
        hall->Tell(server, HandSettled("h" + std::to_string(i), {account, AccountOf(&dice)}));
        break;
      case 9:
        GmActs(hall, &dice);
        break;
      case 10:
        hall->Wait(static_cast<std::int64_t>(dice.Roll(30)) * kHourUs);
        break;
      default:
        hall->Obey(server);
        break;
    }
  }
}

}  // namespace hallwarden::testing
