#include "tools/gmctl/order.h"

#include <optional>
#include <vector>

#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

// The daemon takes ids of 8 to 64 bytes; ours leave room for the endings that we put behind them.
constexpr std::size_t kShortestId = 8;
constexpr std::size_t kLongestId = 48;
constexpr int kPermanentLevel = 2;

bool OutcomeUnknown(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
      return true;
    default:
      return false;
  }
}

std::string PlanText(const Context& context, const v1::ActionResponse& plan) {
  const Catalogue& text = context.catalogue();
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const v1::PlanLine& line : plan.lines()) {
    const std::string key = Cat({"plan.", line.key()});
    const std::string before = text.Text(line.before());
    const std::string after = text.Text(line.after());
    const bool same = before.empty() || before == after;
    pairs.emplace_back(text.Has(key) ? text.Text(key) : Guard(line.key()),
                       same ? after : Cat({before, " -> ", after}));
  }
  return PrintPairs(pairs);
}

// Plans are data in a dry run and talk before an order.
absl::Status PrintPlan(Context& context, const Order& order, const v1::ActionResponse& plan) {
  if (order.show_more) order.show_more(context);
  if (context.for_people()) {
    context.Out(context.Text(WouldChange(plan) ? "msg.plan" : "msg.plan_nothing") + "\n");
    context.Out(PlanText(context, plan));
    return absl::OkStatus();
  }
  Sheet sheet = PlanSheet();
  for (const v1::PlanLine& line : plan.lines())
    AddRow(sheet, line, context.look());
  return context.Print(sheet);
}

// The options as they were, with another etag: etags differ between two looks at the same thing.
std::string WithoutEtag(const std::string& serialized) {
  v1::ActionOptions options;
  static_cast<void>(options.ParseFromString(serialized));
  options.clear_etag();
  return options.SerializeAsString();
}

absl::StatusOr<v1::ActionResponse> Send(Context& context, const Order& order,
                                        const v1::ActionOptions& options) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::Duration patience = (*daemon)->patience();
  (*daemon)->set_patience((*daemon)->timeout());
  absl::StatusOr<v1::ActionResponse> answer = order.send(options);
  (*daemon)->set_patience(patience);
  if (answer.ok()) return answer;
  return AdviseRetry(context, answer.status(), options.request_id());
}

absl::Status Report(Context& context, const Order& order, const v1::ActionResponse& answer) {
  if (answer.has_sanction()) {
    context.Remember(
        {.account = answer.sanction().account(), .sanction = answer.sanction().name()});
  }
  return order.report ? order.report(context, answer) : ReportAction(context, answer);
}

// The same order was sent before under this id: its options, so that the bytes are the same again.
absl::StatusOr<std::optional<v1::ActionOptions>> EarlierTry(Context& context, const Order& order,
                                                            const v1::ActionOptions& options) {
  const auto found = context.state().FindOrder(options.request_id());
  if (!found.ok()) return found.status();
  if (!found->has_value()) return std::optional<v1::ActionOptions>();
  const SentOrder& sent = **found;
  const bool same = sent.server == context.server() && sent.method == order.method &&
                    sent.body == order.body &&
                    WithoutEtag(sent.options) == WithoutEtag(options.SerializeAsString());
  if (!same) {
    return UsageProblem("err.order.id_used",
                        {{"id", options.request_id()}, {"method", sent.method}});
  }
  v1::ActionOptions earlier;
  static_cast<void>(earlier.ParseFromString(sent.options));
  return std::optional<v1::ActionOptions>(earlier);
}

absl::StatusOr<v1::ActionOptions> BasicOptions(Context& context, const Order& order) {
  v1::ActionOptions options;
  const absl::StatusOr<std::string> id = RequestIdBase(context);
  if (!id.ok()) return id.status();
  options.set_request_id(*id);
  options.set_silent(context.args().Has("silent"));
  options.set_reason(context.args().Get("reason"));
  if (order.needs_reason && !context.args().Has("dry-run")) {
    const absl::StatusOr<std::string> reason = ReadReason(context);
    if (!reason.ok()) return reason.status();
    options.set_reason(*reason);
  }
  return options;
}

