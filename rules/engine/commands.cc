#include "rules/engine/commands.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rules/engine/appeal_commands.h"
#include "rules/engine/bank_entity.h"
#include "rules/engine/case_commands.h"
#include "rules/engine/command_context.h"
#include "rules/engine/lexicon_entity.h"
#include "rules/engine/reversal.h"
#include "rules/engine/rule_entity.h"
#include "rules/engine/server_entity.h"
#include "rules/state/bank_cells.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// More remembered answers than this in one cell are dropped, oldest first: the store still has
// them.
constexpr std::size_t kAnsweredMax = 64;

const v1::ActionOptions& OptionsOf(const v1::Command& command) {
  static const v1::ActionOptions kNone;
  switch (command.request_case()) {
    case v1::Command::kPunishAccount:
      return command.punish_account().options();
    case v1::Command::kCreateSanction:
      return command.create_sanction().options();
    case v1::Command::kKickAccount:
      return command.kick_account().options();
    case v1::Command::kResetProfile:
      return command.reset_profile().options();
    case v1::Command::kLiftSanction:
      return command.lift_sanction().options();
    case v1::Command::kReinstateSanction:
      return command.reinstate_sanction().options();
    case v1::Command::kUndoAction:
      return command.undo_action().options();
    case v1::Command::kCloseCase:
      return command.close_case().options();
    case v1::Command::kCreateNote:
      return command.create_note().options();
    case v1::Command::kActivatePolicy:
      return command.activate_policy().options();
    case v1::Command::kImportPartners:
      return command.import_partners().options();
    case v1::Command::kPutToken:
      return command.put_token().options();
    case v1::Command::kRevokeToken:
      return command.revoke_token().options();
    case v1::Command::kRetireServer:
      return command.retire_server().options();
    case v1::Command::kQuarantineServer:
      return command.quarantine_server().options();
    case v1::Command::kReleaseServer:
      return command.release_server().options();
    case v1::Command::kReverseServer:
      return command.reverse_server().options();
    case v1::Command::kReleaseRule:
      return command.release_rule().options();
    case v1::Command::kAcceptRestore:
      return command.accept_restore().options();
    case v1::Command::kAcceptClock:
      return command.accept_clock().options();
    case v1::Command::kAddBankEntries:
      return command.add_bank_entries().options();
    case v1::Command::kRemoveBankEntries:
      return command.remove_bank_entries().options();
    case v1::Command::kActivateLexicon:
      return command.activate_lexicon().options();
    case v1::Command::kStartRescreen:
      return command.start_rescreen().options();
    default:
      return IsAppealCommand(command) ? AppealOptionsOf(command) : CaseOptionsOf(command);
  }
  return kNone;
}

