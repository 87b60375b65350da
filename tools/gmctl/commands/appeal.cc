// appeal ls|show|next|submit|claim|release|say|note|decide|withdraw|replies
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/appeal_views.h"
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
constexpr int kMostGold = 1'000'000'000;

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

absl::StatusOr<v1::AppealKind> ReadKind(Context& context) {
  if (!context.args().Has("says")) return v1::APPEAL_KIND_UNSPECIFIED;
  const absl::StatusOr<int> kind = ReadWord(Vocabulary::kAppealKind, context.args().Get("says"));
  if (!kind.ok()) return kind.status();
  return static_cast<v1::AppealKind>(*kind);
}

// `appeals/...`; for an account or a sanction, the account's only open one.
absl::StatusOr<std::string> ResolveAppeal(Context& context, const std::string& target) {
  if (target.starts_with("appeals/")) return target;
  if (target.starts_with("ap_")) return "appeals/" + target;
  const absl::StatusOr<std::string> account = ResolveAccount(context, target);
  if (!account.ok()) return account.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ListAppealsRequest request;
  request.set_parent(AccountName(*account));
  const auto answer = (*daemon)->ListAppeals(request);
  if (!answer.ok()) return answer.status();
  std::vector<std::string> open;
  for (const v1::AppealItem& item : answer->items()) {
    if (item.appeal().state() == v1::APPEAL_STATE_OPEN) open.push_back(item.appeal().name());
  }
  if (open.size() == 1) return open.front();
  std::vector<std::string> ids;
  ids.reserve(open.size());
  for (const std::string& name : open)
    ids.push_back(ShortId(name));
  return Problem(ExitCode::kNotFound,
                 open.empty() ? "err.target.no_appeal" : "err.target.many_appeals",
                 {{"account", *account}, {"list", Join(ids, ", ")}});
}

absl::StatusOr<v1::AppealView> FetchAppeal(Context& context, const std::string& target) {
  const absl::StatusOr<std::string> name = ResolveAppeal(context, target);
  if (!name.ok()) return name.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetAppealViewRequest request;
  request.set_name(*name);
  absl::StatusOr<v1::AppealView> view = (*daemon)->GetAppealView(request);
  if (view.ok()) {
    context.Remember({.account = view->appeal().account(), .sanction = view->appeal().sanction()});
  }
  return view;
}

absl::Status PrintView(Context& context, const v1::AppealView& view) {
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(DescribeAppeal(view, context.look())));
    return absl::OkStatus();
  }
  v1::AppealItem item;
  *item.mutable_appeal() = view.appeal();
  item.set_message_count(view.appeal().messages_size());
  item.set_overdue(view.overdue());
  Sheet sheet = AppealSheet();
  sheet.single = true;
  AddRow(sheet, item, context.look());
  sheet.rows.back().value = Value::FromMessage(view, context.look().zone());
  return context.Print(sheet);
}

