// What the rules keep of how one account plays. Lies beside its AccountCell, under the same id:
// together they are one entity. Its size is bounded whatever its opponents do: see the limits
// below.
#ifndef HALLWARDEN_RULES_STATE_PLAY_CELL_H_
#define HALLWARDEN_RULES_STATE_PLAY_CELL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/state/codec.h"

namespace hallwarden {

// Capital of an e-process: milli-log10 per bet (rules/evidence).
using CapitalCell = std::array<std::int32_t, 4>;
inline constexpr std::int32_t kUnbetCapital = -1'000'000;
inline constexpr CapitalCell kUnbetCell{kUnbetCapital, kUnbetCapital, kUnbetCapital, kUnbetCapital};

// A hand that a GM should look at.
struct HandMark {
  std::string hand;
  std::int64_t event_us = 0;
};

// A claim that was made: not made again before it grew or time passed. Kinds are rules/play's
// ClaimKind.
struct ClaimMark {
  std::uint8_t kind = 0;
  std::int32_t level = 0;  // milli-log10 when it was made
  std::int64_t event_us = 0;
};

// How the account takes its turns.
struct StallCell {
  static constexpr std::size_t kHandsMax = 4;
  static constexpr std::uint32_t kOutcomes = 30;

  CapitalCell forced = kUnbetCell;  // waits on forced turns
  CapitalCell late = kUnbetCell;    // last-second moves by choice
  std::int64_t begin_us = 0;        // of the evidence
  std::int64_t aside_until_us = 0;  // turns before this are set aside: a connection broke
  std::uint64_t hand_hash = 0;      // hand in play
  std::uint32_t forced_turns = 0;
  std::uint32_t forced_waits = 0;
  std::uint32_t free_turns = 0;
  std::uint32_t late_turns = 0;
  std::uint32_t timeouts = 0;
  std::uint32_t auto_turns = 0;
  std::uint32_t aside_turns = 0;
  std::uint32_t unknown_choice = 0;  // free turns of which the choice was not told
  // Of the current hand.
  std::uint16_t hand_turns = 0;
  std::uint16_t hand_dragged = 0;
  std::uint16_t hand_timeouts = 0;
  std::uint16_t hand_auto = 0;
  bool hand_came_back = false;  // a turn of his own after auto-play
  // Of the hand before, by hash, for what its result tells.
  std::uint64_t last_hand_hash = 0;
  std::uint16_t last_turns = 0;
  std::uint16_t last_dragged = 0;
  // Turns and dragged turns in hands lost and won.
  std::uint32_t lost_turns = 0;
  std::uint32_t lost_dragged = 0;
  std::uint32_t won_turns = 0;
  std::uint32_t won_dragged = 0;
  // Outcomes of the last hands, newest in the lowest four bits (rules/play's HandOutcome).
  std::array<std::uint64_t, 2> outcomes{};
  std::uint8_t outcome_count = 0;
  std::uint8_t clean_run = 0;
  std::vector<HandMark> hands;  // at most kHandsMax, where he dragged most lately
};

// One opponent, from this account's side.
struct RivalCell {
  std::string account;
  std::uint32_t hands = 0;  // decided hands on opposing sides
  std::uint32_t won = 0;
  std::int64_t gold = 0;          // from him to this account
  std::int64_t stakes_milli = 0;  // the same in base stakes
  CapitalCell pair{};             // "he loses to this account on purpose"
  std::uint32_t met = 0;          // matchmade hands together since hazard_begin
  std::int64_t hazard_begin = 0;  // the account's hazard when they were first noticed
  CapitalCell joint{};            // "they win together at the cost of the others"
  std::uint32_t joint_hands = 0;
  std::uint32_t joint_won = 0;
  CapitalCell quick{};  // "he gives up quickly against this account"
  std::uint32_t quick_losses = 0;
  std::uint32_t losses = 0;  // of his
  CapitalCell alternate{};   // "they take turns in winning"
  std::uint32_t alternations = 0;
  bool won_last = false;
  std::int64_t first_us = 0;
  std::int64_t last_us = 0;
};

// One account that feeds, or may feed, this one.
struct FeederCell {
  std::string account;
  std::uint32_t hands = 0;
  std::uint32_t lost = 0;
  std::int64_t gold = 0;
  std::int64_t stakes_milli = 0;
  std::uint8_t links = 0;  // bit 1 << v1::RegistrationLink, to the receiver or to other feeders
  bool young = false;
  bool partner = false;
  bool mule = false;  // itself fed
  std::int32_t register_day = 0;
  std::uint64_t device = 0;
  std::uint64_t ip = 0;
  std::uint64_t channel = 0;
  std::uint64_t inviter = 0;
  std::uint64_t name = 0;
  std::int64_t last_us = 0;
};

// Hands at the table. Made with the first settled hand.
struct TableCell {
  static constexpr std::size_t kRecentMax = 64;
  static constexpr std::size_t kRivalsMax = 12;
  static constexpr std::size_t kFeedersMax = 48;
  static constexpr std::size_t kHandsMax = 6;

