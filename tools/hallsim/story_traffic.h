// Traffic with a plot: people with intentions, hands with results, and offenders who react to what
// they are told.
#ifndef HALLWARDEN_TOOLS_HALLSIM_STORY_TRAFFIC_H_
#define HALLWARDEN_TOOLS_HALLSIM_STORY_TRAFFIC_H_

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "tools/hallsim/random.h"
#include "tools/hallsim/traffic.h"

namespace hallwarden::hallsim {

enum class Story {
  // A short day of a hall with a little of everything.
  kDemo,
  // Offenders who choose one violating name after the other until they are banned for good.
  kRepeatOffenders,
};

struct StoryOptions {
  Story story = Story::kDemo;
  std::uint64_t seed = 1;
  std::uint32_t accounts = 2000;
  std::string account_prefix = "p";
  // The first account of each archetype is called `demo-` and its archetype, so that people find
  // it.
  bool name_stars = true;
  std::int64_t start_us = 0;
  // Nobody answers (the events go to a file): offenders then follow a timetable instead of their
  // warnings.
  bool unanswered = false;
  // Banned players go on all the same, as on a server that does not obey.
  bool disobedient = false;
  // Banned offenders come back when their term is over in simulated time: for a daemon that takes
  // its time from the events.
  bool serve_terms = false;
};

class StoryTraffic final : public ObedientTraffic {
 public:
  explicit StoryTraffic(const StoryOptions& options);

  bool Next(v1::HallEvent* event) override;
  std::vector<std::string> LockedOut() override;
  void LetIn(const std::string& account) override;
  [[nodiscard]] std::vector<Label> Labels() const override;
  [[nodiscard]] std::map<std::string, std::int64_t> FinalStates() const override;

 protected:
  [[nodiscard]] std::int64_t Find(const std::string& account) const override;
  [[nodiscard]] bool Online(std::int64_t index) const override;
  [[nodiscard]] std::string HandOf(std::int64_t index) const override;
  void PutOut(std::int64_t index) override;
  void SetNickname(std::int64_t index, const std::string& nickname) override;
  void SetDefaultAvatar(std::int64_t index) override;
  void Warned(std::int64_t index, std::int64_t seen_us) override;
  void HeldChanged(std::int64_t index, const Held& held) override;

 private:
  enum class Role {
    kOrdinary,
    kTrickyName,      // innocent, with a name that simple lists hit
    kStubborn,        // a violating name, and another one after the warning
    kPolite,          // a violating name, and an innocent one after the warning
    kAdvertName,      // an advert in the name
    kAdvertChat,      // adverts in chat
    kAbusiveChat,     // insults in chat
    kPartner,         // came through a partner channel, plays as others do
    kPartnerStaller,  // came through a partner channel, drags every move
    kFarmSink,        // collects what its feeders lose
    kFarmFeeder,
    kAdvertAvatar,  // a contact as a QR code in the avatar
  };
  enum class Act { kRegister, kLogIn, kSit, kTurn, kSettle, kChat, kRename, kLogOut, kAvatar };

  struct Person {
    Role role = Role::kOrdinary;
    bool known = false;
    bool online = false;
    bool wants_to_leave = false;
    std::int32_t hand = -1;
    std::int32_t hands_left = 0;
    std::int32_t ring = -1;
    std::int32_t names = 0;
    std::int64_t gold = 20'000;
    std::int64_t leave_us = 0;
    std::string nickname;
    std::string account;
  };
  struct Hand {
    std::array<std::uint32_t, 3> seats{};
    std::uint32_t number = 0;
    std::int32_t turn = 0;
    std::int32_t turns = 0;
    bool friends = false;
    std::int64_t began_us = 0;
  };
  struct Item {
    std::int64_t at_us = 0;
    std::uint64_t order = 0;
    Act act = Act::kRegister;
    std::uint32_t subject = 0;

    friend bool operator>(const Item& a, const Item& b) {
      return a.at_us != b.at_us ? a.at_us > b.at_us : a.order > b.order;
    }
  };

  void CastDemo();
  void CastOffenders();
  void Cast(std::uint32_t count, Role role);
  void PlanDay();
  void At(std::int64_t at_us, Act act, std::uint32_t subject);
  void Do(const Item& item);
  void Register(std::uint32_t person);
  void LogIn(std::uint32_t person);
  void LogOut(std::uint32_t person);
  void Sit(std::uint32_t person);
  void StartHand(const std::array<std::uint32_t, 3>& seats, bool friends);
  void Turn(std::uint32_t hand);
  void Settle(std::uint32_t hand);
  void Chat(std::uint32_t person);
  void Rename(std::uint32_t person);
  void ChooseAvatar(std::uint32_t person);
  void Disband(std::uint32_t hand);
  v1::HallEvent* Make(std::uint32_t person);
  v1::HallEvent* MakeAt(std::uint32_t person, std::uint32_t hand);
  [[nodiscard]] std::string Channel(std::uint32_t person) const;
  std::string ViolatingName(std::uint32_t person);
  [[nodiscard]] bool ClimbsLadder(std::uint32_t person) const;
  void NamePeople();
  [[nodiscard]] const std::string& Name(std::uint32_t person) const;
  [[nodiscard]] std::string HandName(std::uint32_t hand) const;

  StoryOptions options_;
  Random random_;
  std::vector<Person> people_;
  std::vector<Hand> hands_;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> agenda_;
  std::uint64_t order_ = 0;
  std::map<std::string, std::uint32_t> by_account_;
  std::deque<v1::HallEvent> made_;
  std::deque<std::uint32_t> waiting_;
  std::map<std::int32_t, std::deque<std::uint32_t>> ring_waiting_;
  std::int64_t messages_ = 0;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_STORY_TRAFFIC_H_
