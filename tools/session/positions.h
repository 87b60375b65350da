// A session's positions, and their form in a PositionFile.
#ifndef HALLWARDEN_TOOLS_SESSION_POSITIONS_H_
#define HALLWARDEN_TOOLS_SESSION_POSITIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/session/position_file.h"

namespace hallwarden::session {

// What a client must still know after a crash.
struct Positions {
  // Highest history epoch seen. 0: never connected.
  std::int64_t history_epoch = 0;
  // Everything up to here was acknowledged.
  std::int64_t last_acked_seq = 0;
  // Every directive up to here was applied and persisted, and its answer has certainly arrived: the
  // daemon sends what it has no answer to from the next one on.
  std::int64_t last_directive_seq = 0;
  // Directives above it that were answered, in rising order; their answers may still be lost.
  std::vector<std::int64_t> answered = {};
  // Newest checkpoint of the daemon's audit, as the line of audit.proto; empty: none was seen. Kept
  // as a witness: compare it with `gmctl audit verify --against`.
  std::string audit_checkpoint = {};

  friend bool operator==(const Positions&, const Positions&) = default;
};

// Adds the positions to `values`.
void ToValues(const Positions& positions, PositionValues* values);
// INVALID_ARGUMENT when a value is missing or makes no sense.
absl::StatusOr<Positions> FromValues(const PositionValues& values);

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_POSITIONS_H_
