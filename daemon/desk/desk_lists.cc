// Sanctions, cases, audit, policies, partners, tokens: what the store lists.
#include <algorithm>
#include <set>
#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/explain.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "google/protobuf/util/time_util.h"
#include "rules/policy/policy.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;

// The account of `accounts/{account}`; empty for `accounts/-` and nothing.
std::string AccountFilter(const std::string& parent) {
  const std::string id = IdOf(parent, "accounts/").value_or("");
  return id == "-" ? std::string() : id;
}

// Reads the page that `request` asks for and fills `response`.
template <class Request, class Response, class Fetch, class Add>
absl::Status ListInto(const Request& request, Response* response, Fetch fetch, Add add) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return page.status();
  const absl::StatusOr<std::string> next = Collect(*page, fetch, add);
  if (next.ok()) response->set_next_page_token(NextPage(request, *next));
  return next.status();
}

template <class Message>
absl::Status GetInto(absl::StatusOr<Message> found, const std::string& name, Message* response) {
  if (!found.ok()) return NotFoundAs(found.status(), name);
  *response = *std::move(found);
  return absl::OkStatus();
}

}  // namespace

void Desk::GetSanction(const Call& /*call*/, const v1::GetSanctionRequest& request,
                       v1::Sanction* response, const Done& done) {
  done(GetInto(store_->GetSanction(request.name()), request.name(), response));
}

void Desk::ListSanctions(const Call& /*call*/, const v1::ListSanctionsRequest& request,
                         v1::ListSanctionsResponse* response, const Done& done) {
  const std::string account = AccountFilter(request.parent());
  const std::set<int> states(request.states().begin(), request.states().end());
  done(ListInto(
      request, response,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListSanctions(account, limit, place);
      },
      [&](v1::Sanction sanction) {
        const bool passes = (states.empty() || states.contains(sanction.state())) &&
                            (request.offence() == v1::OFFENCE_UNSPECIFIED ||
                             request.offence() == sanction.offence());
        if (passes) *response->add_sanctions() = std::move(sanction);
        return passes;
      }));
}

void Desk::ExplainSanction(const Call& call, const v1::ExplainSanctionRequest& request,
                           v1::ExplainSanctionResponse* response, const Done& done) {
  core_->LookAtPolicy(WithGlance(
      done, [this, role = call.principal.role, &request, response, done](const Glance& seen) {
        ExplainOptions options;
        options.quote = MaySeeText(role);
        if (seen.policy != nullptr) options.utc_offset_us = seen.policy->utc_offset_us();
        done(FillExplanation(request.name(), options, response));
      }));
}

absl::Status Desk::FillExplanation(const std::string& name, const ExplainOptions& options,
                                   v1::ExplainSanctionResponse* response) {
  absl::Status status = GetInto(store_->GetSanction(name), name, response->mutable_sanction());
  if (!status.ok()) return status;
  const v1::Sanction& sanction = response->sanction();
  absl::StatusOr<std::vector<v1::DirectiveStatus>> directives = store_->DirectivesOf(name);
  if (!directives.ok()) return directives.status();
  for (v1::LocalizedText& line : Explain(sanction, *directives, options)) {
    *response->add_lines() = std::move(line);
  }
  for (v1::DirectiveStatus& directive : *directives) {
    *response->add_directives() = std::move(directive);
  }
  // Only events are shown, and only while they are kept: a command says nothing that the sanction
  // does not say itself.
  absl::StatusOr<v1::HallEvent> event =
      ReadEvent(store_, static_cast<std::uint64_t>(sanction.journal_position()));
  if (absl::IsNotFound(event.status())) return absl::OkStatus();
  if (!event.ok()) return event.status();
  *response->mutable_event() = *std::move(event);
  return absl::OkStatus();
}

void Desk::GetCase(const Call& /*call*/, const v1::GetCaseRequest& request, v1::Case* response,
                   const Done& done) {
  done(GetInto(store_->GetCase(request.name()), request.name(), response));
}

void Desk::ListCases(const Call& /*call*/, const v1::ListCasesRequest& request,
                     v1::ListCasesResponse* response, const Done& done) {
  const std::string account = AccountFilter(request.parent());
  done(ListInto(
      request, response,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListCases(account, !request.include_closed(), limit, place);
      },
      [&](v1::Case found) {
        *response->add_cases() = std::move(found);
        return true;
      }));
}

void Desk::GetAuditRecord(const Call& /*call*/, const v1::GetAuditRecordRequest& request,
                          v1::AuditRecord* response, const Done& done) {
  done(GetInto(store_->GetAudit(request.name()), request.name(), response));
}

void Desk::ListAuditRecords(const Call& /*call*/, const v1::ListAuditRecordsRequest& request,
                            v1::ListAuditRecordsResponse* response, const Done& done) {
  storage::Store::AuditFilter filter;
  filter.principal = request.principal();
  filter.account = request.account();
  filter.method = request.method();
  filter.since_us = request.has_since_time() ? Micros(request.since_time()) : 0;
  done(ListInto(
      request, response,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListAudit(filter, limit, place);
      },
      [&](v1::AuditRecord record) {
        *response->add_records() = std::move(record);
        return true;
      }));
}

