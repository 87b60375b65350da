#include "daemon/group_builder.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "daemon/prepare.h"
#include "daemon/timer_record.h"
#include "storage/crash_point.h"
#include "storage/personal.h"
#include "storage/vault.h"

namespace hallwarden::daemon {
namespace {

// Answered directives that are remembered per server to absorb repeats. Older ones are looked up in
// the store by whoever resolves the answer.
constexpr std::size_t kAnsweredMax = 65'536;

std::uint8_t Bit(v1::DirectiveOutcome outcome) {
  return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(outcome) & 7U));
}

// The first outcome is final; only that the player saw the notice may follow.
bool IsRepeat(std::uint8_t answered, v1::DirectiveOutcome outcome) {
  if ((answered & Bit(outcome)) != 0) return true;
  return answered != 0 && outcome != v1::DIRECTIVE_OUTCOME_SEEN;
}

// Account under whose key the personal parts of a command are sealed: whom it is about, else
// whoever asks. `@` is in no account's name.
std::string SealAccountOf(const v1::Command& command) {
  if (!command.target_account().empty()) return command.target_account();
  return absl::StrCat("@", command.actor().principal());
}

std::optional<Answer> AnswerIn(const std::vector<PositionedEffect>& effects) {
  for (const PositionedEffect& effect : effects) {
    if (const auto* answer = std::get_if<Answer>(&effect.effect)) return *answer;
  }
  return std::nullopt;
}

}  // namespace

// A record before it has a place.
struct GroupBuilder::NewRecord {
  RecordKind kind = RecordKind::kHallEvent;
  decltype(Record::payload) payload = {};
  // What the journal holds of the payload.
  std::string bytes = {};
  std::string source = {};
  std::uint64_t source_seq = 0;
  PersonalHashes hashes = {};
  std::uint64_t content_hash = 0;
  std::string sealed_account = {};
  std::string sealed = {};
  // Source whose ack tells about refusals; null: none.
  SourceLedger* ledger = nullptr;
};

void GroupBuilder::Load(const std::vector<storage::SourcePosition>& sources,
                        const std::vector<Timer>& timers, std::uint64_t last_position,
                        std::int64_t history_epoch) {
  for (const storage::SourcePosition& position : sources) {
    SourceLedger& ledger = LedgerOf(position.source);
    ledger.applied_seq = position.durable_seq;
    ledger.session_epoch = position.session_epoch;
  }
  timers_.insert(timers.begin(), timers.end());
  last_position_ = last_position;
  history_epoch_ = history_epoch;
}

void GroupBuilder::Remember(const std::string& source, std::uint64_t seq,
                            std::uint64_t content_hash) {
  LedgerOf(source).hashes.Put(seq, content_hash);
}

void GroupBuilder::Activate(const v1::EngineActivated& activated) {
  activations_.push_back(activated);
}

void GroupBuilder::NoteClockStep(const v1::ClockStepped& stepped) {
  steps_.push_back(stepped);
}

std::optional<std::int64_t> GroupBuilder::NextTimerIn() const {
  if (timers_.empty() || options_.frozen) return std::nullopt;
  return std::max<std::int64_t>(timers_.begin()->due_us - parts_.clock->NowUs(), 0);
}

bool GroupBuilder::HasWork() const {
  return has_leftover() || !activations_.empty() || !steps_.empty() ||
         NextTimerIn() == std::optional<std::int64_t>(0);
}

GroupBuilder::SourceLedger& GroupBuilder::LedgerOf(const std::string& source) {
  std::unique_ptr<SourceLedger>& ledger = ledgers_[source];
  if (ledger == nullptr) {
    ledger = std::make_unique<SourceLedger>();
    ledger->name = source;
    ledger->hashes = HashRing(options_.retained_hashes);
  }
  return *ledger;
}

SourceAck& GroupBuilder::AckOf(SourceLedger* ledger) {
  if (ledger->ack == kNoAck) {
    ledger->ack = pending_.acks.size();
    pending_.acks.emplace_back().source = ledger->name;
    touched_.push_back(ledger);
  }
  return pending_.acks[ledger->ack];
}

