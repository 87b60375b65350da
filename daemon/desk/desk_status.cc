// Who may what; servers; health.
#include <algorithm>
#include <map>
#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "google/protobuf/util/time_util.h"
#include "rules/policy/notice.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;
using ::hallwarden::wording::Fill;
using ::hallwarden::wording::Say;

// Unanswered directives that are counted; more are shown as this many.
constexpr std::size_t kUnansweredMax = 10'000;
// A restart replays this many records in a few seconds; beyond, the operator should know.
constexpr std::uint64_t kCheckpointLagMax = 2'000'000;

v1::LocalizedText TermIn(std::int64_t term_us) {
  v1::LocalizedText text;
  text.set_zh(policy::TermText(term_us, policy::Language::kZh));
  text.set_en(policy::TermText(term_us, policy::Language::kEn));
  return text;
}

v1::LocalizedText RolesIn(RoleMask roles) {
  std::vector<v1::LocalizedText> names;
  for (const v1::Role role : RolesOf(roles))
    names.push_back(wording::NameOf(role));
  return wording::Join(names);
}

std::int64_t LateUs(const PolicyPtr& policy) {
  return policy == nullptr ? 0 : policy->timing().unenforced_after_us;
}

}  // namespace

// ---- who may what
// -----------------------------------------------------------------------------------

void Desk::WhoAmI(const Call& call, const v1::WhoAmIRequest& /*request*/,
                  v1::WhoAmIResponse* response, const Done& done) {
  response->set_principal(call.principal.name);
  response->set_role(call.principal.role);
  if (call.principal.expire_us != 0) {
    *response->mutable_expire_time() = TimeUtil::MicrosecondsToTimestamp(call.principal.expire_us);
  }
  for (const Access& access : AccessTable()) {
    if (RoleIn(call.principal.role, access.roles)) {
      response->add_methods(std::string(access.method));
    }
  }
  core_->LookAtPolicy(
      [this, role = call.principal.role, response, done](const absl::StatusOr<Glance>& glance) {
        WithGlance(glance, done, [role, response, done](const Glance& seen) {
          if (seen.policy != nullptr) {
            for (const v1::RoleLimit& limit : seen.policy->source().role_limits()) {
              if (limit.role() == role) *response->mutable_limit() = limit;
            }
          }
          done(absl::OkStatus());
        });
      });
}

namespace {

struct Verdict {
  bool allowed = false;
  v1::LocalizedText reason;
};

Verdict ByTable(const Access* access, const std::string& method, v1::Role role) {
  if (access == nullptr) return {false, Say("permission.unknown_method", {Fill("method", method)})};
  if (!RoleIn(role, access->roles)) {
    return {false, Say("permission.role",
                       {Fill("role", wording::NameOf(role)), Fill("method", access->method),
                        Fill("roles", RolesIn(access->roles))})};
  }
  return {true, Say("permission.yes")};
}

// What the policy says to a term, for the calls that restrict.
Verdict ByPolicy(const v1::CheckPermissionRequest& request, v1::Role role,
                 const policy::CompiledPolicy& policy) {
  const Fill who("role", wording::NameOf(role));
  const policy::RoleLimit* limit = policy.LimitOf(role);
  if (limit == nullptr) return {false, Say("permission.no_limit", {who})};
  if (request.permanent() && !limit->permanent) {
    return {false, Say("permission.permanent", {who})};
  }
  if (request.has_term() && Micros(request.term()) > limit->max_term_us) {
    if (limit->max_term_us == 0) return {false, Say("permission.no_limit", {who})};
    return {false, Say("permission.term", {who, Fill("term", TermIn(limit->max_term_us))})};
  }
  return {true, Say("permission.yes")};
}

bool Restricts(std::string_view method) {
  return method == "GmService.CreateSanction" || method == "GmService.PunishAccount" ||
         method == "GmService.CloseCase";
}

}  // namespace