// The method and the resource of a command, for the audit.
std::pair<std::string, std::string> NameOf(const v1::Command& command) {
  const std::string account = "accounts/" + command.target_account();
  switch (command.request_case()) {
    case v1::Command::kPunishAccount:
      return {"GmService.PunishAccount", account};
    case v1::Command::kCreateSanction:
      return {"GmService.CreateSanction", account};
    case v1::Command::kKickAccount:
      return {"GmService.KickAccount", account};
    case v1::Command::kResetProfile:
      return {"GmService.ResetProfile", account};
    case v1::Command::kLiftSanction:
      return {"GmService.LiftSanction", command.lift_sanction().name()};
    case v1::Command::kUndoAction:
      return {"GmService.UndoAction", account};
    case v1::Command::kReinstateSanction:
      return {"GmService.ReinstateSanction", command.reinstate_sanction().name()};
    case v1::Command::kCloseCase:
      return {"GmService.CloseCase", command.close_case().name()};
    case v1::Command::kCreateNote:
      return {"GmService.CreateNote", account};
    case v1::Command::kActivatePolicy:
      return {"GmService.ApplyPolicy", "policies/" + command.activate_policy().title()};
    case v1::Command::kImportPartners:
      return {"GmService.ImportPartners", "partners"};
    case v1::Command::kPutToken:
      return {"GmService.CreateToken", command.put_token().token().name()};
    case v1::Command::kRevokeToken:
      return {"GmService.RevokeToken", command.revoke_token().name()};
    case v1::Command::kRetireServer:
      return {"GmService.RetireServer", command.retire_server().name()};
    case v1::Command::kQuarantineServer:
      return {"GmService.QuarantineServer", command.quarantine_server().name()};
    case v1::Command::kReleaseServer:
      return {"GmService.ReleaseServer", command.release_server().name()};
    case v1::Command::kReverseServer:
      return {"GmService.ReverseServer", command.reverse_server().name()};
    case v1::Command::kReleaseRule:
      return {"GmService.ReleaseRule", command.release_rule().name()};
    case v1::Command::kAcceptRestore:
      return {"GmService.AcceptRestore", "store"};
    case v1::Command::kAcceptClock:
      return {"GmService.AcceptClock", "clock"};
    case v1::Command::kAddBankEntries:
      return {"BankService.AddBankEntries", "banks"};
    case v1::Command::kRemoveBankEntries:
      return {"BankService.RemoveBankEntries", "banks"};
    case v1::Command::kRefusedCall:
      return {command.refused_call().method(), command.refused_call().resource()};
    case v1::Command::kActivateLexicon:
      return {"TextService.ChangeLexicon", "lexicon"};
    case v1::Command::kStartRescreen:
      return {"TextService.RescreenNames", "lexicon"};
    default:
      return IsAppealCommand(command) ? NameOfAppealCommand(command) : NameOfCaseCommand(command);
  }
}

bool IsAboutAccount(const v1::Command& command) {
  return IsCaseCommand(command) || IsAppealCommand(command) || command.has_reinstate_sanction() ||
         (command.request_case() >= v1::Command::kPunishAccount &&
          command.request_case() <= v1::Command::kCreateNote);
}

// The answered requests of the entity that the command is about; made when missing.
std::vector<AnsweredRequest>& AnsweredOf(const Step& step, const v1::Command& command) {
  const EntityKey key = RouteCommand(command);
  switch (key.kind) {
    case CellKind::kAccount:
      return step.cells->accounts().Mutable(key.id).Rest().answered;
    case CellKind::kServer:
      return step.cells->servers().Mutable(key.id).answered;
    case CellKind::kRule:
      return step.cells->rules().Mutable(key.id).answered;
    case CellKind::kBank:
      return step.cells->banks().Mutable(key.id).answered;
    default:
      return step.cells->system().Mutable(key.id).answered;
  }
}

Outcome ImportPartners(CommandContext* context, const v1::ImportPartnersRequest& request) {
  PutPartners put;
  for (const v1::PartnerSpan& span : request.spans()) {
    put.spans.push_back(span);
    context->step.Tell(SystemKey(), KeyOfAccount(span.account()), FactKind::kPartnerSpan,
                       span.SerializeAsString());
  }
  context->after = std::to_string(put.spans.size()) + " rows";
  context->step.Emit(std::move(put));
  return std::nullopt;
}

Outcome ActivatePolicy(CommandContext* context, const v1::ActivatePolicy& request) {
  // The engine switched before it came here, in every shard, unless another policy was in force
  // than the one the caller had looked at; an unknown artefact left it as it was.
  const policy::CompiledPolicy* active = context->step.policy;
  const std::string& etag = context->options.etag();
  const std::string prefix = "@" + request.artefact().substr(0, 12);
  SystemCell& system = context->step.cells->system().Mutable(SystemKey().id);
  const bool in_force = active != nullptr && active->revision().find(prefix) != std::string::npos;
  const bool switched = in_force && system.policy_artefact != request.artefact();
  if (!switched && active != nullptr && !etag.empty() && active->revision() != etag) {
    return Refuse(Code::kAborted, "ETAG_MISMATCH",
                  "the active policy is " + active->revision() + ", not " + etag,
                  {{"etag", etag}, {"actual", active->revision()}});
  }
  if (!in_force) {
    return Refuse(Code::kFailedPrecondition, "UNKNOWN_POLICY",
                  "the policy's text is not stored: apply it again",
                  {{"artefact", request.artefact()}});
  }
  context->before = system.policy_artefact;
  system.policy_artefact = request.artefact();
  context->after = request.artefact();
  context->resource = "policies/" + active->revision();
  context->step.Emit(
      PutPolicy{request.artefact(), active->revision(), context->actor(), context->step.now_us});
  PostSystem(*context, PostingDetail::kPolicyActivated, "policies/" + active->revision(), 0);
  return std::nullopt;
}