// An order about the appeal that the first argument names.
template <typename Request>
absl::Status Give(Context& context, const char* method, Request request,
                  absl::StatusOr<v1::ActionResponse> (Client::*call)(const Request&),
                  bool needs_reason) {
  const absl::StatusOr<std::string> name = ResolveAppeal(context, context.args().At(0));
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

// --for or --until, and --caps.
absl::Status ReadReduction(Context& context, v1::DecideAppealRequest* request) {
  const Args& args = context.args();
  if (args.Has("for") && args.Has("until")) return UsageProblem("err.term.several");
  if (args.Has("for")) {
    const absl::StatusOr<absl::Duration> term = ParseTerm(args.Get("for"));
    if (!term.ok()) return term.status();
    ToProto(*term, *request->mutable_term());
  }
  if (args.Has("until")) {
    const absl::StatusOr<absl::Time> end = ParsePoint(args.Get("until"), context.manner().zone);
    if (!end.ok()) return end.status();
    ToProto(*end, *request->mutable_end_time());
  }
  if (!args.Has("caps")) return absl::OkStatus();
  const auto numbers = ReadWords(Vocabulary::kCapability, args.Get("caps"));
  if (!numbers.ok()) return numbers.status();
  for (const int number : *numbers)
    request->add_capabilities(static_cast<v1::Capability>(number));
  return absl::OkStatus();
}

// No default: a forgotten flag must neither free nor keep anybody.
absl::Status ReadDecision(Context& context, v1::DecideAppealRequest* request) {
  const Args& args = context.args();
  constexpr std::pair<std::string_view, v1::AppealVerdict> kVerdicts[] = {
      {"uphold", v1::APPEAL_VERDICT_UPHOLD},
      {"reduce", v1::APPEAL_VERDICT_REDUCE},
      {"lift", v1::APPEAL_VERDICT_LIFT},
  };
  int given = 0;
  for (const auto& [flag, verdict] : kVerdicts) {
    if (!args.Has(flag)) continue;
    request->set_verdict(verdict);
    ++given;
  }
  if (given != 1) return UsageProblem("err.appeal.verdict");
  const bool lift = request->verdict() == v1::APPEAL_VERDICT_LIFT;
  if (lift != args.Has("as")) return UsageProblem("err.appeal.as");
  if (lift) {
    const auto disposition = ReadWord(Vocabulary::kDisposition, args.Get("as"));
    if (!disposition.ok()) return disposition.status();
    request->set_disposition(static_cast<v1::Disposition>(*disposition));
  }
  HW_RETURN_IF_ERROR(ReadReduction(context, request));
  const absl::StatusOr<int> gold = ReadCount(context, "gold", 1, kMostGold, 0);
  if (!gold.ok()) return gold.status();
  request->set_compensation_gold(*gold);
  request->set_deviation_reason(args.Get("why"));
  request->set_text(args.Get("say"));
  return absl::OkStatus();
}

}  // namespace

absl::Status CommandAppealList(Context& context) {
  v1::ListAppealsRequest request;
  if (!context.args().positionals().empty()) {
    const absl::StatusOr<std::string> account = ResolveAccount(context, context.args().At(0));
    if (!account.ok()) return account.status();
    request.set_parent(AccountName(*account));
  }
  if (context.args().Has("mine")) request.set_holder("-");
  const absl::StatusOr<v1::AppealKind> kind = ReadKind(context);
  if (!kind.ok()) return kind.status();
  if (*kind != v1::APPEAL_KIND_UNSPECIFIED) request.add_kinds(*kind);
  if (context.args().Has("rule")) {
    const absl::StatusOr<int> offence = ReadWord(Vocabulary::kOffence, context.args().Get("rule"));
    if (!offence.ok()) return offence.status();
    request.set_offence(static_cast<v1::Offence>(*offence));
  }
  return PrintPages(
      context, AppealSheet(), request, &Client::ListAppeals,
      [](const auto& page) -> const auto& { return page.items(); });
}

absl::Status CommandAppealShow(Context& context) {
  const absl::StatusOr<v1::AppealView> view = FetchAppeal(context, context.args().At(0));
  if (!view.ok()) return view.status();
  return PrintView(context, *view);
}

// No plan beforehand, as with `case next`.
absl::Status CommandAppealNext(Context& context) {
  v1::NextAppealRequest request;
  const absl::StatusOr<v1::AppealKind> kind = ReadKind(context);
  if (!kind.ok()) return kind.status();
  if (*kind != v1::APPEAL_KIND_UNSPECIFIED) request.add_kinds(*kind);
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<std::string> id = RequestIdBase(context);
  if (!id.ok()) return id.status();
  request.mutable_options()->set_request_id(*id);
  request.mutable_options()->set_validate_only(context.args().Has("dry-run"));
  const absl::StatusOr<v1::NextAppealResponse> next = (*daemon)->NextAppeal(request);
  if (!next.ok()) return AdviseRetry(context, next.status(), *id);
  const v1::Appeal& appeal = next->view().appeal();
  context.Remember({.account = appeal.account(), .sanction = appeal.sanction()});
  return PrintView(context, next->view());
}

