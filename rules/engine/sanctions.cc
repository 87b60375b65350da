#include "rules/engine/sanctions.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "rules/engine/appeals.h"
#include "rules/engine/avatar_events.h"
#include "rules/engine/reversal.h"
#include "rules/engine/sanction_change.h"
#include "rules/ladder/ladder.h"
#include "rules/policy/notice.h"
#include "rules/state/codec.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

// A sanction's timers carry its place in the account's list; marks are never removed from it.
std::int64_t PayloadOf(const AccountRef& ref, const SanctionMark& mark) {
  return &mark - ref.cell->Sanctions().data();
}

}  // namespace

bool Restricts(const SanctionMark& mark) {
  return mark.kind == v1::SANCTION_KIND_RESTRICTION || mark.kind == v1::SANCTION_KIND_HOLD;
}

Timer TimerOf(const AccountRef& ref, const SanctionMark& mark, TimerKind kind, std::int64_t due) {
  return Timer{due, ref.key, static_cast<std::uint8_t>(kind), PayloadOf(ref, mark), ref.account};
}

std::int64_t UntilOf(const SanctionMark& mark) {
  if (mark.permanent) return kForever;
  if (mark.end_us != 0) return mark.end_us;
  return (mark.deadline_us != 0 ? mark.deadline_us : mark.create_us) + mark.term_us;
}

PatchSanction PatchOf(const AccountRef& ref, SanctionMark* mark) {
  ++mark->revision;
  ++ref.cell->Rest().version;
  PatchSanction patch;
  patch.name = "sanctions/" + mark->id;
  patch.account = ref.account;
  patch.revision = mark->revision;
  return patch;
}

void PostSanction(const Step& step, const AccountRef& ref, const SanctionMark& mark,
                  PostingDetail detail, std::string_view principal) {
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
  if (detail == PostingDetail::kLifted) posting.kind = v1::TIMELINE_KIND_LIFT;
  if (detail == PostingDetail::kWarned || detail == PostingDetail::kRestricted ||
      detail == PostingDetail::kHeld || detail == PostingDetail::kKicked) {
    posting.kind = v1::TIMELINE_KIND_SANCTION;
  }
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.resource = "sanctions/" + mark.id;
  posting.principal = principal;
  posting.amount = mark.rung;
  if (detail == PostingDetail::kLifted) posting.amount = mark.disposition;
  posting.notable = true;
  Post(step, ref, std::move(posting));
}

void Want(const Step& step, const AccountRef& ref, std::string_view server,
          const v1::Directive& directive) {
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(server);
  writer.Bytes(directive.SerializeAsString());
  step.Tell(ref.key, ServerKey(server), FactKind::kDirectiveWanted, std::move(payload));
}

v1::Directive NewDirective(const Step& step, const AccountRef& ref, std::string_view cause) {
  v1::Directive directive;
  directive.set_account(ref.account);
  directive.set_cause(std::string(cause));
  directive.set_account_revision(ref.cell->rest ? ref.cell->rest->account_revision : 0);
  SetTimestamp(step.now_us, directive.mutable_create_time());
  return directive;
}

namespace {

v1::Directive RestrictionsDirective(const Step& step, const AccountRef& ref,
                                    std::string_view cause) {
  const v1::GateEntry gate = GateOf(ref);
  v1::Directive directive = NewDirective(step, ref, cause);
  directive.set_directive_id(DirectiveId(ref.account, "set_restrictions",
                                         static_cast<std::uint64_t>(gate.account_revision())));
  auto& set = *directive.mutable_set_restrictions();
  *set.mutable_restrictions() = gate.restrictions();
  set.set_not_before_hand(gate.not_before_hand());
  if (gate.has_deadline_time()) *set.mutable_deadline_time() = gate.deadline_time();
  return directive;
}

Holder& HolderOf(AccountRest* rest, std::string_view server) {
  for (Holder& holder : rest->holders) {
    if (holder.server == server) return holder;
  }
  rest->holders.push_back(Holder{std::string(server), 0, false});
  return rest->holders.back();
}

void SendRestrictions(const Step& step, const AccountRef& ref, std::string_view server,
                      const v1::Directive& directive) {
  Holder& holder = HolderOf(&ref.cell->Rest(), server);
  holder.revision = directive.account_revision();
  holder.restricted = !directive.set_restrictions().restrictions().empty();
  Want(step, ref, server, directive);
}

}  // namespace

