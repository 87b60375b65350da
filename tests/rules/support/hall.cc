#include "tests/rules/support/hall.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"
#include "rules/text/lexicon.h"

namespace hallwarden::testing {
namespace {

constexpr std::string_view kPolicyArtefact =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr std::string_view kNamesArtefact =
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr std::string_view kList =
    "insult | plain | rudeword\n"
    "insult | review | oddword\n"
    "religion | note | monkword\n"
    "advert | plain | shopword\n";

std::string_view ActionOf(const v1::Directive& directive) {
  switch (directive.action_case()) {
    case v1::Directive::kWarn:
      return "warn";
    case v1::Directive::kSetRestrictions:
      return "set_restrictions";
    case v1::Directive::kResetNickname:
      return "reset_nickname";
    case v1::Directive::kResetAvatar:
      return "reset_avatar";
    case v1::Directive::kKick:
      return "kick";
    case v1::Directive::kNotify:
      return "notify";
    default:
      return "other";
  }
}

}  // namespace

TestArtefacts::TestArtefacts(std::string policy_text) {
  if (policy_text.empty())
    policy_text = policy::WithoutLimits(std::string(policy::DefaultPolicyText()));
  policy::CompileResult result = policy::Compile(policy_text, "test.policy", kPolicyArtefact);
  for (const v1::Diagnostic& diagnostic : result.diagnostics) {
    EXPECT_FALSE(diagnostic.fatal()) << diagnostic.ShortDebugString();
  }
  policy_ = std::move(result.policy);
  absl::StatusOr<text::Lexicon> list = text::Lexicon::Parse(kList, "test.lex");
  EXPECT_TRUE(list.ok()) << list.status();
  names_ = std::make_shared<const text::Lexicon>(*std::move(list));
  screeners_[""] = text::BuildScreeners(names_, nullptr, text::OperatorList());
}

std::shared_ptr<const policy::CompiledPolicy> TestArtefacts::Policy(
    std::string_view artefact) const {
  return artefact == kPolicyArtefact ? policy_ : nullptr;
}

text::Screeners TestArtefacts::Lexicon(const LexiconArtefacts& lists) const {
  if (lists.names != kNamesArtefact) return {};
  const auto found = screeners_.find(lists.operators);
  return found == screeners_.end() ? text::Screeners{} : found->second;
}

std::string TestArtefacts::AddOperators(std::string_view text) {
  const absl::StatusOr<text::OperatorList> list = text::OperatorList::Parse(text, "own.lex");
  EXPECT_TRUE(list.ok()) << list.status();
  std::string artefact = "own" + std::to_string(screeners_.size());
  if (list.ok()) screeners_[artefact] = text::BuildScreeners(names_, nullptr, *list);
  return artefact;
}

template <class Message>
OwnedRecord Scribe::Make(RecordKind kind, std::string_view source, const Message& message) {
  OwnedRecord owned;
  owned.source = source;
  auto copy = std::make_shared<Message>(message);
  if constexpr (std::is_same_v<Message, v1::HallEvent>) {
    owned.arena = std::make_shared<google::protobuf::Arena>();
    owned.record.payload = EventView::Of(*copy, owned.arena.get());
  } else {
    owned.record.payload = static_cast<const Message*>(copy.get());
  }
  owned.message = std::move(copy);
  owned.record.position = ++position_;
  owned.record.commit_us = ++now_us_;
  owned.record.kind = kind;
  return owned;
}

OwnedRecord Scribe::Activate() {
  v1::EngineActivated activated;
  activated.set_engine_version(kEngineVersion);
  activated.set_policy_artefact(std::string(kPolicyArtefact));
  activated.set_lexicon_artefact(std::string(kNamesArtefact));
  activated.set_history_epoch(1);
  return Make(RecordKind::kEngineActivated, "", activated);
}

OwnedRecord Scribe::Event(std::string_view server, const v1::HallEvent& event) {
  v1::HallEvent timed = event;
  if (!timed.has_event_time()) SetTimestamp(now_us_, timed.mutable_event_time());
  OwnedRecord owned = Make(RecordKind::kHallEvent, server, timed);
  owned.record.source_seq = ++seq_[std::string(server)];
  return owned;
}

OwnedRecord Scribe::Command(const v1::Command& command) {
  return Make(RecordKind::kCommand, command.actor().principal(), command);
}

OwnedRecord Scribe::Answer(std::string_view server, const v1::Directive& directive,
                           v1::DirectiveOutcome outcome) {
  v1::DirectiveAnswered answered;
  answered.mutable_result()->set_directive_seq(directive.directive_seq());
  answered.mutable_result()->set_outcome(outcome);
  answered.set_account(directive.account());
  answered.set_cause(directive.cause());
  answered.set_action(std::string(ActionOf(directive)));
  answered.set_account_revision(directive.account_revision());
  return Make(RecordKind::kDirectiveAnswered, server, answered);
}

OwnedRecord Scribe::Fire(const Timer& timer) {
  v1::TimerFired fired;
  fired.set_entity_kind(static_cast<int>(timer.entity.kind));
  std::string id;
  for (const std::uint64_t word : {timer.entity.id.hi, timer.entity.id.lo}) {
    for (int shift = 56; shift >= 0; shift -= 8)
      id.push_back(static_cast<char>(word >> shift));
  }
  fired.set_entity_id(std::move(id));
  fired.set_timer_kind(timer.kind);
  fired.set_due_us(timer.due_us);
  fired.set_payload(timer.payload);
  fired.set_account(timer.account);
  now_us_ = std::max(now_us_, timer.due_us);
  return Make(RecordKind::kTimerFired, "", fired);
}

OwnedRecord Scribe::Hello(std::string_view server) {
  return Make(RecordKind::kServerHello, server, v1::ServerHello());
}

v1::HallEvent Registered(std::string_view account, std::string_view nickname) {
  v1::HallEvent event;
  event.set_account(std::string(account));
  event.mutable_registered()->set_nickname(std::string(nickname));
  return event;
}

v1::HallEvent LoggedIn(std::string_view account) {
  v1::HallEvent event;
  event.set_account(std::string(account));
  event.mutable_logged_in();
  return event;
}

v1::HallEvent LoggedOut(std::string_view account) {
  v1::HallEvent event;
  event.set_account(std::string(account));
  event.mutable_logged_out();
  return event;
}

v1::HallEvent Renamed(std::string_view account, std::string_view nickname, bool by_server) {
  v1::HallEvent event;
  event.set_account(std::string(account));
  event.mutable_nickname_changed()->set_nickname(std::string(nickname));
  event.mutable_nickname_changed()->set_set_by_server(by_server);
  return event;
}

v1::HallEvent HandStarted(std::string_view hand, const std::vector<std::string>& accounts) {
  v1::HallEvent event;
  event.set_account(accounts.front());
  event.set_hand(std::string(hand));
  event.set_table("t1");
  for (const std::string& account : accounts) {
    event.mutable_hand_started()->add_seated_accounts(account);
  }
  return event;
}

v1::HallEvent HandSettled(std::string_view hand, const std::vector<std::string>& accounts) {
  v1::HallEvent event;
  event.set_account(accounts.front());
  event.set_hand(std::string(hand));
  for (const std::string& account : accounts) {
    event.mutable_hand_settled()->add_seats()->set_account(account);
  }
  return event;
}

v1::Command As(v1::Role role, std::string_view principal) {
  v1::Command command;
  command.mutable_actor()->set_principal(std::string(principal));
  command.mutable_actor()->set_role(role);
  return command;
}

v1::Command BanFor(std::string_view account, std::int64_t term_us) {
  v1::Command command = As(v1::ROLE_GM, "gm-li");
  command.set_target_account(std::string(account));
  auto& create = *command.mutable_create_sanction();
  create.set_parent("accounts/" + std::string(account));
  create.set_kind(v1::SANCTION_KIND_RESTRICTION);
  create.set_offence(v1::OFFENCE_OTHER);
  create.add_capabilities(v1::CAPABILITY_LOGIN);
  SetDuration(term_us, create.mutable_duration());
  create.mutable_options()->set_reason("because");
  return command;
}

std::string PictureHash(std::uint64_t picture, int off) {
  // Spread by a hash, then half of the bits set exactly, as a median sets them.
  std::string bits;
  for (std::uint64_t word = 0; bits.size() < 32; ++word) {
    std::uint64_t spread = SipHash64(SipKey{picture, word}, "picture");
    for (int i = 0; i < 4; ++i, spread >>= 8U) {
      const char byte = static_cast<char>(spread & 0xff);
      bits.push_back(byte);
      bits.push_back(static_cast<char>(~byte));
    }
  }
  for (int bit = 0; bit < off; ++bit)
    bits[static_cast<std::size_t>(bit)] =
        static_cast<char>(bits[static_cast<std::size_t>(bit)] ^ 1);
  return bits;
}

v1::HallEvent AvatarSet(std::string_view account, const std::string& hash, int quality) {
  v1::HallEvent event;
  event.set_account(std::string(account));
  event.set_game("ddz");
  event.mutable_avatar_changed()->set_pdq_hash(hash);
  event.mutable_avatar_changed()->set_pdq_quality(quality);
  return event;
}

v1::Command BankPicture(v1::BankKind kind, const std::string& hash, v1::Confidence confidence,
                        v1::TextCategory category) {
  v1::Command command = As(v1::ROLE_SENIOR_GM, "gm-wang");
  v1::AddBankEntriesRequest& request = *command.mutable_add_bank_entries();
  v1::BankEntry& entry = *request.add_entries();
  entry.set_kind(kind);
  entry.set_bank(kind == v1::BANK_KIND_ALLOW ? "official" : "porn");
  entry.set_pdq_hash(hash);
  entry.set_confidence(confidence);
  if (kind == v1::BANK_KIND_BLOCK) entry.set_category(category);
  request.mutable_options()->set_reason("for a test");
  return command;
}

v1::Command LiftAs(std::string_view account, std::string_view sanction,
                   v1::Disposition disposition) {
  v1::Command command = As(v1::ROLE_LEAD, "lead-wang");
  command.set_target_account(std::string(account));
  command.mutable_lift_sanction()->set_name(std::string(sanction));
  command.mutable_lift_sanction()->set_disposition(disposition);
  command.mutable_lift_sanction()->mutable_options()->set_reason("looked again");
  return command;
}

Hall::Hall(const Artefacts* artefacts, CellSource* source, std::size_t cells_max)
    : cells_(source, cells_max), runner_(EngineOptions{}, &cells_, artefacts) {
  Apply(scribe_.Activate());
}

const std::vector<PositionedEffect>& Hall::Apply(const OwnedRecord& owned) {
  Record record = owned.record;
  record.source = owned.source;
  last_.clear();
  journal_.push_back(owned);
  runner_.Step(record, &last_);
  for (const PositionedEffect& effect : last_)
    Keep(effect);
  all_.insert(all_.end(), last_.begin(), last_.end());
  return last_;
}

const std::vector<PositionedEffect>& Hall::Tell(std::string_view server,
                                                const v1::HallEvent& event) {
  return Apply(scribe_.Event(server, event));
}

const std::vector<PositionedEffect>& Hall::Ask(const v1::Command& command) {
  return Apply(scribe_.Command(command));
}

void Hall::Obey(std::string_view server) {
  const std::string name(server);
  while (answered_[name] < outbox_[name].size()) {
    const v1::Directive directive = outbox_[name][answered_[name]++];
    Apply(scribe_.Answer(server, directive, v1::DIRECTIVE_OUTCOME_APPLIED));
    if (directive.has_warn()) {
      Apply(scribe_.Answer(server, directive, v1::DIRECTIVE_OUTCOME_SEEN));
    }
    if (directive.has_reset_nickname()) {
      Tell(server, Renamed(directive.account(), directive.reset_nickname().replacement(), true));
    }
    if (directive.has_reset_avatar()) {
      v1::HallEvent reset;
      reset.set_account(directive.account());
      reset.mutable_avatar_changed()->set_builtin("default");
      Tell(server, reset);
    }
  }
}

void Hall::Wait(std::int64_t us) {
  const std::int64_t until = scribe_.now_us() + us;
  for (;;) {
    auto next = std::min_element(timers_.begin(), timers_.end());
    if (next == timers_.end() || next->due_us > until) break;
    const Timer timer = *next;
    timers_.erase(next);
    Apply(scribe_.Fire(timer));
  }
  if (scribe_.now_us() < until) scribe_.Wait(until - scribe_.now_us());
}

std::vector<v1::Sanction> Hall::SanctionsOf(std::string_view account) const {
  std::vector<v1::Sanction> found;
  for (const std::string& name : order_) {
    if (sanctions_.at(name).account() == account) found.push_back(sanctions_.at(name));
  }
  return found;
}

v1::GateEntry Hall::Gate(const std::string& account) const {
  auto found = gate_.find(account);
  return found == gate_.end() ? v1::GateEntry() : found->second;
}

const std::vector<v1::Directive>& Hall::Outbox(const std::string& server) const {
  static const std::vector<v1::Directive> kNone;
  auto found = outbox_.find(server);
  return found == outbox_.end() ? kNone : found->second;
}

void Hall::Keep(const PositionedEffect& effect) {
  if (const auto* put = std::get_if<PutSanction>(&effect.effect)) {
    EXPECT_FALSE(sanctions_.contains(put->sanction.name())) << "stored twice";
    sanctions_[put->sanction.name()] = put->sanction;
    order_.push_back(put->sanction.name());
  } else if (const auto* patch = std::get_if<PatchSanction>(&effect.effect)) {
    v1::Sanction& stored = sanctions_.at(patch->name);
    EXPECT_EQ(stored.revision() + 1, patch->revision);
    stored.set_revision(patch->revision);
    if (patch->state) stored.set_state(*patch->state);
    if (patch->start_us) SetTimestamp(*patch->start_us, stored.mutable_start_time());
    if (patch->end_us) SetTimestamp(*patch->end_us, stored.mutable_end_time());
    if (patch->end_us == 0) stored.clear_end_time();
    if (patch->seen_us) SetTimestamp(*patch->seen_us, stored.mutable_seen_time());
    if (patch->counted) stored.set_counted(*patch->counted);
    if (patch->enforced) stored.set_enforced(*patch->enforced);
    if (patch->lift) *stored.mutable_lift() = *patch->lift;
    if (patch->reinstatement) {
      stored.clear_lift();
      *stored.mutable_reinstatement() = *patch->reinstatement;
    }
    if (patch->notice) *stored.mutable_notice() = *patch->notice;
    if (patch->appeal) stored.set_appeal(*patch->appeal);
    if (patch->reduction) {
      *stored.add_reductions() = *patch->reduction;
      *stored.mutable_capabilities() = patch->reduction->capabilities_after();
      stored.set_permanent(!patch->reduction->has_term_after());
      if (patch->reduction->has_term_after()) {
        *stored.mutable_term() = patch->reduction->term_after();
      }
    }
  } else if (const auto* appealed = std::get_if<PutAppeal>(&effect.effect)) {
    EXPECT_FALSE(appeals_.contains(appealed->appeal.name()));
    appeals_[appealed->appeal.name()] = appealed->appeal;
  } else if (const auto* changed = std::get_if<PatchAppeal>(&effect.effect)) {
    v1::Appeal& appeal = appeals_.at(changed->change.name());
    EXPECT_EQ(appeal.revision() + 1, changed->change.revision());
    appeal.clear_claim();
    appeal.clear_due_time();
    appeal.clear_overdue_time();
    appeal.clear_obstacle();
    appeal.clear_waiting_side();
    appeal.clear_queue_key();
    appeal.MergeFrom(changed->change);
  } else if (const auto* gate = std::get_if<PutGate>(&effect.effect)) {
    EXPECT_LT(gate_[gate->entry.account()].account_revision(), gate->entry.account_revision());
    gate_[gate->entry.account()] = gate->entry;
  } else if (const auto* send = std::get_if<SendDirective>(&effect.effect)) {
    auto& box = outbox_[send->server];
    EXPECT_EQ(send->directive.directive_seq(), static_cast<std::int64_t>(box.size()) + 1);
    box.push_back(send->directive);
  } else if (const auto* set = std::get_if<SetTimer>(&effect.effect)) {
    timers_.push_back(set->timer);
  } else if (const auto* clear = std::get_if<ClearTimer>(&effect.effect)) {
    std::erase(timers_, clear->timer);
  }
}

}  // namespace hallwarden::testing
