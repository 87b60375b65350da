// token create|ls|revoke, store accept-restore, clock accept, audit ls|show
#include <memory>
#include <string>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

std::string WithPrefix(std::string_view prefix, const std::string& id) {
  return id.starts_with(prefix) ? id : Cat({prefix, id});
}

absl::Status MissingFlag(Context& context, std::string_view flag, const std::string& list) {
  return UsageProblem("err.args.flag_missing",
                      {{"flag", std::string(flag)},
                       {"command", std::string(context.args().command().path)},
                       {"list", list}});
}

absl::StatusOr<v1::CreateTokenRequest> ReadTokenRequest(Context& context) {
  const Args& args = context.args();
  v1::CreateTokenRequest request;
  if (!args.Has("principal")) return MissingFlag(context, "--principal", "gm-li, hall-17, ...");
  if (!args.Has("role")) {
    return MissingFlag(context, "--role", Join(TypedWords(Vocabulary::kRole), ", "));
  }
  request.set_principal(args.Get("principal"));
  const absl::StatusOr<int> role = ReadWord(Vocabulary::kRole, args.Get("role"));
  if (!role.ok()) return role.status();
  request.set_role(static_cast<v1::Role>(*role));
  if (args.Has("for")) {
    const absl::StatusOr<absl::Duration> lifetime = ParseTerm(args.Get("for"));
    if (!lifetime.ok()) return lifetime.status();
    ToProto(*lifetime, *request.mutable_lifetime());
  }
  return request;
}

// The one time when a secret is shown: to its maker, as data or in a file of his own.
absl::Status HandOverSecret(Context& context, const v1::CreateTokenResponse& answer) {
  const std::string id = ShortId(answer.token().name());
  if (answer.secret().empty()) {
    return Problem(ExitCode::kError, "err.token.told_already", {{"id", id}});
  }
  const std::string& path = context.args().Get("save");
  if (!path.empty()) {
    HW_RETURN_IF_ERROR(CreatePrivateFile(path, answer.secret() + "\n"));
    context.Talk(context.Text("msg.token_saved", {{"id", id}, {"path", path}}));
    return absl::OkStatus();
  }
  context.Talk(context.Text("msg.token_shown", {{"id", id}}));
  if (context.for_people() || !context.args().Has("output")) {
    context.Out(Guard(answer.secret()) + "\n");
    return absl::OkStatus();
  }
  Sheet sheet;
  sheet.single = true;
  sheet.columns = {{.key = "token"}, {.key = "secret"}};
  sheet.rows.push_back(
      Row{.cells = {SameCell(Guard(answer.token().name())), SameCell(Guard(answer.secret()))},
          .value = Value::FromMessage(answer, context.look().zone()),
          .name = answer.token().name()});
  return context.Print(sheet);
}

// Makes the plan that CreateToken's answer has no room for.
v1::ActionResponse TokenPlan(const v1::CreateTokenResponse& answer, const Look& look) {
  v1::ActionResponse plan;
  const auto add = [&plan](const std::string& key, const std::string& value) {
    v1::PlanLine& line = *plan.add_lines();
    line.set_key(key);
    line.mutable_after()->set_en(value);
    line.mutable_after()->set_zh(value);
  };
  add("principal", answer.token().principal());
  add("role", WordFor(Vocabulary::kRole, answer.token().role(), look.catalogue()));
  if (answer.token().has_expire_time()) add("expires", look.Moment(answer.token().expire_time()));
  return plan;
}

}  // namespace

absl::Status CommandTokenCreate(Context& context) {
  const absl::StatusOr<v1::CreateTokenRequest> request = ReadTokenRequest(context);
  if (!request.ok()) return request.status();
  const std::string& path = context.args().Get("save");
  if (!path.empty() && FileExists(path)) return UsageProblem("err.file.exists", {{"path", path}});
  const absl::StatusOr<Client*> connected = context.Daemon();
  if (!connected.ok()) return connected.status();
  Client* const daemon = *connected;
  const auto made = std::make_shared<v1::CreateTokenResponse>();
  Order order;
  order.method = "CreateToken";
  order.body = request->SerializeAsString();
  order.target = request->principal();
  order.least_level = 1;
  order.send = [daemon, request = *request, made, look = context.look()](
                   const v1::ActionOptions& options) -> absl::StatusOr<v1::ActionResponse> {
    v1::CreateTokenRequest full = request;
    *full.mutable_options() = options;
    const auto answer = daemon->CreateToken(full);
    if (!answer.ok()) return answer.status();
    *made = *answer;
    if (!made->has_token()) {
      made->mutable_token()->set_principal(request.principal());
      made->mutable_token()->set_role(request.role());
    }
    return TokenPlan(*made, look);
  };
  order.report = [made](Context& where, const v1::ActionResponse&) {
    return HandOverSecret(where, *made);
  };
  return GiveOrder(context, order);
}

absl::Status CommandTokenList(Context& context) {
  v1::ListTokensRequest request;
  request.set_include_ended(context.args().Has("closed"));
  return PrintPages(
      context, TokenSheet(), request, &Client::ListTokens,
      [](const auto& page) -> const auto& { return page.tokens(); });
}

absl::Status CommandTokenRevoke(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::RevokeTokenRequest request;
  request.set_name(WithPrefix("tokens/", context.args().At(0)));
  Order order = MakeOrder(**daemon, "RevokeToken", request, &Client::RevokeToken);
  order.target = ShortId(request.name());
  order.least_level = 1;
  return GiveOrder(context, order);
}

absl::Status CommandStoreAcceptRestore(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order =
      MakeOrder(**daemon, "AcceptRestore", v1::AcceptRestoreRequest(), &Client::AcceptRestore);
  order.target = "accept-restore";
  order.least_level = 2;
  return GiveOrder(context, order);
}

absl::Status CommandClockAccept(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "AcceptClock", v1::AcceptClockRequest(), &Client::AcceptClock);
  order.target = "accept-clock";
  order.least_level = 1;
  return GiveOrder(context, order);
}

absl::Status CommandAuditList(Context& context) {
  const Args& args = context.args();
  v1::ListAuditRecordsRequest request;
  request.set_principal(args.Get("principal"));
  const std::string& method = args.Get("method");
  const bool full = method.empty() || method.find('.') != std::string::npos;
  request.set_method(full ? method : Cat({"GmService.", method}));
  if (args.Has("account")) {
    const absl::StatusOr<std::string> account = ResolveAccount(context, args.Get("account"));
    if (!account.ok()) return account.status();
    request.set_account(*account);
  }
  if (args.Has("since")) {
    const auto since = ParseSince(args.Get("since"), context.manner().zone, context.look().now());
    if (!since.ok()) return since.status();
    ToProto(*since, *request.mutable_since_time());
  }
  return PrintPages(
      context, AuditSheet(), request, &Client::ListAuditRecords,
      [](const auto& page) -> const auto& { return page.records(); });
}

absl::Status CommandAuditShow(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetAuditRecordRequest request;
  request.set_name(WithPrefix("audit/", context.args().At(0)));
  const auto record = (*daemon)->GetAuditRecord(request);
  if (!record.ok()) return record.status();
  Sheet sheet = AuditSheet();
  AddRow(sheet, *record, context.look());
  return PrintOne(context, std::move(sheet));
}

}  // namespace hallwarden::gmctl