void Republish(const Step& step, const AccountRef& ref, std::string_view cause) {
  AccountRest& rest = ref.cell->Rest();
  ++rest.account_revision;
  v1::GateEntry gate = GateOf(ref);
  SetTimestamp(step.now_us, gate.mutable_change_time());
  step.Emit(PutGate{std::move(gate)});
  std::vector<std::string> servers;
  for (const Presence presence : ref.cell->presences)
    servers.emplace_back(presence.server);
  for (const Holder& holder : rest.holders) {
    if (holder.restricted) servers.push_back(holder.server);
  }
  std::sort(servers.begin(), servers.end());
  servers.erase(std::unique(servers.begin(), servers.end()), servers.end());
  const v1::Directive directive = RestrictionsDirective(step, ref, cause);
  for (const std::string& server : servers)
    SendRestrictions(step, ref, server, directive);
}

namespace {

// The restriction begins at `start_us`.
void Start(const Step& step, const AccountRef& ref, SanctionMark* mark, std::int64_t start_us) {
  if (mark->deadline_us != 0) {
    step.Emit(ClearTimer{TimerOf(ref, *mark, TimerKind::kDeadline, mark->deadline_us)});
  }
  mark->state = v1::SANCTION_STATE_ACTIVE;
  // One that was lifted and stands again began long ago.
  if (mark->start_us == 0) mark->start_us = start_us;
  mark->not_before_hand.clear();
  mark->deadline_us = 0;
  if (!mark->permanent) {
    mark->end_us = mark->start_us + mark->term_us;
    step.Emit(SetTimer{TimerOf(ref, *mark, TimerKind::kExpiry, mark->end_us)});
  }
}

// As Start, for one that was stored as pending.
void TakeEffect(const Step& step, const AccountRef& ref, SanctionMark* mark, std::int64_t at_us) {
  Start(step, ref, mark, at_us);
  PatchSanction patch = PatchOf(ref, mark);
  patch.state = mark->state;
  patch.start_us = mark->start_us;
  if (!mark->permanent) patch.end_us = mark->end_us;
  step.Emit(std::move(patch));
  PostSanction(step, ref, *mark, PostingDetail::kTookEffect, "");
  Republish(step, ref, "sanctions/" + mark->id);
}

std::string_view HandInPlay(const AccountRef& ref) {
  for (const Presence presence : ref.cell->presences) {
    if (!presence.hand.empty()) return presence.hand;
  }
  return {};
}

v1::LocalizedText RenderNotice(const Step& step, const AccountRef& ref, const ImposeSpec& spec,
                               const SanctionMark& mark) {
  policy::NoticeContext context;
  context.account = ref.account;
  context.sanction = mark.id;
  context.game = spec.game;
  context.offence = spec.offence;
  context.category = spec.category;
  context.time_us = step.now_us;
  context.until_us = mark.permanent ? 0 : UntilOf(mark);
  context.term_us = spec.term_us;
  if (spec.notice != nullptr) return policy::Render(*step.policy, *spec.notice, context);
  return policy::Render(*step.policy,
                        policy::StandardTemplate(spec.kind, spec.capabilities, spec.permanent),
                        context);
}

SanctionMark NewMark(const Step& step, const AccountRef& ref, const ImposeSpec& spec) {
  AccountRest& rest = ref.cell->Rest();
  SanctionMark mark;
  mark.id = MakeId("sn_", ref.account, rest.next_ordinal++);
  mark.kind = spec.kind;
  mark.offence = spec.offence;
  mark.category = spec.category;
  mark.capabilities = spec.capabilities;
  mark.permanent = spec.permanent;
  mark.machine = spec.actor.machine();
  mark.silent = spec.silent;
  mark.rung = static_cast<std::uint32_t>(std::max(0, spec.step.to_rung()));
  mark.hands_before = ref.cell->hands_played;
  mark.create_us = step.now_us;
  mark.term_us = spec.term_us;
  mark.ladder = spec.step.ladder();
  mark.rule = spec.rule;
  mark.principal = spec.actor.principal();
  mark.scope_game = spec.scope.game();
  mark.scope_hall = spec.scope.hall();
  mark.case_id = spec.case_id;
  mark.fingerprint = spec.fingerprint;
  mark.judged_position = spec.judged_position;
  if (spec.actor.machine() && spec.finding != nullptr) mark.server = spec.finding->server();
  mark.state = v1::SANCTION_STATE_PENDING;
  return mark;
}

// Stores the sanction as it stands right after it was imposed.
void StoreNew(const Step& step, const AccountRef& ref, const ImposeSpec& spec,
              const SanctionMark& mark) {
  v1::Sanction sanction = DescribeSanction(ref, mark);
  *sanction.mutable_step() = spec.step;
  *sanction.mutable_actor() = spec.actor;
  sanction.set_policy_revision(step.policy->revision());
  sanction.set_reason(spec.reason);
  if (spec.finding != nullptr) *sanction.mutable_finding() = *spec.finding;
  sanction.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(PutSanction{std::move(sanction)});
}

void AuditMachine(const Step& step, const AccountRef& ref, const ImposeSpec& spec,
                  const SanctionMark& mark) {
  if (!spec.actor.machine()) return;
  v1::AuditRecord record;
  *record.mutable_actor() = spec.actor;
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.Impose");
  record.set_resource("sanctions/" + mark.id);
  record.set_account(ref.account);
  record.set_reason(spec.rule);
  record.set_before("rung " + std::to_string(spec.step.from_rung()));
  record.set_after("rung " + std::to_string(spec.step.to_rung()));
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
}

void SendWarning(const Step& step, const AccountRef& ref, SanctionMark* mark,
                 std::string_view server) {
  v1::Directive directive = NewDirective(step, ref, "sanctions/" + mark->id);
  directive.set_directive_id(DirectiveId(mark->id, "warn", ++mark->deliveries));
  directive.mutable_warn()->mutable_notice()->set_zh(mark->notice_zh);
  directive.mutable_warn()->mutable_notice()->set_en(mark->notice_en);
  Want(step, ref, server, directive);
}

void SendKick(const Step& step, const AccountRef& ref, const ImposeSpec& spec,
              const SanctionMark& mark) {
  v1::Directive directive = NewDirective(step, ref, "sanctions/" + mark.id);
  directive.set_directive_id(DirectiveId(mark.id, "kick", 1));
  directive.mutable_kick()->set_table(spec.table);
  directive.mutable_kick()->mutable_notice()->set_zh(mark.notice_zh);
  directive.mutable_kick()->mutable_notice()->set_en(mark.notice_en);
  SendToPresences(step, ref, std::move(directive));
}

// Stands again, from the end of the hand in play on. Its term ran on while it was lifted.
void Resume(const Step& step, const AccountRef& ref, SanctionMark* mark) {
  mark->end_us = 0;
  if (mark->start_us != 0 && !mark->permanent) mark->end_us = mark->start_us + mark->term_us;
  if (mark->end_us != 0 && mark->end_us <= step.now_us) {
    mark->state = v1::SANCTION_STATE_EXPIRED;
    return;
  }
  mark->enforced = ref.cell->presences.empty();
  const std::string_view hand = HandInPlay(ref);
  if (hand.empty()) {
    Start(step, ref, mark, step.now_us);
    return;
  }
  mark->state = v1::SANCTION_STATE_PENDING;
  mark->not_before_hand = hand;
  mark->deadline_us = step.now_us + step.policy->timing().hand_end_deadline_us;
  step.Emit(SetTimer{TimerOf(ref, *mark, TimerKind::kDeadline, mark->deadline_us)});
}

void Forget(const AccountRef& ref, std::string_view server) {
  AccountRest& rest = ref.cell->Rest();
  std::erase_if(rest.holders, [&](const Holder& holder) { return holder.server == server; });
}

void SetEnforced(const Step& step, const AccountRef& ref, SanctionMark* mark) {
  if (mark->enforced) return;
  mark->enforced = true;
  PatchSanction patch = PatchOf(ref, mark);
  patch.enforced = true;
  step.Emit(std::move(patch));
}

}  // namespace

