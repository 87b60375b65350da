#include "rules/engine/engine.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/engine/account_events.h"
#include "rules/engine/avatar_events.h"
#include "rules/engine/bank_entity.h"
#include "rules/engine/case_commands.h"
#include "rules/engine/commands.h"
#include "rules/engine/decide.h"
#include "rules/engine/dossier.h"
#include "rules/engine/lexicon_entity.h"
#include "rules/engine/other_entities.h"
#include "rules/engine/play_events.h"
#include "rules/engine/posting_detail.h"
#include "rules/engine/question.h"
#include "rules/engine/reports.h"
#include "rules/engine/reversal.h"
#include "rules/engine/rule_entity.h"
#include "rules/engine/sanctions.h"
#include "rules/engine/seats.h"
#include "rules/engine/server_entity.h"
#include "rules/engine/step.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"
#include "rules/text/operator_list.h"

namespace hallwarden {
namespace {

// Accounts' timers carry the account; the others name their entity.
EntityKey RouteTimer(const v1::TimerFired& timer) {
  const std::string& id = timer.entity_id();
  constexpr std::size_t kIdBytes = 16;
  if (timer.entity_kind() != static_cast<int>(CellKind::kServer) || id.size() != kIdBytes) {
    return KeyOfAccount(timer.account());
  }
  EntityKey key{CellKind::kServer, {}};
  for (std::size_t i = 0; i < kIdBytes; ++i) {
    std::uint64_t& word = i < kIdBytes / 2 ? key.id.hi : key.id.lo;
    word = word << 8U | static_cast<unsigned char>(id[i]);
  }
  return key;
}

// The entity that a record is about.
EntityKey RouteOf(const Record& record) {
  switch (record.kind) {
    case RecordKind::kHallEvent: {
      const auto& event = record.As<EventView>();
      if (event.has_service_incident()) return ServerKey(record.source);
      return event.key();
    }
    case RecordKind::kDirectiveAnswered: {
      const auto& answered = record.As<v1::DirectiveAnswered>();
      if (answered.account().empty()) return ServerKey(record.source);
      return KeyOfAccount(answered.account());
    }
    case RecordKind::kServerHello:
      return ServerKey(record.source);
    case RecordKind::kCommand:
      return RouteCommand(record.As<v1::Command>());
    case RecordKind::kTimerFired:
      return RouteTimer(record.As<v1::TimerFired>());
    case RecordKind::kEventRefused:
    case RecordKind::kEngineActivated:
    case RecordKind::kClockStepped:
    case RecordKind::kErased:
      break;
  }
  return SystemKey();
}

// A restored store lost events that their server cannot send again: somebody must answer for that.
void TellLostEvents(const Step& step, const v1::ServerHello& hello) {
  if (hello.lost_events() <= 0) return;
  const std::string server = "servers/" + std::string(step.source);
  v1::AuditRecord record;
  *record.mutable_actor() = MachineActor();
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.LoseEvents");
  record.set_resource(server);
  record.set_before("durable to " + std::to_string(hello.lost_first_seq() - 1));
  record.set_after("lost " + std::to_string(hello.lost_first_seq()) + " to " +
                   std::to_string(hello.lost_first_seq() + hello.lost_events() - 1));
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kEventsLost);
  posting.event_us = step.now_us;
  posting.resource = server;
  posting.amount = hello.lost_events();
  posting.notable = true;
  step.Emit(std::move(posting));
}

}  // namespace

class Engine::Impl {
 public:
  Impl(const EngineOptions& options, Cells* cells, const Artefacts* artefacts)
      : options_(options), cells_(cells), artefacts_(artefacts) {
    if (Owns(BankKey())) LoadBank(cells_, &bank_);
    // After a checkpoint the installation's cell knows what was active.
    if (!Owns(SystemKey())) return;
    const SystemCell* system = cells_->system().Find(SystemKey().id);
    if (system == nullptr) return;
    history_epoch_ = system->history_epoch;
    UsePolicy(system->policy_artefact);
    UseLists({system->lexicon_artefact, system->chat_artefact, system->operators_artefact});
  }

  [[nodiscard]] bool Owns(const EntityKey& key) const {
    return options_.shard_count <= 1 || ShardOf(key, options_.shard_count) == options_.shard_index;
  }

  void UsePolicy(const std::string& artefact) {
    if (auto policy = artefacts_->Policy(artefact); policy != nullptr) policy_ = std::move(policy);
  }