bool GroupBuilder::Full() const {
  return pending_.group.entries.size() >= options_.records_max ||
         pending_bytes_ >= options_.bytes_max;
}

void GroupBuilder::CountRefusal(v1::RejectReason reason) {
  const auto index = static_cast<std::size_t>(reason);
  ++refused_[index < refused_.size() ? index : 0];
}

std::uint64_t GroupBuilder::refused_events() const {
  std::uint64_t sum = 0;
  for (const auto& count : refused_)
    sum += count.load();
  return sum;
}

std::array<std::uint64_t, v1::RejectReason_ARRAYSIZE> GroupBuilder::refused_by_reason() const {
  std::array<std::uint64_t, v1::RejectReason_ARRAYSIZE> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i)
    counts[i] = refused_[i].load();
  return counts;
}

PendingGroup GroupBuilder::Build(Intaken taken) {
  pending_ = PendingGroup();
  pending_bytes_ = 0;
  for (StreamItem& item : taken.stream)
    leftover_.push_back(std::move(item));
  taken.stream.clear();
  Prefetch(taken);
  for (const v1::EngineActivated& activated : activations_) {
    Append({.kind = RecordKind::kEngineActivated,
            .payload = &activated,
            .bytes = activated.SerializeAsString()});
  }
  activations_.clear();
  for (const v1::ClockStepped& stepped : steps_) {
    Append({.kind = RecordKind::kClockStepped,
            .payload = &stepped,
            .bytes = stepped.SerializeAsString()});
  }
  steps_.clear();
  FireTimers(parts_.clock->NowUs(), options_.records_max);
  for (DeskItem& item : taken.desk)
    TakeDesk(std::move(item));
  while (!leftover_.empty() && !Full()) {
    StreamItem& item = leftover_.front();
    if (auto* batch = std::get_if<PreparedBatch>(&item)) {
      if (!TakeBatch(batch)) break;
    } else if (auto* results = std::get_if<ResultsItem>(&item)) {
      TakeResults(*results);
    } else {
      TakeHello(std::move(std::get<HelloItem>(item)));
    }
    leftover_.pop_front();
  }
  for (SourceLedger* ledger : touched_) {
    SourceAck& ack = pending_.acks[ledger->ack];
    ack.durable_seq = ledger->applied_seq;
    ack.session_epoch = ledger->session_epoch;
    if (ledger->moved) {
      pending_.group.positions.push_back(
          {ledger->name, ledger->applied_seq, ledger->session_epoch});
    }
    ledger->ack = kNoAck;
    ledger->moved = false;
  }
  touched_.clear();
  pending_.last_position = last_position_;
  pending_.commit_us = parts_.clock->NowUs();
  return std::move(pending_);
}

void GroupBuilder::Prefetch(const Intaken& taken) {
  keys_.clear();
  std::size_t from = taken_of_first_;
  std::size_t events = 0;
  for (const StreamItem& item : leftover_) {
    if (events >= options_.records_max) break;
    if (const auto* batch = std::get_if<PreparedBatch>(&item)) {
      TouchBatch(*batch, from);
      events += batch->events.size() - from;
    }
    from = 0;
  }
  for (const DeskItem& item : taken.desk) {
    const auto* command = std::get_if<CommandItem>(&item);
    if (command == nullptr) continue;
    Record record;
    record.kind = RecordKind::kCommand;
    record.payload = &command->command;
    record.source = command->command.actor().principal();
    parts_.runner->engine().Touches(record, &keys_);
  }
  std::sort(keys_.begin(), keys_.end());
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  parts_.cells->Prefetch(keys_);
}

void GroupBuilder::TouchBatch(const PreparedBatch& batch, std::size_t from) {
  const std::size_t end = std::min(batch.events.size(), from + options_.records_max);
  Record record;
  record.source = batch.source;
  for (std::size_t i = from; i < end; ++i) {
    const PreparedEvent& event = batch.events[i];
    if (event.event == nullptr) continue;
    record.payload = event.event;
    record.hashes = event.hashes;
    parts_.runner->engine().Touches(record, &keys_);
  }
}