std::vector<v1::Capability> CapabilitiesIn(policy::CapabilityMask mask) {
  std::vector<v1::Capability> capabilities;
  for (int i = v1::CAPABILITY_LOGIN; i <= v1::Capability_MAX; ++i) {
    const auto capability = static_cast<v1::Capability>(i);
    if ((mask & policy::MaskOf(capability)) != 0) capabilities.push_back(capability);
  }
  return capabilities;
}

v1::GateEntry GateOf(const AccountRef& ref) {
  v1::GateEntry gate;
  gate.set_account(ref.account);
  if (!ref.cell->rest) return gate;
  gate.set_account_revision(ref.cell->rest->account_revision);
  // The longest per capability and scope. Ties go to the older sanction.
  using Place = std::tuple<int, std::string_view, std::string_view>;
  std::vector<std::pair<Place, const SanctionMark*>> longest;
  bool ends_session = false;
  const SanctionMark* waiting = nullptr;
  for (const SanctionMark& mark : ref.cell->rest->sanctions) {
    if (!Restricts(mark) || !mark.InForce()) continue;
    const bool pending = mark.state == v1::SANCTION_STATE_PENDING;
    const policy::CapabilityMask session =
        policy::MaskOf(v1::CAPABILITY_LOGIN) | policy::MaskOf(v1::CAPABILITY_PLAY);
    if (pending) waiting = &mark;
    if (!pending && (mark.capabilities & session) != 0) ends_session = true;
    for (const v1::Capability capability : CapabilitiesIn(mark.capabilities)) {
      const Place place{capability, mark.scope_game, mark.scope_hall};
      auto it = std::find_if(longest.begin(), longest.end(),
                             [&](const auto& entry) { return entry.first == place; });
      if (it == longest.end()) {
        longest.emplace_back(place, &mark);
      } else if (UntilOf(mark) > UntilOf(*it->second)) {
        it->second = &mark;
      }
    }
  }
  std::sort(longest.begin(), longest.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [place, mark] : longest) {
    v1::Restriction& restriction = *gate.add_restrictions();
    restriction.set_capability(static_cast<v1::Capability>(std::get<0>(place)));
    restriction.set_permanent(mark->permanent);
    if (!mark->permanent) SetTimestamp(UntilOf(*mark), restriction.mutable_until_time());
    if (!mark->scope_game.empty()) restriction.mutable_scope()->set_game(mark->scope_game);
    if (!mark->scope_hall.empty()) restriction.mutable_scope()->set_hall(mark->scope_hall);
    restriction.set_sanction("sanctions/" + mark->id);
    restriction.mutable_notice()->set_zh(mark->notice_zh);
    restriction.mutable_notice()->set_en(mark->notice_en);
  }
  // Who is already out has no hand to finish.
  if (waiting != nullptr && !ends_session) {
    gate.set_not_before_hand(waiting->not_before_hand);
    SetTimestamp(waiting->deadline_us, gate.mutable_deadline_time());
  }
  return gate;
}

