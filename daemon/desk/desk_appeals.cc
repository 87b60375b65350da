// Appeals: what AppealService asks of the desk.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/appeal_facts.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "rules/policy/notice.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

// Appeals of the queue that one NextAppeal looks at, page by page.
constexpr std::size_t kQueuePage = 100;
constexpr std::size_t kEarlierShown = 10;
// Logins around an offence that are looked at for signs of a take-over.
constexpr std::size_t kLoginsLookedAt = 100;
constexpr std::int64_t kTakeoverUs = 30 * kDayUs;

bool ImposedBy(const v1::Appeal& appeal, const std::string& principal) {
  return !appeal.imposed_by().machine() && appeal.imposed_by().principal() == principal;
}

// What a game server may pass on to its player: neither who decided, nor why, nor what colleagues
// said among themselves.
void LeavePlayersView(v1::Appeal* appeal) {
  google::protobuf::RepeatedPtrField<v1::AppealMessage> said;
  for (v1::AppealMessage& message : *appeal->mutable_messages()) {
    if (message.internal()) continue;
    v1::AppealMessage& kept = *said.Add();
    kept.set_number(said.size());
    kept.set_side(message.side());
    kept.set_text(message.text());
    *kept.mutable_create_time() = message.create_time();
  }
  appeal->mutable_messages()->Swap(&said);
  appeal->clear_claim();
  appeal->clear_obstacle();
  appeal->clear_imposed_by();
  appeal->clear_rule();
  appeal->clear_account_class();
  appeal->clear_queue_key();
  appeal->clear_overdue_time();
  if (!appeal->has_decision()) return;
  v1::AppealDecision shown;
  shown.set_verdict(appeal->decision().verdict());
  *shown.mutable_decide_time() = appeal->decision().decide_time();
  *shown.mutable_notice() = appeal->decision().notice();
  *appeal->mutable_decision() = std::move(shown);
}

v1::AppealItem ItemOf(v1::Appeal appeal, const std::string& caller) {
  v1::AppealItem item;
  item.set_message_count(appeal.messages_size());
  item.set_overdue(appeal.has_overdue_time());
  item.set_own_sanction(ImposedBy(appeal, caller));
  appeal.clear_messages();
  *item.mutable_appeal() = std::move(appeal);
  return item;
}

class AppealFilter {
 public:
  AppealFilter(const v1::ListAppealsRequest& request, const std::string& caller)
      : request_(request),
        holder_(request.holder() == "-" ? caller : request.holder()),
        kinds_(request.kinds().begin(), request.kinds().end()) {}

  [[nodiscard]] bool Passes(const v1::Appeal& appeal) const {
    return (holder_.empty() || appeal.claim().actor().principal() == holder_) &&
           (request_.side() == v1::APPEAL_SIDE_UNSPECIFIED ||
            request_.side() == appeal.waiting_side()) &&
           (kinds_.empty() || kinds_.contains(appeal.kind())) &&
           (request_.offence() == v1::OFFENCE_UNSPECIFIED ||
            request_.offence() == appeal.offence());
  }

 private:
  const v1::ListAppealsRequest& request_;
  std::string holder_;
  std::set<int> kinds_;
};

std::string LineOf(const v1::ActionResponse& response, std::string_view key) {
  for (const v1::PlanLine& line : response.lines()) {
    if (line.key() == key) return line.after().en();
  }
  return {};
}

// A canned reply as the player would read it.
v1::CannedReply Filled(const v1::CannedReply& reply, const v1::Appeal& appeal,
                       const v1::Sanction& sanction, const policy::CompiledPolicy& policy) {
  v1::CannedReply filled = reply;
  const policy::NoticeTemplate* const cut = policy.FindReply(reply.reply_id());
  if (cut == nullptr) return filled;
  policy::NoticeContext context;
  context.account = sanction.account();
  const std::string sanction_id = IdOf(sanction.name(), "sanctions/").value_or("");
  const std::string appeal_id = IdOf(appeal.name(), "appeals/").value_or("");
  context.sanction = sanction_id;
  context.game = sanction.scope().game();
  context.offence = sanction.offence();
  context.category = sanction.category();
  context.time_us = Micros(sanction.create_time());
  context.appeal = appeal_id;
  *filled.mutable_text() = policy::Render(policy, *cut, context);
  return filled;
}

// In identifier, title or text, in either language.
bool Mentions(const v1::CannedReply& reply, const std::string& query) {
  for (const std::string* text : {&reply.reply_id(), &reply.title().zh(), &reply.title().en(),
                                  &reply.text().zh(), &reply.text().en()}) {
    if (text->find(query) != std::string::npos) return true;
  }
  return false;
}

