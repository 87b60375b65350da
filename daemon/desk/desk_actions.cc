// Mutating calls: one way for all of them.
#include <algorithm>
#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/shape.h"
#include "rules/base/siphash.h"
#include "rules/engine/case_commands.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {
namespace {

// The field of the command that is of the request's type. Requires: there is one.
const google::protobuf::FieldDescriptor* PlaceOf(const google::protobuf::Message& request) {
  const google::protobuf::OneofDescriptor* const requests =
      v1::Command::descriptor()->FindOneofByName("request");
  for (int i = 0; i < requests->field_count(); ++i) {
    if (requests->field(i)->message_type() == request.GetDescriptor()) return requests->field(i);
  }
  return nullptr;
}

void Put(const google::protobuf::Message& request, v1::Command* command) {
  command->GetReflection()->MutableMessage(command, PlaceOf(request))->CopyFrom(request);
}

// Name of the target as the request gives it. Empty: it names none.
std::string NameIn(const v1::Command& command) {
  const google::protobuf::FieldDescriptor* const place =
      command.GetReflection()->GetOneofFieldDescriptor(
          command, v1::Command::descriptor()->FindOneofByName("request"));
  if (place == nullptr) return {};
  return ResourceOf(command.GetReflection()->GetMessage(command, place));
}

std::string BodyHash(const SipKey& key, const std::string& method,
                     const google::protobuf::Message& request) {
  const Hash128 hash = SipHash128(key, method + "\n" + CanonicalText(request));
  std::string bytes;
  for (const std::uint64_t word : {hash.hi, hash.lo}) {
    for (unsigned shift = 64; shift > 0; shift -= 8) {
      bytes.push_back(static_cast<char>((word >> (shift - 8)) & 0xFFU));
    }
  }
  return bytes;
}

// What counts against the hourly limit of a role: whatever imposes something on an account.
bool Sanctions(const v1::Command& command) {
  return command.has_punish_account() || command.has_create_sanction() ||
         command.has_kick_account() || command.reset_profile().punish() ||
         command.close_case().confirm() ||
         command.decide_case().verdict() == v1::CASE_VERDICT_CONFIRMED;
}

constexpr std::string_view kReused = "REQUEST_ID_REUSED";

absl::Status Reused(const std::string& request_id) {
  return RefusalStatus(absl::StatusCode::kAlreadyExists, kReused,
                       "request_id " + request_id + " was used for another request",
                       {{"request_id", request_id}});
}

}  // namespace

Desk::ActionPtr Desk::NewAction(const Call& call, const google::protobuf::Message& request,
                                std::string_view resource) const {
  auto action = std::make_shared<Action>();
  action->call = call;
  action->options = dynamic_cast<const v1::ActionOptions&>(request.GetReflection()->GetMessage(
      request, request.GetDescriptor()->FindFieldByName("options")));
  action->resource = std::string(resource);
  action->command = CommandFrom(call.principal);
  action->command.set_body_hash(BodyHash(store_->vault().HashKey(), call.method, request));
  return action;
}