v1::Sanction DescribeSanction(const AccountRef& ref, const SanctionMark& mark) {
  v1::Sanction sanction;
  sanction.set_name("sanctions/" + mark.id);
  sanction.set_account(ref.account);
  sanction.set_kind(mark.kind);
  sanction.set_state(mark.state);
  sanction.set_offence(mark.offence);
  sanction.set_category(mark.category);
  for (const v1::Capability capability : CapabilitiesIn(mark.capabilities)) {
    sanction.add_capabilities(capability);
  }
  if (!mark.scope_game.empty()) sanction.mutable_scope()->set_game(mark.scope_game);
  if (!mark.scope_hall.empty()) sanction.mutable_scope()->set_hall(mark.scope_hall);
  SetTimestamp(mark.create_us, sanction.mutable_create_time());
  if (mark.start_us != 0) SetTimestamp(mark.start_us, sanction.mutable_start_time());
  if (mark.end_us != 0) SetTimestamp(mark.end_us, sanction.mutable_end_time());
  if (mark.term_us != 0) SetDuration(mark.term_us, sanction.mutable_term());
  sanction.set_permanent(mark.permanent);
  sanction.mutable_step()->set_ladder(mark.ladder);
  sanction.mutable_step()->set_to_rung(static_cast<std::int32_t>(mark.rung));
  sanction.set_rule(mark.rule);
  sanction.mutable_actor()->set_principal(mark.principal);
  sanction.mutable_actor()->set_machine(mark.machine);
  sanction.mutable_notice()->set_zh(mark.notice_zh);
  sanction.mutable_notice()->set_en(mark.notice_en);
  if (mark.seen_us != 0) SetTimestamp(mark.seen_us, sanction.mutable_seen_time());
  sanction.set_not_before_hand(mark.not_before_hand);
  if (mark.deadline_us != 0) SetTimestamp(mark.deadline_us, sanction.mutable_deadline_time());
  sanction.set_counted(MarkCounts(mark));
  if (!mark.case_id.empty()) sanction.set_case_name("cases/" + mark.case_id);
  sanction.set_revision(mark.revision);
  sanction.set_enforced(mark.enforced);
  return sanction;
}

