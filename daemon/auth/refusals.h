// Refusals as statuses: one form for all errors between our own parts, one ErrorInfo for clients.
#ifndef HALLWARDEN_DAEMON_AUTH_REFUSALS_H_
#define HALLWARDEN_DAEMON_AUTH_REFUSALS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"

#include "absl/status/status.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {

// Domain of every ErrorInfo of ours.
inline constexpr std::string_view kErrorDomain = "hallwarden";

// The refusal as a status that carries its reason and metadata. Requires: `code` is not OK.
[[nodiscard]] absl::Status ToStatus(const Refusal& refusal);

// The same from its parts. `metadata` repeats every value of the message.
[[nodiscard]] absl::Status RefusalStatus(
    absl::StatusCode code, std::string_view reason, std::string_view message,
    std::vector<std::pair<std::string, std::string>> metadata = {});

// True for what is wrong with a request or its target; false for OK and for what is wrong with the
// machinery, which a repeat may cure.
[[nodiscard]] bool IsRefusal(const absl::Status& status);

// The refusal in a status. Statuses that ToStatus did not make (of the store, of the sequencer) get
// a reason by their code. Of INTERNAL, UNKNOWN and DATA_LOSS the message stays behind: it tells of
// files and offsets, which is for the log and not for callers. Requires: `status` is not OK.
[[nodiscard]] Refusal RefusalOf(const absl::Status& status);

// What clients are told: reason, domain, metadata, and what to do next as `hint_zh` and `hint_en`.
[[nodiscard]] google::rpc::ErrorInfo ErrorInfoOf(const Refusal& refusal);

// A field of the request is wrong: INVALID_ARGUMENT, INVALID_FIELD. `field` is its path in the
// request, `what` says what would be right.
[[nodiscard]] absl::Status InvalidField(std::string_view field, std::string_view what);

// NOT_FOUND with the name of what was asked for.
[[nodiscard]] absl::Status NoSuch(std::string_view name);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUTH_REFUSALS_H_
