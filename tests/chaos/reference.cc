#include "tests/chaos/reference.h"

#include <algorithm>

#include "hallwarden/v1/policy.pb.h"

#include "google/protobuf/text_format.h"

namespace hallwarden::chaos {
namespace {

constexpr int kExpiryTimer = 2;
constexpr int kUnchangedTimer = 3;
constexpr int kCaseDueTimer = 71;
constexpr std::int64_t kHourUs = 3'600'000'000;

std::int64_t Us(const google::protobuf::Duration& d) {
  return d.seconds() * 1'000'000 + d.nanos() / 1000;
}
std::int64_t Us(const google::protobuf::Timestamp& t) {
  return t.seconds() * 1'000'000 + t.nanos() / 1000;
}

bool Restricts(const RefSanction& s) {
  return s.kind == v1::SANCTION_KIND_RESTRICTION || s.kind == v1::SANCTION_KIND_HOLD;
}
bool InForce(const RefSanction& s) {
  return s.state == v1::SANCTION_STATE_PENDING || s.state == v1::SANCTION_STATE_ACTIVE;
}
bool StillCounts(v1::Disposition why) {
  return why == v1::DISPOSITION_UNSPECIFIED || why == v1::DISPOSITION_MERCY ||
         why == v1::DISPOSITION_APPEAL_REDUCED;
}
std::int64_t Until(const RefSanction& s) {
  return s.permanent ? kRefForever : s.end_us;
}

}  // namespace

bool IsViolation(const std::string& nickname) {
  return nickname.rfind("fuck you", 0) == 0;
}

RefPolicy ReadRefPolicy(const std::string& textproto) {
  v1::Policy policy;
  RefPolicy ref;
  if (!google::protobuf::TextFormat::ParseFromString(textproto, &policy)) return ref;
  for (const v1::Rule& rule : policy.rules()) {
    const bool names = std::find(rule.offences().begin(), rule.offences().end(),
                                 v1::OFFENCE_NAME) != rule.offences().end();
    if (!names || rule.min_confidence() != v1::CONFIDENCE_PLAIN) continue;
    ref.rule = rule.rule_id();
    ref.ladder = rule.ladder();
    ref.hourly_quota = rule.hourly_quota();
    break;
  }
  for (const v1::Ladder& ladder : policy.ladders()) {
    if (ladder.ladder_id() != ref.ladder) continue;
    ref.unchanged_after_us = Us(ladder.unchanged_after());
    for (const v1::Rung& rung : ladder.rungs()) {
      RefPolicy::Rung one{rung.warning(), rung.permanent(), Us(rung.term()), {}};
      for (const int capability : rung.capabilities())
        one.capabilities.insert(capability);
      ref.rungs.push_back(std::move(one));
    }
  }
  for (const v1::CaseTerms& term : policy.desk().terms()) {
    if (term.kind() == v1::CASE_KIND_MISCONDUCT) ref.answer_within_us = Us(term.answer_within());
  }
  ref.lateness_us = Us(policy.timing().lateness());
  ref.skew_us = Us(policy.timing().skew());
  ref.answers_kept_us = Us(policy.timing().result_retention());
  return ref;
}

void Reference::Fault(const RefRecord& record, const std::string& what) {
  if (faults_.size() < 50) {
    faults_.push_back("journal position " + std::to_string(record.position) + ": " + what);
  }
}

std::int64_t Reference::rejected(const std::string& server) const {
  const auto it = rejected_.find(server);
  return it == rejected_.end() ? 0 : it->second;
}

void Reference::Begin(const RefRecord& record) {
  if (!exact_timers_ || timers_.empty()) return;
  const RefTimer& first = *timers_.begin();
  if (std::get<0>(first) <= record.commit_us) {
    Fault(record, "a timer of " + std::get<1>(first) + " was due at " +
                      std::to_string(std::get<0>(first)) + " and did not go off");
  }
}

void Reference::OnOther(const RefRecord& record) {
  Begin(record);
}

void Reference::OnEventRefused(const RefRecord& record) {
  Begin(record);
  ++rejected_[record.source];
}

// ---- events -------------------------------------------------------------------------------------

bool Reference::MayReport(const Account& account, const std::string& server,
                          const v1::HallEvent& event) const {
  if (std::count(account.presences.begin(), account.presences.end(), server) > 0) return true;
  return event.has_notice_seen() && account.holders.contains(server);
}

void Reference::OnEvent(const RefRecord& record, const v1::HallEvent& event) {
  Begin(record);
  if (event.account().empty()) return;
  const bool opens = event.has_registered() || event.has_logged_in();
  const auto known = accounts_.find(event.account());
  if (!opens && (known == accounts_.end() || !MayReport(known->second, record.source, event))) {
    ++rejected_[record.source];
    return;
  }
  Account& account = accounts_[event.account()];
  Step step{record, event.account(), record.commit_us};
  if (event.has_event_time()) {
    step.event_us = std::clamp(Us(event.event_time()), record.commit_us - policy_.lateness_us,
                               record.commit_us + policy_.skew_us);
  }
  switch (event.body_case()) {
    case v1::HallEvent::kRegistered:
      OpenSession(step, &account);
      if (!event.registered().nickname().empty()) {
        SetNickname(step, &account, event.registered().nickname(), true);
      }
      break;
    case v1::HallEvent::kLoggedIn:
      OpenSession(step, &account);
      break;
    case v1::HallEvent::kLoggedOut:
      CloseSession(step, &account);
      break;
    case v1::HallEvent::kNicknameChanged:
      SetNickname(step, &account, event.nickname_changed().nickname(),
                  !event.nickname_changed().set_by_server());
      break;
    case v1::HallEvent::kNoticeSeen:
      for (const std::size_t i : account.sanctions)
        Seen(step, account, &sanctions_[i]);
      break;
    default:
      break;
  }
}

void Reference::OpenSession(const Step& step, Account* account) {
  const std::string& server = step.record.source;
  if (std::count(account->presences.begin(), account->presences.end(), server) == 0) {
    account->presences.push_back(server);
  }
  const auto holder = account->holders.find(server);
  const bool stale =
      holder != account->holders.end() && holder->second.revision != account->revision;
  if (!RestrictionsOf(*account).empty() || stale) {
    SendRestrictions(step, account, server, FirstCause(*account));
  }
  for (const std::size_t i : account->sanctions) {
    const RefSanction& s = sanctions_[i];
    if (s.kind == v1::SANCTION_KIND_WARNING && s.state == v1::SANCTION_STATE_PENDING) {
      Send(step, *account, server, "warn", s.name);
    }
  }
  if (!account->reset_nickname.empty() && account->nickname == account->reset_nickname) {
    ResetIfStill(step, account, account->reset_nickname, "");
  }
}

void Reference::CloseSession(const Step& step, Account* account) {
  if (account->presences.empty()) return;
  std::erase(account->presences, step.record.source);
  if (account->presences.empty()) NobodyIsThere(account);
}

void Reference::NobodyIsThere(Account* account) {
  if (!account->presences.empty()) return;
  for (const std::size_t i : account->sanctions) {
    RefSanction& s = sanctions_[i];
    if (Restricts(s) && InForce(s)) s.enforced = true;
  }
}

void Reference::SetNickname(const Step& step, Account* account, const std::string& name,
                            bool judged) {
  if (account->nickname == name) return;
  account->nickname = name;
  account->reset_nickname.clear();
  if (judged && IsViolation(name)) Judge(step, account, name);
}

// ---- the ladder ---------------------------------------------------------------------------------

void Reference::Judge(const Step& step, Account* account, const std::string& name) {
  if (account->pardoned.contains(name)) return;
  if (policy_.hourly_quota > 0) {
    const std::int64_t hour = step.record.commit_us / kHourUs;
    if (hour != quota_hour_) {
      quota_hour_ = hour;
      quota_used_ = 0;
    }
    if (quota_used_ >= policy_.hourly_quota) {
      OpenCase(step, account);
      return;
    }
    ++quota_used_;
  }
  Climb(step, account, name);
}

// The harness plays no hands, so nothing decays.
int Reference::Standing(const Account& account, const RefSanction** last) const {
  int rung = 0;
  *last = nullptr;
  for (const std::size_t i : account.sanctions) {
    const RefSanction& s = sanctions_[i];
    if (s.ladder != policy_.ladder || s.rung == 0 || !StillCounts(s.disposition)) continue;
    rung = std::max(rung, s.rung);
    *last = &s;
  }
  return rung;
}

void Reference::Climb(const Step& step, Account* account, const std::string& name) {
  const RefSanction* last = nullptr;
  const int rung = Standing(*account, &last);
  const bool waits = last != nullptr && last->disposition == v1::DISPOSITION_UNSPECIFIED &&
                     (last->seen_us == 0 || step.event_us < last->seen_us);
  if (waits) {
    ResetIfStill(step, account, name, OpenCase(step, account));
    return;
  }
  const int to = std::min<int>(rung + 1, static_cast<int>(policy_.rungs.size()));
  const RefPolicy::Rung& taken = policy_.rungs[static_cast<std::size_t>(to) - 1];
  RefSanction spec;
  spec.kind = taken.warning ? v1::SANCTION_KIND_WARNING : v1::SANCTION_KIND_RESTRICTION;
  spec.ladder = policy_.ladder;
  spec.rung = to;
  spec.permanent = taken.permanent;
  spec.term_us = taken.term_us;
  spec.capabilities = taken.capabilities;
  spec.machine = true;
  spec.nickname = name;
  const std::string cause = Impose(step, account, std::move(spec)).name;
  ResetIfStill(step, account, name, cause);
}

void Reference::ResetIfStill(const Step& step, Account* account, const std::string& name,
                             const std::string& cause) {
  if (account->nickname != name) return;
  account->reset_nickname = name;
  for (const std::string& server : account->presences) {
    Send(step, *account, server, "reset_nickname", cause);
  }
}

std::string Reference::OpenCase(const Step& step, Account* account) {
  if (account->open_case.has_value()) {
    ++cases_[*account->open_case].findings;
    return cases_[*account->open_case].name;
  }
  account->open_case = cases_.size();
  RefCase opened{name_of_("cases", step.record.position, step.account), step.account,
                 step.record.position, 1};
  if (opened.name.empty()) Fault(step.record, "no case was opened for " + step.account);
  cases_.push_back(std::move(opened));
  // The first case of the account, and the only one: here nobody closes any.
  timers_.emplace(step.record.commit_us + policy_.answer_within_us, step.account, kCaseDueTimer, 0);
  return cases_.back().name;
}

RefSanction& Reference::Impose(const Step& step, Account* account, RefSanction spec) {
  spec.account = step.account;
  spec.position = step.record.position;
  spec.create_us = step.record.commit_us;
  spec.name = name_of_("sanctions", spec.position, spec.account);
  if (spec.name.empty()) Fault(step.record, "no sanction was imposed on " + spec.account);
  if (spec.machine) ++audits_[spec.position];
  const auto payload = static_cast<std::int64_t>(account->sanctions.size());
  if (Restricts(spec)) {
    spec.state = v1::SANCTION_STATE_ACTIVE;
    spec.enforced = account->presences.empty();
    if (!spec.permanent) {
      spec.end_us = spec.create_us + spec.term_us;
      timers_.emplace(spec.end_us, step.account, kExpiryTimer, payload);
    }
  }
  account->sanctions.push_back(sanctions_.size());
  sanctions_.push_back(std::move(spec));
  RefSanction& imposed = sanctions_.back();
  if (Restricts(imposed)) {
    Republish(step, account, imposed.name);
  } else {
    for (const std::string& server : account->presences) {
      Send(step, *account, server, "warn", imposed.name);
    }
  }
  return imposed;
}

void Reference::Seen(const Step& step, const Account& account, RefSanction* sanction) {
  if (sanction->seen_us != 0 || sanction->state == v1::SANCTION_STATE_LIFTED) return;
  sanction->seen_us = step.record.commit_us;
  if (sanction->kind != v1::SANCTION_KIND_WARNING) return;
  sanction->state = v1::SANCTION_STATE_ACTIVE;
  if (sanction->ladder != policy_.ladder || policy_.unchanged_after_us == 0 ||
      sanction->nickname.empty()) {
    return;
  }
  for (std::size_t i = 0; i < account.sanctions.size(); ++i) {
    if (&sanctions_[account.sanctions[i]] != sanction) continue;
    timers_.emplace(step.record.commit_us + policy_.unchanged_after_us, step.account,
                    kUnchangedTimer, static_cast<std::int64_t>(i));
  }
}

void Reference::Lift(const Step& step, Account* account, RefSanction* sanction,
                     v1::Disposition why) {
  const bool was_in_force = InForce(*sanction);
  if (was_in_force && sanction->end_us != 0) {
    for (std::size_t i = 0; i < account->sanctions.size(); ++i) {
      if (&sanctions_[account->sanctions[i]] != sanction) continue;
      timers_.erase({sanction->end_us, step.account, kExpiryTimer, static_cast<std::int64_t>(i)});
    }
  }
  sanction->state = v1::SANCTION_STATE_LIFTED;
  sanction->disposition = why;
  if (!sanction->nickname.empty()) account->pardoned.insert(sanction->nickname);
  if (!Restricts(*sanction) || !was_in_force) return;
  sanction->end_us = step.record.commit_us;
  Republish(step, account, sanction->name);
}

// ---- what is told -------------------------------------------------------------------------------

RefRestrictions Reference::RestrictionsOf(const Account& account) const {
  RefRestrictions all;
  for (const std::size_t i : account.sanctions) {
    const RefSanction& s = sanctions_[i];
    if (!Restricts(s) || !InForce(s)) continue;
    for (const int capability : s.capabilities) {
      const auto [it, added] = all.emplace(capability, Until(s));
      if (!added) it->second = std::max(it->second, Until(s));
    }
  }
  return all;
}

std::string Reference::FirstCause(const Account& account) const {
  const RefRestrictions all = RestrictionsOf(account);
  if (all.empty()) return {};
  const auto& [capability, until] = *all.begin();
  for (const std::size_t i : account.sanctions) {
    const RefSanction& s = sanctions_[i];
    if (Restricts(s) && InForce(s) && s.capabilities.contains(capability) && Until(s) == until) {
      return s.name;
    }
  }
  return {};
}

void Reference::Republish(const Step& step, Account* account, const std::string& cause) {
  ++account->revision;
  gate_[step.account] = {account->revision, RestrictionsOf(*account)};
  std::set<std::string> servers(account->presences.begin(), account->presences.end());
  for (const auto& [server, holder] : account->holders) {
    if (holder.restricted) servers.insert(server);
  }
  for (const std::string& server : servers)
    SendRestrictions(step, account, server, cause);
}

void Reference::SendRestrictions(const Step& step, Account* account, const std::string& server,
                                 const std::string& cause) {
  account->holders[server] = {account->revision, !RestrictionsOf(*account).empty()};
  Send(step, *account, server, "set_restrictions", cause);
}

void Reference::Send(const Step& step, const Account& account, const std::string& server,
                     const std::string& action, const std::string& cause) {
  RefDirective directive{step.record.position,
                         step.account,
                         action,
                         cause,
                         account.revision,
                         {},
                         v1::DIRECTIVE_OUTCOME_UNSPECIFIED};
  if (action == "set_restrictions") directive.restrictions = RestrictionsOf(account);
  directives_[server].push_back(std::move(directive));
}

// ---- answers, timers, commands ------------------------------------------------------------------

RefSanction* Reference::Find(const Account& account, const std::string& name) {
  for (const std::size_t i : account.sanctions) {
    if (sanctions_[i].name == name) return &sanctions_[i];
  }
  return nullptr;
}

void Reference::OnAnswered(const RefRecord& record, const v1::DirectiveAnswered& answered) {
  Begin(record);
  const v1::DirectiveOutcome outcome = answered.result().outcome();
  const std::int64_t seq = answered.result().directive_seq();
  std::vector<RefDirective>& sent = directives_[record.source];
  if (seq < 1 || static_cast<std::size_t>(seq) > sent.size()) {
    Fault(record, "directive " + std::to_string(seq) + " of " + record.source +
                      " was answered and never sent");
    return;
  }
  RefDirective& directive = sent[static_cast<std::size_t>(seq) - 1];
  if (answered.account() != directive.account || answered.cause() != directive.cause ||
      answered.action() != directive.action ||
      answered.account_revision() != directive.account_revision) {
    Fault(record, "an answer of " + record.source + " to directive " + std::to_string(seq) +
                      " was resolved to another directive");
  }
  const bool first = directive.outcome == v1::DIRECTIVE_OUTCOME_UNSPECIFIED;
  const bool then_seen =
      directive.outcome == v1::DIRECTIVE_OUTCOME_APPLIED && outcome == v1::DIRECTIVE_OUTCOME_SEEN;
  if (!first && outcome != v1::DIRECTIVE_OUTCOME_SEEN) {
    Fault(record, "directive " + std::to_string(seq) + " of " + record.source +
                      " was answered twice for good");
  }
  if (first || then_seen) directive.outcome = outcome;
  Account& account = accounts_[directive.account];
  const Step step{record, directive.account, record.commit_us};
  RefSanction* cause = Find(account, directive.cause);
  const bool restrictions = directive.action == "set_restrictions";
  if (outcome == v1::DIRECTIVE_OUTCOME_NOT_HERE && restrictions) {
    account.holders.erase(record.source);
    NobodyIsThere(&account);
  }
  if (outcome == v1::DIRECTIVE_OUTCOME_SEEN && cause != nullptr) Seen(step, account, cause);
  if (outcome != v1::DIRECTIVE_OUTCOME_APPLIED) return;
  if (!restrictions) {
    if (cause != nullptr) cause->enforced = true;
    return;
  }
  if (directive.account_revision != account.revision) return;
  for (const std::size_t i : account.sanctions) {
    RefSanction& s = sanctions_[i];
    if (!Restricts(s) || !InForce(s)) continue;
    s.enforced = true;
    Seen(step, account, &s);
  }
}

void Reference::OnTimer(const RefRecord& record, const v1::TimerFired& fired) {
  ++timers_fired_;
  if (fired.due_us() > record.commit_us) {
    Fault(record, "a timer of " + fired.account() + " went off before it was due");
  }
  const RefTimer timer{fired.due_us(), fired.account(), fired.timer_kind(), fired.payload()};
  if (timers_.erase(timer) == 0) {
    Fault(record, "a timer of " + fired.account() + " went off that was not set, or twice");
    return;
  }
  if (fired.timer_kind() == kCaseDueTimer) return;
  Account& account = accounts_[fired.account()];
  const Step step{record, fired.account(), record.commit_us};
  RefSanction& s = sanctions_[account.sanctions[static_cast<std::size_t>(fired.payload())]];
  if (fired.timer_kind() == kExpiryTimer) {
    if (s.state != v1::SANCTION_STATE_ACTIVE) return;
    s.state = v1::SANCTION_STATE_EXPIRED;
    if (s.seen_us == 0) s.seen_us = s.end_us;
    Republish(step, &account, s.name);
    return;
  }
  const bool stands =
      s.kind == v1::SANCTION_KIND_WARNING && s.state == v1::SANCTION_STATE_ACTIVE && s.seen_us != 0;
  const std::string name = s.nickname;
  if (stands && account.nickname == name) Judge(step, &account, name);
}

void Reference::OnCommand(const RefRecord& record, const v1::Command& command) {
  Begin(record);
  const Step step{record, command.target_account(), record.commit_us};
  if (command.has_refused_call()) {
    ++audits_[record.position];
    return;
  }
  const auto* options = [&]() -> const v1::ActionOptions* {
    if (command.has_create_sanction()) return &command.create_sanction().options();
    if (command.has_punish_account()) return &command.punish_account().options();
    if (command.has_lift_sanction()) return &command.lift_sanction().options();
    if (command.has_create_note()) return &command.create_note().options();
    if (command.has_activate_policy()) return &command.activate_policy().options();
    if (command.has_put_token()) return &command.put_token().options();
    return nullptr;
  }();
  if (options == nullptr) {
    Fault(record, "a command that the harness never gives");
    return;
  }
  const bool about_account = !command.target_account().empty();
  auto& answered = about_account ? accounts_[command.target_account()].answered : system_answered_;
  const std::pair<std::string, std::string> key{command.actor().principal(), options->request_id()};
  const auto before = answered.find(key);
  if (!key.second.empty() && before != answered.end() && before->second > record.commit_us) return;
  ++audits_[record.position];
  const std::string refused =
      about_account ? Command(step, &accounts_[command.target_account()], command) : std::string();
  if (refused.empty() && !key.second.empty()) {
    answered[key] = record.commit_us + policy_.answers_kept_us;
  }
}

std::string Reference::Command(const Step& step, Account* account, const v1::Command& command) {
  if (command.has_create_note()) {
    ++notes_;
    return {};
  }
  if (command.has_punish_account()) return Punish(step, account, command.punish_account());
  if (command.has_create_sanction()) {
    const v1::CreateSanctionRequest& request = command.create_sanction();
    RefSanction spec;
    spec.kind = request.kind();
    spec.term_us = Us(request.duration());
    for (const int capability : request.capabilities())
      spec.capabilities.insert(capability);
    Impose(step, account, std::move(spec));
    return {};
  }
  RefSanction* found = Find(*account, command.lift_sanction().name());
  if (found == nullptr) return "NOT_FOUND";
  if (found->state == v1::SANCTION_STATE_LIFTED) return "ALREADY_LIFTED";
  const v1::Disposition why = command.lift_sanction().disposition();
  if (!InForce(*found) && StillCounts(why)) return "SANCTION_NOT_ACTIVE";
  Lift(step, account, found, why);
  return {};
}

std::string Reference::Punish(const Step& step, Account* account,
                              const v1::PunishAccountRequest& /*request*/) {
  const RefSanction* last = nullptr;
  const int rung = Standing(*account, &last);
  const bool unseen =
      last != nullptr && last->disposition == v1::DISPOSITION_UNSPECIFIED && last->seen_us == 0;
  const int to =
      std::min<int>(unseen ? std::max(1, rung) : rung + 1, static_cast<int>(policy_.rungs.size()));
  const RefPolicy::Rung& taken = policy_.rungs[static_cast<std::size_t>(to) - 1];
  RefSanction spec;
  spec.kind = taken.warning ? v1::SANCTION_KIND_WARNING : v1::SANCTION_KIND_RESTRICTION;
  spec.ladder = policy_.ladder;
  spec.rung = to;
  spec.permanent = taken.permanent;
  spec.term_us = taken.term_us;
  spec.capabilities = taken.capabilities;
  spec.nickname = account->nickname.value_or("");
  Impose(step, account, std::move(spec));
  return {};
}

}  // namespace hallwarden::chaos