SanctionMark& Impose(const Step& step, const AccountRef& ref, const ImposeSpec& spec) {
  AccountRest& rest = ref.cell->Rest();
  rest.sanctions.push_back(NewMark(step, ref, spec));
  ++rest.version;
  SanctionMark& mark = rest.sanctions.back();
  const bool present = !ref.cell->presences.empty();
  const bool restricts = Restricts(mark);
  if (restricts) {
    const std::string_view hand = HandInPlay(ref);
    if (!spec.now && !hand.empty()) {
      mark.not_before_hand = hand;
      mark.deadline_us = step.now_us + step.policy->timing().hand_end_deadline_us;
      step.Emit(SetTimer{TimerOf(ref, mark, TimerKind::kDeadline, mark.deadline_us)});
    } else {
      Start(step, ref, &mark, step.now_us);
    }
  }
  if (mark.kind == v1::SANCTION_KIND_KICK) mark.state = v1::SANCTION_STATE_EXPIRED;
  // Nobody is there to enforce it against: the gate at the next login does.
  mark.enforced = restricts && !present;
  const v1::LocalizedText notice = RenderNotice(step, ref, spec, mark);
  if (!spec.silent) {
    mark.notice_zh = notice.zh();
    mark.notice_en = notice.en();
  }
  StoreNew(step, ref, spec, mark);
  AuditMachine(step, ref, spec, mark);
  TellCaused(step, ref, mark);
  switch (mark.kind) {
    case v1::SANCTION_KIND_WARNING:
      PostSanction(step, ref, mark, PostingDetail::kWarned, mark.principal);
      for (const Presence presence : ref.cell->presences) {
        SendWarning(step, ref, &mark, presence.server);
      }
      break;
    case v1::SANCTION_KIND_KICK:
      PostSanction(step, ref, mark, PostingDetail::kKicked, mark.principal);
      SendKick(step, ref, spec, mark);
      break;
    default:
      PostSanction(
          step, ref, mark,
          mark.kind == v1::SANCTION_KIND_HOLD ? PostingDetail::kHeld : PostingDetail::kRestricted,
          mark.principal);
      Republish(step, ref, "sanctions/" + mark.id);
      break;
  }
  return mark;
}

void HandIsOver(const Step& step, const AccountRef& ref, std::string_view hand) {
  if (!ref.cell->rest) return;
  for (SanctionMark& mark : ref.cell->rest->sanctions) {
    if (!Restricts(mark) || mark.state != v1::SANCTION_STATE_PENDING) continue;
    if (!hand.empty() && mark.not_before_hand != hand) continue;
    TakeEffect(step, ref, &mark, step.now_us);
  }
}

void NobodyIsThere(const Step& step, const AccountRef& ref) {
  if (!ref.cell->rest || !ref.cell->presences.empty()) return;
  for (SanctionMark& mark : ref.cell->rest->sanctions) {
    if (Restricts(mark) && mark.InForce()) SetEnforced(step, ref, &mark);
  }
}

void MarkSeen(const Step& step, const AccountRef& ref, SanctionMark* mark) {
  if (mark->seen_us != 0 || mark->state == v1::SANCTION_STATE_LIFTED) return;
  mark->seen_us = step.now_us;
  const bool warning = mark->kind == v1::SANCTION_KIND_WARNING;
  if (warning) mark->state = v1::SANCTION_STATE_ACTIVE;
  PatchSanction patch = PatchOf(ref, mark);
  patch.seen_us = mark->seen_us;
  if (warning) patch.state = mark->state;
  step.Emit(std::move(patch));
  PostSanction(step, ref, *mark, PostingDetail::kSeen, "");
  if (!warning || step.policy == nullptr) return;
  const policy::Ladder* ladder = step.policy->FindLadder(mark->ladder);
  if (ladder != nullptr && ladder->unchanged_after_us > 0 && mark->fingerprint != Hash128{}) {
    step.Emit(SetTimer{
        TimerOf(ref, *mark, TimerKind::kUnchanged, step.now_us + ladder->unchanged_after_us)});
  }
}