void GroupBuilder::FireTimers(std::int64_t now_us, std::size_t at_most) {
  if (options_.frozen) return;
  for (std::size_t i = 0; i < at_most && !timers_.empty(); ++i) {
    if (timers_.begin()->due_us > now_us) return;
    const v1::TimerFired fired = FiredOf(*timers_.begin());
    timers_.erase(timers_.begin());
    AppendAt(
        {.kind = RecordKind::kTimerFired, .payload = &fired, .bytes = fired.SerializeAsString()},
        parts_.clock->Stamp(nullptr));
    HW_CRASH_POINT("group.timer_fired");
  }
}

bool GroupBuilder::TakeBatch(PreparedBatch* batch) {
  SourceLedger& ledger = LedgerOf(batch->source);
  if (ledger.quarantined) {
    taken_of_first_ = 0;
    AckOf(&ledger).dropped = true;
    return true;
  }
  std::size_t i = taken_of_first_;
  std::size_t bytes = 0;
  for (; i < batch->events.size() && !Full(); ++i) {
    bytes += batch->events[i].bytes;
    TakeEvent(&ledger, batch->first_seq + i, &batch->events[i]);
  }
  SourceAck& ack = AckOf(&ledger);
  ack.bytes += bytes;
  ack.events += i - taken_of_first_;
  const EventView* const newest = i == 0 ? nullptr : batch->events[i - 1].event;
  if (newest != nullptr && newest->has_event_time()) ack.newest_event_us = newest->event_us();
  if (i < batch->events.size()) {
    taken_of_first_ = i;
    return false;
  }
  taken_of_first_ = 0;
  return true;
}

void GroupBuilder::TakeEvent(SourceLedger* ledger, std::uint64_t seq, PreparedEvent* event) {
  if (seq <= ledger->applied_seq) {
    if (ledger->hashes.Differs(seq, event->content_hash)) TakeReuse(ledger, seq, *event);
    return;
  }
  if (seq != ledger->applied_seq + 1) {
    Log(LogLevel::kError, absl::StrCat("sequencer: event ", seq, " behind ", ledger->applied_seq,
                                       " got past the intake; dropped"));
    return;
  }
  ledger->applied_seq = seq;
  ledger->moved = true;
  ledger->hashes.Put(seq, event->content_hash);
  NewRecord record;
  record.source = ledger->name;
  record.source_seq = seq;
  record.content_hash = event->content_hash;
  record.bytes = std::move(event->payload);
  record.ledger = ledger;
  if (event->refused != nullptr) {
    CountRefusal(event->refused->rejected().reason());
    AckOf(ledger).rejected.push_back(event->refused->rejected());
    record.kind = RecordKind::kEventRefused;
    record.payload = event->refused;
  } else {
    record.payload = event->event;
    record.hashes = event->hashes;
    record.sealed_account = std::move(event->sealed_account);
    record.sealed = std::move(event->sealed);
  }
  Append(std::move(record));
}

// The number came before with other content. The first one stands; the second is on record without
// a number of its own.
void GroupBuilder::TakeReuse(SourceLedger* ledger, std::uint64_t seq, const PreparedEvent& event) {
  ++reused_seqs_;
  CountRefusal(v1::REJECT_REASON_SEQ_REUSED);
  Log(LogLevel::kWarning, absl::StrCat("session: ", ledger->name, " sent seq ", seq,
                                       " again with other content; refused"));
  v1::EventRefused refused;
  refused.mutable_rejected()->set_seq(static_cast<std::int64_t>(seq));
  refused.mutable_rejected()->set_reason(v1::REJECT_REASON_SEQ_REUSED);
  refused.mutable_rejected()->set_detail(
      "this number came before with other content, which stands: number new events anew");
  refused.set_content_hash(HashBytes(event.content_hash));
  AckOf(ledger).rejected.push_back(refused.rejected());
  NewRecord record;
  record.kind = RecordKind::kEventRefused;
  record.payload = &refused;
  record.bytes = refused.SerializeAsString();
  record.source = ledger->name;
  record.content_hash = event.content_hash;
  record.ledger = ledger;
  Append(std::move(record));
}

