// queue, and what moves a case through it: case
// next|open|claim|release|assign|escalate|refer|return| note|merge|reopen|log
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/case_view.h"
#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLongestText = 4096;

// What stands behind the first argument, as one text; `-` alone reads it from the standard input.
absl::StatusOr<std::string> ReadText(Context& context, bool required) {
  const std::vector<std::string>& words = context.args().positionals();
  std::string text = Join({words.begin() + 1, words.end()}, " ");
  if (text == "-") text = std::string(Trim(context.world().console.ReadAll(kLongestText + 1)));
  if ((required && text.empty()) || text.size() > kLongestText) {
    return UsageProblem("err.note.length", {{"limit", std::to_string(kLongestText)}});
  }
  return text;
}

absl::Status ReadKinds(Context& context, google::protobuf::RepeatedField<int>* kinds) {
  if (!context.args().Has("of")) return absl::OkStatus();
  const absl::StatusOr<std::vector<int>> read =
      ReadWords(Vocabulary::kCaseKind, context.args().Get("of"));
  if (!read.ok()) return read.status();
  for (const int kind : *read)
    kinds->Add(kind);
  return absl::OkStatus();
}

// An order about the case that the first argument names.
template <typename Request>
absl::Status Give(Context& context, const char* method, Request request,
                  absl::StatusOr<v1::ActionResponse> (Client::*call)(const Request&),
                  bool needs_reason) {
  const absl::StatusOr<std::string> name = ResolveCase(context, context.args().At(0));
  if (!name.ok()) return name.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  if constexpr (requires { request.set_name(*name); }) {
    request.set_name(*name);
  } else {
    request.set_parent(*name);
  }
  Order order = MakeOrder(**daemon, method, request, call);
  order.target = ShortId(*name);
  order.needs_reason = needs_reason;
  return GiveOrder(context, order);
}

}  // namespace

absl::Status CommandQueue(Context& context) {
  v1::ListQueueRequest request;
  if (context.args().Has("mine")) request.set_holder("-");
  if (absl::Status status = ReadKinds(context, request.mutable_kinds()); !status.ok()) {
    return status;
  }
  if (context.args().Has("rule")) {
    const absl::StatusOr<int> offence = ReadWord(Vocabulary::kOffence, context.args().Get("rule"));
    if (!offence.ok()) return offence.status();
    request.set_offence(static_cast<v1::Offence>(*offence));
  }
  request.set_department(context.args().Get("to"));
  return PrintPages(
      context, QueueSheet(), request, &Client::ListQueue,
      [](const auto& page) -> const auto& { return page.items(); });
}

// No plan beforehand: which case it is turns out when it is claimed, and claiming changes nothing
// for any player.
absl::Status CommandCaseNext(Context& context) {
  v1::NextCaseRequest request;
  if (absl::Status status = ReadKinds(context, request.mutable_kinds()); !status.ok()) {
    return status;
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<std::string> id = RequestIdBase(context);
  if (!id.ok()) return id.status();
  request.mutable_options()->set_request_id(*id);
  request.mutable_options()->set_validate_only(context.args().Has("dry-run"));
  const absl::StatusOr<v1::NextCaseResponse> next = (*daemon)->NextCase(request);
  if (!next.ok()) return AdviseRetry(context, next.status(), *id);
  const v1::Case& item = next->view().case_record();
  context.Remember({.account = item.account(), .sanction = item.hold_sanction()});
  return PrintCaseView(context, next->view());
}

absl::Status CommandCaseOpen(Context& context) {
  const Args& args = context.args();
  const absl::StatusOr<std::string> account = ResolveAccount(context, args.At(0));
  if (!account.ok()) return account.status();
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  v1::OpenCaseRequest request;
  request.set_parent(AccountName(*account));
  request.set_text(*text);
  if (!args.Has("of") && !args.Has("rule")) return UsageProblem("err.case.kind");
  request.set_kind(v1::CASE_KIND_MISCONDUCT);
  if (args.Has("of")) {
    const absl::StatusOr<int> kind = ReadWord(Vocabulary::kCaseKind, args.Get("of"));
    if (!kind.ok()) return kind.status();
    request.set_kind(static_cast<v1::CaseKind>(*kind));
  }
  if (args.Has("rule")) {
    const absl::StatusOr<int> offence = ReadWord(Vocabulary::kOffence, args.Get("rule"));
    if (!offence.ok()) return offence.status();
    request.set_offence(static_cast<v1::Offence>(*offence));
  }
  if (args.Has("severity")) {
    const absl::StatusOr<int> severity = ReadWord(Vocabulary::kSeverity, args.Get("severity"));
    if (!severity.ok()) return severity.status();
    request.set_severity(static_cast<v1::Severity>(*severity));
  }
  request.mutable_reference()->set_table(args.Get("table"));
  request.set_claim(args.Has("claim"));
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "OpenCase", request, &Client::OpenCase);
  order.target = *account;
  order.needs_reason = false;
  return GiveOrder(context, order);
}