void Lift(const Step& step, const AccountRef& ref, SanctionMark* mark, const v1::Lift& lift) {
  const bool was_in_force = mark->InForce();
  if (was_in_force && mark->deadline_us != 0) {
    step.Emit(ClearTimer{TimerOf(ref, *mark, TimerKind::kDeadline, mark->deadline_us)});
  }
  if (was_in_force && mark->end_us != 0) {
    step.Emit(ClearTimer{TimerOf(ref, *mark, TimerKind::kExpiry, mark->end_us)});
  }
  mark->state = v1::SANCTION_STATE_LIFTED;
  mark->disposition = lift.disposition();
  mark->deadline_us = 0;
  if (Restricts(*mark) && was_in_force) mark->end_us = step.now_us;
  // A human pardon of what was judged: no machine judges it again.
  AccountRest& rest = ref.cell->Rest();
  const bool pardoned = std::find(rest.pardoned.begin(), rest.pardoned.end(), mark->fingerprint) !=
                        rest.pardoned.end();
  if (!lift.actor().machine() && mark->fingerprint != Hash128{} && !pardoned) {
    rest.pardoned.push_back(mark->fingerprint);
  }
  PatchSanction patch = PatchOf(ref, mark);
  patch.state = mark->state;
  patch.counted = MarkCounts(*mark);
  patch.lift = lift;
  if (Restricts(*mark) && was_in_force) patch.end_us = mark->end_us;
  step.Emit(std::move(patch));
  PostSanction(step, ref, *mark, PostingDetail::kLifted, lift.actor().principal());
  if (Restricts(*mark) && was_in_force) Republish(step, ref, "sanctions/" + mark->id);
  OnSanctionOver(step, ref, *mark);
}

void Reinstate(const Step& step, const AccountRef& ref, SanctionMark* mark,
               const v1::Reinstatement& reinstatement) {
  mark->disposition = v1::DISPOSITION_UNSPECIFIED;
  if (mark->fingerprint != Hash128{}) std::erase(ref.cell->Rest().pardoned, mark->fingerprint);
  if (Restricts(*mark)) {
    Resume(step, ref, mark);
  } else if (mark->kind == v1::SANCTION_KIND_WARNING) {
    mark->state = mark->seen_us != 0 ? v1::SANCTION_STATE_ACTIVE : v1::SANCTION_STATE_PENDING;
  } else {
    mark->state = v1::SANCTION_STATE_EXPIRED;
  }
  PatchSanction patch = PatchOf(ref, mark);
  patch.state = mark->state;
  patch.counted = MarkCounts(*mark);
  patch.reinstatement = reinstatement;
  if (Restricts(*mark)) {
    patch.enforced = mark->enforced;
    patch.end_us = mark->end_us;
    if (mark->start_us != 0) patch.start_us = mark->start_us;
  }
  step.Emit(std::move(patch));
  PostSanction(step, ref, *mark, PostingDetail::kReinstated, reinstatement.actor().principal());
  if (Restricts(*mark) && mark->InForce()) Republish(step, ref, "sanctions/" + mark->id);
  if (mark->kind != v1::SANCTION_KIND_WARNING || mark->seen_us != 0) return;
  for (const Presence presence : ref.cell->presences)
    SendWarning(step, ref, mark, presence.server);
}

bool OnSanctionTimer(const Step& step, const AccountRef& ref, TimerKind kind,
                     std::int64_t payload) {
  if (!ref.cell->rest || payload < 0) return false;
  auto& sanctions = ref.cell->rest->sanctions;
  if (static_cast<std::uint64_t>(payload) >= sanctions.size()) return false;
  SanctionMark& mark = sanctions[static_cast<std::size_t>(payload)];
  switch (kind) {
    case TimerKind::kDeadline:
      if (mark.state == v1::SANCTION_STATE_PENDING && mark.deadline_us != 0 &&
          mark.deadline_us <= step.now_us) {
        TakeEffect(step, ref, &mark, mark.deadline_us);
      }
      return false;
    case TimerKind::kExpiry: {
      if (mark.state != v1::SANCTION_STATE_ACTIVE || mark.end_us > step.now_us) return false;
      mark.state = v1::SANCTION_STATE_EXPIRED;
      PatchSanction patch = PatchOf(ref, &mark);
      patch.state = mark.state;
      // Whoever was locked out for the whole term knows of it.
      if (mark.seen_us == 0) {
        mark.seen_us = mark.end_us;
        patch.seen_us = mark.seen_us;
      }
      step.Emit(std::move(patch));
      PostSanction(step, ref, mark, PostingDetail::kExpired, "");
      Republish(step, ref, "sanctions/" + mark.id);
      OnSanctionOver(step, ref, mark);
      return false;
    }
    case TimerKind::kReversal:
    case TimerKind::kCaseLease:
    case TimerKind::kCaseDue:
    case TimerKind::kCaseReferral:
    case TimerKind::kAppealLease:
    case TimerKind::kAppealDue:
      return false;
    case TimerKind::kUnchanged:
      return mark.kind == v1::SANCTION_KIND_WARNING && mark.state == v1::SANCTION_STATE_ACTIVE &&
             mark.seen_us != 0;
  }
  return false;
}