Outcome RunSystem(CommandContext* context) {
  const v1::Command& command = context->command;
  const Step& step = context->step;
  switch (command.request_case()) {
    case v1::Command::kActivatePolicy:
      return ActivatePolicy(context, command.activate_policy());
    case v1::Command::kImportPartners:
      return ImportPartners(context, command.import_partners());
    case v1::Command::kPutToken: {
      v1::Token token = command.put_token().token();
      SetTimestamp(step.now_us, token.mutable_create_time());
      *token.mutable_actor() = context->actor();
      context->after = v1::Role_Name(token.role());
      PostSystem(*context, PostingDetail::kTokenCreated, token.name(), token.role());
      step.Emit(PutToken{std::move(token), command.put_token().secret_sha256()});
      return std::nullopt;
    }
    case v1::Command::kRevokeToken: {
      // The store's row is patched: name and the time say it all.
      v1::Token token;
      token.set_name(command.revoke_token().name());
      SetTimestamp(step.now_us, token.mutable_revoke_time());
      context->after = "revoked";
      PostSystem(*context, PostingDetail::kTokenRevoked, token.name(), 0);
      step.Emit(PutToken{std::move(token), {}});
      return std::nullopt;
    }
    case v1::Command::kRetireServer:
      return RetireServer(context, command.retire_server());
    case v1::Command::kQuarantineServer:
      return QuarantineServer(context, command.quarantine_server());
    case v1::Command::kReleaseServer:
      return ReleaseServer(context, command.release_server());
    case v1::Command::kReverseServer:
      return ReverseServer(context, command.reverse_server());
    case v1::Command::kReleaseRule:
      return ReleaseRule(context, command.release_rule());
    case v1::Command::kAddBankEntries:
      return AddBankEntries(context, command.add_bank_entries());
    case v1::Command::kRemoveBankEntries:
      return RemoveBankEntries(context, command.remove_bank_entries());
    case v1::Command::kActivateLexicon:
      return ActivateLexicon(context, command.activate_lexicon());
    case v1::Command::kStartRescreen:
      return StartRescreen(context);
    case v1::Command::kAcceptRestore: {
      SystemCell& cell = step.cells->system().Mutable(SystemKey().id);
      cell.history_epoch = step.history_epoch;
      context->after = "epoch " + std::to_string(step.history_epoch);
      step.Emit(SetHistoryEpoch{step.history_epoch});
      PostSystem(*context, PostingDetail::kRestoreAccepted, "store", step.history_epoch);
      context->response.set_confirmation_level(2);
      return std::nullopt;
    }
    case v1::Command::kAcceptClock:
      context->after = "accepted";
      context->response.set_confirmation_level(1);
      return std::nullopt;
    default:
      return Refuse(Code::kInvalidArgument, "UNKNOWN_COMMAND", "the command is empty");
  }
}

