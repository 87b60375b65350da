// The queue of cases: what CaseService asks of the desk.
#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "rules/engine/cases.h"

namespace hallwarden::daemon {
namespace {

// Cases of the queue that one NextCase looks at, page by page.
constexpr std::size_t kQueuePage = 100;
// Accounts of a ring whose outlook is computed for a view.
constexpr int kOutlooksMax = 16;

// A case from before kinds existed is misconduct.
v1::CaseKind KindOf(const v1::Case& item) {
  return item.kind() == v1::CASE_KIND_UNSPECIFIED ? v1::CASE_KIND_MISCONDUCT : item.kind();
}

v1::Role LeastRoleOf(const v1::Case& item) {
  return item.least_role() == v1::ROLE_UNSPECIFIED ? v1::ROLE_GM : item.least_role();
}

v1::LocalizedText SummaryOf(const v1::Case& item) {
  for (const v1::Finding& finding : item.findings()) {
    if (finding.has_summary()) return finding.summary();
  }
  return KindOf(item) == v1::CASE_KIND_MISCONDUCT ? wording::NameOf(item.offence())
                                                  : wording::NameOf(KindOf(item));
}

// Everybody it is about: rings first, then other accounts of its findings.
std::vector<v1::LinkedAccount> LinkedOf(const v1::Case& item) {
  std::vector<v1::LinkedAccount> linked;
  const auto add = [&](const std::string& account) -> v1::LinkedAccount* {
    if (account.empty() || account == item.account()) return nullptr;
    const bool known = std::any_of(linked.begin(), linked.end(), [&](const v1::LinkedAccount& l) {
      return l.account() == account;
    });
    if (known) return nullptr;
    linked.emplace_back().set_account(account);
    return &linked.back();
  };
  for (const v1::Finding& finding : item.findings()) {
    for (const v1::RingMember& member : finding.ring()) {
      v1::LinkedAccount* const added = add(member.account());
      if (added == nullptr) continue;
      added->set_role(member.role());
      added->set_gold(member.gold());
      *added->mutable_links() = member.links();
    }
    for (const std::string& account : finding.related_accounts())
      add(account);
  }
  return linked;
}

v1::QueueItem ItemOf(const v1::Case& item) {
  v1::QueueItem out;
  out.set_name(item.name());
  out.set_account(item.account());
  out.set_kind(KindOf(item));
  out.set_offence(item.offence());
  out.set_category(item.category());
  out.set_severity(item.severity());
  out.set_state(item.state());
  out.set_evidence_log10_milli(item.evidence_log10_milli());
  out.set_gold(item.gold());
  out.set_finding_count(item.finding_count());
  out.set_report_count(item.report_count());
  out.set_account_count(static_cast<std::int32_t>(LinkedOf(item).size()) + 1);
  *out.mutable_create_time() = item.create_time();
  if (item.has_due_time()) *out.mutable_due_time() = item.due_time();
  out.set_overdue(item.has_overdue_time());
  if (item.has_claim()) *out.mutable_claim() = item.claim();
  if (item.has_referral()) *out.mutable_referral() = item.referral();
  out.set_least_role(LeastRoleOf(item));
  out.set_queue_key(item.queue_key());
  *out.mutable_summary() = SummaryOf(item);
  out.set_revision(item.revision());
  return out;
}

class QueueFilter {
 public:
  QueueFilter(const v1::ListQueueRequest& request, const std::string& self)
      : request_(request),
        holder_(request.holder() == "-" ? self : request.holder()),
        kinds_(request.kinds().begin(), request.kinds().end()),
        states_(request.states().begin(), request.states().end()) {}

  [[nodiscard]] bool Passes(const v1::Case& item) const {
    return (holder_.empty() || item.claim().principal() == holder_) &&
           (kinds_.empty() || kinds_.contains(KindOf(item))) &&
           (states_.empty() || states_.contains(item.state())) &&
           (request_.department().empty() ||
            item.referral().department() == request_.department()) &&
           (request_.offence() == v1::OFFENCE_UNSPECIFIED || request_.offence() == item.offence());
  }