void Desk::Act(const ActionPtr& action, const ActedDone& done) {
  if (action->call.cancelled && action->call.cancelled()) {
    done(absl::CancelledError("the caller is gone"));
    return;
  }
  if (action->options.validate_only()) {
    Rehearse(action, done);
    return;
  }
  const RequestIds::Key key{action->call.principal.name, action->options.request_id()};
  const auto again = [this, action, done] {
    pool_->Continue([this, action, done] { Act(action, done); });
  };
  switch (request_ids_.Begin(key, action->command.body_hash(), again)) {
    case RequestIds::Begun::kWaits:
      return;
    case RequestIds::Begun::kReused:
      Refuse(action, Reused(key.request_id), done);
      return;
    case RequestIds::Begun::kFirst:
      break;
  }
  // Whoever waits for this call looks for its answer in the store, hence after the commit.
  const ActedDone ended = [this, key, done](const absl::StatusOr<Acted>& acted) {
    request_ids_.End(key);
    done(acted);
  };
  const std::optional<absl::StatusOr<Acted>> stored = StoredAnswer(*action);
  if (stored.has_value()) {
    const bool reused = !stored->ok() && RefusalOf(stored->status()).reason == kReused;
    if (reused) {
      Refuse(action, stored->status(), ended);
    } else {
      ended(*stored);
    }
    return;
  }
  if (absl::Status status = ResolveTarget(action.get()); !status.ok()) {
    Refuse(action, status, ended);
    return;
  }
  if (!Sanctions(action->command)) {
    Submit(action, ended);
    return;
  }
  core_->LookAtPolicy([this, action, ended](const absl::StatusOr<Glance>& glance) {
    pool_->Continue([this, action, ended, glance] {
      if (!glance.ok()) {
        ended(glance.status());
        return;
      }
      const Principal& who = action->call.principal;
      const policy::RoleLimit* limit =
          glance->policy == nullptr ? nullptr : glance->policy->LimitOf(who.role);
      const std::int32_t most = limit == nullptr ? 0 : limit->hourly_limit;
      if (hourly_limits_.Take(who.name, most, core_->NowUs())) {
        Submit(action, ended);
        return;
      }
      Refuse(action,
             RefusalStatus(absl::StatusCode::kResourceExhausted, "HOURLY_LIMIT",
                           "at most " + std::to_string(most) + " sanctions an hour for your role",
                           {{"limit", std::to_string(most)}}),
             ended);
    });
  });
}

void Desk::Submit(const ActionPtr& action, const ActedDone& done) {
  core_->SubmitCommand(action->command, [this, action, done](const CommandOutcome& outcome) {
    pool_->Continue([this, action, done, outcome] { done(ActedOf(*action, outcome)); });
  });
}

// A plan is pinned by the etag that it was made from, and read before it: what changes in between
// makes the pin too old, never too new.
void Desk::Rehearse(const ActionPtr& action, const ActedDone& done) {
  if (absl::Status status = ResolveTarget(action.get()); !status.ok()) {
    done(status);
    return;
  }
  const std::string& account = action->command.target_account();
  if (account.empty()) {
    RehearseAt("", action, done);
    return;
  }
  core_->LookAtAccount(account, [this, action, done](const absl::StatusOr<Glance>& glance) {
    pool_->Continue([this, action, done, glance] {
      if (!glance.ok()) {
        done(glance.status());
        return;
      }
      RehearseAt(glance->accounts.empty() ? "" : glance->accounts.front().account.etag(), action,
                 done);
    });
  });
}

void Desk::RehearseAt(const std::string& etag, const ActionPtr& action, const ActedDone& done) {
  core_->Rehearse(action->command, [this, etag, action, done](const CommandOutcome& outcome) {
    pool_->Continue([this, etag, action, done, outcome] {
      absl::StatusOr<Acted> acted = ActedOf(*action, outcome);
      if (acted.ok()) {
        acted->response.set_dry_run(true);
        const std::string& pin = action->case_etag;
        acted->response.set_etag(pin.empty() ? etag : pin);
        acted->response.clear_journal_position();
      }
      done(acted);
    });
  });
}

void Desk::Refuse(const ActionPtr& action, const absl::Status& status, const ActedDone& done) {
  if (!IsRefusal(status)) {
    done(status);
    return;
  }
  AuditRefusal(action->call, action->resource, status, [status, done] { done(status); });
}

std::optional<absl::StatusOr<Desk::Acted>> Desk::StoredAnswer(const Action& action) {
  const absl::StatusOr<storage::StoredAnswer> found =
      store_->FindAnswer(action.call.principal.name, action.options.request_id(), core_->NowUs());
  if (absl::IsNotFound(found.status())) return std::nullopt;
  if (!found.ok()) return found.status();
  const Answer& answer = found->answer;
  if (answer.body_hash != action.command.body_hash()) return Reused(answer.request_id);
  if (answer.refusal.has_value()) return ToStatus(*answer.refusal);
  Acted acted{answer.response, found->position, true};
  WordPlan(&acted.response);
  acted.response.set_journal_position(static_cast<std::int64_t>(found->position));
  return acted;
}

