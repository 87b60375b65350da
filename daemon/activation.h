// What the engine is made of, and the record that says so.
#ifndef HALLWARDEN_DAEMON_ACTIVATION_H_
#define HALLWARDEN_DAEMON_ACTIVATION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// The activation in force and the one that this build needs.
struct ActivationPlan {
  // Set if the journal must say that the engine is another one from here on.
  std::optional<v1::EngineActivated> next;
  // Artefact of the policy that was given, if it is another one than the store's, which is in
  // force.
  std::string ignored_policy;
};

// Stores what this build brings along (word list, for a new store the policy) and compares it with
// what the journal says. `initial_policy` empty: the built-in one. `hint_file` as in
// SequencerOptions. FAILED_PRECONDITION with what to do if this build must not go on: the tail
// behind the checkpoint was decided by another engine, so replaying it here would decide otherwise.
[[nodiscard]] absl::StatusOr<ActivationPlan> PlanActivation(storage::Store* store,
                                                            const std::string& initial_policy,
                                                            const std::string& hint_file);

// For a store that is open for reading only: nothing is stored, nothing to be activated. Errors as
// above.
[[nodiscard]] absl::StatusOr<ActivationPlan> ReadActivation(storage::Store* store,
                                                            const std::string& hint_file);

// Remembers where an EngineActivated stands. INTERNAL if the file cannot be written.
[[nodiscard]] absl::Status WriteActivationHint(const std::string& hint_file,
                                               std::uint64_t position);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_ACTIVATION_H_
