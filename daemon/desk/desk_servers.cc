// Game servers: how far they are trusted and what they caused; and the rules that act on what they
// say.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "google/protobuf/util/time_util.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;
using ::hallwarden::wording::Fill;
using ::hallwarden::wording::Say;

// Unanswered directives that are counted; more are shown as this many.
constexpr std::size_t kUnansweredMax = 10'000;
// What a plan counts before it says "at least".
constexpr std::size_t kCountedMax = 10'000;
constexpr std::size_t kCountedPage = 1000;

void FillFrom(const SourceState& source, v1::Server* server) {
  server->set_connected(source.connected);
  server->set_session_epoch(source.session_epoch);
  server->set_durable_seq(static_cast<std::int64_t>(source.durable_seq));
  if (source.last_record_us == 0) return;
  *server->mutable_last_event_time() = TimeUtil::MicrosecondsToTimestamp(source.last_record_us);
}

void FillFrom(const storage::OutboxState& outbox, v1::Server* server) {
  server->set_last_directive_seq(outbox.last_directive_seq);
  server->set_unanswered_directives(static_cast<std::int32_t>(outbox.unanswered));
  server->set_retired(outbox.retired);
  server->set_rejected_events(outbox.rejected_events);
  server->set_lost_events(outbox.lost_events);
  if (outbox.quarantine_us != 0) {
    *server->mutable_quarantine_time() = TimeUtil::MicrosecondsToTimestamp(outbox.quarantine_us);
  }
  if (outbox.trip_us != 0) {
    *server->mutable_trip_time() = TimeUtil::MicrosecondsToTimestamp(outbox.trip_us);
  }
}

}  // namespace

absl::Status Desk::GatherServers(std::int64_t late_us, std::map<std::string, v1::Server>* servers) {
  for (const SourceState& source : core_->Sources()) {
    FillFrom(source, &(*servers)[source.source]);
  }
  const auto outboxes = store_->Outboxes();
  if (!outboxes.ok()) return outboxes.status();
  for (const auto& [name, outbox] : *outboxes)
    FillFrom(outbox, &(*servers)[name]);
  const auto late = store_->Unanswered(core_->NowUs() - late_us, kUnansweredMax);
  if (!late.ok()) return late.status();
  for (const v1::DirectiveStatus& directive : *late) {
    v1::Server& server = (*servers)[directive.server()];
    server.set_unenforced_directives(server.unenforced_directives() + 1);
  }
  for (auto& [name, server] : *servers)
    server.set_name("servers/" + name);
  return absl::OkStatus();
}

void Desk::ListServers(const Call& /*call*/, const v1::ListServersRequest& request,
                       v1::ListServersResponse* response, const Done& done) {
  core_->LookAtPolicy(WithGlance(done, [this, &request, response, done](const Glance& seen) {
    const absl::StatusOr<PageSpec> page = ReadPage(request);
    std::map<std::string, v1::Server> servers;
    absl::Status status = page.status();
    if (status.ok()) status = GatherServers(LateUs(seen.policy), &servers);
    if (!status.ok()) return done(status);
    for (auto it = servers.upper_bound(page->place); it != servers.end(); ++it) {
      if (static_cast<std::size_t>(response->servers_size()) == page->limit) {
        response->set_next_page_token(NextPage(request, std::prev(it)->first));
        break;
      }
      *response->add_servers() = std::move(it->second);
    }
    done(absl::OkStatus());
  }));
}

void Desk::GetServer(const Call& /*call*/, const v1::GetServerRequest& request,
                     v1::Server* response, const Done& done) {
  const std::string name = *IdOf(request.name(), "servers/");
  core_->LookAtServer(name, WithGlance(done, [this, name, response, done](const Glance& seen) {
                        std::map<std::string, v1::Server> servers;
                        if (absl::Status status = GatherServers(LateUs(seen.policy), &servers);
                            !status.ok()) {
                          return done(status);
                        }
                        const auto found = servers.find(name);
                        if (found == servers.end()) return done(NoSuch("servers/" + name));
                        *response = std::move(found->second);
                        // What the engine knows is the newest.
                        response->clear_quarantine_time();
                        response->clear_trip_time();
                        if (seen.server.has_value()) response->MergeFrom(*seen.server);
                        done(absl::OkStatus());
                      }));
}