void Desk::CheckPermission(const Call& call, const v1::CheckPermissionRequest& request,
                           v1::CheckPermissionResponse* response, const Done& done) {
  const Access* access = FindAccess(request.method());
  const Verdict verdict = ByTable(access, request.method(), call.principal.role);
  response->set_allowed(verdict.allowed);
  *response->mutable_reason() = verdict.reason;
  if (!verdict.allowed || !Restricts(access->method)) {
    done(absl::OkStatus());
    return;
  }
  core_->LookAtPolicy([this, role = call.principal.role, &request, response,
                       done](const absl::StatusOr<Glance>& glance) {
    WithGlance(glance, done, [role, &request, response, done](const Glance& seen) {
      if (seen.policy != nullptr) {
        const Verdict by_policy = ByPolicy(request, role, *seen.policy);
        response->set_allowed(by_policy.allowed);
        *response->mutable_reason() = by_policy.reason;
      }
      done(absl::OkStatus());
    });
  });
}

// ---- servers
// ----------------------------------------------------------------------------------------

absl::Status Desk::FillServers(const v1::ListServersRequest& request, std::int64_t late_us,
                               v1::ListServersResponse* response) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return page.status();
  std::map<std::string, v1::Server> servers;
  for (const SourceState& source : core_->Sources()) {
    v1::Server& server = servers[source.source];
    server.set_connected(source.connected);
    server.set_session_epoch(source.session_epoch);
    server.set_durable_seq(static_cast<std::int64_t>(source.durable_seq));
    if (source.last_record_us != 0) {
      *server.mutable_last_event_time() = TimeUtil::MicrosecondsToTimestamp(source.last_record_us);
    }
  }
  const auto outboxes = store_->Outboxes();
  if (!outboxes.ok()) return outboxes.status();
  for (const auto& [name, outbox] : *outboxes) {
    v1::Server& server = servers[name];
    server.set_last_directive_seq(outbox.last_directive_seq);
    server.set_unanswered_directives(static_cast<std::int32_t>(outbox.unanswered));
    server.set_retired(outbox.retired);
    server.set_rejected_events(outbox.rejected_events);
  }
  const auto late = store_->Unanswered(core_->NowUs() - late_us, kUnansweredMax);
  if (!late.ok()) return late.status();
  for (const v1::DirectiveStatus& directive : *late) {
    v1::Server& server = servers[directive.server()];
    server.set_unenforced_directives(server.unenforced_directives() + 1);
  }
  for (auto& [name, server] : servers) {
    if (name <= page->place) continue;
    if (static_cast<std::size_t>(response->servers_size()) == page->limit) {
      const std::string& last = response->servers(response->servers_size() - 1).name();
      response->set_next_page_token(NextPage(request, *IdOf(last, "servers/")));
      break;
    }
    server.set_name("servers/" + name);
    *response->add_servers() = std::move(server);
  }
  return absl::OkStatus();
}

void Desk::ListServers(const Call& /*call*/, const v1::ListServersRequest& request,
                       v1::ListServersResponse* response, const Done& done) {
  core_->LookAtPolicy([this, &request, response, done](const absl::StatusOr<Glance>& glance) {
    WithGlance(glance, done, [this, &request, response, done](const Glance& seen) {
      done(FillServers(request, LateUs(seen.policy), response));
    });
  });
}

// ---- health
// -----------------------------------------------------------------------------------------