 private:
  const v1::ListQueueRequest& request_;
  std::string holder_;
  std::set<int> kinds_;
  std::set<int> states_;
};

}  // namespace

void Desk::ListQueue(const Call& call, const v1::ListQueueRequest& request,
                     v1::ListQueueResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) {
    done(page.status());
    return;
  }
  const QueueFilter filter(request, call.principal.name);
  const absl::StatusOr<std::string> next = Collect(
      *page,
      [&](std::size_t limit, const std::string& place) { return store_->ListQueue(limit, place); },
      [&](const v1::Case& item) {
        if (!filter.Passes(item)) return false;
        *response->add_items() = ItemOf(item);
        return true;
      });
  if (next.ok()) response->set_next_page_token(NextPage(request, *next));
  done(next.status());
}

void Desk::ListCaseLog(const Call& /*call*/, const v1::ListCaseLogRequest& request,
                       v1::ListCaseLogResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) {
    done(page.status());
    return;
  }
  const absl::StatusOr<v1::Case> found = store_->GetCase(request.parent());
  if (!found.ok()) {
    done(NotFoundAs(found.status(), request.parent()));
    return;
  }
  // Entries are only added: a number is a place for ever.
  int at = 0;
  for (const char c : page->place)
    at = c >= '0' && c <= '9' ? at * 10 + (c - '0') : found->log_size();
  const int end = std::min(found->log_size(), at + static_cast<int>(page->limit));
  for (; at < end; ++at)
    *response->add_entries() = found->log(at);
  if (at < found->log_size()) response->set_next_page_token(NextPage(request, std::to_string(at)));
  done(absl::OkStatus());
}

// ---- the next one -------------------------------------------------------------------------------

// Two clients that ask at once are told different cases: what one of them is about to claim is set
// aside until the engine answered. Who claims by name goes past this and may still be first; the
// engine then refuses, and the client asks again.
absl::Status Desk::PickNext(Action* action) {
  const std::set<int> kinds(action->kinds.begin(), action->kinds.end());
  const int rank = DeskRank(action->call.principal.role);
  std::string place;
  do {
    auto page = store_->ListQueue(kQueuePage, place);
    if (!page.ok()) return page.status();
    for (const v1::Case& item : page->items) {
      if (item.state() != v1::CASE_STATE_OPEN || DeskRank(LeastRoleOf(item)) > rank) continue;
      if (!kinds.empty() && !kinds.contains(KindOf(item))) continue;
      if (!picks_.Take(item.name())) continue;
      action->picked = item.name();
      // It may have been claimed between the reading of the page and the setting aside.
      const absl::StatusOr<v1::Case> now = store_->GetCase(item.name());
      if (!now.ok()) return now.status();
      if (now->state() != v1::CASE_STATE_OPEN) {
        Unpick(action);
        continue;
      }
      action->command.mutable_claim_case()->set_name(item.name());
      action->command.set_target_account(item.account());
      return absl::OkStatus();
    }
    place = std::move(page->next);
  } while (!place.empty());
  return RefusalStatus(absl::StatusCode::kNotFound, "QUEUE_EMPTY",
                       "no case waits that you may decide");
}

void Desk::Unpick(Action* action) {
  if (!action->picked.empty()) picks_.Drop(action->picked);
  action->picked.clear();
}

void Desk::NextCase(const Call& call, const v1::NextCaseRequest& request,
                    v1::NextCaseResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, "cases/next");
  *action->command.mutable_claim_case()->mutable_options() = request.options();
  action->kinds = {request.kinds().begin(), request.kinds().end()};
  Act(action, [this, action, response, done](const absl::StatusOr<Acted>& acted) {
    Unpick(action.get());
    if (!acted.ok()) {
      done(acted.status());
      return;
    }
    *response->mutable_action() = acted->response;
    std::string name;
    for (const v1::PlanLine& line : acted->response.lines()) {
      if (line.key() == "name") name = line.after().en();
    }
    FillView(action->call, name, response->mutable_view(), done);
  });
}

// ---- a case with all that is needed to decide it ------------------------------------------------

void Desk::GetCaseView(const Call& call, const v1::GetCaseViewRequest& request,
                       v1::CaseView* response, const Done& done) {
  FillView(call, request.name(), response, done);
}