void Desk::ListCaused(const Call& /*call*/, const v1::ListCausedRequest& request,
                      v1::ListCausedResponse* response, const Done& done) {
  const std::string server = *IdOf(request.parent(), "servers/");
  if (absl::Status status = ResolveServer(request.parent()); !status.ok()) return done(status);
  const std::int64_t since_us = request.has_since_time() ? Micros(request.since_time()) : 0;
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  const absl::StatusOr<std::string> next = Collect(
      *page,
      [&](std::size_t limit, const std::string& place) {
        return store_->ListCaused(server, since_us, limit, place);
      },
      [&](v1::Caused caused) {
        *response->add_caused() = std::move(caused);
        return true;
      });
  if (next.ok()) response->set_next_page_token(NextPage(request, *next));
  done(next.status());
}

// What a reversal would lift, from what is stored: the engine's own list is in the same order.
absl::Status Desk::PlanReversal(const v1::ReverseServerRequest& request,
                                v1::ActionResponse* response) {
  const std::string server = *IdOf(request.name(), "servers/");
  const std::int64_t since_us = Micros(request.since_time());
  std::set<std::string> accounts;
  std::int64_t sanctions = 0;
  std::int64_t in_force = 0;
  std::size_t read = 0;
  std::string place;
  do {
    auto page = store_->ListCaused(server, since_us, kCountedPage, place);
    if (!page.ok()) return page.status();
    for (const v1::Caused& caused : page->items) {
      ++read;
      const v1::SanctionState state = caused.sanction().state();
      if (!caused.has_sanction() || state == v1::SANCTION_STATE_LIFTED) continue;
      ++sanctions;
      if (state != v1::SANCTION_STATE_EXPIRED) ++in_force;
      accounts.insert(caused.sanction().account());
    }
    place = std::move(page->next);
  } while (!place.empty() && read < kCountedMax);
  v1::PlanLine& line = *response->add_lines();
  line.set_key("reverses");
  *line.mutable_after() = Say(place.empty() ? "plan.reverses" : "plan.reverses_at_least",
                              {Fill("count", sanctions), Fill("in_force", in_force),
                               Fill("accounts", static_cast<std::int64_t>(accounts.size()))});
  return absl::OkStatus();
}

void Desk::ReverseServer(const Call& call, const v1::ReverseServerRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, ResourceOf(request));
  *action->command.mutable_reverse_server() = request;
  // Before the job begins, or it would count what is lifted already.
  v1::ActionResponse plan;
  if (absl::Status status = PlanReversal(request, &plan); !status.ok()) return done(status);
  Act(action, [plan, response, done](const absl::StatusOr<Acted>& acted) {
    if (acted.ok()) {
      *response = acted->response;
      for (const v1::PlanLine& line : plan.lines())
        *response->add_lines() = line;
    }
    done(acted.status());
  });
}

// ---- rules
// ------------------------------------------------------------------------------------------

void Desk::ListRules(const Call& /*call*/, const v1::ListRulesRequest& request,
                     v1::ListRulesResponse* response, const Done& done) {
  core_->LookAtRules(WithGlance(done, [&request, response, done](const Glance& seen) {
    const absl::StatusOr<PageSpec> page = ReadPage(request);
    if (!page.ok()) return done(page.status());
    auto rule = seen.rules.begin();
    if (!page->place.empty()) {
      rule = std::find_if(rule, seen.rules.end(), [&](const v1::RuleStatus& status) {
        return status.name() == page->place;
      });
      if (rule != seen.rules.end()) ++rule;
    }
    for (; rule != seen.rules.end(); ++rule) {
      if (static_cast<std::size_t>(response->rules_size()) == page->limit) {
        response->set_next_page_token(NextPage(request, std::prev(rule)->name()));
        break;
      }
      *response->add_rules() = *rule;
    }
    done(absl::OkStatus());
  }));
}

}  // namespace hallwarden::daemon