Outcome RunAccount(CommandContext* context) {
  const v1::Command& command = context->command;
  const EntityKey key = RouteCommand(command);
  const bool known = context->step.cells->accounts().Find(key.id) != nullptr;
  // A note or a sanction may be about somebody who was never heard of; the rest may not.
  const bool creates = command.has_create_note() || command.has_create_sanction() ||
                       command.has_punish_account() || command.has_open_case();
  if (!known && !creates) {
    return Refuse(Code::kNotFound, "NOT_FOUND",
                  "nothing was ever heard of account " + command.target_account(),
                  {{"account", command.target_account()}});
  }
  if (context->step.policy == nullptr) {
    return Refuse(Code::kFailedPrecondition, "UNKNOWN_POLICY", "no policy is active");
  }
  const AccountRef ref = OpenAccount(context->step, command.target_account());
  if (IsCaseCommand(command)) return RunCase(context, ref);
  if (IsAppealCommand(command)) return RunAppeal(context, ref);
  switch (command.request_case()) {
    case v1::Command::kPunishAccount:
      return PunishAccount(context, ref, command.punish_account());
    case v1::Command::kCreateSanction:
      return CreateSanction(context, ref, command.create_sanction());
    case v1::Command::kKickAccount:
      return KickAccount(context, ref, command.kick_account());
    case v1::Command::kResetProfile:
      return ResetProfile(context, ref, command.reset_profile());
    case v1::Command::kLiftSanction:
      return LiftSanction(context, ref, command.lift_sanction());
    case v1::Command::kUndoAction:
      return UndoAction(context, ref, command.undo_action());
    case v1::Command::kReinstateSanction:
      return ReinstateSanction(context, ref, command.reinstate_sanction());
    case v1::Command::kCloseCase:
      return CloseCase(context, ref, command.close_case());
    default:
      return CreateNote(context, ref, command.create_note());
  }
}

void WriteAudit(const CommandContext& context, const Outcome& outcome) {
  const v1::Command& command = context.command;
  v1::AuditRecord record;
  SetTimestamp(context.step.now_us, record.mutable_create_time());
  *record.mutable_actor() = command.actor();
  record.set_peer(command.peer());
  record.set_method(context.method);
  record.set_resource(context.resource);
  record.set_account(command.target_account());
  record.set_request_id(context.options.request_id());
  record.set_reason(context.options.reason());
  if (command.has_refused_call()) {
    record.set_code(command.refused_call().code());
    record.set_error_reason(command.refused_call().error_reason());
  } else if (outcome.has_value()) {
    record.set_code(outcome->code);
    record.set_error_reason(outcome->reason);
  } else {
    record.set_before(context.before);
    record.set_after(context.after);
  }
  record.set_journal_position(static_cast<std::int64_t>(context.step.position));
  context.step.Emit(Audit{std::move(record)});
}

Hash128 BodyOf(const v1::Command& command) {
  return PublicHash(command.body_hash());
}

// True if this very request was answered before: then the stored answer holds. Another body under
// the same id is refused.
bool AnswerRepeat(const Step& step, const v1::Command& command, const std::string& request_id) {
  if (request_id.empty()) return false;
  const Hash128 key = RequestKey(command.actor().principal(), request_id);
  for (const AnsweredRequest& answered : AnsweredOf(step, command)) {
    if (answered.request != key || answered.expire_us <= step.now_us) continue;
    Answer answer;
    answer.principal = command.actor().principal();
    answer.request_id = request_id;
    answer.body_hash = command.body_hash();
    answer.repeat = true;
    if (answered.body != BodyOf(command)) {
      answer.refusal = Refuse(Code::kAlreadyExists, "REQUEST_ID_REUSED",
                              "request id " + request_id + " was used for something else",
                              {{"request_id", request_id}});
    }
    step.Emit(std::move(answer));
    return true;
  }
  return false;
}

void Remember(const Step& step, const v1::Command& command, const std::string& request_id,
              std::int64_t expire_us) {
  if (request_id.empty()) return;
  std::vector<AnsweredRequest>& answered = AnsweredOf(step, command);
  std::erase_if(answered,
                [&](const AnsweredRequest& request) { return request.expire_us <= step.now_us; });
  if (answered.size() >= kAnsweredMax) answered.erase(answered.begin());
  answered.push_back(AnsweredRequest{RequestKey(command.actor().principal(), request_id),
                                     BodyOf(command), expire_us});
}

}  // namespace

