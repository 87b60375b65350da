// punish, warn, mute, ban, hold, kick, rename, avatar reset, signature reset
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

// What makes one verb another CreateSanction than the next.
struct SanctionVerb {
  v1::SanctionKind kind = v1::SANCTION_KIND_UNSPECIFIED;
  std::vector<v1::Capability> capabilities;  // Unless --caps says others.
  bool may_be_permanent = false;
};

absl::StatusOr<v1::Offence> ReadOffence(std::string_view word) {
  // A term in the place of the offence is the old habit of other tools.
  if (LooksLikeTerm(word)) {
    return UsageProblem("err.args.positional_term",
                        {{"word", std::string(word)}, {"command", "punish"}});
  }
  const absl::StatusOr<int> number = ReadWord(Vocabulary::kOffence, word);
  if (!number.ok()) return number.status();
  return static_cast<v1::Offence>(*number);
}

absl::StatusOr<v1::Offence> RequiredRule(Context& context) {
  if (!context.args().Has("rule")) {
    return UsageProblem("err.args.flag_missing",
                        {{"flag", "--rule"},
                         {"command", std::string(context.args().command().path)},
                         {"list", Join(TypedWords(Vocabulary::kOffence), ", ")}});
  }
  return ReadOffence(context.args().Get("rule"));
}

// `table:5521`, `hand:h14`, `pos:118`, or words.
v1::Evidence ReadEvidence(const std::string& text) {
  v1::Evidence evidence;
  const std::size_t colon = text.find(':');
  const std::string kind = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  const std::optional<long long> number = ParseNumber(rest);
  if (kind == "table" && !rest.empty()) {
    evidence.set_table(rest);
  } else if (kind == "hand" && !rest.empty()) {
    evidence.set_hand(rest);
  } else if (kind == "pos" && number.has_value()) {
    evidence.set_journal_position(*number);
  } else {
    evidence.set_remark(text);
  }
  return evidence;
}

template <typename Request>
absl::Status AddEvidenceAndCase(Context& context, Request& request) {
  for (const std::string& text : context.args().All("evidence")) {
    *request.add_evidence() = ReadEvidence(text);
  }
  if (!context.args().Has("case")) return absl::OkStatus();
  const std::string& id = context.args().Get("case");
  if (!id.starts_with("cs_") && !id.starts_with("cases/")) {
    return UsageProblem("err.args.case", {{"value", id}});
  }
  request.set_case_name(id.starts_with("cases/") ? id : "cases/" + id);
  return absl::OkStatus();
}

absl::Status AddScope(Context& context, v1::Scope& scope) {
  for (const std::string& text : context.args().All("scope")) {
    const std::size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : text.substr(colon + 1);
    std::string* const field = kind == "game"   ? scope.mutable_game()
                               : kind == "hall" ? scope.mutable_hall()
                                                : nullptr;
    if (field == nullptr || value.empty() || !field->empty()) {
      return UsageProblem("err.args.scope", {{"value", text}});
    }
    *field = value;
  }
  return absl::OkStatus();
}

// Exactly one of --for, --until and --perm. Nothing here falls back to anything.
absl::Status AddTerm(Context& context, bool may_be_permanent, v1::CreateSanctionRequest& request) {
  const Args& args = context.args();
  const int given =
      (args.Has("for") ? 1 : 0) + (args.Has("until") ? 1 : 0) + (args.Has("perm") ? 1 : 0);
  const std::string command(args.command().path);
  if (given > 1) return UsageProblem("err.term.several");
  if (given == 0) {
    return UsageProblem(may_be_permanent ? "err.term.missing" : "err.term.missing_hold",
                        {{"command", command}});
  }
  if (args.Has("perm")) {
    request.set_permanent(true);
    return absl::OkStatus();
  }
  if (args.Has("for")) {
    const absl::StatusOr<absl::Duration> term = ParseTerm(args.Get("for"));
    if (!term.ok()) return term.status();
    ToProto(*term, *request.mutable_duration());
    return absl::OkStatus();
  }
  const absl::StatusOr<absl::Time> end =
      ParseUntil(args.Get("until"), context.manner().zone, context.look().now());
  if (!end.ok()) return end.status();
  ToProto(*end, *request.mutable_end_time());
  return absl::OkStatus();
}

absl::Status AddCapabilities(Context& context, const SanctionVerb& verb,
                             v1::CreateSanctionRequest& request) {
  if (!context.args().Has("caps")) {
    for (const v1::Capability one : verb.capabilities)
      request.add_capabilities(one);
    return absl::OkStatus();
  }
  const auto numbers = ReadWords(Vocabulary::kCapability, context.args().Get("caps"));
  if (!numbers.ok()) return numbers.status();
  for (const int number : *numbers) {
    request.add_capabilities(static_cast<v1::Capability>(number));
  }
  return absl::OkStatus();
}

