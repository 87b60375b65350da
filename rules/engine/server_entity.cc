#include "rules/engine/server_entity.h"

#include <string>
#include <utility>

#include "rules/engine/question.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::string_view kPrefix = "servers/";

void Turn(ServerCell* cell, std::int64_t now_us) {
  const std::int64_t minute = now_us / kMinuteUs;
  const std::int64_t hour = now_us / kHourUs;
  if (cell->minute != minute) {
    cell->minute = minute;
    cell->minute_acted = 0;
  }
  if (cell->hour != hour) {
    cell->hour = hour;
    cell->hour_acted = 0;
  }
}

// What sessions, lists and health read.
void PutStanding(const Step& step, std::string_view server, const ServerCell& cell) {
  step.Emit(PutServerStanding{std::string(server), cell.quarantine_us, cell.trip_us});
}

void Trip(const Step& step, const Question& question, ServerCell* cell) {
  cell->trip_us = step.now_us;
  const std::string resource = std::string(kPrefix) + question.server;
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kServerTripped);
  posting.event_us = step.now_us;
  posting.resource = resource;
  posting.amount = cell->hour_acted;
  posting.notable = true;
  step.Emit(std::move(posting));
  v1::AuditRecord record;
  *record.mutable_actor() = MachineActor();
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.TripServer");
  record.set_resource(resource);
  record.set_before(std::to_string(cell->minute_acted) + " in this minute, " +
                    std::to_string(cell->hour_acted) + " in this hour");
  record.set_after("tripped");
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
  PutStanding(step, question.server, *cell);
}

bool Over(std::uint32_t acted, std::int32_t limit) {
  return limit > 0 && acted >= static_cast<std::uint32_t>(limit);
}

ServerCell& CellOf(const CommandContext& context, std::string_view server) {
  return context.step.cells->servers().Mutable(ServerKey(server).id);
}

Refusal NotNeeded(std::string_view server, const std::string& why) {
  return Refuse(Code::kFailedPrecondition, "NOT_NEEDED", std::string(server) + why,
                {{"server", std::string(server)}});
}

}  // namespace

std::string_view ServerName(std::string_view resource) {
  if (resource.substr(0, kPrefix.size()) == kPrefix) resource.remove_prefix(kPrefix.size());
  return resource;
}

void OnServerAsk(const Step& step, const Fact& fact) {
  const std::optional<Question> question = DecodeQuestion(fact.payload);
  if (!question.has_value()) return;
  ServerCell& cell = step.cells->servers().Mutable(fact.to.id);
  Turn(&cell, step.now_us);
  const bool over = Over(cell.minute_acted, question->breakers.server_per_minute) ||
                    Over(cell.hour_acted, question->breakers.server_per_hour);
  if (over && cell.trip_us == 0) Trip(step, *question, &cell);
  if (cell.trip_us != 0 || cell.quarantine_us != 0) {
    step.Tell(fact.to, KeyOfAccount(question->account), FactKind::kServerSpent, fact.payload);
    return;
  }
  ++cell.minute_acted;
  ++cell.hour_acted;
  if (AskNext(step, fact.to, *question, true)) return;
  step.Tell(fact.to, KeyOfAccount(question->account), FactKind::kQuotaGranted, fact.payload);
}

Outcome RetireServer(CommandContext* context, const v1::RetireServerRequest& request) {
  const std::string server(ServerName(request.name()));
  ServerCell& cell = CellOf(*context, server);
  if (cell.retired) return NotNeeded(server, " is retired already");
  cell.retired = true;
  context->after = "retired";
  context->step.Emit(RetireOutbox{server});
  PostSystem(*context, PostingDetail::kServerRetired, "servers/" + server, 0);
  context->response.set_confirmation_level(1);
  return std::nullopt;
}

Outcome QuarantineServer(CommandContext* context, const v1::QuarantineServerRequest& request) {
  const std::string_view server = ServerName(request.name());
  ServerCell& cell = CellOf(*context, server);
  if (cell.quarantine_us != 0) return NotNeeded(server, " is quarantined already");
  cell.quarantine_us = context->step.now_us;
  context->before = "in service";
  context->after = "quarantined";
  context->Plan("server", Same(context->before), Same(context->after));
  PutStanding(context->step, server, cell);
  PostSystem(*context, PostingDetail::kServerQuarantined,
             std::string(kPrefix) + std::string(server), 0);
  context->response.set_confirmation_level(1);
  return std::nullopt;
}

Outcome ReleaseServer(CommandContext* context, const v1::ReleaseServerRequest& request) {
  const std::string_view server = ServerName(request.name());
  ServerCell& cell = CellOf(*context, server);
  if (cell.quarantine_us == 0 && cell.trip_us == 0) {
    return NotNeeded(server, " is neither quarantined nor is its breaker tripped");
  }
  context->before = cell.quarantine_us != 0 ? "quarantined" : "breaker tripped";
  context->after = "in service";
  cell.quarantine_us = 0;
  cell.trip_us = 0;
  cell.minute_acted = 0;
  cell.hour_acted = 0;
  context->Plan("server", Same(context->before), Same(context->after));
  PutStanding(context->step, server, cell);
  PostSystem(*context, PostingDetail::kServerReleased, std::string(kPrefix) + std::string(server),
             0);
  context->response.set_confirmation_level(1);
  return std::nullopt;
}

void DescribeServer(const ServerCell& cell, std::int64_t now_us, v1::Server* server) {
  ServerCell turned = cell;
  Turn(&turned, now_us);
  if (turned.quarantine_us != 0) {
    SetTimestamp(turned.quarantine_us, server->mutable_quarantine_time());
  }
  if (turned.trip_us != 0) SetTimestamp(turned.trip_us, server->mutable_trip_time());
  server->set_caused_sanctions(static_cast<std::int64_t>(turned.caused));
  server->set_caused_this_minute(static_cast<std::int32_t>(turned.minute_acted));
  server->set_caused_this_hour(static_cast<std::int32_t>(turned.hour_acted));
  const Reversal& job = turned.reversal;
  if (job.server.empty()) return;
  v1::Reversal& reversal = *server->mutable_reversal();
  SetTimestamp(job.since_us, reversal.mutable_since_time());
  reversal.set_principal(job.principal);
  reversal.set_running(job.running);
  reversal.set_seen_count(static_cast<std::int64_t>(job.seen));
  reversal.set_lifted_count(static_cast<std::int64_t>(job.lifted));
}

}  // namespace hallwarden
