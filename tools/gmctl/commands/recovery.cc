// trace gold, logins, hand show, exchange check, freeze, unfreeze
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/recovery_views.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kDepthMost = 6;
constexpr int kLeastMost = 2'000'000'000;
// A freeze that nobody takes back ends by itself: whoever owns the account must not be locked out
// for ever because a case was forgotten.
constexpr absl::Duration kFreezeTerm = absl::Hours(72);
// What an owner can be known by. Two of them must have been checked.
constexpr std::string_view kProofs[] = {"place", "device", "phone"};
constexpr std::size_t kProofsNeeded = 2;

absl::Status ReadMoment(Context& context, std::string_view flag,
                        google::protobuf::Timestamp* moment) {
  if (!context.args().Has(flag)) return absl::OkStatus();
  const auto read =
      ParseSince(context.args().Get(flag), context.manner().zone, context.look().now());
  if (!read.ok()) return read.status();
  ToProto(*read, *moment);
  return absl::OkStatus();
}

absl::Status ReadAsset(Context& context, v1::TraceGoldRequest* request) {
  if (!context.args().Has("asset")) return absl::OkStatus();
  const absl::StatusOr<int> asset = ReadWord(Vocabulary::kAssetKind, context.args().Get("asset"));
  if (!asset.ok()) return asset.status();
  request->set_asset(static_cast<v1::AssetKind>(*asset));
  return absl::OkStatus();
}

void SayHowFar(Context& context, const v1::TraceGoldResponse& answer) {
  const std::string records = std::to_string(answer.record_count());
  if (answer.complete()) {
    context.Talk(context.Text("trace.read", {{"records", records}}));
  } else {
    const std::string until = answer.has_read_until_time()
                                  ? context.look().Moment(answer.read_until_time())
                                  : std::string();
    context.Talk(context.Text("trace.late", {{"records", records}, {"until", until}}));
  }
  if (answer.before_journal()) context.Talk(context.Text("trace.before_journal"));
  if (answer.truncated()) context.Talk(context.Text("trace.truncated"));
}

// Why the caller believes that it is the owner's account: two words of three, for the record.
absl::StatusOr<std::string> ReadProofs(Context& context) {
  std::vector<std::string> given;
  for (const std::string& word : Split(context.args().Get("verified"), ',')) {
    const std::string proof(Trim(word));
    if (proof.empty()) continue;
    if (std::find(std::begin(kProofs), std::end(kProofs), proof) == std::end(kProofs)) {
      return UsageProblem("err.freeze.proof", {{"word", proof}});
    }
    if (std::find(given.begin(), given.end(), proof) == given.end()) given.push_back(proof);
  }
  if (given.size() < kProofsNeeded) return UsageProblem("err.freeze.verified");
  return Join(given, ", ");
}

// The restriction that a freeze is, if the account has one.
absl::StatusOr<v1::Sanction> FindFreeze(Client& daemon, const std::string& account) {
  v1::ListSanctionsRequest request;
  request.set_parent(AccountName(account));
  request.add_states(v1::SANCTION_STATE_PENDING);
  request.add_states(v1::SANCTION_STATE_ACTIVE);
  constexpr int kPage = 100;
  request.set_page_size(kPage);
  const absl::StatusOr<v1::ListSanctionsResponse> answer = daemon.ListSanctions(request);
  if (!answer.ok()) return answer.status();
  for (const v1::Sanction& sanction : answer->sanctions()) {
    if (sanction.offence() == v1::OFFENCE_STOLEN_ACCOUNT) return sanction;
  }
  return Problem(ExitCode::kNotFound, "err.freeze.none", {{"account", account}});
}

}  // namespace

absl::Status CommandTraceGold(Context& context) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  v1::TraceGoldRequest request;
  request.set_name(AccountName(*id));
  if (!context.args().Has("since")) return UsageProblem("err.trace.since");
  HW_RETURN_IF_ERROR(ReadMoment(context, "since", request.mutable_since_time()));
  if (context.args().Has("until")) {
    HW_RETURN_IF_ERROR(ReadMoment(context, "until", request.mutable_until_time()));
  }
  HW_RETURN_IF_ERROR(ReadAsset(context, &request));
  const absl::StatusOr<int> depth = ReadCount(context, "depth", 1, kDepthMost, 0);
  if (!depth.ok()) return depth.status();
  request.set_depth(*depth);
  const absl::StatusOr<int> least = ReadCount(context, "least", 0, kLeastMost, 0);
  if (!least.ok()) return least.status();
  request.set_least_amount(*least);
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::TraceGoldResponse> answer = (*daemon)->TraceGold(request);
  if (!answer.ok()) return answer.status();
  // Programs get one list: the flows. The accounts are for people, and in --accounts.
  if (!context.for_people() && context.args().Has("accounts")) {
    Sheet accounts = TracedSheet();
    for (const v1::TracedAccount& traced : answer->accounts())
      AddRow(accounts, traced, context.look());
    return context.Print(accounts);
  }
  Sheet flows = FlowSheet();
  for (const v1::GoldFlow& flow : answer->flows())
    AddRow(flows, flow, context.look());
  HW_RETURN_IF_ERROR(context.Print(flows));
  if (context.for_people() && !answer->accounts().empty()) {
    context.Out("\n");
    Sheet accounts = TracedSheet();
    for (const v1::TracedAccount& traced : answer->accounts())
      AddRow(accounts, traced, context.look());
    HW_RETURN_IF_ERROR(context.Print(accounts));
  }
  SayHowFar(context, *answer);
  return absl::OkStatus();
}

