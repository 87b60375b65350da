#include "rules/engine/reversal.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "rules/engine/sanctions.h"
#include "rules/engine/server_entity.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// Between two pages, so that other records and commits come in between: 10,000 sanctions take some
// 3 s.
constexpr std::int64_t kPauseUs = 20'000;

// The order that travels with the job.
struct Order {
  std::string_view server;
  std::string_view principal;
  std::int64_t role = 0;
  std::string_view reason;
  std::int64_t since_us = 0;
};

void Write(const Order& order, Writer* out) {
  out->Bytes(order.server);
  out->Bytes(order.principal);
  out->Signed(order.role);
  out->Bytes(order.reason);
  out->Signed(order.since_us);
}

Order ReadOrder(Reader* in) {
  Order order;
  order.server = in->Bytes();
  order.principal = in->Bytes();
  order.role = in->Signed();
  order.reason = in->Bytes();
  order.since_us = in->Signed();
  return order;
}

void SetPageTimer(const Step& step, const EntityKey& server, const ServerCell& cell,
                  std::int64_t due_us) {
  step.Emit(SetTimer{Timer{due_us, server, static_cast<std::uint8_t>(TimerKind::kReversal),
                           static_cast<std::int64_t>(cell.reversal.next), ""}});
}

void Finish(const Step& step, ServerCell* cell) {
  Reversal& job = cell->reversal;
  job.running = false;
  const std::string resource = "servers/" + job.server;
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_LIFT;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kServerReversed);
  posting.event_us = step.now_us;
  posting.resource = resource;
  posting.principal = job.principal;
  posting.amount = static_cast<std::int64_t>(job.lifted);
  posting.notable = true;
  step.Emit(std::move(posting));
  v1::AuditRecord record;
  record.mutable_actor()->set_principal(job.principal);
  record.mutable_actor()->set_role(static_cast<v1::Role>(job.role));
  record.mutable_actor()->set_machine(true);
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.ServerReversed");
  record.set_resource(resource);
  record.set_reason(job.reason);
  record.set_before(std::to_string(job.seen) + " sanctions looked at");
  record.set_after(std::to_string(job.lifted) + " lifted");
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
}

// Once the page and all of its accounts have answered: the next page, or the end.
void GoOn(const Step& step, const EntityKey& server, ServerCell* cell) {
  Reversal& job = cell->reversal;
  if (!job.running || job.page_due != 0 || job.pending != 0) return;
  if (job.reached || job.next == 0) {
    Finish(step, cell);
  } else {
    SetPageTimer(step, server, *cell, step.now_us + kPauseUs);
  }
}

void AuditLift(const Step& step, const AccountRef& ref, const SanctionMark& mark,
               const v1::Lift& lift, std::string_view server) {
  v1::AuditRecord record;
  *record.mutable_actor() = lift.actor();
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.Reverse");
  record.set_resource("sanctions/" + mark.id);
  record.set_account(ref.account);
  record.set_reason(lift.reason());
  record.set_before("servers/" + std::string(server));
  record.set_after(v1::Disposition_Name(lift.disposition()));
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
}

}  // namespace

void TellCaused(const Step& step, const AccountRef& ref, const SanctionMark& mark) {
  if (mark.server.empty()) return;
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(mark.server);
  writer.Bytes(ref.account);
  writer.Bytes(mark.id);
  writer.Signed(mark.create_us);
  step.Tell(ref.key, ServerKey(mark.server), FactKind::kCaused, std::move(payload));
}

void OnCaused(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view server = in.Bytes();
  if (!in.ok()) return;
  ServerCell& cell = step.cells->servers().Mutable(fact.to.id);
  const std::uint64_t page = cell.caused++ / CausedCell::kEntriesMax;
  step.Tell(fact.to, CausedKey(server, page), FactKind::kCausedKept, fact.payload);
}

void OnCausedKept(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  (void)in.Bytes();  // server
  CausedCell::Entry entry;
  entry.account = in.Bytes();
  entry.sanction = in.Bytes();
  entry.create_us = in.Signed();
  CausedCell& cell = step.cells->caused().Mutable(fact.to.id);
  if (!in.done() || cell.entries.size() >= CausedCell::kEntriesMax) return;
  cell.entries.push_back(std::move(entry));
}

Outcome ReverseServer(CommandContext* context, const v1::ReverseServerRequest& request) {
  const Step& step = context->step;
  const std::string server(ServerName(request.name()));
  const EntityKey key = ServerKey(server);
  ServerCell& cell = step.cells->servers().Mutable(key.id);
  if (cell.reversal.running) {
    return Refuse(Code::kFailedPrecondition, "REVERSAL_RUNNING",
                  "a reversal of " + server + " is at work: wait for its end",
                  {{"server", server}});
  }
  if (cell.caused == 0) {
    return Refuse(Code::kFailedPrecondition, "NOTHING_TO_REVERSE",
                  "no machine sanctioned anybody on events of " + server, {{"server", server}});
  }
  Reversal job;
  job.running = true;
  job.since_us = TimestampUs(request.since_time());
  job.server = server;
  job.principal = context->actor().principal();
  job.role = context->actor().role();
  job.reason = context->options.reason();
  job.next = cell.caused;
  cell.reversal = std::move(job);
  SetPageTimer(step, key, cell, step.now_us);
  context->after = "reversal started";
  PostSystem(*context, PostingDetail::kReversalBegan, "servers/" + server, 0);
  context->response.set_confirmation_level(2);
  return std::nullopt;
}

