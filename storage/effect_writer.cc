#include "storage/effect_writer.h"

#include <algorithm>
#include <variant>

#include "hallwarden/v1/journal.pb.h"

#include "storage/crash_point.h"
#include "storage/key.h"

namespace hallwarden::storage {
namespace {

// Findings that a case keeps; later ones are only counted.
constexpr int kCaseFindingsMax = 20;
constexpr int kCaseReportsMax = 20;
// Expired answers that one new answer takes away: more than one, so that they never pile up.
constexpr std::size_t kAnswersPurged = 8;

absl::Status Broken(const std::string& what) {
  return absl::InternalError("the engine decided what cannot be: " + what);
}

RowId SanctionId(std::string_view name) {
  return {Family::kTables, RowKey(Table::kSanction, name)};
}
RowId CaseId(std::string_view name) {
  return {Family::kTables, RowKey(Table::kCase, name)};
}
RowId AppealId(std::string_view name) {
  return {Family::kTables, RowKey(Table::kAppeal, name)};
}

std::string ByAccount(Index index, std::string_view account, std::uint64_t position,
                      std::uint32_t ordinal) {
  return Key(Byte(index)).Name(account).U64(position).U32(ordinal).Take();
}
std::string ByPlace(Index index, std::uint64_t position, std::uint32_t ordinal) {
  return Key(Byte(index)).U64(position).U32(ordinal).Take();
}

void Patch(const PatchSanction& patch, v1::Sanction* sanction) {
  sanction->set_revision(patch.revision);
  if (patch.state.has_value()) sanction->set_state(*patch.state);
  if (patch.start_us.has_value()) SetTimestamp(*patch.start_us, sanction->mutable_start_time());
  if (patch.end_us.has_value()) {
    if (*patch.end_us == 0) sanction->clear_end_time();
    if (*patch.end_us != 0) SetTimestamp(*patch.end_us, sanction->mutable_end_time());
  }
  if (patch.seen_us.has_value()) SetTimestamp(*patch.seen_us, sanction->mutable_seen_time());
  if (patch.counted.has_value()) sanction->set_counted(*patch.counted);
  if (patch.enforced.has_value()) sanction->set_enforced(*patch.enforced);
  if (patch.lift.has_value()) *sanction->mutable_lift() = *patch.lift;
  if (patch.reinstatement.has_value()) {
    sanction->clear_lift();
    *sanction->mutable_reinstatement() = *patch.reinstatement;
  }
  if (patch.notice.has_value()) *sanction->mutable_notice() = *patch.notice;
  if (patch.appeal.has_value()) sanction->set_appeal(*patch.appeal);
  if (!patch.reduction.has_value()) return;
  const v1::Reduction& reduction = *patch.reduction;
  *sanction->add_reductions() = reduction;
  *sanction->mutable_capabilities() = reduction.capabilities_after();
  sanction->set_permanent(!reduction.has_term_after());
  if (reduction.has_term_after()) *sanction->mutable_term() = reduction.term_after();
}

// Cuts a list so that what is added to it makes it no longer than `most`.
template <class List>
void Trim(int kept, int most, List* added) {
  const int room = std::max(most - kept, 0);
  if (added->size() > room) added->DeleteSubrange(room, added->size() - room);
}

void Patch(v1::Case change, v1::Case* item) {
  // Whatever is not said about its way through the queue is over.
  item->clear_claim();
  item->clear_referral();
  item->clear_overdue_time();
  item->clear_queue_key();
  if (change.state() != v1::CASE_STATE_CLOSED) {
    item->clear_verdict();
    item->clear_case_verdict();
    item->clear_verdict_reason();
    item->clear_deviation_reason();
    item->clear_closed_by();
    item->clear_close_time();
  }
  Trim(item->findings_size(), kCaseFindingsMax, change.mutable_findings());
  Trim(item->reports_size(), kCaseReportsMax, change.mutable_reports());
  item->MergeFrom(change);
}

void Patch(const v1::Appeal& change, v1::Appeal* appeal) {
  // Whatever is not said about how it stands is over.
  appeal->clear_claim();
  appeal->clear_due_time();
  appeal->clear_overdue_time();
  appeal->clear_obstacle();
  appeal->clear_waiting_side();
  appeal->clear_queue_key();
  appeal->MergeFrom(change);
}

}  // namespace

// ---- Overlay
// --------------------------------------------------------------------------------------

absl::StatusOr<std::optional<std::string>> Overlay::Get(const RowId& id) const {
  const auto found = rows_.find({id.family, id.key});
  if (found != rows_.end()) return found->second;
  return db_->Get(id.family, id.key);
}

void Overlay::Put(RowId id, std::string value) {
  rows_.insert_or_assign({id.family, std::move(id.key)}, std::move(value));
}

void Overlay::Delete(RowId id) {
  rows_.insert_or_assign({id.family, std::move(id.key)}, std::nullopt);
}

void Overlay::AddTo(rocksdb::WriteBatch* batch) const {
  for (const auto& [id, value] : rows_) {
    if (value.has_value()) {
      db_->Put(batch, id.first, id.second, *value);
    } else {
      db_->Delete(batch, id.first, id.second);
    }
  }
}

// ---- rows
// -------------------------------------------------------------------------------------------

template <class Row>
absl::Status EffectWriter::PutRow(RowId id, const Row& row) {
  absl::StatusOr<std::string> value = codec_.Encode(id, row);
  if (!value.ok()) return value.status();
  rows_->Put(std::move(id), *std::move(value));
  return absl::OkStatus();
}

template <class Row>
absl::Status EffectWriter::GetRow(const RowId& id, Row* row) {
  const absl::StatusOr<std::optional<std::string>> value = rows_->Get(id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return Broken("a change of a row that does not exist");
  return codec_.Decode(id, **value, row);
}

void EffectWriter::PutIndex(std::string key, std::string_view value) {
  rows_->Put({Family::kIndex, std::move(key)}, std::string(value));
}

void EffectWriter::PutCaused(const At& at, const v1::Finding& finding, std::string_view name) {
  if (finding.server().empty()) return;
  PutIndex(ByAccount(Index::kCausedByServer, finding.server(), at.position, at.ordinal), name);
}

absl::StatusOr<ServerRow> EffectWriter::GetServer(std::string_view server) {
  const absl::StatusOr<std::optional<std::string>> value =
      rows_->Get({Family::kTables, RowKey(Table::kServer, server)});
  if (!value.ok()) return value.status();
  return value->has_value() ? DecodeServer(**value) : ServerRow{};
}

void EffectWriter::PutServer(std::string_view server, const ServerRow& row) {
  rows_->Put({Family::kTables, RowKey(Table::kServer, server)}, EncodeServer(row));
}

absl::Status EffectWriter::CountRejected(std::string_view server) {
  absl::StatusOr<ServerRow> row = GetServer(server);
  if (!row.ok()) return row.status();
  ++row->state.rejected_events;
  PutServer(server, *row);
  return absl::OkStatus();
}

absl::Status EffectWriter::Begin(const JournalEntry& entry) {
  entry_ = &entry;
  if (entry.kind == RecordKind::kEventRefused) return CountRejected(entry.source);
  if (entry.kind == RecordKind::kServerHello) {
    v1::ServerHello hello;
    if (!hello.ParseFromString(entry.payload)) return Broken("a Hello that cannot be read");
    absl::StatusOr<ServerRow> row = GetServer(entry.source);
    if (!row.ok()) return row.status();
    if (!row->state.retired && hello.lost_events() == 0) return absl::OkStatus();
    row->state.retired = false;
    row->state.lost_events += hello.lost_events();
    PutServer(entry.source, *row);
  }
  if (entry.kind == RecordKind::kTimerFired) {
    v1::TimerFired fired;
    if (!fired.ParseFromString(entry.payload) || fired.entity_id().size() != 16) {
      return Broken("a timer that cannot be read went off");
    }
    KeyReader id(fired.entity_id());
    Timer timer;
    timer.due_us = fired.due_us();
    timer.entity.kind = static_cast<CellKind>(fired.entity_kind());
    timer.entity.id.hi = id.U64();
    timer.entity.id.lo = id.U64();
    timer.kind = static_cast<std::uint8_t>(fired.timer_kind());
    timer.payload = fired.payload();
    timer.account = fired.account();
    rows_->Delete({Family::kTimers, TimerKey(timer)});
  }
  return absl::OkStatus();
}

void EffectWriter::End() {
  if (!chain_moved_) return;
  rows_->Put({Family::kMeta, std::string(kAuditChainKey)}, EncodeAuditChain(chain_));
}

absl::Status EffectWriter::Write(const PositionedEffect& effect) {
  const At at{effect.position, effect.ordinal, effect.commit_us};
  return std::visit([&](const auto& decision) { return Do(at, decision); }, effect.effect);
}

// ---- sanctions, cases, findings, notes
// -----------------------------------------------------------------

absl::Status EffectWriter::Do(const At& at, const PutSanction& effect) {
  const v1::Sanction& sanction = effect.sanction;
  RowId id = SanctionId(sanction.name());
  const absl::StatusOr<std::optional<std::string>> old = rows_->Get(id);
  if (!old.ok()) return old.status();
  if (old->has_value()) return Broken("a second sanction named " + sanction.name());
  PutIndex(ByAccount(Index::kSanctionsByAccount, sanction.account(), at.position, at.ordinal),
           sanction.name());
  PutIndex(ByPlace(Index::kSanctions, at.position, at.ordinal), sanction.name());
  if (sanction.actor().machine()) PutCaused(at, sanction.finding(), sanction.name());
  return PutRow(std::move(id), SanctionRow{at.position, at.ordinal, sanction});
}

absl::Status EffectWriter::Do(const At& /*at*/, const PatchSanction& effect) {
  RowId id = SanctionId(effect.name);
  SanctionRow row;
  if (absl::Status status = GetRow(id, &row); !status.ok()) return status;
  Patch(effect, &row.sanction);
  return PutRow(std::move(id), row);
}

absl::Status EffectWriter::Do(const At& at, const PutCase& effect) {
  const v1::Case& opened = effect.opened;
  RowId id = CaseId(opened.name());
  const absl::StatusOr<std::optional<std::string>> old = rows_->Get(id);
  if (!old.ok()) return old.status();
  if (old->has_value()) return Broken("a second case named " + opened.name());
  PutIndex(ByAccount(Index::kCasesByAccount, opened.account(), at.position, at.ordinal),
           opened.name());
  PutIndex(ByPlace(Index::kCases, at.position, at.ordinal), opened.name());
  if (!opened.findings().empty()) PutCaused(at, opened.findings(0), opened.name());
  if (opened.state() != v1::CASE_STATE_CLOSED) {
    PutIndex(ByAccount(Index::kOpenCasesByAccount, opened.account(), at.position, at.ordinal),
             opened.name());
    PutIndex(ByPlace(Index::kOpenCases, at.position, at.ordinal), opened.name());
    PutIndex(QueueIndexKey(opened), opened.name());
  }
  return PutRow(std::move(id), CaseRow{at.position, at.ordinal, opened});
}

absl::Status EffectWriter::Do(const At& /*at*/, const PatchCase& effect) {
  RowId id = CaseId(effect.change.name());
  CaseRow row;
  if (absl::Status status = GetRow(id, &row); !status.ok()) return status;
  v1::Case& item = row.opened;
  const bool was_closed = item.state() == v1::CASE_STATE_CLOSED;
  const std::string old_place = QueueIndexKey(item);
  Patch(effect.change, &item);
  const bool closed = item.state() == v1::CASE_STATE_CLOSED;
  const std::string place = QueueIndexKey(item);
  if (place != old_place) {
    if (!old_place.empty()) rows_->Delete({Family::kIndex, old_place});
    if (!place.empty()) PutIndex(place, item.name());
  }
  if (closed != was_closed) {
    std::string by_account =
        ByAccount(Index::kOpenCasesByAccount, item.account(), row.position, row.ordinal);
    std::string by_place = ByPlace(Index::kOpenCases, row.position, row.ordinal);
    if (closed) {
      rows_->Delete({Family::kIndex, std::move(by_account)});
      rows_->Delete({Family::kIndex, std::move(by_place)});
    } else {
      PutIndex(std::move(by_account), item.name());
      PutIndex(std::move(by_place), item.name());
    }
  }
  return PutRow(std::move(id), row);
}

absl::Status EffectWriter::Do(const At& at, const PutAppeal& effect) {
  const v1::Appeal& appeal = effect.appeal;
  RowId id = AppealId(appeal.name());
  const absl::StatusOr<std::optional<std::string>> old = rows_->Get(id);
  if (!old.ok()) return old.status();
  if (old->has_value()) return Broken("a second appeal named " + appeal.name());
  PutIndex(ByAccount(Index::kAppealsByAccount, appeal.account(), at.position, at.ordinal),
           appeal.name());
  std::string place = QueueIndexKey(appeal);
  if (!place.empty()) PutIndex(std::move(place), appeal.name());
  return PutRow(std::move(id), AppealRow{at.position, at.ordinal, appeal});
}

absl::Status EffectWriter::Do(const At& /*at*/, const PatchAppeal& effect) {
  RowId id = AppealId(effect.change.name());
  AppealRow row;
  if (absl::Status status = GetRow(id, &row); !status.ok()) return status;
  std::string old_place = QueueIndexKey(row.appeal);
  Patch(effect.change, &row.appeal);
  std::string place = QueueIndexKey(row.appeal);
  if (place != old_place) {
    if (!old_place.empty()) rows_->Delete({Family::kIndex, std::move(old_place)});
    if (!place.empty()) PutIndex(std::move(place), row.appeal.name());
  }
  return PutRow(std::move(id), row);
}

absl::Status EffectWriter::Do(const At& at, const PutFinding& effect) {
  return PutRow({Family::kTables, Key(Byte(Table::kFinding))
                                      .Name(effect.finding.account())
                                      .U64(at.position)
                                      .U32(at.ordinal)
                                      .Take()},
                effect);
}

absl::Status EffectWriter::Do(const At& at, const PutNote& effect) {
  PutIndex(ByAccount(Index::kNotesByAccount, effect.note.account(), at.position, at.ordinal),
           effect.note.name());
  return PutRow({Family::kTables, RowKey(Table::kNote, effect.note.name())}, effect.note);
}

// ---- tokens, partners, policies
// -----------------------------------------------------------------------

absl::Status EffectWriter::Do(const At& /*at*/, const PutToken& effect) {
  RowId id{Family::kTables, RowKey(Table::kToken, effect.token.name())};
  StoredToken row;
  if (effect.secret_sha256.empty()) {
    // A known one changed: what the effect does not say stays.
    if (absl::Status status = GetRow(id, &row); !status.ok()) return status;
    row.token.MergeFrom(effect.token);
  } else {
    row.secret_sha256 = effect.secret_sha256;
    row.token = effect.token;
  }
  return PutRow(std::move(id), row);
}

absl::Status EffectWriter::Do(const At& /*at*/, const PutPartners& effect) {
  for (const v1::PartnerSpan& span : effect.spans) {
    const std::int64_t begin_us = ToMicros(span.begin_time());
    PutIndex(Key(Byte(Index::kPartnersByChannel))
                 .Name(span.channel())
                 .Name(span.account())
                 .I64(begin_us)
                 .Take(),
             {});
    absl::Status status = PutRow(
        {Family::kTables,
         Key(Byte(Table::kPartner)).Name(span.account()).I64(begin_us).Name(span.channel()).Take()},
        span);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& at, const PutPolicy& effect) {
  return PutRow(
      {Family::kTables, Key(Byte(Table::kPolicy)).U64(at.position).U32(at.ordinal).Take()}, effect);
}

// ---- directives
// -----------------------------------------------------------------------------------------

absl::Status EffectWriter::Do(const At& at, const SendDirective& effect) {
  const v1::Directive& directive = effect.directive;
  const std::int64_t seq = directive.directive_seq();
  absl::StatusOr<ServerRow> server = GetServer(effect.server);
  if (!server.ok()) return server.status();
  if (seq != server->state.last_directive_seq + 1) {
    return Broken("directive " + std::to_string(seq) + " of " + effect.server + " after " +
                  std::to_string(server->state.last_directive_seq));
  }
  server->state.last_directive_seq = seq;
  ++server->state.unanswered;
  PutServer(effect.server, *server);
  HW_CRASH_POINT("commit.directive_put");
  std::string key = DirectiveKey(effect.server, seq);
  if (!directive.cause().empty()) {
    PutIndex(Key(Byte(Index::kDirectivesByCause)).Name(directive.cause()).Raw(key).Take(), {});
  }
  rows_->Put({Family::kOutbox, key}, EncodeNumber(static_cast<std::uint64_t>(at.commit_us)));
  return PutRow({Family::kDirectives, std::move(key)},
                DirectiveRow{.outcome = {}, .detail = {}, .result_us = 0, .directive = directive});
}

absl::Status EffectWriter::Do(const At& /*at*/, const AnswerDirective& effect) {
  const v1::DirectiveResult& result = effect.result;
  const std::int64_t seq = result.directive_seq();
  RowId id{Family::kDirectives, DirectiveKey(effect.server, seq)};
  const absl::StatusOr<std::optional<std::string>> value = rows_->Get(id);
  if (!value.ok()) return value.status();
  // A server may answer what it was never asked: that changes nothing.
  if (!value->has_value() || result.outcome() == v1::DIRECTIVE_OUTCOME_UNSPECIFIED) {
    return absl::OkStatus();
  }
  DirectiveRow row;
  if (absl::Status status = codec_.Decode(id, **value, &row); !status.ok()) return status;
  if (row.outcome != v1::DIRECTIVE_OUTCOME_UNSPECIFIED) {
    if (row.outcome != v1::DIRECTIVE_OUTCOME_APPLIED ||
        result.outcome() != v1::DIRECTIVE_OUTCOME_SEEN) {
      return absl::OkStatus();
    }
    row.outcome = result.outcome();
    return PutRow(std::move(id), row);
  }
  row.outcome = result.outcome();
  row.detail = result.detail();
  row.result_us = effect.answer_us;
  rows_->Delete({Family::kOutbox, id.key});
  absl::StatusOr<ServerRow> server = GetServer(effect.server);
  if (!server.ok()) return server.status();
  if (seq > server->dropped_through) {
    --server->state.unanswered;
    PutServer(effect.server, *server);
  }
  return PutRow(std::move(id), row);
}

absl::Status EffectWriter::Do(const At& /*at*/, const RetireOutbox& effect) {
  absl::StatusOr<ServerRow> server = GetServer(effect.server);
  if (!server.ok()) return server.status();
  // The rows up to the mark count as gone at once; Open takes them away.
  server->dropped_through = server->state.last_directive_seq;
  server->state.unanswered = 0;
  server->state.retired = true;
  PutServer(effect.server, *server);
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& /*at*/, const PutServerStanding& effect) {
  absl::StatusOr<ServerRow> server = GetServer(effect.server);
  if (!server.ok()) return server.status();
  server->state.quarantine_us = effect.quarantine_us;
  server->state.trip_us = effect.trip_us;
  PutServer(effect.server, *server);
  return absl::OkStatus();
}

// ---- gate, feed, audit, answers, timers, the rest
// -----------------------------------------------------

absl::Status EffectWriter::Do(const At& /*at*/, const PutGate& effect) {
  rows_->Put({Family::kGate, effect.entry.account()}, EncodeGate(effect.entry));
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& at, const Posting& effect) {
  if (!effect.notable) return absl::OkStatus();
  rows_->Put({Family::kFeed, PlaceKey(at.position, at.ordinal)},
             EncodeFeed({at.position, at.ordinal, at.commit_us, effect}));
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& at, const Audit& effect) {
  v1::AuditRecord record = effect.record;
  record.set_name("audit/" + std::to_string(at.position) + "-" + std::to_string(at.ordinal));
  if (!record.has_create_time()) SetTimestamp(at.commit_us, record.mutable_create_time());
  if (!record.account().empty()) {
    PutIndex(ByAccount(Index::kAuditByAccount, record.account(), at.position, at.ordinal), {});
  }
  PutIndex(ByAccount(Index::kAuditByPrincipal, record.actor().principal(), at.position, at.ordinal),
           {});
  RowId id{Family::kAudit, PlaceKey(at.position, at.ordinal)};
  const absl::StatusOr<std::string> value = codec_.Encode(id, record);
  if (!value.ok()) return value.status();
  std::string linked = LinkAuditRow(id.key, *value, &chain_);
  chain_moved_ = true;
  rows_->Put(std::move(id), std::move(linked));
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& at, const Answer& effect) {
  if (effect.repeat) return absl::OkStatus();
  RowId id{Family::kAnswers, AnswerKey(effect.principal, effect.request_id)};
  const absl::StatusOr<std::optional<std::string>> old = rows_->Get(id);
  if (!old.ok()) return old.status();
  if (old->has_value()) {
    const absl::StatusOr<std::int64_t> expire_us = AnswerExpiry(**old);
    if (!expire_us.ok()) return expire_us.status();
    // The first answer holds, also against a reuse of its id for something else.
    if (*expire_us >= at.commit_us) return absl::OkStatus();
    rows_->Delete(
        {Family::kIndex, Key(Byte(Index::kAnswersByExpiry)).I64(*expire_us).Raw(id.key).Take()});
  }
  if (absl::Status status = PurgeAnswers(at.commit_us); !status.ok()) return status;
  PutIndex(Key(Byte(Index::kAnswersByExpiry)).I64(effect.expire_us).Raw(id.key).Take(), {});
  return PutRow(std::move(id), StoredAnswer{effect, at.position});
}

absl::Status EffectWriter::PurgeAnswers(std::int64_t now_us) {
  const KeyRange expired{Family::kIndex, Key(Byte(Index::kAnswersByExpiry)).Take(),
                         Key(Byte(Index::kAnswersByExpiry)).I64(now_us).Take(), false};
  std::vector<std::string> keys;
  absl::Status status = rows_->db().Scan(expired, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return keys.size() < kAnswersPurged;
  });
  if (!status.ok()) return status;
  for (std::string& key : keys) {
    KeyReader in(key);
    static_cast<void>(in.Byte());
    const std::int64_t expire_us = in.I64();
    RowId id{Family::kAnswers, std::string(in.Raw())};
    const absl::StatusOr<std::optional<std::string>> value = rows_->Get(id);
    if (!value.ok()) return value.status();
    if (value->has_value()) {
      const absl::StatusOr<std::int64_t> stored_us = AnswerExpiry(**value);
      if (!stored_us.ok()) return stored_us.status();
      if (*stored_us == expire_us) rows_->Delete(std::move(id));
    }
    rows_->Delete({Family::kIndex, std::move(key)});
  }
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& /*at*/, const SetTimer& effect) {
  rows_->Put({Family::kTimers, TimerKey(effect.timer)}, std::string(1, char{kValueVersion}));
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& /*at*/, const ClearTimer& effect) {
  rows_->Delete({Family::kTimers, TimerKey(effect.timer)});
  return absl::OkStatus();
}

absl::Status EffectWriter::Do(const At& /*at*/, const RejectEvent& /*effect*/) {
  // Refused before the engine: counted with its record.
  if (entry_->kind == RecordKind::kEventRefused) return absl::OkStatus();
  return CountRejected(entry_->source);
}

absl::Status EffectWriter::Do(const At& /*at*/, const SetHistoryEpoch& effect) {
  history_epoch_ = effect.epoch;
  rows_->Put({Family::kMeta, std::string(kHistoryEpochKey)},
             EncodeNumber(static_cast<std::uint64_t>(effect.epoch)));
  return absl::OkStatus();
}

}  // namespace hallwarden::storage
