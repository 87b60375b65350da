#include "rules/engine/appeals.h"

#include <algorithm>
#include <utility>

#include "rules/engine/queue_place.h"
#include "rules/engine/sanction_change.h"
#include "rules/policy/notice.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// Timers carry the place of the appeal in the account's list; appeals are never removed from it.
Timer TimerOf(const Step& step, const AccountRef& ref, const AppealRef& found, TimerKind kind,
              std::int64_t due_us) {
  const std::int64_t place = found.mark - AppealsOf(step, ref).appeals.data();
  return Timer{due_us, ref.key, static_cast<std::uint8_t>(kind), place, ref.account};
}

void ClearDue(const Step& step, const AccountRef& ref, const AppealRef& found) {
  if (found.mark->due_us == 0 || found.mark->overdue) return;
  step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kAppealDue, found.mark->due_us)});
}

// Nobody works on it in time, or nobody who may: the player is told once.
void TellWaiting(const Step& step, const AccountRef& ref, const AppealRef& found) {
  AppealMark& mark = *found.mark;
  if (mark.told_waiting || mark.side != v1::APPEAL_SIDE_DESK) return;
  mark.told_waiting = true;
  const std::int64_t due_us = std::max(mark.due_us, step.now_us) + step.policy->appeals().decide_us;
  TellPlayer(step, ref, found,
             AppealWords(step, ref, found, step.policy->AppealNotice(policy::AppealText::kWaiting),
                         due_us));
}

v1::Directive NoticeDirective(const Step& step, const AccountRef& ref, AppealMark* mark) {
  v1::Directive directive = NewDirective(step, ref, "appeals/" + mark->id);
  directive.set_directive_id(DirectiveId(mark->id, "notify", ++mark->notices));
  directive.mutable_notify()->mutable_notice()->set_zh(mark->notice_zh);
  directive.mutable_notify()->mutable_notice()->set_en(mark->notice_en);
  return directive;
}

// The account's appeals if there are any. Whoever was never sanctioned never appealed: his cell is
// not asked for.
const AppealCell* AppealsIfAny(const Step& step, const AccountRef& ref) {
  if (ref.cell->Sanctions().empty()) return nullptr;
  return step.cells->appeals().Find(ref.key.id);
}

AppealRef RefOf(const AccountRef& ref, AppealMark* mark) {
  return {mark, ref.cell->FindSanction(mark->sanction)};
}

}  // namespace

AppealCell& AppealsOf(const Step& step, const AccountRef& ref) {
  return step.cells->appeals().Mutable(ref.key.id);
}

AppealRef FindAppeal(const Step& step, const AccountRef& ref, std::string_view id) {
  if (AppealsIfAny(step, ref) == nullptr) return {};
  AppealMark* const mark = AppealsOf(step, ref).Find(id);
  return mark == nullptr ? AppealRef() : RefOf(ref, mark);
}

void Describe(const Step& step, const AppealRef& found, v1::Appeal* appeal) {
  const AppealMark& mark = *found.mark;
  appeal->set_name(found.name());
  appeal->set_revision(mark.revision);
  SetTimestamp(step.now_us, appeal->mutable_update_time());
  appeal->set_state(mark.state);
  appeal->set_waiting_side(mark.side);
  appeal->set_obstacle(mark.obstacle);
  appeal->set_queue_key(QueueKey(mark));
  appeal->clear_due_time();
  if (mark.due_us != 0) SetTimestamp(mark.due_us, appeal->mutable_due_time());
  appeal->clear_overdue_time();
  if (mark.overdue) SetTimestamp(mark.due_us, appeal->mutable_overdue_time());
  if (mark.first_answer_us != 0) {
    SetTimestamp(mark.first_answer_us, appeal->mutable_first_answer_time());
  }
  if (mark.end_us != 0) SetTimestamp(mark.end_us, appeal->mutable_end_time());
  appeal->clear_claim();
  if (mark.holder.empty()) return;
  v1::AppealClaim& claim = *appeal->mutable_claim();
  claim.mutable_actor()->set_principal(mark.holder);
  claim.mutable_actor()->set_role(mark.holder_role);
  SetTimestamp(mark.claim_us, claim.mutable_claim_time());
  SetTimestamp(mark.lease_end_us, claim.mutable_expire_time());
}

v1::Appeal ChangeOf(const Step& step, const AccountRef& ref, const AppealRef& found) {
  ++found.mark->revision;
  ++ref.cell->Rest().version;
  v1::Appeal change;
  change.set_account(ref.account);
  Describe(step, found, &change);
  return change;
}

void SendChange(const Step& step, const AppealRef& found, v1::Appeal change) {
  Describe(step, found, &change);
  step.Emit(PatchAppeal{std::move(change)});
}

void PostAppeal(const Step& step, const AccountRef& ref, const AppealRef& found,
                const AppealNews& news) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_APPEAL;
  posting.detail = static_cast<std::uint8_t>(news.detail);
  posting.resource = found.name();
  posting.principal = news.principal;
  posting.amount = news.amount;
  posting.notable = true;
  Post(step, ref, std::move(posting));
}