  // Whoever looked at a policy before he replaces it replaces that one only: with another in force,
  // its owner refuses the command.
  [[nodiscard]] bool MayReplacePolicy(const v1::ActivatePolicy& command) const {
    const std::string& etag = command.options().etag();
    return etag.empty() || policy_ == nullptr || policy_->revision() == etag;
  }

  // The one place where what judges words is swapped.
  void UseLists(const LexiconArtefacts& lists) {
    text::Screeners screeners = artefacts_->Lexicon(lists);
    if (screeners.names == nullptr) return;
    names_ = std::move(screeners.names);
    chat_ = std::move(screeners.chat);
    lists_ = lists;
    lexicon_version_ = lists.names.substr(0, 12);
    if (!lists.operators.empty()) lexicon_version_ += "+" + lists.operators.substr(0, 12);
  }

  // Event times are believed within the policy's limits only.
  [[nodiscard]] std::int64_t Clamp(const Record& record) const {
    if (record.kind != RecordKind::kHallEvent) return record.commit_us;
    const auto& event = record.As<EventView>();
    if (!event.has_event_time() || policy_ == nullptr) return record.commit_us;
    const policy::Timing& timing = policy_->timing();
    return std::clamp(event.event_us(), record.commit_us - timing.lateness_us,
                      record.commit_us + timing.skew_us);
  }

  [[nodiscard]] Step MakeStep(std::uint64_t position, std::int64_t now_us, StepOutput* out) {
    Step step;
    step.position = position;
    step.now_us = now_us;
    step.event_us = now_us;
    step.cells = cells_;
    step.policy = policy_.get();
    step.names = names_.get();
    step.chat = chat_.get();
    step.operators_artefact = lists_.operators;
    step.lexicon_version = lexicon_version_;
    step.fingerprint_key = options_.fingerprint_key;
    step.history_epoch = history_epoch_;
    step.bank = &bank_;
    step.rehearsal = rehearsal_;
    step.out = out;
    return step;
  }

  // Never a number that was used before, not even by a history that a backup forgot: whoever lived
  // in that one must be fenced.
  [[nodiscard]] std::int64_t NextHistory(std::int64_t commit_us) const {
    return std::max(history_epoch_ + 1, commit_us / 1'000'000);
  }

  // What concerns every shard, before the owner speaks.
  void Broadcast(const Record& record) {
    if (record.kind == RecordKind::kEngineActivated) {
      const auto& activated = record.As<v1::EngineActivated>();
      UsePolicy(activated.policy_artefact());
      // The operator's list is not of the program: it stays.
      UseLists({activated.lexicon_artefact(), activated.chat_lexicon_artefact(), lists_.operators});
      if (activated.history_epoch() > 0) history_epoch_ = activated.history_epoch();
    }
    if (record.kind != RecordKind::kCommand) return;
    const auto& command = record.As<v1::Command>();
    if (command.has_activate_policy() && MayReplacePolicy(command.activate_policy())) {
      UsePolicy(command.activate_policy().artefact());
    }
    // Made from another list than the one in force: its owner refuses it.
    if (command.has_activate_lexicon() &&
        command.activate_lexicon().base_artefact() == lists_.operators) {
      LexiconArtefacts lists = lists_;
      lists.operators = command.activate_lexicon().artefact();
      UseLists(lists);
    }
    if (command.has_accept_restore()) history_epoch_ = NextHistory(record.commit_us);
  }

  static void OnTimer(const Step& step, const v1::TimerFired& timer) {
    const EntityKey key = RouteTimer(timer);
    if (key.kind == CellKind::kServer) {
      OnServerTimer(step, key, timer);
    } else {
      OnAccountTimer(step, timer);
    }
  }

  // The answer to an earlier Decide.
  static void OnAnswered(const Step& step, const Fact& fact) {
    const std::optional<Question> question = DecodeQuestion(fact.payload);
    if (!question.has_value() || step.policy == nullptr) return;
    const AccountRef ref = OpenAccount(step, question->account);
    switch (fact.kind) {
      case FactKind::kQuotaGranted:
        OnGranted(step, ref, *question);
        break;
      case FactKind::kServerSpent:
        OnParked(step, ref, *question, "SERVER_LIMIT");
        break;
      case FactKind::kRuleReview:
        OnParked(step, ref, *question, "ABOVE_NORM");
        break;
      case FactKind::kRuleOverturned:
        OnParked(step, ref, *question, "OVERTURNED");
        break;
      default:
        OnParked(step, ref, *question, "QUOTA");
        break;
    }
  }

