// What the rules keep of an account's appeals. Lies beside its AccountCell, under the same id:
// together they are one entity.
#ifndef HALLWARDEN_RULES_STATE_APPEAL_CELL_H_
#define HALLWARDEN_RULES_STATE_APPEAL_CELL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/common.pb.h"

namespace hallwarden {

// One appeal, as far as later decisions depend on it. The whole appeal is in the store.
struct AppealMark {
  std::string id;        // ap_...
  std::string sanction;  // sn_...
  v1::AppealKind kind = v1::APPEAL_KIND_UNSPECIFIED;
  v1::AppealState state = v1::APPEAL_STATE_UNSPECIFIED;
  v1::AppealSide side = v1::APPEAL_SIDE_UNSPECIFIED;
  v1::AppealVerdict verdict = v1::APPEAL_VERDICT_UNSPECIFIED;
  v1::AppealObstacle obstacle = v1::APPEAL_OBSTACLE_UNSPECIFIED;
  bool english = false;       // the player is answered in English
  bool overdue = false;       // the desk missed its time
  bool told_waiting = false;  // the player knows that it takes longer
  bool from_server = false;   // a game server submitted it, and sees it
  bool notice_sent = false;   // what is to be shown went to a server, and was not answered yet
  std::uint32_t revision = 1;
  std::uint32_t messages = 0;
  std::uint32_t player_messages = 0;  // since the desk last spoke
  std::uint32_t notices = 0;          // directives so far
  std::int64_t create_us = 0;
  std::int64_t due_us = 0;  // 0: it is over
  std::int64_t first_answer_us = 0;
  std::int64_t end_us = 0;  // decided or withdrawn
  std::string submitter;    // principal
  // The last notice to the player until a game server showed it. Empty: none.
  std::string notice_zh;
  std::string notice_en;
  // The claim; holder empty: nobody's.
  std::string holder;
  v1::Role holder_role = v1::ROLE_UNSPECIFIED;
  std::int64_t claim_us = 0;
  std::int64_t lease_end_us = 0;

  friend bool operator==(const AppealMark&, const AppealMark&) = default;
};

struct AppealCell {
  std::vector<AppealMark> appeals;  // oldest first, none is ever removed: timers know their places

  // Messages of one appeal; the next one is refused.
  static constexpr std::uint32_t kMessagesMax = 50;

  // Null if there is none of this id.
  [[nodiscard]] AppealMark* Find(std::string_view id);
  // The one against this sanction that is not over; null if there is none.
  [[nodiscard]] AppealMark* FindOpen(std::string_view sanction);
  // When the `count`th last appeal was submitted; 0 if there are not so many. Requires: count > 0.
  [[nodiscard]] std::int64_t SubmittedBack(std::uint32_t count) const;
  // Decided appeals against this sanction; what ended without a decision does not count.
  [[nodiscard]] std::uint32_t DecidedAgainst(std::string_view sanction) const;
  // When the last of them was; 0: none was.
  [[nodiscard]] std::int64_t LastDecided(std::string_view sanction) const;

  void Encode(std::string* out) const;
  // False if the bytes are no cell of a version that this build knows.
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_APPEAL_CELL_H_
