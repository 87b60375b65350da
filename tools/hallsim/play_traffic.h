// A hall that plays for weeks: honest people of many kinds and offenders of every strength, at Dou
// Dizhu, mahjong and a game for two. Made to measure detectors of play against: the truth is in the
// labels.
//
// Everything is a parameter. Who plays whom is a queue per game, served every two simulated
// minutes; outcomes follow skill and chance, and offenders bend them.
#ifndef HALLWARDEN_TOOLS_HALLSIM_PLAY_TRAFFIC_H_
#define HALLWARDEN_TOOLS_HALLSIM_PLAY_TRAFFIC_H_

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tools/hallsim/play_people.h"
#include "tools/hallsim/random.h"
#include "tools/hallsim/traffic.h"

namespace hallwarden::hallsim {

class PlayTraffic final : public Traffic {
 public:
  explicit PlayTraffic(const PlayOptions& options);

  bool Next(v1::HallEvent* event) override;
  // Plays on whatever it is told: what is measured is who is found, not who obeys.
  void Obey(const v1::Directive& directive) override;
  std::vector<Answer> TakeAnswers(bool all) override;
  [[nodiscard]] std::vector<Label> Labels() const override;
  [[nodiscard]] std::map<std::string, std::int64_t> FinalStates() const override;
  // Of everybody, those who have not come yet included.
  [[nodiscard]] std::vector<Label> AllLabels() const { return LabelsOf(true); }

  [[nodiscard]] std::int64_t hands() const { return hands_; }

 private:
  [[nodiscard]] std::vector<Label> LabelsOf(bool all) const;

  // One table about to play.
  struct Table {
    GameKind game = GameKind::kDdz;
    std::vector<std::uint32_t> seats;
    v1::RoomKind room = v1::ROOM_KIND_MATCHMADE;
    std::int32_t queue = 0;
  };
  // What a hand came to.
  struct Result {
    std::vector<std::int64_t> gold;
    std::int64_t multiplier = 1;
    std::int64_t duration_ms = 90'000;
    int landlord = -1;
    int surrendered = -1;
  };

  void Tick();
  void BeginDay();
  void OpenSessions();
  void CloseSessions();
  void Gather();
  void SeatGroups(std::vector<bool>* busy);
  void SeatRing(const Ring& ring, std::vector<bool>* busy);
  void SeatQueue(GameKind game, std::vector<bool>* busy);
  void PlayTable(const Table& table);
  Result PlayHand(const Table& table);
  void Bend(const Table& table, Result* result);
  void PlayDdz(const Table& table, int landlord, bool landlord_wins, Result* result);
  void PlayTurns(const Table& table, const std::string& hand);
  void PlayTurn(const Person& person, GameKind game, int turn, v1::HallEvent* event);
  void Settle(const Table& table, const std::string& hand, const Result& result);
  void Refill(std::uint32_t index);
  void PassOn();
  void Steal();
  void Trade();
  void GiveGifts();
  void Outage();

  void LogIn(std::uint32_t index, bool stranger);
  void LogOut(std::uint32_t index);
  v1::HallEvent& Emit(const Person& person, std::int64_t at_us);
  double Normal();
  [[nodiscard]] bool Online(std::uint32_t index) const { return people_[index].online; }

  PlayOptions options_;
  Random random_;
  std::vector<Person> people_;
  std::vector<Ring> rings_;
  std::deque<v1::HallEvent> ready_;
  std::vector<Answer> answers_;
  std::int64_t now_us_ = 0;
  std::int64_t tick_ = 0;
  std::int64_t ticks_ = 0;
  std::int64_t hands_ = 0;
  std::int64_t made_ = 0;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_PLAY_TRAFFIC_H_