void GroupBuilder::TakeResults(const ResultsItem& item) {
  SourceLedger& ledger = LedgerOf(item.source);
  if (ledger.quarantined) return;
  for (const v1::DirectiveAnswered& answer : item.answers) {
    const v1::DirectiveResult& result = answer.result();
    std::uint8_t& answered = ledger.answered[result.directive_seq()];
    if (IsRepeat(answered, result.outcome())) continue;
    answered = static_cast<std::uint8_t>(answered | Bit(result.outcome()));
    if (ledger.answered.size() > kAnsweredMax) ledger.answered.erase(ledger.answered.begin());
    Append({.kind = RecordKind::kDirectiveAnswered,
            .payload = &answer,
            .bytes = answer.SerializeAsString(),
            .source = item.source});
    HW_CRASH_POINT("group.answer_taken");
  }
}

void GroupBuilder::TakeHello(HelloItem item) {
  SourceLedger& ledger = LedgerOf(item.source);
  if (ledger.quarantined) {
    OpenedSession refused;
    refused.session_epoch = item.session_epoch;
    refused.status = absl::FailedPreconditionError(
        "an operator cut this server off: keep everything and come back later");
    pending_.completions.emplace_back([done = std::move(item.done), refused] { done(refused); });
    return;
  }
  [[maybe_unused]] const SourceAck& ack = AckOf(&ledger);
  ledger.session_epoch = item.session_epoch;
  ledger.moved = true;
  v1::ServerHello hello;
  *hello.mutable_hello() = item.hello;
  hello.set_session_epoch(item.session_epoch);
  if (item.resume_seq > ledger.applied_seq + 1) {
    const std::uint64_t lost = item.resume_seq - ledger.applied_seq - 1;
    hello.set_lost_first_seq(static_cast<std::int64_t>(ledger.applied_seq + 1));
    hello.set_lost_events(static_cast<std::int64_t>(lost));
    ledger.applied_seq += lost;
    Log(LogLevel::kError,
        absl::StrCat("ALARM session: events ", hello.lost_first_seq(), " to ", ledger.applied_seq,
                     " of ", item.source,
                     " are lost: the restored store does not have them and the game server keeps "
                     "them no more"));
  }
  Append({.kind = RecordKind::kServerHello,
          .payload = &hello,
          .bytes = hello.SerializeAsString(),
          .source = item.source});
  HW_CRASH_POINT("session.hello_journalled");
  OpenedSession opened;
  opened.session_epoch = item.session_epoch;
  opened.durable_seq = ledger.applied_seq;
  opened.history_epoch = history_epoch_;
  pending_.completions.emplace_back([done = std::move(item.done), opened] { done(opened); });
}

void GroupBuilder::TakeDesk(DeskItem item) {
  if (auto* look = std::get_if<LookItem>(&item)) {
    look->look(*parts_.runner, parts_.clock->NowUs());
    pending_.completions.emplace_back([done = std::move(look->done)] { done(absl::OkStatus()); });
    return;
  }
  auto& command = std::get<CommandItem>(item);
  if (command.rehearse) {
    RehearseCommand(std::move(command));
  } else {
    TakeCommand(std::move(command));
  }
}

void GroupBuilder::TakeCommand(CommandItem item) {
  // What is due goes first, so that the seal can name the place that the command gets.
  if (options_.exact_timers) {
    FireTimers(parts_.clock->NowUs(), std::numeric_limits<std::size_t>::max());
  }
  CommandOutcome outcome;
  NewRecord record;
  record.kind = RecordKind::kCommand;
  record.payload = &item.command;
  record.source = item.command.actor().principal();
  outcome.status = SealCommand(item.command, &record);
  if (outcome.status.ok()) {
    last_answer_.reset();
    Append(std::move(record));
    outcome.position = last_position_;
    outcome.commit_us = pending_.group.entries.back().commit_us;
    outcome.answer = std::move(last_answer_);
    HW_CRASH_POINT("group.command_taken");
    const bool accepted = outcome.answer.has_value() && !outcome.answer->refusal.has_value() &&
                          !outcome.answer->repeat;
    if (item.command.has_accept_clock() && accepted) {
      const v1::ClockStepped stepped = parts_.clock->Accept();
      Append({.kind = RecordKind::kClockStepped,
              .payload = &stepped,
              .bytes = stepped.SerializeAsString()});
    }
  }
  pending_.completions.emplace_back(
      [done = std::move(item.done), outcome = std::move(outcome)] { done(outcome); });
}