absl::Status Impose(Context& context, const SanctionVerb& verb) {
  v1::CreateSanctionRequest request;
  request.set_kind(verb.kind);
  const absl::StatusOr<v1::Offence> offence = RequiredRule(context);
  if (!offence.ok()) return offence.status();
  request.set_offence(*offence);
  request.set_now(context.args().Has("now"));
  if (verb.kind != v1::SANCTION_KIND_WARNING) {
    HW_RETURN_IF_ERROR(AddTerm(context, verb.may_be_permanent, request));
    HW_RETURN_IF_ERROR(AddCapabilities(context, verb, request));
  }
  HW_RETURN_IF_ERROR(AddScope(context, *request.mutable_scope()));
  HW_RETURN_IF_ERROR(AddEvidenceAndCase(context, request));
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  request.set_parent(AccountName(*id));
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "CreateSanction", request, &Client::CreateSanction);
  order.target = *id;
  // Whatever the daemon says: for ever is typed.
  order.least_level = request.permanent() ? 2 : 0;
  return GiveOrder(context, order);
}

absl::Status Reset(Context& context, v1::ProfileField field) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ResetProfileRequest request;
  request.set_name(AccountName(*id));
  request.set_field(field);
  request.set_punish(context.args().Has("punish"));
  Order order = MakeOrder(**daemon, "ResetProfile", request, &Client::ResetProfile);
  order.target = *id;
  return GiveOrder(context, order);
}

absl::Status AddGrades(Context& context, v1::PunishAccountRequest& request) {
  const Args& args = context.args();
  if (args.Has("severity")) {
    const absl::StatusOr<int> severity = ReadWord(Vocabulary::kSeverity, args.Get("severity"));
    if (!severity.ok()) return severity.status();
    request.set_severity(static_cast<v1::Severity>(*severity));
  }
  if (args.Has("category")) {
    const absl::StatusOr<int> category = ReadWord(Vocabulary::kCategory, args.Get("category"));
    if (!category.ok()) return category.status();
    request.set_category(static_cast<v1::TextCategory>(*category));
  }
  if (args.Has("rung") != args.Has("why")) return UsageProblem("err.args.rung_why");
  constexpr int kMostRungs = 100;
  const absl::StatusOr<int> rung = ReadCount(context, "rung", 1, kMostRungs, 0);
  if (!rung.ok()) return rung.status();
  request.set_rung(*rung);
  request.set_deviation_reason(args.Get("why"));
  return absl::OkStatus();
}

}  // namespace

absl::Status CommandPunish(Context& context) {
  v1::PunishAccountRequest request;
  const absl::StatusOr<v1::Offence> offence = ReadOffence(context.args().At(1));
  if (!offence.ok()) return offence.status();
  request.set_offence(*offence);
  HW_RETURN_IF_ERROR(AddGrades(context, request));
  HW_RETURN_IF_ERROR(AddEvidenceAndCase(context, request));
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  request.set_name(AccountName(*id));
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order = MakeOrder(**daemon, "PunishAccount", request, &Client::PunishAccount);
  order.target = *id;
  return GiveOrder(context, order);
}

absl::Status CommandWarn(Context& context) {
  return Impose(context, {.kind = v1::SANCTION_KIND_WARNING, .capabilities = {}});
}

absl::Status CommandMute(Context& context) {
  return Impose(context, {.kind = v1::SANCTION_KIND_RESTRICTION,
                          .capabilities = {v1::CAPABILITY_CHAT},
                          .may_be_permanent = true});
}

absl::Status CommandBan(Context& context) {
  return Impose(context, {.kind = v1::SANCTION_KIND_RESTRICTION,
                          .capabilities = {v1::CAPABILITY_LOGIN},
                          .may_be_permanent = true});
}

absl::Status CommandHold(Context& context) {
  return Impose(context, {.kind = v1::SANCTION_KIND_HOLD,
                          .capabilities = {v1::CAPABILITY_GIFT, v1::CAPABILITY_EXCHANGE},
                          .may_be_permanent = false});
}

absl::Status CommandKick(Context& context) {
  const absl::StatusOr<v1::Offence> offence = RequiredRule(context);
  if (!offence.ok()) return offence.status();
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::KickAccountRequest request;
  request.set_name(AccountName(*id));
  request.set_offence(*offence);
  request.set_table(context.args().Get("table"));
  Order order = MakeOrder(**daemon, "KickAccount", request, &Client::KickAccount);
  order.target = *id;
  return GiveOrder(context, order);
}

absl::Status CommandRename(Context& context) {
  return Reset(context, v1::PROFILE_FIELD_NICKNAME);
}

absl::Status CommandAvatarReset(Context& context) {
  return Reset(context, v1::PROFILE_FIELD_AVATAR);
}

absl::Status CommandSignatureReset(Context& context) {
  return Reset(context, v1::PROFILE_FIELD_SIGNATURE);
}

}  // namespace hallwarden::gmctl