  void Speak(const Step& step, const Record& record) {
    switch (record.kind) {
      case RecordKind::kHallEvent:
        OnHallEvent(step, record, record.As<EventView>());
        break;
      case RecordKind::kDirectiveAnswered: {
        const auto& answered = record.As<v1::DirectiveAnswered>();
        step.Emit(AnswerDirective{std::string(record.source), answered.result(), step.now_us});
        if (answered.account().empty()) break;
        if (cells_->accounts().Find(KeyOfAccount(answered.account()).id) == nullptr) break;
        OnDirectiveAnswered(step, OpenAccount(step, answered.account()), answered);
        break;
      }
      case RecordKind::kServerHello:
        cells_->servers().Mutable(ServerKey(record.source).id).retired = false;
        TellLostEvents(step, record.As<v1::ServerHello>());
        break;
      case RecordKind::kCommand:
        OnCommand(step, record.As<v1::Command>());
        break;
      case RecordKind::kTimerFired:
        OnTimer(step, record.As<v1::TimerFired>());
        break;
      case RecordKind::kEngineActivated: {
        const auto& activated = record.As<v1::EngineActivated>();
        SystemCell& system = cells_->system().Mutable(SystemKey().id);
        // The first policy of a store is nobody's command; the list of policies must have it.
        if (policy_ != nullptr && system.policy_artefact != activated.policy_artefact()) {
          step.Emit(PutPolicy{activated.policy_artefact(), policy_->revision(), MachineActor(),
                              step.now_us});
        }
        system.policy_artefact = activated.policy_artefact();
        system.lexicon_artefact = activated.lexicon_artefact();
        system.chat_artefact = activated.chat_lexicon_artefact();
        system.history_epoch = history_epoch_;
        break;
      }
      case RecordKind::kEventRefused:
      case RecordKind::kClockStepped:
      case RecordKind::kErased:
        break;
    }
  }

  EngineOptions options_;
  Cells* cells_;
  const Artefacts* artefacts_;
  std::shared_ptr<const policy::CompiledPolicy> policy_;
  LexiconArtefacts lists_;
  std::shared_ptr<const text::NameScreener> names_;
  std::shared_ptr<const text::ChatScreener> chat_;
  std::string lexicon_version_;
  std::int64_t history_epoch_ = 1;
  avatar::Bank bank_;
  bool rehearsal_ = false;
};

Engine::Engine(const EngineOptions& options, Cells* cells, const Artefacts* artefacts)
    : impl_(std::make_unique<Impl>(options, cells, artefacts)) {}
Engine::~Engine() = default;

void Engine::Touches(const Record& record, std::vector<EntityKey>* keys) const {
  if (impl_->options_.idle && record.kind == RecordKind::kHallEvent) return;
  keys->push_back(RouteOf(record));
  if (record.kind != RecordKind::kHallEvent) return;
  if (keys->back().kind == CellKind::kAccount) keys->push_back({CellKind::kPlay, keys->back().id});
  if (record.hashes.ip != Hash128{}) keys->push_back({CellKind::kIp, record.hashes.ip});
  if (record.hashes.device != Hash128{}) {
    keys->push_back({CellKind::kDevice, record.hashes.device});
  }
  const auto& event = record.As<EventView>();
  const auto seat = [&](std::string_view account) {
    const EntityKey key = KeyOfAccount(QualifiedAccount(event.realm(), account));
    keys->push_back(key);
    keys->push_back({CellKind::kPlay, key.id});
  };
  if (event.has_hand_settled()) {
    for (const v1::SeatResult& result : event.hand_settled().seats())
      seat(result.account());
  }
  if (event.has_hand_started()) {
    for (const std::string& account : event.hand_started().seated_accounts())
      seat(account);
  }
}

void Engine::Apply(const Record& record, StepOutput* out) {
  // Tokens and policies are still needed to get a session at all.
  if (impl_->options_.idle && record.kind == RecordKind::kHallEvent) return;
  impl_->Broadcast(record);
  if (impl_->options_.shard_count > 1 && !impl_->Owns(RouteOf(record))) return;
  Step step = impl_->MakeStep(record.position, record.commit_us, out);
  step.source = record.source;
  step.source_seq = record.source_seq;
  step.event_us = impl_->Clamp(record);
  impl_->Speak(step, record);
}