absl::StatusOr<Desk::Acted> Desk::ActedOf(const Action& action, const CommandOutcome& outcome) {
  if (absl::IsResourceExhausted(outcome.status) && core_->Stats().commands_paused) {
    return RefusalStatus(absl::StatusCode::kUnavailable, "DISK_FULL",
                         "the daemon's disk is full: nothing is recorded until there is space");
  }
  if (!outcome.status.ok()) return outcome.status;
  if (!outcome.answer.has_value()) return absl::InternalError("a command without an answer");
  if (outcome.answer->repeat) {
    const std::optional<absl::StatusOr<Acted>> stored = StoredAnswer(action);
    if (stored.has_value()) return *stored;
    return absl::InternalError("a repeat without a stored answer");
  }
  if (outcome.answer->refusal.has_value()) return ToStatus(*outcome.answer->refusal);
  Acted acted{outcome.answer->response, outcome.position, false};
  WordPlan(&acted.response);
  acted.response.set_journal_position(static_cast<std::int64_t>(outcome.position));
  return acted;
}

absl::Status Desk::ResolveTarget(Action* action) {
  v1::Command& command = action->command;
  const std::string name = NameIn(command);
  if (command.has_claim_case() && name.empty()) return PickNext(action);
  if (command.has_claim_appeal() && name.empty()) return PickNextAppeal(action);
  if (const std::optional<std::string> account = IdOf(name, "accounts/")) {
    command.set_target_account(*account);
    return absl::OkStatus();
  }
  if (name.starts_with("sanctions/")) {
    const absl::StatusOr<v1::Sanction> sanction = store_->GetSanction(name);
    if (!sanction.ok()) return NotFoundAs(sanction.status(), name);
    command.set_target_account(sanction->account());
    return absl::OkStatus();
  }
  if (name.starts_with("cases/")) {
    const absl::StatusOr<v1::Case> found = store_->GetCase(name);
    if (!found.ok()) return NotFoundAs(found.status(), name);
    command.set_target_account(found->account());
    if (IsCaseCommand(command)) action->case_etag = std::to_string(found->revision());
    return command.has_assign_case() ? ResolveAssignee(command.mutable_assign_case())
                                     : absl::OkStatus();
  }
  if (name.starts_with("appeals/")) {
    const absl::StatusOr<v1::Appeal> found = store_->GetAppeal(name);
    if (!found.ok()) return NotFoundAs(found.status(), name);
    command.set_target_account(found->account());
    action->case_etag = std::to_string(found->revision());
    return absl::OkStatus();
  }
  switch (command.request_case()) {
    case v1::Command::kRevokeToken:
      return ResolveToken(command.revoke_token().name());
    case v1::Command::kRetireServer:
      return ResolveServer(command.retire_server().name());
    case v1::Command::kQuarantineServer:
      return ResolveServer(command.quarantine_server().name());
    case v1::Command::kReleaseServer:
      return ResolveServer(command.release_server().name());
    case v1::Command::kReverseServer:
      return ResolveServer(command.reverse_server().name());
    case v1::Command::kAcceptRestore: {
      const std::vector<SourceState> sources = core_->Sources();
      if (std::any_of(sources.begin(), sources.end(),
                      [](const SourceState& source) { return source.client_ahead; })) {
        return absl::OkStatus();
      }
      return RefusalStatus(absl::StatusCode::kFailedPrecondition, "NO_RESTORE_PENDING",
                           "no game server is ahead of the store");
    }
    case v1::Command::kAcceptClock:
      if (core_->Stats().clock_step_us != 0) return absl::OkStatus();
      return RefusalStatus(absl::StatusCode::kFailedPrecondition, "NO_CLOCK_STEP",
                           "the daemon follows the wall clock");
    default:
      return absl::OkStatus();
  }
}