absl::Status CommandAppealSubmit(Context& context) {
  const absl::StatusOr<v1::AppealKind> kind = ReadKind(context);
  if (!kind.ok()) return kind.status();
  if (*kind == v1::APPEAL_KIND_UNSPECIFIED) return UsageProblem("err.appeal.says");
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  const absl::StatusOr<v1::Sanction> sanction = ResolveSanction(context, context.args().At(0));
  if (!sanction.ok()) return sanction.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::SubmitAppealRequest request;
  request.set_parent(sanction->name());
  request.set_kind(*kind);
  request.set_text(*text);
  request.set_language(context.manner().language == Language::kChinese ? "zh" : "en");
  const auto receipt = std::make_shared<v1::SubmitAppealResponse>();
  Order order;
  order.method = "SubmitAppeal";
  order.body = request.SerializeAsString();
  order.send = [client = *daemon, request,
                receipt](const v1::ActionOptions& options) -> absl::StatusOr<v1::ActionResponse> {
    v1::SubmitAppealRequest full = request;
    *full.mutable_options() = options;
    absl::StatusOr<v1::SubmitAppealResponse> answer = client->SubmitAppeal(full);
    if (!answer.ok()) return answer.status();
    *receipt = *std::move(answer);
    return receipt->action();
  };
  order.report = [receipt](Context& said, const v1::ActionResponse& /*answer*/) -> absl::Status {
    v1::AppealView view;
    *view.mutable_appeal() = receipt->appeal();
    if (!said.for_people()) return PrintView(said, view);
    said.Out(said.Text("msg.appeal_taken", {{"id", ShortId(receipt->appeal().name())}}) + "\n" +
             said.catalogue().Text(receipt->receipt()) + "\n");
    return absl::OkStatus();
  };
  order.target = sanction->account();
  order.needs_reason = false;
  return GiveOrder(context, order);
}

absl::Status CommandAppealClaim(Context& context) {
  return Give(context, "ClaimAppeal", v1::ClaimAppealRequest(), &Client::ClaimAppeal, false);
}

absl::Status CommandAppealRelease(Context& context) {
  return Give(context, "ReleaseAppeal", v1::ReleaseAppealRequest(), &Client::ReleaseAppeal, false);
}

absl::Status CommandAppealSay(Context& context) {
  const Args& args = context.args();
  const absl::StatusOr<std::string> text = ReadText(context, !args.Has("reply"));
  if (!text.ok()) return text.status();
  v1::CreateAppealMessageRequest request;
  request.set_text(*text);
  request.set_canned_reply(args.Get("reply"));
  request.set_asks(args.Has("ask"));
  request.set_from_player(args.Has("from-player"));
  return Give(context, "CreateAppealMessage", request, &Client::CreateAppealMessage, false);
}

absl::Status CommandAppealNote(Context& context) {
  const absl::StatusOr<std::string> text = ReadText(context, true);
  if (!text.ok()) return text.status();
  v1::CreateAppealNoteRequest request;
  request.set_text(*text);
  return Give(context, "CreateAppealNote", request, &Client::CreateAppealNote, false);
}

absl::Status CommandAppealDecide(Context& context) {
  v1::DecideAppealRequest request;
  HW_RETURN_IF_ERROR(ReadDecision(context, &request));
  const absl::StatusOr<v1::AppealView> view = FetchAppeal(context, context.args().At(0));
  if (!view.ok()) return view.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  request.set_name(view->appeal().name());
  Order order = MakeOrder(**daemon, "DecideAppeal", request, &Client::DecideAppeal);
  order.target = view->appeal().account();
  order.etag = view->etag();
  return GiveOrder(context, order);
}

absl::Status CommandAppealWithdraw(Context& context) {
  return Give(context, "WithdrawAppeal", v1::WithdrawAppealRequest(), &Client::WithdrawAppeal,
              true);
}

absl::Status CommandAppealReplies(Context& context) {
  v1::ListCannedRepliesRequest request;
  request.set_query(Join(context.args().positionals(), " "));
  if (context.args().Has("rule")) {
    const absl::StatusOr<int> offence = ReadWord(Vocabulary::kOffence, context.args().Get("rule"));
    if (!offence.ok()) return offence.status();
    request.set_offence(static_cast<v1::Offence>(*offence));
  }
  return PrintPages(
      context, ReplySheet(), request, &Client::ListCannedReplies,
      [](const auto& page) -> const auto& { return page.replies(); });
}

}  // namespace hallwarden::gmctl