absl::Status CommandLogins(Context& context) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  v1::ListLoginsRequest request;
  request.set_parent(AccountName(*id));
  if (context.args().Has("since")) {
    HW_RETURN_IF_ERROR(ReadMoment(context, "since", request.mutable_since_time()));
  }
  return PrintPages(
      context, LoginSheet(), request, &Client::ListLogins,
      [](const auto& page) -> const auto& { return page.logins(); });
}

absl::Status CommandHandShow(Context& context) {
  v1::GetHandRecordRequest request;
  request.set_hand(context.args().At(0));
  const absl::StatusOr<int> near = ReadCount(context, "near", 1, kLeastMost, 0);
  if (!near.ok()) return near.status();
  request.set_near_position(*near);
  if (*near == 0) {
    // Most disputes are about tonight.
    ToProto(context.look().now() - absl::Hours(24), *request.mutable_since_time());
    ToProto(context.look().now(), *request.mutable_until_time());
    if (context.args().Has("since")) {
      request.clear_until_time();
      HW_RETURN_IF_ERROR(ReadMoment(context, "since", request.mutable_since_time()));
    }
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::HandRecord> record = (*daemon)->GetHandRecord(request);
  if (!record.ok()) return record.status();
  Sheet sheet = HandSheet();
  for (const v1::HandEvent& event : record->events())
    AddRow(sheet, event, context.look());
  HW_RETURN_IF_ERROR(context.Print(sheet));
  if (record->truncated()) context.Talk(context.Text("hand.truncated"));
  if (!record->complete()) context.Talk(context.Text("hand.late"));
  return absl::OkStatus();
}

absl::Status CommandExchangeCheck(Context& context) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  v1::CheckExchangeRequest request;
  request.set_name(AccountName(*id));
  if (context.args().Has("since")) {
    HW_RETURN_IF_ERROR(ReadMoment(context, "since", request.mutable_since_time()));
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::CheckExchangeResponse> answer = (*daemon)->CheckExchange(request);
  if (!answer.ok()) return answer.status();
  Sheet sheet = ExchangeSheet();
  for (const v1::Exchange& exchange : answer->exchanges())
    AddRow(sheet, exchange, context.look());
  HW_RETURN_IF_ERROR(context.Print(sheet));
  if (answer->exchanges().empty()) context.Talk(context.Text("exchange.none"));
  bool forbidden = false;
  for (const v1::ShippingDoubt& doubt : answer->doubts()) {
    forbidden = forbidden || doubt.forbids();
    context.Talk(context.Text(doubt.forbids() ? "exchange.forbids" : "exchange.doubt",
                              {{"why", context.look().catalogue().Text(doubt.text())},
                               {"resource", ShortId(doubt.resource())}}));
  }
  if (answer->doubts().empty()) context.Talk(context.Text("exchange.clear"));
  // A script that ships prizes must not need to read words.
  return forbidden ? QuietExit(ExitCode::kConflict) : absl::OkStatus();
}

absl::Status CommandFreeze(Context& context) {
  const absl::StatusOr<std::string> proofs = ReadProofs(context);
  if (!proofs.ok()) return proofs.status();
  absl::Duration term = kFreezeTerm;
  if (context.args().Has("for")) {
    const absl::StatusOr<absl::Duration> read = ParseTerm(context.args().Get("for"));
    if (!read.ok()) return read.status();
    term = *read;
  }
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  v1::CreateSanctionRequest request;
  request.set_parent(AccountName(*id));
  request.set_kind(v1::SANCTION_KIND_RESTRICTION);
  request.set_offence(v1::OFFENCE_STOLEN_ACCOUNT);
  for (const v1::Capability capability :
       {v1::CAPABILITY_LOGIN, v1::CAPABILITY_GIFT, v1::CAPABILITY_EXCHANGE}) {
    request.add_capabilities(capability);
  }
  ToProto(term, *request.mutable_duration());
  // The thief is at the table: no waiting for the end of the hand.
  request.set_now(true);
  request.add_evidence()->set_remark("owner verified by " + *proofs);
  if (context.args().Has("case")) {
    const absl::StatusOr<std::string> name = ResolveCase(context, context.args().Get("case"));
    if (!name.ok()) return name.status();
    request.set_case_name(*name);
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "CreateSanction", request, &Client::CreateSanction);
  order.target = *id;
  order.report = [id = *id](Context& at, const v1::ActionResponse& done) {
    HW_RETURN_IF_ERROR(ReportAction(at, done));
    at.Talk(at.Text("freeze.checklist", {{"account", id}}));
    return absl::OkStatus();
  };
  return GiveOrder(context, order);
}

absl::Status CommandUnfreeze(Context& context) {
  // The thief knows the old one.
  if (!context.args().Has("password-changed")) return UsageProblem("err.unfreeze.password");
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::Sanction> freeze = FindFreeze(**daemon, *id);
  if (!freeze.ok()) return freeze.status();
  v1::LiftSanctionRequest request;
  request.set_name(freeze->name());
  request.set_disposition(v1::DISPOSITION_COMPROMISED);
  Order order = MakeOrder(**daemon, "LiftSanction", request, &Client::LiftSanction);
  order.target = *id;
  return GiveOrder(context, order);
}

}  // namespace hallwarden::gmctl
