// Who may what; health.
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
      WithGlance(done, [role = call.principal.role, response, done](const Glance& seen) {
        if (seen.policy != nullptr) {
          for (const v1::RoleLimit& limit : seen.policy->source().role_limits()) {
            if (limit.role() == role) *response->mutable_limit() = limit;
          }
        }
        done(absl::OkStatus());
      }));
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
  core_->LookAtPolicy(
      WithGlance(done, [role = call.principal.role, &request, response, done](const Glance& seen) {
        if (seen.policy != nullptr) {
          const Verdict by_policy = ByPolicy(request, role, *seen.policy);
          response->set_allowed(by_policy.allowed);
          *response->mutable_reason() = by_policy.reason;
        }
        done(absl::OkStatus());
      }));
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

void CheckSpace(const SpaceGuard::Status& status, v1::Health* health) {
  const std::vector<Fill> fills = {Fill("free", status.space.free_bytes >> 20),
                                   Fill("reserve", status.reserve.events >> 20)};
  const char* const key = status.state == SpaceState::kPlenty   ? "health.disk_ok"
                          : status.state == SpaceState::kPaused ? "health.disk_paused"
                                                                : "health.disk_full";
  AddCheck(health, "disk", status.state == SpaceState::kPlenty, Say(key, fills));
}

void CheckAudit(const AuditNotary& notary, const storage::AuditChain& chain, v1::Health* health) {
  if (!notary.error().empty()) {
    AddCheck(health, "audit", false, Say("health.audit_bad"));
    return;
  }
  const auto latest = notary.Latest();
  AddCheck(health, "audit", true,
           Say("health.audit_ok", {Fill("size", static_cast<std::int64_t>(chain.size)),
                                   Fill("signed", latest == nullptr ? 0 : latest->size())}));
}

// Told, but no alarm that would never end: nothing can be done about it any more.
void CheckLost(const std::map<std::string, v1::Server>& servers, v1::Health* health) {
  std::string lost;
  for (const auto& [name, server] : servers) {
    if (server.lost_events() == 0) continue;
    lost += (lost.empty() ? "" : ", ") + name + " " + std::to_string(server.lost_events());
  }
  if (!lost.empty()) {
    AddCheck(health, "lost_events", true, Say("health.lost_events", {Fill("servers", lost)}));
  }
}

// What the feed and the lists of servers tell, as one line: whom nobody believes at the moment.
void CheckTrust(const std::map<std::string, v1::Server>& servers, v1::Health* health) {
  std::string quarantined;
  std::string tripped;
  for (const auto& [name, server] : servers) {
    if (server.has_quarantine_time()) quarantined += (quarantined.empty() ? "" : ", ") + name;
    if (server.has_trip_time()) tripped += (tripped.empty() ? "" : ", ") + name;
  }
  if (!quarantined.empty()) {
    AddCheck(health, "quarantine", false,
             Say("health.quarantine_bad", {Fill("servers", quarantined)}));
  }
  AddCheck(health, "breakers", tripped.empty(),
           tripped.empty() ? Say("health.breakers_ok")
                           : Say("health.breakers_bad", {Fill("servers", tripped)}));
}

void CheckRules(const std::vector<v1::RuleStatus>& rules, v1::Health* health) {
  std::string in_review;
  for (const v1::RuleStatus& rule : rules) {
    if (!rule.has_review_time()) continue;
    in_review += (in_review.empty() ? "" : ", ") + *IdOf(rule.name(), "rules/");
  }
  AddCheck(health, "rules", in_review.empty(),
           in_review.empty() ? Say("health.rules_ok")
                             : Say("health.rules_bad", {Fill("rules", in_review)}));
}

void CheckServers(const std::map<std::string, v1::Server>& servers,
                  const std::vector<SourceState>& sources, v1::Health* health) {
  std::int64_t connected = 0;
  std::int64_t late = 0;
  std::string missing;
  for (const auto& [name, server] : servers) {
    if (server.connected()) ++connected;
    late += server.unenforced_directives();
    if (server.connected() || server.retired() || server.unanswered_directives() == 0) continue;
    missing += (missing.empty() ? "" : ", ") + name;
  }
  AddCheck(health, "directives", late == 0,
           late == 0 ? Say("health.directives_ok")
                     : Say("health.directives_bad", {Fill("count", late)}));
  if (servers.empty()) {
    AddCheck(health, "servers", true, Say("health.servers_none"));
  } else if (missing.empty()) {
    AddCheck(health, "servers", true,
             Say("health.servers_ok", {Fill("connected", connected),
                                       Fill("known", static_cast<std::int64_t>(servers.size()))}));
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
void Desk::FillHealth(const Glance& seen, v1::Health* health) {
  const PolicyPtr& policy = seen.policy;
  const SequencerStats stats = core_->Stats();
  std::map<std::string, v1::Server> servers;
  const absl::Status read = GatherServers(LateUs(policy), &servers);
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
  // Applied since: the same text has the same address.
  const std::string ignored = "@" + stats.ignored_policy.substr(0, 12);
  if (!stats.ignored_policy.empty() && policy != nullptr &&
      policy->revision().find(ignored) == std::string::npos) {
    AddCheck(health, "policy_file", false, Say("health.policy_file_bad"));
  }
  CheckSequencer(stats, health);
  if (read.ok()) {
    CheckServers(servers, core_->Sources(), health);
    CheckTrust(servers, health);
    CheckLost(servers, health);
  }
  if (policy != nullptr) CheckRules(seen.rules, health);
  if (space_ != nullptr) CheckSpace(space_->status(), health);
  if (notary_ != nullptr) CheckAudit(*notary_, store_->audit_chain(), health);
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
    FillHealth({}, response);
    done(absl::OkStatus());
    return;
  }
  core_->LookAtRules([this, response, done](const absl::StatusOr<Glance>& glance) {
    if (!glance.ok()) {
      // Not serving: what is known is told all the same.
      pool_->Continue([this, response, done] {
        FillHealth({}, response);
        done(absl::OkStatus());
      });
      return;
    }
    WithGlance(done, [this, response, done](const Glance& seen) {
      FillHealth(seen, response);
      done(absl::OkStatus());
    })(glance);
  });
}

}  // namespace hallwarden::daemon
