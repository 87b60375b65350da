// audit rollback: takes back what one principal did, action by action.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kPage = 1'000;
// More than anybody does in a night. Whoever did more is rolled back in parts, with --since.
constexpr std::size_t kItemsMax = 10'000;

enum class Way { kLift, kReinstate, kReopen, kByHand };

// One step back.
struct Item {
  Way way = Way::kByHand;
  std::string name;     // sanctions/..., cases/..., or what the record was about
  std::string account;  // empty: none
  std::string method;   // of the record that it takes back
  google::protobuf::Timestamp time;
};

std::string WayWord(Way way, const Catalogue& text) {
  switch (way) {
    case Way::kLift:
      return text.Text("rollback.lift");
    case Way::kReinstate:
      return text.Text("rollback.reinstate");
    case Way::kReopen:
      return text.Text("rollback.reopen");
    default:
      return text.Text("rollback.by_hand");
  }
}

std::string WayName(Way way) {
  switch (way) {
    case Way::kLift:
      return "lift";
    case Way::kReinstate:
      return "reinstate";
    case Way::kReopen:
      return "reopen";
    default:
      return "by_hand";
  }
}

// Finds out what is to be done about each record. What somebody else has put right meanwhile, or
// he himself, needs nothing.
class Planner {
 public:
  Planner(Client& daemon, std::string principal)
      : daemon_(daemon), principal_(std::move(principal)) {}

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }

  absl::Status Take(const v1::AuditRecord& record) {
    if (record.code() != 0) return absl::OkStatus();
    const std::string& method = record.method();
    if (method.ends_with(".LiftSanction") || method.ends_with(".UndoAction")) {
      return TakeLift(record, record.resource());
    }
    if (method == "AppealService.DecideAppeal") return TakeAppeal(record);
    if (method.ends_with(".DecideCase") || method.ends_with(".CloseCase")) return TakeCase(record);
    if (record.after().starts_with("sanctions/")) return TakeSanction(record, record.after());
    if (!IsHarmless(method)) Add(Way::kByHand, record.resource(), record.account(), record);
    return absl::OkStatus();
  }

 private:
  // Leaves nothing behind that could be wrong, or only words.
  static bool IsHarmless(std::string_view method) {
    static const std::set<std::string_view> kNames = {
        "CaseService.ClaimCase",         "CaseService.NextCase",
        "CaseService.ReleaseCase",       "CaseService.AssignCase",
        "CaseService.CreateCaseNote",    "CaseService.EscalateCase",
        "CaseService.ReferCase",         "CaseService.ReturnCase",
        "CaseService.OpenCase",          "GmService.CreateNote",
        "GmService.KickAccount",         "GmService.ReinstateSanction",
        "AppealService.ClaimAppeal",     "AppealService.NextAppeal",
        "AppealService.ReleaseAppeal",   "AppealService.SubmitAppeal",
        "AppealService.WithdrawAppeal",  "AppealService.CreateAppealMessage",
        "AppealService.CreateAppealNote"};
    return kNames.contains(method);
  }

  void Add(Way way, const std::string& name, const std::string& account,
           const v1::AuditRecord& record) {
    if (items_.size() == kItemsMax || !seen_.insert(WayName(way) + name).second) return;
    items_.push_back({.way = way,
                      .name = name,
                      .account = account,
                      .method = record.method(),
                      .time = record.create_time()});
  }

  absl::Status TakeSanction(const v1::AuditRecord& record, const std::string& name) {
    v1::GetSanctionRequest request;
    request.set_name(name);
    const absl::StatusOr<v1::Sanction> sanction = daemon_.GetSanction(request);
    if (!sanction.ok()) return sanction.status();
    const bool stands = sanction->state() != v1::SANCTION_STATE_LIFTED &&
                        sanction->kind() != v1::SANCTION_KIND_KICK &&
                        sanction->actor().principal() == principal_;
    if (stands) Add(Way::kLift, name, sanction->account(), record);
    return absl::OkStatus();
  }

  // What he let stand may be appealed again; what he made milder is for people.
  absl::Status TakeAppeal(const v1::AuditRecord& record) {
    v1::GetAppealRequest request;
    request.set_name(record.resource());
    const absl::StatusOr<v1::Appeal> appeal = daemon_.GetAppeal(request);
    if (!appeal.ok()) return appeal.status();
    switch (appeal->decision().verdict()) {
      case v1::APPEAL_VERDICT_LIFT:
        return TakeLift(record, appeal->sanction());
      case v1::APPEAL_VERDICT_REDUCE:
        Add(Way::kByHand, record.resource(), record.account(), record);
        return absl::OkStatus();
      default:
        return absl::OkStatus();
    }
  }

  absl::Status TakeLift(const v1::AuditRecord& record, const std::string& name) {
    v1::GetSanctionRequest request;
    request.set_name(name);
    const absl::StatusOr<v1::Sanction> sanction = daemon_.GetSanction(request);
    if (!sanction.ok()) return sanction.status();
    // What he imposed and took back himself is gone, as it should be.
    const bool lifted_by_him = sanction->state() == v1::SANCTION_STATE_LIFTED &&
                               sanction->lift().actor().principal() == principal_ &&
                               sanction->actor().principal() != principal_;
    if (lifted_by_him) Add(Way::kReinstate, name, sanction->account(), record);
    return absl::OkStatus();
  }

  absl::Status TakeCase(const v1::AuditRecord& record) {
    v1::GetCaseRequest request;
    request.set_name(record.resource());
    const absl::StatusOr<v1::Case> item = daemon_.GetCase(request);
    if (!item.ok()) return item.status();
    for (const std::string& sanction : item->sanctions())
      HW_RETURN_IF_ERROR(TakeSanction(record, sanction));
    const bool closed_by_him =
        item->state() == v1::CASE_STATE_CLOSED && item->closed_by().principal() == principal_;
    if (closed_by_him) Add(Way::kReopen, record.resource(), item->account(), record);
    return absl::OkStatus();
  }

  Client& daemon_;
  const std::string principal_;
  std::vector<Item> items_;
  std::set<std::string> seen_;
};