bool DecidesOthers(const PolicyPtr& policy, v1::Role role) {
  const policy::RoleLimit* const limit = policy == nullptr ? nullptr : policy->LimitOf(role);
  return limit != nullptr && limit->lift_others;
}

}  // namespace

// ---- lists
// -------------------------------------------------------------------------------------------

void Desk::ListAppeals(const Call& call, const v1::ListAppealsRequest& request,
                       v1::ListAppealsResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  const AppealFilter filter(request, call.principal.name);
  std::string account = IdOf(request.parent(), "accounts/").value_or("");
  if (account == "-") account.clear();
  const absl::StatusOr<std::string> next = Collect(
      *page,
      [&](std::size_t limit, const std::string& place) {
        return account.empty() ? store_->ListAppealQueue(limit, place)
                               : store_->ListAppeals(account, limit, place);
      },
      [&](v1::Appeal appeal) {
        if (!filter.Passes(appeal)) return false;
        *response->add_items() = ItemOf(std::move(appeal), call.principal.name);
        return true;
      });
  if (next.ok()) response->set_next_page_token(NextPage(request, *next));
  done(next.status());
}

void Desk::GetAppeal(const Call& call, const v1::GetAppealRequest& request, v1::Appeal* response,
                     const Done& done) {
  absl::StatusOr<v1::Appeal> found = store_->GetAppeal(request.name());
  if (!found.ok()) return done(NotFoundAs(found.status(), request.name()));
  *response = *std::move(found);
  if (call.principal.role != v1::ROLE_GAME_SERVER) return done(absl::OkStatus());
  // Whose it is, is nobody else's business: as if it were not there.
  if (response->submitted_by().principal() != call.principal.name) {
    response->Clear();
    return done(NoSuch(request.name()));
  }
  LeavePlayersView(response);
  done(absl::OkStatus());
}

// Replies keep their places while a policy is in force: a number is one.
void Desk::ListCannedReplies(const Call& /*call*/, const v1::ListCannedRepliesRequest& request,
                             v1::ListCannedRepliesResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  core_->LookAtPolicy(WithGlance(done, [&request, response, done,
                                        page = *page](const Glance& seen) {
    if (seen.policy == nullptr) return done(absl::OkStatus());
    const auto& replies = seen.policy->source().appeals().canned_replies();
    int at = 0;
    for (const char c : page.place)
      at = c >= '0' && c <= '9' ? std::min(at * 10 + (c - '0'), replies.size()) : replies.size();
    for (; at < replies.size(); ++at) {
      const v1::CannedReply& reply = replies[at];
      const bool passes = (request.offence() == v1::OFFENCE_UNSPECIFIED ||
                           policy::IsFor(reply, request.offence())) &&
                          (request.query().empty() || Mentions(reply, request.query()));
      if (!passes) continue;
      if (static_cast<std::size_t>(response->replies_size()) == page.limit) {
        response->set_next_page_token(NextPage(request, std::to_string(at)));
        break;
      }
      *response->add_replies() = reply;
    }
    done(absl::OkStatus());
  }));
}

// ---- what the handbook says
// --------------------------------------------------------------------------

absl::StatusOr<bool> Desk::LoginsBroke(const v1::Sanction& sanction) {
  const std::int64_t offence_us = Micros(sanction.create_time());
  v1::ListLoginsResponse logins;
  const absl::StatusOr<std::string> next =
      LoginPage(sanction.account(), offence_us - kTakeoverUs, {kLoginsLookedAt, ""}, &logins);
  if (!next.ok()) return next.status();
  return std::any_of(logins.logins().begin(), logins.logins().end(), [&](const v1::Login& login) {
    return login.broken() && Micros(login.create_time()) <= offence_us;
  });
}