absl::Status KeepAndSend(Context& context, const Order& order, const v1::ActionOptions& options) {
  const absl::Status kept = context.state().KeepOrder(
      options.request_id(), SentOrder{.server = context.server(),
                                      .method = order.method,
                                      .body = order.body,
                                      .options = options.SerializeAsString()});
  if (!kept.ok()) {
    // An id that the caller chose is kept by the caller.
    if (!context.args().Has("request-id")) return WithAdvice(kept, "err.order.not_kept.do");
    context.Talk(context.Text("err.order.not_kept"));
  }
  const auto answer = Send(context, order, options);
  if (!answer.ok()) return answer.status();
  return Report(context, order, *answer);
}

}  // namespace

absl::Status GiveOrder(Context& context, const Order& order) {
  const Args& args = context.args();
  absl::StatusOr<v1::ActionOptions> options = BasicOptions(context, order);
  if (!options.ok()) return options.status();
  if (args.Has("request-id") && !args.Has("dry-run")) {
    const auto earlier = EarlierTry(context, order, *options);
    if (!earlier.ok()) return earlier.status();
    if (earlier->has_value()) {
      context.Talk(context.Text("msg.repeating", {{"id", options->request_id()}}));
      const auto answer = Send(context, order, **earlier);
      if (!answer.ok()) return answer.status();
      return Report(context, order, *answer);
    }
  }
  v1::ActionOptions asking = *options;
  asking.set_validate_only(true);
  asking.set_request_id(options->request_id() + "-plan");
  if (!args.Has("no-pin")) asking.set_etag(order.etag);
  const auto plan = order.send(asking);
  if (!plan.ok()) return plan.status();
  if (args.Has("dry-run")) {
    HW_RETURN_IF_ERROR(PrintPlan(context, order, *plan));
    return WouldChange(*plan) ? QuietExit(ExitCode::kWouldChange) : absl::OkStatus();
  }
  if (order.show_more) order.show_more(context);
  context.Talk(context.Text("msg.plan"));
  context.Prompt(PlanText(context, *plan));
  const int floor = plan->sanction().permanent() ? kPermanentLevel : order.least_level;
  HW_RETURN_IF_ERROR(Confirm(context, std::max(floor, plan->confirmation_level()), order.target));
  if (!args.Has("no-pin")) options->set_etag(order.etag.empty() ? plan->etag() : order.etag);
  return KeepAndSend(context, order, *options);
}

absl::Status ReportAction(Context& context, const v1::ActionResponse& answer) {
  const Look& look = context.look();
  if (!context.for_people()) {
    Sheet sheet;
    sheet.single = true;
    sheet.columns = {
        {.key = "sanction"}, {.key = "account"},    {.key = "effect"}, {.key = "state"},
        {.key = "end"},      {.key = "directives"}, {.key = "etag"},   {.key = "journal_position"}};
    const v1::Sanction& sanction = answer.sanction();
    const std::string end = sanction.permanent()      ? "permanent"
                            : sanction.has_end_time() ? look.Exact(sanction.end_time())
                                                      : "";
    sheet.rows.push_back(
        Row{.cells = {SameCell(Guard(sanction.name())), SameCell(Guard(sanction.account())),
                      SameCell(ShortName(Vocabulary::kSanctionKind, sanction.kind())),
                      SameCell(ShortName(Vocabulary::kState, sanction.state())), SameCell(end),
                      SameCell(std::to_string(answer.directive_count())),
                      SameCell(Guard(answer.etag())),
                      SameCell(std::to_string(answer.journal_position()))},
            .value = Value::FromMessage(answer, look.zone()),
            .name = sanction.name()});
    return context.Print(sheet);
  }
  if (!answer.has_sanction()) {
    context.Out(Tinted(kTintGreen, context.Text("msg.done")) + "\n");
    return absl::OkStatus();
  }
  const v1::Sanction& sanction = answer.sanction();
  const bool lifted = sanction.state() == v1::SANCTION_STATE_LIFTED;
  const std::string id = ShortId(sanction.name());
  const MessageArgs values = {{"id", id},
                              {"account", sanction.account()},
                              {"effect", EffectWords(sanction, look)},
                              {"term", TermWords(sanction, look)}};
  context.Out(Tinted(kTintGreen, context.Text(lifted ? "msg.lifted" : "msg.imposed", values)) +
              "\n");
  context.Out(
      Tinted(kTintDim, context.Text(lifted ? "msg.lifted_next" : "msg.imposed_next", values)) +
      "\n");
  return absl::OkStatus();
}

