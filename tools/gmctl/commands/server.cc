// server ls|show|quarantine|release|retire|caused|reverse, rule ls|release
#include <string>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

std::string Named(std::string_view prefix, const std::string& id) {
  return id.starts_with(prefix) ? id : Cat({prefix, id});
}

std::string ServerAt(Context& context) {
  return Named("servers/", context.args().At(0));
}

// --since, which a reversal must have: what it means must never be guessed.
absl::Status ReadSince(Context& context, google::protobuf::Timestamp* since) {
  const auto moment =
      ParseSince(context.args().Get("since"), context.manner().zone, context.look().now());
  if (!moment.ok()) return moment.status();
  ToProto(*moment, *since);
  return absl::OkStatus();
}

template <typename Request>
absl::Status GiveNamed(Context& context, const std::string& name, std::string method,
                       absl::StatusOr<v1::ActionResponse> (Client::*call)(const Request&)) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Request request;
  request.set_name(name);
  Order order = MakeOrder(**daemon, std::move(method), request, call);
  order.target = ShortId(name);
  order.least_level = 1;
  return GiveOrder(context, order);
}

}  // namespace

absl::Status CommandServerList(Context& context) {
  return PrintPages(
      context, ServerSheet(), v1::ListServersRequest(), &Client::ListServers,
      [](const auto& page) -> const auto& { return page.servers(); });
}

absl::Status CommandServerShow(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetServerRequest request;
  request.set_name(ServerAt(context));
  const auto server = (*daemon)->GetServer(request);
  if (!server.ok()) return server.status();
  return PrintOne(context, ServerDetailSheet(*server, context.look()));
}

absl::Status CommandServerRetire(Context& context) {
  return GiveNamed<v1::RetireServerRequest>(context, ServerAt(context), "RetireServer",
                                            &Client::RetireServer);
}

absl::Status CommandServerQuarantine(Context& context) {
  return GiveNamed<v1::QuarantineServerRequest>(context, ServerAt(context), "QuarantineServer",
                                                &Client::QuarantineServer);
}

absl::Status CommandServerRelease(Context& context) {
  return GiveNamed<v1::ReleaseServerRequest>(context, ServerAt(context), "ReleaseServer",
                                             &Client::ReleaseServer);
}

absl::Status CommandServerCaused(Context& context) {
  v1::ListCausedRequest request;
  request.set_parent(ServerAt(context));
  if (context.args().Has("since")) {
    HW_RETURN_IF_ERROR(ReadSince(context, request.mutable_since_time()));
  }
  return PrintPages(
      context, CausedSheet(), request, &Client::ListCaused,
      [](const auto& page) -> const auto& { return page.caused(); });
}

absl::Status CommandServerReverse(Context& context) {
  if (!context.args().Has("since")) {
    return UsageProblem("err.args.flag_missing",
                        {{"flag", "--since"},
                         {"command", std::string(context.args().command().path)},
                         {"list", "2h, 1d, \"2026-09-01 20:00\", ..."}});
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ReverseServerRequest request;
  request.set_name(ServerAt(context));
  HW_RETURN_IF_ERROR(ReadSince(context, request.mutable_since_time()));
  Order order = MakeOrder(**daemon, "ReverseServer", request, &Client::ReverseServer);
  order.target = ShortId(request.name());
  order.least_level = 2;
  order.report = [name = ShortId(request.name())](Context& where,
                                                  const v1::ActionResponse& answer) {
    HW_RETURN_IF_ERROR(ReportAction(where, answer));
    where.Talk(where.Text("msg.reversal_began", {{"server", name}}));
    return absl::OkStatus();
  };
  return GiveOrder(context, order);
}

absl::Status CommandRuleList(Context& context) {
  return PrintPages(
      context, RuleSheet(), v1::ListRulesRequest(), &Client::ListRules,
      [](const auto& page) -> const auto& { return page.rules(); });
}

absl::Status CommandRuleRelease(Context& context) {
  return GiveNamed<v1::ReleaseRuleRequest>(context, Named("rules/", context.args().At(0)),
                                           "ReleaseRule", &Client::ReleaseRule);
}

}  // namespace hallwarden::gmctl
