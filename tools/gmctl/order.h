// How an order is given: ask the daemon what it would do, show that, have it confirmed, write the
// request down, send it, and repeat it with the same request id until there is an answer.
//
// - Plan and order carry the same base of a request id; the order's etag is the one that the plan
//   was made for, so that an order never hits a state that nobody looked at (`--no-pin` to skip).
// - The request is on this host's disk before it is first sent. After a lost answer `--request-id`
//   sends the very same bytes again, without a new plan: the daemon answers as the first time.
#ifndef HALLWARDEN_TOOLS_GMCTL_ORDER_H_
#define HALLWARDEN_TOOLS_GMCTL_ORDER_H_

#include <functional>
#include <string>
#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "tools/gmctl/context.h"
#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

struct Order {
  std::string method;  // For example `PunishAccount`.
  std::string target;  // What is typed at confirmation level 2: the account, or the resource's id.
  std::string body;    // The request without its options, serialized.
  std::string etag;    // Of the target as it was read. Empty: the plan's.
  bool needs_reason = true;
  int least_level = 0;  // Where the daemon's answer knows no level of confirmation.
  std::function<absl::StatusOr<v1::ActionResponse>(const v1::ActionOptions&)> send;
  // Says what came of it. Empty: ReportAction.
  std::function<absl::Status(Context&, const v1::ActionResponse&)> report;
  // Shows more of a plan than its lines, for example the diagnostics of a policy.
  std::function<void(Context&)> show_more;
};

// An order that sends `request` by `call`, a member of Client.
template <typename Request>
[[nodiscard]] Order MakeOrder(Client& client, std::string method, const Request& request,
                              absl::StatusOr<v1::ActionResponse> (Client::*call)(const Request&)) {
  Order order;
  order.method = std::move(method);
  order.body = request.SerializeAsString();
  order.send = [&client, request, call](const v1::ActionOptions& options) {
    Request full = request;
    *full.mutable_options() = options;
    return (client.*call)(full);
  };
  return order;
}

// Gives the order, or only plans it with --dry-run. A dry run that would change something is a
// quiet problem with exit code 6.
[[nodiscard]] absl::Status GiveOrder(Context& context, const Order& order);

// Prints what an order did.
[[nodiscard]] absl::Status ReportAction(Context& context, const v1::ActionResponse& answer);

// The parts, for commands that send several requests.

// The base of the request ids: --request-id, or a new one.
[[nodiscard]] absl::StatusOr<std::string> RequestIdBase(Context& context);
// --reason, asked for on a terminal; missing otherwise: a usage problem.
[[nodiscard]] absl::StatusOr<std::string> ReadReason(Context& context);
// Asks as hard as `level` says. OK: go on.
[[nodiscard]] absl::Status Confirm(Context& context, int level, const std::string& target);
// The advice how to repeat a call whose answer was lost; other errors stay as they are.
[[nodiscard]] absl::Status AdviseRetry(Context& context, absl::Status status,
                                       const std::string& id);
// Whether a plan changes anything.
[[nodiscard]] bool WouldChange(const v1::ActionResponse& plan);
// Ends a command with `code` and without words.
[[nodiscard]] absl::Status QuietExit(ExitCode code);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_ORDER_H_