void SetSide(const Step& step, const AccountRef& ref, const AppealRef& found, v1::AppealSide side,
             std::int64_t within_us) {
  ClearDue(step, ref, found);
  AppealMark& mark = *found.mark;
  mark.side = side;
  mark.overdue = false;
  mark.due_us = step.now_us + within_us;
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kAppealDue, mark.due_us)});
}

void GiveClaim(const Step& step, const AccountRef& ref, const AppealRef& found,
               const v1::Actor& actor) {
  AppealMark& mark = *found.mark;
  if (!mark.holder.empty()) {
    step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kAppealLease, mark.lease_end_us)});
  }
  if (mark.holder != actor.principal()) mark.claim_us = step.now_us;
  mark.holder = actor.principal();
  mark.holder_role = actor.role();
  mark.lease_end_us = step.now_us + step.policy->appeals().lease_us;
  // Somebody else is there now.
  if (!Imposed(*found.sanction, mark.holder)) mark.obstacle = v1::APPEAL_OBSTACLE_UNSPECIFIED;
  step.Emit(SetTimer{TimerOf(step, ref, found, TimerKind::kAppealLease, mark.lease_end_us)});
}

void DropClaim(const Step& step, const AccountRef& ref, const AppealRef& found) {
  AppealMark& mark = *found.mark;
  if (mark.holder.empty()) return;
  step.Emit(ClearTimer{TimerOf(step, ref, found, TimerKind::kAppealLease, mark.lease_end_us)});
  const bool author = Imposed(*found.sanction, mark.holder);
  mark.holder.clear();
  mark.holder_role = v1::ROLE_UNSPECIFIED;
  mark.claim_us = 0;
  mark.lease_end_us = 0;
  if (!author || mark.state != v1::APPEAL_STATE_OPEN) return;
  mark.obstacle = v1::APPEAL_OBSTACLE_OWN_SANCTION;
  TellWaiting(step, ref, found);
}

v1::LocalizedText AppealWords(const Step& step, const AccountRef& ref, const AppealRef& found,
                              const policy::NoticeTemplate& text, std::int64_t due_us) {
  const SanctionMark& sanction = *found.sanction;
  policy::NoticeContext context;
  context.account = ref.account;
  context.sanction = sanction.id;
  context.game = sanction.scope_game;
  context.offence = sanction.offence;
  context.category = sanction.category;
  context.time_us = sanction.create_us;
  context.until_us = sanction.permanent ? 0 : UntilOf(sanction);
  context.term_us = sanction.term_us;
  context.appeal = found.mark->id;
  context.due_us = due_us;
  return policy::Render(*step.policy, text, context);
}

void TellPlayer(const Step& step, const AccountRef& ref, const AppealRef& found,
                const v1::LocalizedText& notice) {
  AppealMark& mark = *found.mark;
  mark.notice_zh = notice.zh();
  mark.notice_en = notice.en();
  std::vector<std::string> servers;
  for (const Presence presence : ref.cell->presences)
    servers.emplace_back(presence.server);
  // A banned player has no session; he reads it where he appealed.
  if (mark.from_server) servers.push_back(mark.submitter);
  std::sort(servers.begin(), servers.end());
  servers.erase(std::unique(servers.begin(), servers.end()), servers.end());
  mark.notice_sent = !servers.empty();
  if (servers.empty()) return;
  const v1::Directive directive = NoticeDirective(step, ref, &mark);
  for (const std::string& server : servers)
    Want(step, ref, server, directive);
}

void Close(const Step& step, const AccountRef& ref, const AppealRef& found, v1::AppealState state) {
  ClearDue(step, ref, found);
  AppealMark& mark = *found.mark;
  mark.state = state;
  mark.side = v1::APPEAL_SIDE_UNSPECIFIED;
  mark.obstacle = v1::APPEAL_OBSTACLE_UNSPECIFIED;
  mark.overdue = false;
  mark.due_us = 0;
  mark.end_us = step.now_us;
  DropClaim(step, ref, found);
}

void Withdraw(const Step& step, const AccountRef& ref, const AppealRef& found,
              v1::AppealWithdrawal why, const v1::Actor& actor) {
  Close(step, ref, found, v1::APPEAL_STATE_WITHDRAWN);
  v1::Appeal change = ChangeOf(step, ref, found);
  change.set_withdrawal(why);
  policy::AppealText text = policy::AppealText::kEnded;
  if (why == v1::APPEAL_WITHDRAWAL_NO_ANSWER) text = policy::AppealText::kNoAnswer;
  if (why == v1::APPEAL_WITHDRAWAL_SANCTION_LIFTED) {
    text = found.sanction->disposition == v1::DISPOSITION_MISTAKE ? policy::AppealText::kApology
                                                                  : policy::AppealText::kLifted;
  }
  TellPlayer(step, ref, found, AppealWords(step, ref, found, step.policy->AppealNotice(text)));
  SendChange(step, found, std::move(change));
  PostAppeal(step, ref, found,
             {PostingDetail::kAppealWithdrawn,
              actor.machine() ? std::string_view() : actor.principal(), why});
}

