// Mutating calls that need more than the engine: tokens, the partner register, the policy.
#include <algorithm>
#include <utility>

#include "daemon/auth/bootstrap.h"
#include "daemon/auth/refusals.h"
#include "daemon/auth/token_secret.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "rules/engine/effect.h"
#include "rules/policy/diff.h"
#include "rules/policy/policy.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {
namespace {

std::string LowerHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out.push_back(kDigits[value >> 4U]);
    out.push_back(kDigits[value & 15U]);
  }
  return out;
}

}  // namespace

// ---- tokens
// -----------------------------------------------------------------------------------------

// The secret never reaches the journal, and so nobody can be told it twice: a repeat gets the token
// of the record that the first call made, without it.
void Desk::CreateToken(const Call& call, const v1::CreateTokenRequest& request,
                       v1::CreateTokenResponse* response, const Done& done) {
  const std::int64_t lifetime_us =
      request.has_lifetime() ? Micros(request.lifetime()) : kTokenLifetimeUs;
  absl::StatusOr<NewToken> made =
      MakeToken(request.principal(), request.role(), core_->NowUs(), lifetime_us);
  if (!made.ok()) {
    done(made.status());
    return;
  }
  const ActionPtr action = NewAction(call, request, made->put.token().name());
  v1::PutToken& put = *action->command.mutable_put_token();
  put = std::move(made->put);
  *put.mutable_token()->mutable_actor() = action->command.actor();
  *put.mutable_options() = request.options();
  Act(action, [this, action, response, secret = std::move(made->secret),
               done](const absl::StatusOr<Acted>& acted) {
    absl::Status status = acted.status();
    if (acted.ok() && acted->repeat) {
      const absl::StatusOr<v1::Command> first = ReadCommand(store_, acted->position);
      status = first.status();
      if (first.ok()) *response->mutable_token() = first->put_token().token();
    } else if (acted.ok()) {
      *response->mutable_token() = action->command.put_token().token();
      if (!acted->response.dry_run()) response->set_secret(secret);
    }
    done(status);
  });
}

// ---- partner register
// -------------------------------------------------------------------------------

void Desk::ImportPartners(const Call& call, const v1::ImportPartnersRequest& request,
                          v1::ImportPartnersResponse* response, const Done& done) {
  // Counted before the command: afterwards nothing changes any more.
  std::int32_t changed = 0;
  for (const v1::PartnerSpan& span : request.spans()) {
    const auto rows = store_->Partners(span.account());
    if (!rows.ok()) {
      done(rows.status());
      return;
    }
    const std::string text = CanonicalText(span);
    if (std::none_of(rows->begin(), rows->end(),
                     [&text](const v1::PartnerSpan& row) { return CanonicalText(row) == text; })) {
      ++changed;
    }
  }
  const ActionPtr action = NewAction(call, request, "partners");
  *action->command.mutable_import_partners() = request;
  Act(action, [&request, response, changed, done](const absl::StatusOr<Acted>& acted) {
    if (acted.ok()) {
      response->set_imported_count(request.spans_size());
      response->set_changed_count(acted->repeat ? 0 : changed);
      response->set_dry_run(acted->response.dry_run());
    }
    done(acted.status());
  });
}

// ---- policy
// -----------------------------------------------------------------------------------------

void Desk::ApplyPolicy(const Call& call, const v1::ApplyPolicyRequest& request,
                       v1::ApplyPolicyResponse* response, const Done& done) {
  const std::string artefact = LowerHex(Sha256(request.source()));
  policy::CompileResult compiled = policy::Compile(request.source(), request.file(), artefact);
  for (v1::Diagnostic& diagnostic : compiled.diagnostics) {
    *response->add_diagnostics() = std::move(diagnostic);
  }
  response->set_dry_run(request.options().validate_only());
  if (compiled.policy == nullptr) {
    const absl::Status refused = RefusalStatus(absl::StatusCode::kInvalidArgument, "POLICY_REFUSED",
                                               "the policy has faults");
    if (request.options().validate_only()) {
      done(absl::OkStatus());
    } else {
      AuditRefusal(call, "policies/-", refused, [done] { done(absl::OkStatus()); });
    }
    return;
  }
  const ActionPtr action = NewAction(call, request, "policies/" + compiled.policy->revision());
  v1::ActivatePolicy& activate = *action->command.mutable_activate_policy();
  activate.set_artefact(artefact);
  activate.set_title(compiled.policy->source().title());
  *activate.mutable_options() = request.options();
  core_->LookAtPolicy(WithGlance(
      done, [this, action, policy = compiled.policy, response, done, &request](const Glance& seen) {
        if (seen.policy != nullptr) {
          for (v1::PlanLine& line : policy::DiffPolicies(seen.policy->source(), policy->source())) {
            *response->add_lines() = std::move(line);
          }
        }
        if (request.options().validate_only()) {
          RehearsePolicy(seen, *policy, request.options(), response, done);
        } else {
          ActivatePolicy(action, request.source(), response, done);
        }
      }));
}

// The engine would have to know the policy to rehearse its activation, and it must not learn of
// what is only being tried: the one thing that can be wrong is checked here.
void Desk::RehearsePolicy(const Glance& seen, const policy::CompiledPolicy& policy,
                          const v1::ActionOptions& options, v1::ApplyPolicyResponse* response,
                          const Done& done) {
  const std::string active = seen.policy == nullptr ? "" : seen.policy->revision();
  if (!options.etag().empty() && options.etag() != active) {
    done(RefusalStatus(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                       "the active policy is " + active + ", not " + options.etag(),
                       {{"etag", options.etag()}, {"actual", active}}));
    return;
  }
  response->set_name("policies/" + policy.revision());
  done(absl::OkStatus());
}

// Stored and compiled before its activation is journalled: the engine must find it at once.
void Desk::ActivatePolicy(const ActionPtr& action, const std::string& source,
                          v1::ApplyPolicyResponse* response, const Done& done) {
  const absl::StatusOr<std::string> stored = store_->PutArtefact(source);
  if (!stored.ok()) {
    done(stored.status());
    return;
  }
  HW_CRASH_POINT("policy.stored");
  if (artefacts_->Policy(*stored) == nullptr) {
    done(absl::InternalError("a policy that compiled does not compile"));
    return;
  }
  Act(action, [action, response, done](const absl::StatusOr<Acted>& acted) {
    HW_CRASH_POINT("policy.committed");
    if (acted.ok()) response->set_name(action->resource);
    done(acted.status());
  });
}

}  // namespace hallwarden::daemon
