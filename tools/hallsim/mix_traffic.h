// Traffic with the proportions of a busy hall, without a plot: for load, benchmarks and soak tests.
#ifndef HALLWARDEN_TOOLS_HALLSIM_MIX_TRAFFIC_H_
#define HALLWARDEN_TOOLS_HALLSIM_MIX_TRAFFIC_H_

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/hallsim/random.h"
#include "tools/hallsim/traffic.h"

namespace hallwarden::hallsim {

enum class Popularity {
  // The busiest accounts make most of the traffic: 1 / rank^0.9.
  kZipf09,
  kUniform,
};

struct MixOptions {
  std::uint64_t seed = 1;
  // Accounts of this server, 3 to 2^31.
  std::uint32_t accounts = 10'000;
  Popularity popularity = Popularity::kZipf09;
  // Account n is called prefix + n in eight digits.
  std::string account_prefix = "u";
  // Event time of the first event, and how far each event is from the one before.
  std::int64_t start_us = 0;
  std::int64_t step_ns = 1'000'000;
  // Registers every account first (one event each), which keeps the proportions of what follows
  // exact. Without it an account logs in when it is first chosen.
  bool prologue = true;
  // The accounts exist already: they log in, instead of being registered.
  bool login_only = false;
  // The accounts exist and are logged in, as an earlier run left them. No prologue.
  bool online = false;
  // Accounts that break the handbook in name and chat.
  std::uint32_t violators_per_mille = 2;
  // Banned players go on all the same, as on a server that does not obey.
  bool disobedient = false;
};

// In thousandths of all events after the prologue: 700 turns, 120 chat lines, 80 settlements, 40
// logged in or out, 30 gold moves, 30 others. Endless: Next is always true.
class MixTraffic final : public ObedientTraffic {
 public:
  explicit MixTraffic(const MixOptions& options);

  bool Next(v1::HallEvent* event) override;
  [[nodiscard]] std::vector<Label> Labels() const override;
  [[nodiscard]] std::map<std::string, std::int64_t> FinalStates() const override;

 protected:
  [[nodiscard]] std::int64_t Find(const std::string& account) const override;
  [[nodiscard]] bool Online(std::int64_t index) const override;
  [[nodiscard]] std::string HandOf(std::int64_t index) const override;
  void PutOut(std::int64_t index) override;
  void SetNickname(std::int64_t index, const std::string& nickname) override;
  void HeldChanged(std::int64_t index, const Held& held) override;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr int kSeats = 3;

  struct Player {
    std::uint32_t table = kNone;
    std::int32_t gold = 20'000;
    bool known = false;
    bool online = false;
    bool locked_out = false;
  };
  struct Table {
    std::array<std::uint32_t, kSeats> seats{kNone, kNone, kNone};
    std::uint32_t hand = 0;
    std::uint32_t turn = 0;
    bool in_use = false;
  };

  std::uint32_t PickAny();
  std::uint32_t PickOnline();
  void Begin(std::uint32_t player, v1::HallEvent* event);
  void AtTable(std::uint32_t table, v1::HallEvent* event) const;
  void LogIn(std::uint32_t player, v1::HallEvent* event);
  void LogOut(std::uint32_t player, v1::HallEvent* event);
  std::uint32_t Seat(std::uint32_t player);
  void Leave(std::uint32_t player);
  void Turn(std::uint32_t player, v1::HallEvent* event);
  void Chat(std::uint32_t player, v1::HallEvent* event);
  void Settle(std::uint32_t player, v1::HallEvent* event);
  void GoldMove(std::uint32_t player, v1::HallEvent* event);
  void Other(std::uint32_t player, v1::HallEvent* event);
  [[nodiscard]] bool IsViolator(std::uint32_t player) const;
  [[nodiscard]] std::string Name(std::uint32_t player) const;
  [[nodiscard]] std::string HandName(std::uint32_t table) const;
  [[nodiscard]] static std::string Channel(std::uint32_t player);
  [[nodiscard]] std::string Ip(std::uint32_t player) const;
  std::string Nickname(std::uint32_t player);

  MixOptions options_;
  Random random_;
  std::optional<Zipf09> zipf_;
  std::int64_t made_ = 0;
  std::uint32_t prologue_next_ = 0;
  // Log-ins beyond the log-ins' share, made because a chosen account was away.
  std::int64_t login_debt_ = 0;
  std::uint32_t hands_ = 0;
  std::int64_t messages_ = 0;
  std::vector<Player> players_;
  std::vector<Table> tables_;
  std::vector<std::uint32_t> free_tables_;
  std::deque<v1::HallEvent> forced_;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_MIX_TRAFFIC_H_