bool IsAppealTimer(int kind) {
  return kind == static_cast<int>(TimerKind::kAppealLease) ||
         kind == static_cast<int>(TimerKind::kAppealDue);
}

void OnAppealTimer(const Step& step, const AccountRef& ref, const v1::TimerFired& timer) {
  if (step.policy == nullptr || AppealsIfAny(step, ref) == nullptr) return;
  std::vector<AppealMark>& appeals = AppealsOf(step, ref).appeals;
  if (timer.payload() < 0 || static_cast<std::uint64_t>(timer.payload()) >= appeals.size()) return;
  const AppealRef found = RefOf(ref, &appeals[static_cast<std::size_t>(timer.payload())]);
  AppealMark& mark = *found.mark;
  if (mark.state != v1::APPEAL_STATE_OPEN) return;
  PostingDetail detail = PostingDetail::kAppealOverdue;
  if (timer.timer_kind() == static_cast<int>(TimerKind::kAppealLease)) {
    if (mark.holder.empty() || mark.lease_end_us > step.now_us) return;
    detail = PostingDetail::kAppealLeaseExpired;
    DropClaim(step, ref, found);
  } else {
    if (mark.overdue || mark.due_us > step.now_us) return;
    if (mark.side == v1::APPEAL_SIDE_PLAYER) {
      Withdraw(step, ref, found, v1::APPEAL_WITHDRAWAL_NO_ANSWER, MachineActor());
      return;
    }
    mark.overdue = true;
    TellWaiting(step, ref, found);
  }
  SendChange(step, found, ChangeOf(step, ref, found));
  PostAppeal(step, ref, found, {detail, "", 0});
}

void OnSanctionOver(const Step& step, const AccountRef& ref, const SanctionMark& sanction) {
  const AppealCell* const known = AppealsIfAny(step, ref);
  if (known == nullptr || step.policy == nullptr) return;
  const bool open =
      std::any_of(known->appeals.begin(), known->appeals.end(), [&](const AppealMark& mark) {
        return mark.state == v1::APPEAL_STATE_OPEN && mark.sanction == sanction.id;
      });
  if (!open) return;
  const AppealRef found = RefOf(ref, AppealsOf(step, ref).FindOpen(sanction.id));
  if (sanction.state == v1::SANCTION_STATE_LIFTED) {
    Withdraw(step, ref, found, v1::APPEAL_WITHDRAWAL_SANCTION_LIFTED, MachineActor());
    return;
  }
  // Whether it was right is still to be said; mercy is not needed any more.
  if (found.mark->kind == v1::APPEAL_KIND_TOO_HARD || found.mark->kind == v1::APPEAL_KIND_MERCY) {
    Withdraw(step, ref, found, v1::APPEAL_WITHDRAWAL_SANCTION_SERVED, MachineActor());
  }
}

void DeliverAppeals(const Step& step, const AccountRef& ref, std::string_view server) {
  const AppealCell* const known = AppealsIfAny(step, ref);
  if (known == nullptr) return;
  for (std::size_t i = 0; i < known->appeals.size(); ++i) {
    if (known->appeals[i].notice_zh.empty()) continue;
    AppealMark& mark = AppealsOf(step, ref).appeals[i];
    mark.notice_sent = true;
    Want(step, ref, server, NoticeDirective(step, ref, &mark));
  }
}

void OnAppealNotice(const Step& step, const AccountRef& ref,
                    const v1::DirectiveAnswered& answered) {
  const v1::DirectiveOutcome outcome = answered.result().outcome();
  if (outcome != v1::DIRECTIVE_OUTCOME_APPLIED && outcome != v1::DIRECTIVE_OUTCOME_SEEN) return;
  const AppealRef found = FindAppeal(step, ref, AppealId(answered.cause()));
  // One that was made since the last was sent is still to be shown.
  if (!found || !found.mark->notice_sent) return;
  found.mark->notice_zh.clear();
  found.mark->notice_en.clear();
  found.mark->notice_sent = false;
}

std::string QueueKey(const AppealMark& mark) {
  if (mark.state != v1::APPEAL_STATE_OPEN) return {};
  QueueBand band = mark.overdue ? QueueBand::kOverdue : QueueBand::kWaiting;
  if (mark.side == v1::APPEAL_SIDE_PLAYER) band = QueueBand::kElsewhere;
  return QueuePlace(band, mark.due_us);
}

std::string AppealId(std::string_view name) {
  constexpr std::string_view kPrefix = "appeals/";
  if (name.substr(0, kPrefix.size()) == kPrefix) name.remove_prefix(kPrefix.size());
  return std::string(name);
}

bool Imposed(const SanctionMark& sanction, std::string_view principal) {
  return !sanction.machine && sanction.principal == principal;
}

}  // namespace hallwarden