absl::StatusOr<std::vector<Item>> MakePlan(Context& context, Client& daemon) {
  v1::ListAuditRecordsRequest request;
  request.set_principal(context.args().Get("principal"));
  request.set_page_size(kPage);
  const auto since =
      ParseSince(context.args().Get("since"), context.manner().zone, context.look().now());
  if (!since.ok()) return since.status();
  ToProto(*since, *request.mutable_since_time());
  Planner planner(daemon, request.principal());
  do {
    const auto page = daemon.ListAuditRecords(request);
    if (!page.ok()) return page.status();
    for (const v1::AuditRecord& record : page->records())
      HW_RETURN_IF_ERROR(planner.Take(record));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return planner.items();
}

Sheet RollbackSheet() {
  return Sheet{.columns = {{.key = "rollback"},
                           {.key = "resource"},
                           {.key = "account", .if_any = true},
                           {.key = "time"},
                           {.key = "method"},
                           {.key = "failure", .if_any = true}},
               .rows = {},
               .single = false};
}

void AddItem(Sheet& sheet, const Item& item, const std::string& failure, const Look& look) {
  sheet.rows.push_back(Row{.cells = {{WayWord(item.way, look.catalogue()), WayName(item.way)},
                                     SameCell(Guard(item.name)),
                                     SameCell(Guard(item.account)),
                                     {look.Moment(item.time), look.Exact(item.time)},
                                     SameCell(Guard(item.method)),
                                     SameCell(failure)},
                           .value = Value::FromMessage(v1::AuditRecord(), look.zone()),
                           .name = item.name});
}

// Does one step.
absl::Status TakeBack(Client& daemon, const Item& item, const v1::ActionOptions& options) {
  switch (item.way) {
    case Way::kLift: {
      v1::LiftSanctionRequest request;
      request.set_name(item.name);
      request.set_disposition(v1::DISPOSITION_MISTAKE);
      *request.mutable_options() = options;
      return daemon.LiftSanction(request).status();
    }
    case Way::kReinstate: {
      v1::ReinstateSanctionRequest request;
      request.set_name(item.name);
      *request.mutable_options() = options;
      return daemon.ReinstateSanction(request).status();
    }
    case Way::kReopen: {
      v1::ReopenCaseRequest request;
      request.set_name(item.name);
      *request.mutable_options() = options;
      return daemon.ReopenCase(request).status();
    }
    default:
      return absl::OkStatus();
  }
}

// Why a step failed, in few words.
std::string Why(const absl::Status& status, const Catalogue& text) {
  if (status.ok()) return "";
  const std::optional<ServerReason> reason = ServerReasonOf(status);
  if (!reason.has_value()) return Guard({status.message().data(), status.message().size()});
  const std::string key = Cat({"reason.", reason->reason});
  return text.Has(key) ? text.Text(key) : Guard(reason->reason);
}

struct Tally {
  std::size_t done = 0;
  std::size_t failed = 0;
};

// Does the steps, newest first, or only asks the daemon whether it would; adds a row for each that
// is `shown`.
template <class Shown>
Tally TakeAllBack(Context& context, Client& daemon, const std::vector<Item>& items,
                  const v1::ActionOptions& options, const Shown& shown, Sheet* sheet) {
  Tally tally;
  std::size_t number = 0;
  for (const Item& item : items) {
    v1::ActionOptions own = options;
    own.set_request_id(Cat({options.request_id(), "-", std::to_string(++number)}));
    const absl::Status status = TakeBack(daemon, item, own);
    if (item.way != Way::kByHand) ++(status.ok() ? tally.done : tally.failed);
    if (shown(status)) AddItem(*sheet, item, Why(status, context.catalogue()), context.look());
  }
  return tally;
}

// Shows every step and whether the daemon would take it. How many it would.
absl::StatusOr<std::size_t> ShowPlan(Context& context, Client& daemon,
                                     const std::vector<Item>& items,
                                     const v1::ActionOptions& options) {
  v1::ActionOptions asking = options;
  asking.set_validate_only(true);
  asking.set_request_id(options.request_id() + "-plan");
  // A plan is never kept, but the daemon wants a reason in every call.
  asking.set_reason("plan of a rollback");
  Sheet plan = RollbackSheet();
  const Tally tally = TakeAllBack(
      context, daemon, items, asking, [](const absl::Status&) { return true; }, &plan);
  HW_RETURN_IF_ERROR(context.Print(plan));
  const std::size_t by_hand = items.size() - tally.done - tally.failed;
  if (by_hand > 0) {
    context.Talk(context.Text("msg.rollback_by_hand", {{"count", std::to_string(by_hand)}}));
  }
  if (tally.done + tally.failed == 0) {
    context.Talk(context.Text("msg.rollback_nothing"));
  } else if (tally.failed > 0) {
    context.Talk(context.Text("msg.rollback_refused", {{"count", std::to_string(tally.failed)}}));
  }
  return tally.done;
}

}  // namespace