void GroupBuilder::RehearseCommand(CommandItem item) {
  Record record;
  record.position = last_position_ + 1;
  record.commit_us = parts_.clock->NowUs();
  record.kind = RecordKind::kCommand;
  record.payload = &item.command;
  record.source = item.command.actor().principal();
  CommandOutcome outcome;
  outcome.commit_us = record.commit_us;
  outcome.answer = AnswerIn(parts_.runner->Rehearse(record));
  pending_.completions.emplace_back(
      [done = std::move(item.done), outcome = std::move(outcome)] { done(outcome); });
}

absl::Status GroupBuilder::SealCommand(const v1::Command& command, NewRecord* record) {
  v1::Command stripped = command;
  v1::SealedFields fields;
  storage::SplitPersonal(&stripped, &fields);
  record->bytes = stripped.SerializeAsString();
  if (fields.fields().empty()) return absl::OkStatus();
  record->sealed_account = SealAccountOf(command);
  absl::StatusOr<std::string> sealed = parts_.vault->Seal(
      record->sealed_account, storage::SealContext(record->source, last_position_ + 1),
      fields.SerializeAsString());
  if (!sealed.ok()) return sealed.status();
  record->sealed = *std::move(sealed);
  return absl::OkStatus();
}

void GroupBuilder::Append(NewRecord record) {
  const auto* const* event = std::get_if<const EventView*>(&record.payload);
  const std::int64_t commit_us = parts_.clock->Stamp(event == nullptr ? nullptr : *event);
  if (options_.exact_timers) FireTimers(commit_us, std::numeric_limits<std::size_t>::max());
  AppendAt(std::move(record), commit_us);
}

void GroupBuilder::AppendAt(NewRecord record, std::int64_t commit_us) {
  Record view;
  view.position = ++last_position_;
  view.commit_us = commit_us;
  view.source = record.source;
  view.source_seq = record.source_seq;
  view.hashes = record.hashes;
  view.kind = record.kind;
  view.payload = record.payload;
  const std::size_t before = pending_.group.effects.size();
  parts_.runner->Step(view, &pending_.group.effects);
  NoteEffects(before, record.ledger);
  pending_bytes_ += record.bytes.size() + record.sealed.size();
  storage::JournalEntry& entry = pending_.group.entries.emplace_back();
  entry.position = view.position;
  entry.commit_us = commit_us;
  entry.kind = record.kind;
  entry.source = std::move(record.source);
  entry.source_seq = record.source_seq;
  entry.hashes = record.hashes;
  entry.content_hash = record.content_hash;
  entry.payload = std::move(record.bytes);
  entry.sealed_account = std::move(record.sealed_account);
  entry.sealed = std::move(record.sealed);
}

void GroupBuilder::NoteEffects(std::size_t from, SourceLedger* ledger) {
  for (std::size_t i = from; i < pending_.group.effects.size(); ++i) {
    const Effect& effect = pending_.group.effects[i].effect;
    if (const auto* set = std::get_if<SetTimer>(&effect)) {
      timers_.insert(set->timer);
    } else if (const auto* clear = std::get_if<ClearTimer>(&effect)) {
      timers_.erase(clear->timer);
    } else if (const auto* answer = std::get_if<Answer>(&effect)) {
      last_answer_ = *answer;
    } else if (const auto* reject = std::get_if<RejectEvent>(&effect)) {
      CountRefusal(reject->rejected.reason());
      if (ledger != nullptr) AckOf(ledger).rejected.push_back(reject->rejected);
    } else if (const auto* standing = std::get_if<PutServerStanding>(&effect)) {
      LedgerOf(standing->server).quarantined = standing->quarantine_us != 0;
    } else if (const auto* epoch = std::get_if<SetHistoryEpoch>(&effect)) {
      history_epoch_ = epoch->epoch;
      pending_.history_epoch = epoch->epoch;
    }
  }
}

}  // namespace hallwarden::daemon