void Desk::Advise(const v1::Appeal& appeal, const Done& done,
                  const std::function<void(const Advised&)>& next) {
  struct Gathered {
    v1::Appeal appeal;
    Advised advised;
    AppealSources sources;
  };
  absl::StatusOr<v1::Sanction> sanction = store_->GetSanction(appeal.sanction());
  if (!sanction.ok()) return done(sanction.status());
  const absl::StatusOr<bool> broke = LoginsBroke(*sanction);
  if (!broke.ok()) return done(broke.status());
  absl::StatusOr<std::vector<v1::PartnerSpan>> partners = store_->Partners(appeal.account());
  if (!partners.ok()) return done(partners.status());
  const auto all = std::make_shared<Gathered>();
  all->appeal = appeal;
  all->advised.sanction = *std::move(sanction);
  all->sources.logins_broke = *broke;
  all->sources.partners = *std::move(partners);
  const auto finish = [this, all, done, next](const Glance& seen) {
    const auto list = lexicons_.Operators(seen.lexicon.lists.operators);
    if (!list.ok()) return done(list.status());
    LexiconArtefacts built_in = seen.lexicon.lists;
    built_in.operators.clear();
    AppealSources& sources = all->sources;
    sources.found_now =
        ReadAgain(all->advised.sanction, {.all = {seen.lexicon.names, seen.lexicon.chat},
                                          .built_in = artefacts_->Lexicon(built_in),
                                          .own = list->get()});
    sources.appeal = &all->appeal;
    sources.sanction = &all->advised.sanction;
    sources.now_us = core_->NowUs();
    all->advised.recommendation = appeal::Recommend(FactsOf(sources));
    next(all->advised);
  };
  core_->LookAtAccount(
      appeal.account(), WithGlance(done, [this, all, done, finish](const Glance& seen) {
        all->advised.policy = seen.policy;
        if (seen.policy != nullptr) {
          all->sources.case_milli = seen.policy->play().case_milli;
          all->sources.act_milli = seen.policy->play().act_milli;
        }
        if (!seen.accounts.empty()) {
          all->advised.account = seen.accounts.front();
          all->sources.mistakes = seen.accounts.front().account.mistake_count();
        }
        core_->LookAtRules(WithGlance(done, [this, all, done, finish](const Glance& rules) {
          all->sources.rules = rules.rules;
          core_->LookAtLexicon(false, WithGlance(done, finish));
        }));
      }));
}

// ---- an appeal with all that is needed to decide it
// --------------------------------------------------

void Desk::GetAppealView(const Call& call, const v1::GetAppealViewRequest& request,
                         v1::AppealView* response, const Done& done) {
  FillAppealView(call, request.name(), response, done);
}

void Desk::FillAppealView(const Call& call, const std::string& name, v1::AppealView* view,
                          const Done& done) {
  absl::StatusOr<v1::Appeal> found = store_->GetAppeal(name);
  if (!found.ok()) return done(NotFoundAs(found.status(), name));
  *view->mutable_appeal() = *std::move(found);
  view->set_overdue(view->appeal().has_overdue_time());
  view->set_etag(std::to_string(view->appeal().revision()));
  Advise(view->appeal(), done, [this, call, view, done](const Advised& advised) {
    done(FillAppealContext(call, advised, view));
  });
}

absl::Status Desk::FillAppealContext(const Call& call, const Advised& advised,
                                     v1::AppealView* view) {
  const v1::Appeal& appeal = view->appeal();
  ExplainOptions options;
  options.quote = MaySeeText(call.principal.role);
  if (advised.policy != nullptr) options.utc_offset_us = advised.policy->utc_offset_us();
  absl::Status status = FillExplanation(appeal.sanction(), options, view->mutable_explanation());
  if (!status.ok()) return status;
  if (advised.account.has_value()) {
    status = FinishAccount(*advised.account, advised.policy, view->mutable_account());
    if (!status.ok()) return status;
  }
  absl::StatusOr<storage::Page<v1::Appeal>> earlier =
      store_->ListAppeals(appeal.account(), kEarlierShown + 1, {});
  if (!earlier.ok()) return earlier.status();
  for (v1::Appeal& other : earlier->items) {
    if (other.name() == appeal.name() || view->earlier_size() == static_cast<int>(kEarlierShown)) {
      continue;
    }
    other.clear_messages();
    *view->add_earlier() = std::move(other);
  }
  if (appeal.state() != v1::APPEAL_STATE_OPEN) return absl::OkStatus();
  *view->mutable_recommendation() = advised.recommendation;
  if (ImposedBy(appeal, call.principal.name)) {
    *view->mutable_obstacle() = wording::Say("appeal.own");
  } else if (!DecidesOthers(advised.policy, call.principal.role)) {
    *view->mutable_obstacle() = wording::Say("appeal.role");
  }
  if (advised.policy == nullptr) return absl::OkStatus();
  for (const v1::CannedReply& reply : advised.policy->source().appeals().canned_replies()) {
    if (!policy::IsFor(reply, appeal.offence())) continue;
    *view->add_replies() = Filled(reply, appeal, advised.sanction, *advised.policy);
  }
  return absl::OkStatus();
}

// ---- the next one
// ------------------------------------------------------------------------------------