absl::Status CommandReinstate(Context& context) {
  const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, context.args().At(0));
  if (!sanction.ok()) return sanction.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ReinstateSanctionRequest request;
  request.set_name(sanction->name());
  Order order = MakeOrder(**daemon, "ReinstateSanction", request, &Client::ReinstateSanction);
  order.target = sanction->account();
  order.etag = std::to_string(sanction->revision());
  return GiveOrder(context, order);
}

absl::Status CommandAuditRollback(Context& context) {
  for (const std::string_view flag : {"principal", "since"}) {
    if (!context.args().Has(flag)) {
      return UsageProblem("err.args.flag_missing", {{"flag", Cat({"--", flag})},
                                                    {"command", "audit rollback"},
                                                    {"list", "--principal gm-li --since 8h"}});
    }
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<std::vector<Item>> items = MakePlan(context, **daemon);
  if (!items.ok()) return items.status();
  v1::ActionOptions options;
  const absl::StatusOr<std::string> base = RequestIdBase(context);
  if (!base.ok()) return base.status();
  options.set_request_id(*base);
  const absl::StatusOr<std::size_t> steps = ShowPlan(context, **daemon, *items, options);
  if (!steps.ok()) return steps.status();
  if (*steps == 0) return absl::OkStatus();
  if (context.args().Has("dry-run")) return QuietExit(ExitCode::kWouldChange);
  const absl::StatusOr<std::string> reason = ReadReason(context);
  if (!reason.ok()) return reason.status();
  options.set_reason(*reason);
  context.Talk(context.Text("msg.rollback_plan", {{"count", std::to_string(*steps)}}));
  HW_RETURN_IF_ERROR(Confirm(context, 2, context.args().Get("principal")));
  Sheet failed = RollbackSheet();
  const Tally tally = TakeAllBack(
      context, **daemon, *items, options, [](const absl::Status& status) { return !status.ok(); },
      &failed);
  context.Talk(context.Text("msg.rolled_back", {{"done", std::to_string(tally.done)},
                                                {"failed", std::to_string(tally.failed)}}));
  if (failed.rows.empty()) return absl::OkStatus();
  HW_RETURN_IF_ERROR(context.Print(failed));
  return Problem(ExitCode::kPartial, "err.rollback.partial");
}

}  // namespace hallwarden::gmctl