absl::StatusOr<std::string> RequestIdBase(Context& context) {
  if (!context.args().Has("request-id")) return context.world().new_uuid();
  const std::string& id = context.args().Get("request-id");
  if (id.size() < kShortestId || id.size() > kLongestId) {
    return UsageProblem(
        "err.order.id_length",
        {{"id", id}, {"min", std::to_string(kShortestId)}, {"max", std::to_string(kLongestId)}});
  }
  return id;
}

absl::StatusOr<std::string> ReadReason(Context& context) {
  constexpr std::size_t kShortestReason = 4;
  std::string reason(Trim(context.args().Get("reason")));
  if (reason.empty() && context.world().console.InputIsTerminal()) {
    context.Prompt(context.Text("msg.ask_reason"));
    reason = std::string(Trim(context.world().console.ReadLine().value_or("")));
    if (!IsValidUtf8(reason)) return UsageProblem("err.args.utf8", {{"word", reason}});
  }
  if (reason.size() < kShortestReason) return UsageProblem("err.order.no_reason");
  return reason;
}

absl::Status Confirm(Context& context, int level, const std::string& target) {
  const Args& args = context.args();
  if (args.Has("confirm")) {
    if (args.Get("confirm") == target) return absl::OkStatus();
    return UsageProblem("err.order.confirm_other",
                        {{"said", args.Get("confirm")}, {"target", target}});
  }
  if (level <= 0 || (level == 1 && args.Has("yes"))) return absl::OkStatus();
  if (!context.world().console.InputIsTerminal()) {
    return UsageProblem(level == 1 ? "err.order.needs_yes" : "err.order.needs_confirm",
                        {{"target", target}});
  }
  context.Prompt(context.Text(level == 1 ? "msg.ask_yes" : "msg.ask_target", {{"target", target}}));
  const std::string said(Trim(context.world().console.ReadLine().value_or("")));
  const std::string lower = LowerAscii(said);
  const bool yes = level == 1 ? lower == "y" || lower == "yes" || said == context.Text("word.yes")
                              : said == target;
  if (yes) return absl::OkStatus();
  return Problem(ExitCode::kError, "err.order.declined");
}

absl::Status AdviseRetry(Context& context, absl::Status status, const std::string& id) {
  if (!OutcomeUnknown(status)) return status;
  std::vector<std::string> words = {"gmctl"};
  const std::vector<std::string>& said = context.args().words();
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (said[i] == "--request-id") {
      ++i;
    } else if (!said[i].starts_with("--request-id=")) {
      words.push_back(ShellQuote(said[i]));
    }
  }
  words.emplace_back("--request-id");
  words.push_back(ShellQuote(id));
  return WithAdvice(std::move(status), "msg.outcome_unknown", {{"command", Join(words, " ")}});
}

bool WouldChange(const v1::ActionResponse& plan) {
  if (plan.has_sanction() || plan.directive_count() > 0) return true;
  for (const v1::PlanLine& line : plan.lines()) {
    if (line.before().zh() != line.after().zh() || line.before().en() != line.after().en()) {
      return true;
    }
  }
  return false;
}

absl::Status QuietExit(ExitCode code) {
  return Problem(code, "");
}

}  // namespace hallwarden::gmctl
