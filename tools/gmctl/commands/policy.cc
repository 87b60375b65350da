// policy show|check|apply|history
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLargestPolicyBytes = std::size_t{1024} * 1024;

// The policy as the daemon judged it, kept across the plan and the order.
struct Judgement {
  v1::ApplyPolicyResponse answer;
};

bool HasFatal(const v1::ApplyPolicyResponse& answer) {
  for (const v1::Diagnostic& one : answer.diagnostics()) {
    if (one.fatal()) return true;
  }
  return false;
}

// `file:line:column: error: what` and the hint below: editors know how to follow that.
std::string DiagnosticLines(const v1::ApplyPolicyResponse& answer, const Catalogue& text) {
  std::string out;
  for (const v1::Diagnostic& one : answer.diagnostics()) {
    const std::string grade = one.fatal() ? Tinted(kTintRed, text.Text("word.fatal"))
                                          : Tinted(kTintYellow, text.Text("word.warning"));
    out += Cat({Guard(one.file()), ":", std::to_string(one.line()), ":",
                std::to_string(one.column()), ": ", grade, ": ", Guard(one.reason()), "\n"});
    if (!one.hint().empty()) out += Cat({"    ", text.Text("word.hint"), Guard(one.hint()), "\n"});
  }
  return out;
}

v1::ActionResponse AsAction(const v1::ApplyPolicyResponse& answer) {
  v1::ActionResponse action;
  *action.mutable_lines() = answer.lines();
  action.set_dry_run(answer.dry_run());
  return action;
}

absl::StatusOr<v1::ApplyPolicyRequest> ReadPolicy(Context& context) {
  const std::string& path = context.args().At(0);
  v1::ApplyPolicyRequest request;
  request.set_file(path);
  if (path == "-") {
    request.set_source(context.world().console.ReadAll(kLargestPolicyBytes));
  } else {
    const absl::StatusOr<std::string> source = ReadFile(path, kLargestPolicyBytes);
    if (!source.ok()) return source.status();
    request.set_source(*source);
  }
  if (!IsValidUtf8(request.source())) return UsageProblem("err.policy.utf8", {{"path", path}});
  return request;
}

absl::Status PrintJudgement(Context& context, const v1::ApplyPolicyResponse& answer) {
  if (context.for_people()) {
    context.Out(DiagnosticLines(answer, context.catalogue()));
    return absl::OkStatus();
  }
  Sheet sheet = DiagnosticSheet();
  for (const v1::Diagnostic& one : answer.diagnostics())
    AddRow(sheet, one, context.look());
  return context.Print(sheet);
}

}  // namespace

absl::Status CommandPolicyShow(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const std::string& which = context.args().At(0);
  v1::GetPolicyRequest request;
  const std::string id = which.empty() ? "-" : which;
  request.set_name(id.starts_with("policies/") ? id : "policies/" + id);
  const auto policy = (*daemon)->GetPolicy(request);
  if (!policy.ok()) return policy.status();
  if (context.args().Has("save")) {
    // The bytes as they were applied: what is printed has its tabs and invisible characters shown.
    HW_RETURN_IF_ERROR(
        WritePrivateFile(context.args().Get("save"), policy->source(), Durability::kOnDisk));
    context.Talk(context.Text("msg.saved", {{"path", context.args().Get("save")}}));
    return absl::OkStatus();
  }
  const Format format = context.manner().sheet.format;
  if (context.for_people() || (format == Format::kTsv && !context.args().Has("output"))) {
    context.Talk(context.Text("msg.policy_head",
                              {{"name", ShortId(policy->name())},
                               {"title", policy->policy().title()},
                               {"by", ActorWord(policy->actor(), context.look())},
                               {"time", context.look().Moment(policy->activate_time())}}));
    std::string source = policy->source();
    for (std::size_t at = source.find('\t'); at != std::string::npos; at = source.find('\t', at)) {
      source.replace(at, 1, "  ");
    }
    if (!source.ends_with('\n')) source += '\n';
    context.Out(GuardLines(source));
    return absl::OkStatus();
  }
  Sheet sheet = PolicySheet();
  sheet.single = true;
  AddRow(sheet, *policy, context.look());
  return context.Print(sheet);
}