void Engine::ApplyFact(const Fact& fact, StepOutput* out) {
  if (!impl_->Owns(fact.to)) return;
  const Step step = impl_->MakeStep(fact.position, fact.commit_us, out);
  switch (fact.kind) {
    case FactKind::kRegisteredFrom:
      OnRegisteredFrom(step, fact);
      break;
    case FactKind::kNameTaken:
    case FactKind::kNameLeft:
      OnName(step, fact);
      break;
    case FactKind::kHandBegan:
      OnHandBegan(step, fact);
      break;
    case FactKind::kHandEnded:
      OnHandEnded(step, fact);
      break;
    case FactKind::kDirectiveWanted:
      OnDirectiveWanted(step, fact);
      break;
    case FactKind::kPartnerSpan:
      OnPartnerSpan(step, fact.payload);
      break;
    case FactKind::kQuotaAsk:
      OnQuotaAsk(step, fact);
      break;
    case FactKind::kPlayFed:
    case FactKind::kPlayGift:
    case FactKind::kPlayNamed:
      OnPlayMessage(step, fact);
      break;
    case FactKind::kServiceTrouble:
      OnServiceTrouble(step, fact);
      break;
    case FactKind::kServiceAsked:
      OnServiceAsked(step, fact);
      break;
    case FactKind::kServiceSaid:
      OnServiceSaid(step, fact);
      break;
    case FactKind::kQuotaGranted:
    case FactKind::kQuotaSpent:
    case FactKind::kServerSpent:
    case FactKind::kRuleReview:
    case FactKind::kRuleOverturned:
      Impl::OnAnswered(step, fact);
      break;
    case FactKind::kServerAsk:
      OnServerAsk(step, fact);
      break;
    case FactKind::kRuleHit:
      OnRuleHit(step, fact);
      break;
    case FactKind::kAppealDecided:
      OnAppealDecided(step, fact);
      break;
    case FactKind::kCaused:
      OnCaused(step, fact);
      break;
    case FactKind::kCausedKept:
      OnCausedKept(step, fact);
      break;
    case FactKind::kReversePage:
      OnReversePage(step, fact);
      break;
    case FactKind::kPageReversed:
      OnPageReversed(step, fact);
      break;
    case FactKind::kReverseSanction:
      OnReverseSanction(step, fact);
      break;
    case FactKind::kSanctionReversed:
      OnSanctionReversed(step, fact);
      break;
    case FactKind::kAvatarAsked:
      OnAvatarAsked(step, fact);
      break;
    case FactKind::kAvatarSaid:
      OnAvatarSaid(step, fact);
      break;
    case FactKind::kLexiconHit:
      OnLexiconHit(step, fact);
      break;
    case FactKind::kReported:
      OnReported(step, fact);
      break;
    case FactKind::kReportOutcome:
      OnReportOutcome(step, fact);
      break;
    case FactKind::kRingVerdict:
      OnRingVerdict(step, fact);
      break;
    case FactKind::kRingHandled:
      OnRingHandled(step, fact);
      break;
  }
}

std::shared_ptr<const policy::CompiledPolicy> Engine::ActivePolicy() const {
  return impl_->policy_;
}

std::optional<v1::Account> Engine::Dossier(std::string_view realm, std::string_view account,
                                           std::int64_t now_us) {
  const std::string qualified = QualifiedAccount(realm, account);
  const AccountCell* cell = impl_->cells_->accounts().Find(KeyOfAccount(qualified).id);
  if (cell == nullptr) return std::nullopt;
  // A copy: looking at other cells below may move this one.
  AccountCell copy = *cell;
  const AccountRef ref{qualified, KeyOfAccount(qualified), &copy};
  return MakeDossier(ref, impl_->policy_.get(), impl_->cells_, now_us);
}

Engine::ProfilePositions Engine::Profile(std::string_view realm, std::string_view account) {
  const AccountCell* cell =
      impl_->cells_->accounts().Find(KeyOfAccount(QualifiedAccount(realm, account)).id);
  if (cell == nullptr) return {};
  return {cell->register_position, cell->nickname_position, cell->signature_position};
}

std::vector<std::string> Engine::AccountsNamed(std::string_view nickname) {
  const TextCell* cell = impl_->cells_->texts().Find(Fingerprint(nickname));
  return cell == nullptr ? std::vector<std::string>{} : cell->accounts;
}

v1::Server Engine::Server(std::string_view server, std::int64_t now_us) {
  v1::Server found;
  const ServerCell* cell = impl_->cells_->servers().Find(ServerKey(server).id);
  if (cell != nullptr) DescribeServer(*cell, now_us, &found);
  return found;
}