void Desk::FillView(const Call& call, const std::string& name, v1::CaseView* view,
                    const Done& done) {
  absl::StatusOr<v1::Case> found = store_->GetCase(name);
  if (!found.ok()) {
    done(NotFoundAs(found.status(), name));
    return;
  }
  // The words of a report stay with their record.
  for (v1::CaseReport& report : *found->mutable_reports()) {
    const absl::StatusOr<v1::HallEvent> event =
        ReadEvent(store_, static_cast<std::uint64_t>(report.journal_position()));
    constexpr std::size_t kWordsMax = 512;
    if (event.ok()) report.set_text(event->player_reported().text().substr(0, kWordsMax));
  }
  for (v1::LinkedAccount& linked : LinkedOf(*found))
    *view->add_linked() = std::move(linked);
  view->set_overdue(found->has_overdue_time());
  view->set_etag(std::to_string(found->revision()));
  *view->mutable_case_record() = *std::move(found);
  core_->LookAtAccount(
      view->case_record().account(), WithGlance(done, [this, call, view, done](const Glance& seen) {
        if (!seen.accounts.empty()) {
          absl::Status status =
              FinishAccount(seen.accounts.front(), seen.policy, view->mutable_account());
          if (!status.ok()) {
            done(status);
            return;
          }
        }
        FillOutlook(call, view, 0, done);
      }));
}

// What a confirmation would do: first to the account, then to one of the ring after the other. Each
// is computed by the engine on the state as it is, and undone.
void Desk::FillOutlook(const Call& call, v1::CaseView* view, int next, const Done& done) {
  const v1::Case& item = view->case_record();
  const bool misconduct = KindOf(item) == v1::CASE_KIND_MISCONDUCT;
  const int last = std::min(view->linked_size(), kOutlooksMax);
  if (!misconduct || item.state() == v1::CASE_STATE_CLOSED || next > last) {
    done(absl::OkStatus());
    return;
  }
  v1::Command command = CommandFrom(call.principal);
  v1::ActionOptions options;
  options.set_validate_only(true);
  options.set_reason("outlook");
  if (next == 0) {
    command.set_target_account(item.account());
    v1::CloseCaseRequest& close = *command.mutable_close_case();
    close.set_name(item.name());
    close.set_confirm(true);
    *close.mutable_options() = options;
  } else {
    const std::string& account = view->linked(next - 1).account();
    command.set_target_account(account);
    v1::PunishAccountRequest& punish = *command.mutable_punish_account();
    punish.set_name("accounts/" + account);
    punish.set_offence(item.offence());
    punish.set_category(item.category());
    punish.set_severity(item.severity());
    *punish.mutable_options() = options;
  }
  core_->Rehearse(std::move(command), [this, call, view, next,
                                       done](const CommandOutcome& outcome) {
    pool_->Continue([this, call, view, next, done, outcome] {
      if (!outcome.status.ok()) {
        done(outcome.status);
        return;
      }
      if (outcome.answer.has_value() && outcome.answer->refusal.has_value()) {
        const google::rpc::ErrorInfo info = ErrorInfoOf(*outcome.answer->refusal);
        if (next == 0) {
          const auto hint = info.metadata().find("hint_zh");
          const std::string& message = outcome.answer->refusal->message;
          view->mutable_obstacle()->set_zh(hint == info.metadata().end() ? message : hint->second);
          view->mutable_obstacle()->set_en(message);
        }
      } else if (outcome.answer.has_value()) {
        v1::ActionResponse planned = outcome.answer->response;
        WordPlan(&planned);
        auto* const lines =
            next == 0 ? view->mutable_outlook() : view->mutable_linked(next - 1)->mutable_outlook();
        *lines = planned.lines();
      }
      FillOutlook(call, view, next + 1, done);
    });
  });
}

// ---- who gets it --------------------------------------------------------------------------------

absl::Status Desk::ResolveAssignee(v1::AssignCaseRequest* request) {
  const absl::StatusOr<std::vector<storage::StoredToken>> tokens = store_->Tokens();
  if (!tokens.ok()) return tokens.status();
  const std::int64_t now_us = core_->NowUs();
  v1::Role role = v1::ROLE_UNSPECIFIED;
  for (const storage::StoredToken& stored : *tokens) {
    const v1::Token& token = stored.token;
    if (token.principal() != request->assignee() || token.has_revoke_time() ||
        Micros(token.expire_time()) <= now_us) {
      continue;
    }
    if (DeskRank(token.role()) >= DeskRank(role)) role = token.role();
  }
  if (role == v1::ROLE_UNSPECIFIED) return NoSuch("principal " + request->assignee());
  request->set_assignee_role(role);
  return absl::OkStatus();
}

}  // namespace hallwarden::daemon