  // Fingerprints of the last opponents: who is here twice is worth a place among the rivals.
  std::vector<std::uint16_t> recent;
  std::uint8_t recent_at = 0;
  std::uint8_t recent_distinct = 0;
  std::int64_t hazard_micro = 0;  // chances so far to meet any one other, in millionths
  std::uint32_t hands = 0;
  std::uint32_t won = 0;
  std::int64_t mean_duration_ms = 0;  // of ordinary hands; 0: unknown
  // Against those who are no rivals.
  std::uint32_t field_hands = 0;
  std::uint32_t field_won = 0;
  std::vector<RivalCell> rivals;
  // As a receiver, from begin_us on.
  std::int64_t begin_us = 0;
  CapitalCell sink{};
  CapitalCell linked{};  // "those who lose to him are linked by registration"
  std::uint32_t sink_hands = 0;
  std::uint32_t sink_won = 0;
  std::int64_t sink_gold = 0;
  std::int64_t sink_stakes_milli = 0;
  std::uint32_t feeder_count = 0;  // distinct, also beyond the list
  std::vector<FeederCell> feeders;
  // Abnormal winning, from winning_begin_us on.
  std::int64_t winning_begin_us = 0;
  CapitalCell winning{};
  std::uint32_t winning_hands = 0;
  std::uint32_t winning_won = 0;
  std::vector<HandMark> fed_hands;  // at most kHandsMax
};

// Where gold came from and went, outside of play and in it.
struct GoldCell {
  std::int64_t granted = 0;
  std::int64_t topped_up = 0;
  std::int64_t gift_in = 0;
  std::int64_t gift_out = 0;
  std::int64_t exchanged = 0;
  std::int64_t won = 0;
  std::int64_t lost = 0;
  // Gifts since week_us: who pays and who is paid, as small sets.
  std::int64_t week_us = 0;
  std::uint64_t payers = 0;  // linear counting over 64 bits
  std::uint64_t payees = 0;
  std::int64_t week_in = 0;
  std::int64_t week_out = 0;
  // The one that got most of it lately.
  std::string top_payee;
  std::int64_t top_payee_gold = 0;
};

// Where the account logs in from.
struct LoginCell {
  static constexpr std::size_t kKnownMax = 6;

  std::vector<std::uint64_t> devices;  // oldest first
  std::vector<std::uint64_t> ips;
  std::uint32_t logins = 0;
  std::int64_t first_us = 0;
  std::int64_t break_us = 0;  // a login from a device and an address never seen before
  std::int64_t out_since_break = 0;
};

// Time spent, for the score of unhealthy play.
struct TimeCell {
  std::int32_t day = 0;  // local day
  std::int32_t minutes = 0;
  std::int32_t night_minutes = 0;
  std::int32_t minor_minutes = 0;  // outside a minor's hours
  std::int32_t auto_minutes = 0;
  std::int32_t top_ups = 0;  // after a loss, that day
  // Decayed by a seventh a day.
  std::int32_t week_minutes = 0;
  std::int32_t week_night = 0;
  std::int32_t week_minor = 0;
  std::int32_t week_top_ups = 0;
};

struct PlayCell {
  // Registration, as later facts tell it to others.
  std::int32_t register_day = 0;  // days since the epoch; 0: unknown
  std::int64_t register_us = 0;
  std::uint64_t device = 0;
  std::uint64_t ip = 0;
  std::uint64_t channel = 0;
  std::uint64_t inviter = 0;
  std::uint64_t name = 0;  // of the nickname without its digits
  std::uint32_t hands = 0;
  // Restarts of the evidence by decisions; what was before does not count any more.
  std::int64_t cleared_us = 0;
  std::vector<ClaimMark> claims;
  std::unique_ptr<StallCell> stall;
  std::unique_ptr<TableCell> table;
  std::unique_ptr<GoldCell> gold;
  std::unique_ptr<LoginCell> login;
  std::unique_ptr<TimeCell> time;

  PlayCell() = default;
  PlayCell(const PlayCell& other);
  PlayCell& operator=(const PlayCell& other);
  PlayCell(PlayCell&&) noexcept = default;
  PlayCell& operator=(PlayCell&&) noexcept = default;
  ~PlayCell() = default;

  // Made when missing.
  StallCell& Stall();
  TableCell& Table();
  GoldCell& Gold();
  LoginCell& Login();
  TimeCell& Time();
  // Null if it was never made.
  [[nodiscard]] ClaimMark* FindClaim(std::uint8_t kind);

  void Encode(std::string* out) const;
  // False if the bytes are no cell of a version that this build knows.
  [[nodiscard]] bool Decode(std::string_view bytes);

  // Bytes that it takes in memory, the lists included. For reports.
  [[nodiscard]] std::size_t MemoryBytes() const;
};

// How one game server is doing: whether what its players do may be blamed on them.
struct ServiceCell {
  static constexpr std::size_t kSpansMax = 16;
  static constexpr std::size_t kRecentMax = 64;

  struct Span {
    std::int64_t begin_us = 0;
    std::int64_t end_us = 0;  // 0: not over yet
  };
  // Something that went wrong for one player; each counts once.
  struct Sign {
    std::int64_t event_us = 0;
    std::uint64_t who = 0;
  };
  std::int64_t sessions = 0;
  std::vector<Span> spans;  // incidents and outages, oldest first
  std::vector<Sign> drops;  // broken connections of late
  std::vector<Sign> lates;  // dragged turns of late

  // True if anything in [from, to] may be the service's fault.
  [[nodiscard]] bool Troubled(std::int64_t from_us, std::int64_t to_us) const;
  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_PLAY_CELL_H_