void OnDirectiveAnswered(const Step& step, const AccountRef& ref,
                         const v1::DirectiveAnswered& answered) {
  const v1::DirectiveOutcome outcome = answered.result().outcome();
  std::string_view cause = answered.cause();
  constexpr std::string_view kPrefix = "sanctions/";
  if (cause.substr(0, kPrefix.size()) == kPrefix) cause.remove_prefix(kPrefix.size());
  SanctionMark* mark = ref.cell->FindSanction(cause);
  const bool restrictions = answered.action() == "set_restrictions";
  if (outcome == v1::DIRECTIVE_OUTCOME_NOT_HERE && restrictions) {
    Forget(ref, step.source);
    NobodyIsThere(step, ref);
  }
  if (outcome == v1::DIRECTIVE_OUTCOME_SEEN && mark != nullptr) MarkSeen(step, ref, mark);
  if (outcome == v1::DIRECTIVE_OUTCOME_APPLIED && restrictions && ref.cell->rest &&
      answered.account_revision() == ref.cell->rest->account_revision) {
    for (SanctionMark& held : ref.cell->rest->sanctions) {
      if (!Restricts(held) || !held.InForce()) continue;
      SetEnforced(step, ref, &held);
      MarkSeen(step, ref, &held);
    }
  }
  if (outcome == v1::DIRECTIVE_OUTCOME_APPLIED && !restrictions && mark != nullptr) {
    SetEnforced(step, ref, mark);
  }
  if (answered.action() == "notify") OnAppealNotice(step, ref, answered);
  // The default one shows: whoever takes the old one again, took it again.
  if (outcome == v1::DIRECTIVE_OUTCOME_APPLIED && answered.action() == "reset_avatar") {
    ForgetAvatar(ref);
  }
  if (outcome == v1::DIRECTIVE_OUTCOME_REJECTED) {
    Posting posting;
    posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
    posting.detail = static_cast<std::uint8_t>(PostingDetail::kDirectiveRejected);
    posting.resource = answered.action();
    posting.principal = step.source;
    posting.notable = true;
    Post(step, ref, std::move(posting));
  }
}

void SendToPresences(const Step& step, const AccountRef& ref, v1::Directive directive) {
  for (const Presence presence : ref.cell->presences) {
    Want(step, ref, presence.server, directive);
  }
}

void Deliver(const Step& step, const AccountRef& ref, std::string_view server) {
  if (!ref.cell->rest) return;
  AccountRest& rest = *ref.cell->rest;
  const v1::GateEntry gate = GateOf(ref);
  const bool stale = std::any_of(rest.holders.begin(), rest.holders.end(), [&](const Holder& h) {
    return h.server == server && h.revision != rest.account_revision;
  });
  if (!gate.restrictions().empty() || stale) {
    const std::string cause =
        gate.restrictions().empty() ? std::string() : gate.restrictions(0).sanction();
    SendRestrictions(step, ref, server, RestrictionsDirective(step, ref, cause));
  }
  for (SanctionMark& mark : rest.sanctions) {
    if (mark.kind == v1::SANCTION_KIND_WARNING && mark.state == v1::SANCTION_STATE_PENDING) {
      SendWarning(step, ref, &mark, server);
    }
  }
  if (rest.reset_nickname != Hash128{} && rest.reset_nickname == ref.cell->nickname) {
    ResetNickname(step, ref, "");
  }
  if (rest.reset_signature != Hash128{} && rest.reset_signature == ref.cell->signature) {
    ResetSignature(step, ref, "");
  }
  if (rest.reset_avatar != Hash128{} && rest.reset_avatar == rest.avatar) {
    ResetAvatar(step, ref, "");
  }
  DeliverAppeals(step, ref, server);
}

}  // namespace hallwarden