absl::Status CommandCaseClaim(Context& context) {
  return Give(context, "ClaimCase", v1::ClaimCaseRequest(), &Client::ClaimCase, false);
}

absl::Status CommandCaseRelease(Context& context) {
  const absl::StatusOr<std::string> text = ReadText(context, false);
  if (!text.ok()) return text.status();
  v1::ReleaseCaseRequest request;
  request.set_text(*text);
  return Give(context, "ReleaseCase", request, &Client::ReleaseCase, false);
}

absl::Status CommandCaseAssign(Context& context) {
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  if (!context.args().Has("to")) return UsageProblem("err.case.to");
  v1::AssignCaseRequest request;
  request.set_assignee(context.args().Get("to"));
  request.set_text(*text);
  return Give(context, "AssignCase", request, &Client::AssignCase, false);
}

absl::Status CommandCaseEscalate(Context& context) {
  return Give(context, "EscalateCase", v1::EscalateCaseRequest(), &Client::EscalateCase, true);
}

absl::Status CommandCaseRefer(Context& context) {
  if (!context.args().Has("to")) return UsageProblem("err.case.to");
  v1::ReferCaseRequest request;
  request.set_department(context.args().Get("to"));
  request.set_waits_for(context.args().Get("person"));
  if (context.args().Has("until")) {
    const auto until =
        ParseUntil(context.args().Get("until"), context.manner().zone, context.look().now());
    if (!until.ok()) return until.status();
    request.mutable_until_time()->set_seconds(absl::ToUnixSeconds(*until));
  }
  return Give(context, "ReferCase", request, &Client::ReferCase, true);
}

absl::Status CommandCaseReturn(Context& context) {
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  v1::ReturnCaseRequest request;
  request.set_text(*text);
  return Give(context, "ReturnCase", request, &Client::ReturnCase, false);
}

absl::Status CommandCaseNote(Context& context) {
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  v1::CreateCaseNoteRequest request;
  request.set_text(*text);
  return Give(context, "CreateCaseNote", request, &Client::CreateCaseNote, false);
}

absl::Status CommandCaseMerge(Context& context) {
  const absl::StatusOr<std::string> into = ResolveCase(context, context.args().At(1));
  if (!into.ok()) return into.status();
  v1::MergeCaseRequest request;
  request.set_into(*into);
  return Give(context, "MergeCase", request, &Client::MergeCase, true);
}

absl::Status CommandCaseReopen(Context& context) {
  return Give(context, "ReopenCase", v1::ReopenCaseRequest(), &Client::ReopenCase, true);
}

absl::Status CommandCaseLog(Context& context) {
  const absl::StatusOr<std::string> name = ResolveCase(context, context.args().At(0));
  if (!name.ok()) return name.status();
  v1::ListCaseLogRequest request;
  request.set_parent(*name);
  return PrintPages(
      context, CaseLogSheet(), request, &Client::ListCaseLog,
      [](const auto& page) -> const auto& { return page.entries(); });
}

}  // namespace hallwarden::gmctl