// As PickNext: two clients that ask at once are told different appeals.
absl::Status Desk::PickNextAppeal(Action* action) {
  const std::set<int> kinds(action->kinds.begin(), action->kinds.end());
  const std::string& caller = action->call.principal.name;
  int own = 0;
  std::string place;
  do {
    auto page = store_->ListAppealQueue(kQueuePage, place);
    if (!page.ok()) return page.status();
    for (const v1::Appeal& appeal : page->items) {
      if (appeal.waiting_side() != v1::APPEAL_SIDE_DESK || appeal.has_claim()) continue;
      if (!kinds.empty() && !kinds.contains(appeal.kind())) continue;
      if (ImposedBy(appeal, caller)) {
        ++own;
        continue;
      }
      if (!picks_.Take(appeal.name())) continue;
      action->picked = appeal.name();
      // It may have been claimed between the reading of the page and the setting aside.
      const absl::StatusOr<v1::Appeal> now = store_->GetAppeal(appeal.name());
      if (!now.ok()) return now.status();
      if (now->waiting_side() != v1::APPEAL_SIDE_DESK || now->has_claim()) {
        Unpick(action);
        continue;
      }
      action->command.mutable_claim_appeal()->set_name(appeal.name());
      action->command.set_target_account(appeal.account());
      return absl::OkStatus();
    }
    place = std::move(page->next);
  } while (!place.empty());
  const std::string count = std::to_string(own);
  return RefusalStatus(absl::StatusCode::kNotFound, "QUEUE_EMPTY",
                       "no appeal waits that you may decide; " + count +
                           " against sanctions of yours wait for somebody else",
                       {{"own", count}});
}

void Desk::NextAppeal(const Call& call, const v1::NextAppealRequest& request,
                      v1::NextAppealResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, "appeals/next");
  *action->command.mutable_claim_appeal()->mutable_options() = request.options();
  action->kinds = {request.kinds().begin(), request.kinds().end()};
  Act(action, [this, action, response, done](const absl::StatusOr<Acted>& acted) {
    Unpick(action.get());
    if (!acted.ok()) return done(acted.status());
    *response->mutable_action() = acted->response;
    FillAppealView(action->call, LineOf(acted->response, "appeal"), response->mutable_view(), done);
  });
}

// ---- what changes an appeal
// --------------------------------------------------------------------------

void Desk::SubmitAppeal(const Call& call, const v1::SubmitAppealRequest& request,
                        v1::SubmitAppealResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, request.parent());
  *action->command.mutable_submit_appeal() = request;
  Act(action, [this, action, response, done](const absl::StatusOr<Acted>& acted) {
    if (!acted.ok()) return done(acted.status());
    *response->mutable_action() = acted->response;
    for (const v1::PlanLine& line : acted->response.lines()) {
      if (line.key() == "receipt") *response->mutable_receipt() = line.after();
    }
    if (acted->response.dry_run()) return done(absl::OkStatus());
    absl::StatusOr<v1::Appeal> appeal = store_->GetAppeal(LineOf(acted->response, "appeal"));
    if (!appeal.ok()) return done(appeal.status());
    *response->mutable_appeal() = *std::move(appeal);
    if (action->call.principal.role == v1::ROLE_GAME_SERVER) {
      LeavePlayersView(response->mutable_appeal());
    }
    done(absl::OkStatus());
  });
}

void Desk::ClaimAppeal(const Call& call, const v1::ClaimAppealRequest& request,
                       v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::ReleaseAppeal(const Call& call, const v1::ReleaseAppealRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CreateAppealMessage(const Call& call, const v1::CreateAppealMessageRequest& request,
                               v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::CreateAppealNote(const Call& call, const v1::CreateAppealNoteRequest& request,
                            v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}
void Desk::WithdrawAppeal(const Call& call, const v1::WithdrawAppealRequest& request,
                          v1::ActionResponse* response, const Done& done) {
  ActPlainly(call, request, response, done);
}

// What is recommended stands in the command: the engine keeps no evidence, and whoever decides
// otherwise has to say why.
void Desk::DecideAppeal(const Call& call, const v1::DecideAppealRequest& request,
                        v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, request.name());
  *action->command.mutable_decide_appeal() = request;
  const absl::StatusOr<v1::Appeal> appeal = store_->GetAppeal(request.name());
  if (!appeal.ok() || appeal->state() != v1::APPEAL_STATE_OPEN) {
    // Not there, over, or a repeat: answered without a recommendation.
    return Act(action, Answers(response, done));
  }
  Advise(*appeal, done, [this, action, response, done](const Advised& advised) {
    *action->command.mutable_recommendation() = advised.recommendation;
    Act(action, Answers(response, done));
  });
}

}  // namespace hallwarden::daemon