// The checkpoint first: it covers no more than the pages that follow.
void Desk::ListAuditEntries(const Call& /*call*/, const v1::ListAuditEntriesRequest& request,
                            v1::ListAuditEntriesResponse* response, const Done& done) {
  absl::StatusOr<std::optional<v1::AuditCheckpoint>> checkpoint = store_->LastAuditCheckpoint();
  const absl::StatusOr<PageSpec> spec = ReadPage(request);
  if (!checkpoint.ok() || !spec.ok()) return done(spec.ok() ? checkpoint.status() : spec.status());
  if (checkpoint->has_value()) *response->mutable_checkpoint() = **std::move(checkpoint);
  absl::StatusOr<storage::Page<v1::AuditEntry>> page =
      store_->ListAuditEntries(spec->limit, spec->place);
  if (page.ok()) {
    for (v1::AuditEntry& entry : page->items)
      *response->add_entries() = std::move(entry);
    response->set_next_page_token(NextPage(request, page->next));
  }
  done(page.status());
}

void Desk::ListPartners(const Call& /*call*/, const v1::ListPartnersRequest& request,
                        v1::ListPartnersResponse* response, const Done& done) {
  done(ListInto(
      request, response,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListPartners(request.channel(), limit, place);
      },
      [&](v1::PartnerSpan span) {
        *response->add_spans() = std::move(span);
        return true;
      }));
}

// Tokens are few: hundreds, not thousands.
void Desk::ListTokens(const Call& /*call*/, const v1::ListTokensRequest& request,
                      v1::ListTokensResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) {
    done(page.status());
    return;
  }
  absl::StatusOr<std::vector<storage::StoredToken>> tokens = store_->Tokens();
  if (!tokens.ok()) {
    done(tokens.status());
    return;
  }
  std::sort(tokens->begin(), tokens->end(),
            [](const auto& a, const auto& b) { return a.token.name() < b.token.name(); });
  const std::int64_t now_us = core_->NowUs();
  for (const storage::StoredToken& stored : *tokens) {
    const bool ended =
        stored.token.has_revoke_time() || Micros(stored.token.expire_time()) <= now_us;
    if (stored.token.name() <= page->place || (ended && !request.include_ended())) continue;
    if (static_cast<std::size_t>(response->tokens_size()) == page->limit) {
      response->set_next_page_token(
          NextPage(request, response->tokens(response->tokens_size() - 1).name()));
      break;
    }
    *response->add_tokens() = stored.token;
  }
  done(absl::OkStatus());
}

// ---- policies
// ---------------------------------------------------------------------------------------

namespace {

v1::GetPolicyResponse DescribePolicy(const storage::StoredPolicy& stored) {
  v1::GetPolicyResponse out;
  out.set_name("policies/" + stored.policy.revision);
  *out.mutable_activate_time() = TimeUtil::MicrosecondsToTimestamp(stored.policy.activate_us);
  *out.mutable_actor() = stored.policy.actor;
  return out;
}

}  // namespace

// The newest activation of a revision; of the active one for `-` and nothing.
absl::StatusOr<storage::StoredPolicy> Desk::FindPolicy(std::string_view revision) {
  const bool active = revision.empty() || revision == "-";
  std::string place;
  do {
    auto page = store_->ListPolicies(100, place);
    if (!page.ok()) return page.status();
    for (storage::StoredPolicy& stored : page->items) {
      if (active || stored.policy.revision == revision) return std::move(stored);
    }
    place = std::move(page->next);
  } while (!place.empty());
  return NoSuch("policies/" + std::string(active ? "-" : revision));
}

void Desk::GetPolicy(const Call& /*call*/, const v1::GetPolicyRequest& request,
                     v1::GetPolicyResponse* response, const Done& done) {
  const absl::StatusOr<storage::StoredPolicy> stored =
      FindPolicy(IdOf(request.name(), "policies/").value_or(""));
  if (!stored.ok()) {
    done(stored.status());
    return;
  }
  absl::StatusOr<std::string> source = store_->GetArtefact(stored->policy.artefact);
  if (!source.ok()) {
    done(source.status());
    return;
  }
  const policy::CompileResult compiled =
      policy::Compile(*source, stored->policy.revision, stored->policy.artefact);
  *response = DescribePolicy(*stored);
  response->set_source(*std::move(source));
  if (compiled.policy != nullptr) *response->mutable_policy() = compiled.policy->source();
  done(absl::OkStatus());
}

void Desk::ListPolicies(const Call& /*call*/, const v1::ListPoliciesRequest& request,
                        v1::ListPoliciesResponse* response, const Done& done) {
  done(ListInto(
      request, response,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListPolicies(limit, place);
      },
      [&](const storage::StoredPolicy& stored) {
        v1::GetPolicyResponse& out = *response->add_policies();
        out = DescribePolicy(stored);
        // The text as it was applied; one that retention dropped is left out.
        absl::StatusOr<std::string> source = store_->GetArtefact(stored.policy.artefact);
        if (source.ok()) out.set_source(*std::move(source));
        return true;
      }));
}

}  // namespace hallwarden::daemon