void OnServerTimer(const Step& step, const EntityKey& server, const v1::TimerFired& timer) {
  if (timer.timer_kind() != static_cast<int>(TimerKind::kReversal)) return;
  const ServerCell* known = step.cells->servers().Find(server.id);
  if (known == nullptr || !known->reversal.running || known->reversal.page_due != 0) return;
  if (static_cast<std::uint64_t>(timer.payload()) != known->reversal.next) return;
  ServerCell& cell = step.cells->servers().Mutable(server.id);
  Reversal& job = cell.reversal;
  const std::uint64_t page = (job.next - 1) / CausedCell::kEntriesMax;
  job.next = page * CausedCell::kEntriesMax;
  job.page_due = 1;
  std::string payload;
  Writer writer(&payload);
  Write({job.server, job.principal, job.role, job.reason, job.since_us}, &writer);
  step.Tell(server, CausedKey(job.server, page), FactKind::kReversePage, std::move(payload));
}

void OnReversePage(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const Order order = ReadOrder(&in);
  if (!in.done()) return;
  std::uint64_t asked = 0;
  bool reached = false;
  const CausedCell* cell = step.cells->caused().Find(fact.to.id);
  if (cell != nullptr) {
    // Newest first, as people undo.
    for (auto entry = cell->entries.rbegin(); entry != cell->entries.rend(); ++entry) {
      if (entry->create_us < order.since_us) {
        reached = true;
        continue;
      }
      std::string payload;
      Writer writer(&payload);
      writer.Bytes(entry->account);
      writer.Bytes(entry->sanction);
      Write(order, &writer);
      step.Tell(fact.to, KeyOfAccount(entry->account), FactKind::kReverseSanction,
                std::move(payload));
      ++asked;
    }
  }
  std::string payload;
  Writer writer(&payload);
  writer.Varint(asked);
  writer.Byte(reached ? 1 : 0);
  step.Tell(fact.to, ServerKey(order.server), FactKind::kPageReversed, std::move(payload));
}

void OnReverseSanction(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string account(in.Bytes());
  const std::string_view sanction = in.Bytes();
  const Order order = ReadOrder(&in);
  if (!in.done()) return;
  bool lifted = false;
  const AccountCell* known = step.cells->accounts().Find(fact.to.id);
  if (known != nullptr && known->rest) {
    const AccountRef ref = OpenAccount(step, account);
    SanctionMark* mark = ref.cell->FindSanction(sanction);
    const bool meant = mark != nullptr && mark->machine && mark->server == order.server &&
                       mark->state != v1::SANCTION_STATE_LIFTED;
    if (meant) {
      v1::Lift lift;
      lift.set_disposition(v1::DISPOSITION_MISTAKE);
      lift.set_reason(std::string(order.reason));
      lift.mutable_actor()->set_principal(std::string(order.principal));
      lift.mutable_actor()->set_role(static_cast<v1::Role>(order.role));
      // In bulk nobody looked at what was judged: no pardon of it.
      lift.mutable_actor()->set_machine(true);
      SetTimestamp(step.now_us, lift.mutable_lift_time());
      Lift(step, ref, mark, lift);
      AuditLift(step, ref, *mark, lift, order.server);
      lifted = true;
    }
  }
  std::string payload;
  Writer writer(&payload);
  writer.Byte(lifted ? 1 : 0);
  step.Tell(fact.to, ServerKey(order.server), FactKind::kSanctionReversed, std::move(payload));
}

void OnPageReversed(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const auto asked = static_cast<std::int64_t>(in.Varint());
  const bool reached = in.Byte() != 0;
  ServerCell& cell = step.cells->servers().Mutable(fact.to.id);
  if (!in.done() || !cell.reversal.running) return;
  cell.reversal.page_due = 0;
  cell.reversal.pending += asked;
  cell.reversal.reached = cell.reversal.reached || reached;
  GoOn(step, fact.to, &cell);
}

void OnSanctionReversed(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const bool lifted = in.Byte() != 0;
  ServerCell& cell = step.cells->servers().Mutable(fact.to.id);
  if (!in.done() || !cell.reversal.running) return;
  // May come before the page's own answer: the sum is what counts.
  --cell.reversal.pending;
  ++cell.reversal.seen;
  if (lifted) ++cell.reversal.lifted;
  GoOn(step, fact.to, &cell);
}

}  // namespace hallwarden