std::vector<v1::RuleStatus> Engine::Rules(std::int64_t now_us) {
  std::vector<v1::RuleStatus> rules;
  if (impl_->policy_ == nullptr) return rules;
  for (const policy::Rule& rule : impl_->policy_->rules()) {
    v1::RuleStatus& status = rules.emplace_back();
    status.set_name("rules/" + std::string(rule.id));
    status.set_mode(rule.mode);
    status.set_hourly_quota(rule.hourly_quota);
    const RuleCell* cell = impl_->cells_->rules().Find(RuleKey(rule.id).id);
    if (cell != nullptr) DescribeRule(*cell, now_us, &status);
  }
  return rules;
}

void Engine::SetRehearsal(bool rehearsal) {
  impl_->rehearsal_ = rehearsal;
}

Engine::BankView Engine::BankEntries(const BankFilter& filter) {
  BankView view;
  view.total = impl_->bank_.size();
  for (avatar::Bank::Slot slot = filter.from; slot < impl_->bank_.slots(); ++slot) {
    const avatar::BankPicture* picture = impl_->bank_.At(slot);
    if (picture == nullptr || (!filter.bank.empty() && picture->bank != filter.bank)) continue;
    if (filter.kind != v1::BANK_KIND_UNSPECIFIED && picture->kind != filter.kind) continue;
    if (view.entries.size() == filter.most) {
      view.next = slot;
      break;
    }
    view.entries.push_back(DescribeBankEntry(impl_->cells_, slot));
  }
  return view;
}

v1::TestBanksResponse Engine::TestAvatar(const v1::AvatarChanged& avatar, std::int64_t now_us) {
  v1::TestBanksResponse response;
  if (impl_->policy_ == nullptr) return response;
  StepOutput unused;
  const Step step = impl_->MakeStep(0, now_us, &unused);
  DescribeAvatar(step, avatar, &response);
  return response;
}

Engine::LexiconView Engine::Lexicon() {
  LexiconView view;
  view.lists = impl_->lists_;
  view.names = impl_->names_;
  view.chat = impl_->chat_;
  const SystemCell* cell = impl_->cells_->system().Find(SystemKey().id);
  if (cell == nullptr) return view;
  view.change_us = cell->lexicon_change_us;
  view.principal = cell->lexicon_principal;
  view.rescreen_base = cell->rescreen.base;
  DescribeRescreen(cell->rescreen, &view.rescreen);
  return view;
}

std::vector<std::pair<std::uint64_t, Engine::EntryHits>> Engine::LexiconHits() {
  std::vector<std::pair<std::uint64_t, EntryHits>> hits;
  for (std::uint32_t page = 0; page < LexiconHitsCell::kPages; ++page) {
    const LexiconHitsCell* cell = impl_->cells_->lexicon_hits().Find(LexiconHitsKey(page).id);
    if (cell == nullptr) continue;
    for (const LexiconHitsCell::Entry& entry : cell->entries)
      hits.emplace_back(entry.key, EntryHits{entry.count, entry.last_us});
  }
  std::sort(hits.begin(), hits.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return hits;
}

Hash128 Engine::Fingerprint(std::string_view nickname) const {
  return text::NameFingerprint(nickname, impl_->options_.fingerprint_key);
}

EngineRunner::EngineRunner(const EngineOptions& options, Cells* cells, const Artefacts* artefacts)
    : cells_(cells), engine_(options, cells, artefacts) {}

void EngineRunner::Step(const Record& record, std::vector<PositionedEffect>* effects) {
  output_.Clear();
  queue_.clear();
  engine_.Apply(record, &output_);
  queue_.swap(output_.facts);
  // Facts may cause facts: in the order in which they were told.
  for (std::size_t i = 0; i < queue_.size(); ++i) {
    const Fact fact = std::move(queue_[i]);
    engine_.ApplyFact(fact, &output_);
    for (Fact& next : output_.facts)
      queue_.push_back(std::move(next));
    output_.facts.clear();
  }
  std::uint32_t ordinal = 0;
  for (Effect& effect : output_.effects) {
    effects->push_back(
        PositionedEffect{record.position, ordinal++, record.commit_us, std::move(effect)});
  }
}

std::vector<PositionedEffect> EngineRunner::Rehearse(const Record& record) {
  std::vector<PositionedEffect> effects;
  cells_->BeginRehearsal();
  engine_.SetRehearsal(true);
  Step(record, &effects);
  engine_.SetRehearsal(false);
  cells_->DiscardRehearsal();
  return effects;
}

}  // namespace hallwarden