absl::Status CommandPolicyCheck(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  absl::StatusOr<v1::ApplyPolicyRequest> request = ReadPolicy(context);
  if (!request.ok()) return request.status();
  request->mutable_options()->set_validate_only(true);
  request->mutable_options()->set_request_id(context.world().new_uuid() + "-plan");
  request->mutable_options()->set_reason("gmctl policy check");
  const auto answer = (*daemon)->ApplyPolicy(*request);
  if (!answer.ok()) return answer.status();
  HW_RETURN_IF_ERROR(PrintJudgement(context, *answer));
  if (HasFatal(*answer)) {
    return Problem(ExitCode::kError, "err.policy.bad", {{"path", context.args().At(0)}});
  }
  context.Talk(context.Text("msg.policy_good", {{"path", context.args().At(0)}}));
  return absl::OkStatus();
}

absl::Status CommandPolicyApply(Context& context) {
  const absl::StatusOr<Client*> connected = context.Daemon();
  if (!connected.ok()) return connected.status();
  Client* const daemon = *connected;
  const absl::StatusOr<v1::ApplyPolicyRequest> request = ReadPolicy(context);
  if (!request.ok()) return request.status();
  const auto active = daemon->GetPolicy(v1::GetPolicyRequest());
  if (!active.ok() && active.status().code() != absl::StatusCode::kNotFound) {
    return active.status();
  }
  const auto judgement = std::make_shared<Judgement>();
  Order order;
  order.method = "ApplyPolicy";
  order.body = request->SerializeAsString();
  order.target = request->file();
  order.etag = active.ok() ? ShortId(active->name()) : "";
  order.least_level = 1;
  order.send = [daemon, request = *request,
                judgement](const v1::ActionOptions& options) -> absl::StatusOr<v1::ActionResponse> {
    v1::ApplyPolicyRequest full = request;
    *full.mutable_options() = options;
    const auto answer = daemon->ApplyPolicy(full);
    if (!answer.ok()) return answer.status();
    judgement->answer = *answer;
    if (HasFatal(*answer)) {
      // Refused: the diagnostics say why, and the caller prints them.
      return Problem(ExitCode::kError, "err.policy.bad", {{"path", request.file()}});
    }
    return AsAction(*answer);
  };
  order.show_more = [judgement](Context& where) {
    where.Prompt(DiagnosticLines(judgement->answer, where.catalogue()));
  };
  order.report = [judgement](Context& where, const v1::ActionResponse&) {
    if (where.for_people()) {
      where.Out(Tinted(kTintGreen, where.Text("msg.policy_active",
                                              {{"name", ShortId(judgement->answer.name())}})) +
                "\n");
      return absl::OkStatus();
    }
    Sheet sheet;
    sheet.single = true;
    sheet.columns = {{.key = "policy"}};
    sheet.rows.push_back(Row{.cells = {SameCell(Guard(judgement->answer.name()))},
                             .value = Value::FromMessage(judgement->answer, where.look().zone()),
                             .name = judgement->answer.name()});
    return where.Print(sheet);
  };
  absl::Status status = GiveOrder(context, order);
  if (ProblemKey(status) == "err.policy.bad") {
    context.Prompt(DiagnosticLines(judgement->answer, context.catalogue()));
  }
  return status;
}

absl::Status CommandPolicyHistory(Context& context) {
  return PrintPages(
      context, PolicySheet(), v1::ListPoliciesRequest(), &Client::ListPolicies,
      [](const auto& page) -> const auto& { return page.policies(); });
}

}  // namespace hallwarden::gmctl