void CommandContext::Plan(std::string_view key, const v1::LocalizedText& from,
                          const v1::LocalizedText& to) {
  v1::PlanLine& line = *response.add_lines();
  line.set_key(std::string(key));
  *line.mutable_before() = from;
  *line.mutable_after() = to;
}

v1::LocalizedText Same(std::string text) {
  v1::LocalizedText both;
  both.set_zh(text);
  both.set_en(std::move(text));
  return both;
}

v1::LocalizedText Both(std::string zh, std::string en) {
  v1::LocalizedText both;
  both.set_zh(std::move(zh));
  both.set_en(std::move(en));
  return both;
}

void PostSystem(const CommandContext& context, PostingDetail detail, std::string resource,
                std::int64_t amount) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.event_us = context.step.now_us;
  posting.resource = std::move(resource);
  posting.principal = context.actor().principal();
  posting.amount = amount;
  posting.notable = true;
  context.step.Emit(std::move(posting));
}

Refusal Refuse(Code code, std::string reason, std::string message,
               std::vector<std::pair<std::string, std::string>> metadata) {
  return Refusal{static_cast<int>(code), std::move(reason), std::move(message),
                 std::move(metadata)};
}

EntityKey RouteCommand(const v1::Command& command) {
  switch (command.request_case()) {
    case v1::Command::kRetireServer:
      return ServerKey(ServerName(command.retire_server().name()));
    case v1::Command::kQuarantineServer:
      return ServerKey(ServerName(command.quarantine_server().name()));
    case v1::Command::kReleaseServer:
      return ServerKey(ServerName(command.release_server().name()));
    case v1::Command::kReverseServer:
      return ServerKey(ServerName(command.reverse_server().name()));
    case v1::Command::kReleaseRule:
      return RuleKey(RuleName(command.release_rule().name()));
    case v1::Command::kAddBankEntries:
    case v1::Command::kRemoveBankEntries:
      return BankKey();
    default:
      break;
  }
  if (IsAboutAccount(command) || command.has_rescreen_name())
    return KeyOfAccount(command.target_account());
  return SystemKey();
}

void OnCommand(const Step& step, const v1::Command& command) {
  // Steps of a job, not calls of a person: nobody waits for an answer, and what they lead to has
  // records of its own.
  if (command.has_rescreen_progress()) return OnRescreenProgress(step, command.rescreen_progress());
  if (command.has_rescreen_name()) return OnRescreenName(step, command);
  const v1::ActionOptions& options = OptionsOf(command);
  const std::string request_id = options.request_id();
  if (AnswerRepeat(step, command, request_id)) return;
  auto [method, resource] = NameOf(command);
  CommandContext context{step, command, options, std::move(method), std::move(resource), {},
                         {},   {},      {}};
  Outcome outcome;
  if (!command.has_refused_call()) {
    outcome = IsAboutAccount(command) ? RunAccount(&context) : RunSystem(&context);
  }
  WriteAudit(context, outcome);
  if (command.has_refused_call()) return;
  Answer answer;
  answer.principal = command.actor().principal();
  answer.request_id = request_id;
  answer.body_hash = command.body_hash();
  answer.refusal = std::move(outcome);
  const std::int64_t retention =
      step.policy != nullptr ? step.policy->timing().result_retention_us : kDayUs;
  answer.expire_us = step.now_us + retention;
  if (!answer.refusal.has_value()) {
    answer.response = std::move(context.response);
    answer.response.set_journal_position(static_cast<std::int64_t>(step.position));
    const AccountCell* cell =
        IsAboutAccount(command) ? step.cells->accounts().Find(RouteCommand(command).id) : nullptr;
    if (cell != nullptr && cell->rest) {
      answer.response.set_etag(std::to_string(cell->rest->version));
    }
    if (!context.etag.empty()) answer.response.set_etag(context.etag);
    // A refusal may be tried again under the same id once the reason is gone.
    Remember(step, command, request_id, answer.expire_us);
  }
  step.Emit(std::move(answer));
}

}  // namespace hallwarden
