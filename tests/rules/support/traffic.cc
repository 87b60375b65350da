#include "tests/rules/support/traffic.h"

#include <string>

namespace hallwarden::testing {
namespace {

constexpr std::uint64_t kAccounts = 40;
// Nobody answers its directives: an answer is a record, and late facts would overtake what it
// answers.
constexpr char kPlayServer[] = "gs9";

std::string AccountOf(Dice* dice) {
  return "p" + std::to_string(dice->Roll(kAccounts));
}
std::string ServerOf(Dice* dice) {
  return "gs" + std::to_string(dice->Roll(3));
}

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

// Those who are only here to be claimed about: nothing else happens to them, so that the order in
// which shards hear of things decides nothing.
void OpenPlay(Hall* hall) {
  hall->Tell(kPlayServer, Registered("sink", "fine sink"));
  for (int i = 0; i < 4; ++i) {
    hall->Tell(kPlayServer, Registered("drag" + std::to_string(i), "fine"));
    hall->Tell(kPlayServer, Registered("feed" + std::to_string(i), "fine"));
  }
}

// A hand in which a small account loses to the big one: three of them and little gold, so that it
// stays a case. The end of a hold would be a record, which late facts could overtake.
void Play(Hall* hall, Dice* dice, int i) {
  const std::string feeder = "feed" + std::to_string(dice->Roll(3));
  for (int hand = 0; hand < 2; ++hand) {
    v1::HallEvent event = HandSettled("h" + std::to_string(i) + "." + std::to_string(hand),
                                      {feeder, "sink", AccountOf(dice)});
    event.set_game("ddz");
    v1::HandSettled& settled = *event.mutable_hand_settled();
    settled.set_room_kind(v1::ROOM_KIND_MATCHMADE);
    settled.set_stake(100);
    settled.mutable_seats(0)->set_gold_delta(-400);
    settled.mutable_seats(1)->set_gold_delta(200);
    settled.mutable_seats(2)->set_gold_delta(200);
    hall->Tell(kPlayServer, event);
  }
}

// Pictures that are known before anybody shows one, so that late facts decide nothing: each account
// has a motif of its own, at most 9 bits off.
void BankPictures(Hall* hall) {
  hall->Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(0), v1::CONFIDENCE_REVIEW));
  hall->Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1)));
  hall->Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(2)));
  hall->Ask(BankPicture(v1::BANK_KIND_ALLOW, PictureHash(2, 20)));
  for (int i = 0; i < 4; ++i)
    hall->Tell(kPlayServer, Registered("face" + std::to_string(i), "fine"));
}

void ShowAvatar(Hall* hall, Dice* dice) {
  const std::uint64_t motif = dice->Roll(4);
  hall->Tell(kPlayServer, AvatarSet("face" + std::to_string(motif),
                                    PictureHash(motif, static_cast<int>(dice->Roll(10))),
                                    dice->Roll(5) == 0 ? 40 : 90));
}

// Some accounts drag their turns.
void DragSomeTurns(Hall* hall, Dice* dice, int i) {
  const std::string account = "drag" + std::to_string(dice->Roll(4));
  for (int turn = 0; turn < 12; ++turn) {
    v1::HallEvent event;
    event.set_account(account);
    event.set_game("ddz");
    event.set_hand("h" + std::to_string(i));
    v1::TurnPlayed& played = *event.mutable_turn_played();
    played.set_limit_ms(15'000);
    played.set_choice(turn % 2 == 0 ? v1::CHOICE_FORCED : v1::CHOICE_FREE);
    played.set_think_ms(dice->Roll(5) == 0 ? 1'000 : 14'000);
    hall->Tell(kPlayServer, event);
  }
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
  // Once: who comes back is told again what he did not see, and late facts would change what there
  // is to tell.
  if (hall->runner().engine().BankEntries({.bank = {}, .most = 1}).total == 0) {
    OpenPlay(hall);
    BankPictures(hall);
  }
  for (int i = 0; i < steps; ++i) {
    const std::string account = AccountOf(&dice);
    const std::string server = ServerOf(&dice);
    switch (dice.Roll(14)) {
      case 13:
        ShowAvatar(hall, &dice);
        break;
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
        Play(hall, &dice, i);
        break;
      case 12:
        DragSomeTurns(hall, &dice, i);
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