absl::Status Desk::ResolveToken(std::string_view name) {
  const absl::StatusOr<std::vector<storage::StoredToken>> tokens = store_->Tokens();
  if (!tokens.ok()) return tokens.status();
  for (const storage::StoredToken& stored : *tokens) {
    if (stored.token.name() != name) continue;
    if (!stored.token.has_revoke_time()) return absl::OkStatus();
    return RefusalStatus(absl::StatusCode::kFailedPrecondition, "NOT_NEEDED",
                         std::string(name) + " is revoked already", {{"name", std::string(name)}});
  }
  return NoSuch(name);
}

absl::Status Desk::ResolveServer(std::string_view name) {
  const std::string server = *IdOf(name, "servers/");
  for (const SourceState& source : core_->Sources()) {
    if (source.source == server) return absl::OkStatus();
  }
  const auto outboxes = store_->Outboxes();
  if (!outboxes.ok()) return outboxes.status();
  for (const auto& [known, state] : *outboxes) {
    if (known == server) return absl::OkStatus();
  }
  return NoSuch(name);
}

// ---- calls that answer with what the engine answered
// ------------------------------------------------

void Desk::ActPlainly(const Call& call, const google::protobuf::Message& request,
                      v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, ResourceOf(request));
  Put(request, &action->command);
  Act(action, Answers(response, done));
}

Desk::ActedDone Desk::Answers(v1::ActionResponse* response, const Done& done) {
  return [response, done](const absl::StatusOr<Acted>& acted) {
    if (acted.ok()) *response = acted->response;
    done(acted.status());
  };
}

void Desk::PunishAccount(const Call& call, const v1::PunishAccountRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CreateSanction(const Call& call, const v1::CreateSanctionRequest& request,
                          v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::KickAccount(const Call& call, const v1::KickAccountRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ResetProfile(const Call& call, const v1::ResetProfileRequest& request,
                        v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::LiftSanction(const Call& call, const v1::LiftSanctionRequest& request,
                        v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::UndoAction(const Call& call, const v1::UndoActionRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReinstateSanction(const Call& call, const v1::ReinstateSanctionRequest& request,
                             v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CloseCase(const Call& call, const v1::CloseCaseRequest& request,
                     v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CreateNote(const Call& call, const v1::CreateNoteRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::OpenCase(const Call& call, const v1::OpenCaseRequest& request,
                    v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ClaimCase(const Call& call, const v1::ClaimCaseRequest& request,
                     v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReleaseCase(const Call& call, const v1::ReleaseCaseRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::AssignCase(const Call& call, const v1::AssignCaseRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::EscalateCase(const Call& call, const v1::EscalateCaseRequest& request,
                        v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReferCase(const Call& call, const v1::ReferCaseRequest& request,
                     v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReturnCase(const Call& call, const v1::ReturnCaseRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CreateCaseNote(const Call& call, const v1::CreateCaseNoteRequest& request,
                          v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::MergeCase(const Call& call, const v1::MergeCaseRequest& request,
                     v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReopenCase(const Call& call, const v1::ReopenCaseRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::DecideCase(const Call& call, const v1::DecideCaseRequest& request,
                      v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::RevokeToken(const Call& call, const v1::RevokeTokenRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::RetireServer(const Call& call, const v1::RetireServerRequest& request,
                        v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::QuarantineServer(const Call& call, const v1::QuarantineServerRequest& request,
                            v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReleaseServer(const Call& call, const v1::ReleaseServerRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReleaseRule(const Call& call, const v1::ReleaseRuleRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::AcceptRestore(const Call& call, const v1::AcceptRestoreRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::AcceptClock(const Call& call, const v1::AcceptClockRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}

}  // namespace hallwarden::daemon
