#include "tools/session/positions.h"

#include <cstddef>
#include <sstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::session {
namespace {

constexpr std::int64_t kAnsweredMax = 1'000'000;

}  // namespace

void ToValues(const Positions& positions, PositionValues* values) {
  (*values)["history_epoch"] = std::to_string(positions.history_epoch);
  (*values)["last_acked_seq"] = std::to_string(positions.last_acked_seq);
  (*values)["last_directive_seq"] = std::to_string(positions.last_directive_seq);
  // Runs of numbers as `first-last`: there may be thousands.
  std::string runs;
  const std::vector<std::int64_t>& answered = positions.answered;
  for (std::size_t i = 0; i < answered.size();) {
    std::size_t end = i + 1;
    while (end < answered.size() && answered[end] == answered[end - 1] + 1)
      ++end;
    absl::StrAppend(&runs, runs.empty() ? "" : ",", answered[i], "-", answered[end - 1]);
    i = end;
  }
  (*values)["answered"] = runs;
  if (!positions.audit_checkpoint.empty()) {
    (*values)["audit_checkpoint"] = positions.audit_checkpoint;
  }
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
  // Older files have none.
  const auto checkpoint = values.find("audit_checkpoint");
  if (checkpoint != values.end()) positions.audit_checkpoint = checkpoint->second;
  const auto answered = values.find("answered");
  if (answered == values.end()) return positions;
  std::istringstream list(answered->second);
  for (std::string run; std::getline(list, run, ',');) {
    const std::size_t dash = run.find('-');
    std::int64_t first = 0;
    std::int64_t last = 0;
    const bool good = dash != std::string::npos && absl::SimpleAtoi(run.substr(0, dash), &first) &&
                      absl::SimpleAtoi(run.substr(dash + 1), &last);
    const std::int64_t lowest =
        positions.answered.empty() ? positions.last_directive_seq : positions.answered.back();
    if (!good || first <= lowest || last < first || last - first > kAnsweredMax) {
      return absl::InvalidArgumentError("`answered` holds `" + run + "`");
    }
    for (std::int64_t seq = first; seq <= last; ++seq)
      positions.answered.push_back(seq);
  }
  return positions;
}

}  // namespace hallwarden::session