namespace {

void AddCheck(v1::Health* health, const char* check, bool ok, v1::LocalizedText detail) {
  v1::HealthCheck& line = *health->add_checks();
  line.set_check(check);
  line.set_ok(ok);
  *line.mutable_detail() = std::move(detail);
}

void CheckReplay(const SequencerStats& stats, v1::Health* health) {
  const auto differences = static_cast<std::int64_t>(stats.replay_differences);
  if (differences != 0) {
    AddCheck(health, "replay", false, Say("health.replay_bad", {Fill("count", differences)}));
  } else if (stats.replay == ReplayState::kReady) {
    AddCheck(health, "replay", true, Say("health.replay_ok"));
  } else {
    AddCheck(
        health, "replay", false,
        Say("health.replaying", {Fill("done", static_cast<std::int64_t>(stats.replayed_records)),
                                 Fill("all", static_cast<std::int64_t>(stats.replay_records))}));
  }
}

void CheckSequencer(const SequencerStats& stats, v1::Health* health) {
  const std::int64_t step_seconds = stats.clock_step_us / 1'000'000;
  AddCheck(health, "clock", stats.clock_step_us == 0,
           stats.clock_step_us == 0 ? Say("health.clock_ok")
                                    : Say("health.clock_bad", {Fill("seconds", step_seconds)}));
  CheckReplay(stats, health);
  const std::uint64_t lag_records =
      stats.durable_position - std::min(stats.durable_position, stats.checkpoint_position);
  const bool fresh = stats.checkpoint_error.empty() && lag_records <= kCheckpointLagMax;
  AddCheck(health, "checkpoint", fresh,
           Say(fresh ? "health.checkpoint_ok" : "health.checkpoint_bad",
               {Fill("lag", static_cast<std::int64_t>(lag_records))}));
}

void CheckServers(const v1::ListServersResponse& servers, const std::vector<SourceState>& sources,
                  v1::Health* health) {
  std::int64_t connected = 0;
  std::int64_t late = 0;
  std::string missing;
  for (const v1::Server& server : servers.servers()) {
    if (server.connected()) ++connected;
    late += server.unenforced_directives();
    if (server.connected() || server.retired() || server.unanswered_directives() == 0) continue;
    missing += (missing.empty() ? "" : ", ") + *IdOf(server.name(), "servers/");
  }
  AddCheck(health, "directives", late == 0,
           late == 0 ? Say("health.directives_ok")
                     : Say("health.directives_bad", {Fill("count", late)}));
  if (servers.servers().empty()) {
    AddCheck(health, "servers", true, Say("health.servers_none"));
  } else if (missing.empty()) {
    AddCheck(health, "servers", true,
             Say("health.servers_ok",
                 {Fill("connected", connected),
                  Fill("known", static_cast<std::int64_t>(servers.servers_size()))}));
  } else {
    AddCheck(health, "servers", false, Say("health.servers_bad", {Fill("servers", missing)}));
  }
  if (std::any_of(sources.begin(), sources.end(),
                  [](const SourceState& source) { return source.client_ahead; })) {
    AddCheck(health, "restore", false, Say("health.restore_pending"));
  }
}

}  // namespace

// A part that cannot be read is not well; the call itself succeeds.
void Desk::FillHealth(const PolicyPtr& policy, v1::Health* health) {
  const SequencerStats stats = core_->Stats();
  v1::ListServersResponse servers;
  v1::ListServersRequest all;
  all.set_page_size(1000);
  const absl::Status read = FillServers(all, LateUs(policy), &servers);
  AddCheck(health, "store", read.ok(),
           read.ok() ? Say("health.store_ok",
                           {Fill("position", static_cast<std::int64_t>(stats.durable_position)),
                            Fill("epoch", stats.history_epoch)})
                     : Say("health.store_bad"));
  if (policy != nullptr) {
    AddCheck(health, "policy", true, Say("health.policy_ok", {Fill("policy", policy->revision())}));
  } else if (stats.replay == ReplayState::kReady) {
    AddCheck(health, "policy", false, Say("health.policy_bad"));
  }
  CheckSequencer(stats, health);
  if (read.ok()) CheckServers(servers, core_->Sources(), health);
  health->set_ok(std::all_of(health->checks().begin(), health->checks().end(),
                             [](const v1::HealthCheck& check) { return check.ok(); }));
  health->set_version(HW_VERSION);
  health->set_engine_version(kEngineVersion);
  if (policy != nullptr) health->set_policy("policies/" + policy->revision());
  health->set_journal_position(static_cast<std::int64_t>(stats.durable_position));
  health->set_history_epoch(stats.history_epoch);
  *health->mutable_daemon_time() = TimeUtil::MicrosecondsToTimestamp(core_->NowUs());
}

void Desk::GetHealth(const Call& /*call*/, const v1::GetHealthRequest& /*request*/,
                     v1::Health* response, const Done& done) {
  // While the tail is replayed every look waits for its end, and that is when people ask.
  if (core_->Stats().replay != ReplayState::kReady) {
    FillHealth(nullptr, response);
    done(absl::OkStatus());
    return;
  }
  core_->LookAtPolicy([this, response, done](const absl::StatusOr<Glance>& glance) {
    if (!glance.ok()) {
      // Not serving: what is known is told all the same.
      pool_->Continue([this, response, done] {
        FillHealth(nullptr, response);
        done(absl::OkStatus());
      });
      return;
    }
    WithGlance(glance, done, [this, response, done](const Glance& seen) {
      FillHealth(seen.policy, response);
      done(absl::OkStatus());
    });
  });
}

}  // namespace hallwarden::daemon
