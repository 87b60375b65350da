#include "tools/session/positions.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "absl/strings/str_join.h"

namespace hallwarden::session {

void ToValues(const Positions& positions, PositionValues* values) {
  (*values)["history_epoch"] = std::to_string(positions.history_epoch);
  (*values)["last_acked_seq"] = std::to_string(positions.last_acked_seq);
  (*values)["last_directive_seq"] = std::to_string(positions.last_directive_seq);
  (*values)["answered"] = absl::StrJoin(positions.answered, ",");
}

absl::StatusOr<Positions> FromValues(const PositionValues& values) {
  Positions positions;
  struct Number {
    const char* name;
    std::int64_t* value;
  };
  for (const Number& number : {Number{"history_epoch", &positions.history_epoch},
                               Number{"last_acked_seq", &positions.last_acked_seq},
                               Number{"last_directive_seq", &positions.last_directive_seq}}) {
    absl::StatusOr<std::int64_t> value = PositionNumber(values, number.name);
    if (!value.ok()) return value.status();
    if (*value < 0) return absl::InvalidArgumentError(std::string(number.name) + " is negative");
    *number.value = *value;
  }
  const auto answered = values.find("answered");
  if (answered == values.end()) return positions;
  std::istringstream list(answered->second);
  for (std::string word; std::getline(list, word, ',');) {
    absl::StatusOr<std::int64_t> seq = PositionNumber({{"seq", word}}, "seq");
    if (!seq.ok()) return seq.status();
    positions.answered.push_back(*seq);
  }
  if (!std::is_sorted(positions.answered.begin(), positions.answered.end())) {
    return absl::InvalidArgumentError("`answered` is not in order");
  }
  return positions;
}

}  // namespace hallwarden::session
