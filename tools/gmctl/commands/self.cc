// login, whoami, can, doctor, context ls|use|add
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/report.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::string_view kDefaultContext = "default";
constexpr absl::Duration kClockTolerance = absl::Seconds(5);

// Which call a verb makes.
const std::map<std::string, std::string, std::less<>>& MethodsOfVerbs() {
  static const std::map<std::string, std::string, std::less<>> kMethods = {
      {"who", "GetAccount"},
      {"punish", "PunishAccount"},
      {"warn", "CreateSanction"},
      {"mute", "CreateSanction"},
      {"ban", "CreateSanction"},
      {"hold", "CreateSanction"},
      {"kick", "KickAccount"},
      {"lift", "LiftSanction"},
      {"undo", "UndoAction"},
      {"reinstate", "ReinstateSanction"},
      {"history", "ListTimeline"},
      {"rename", "ResetProfile"},
      {"avatar reset", "ResetProfile"},
      {"signature reset", "ResetProfile"},
      {"tail", "Tail"},
      {"sanction ls", "ListSanctions"},
      {"sanction get", "GetSanction"},
      {"sanction explain", "ExplainSanction"},
      {"case ls", "ListCases"},
      {"queue", "CaseService.ListQueue"},
      {"case show", "CaseService.GetCaseView"},
      {"case close", "CaseService.DecideCase"},
      {"case next", "CaseService.NextCase"},
      {"case open", "CaseService.OpenCase"},
      {"case claim", "CaseService.ClaimCase"},
      {"case release", "CaseService.ReleaseCase"},
      {"case assign", "CaseService.AssignCase"},
      {"case escalate", "CaseService.EscalateCase"},
      {"case refer", "CaseService.ReferCase"},
      {"case return", "CaseService.ReturnCase"},
      {"case note", "CaseService.CreateCaseNote"},
      {"case merge", "CaseService.MergeCase"},
      {"case reopen", "CaseService.ReopenCase"},
      {"case log", "CaseService.ListCaseLog"},
      {"trace gold", "RecoveryService.TraceGold"},
      {"logins", "RecoveryService.ListLogins"},
      {"hand show", "RecoveryService.GetHandRecord"},
      {"exchange check", "RecoveryService.CheckExchange"},
      {"freeze", "CreateSanction"},
      {"unfreeze", "LiftSanction"},
      {"note add", "CreateNote"},
      {"policy show", "GetPolicy"},
      {"policy apply", "ApplyPolicy"},
      {"policy check", "ApplyPolicy"},
      {"policy history", "ListPolicies"},
      {"partner import", "ImportPartners"},
      {"partner ls", "ListPartners"},
      {"bank ls", "ListBankEntries"},
      {"bank add", "AddBankEntries"},
      {"bank rm", "RemoveBankEntries"},
      {"bank test", "TestBanks"},
      {"bank import", "AddBankEntries"},
      {"bank export", "ListBankEntries"},
      {"token create", "CreateToken"},
      {"token ls", "ListTokens"},
      {"token revoke", "RevokeToken"},
      {"server ls", "ListServers"},
      {"server show", "GetServer"},
      {"server quarantine", "QuarantineServer"},
      {"server release", "ReleaseServer"},
      {"server retire", "RetireServer"},
      {"server caused", "ListCaused"},
      {"server reverse", "ReverseServer"},
      {"rule ls", "ListRules"},
      {"rule release", "ReleaseRule"},
      {"store accept-restore", "AcceptRestore"},
      {"clock accept", "AcceptClock"},
      {"audit ls", "ListAuditRecords"},
      {"audit show", "GetAuditRecord"},
      {"audit verify", "ListAuditEntries"},
      {"audit rollback", "ReinstateSanction"},
      {"stats", "StatsService.GetDeskReport"},
      {"doctor", "GetHealth"},
  };
  return kMethods;
}

// One line of the doctor's report.
struct Check {
  std::string name;
  bool good = false;
  std::string detail;
};

absl::StatusOr<std::string> ReadNewToken(Context& context) {
  const Args& args = context.args();
  if (args.Has("token-file")) return ReadTokenFile(args.Get("token-file"));
  if (context.world().console.InputIsTerminal()) context.Prompt(context.Text("msg.ask_token"));
  const std::string token(Trim(context.world().console.ReadSecret().value_or("")));
  if (!LooksLikeToken(token)) return UsageProblem("err.login.token");
  return token;
}

std::string LimitWords(const v1::WhoAmIResponse& answer, const Look& look) {
  const Catalogue& text = look.catalogue();
  if (!answer.has_limit()) return text.Text("word.none");
  const v1::RoleLimit& limit = answer.limit();
  std::vector<std::string> parts;
  parts.push_back(limit.has_max_term()
                      ? text.Text("whoami.max_term", {{"term", look.Term(limit.max_term())}})
                      : text.Text("whoami.no_term"));
  parts.push_back(text.Text(limit.permanent()           ? "whoami.permanent"
                            : limit.confirm_permanent() ? "whoami.confirm_permanent"
                                                        : "whoami.no_permanent"));
  if (limit.hourly_limit() > 0) {
    parts.push_back(text.Text("whoami.hourly", {{"count", std::to_string(limit.hourly_limit())}}));
  }
  if (limit.lift_others()) parts.push_back(text.Text("whoami.lift_others"));
  return Join(parts, "\n");
}

// What a failed call means for a patient.
std::string FaultWords(const absl::Status& status, const Catalogue& text) {
  std::string words;
  for (const char c : DescribeError(status, text)) {
    if (c < kTintBold || c > kTintEnd) words += c;
  }
  while (words.ends_with('\n'))
    words.pop_back();
  return words;
}

Check ConfigCheck(Context& context) {
  const std::string path = ConfigPath(context.world().environment);
  Check check{.name = "config", .good = true, .detail = Guard(path)};
  const absl::StatusOr<Config> config = LoadConfig(path);
  if (!config.ok()) {
    return Check{.name = "config",
                 .good = false,
                 .detail = FaultWords(config.status(), context.catalogue())};
  }
  if (!FileExists(path)) check.detail = context.Text("doctor.no_config", {{"path", path}});
  if (OthersMayRead(path)) {
    check.good = false;
    check.detail = context.Text("doctor.config_open", {{"path", path}});
  }
  return check;
}

Check ClockCheck(Context& context, const v1::Health& health) {
  const absl::Duration offset = FromProto(health.daemon_time()) - context.world().clock.Now();
  const bool good = !health.has_daemon_time() || absl::AbsDuration(offset) <= kClockTolerance;
  const MessageArgs values = {{"offset", RoughTerm(offset)}};
  return Check{.name = "clock",
               .good = good,
               .detail = context.Text(good ? "doctor.clock_good" : "doctor.clock_bad", values)};
}

std::vector<Check> Examine(Context& context) {
  const Catalogue& text = context.catalogue();
  std::vector<Check> checks = {ConfigCheck(context)};
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) {
    checks.push_back({.name = "connection", .detail = FaultWords(daemon.status(), text)});
    return checks;
  }
  const auto who = (*daemon)->WhoAmI(v1::WhoAmIRequest());
  const absl::StatusCode code = who.status().code();
  const bool answered =
      code != absl::StatusCode::kUnavailable && code != absl::StatusCode::kDeadlineExceeded;
  checks.push_back({.name = "connection",
                    .good = answered,
                    .detail = answered ? Guard(context.server()) : FaultWords(who.status(), text)});
  if (!answered) return checks;
  checks.push_back({.name = "token",
                    .good = who.ok(),
                    .detail = who.ok() ? Cat({Guard(who->principal()), "  ",
                                              WordFor(Vocabulary::kRole, who->role(), text)})
                                       : FaultWords(who.status(), text)});
  const auto health = (*daemon)->GetHealth(v1::GetHealthRequest());
  if (!health.ok()) {
    checks.push_back({.name = "health", .detail = FaultWords(health.status(), text)});
    return checks;
  }
  checks.push_back(ClockCheck(context, *health));
  for (const v1::HealthCheck& one : health->checks()) {
    checks.push_back({.name = Cat({"daemon/", Guard(one.check())}),
                      .good = one.ok(),
                      .detail = text.Text(one.detail())});
  }
  checks.push_back(
      {.name = "version",
       .good = true,
       .detail = text.Text("doctor.version",
                           {{"version", health->version()},
                            {"engine", std::to_string(health->engine_version())},
                            {"policy", ShortId(health->policy())},
                            {"epoch", std::to_string(health->history_epoch())},
                            {"position", std::to_string(health->journal_position())}})});
  return checks;
}

absl::Status ChangeConfig(Context& context, const std::function<absl::Status(Config&)>& change) {
  const std::string path = ConfigPath(context.world().environment);
  absl::StatusOr<Config> config = LoadConfig(path);
  if (!config.ok()) return config.status();
  HW_RETURN_IF_ERROR(change(*config));
  return SaveConfig(path, *config);
}

}  // namespace

absl::Status CommandLogin(Context& context) {
  const Args& args = context.args();
  const std::string path = ConfigPath(context.world().environment);
  absl::StatusOr<Config> config = LoadConfig(path);
  if (!config.ok()) return config.status();
  std::string name = args.Has("context") ? args.Get("context") : config->current;
  if (name.empty()) name = std::string(kDefaultContext);
  std::string server = args.Get("server");
  if (server.empty()) server = config->contexts[name].server;
  if (server.empty()) {
    server = context.world().environment("HALLWARDEN_SERVER").value_or(std::string(kDefaultServer));
  }
  channel::ClientTls known;
  if (config->contexts[name].server == server) known = config->contexts[name].tls;
  absl::StatusOr<channel::ClientTls> tls =
      ChooseTls(args, context.world().environment, std::move(known));
  if (!tls.ok()) return tls.status();
  // Kept for commands that are run elsewhere.
  for (std::string* file : {&tls->ca, &tls->certificate, &tls->key}) {
    if (!file->empty()) *file = std::filesystem::absolute(*file).string();
  }
  const absl::StatusOr<std::string> token = ReadNewToken(context);
  if (!token.ok()) return token.status();
  std::string who;
  if (!args.Has("no-verify")) {
    absl::StatusOr<std::unique_ptr<GmApi>> api = context.world().connect(
        {.server = server, .token = *token, .tls = *tls, .plaintext = args.Has("plaintext")});
    if (!api.ok()) return api.status();
    Client client(*std::move(api), context.world().clock, context.manner().timeout);
    const auto answer = client.WhoAmI(v1::WhoAmIRequest());
    if (!answer.ok()) return answer.status();
    who = answer->principal();
  }
  config->contexts[name] = ServerContext{.server = server, .token = *token, .tls = *tls};
  config->current = name;
  HW_RETURN_IF_ERROR(SaveConfig(path, *config));
  context.Talk(context.Text("msg.logged_in",
                            {{"who", who}, {"server", server}, {"context", name}, {"path", path}}));
  return absl::OkStatus();
}

absl::Status CommandWhoAmI(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const auto answer = (*daemon)->WhoAmI(v1::WhoAmIRequest());
  if (!answer.ok()) return answer.status();
  const Look& look = context.look();
  const std::string role = WordFor(Vocabulary::kRole, answer->role(), look.catalogue());
  const std::vector<std::string> methods(answer->methods().begin(), answer->methods().end());
  if (context.for_people() && !context.args().Has("fields")) {
    std::vector<std::pair<std::string, std::string>> pairs = {
        {context.Text("whoami.principal"), Tinted(kTintBold, Guard(answer->principal()))},
        {context.Text("whoami.role"), role},
        {context.Text("whoami.server"), Guard(context.server())},
        {context.Text("whoami.limit"), LimitWords(*answer, look)}};
    if (answer->has_expire_time()) {
      pairs.emplace_back(context.Text("whoami.expires"), look.Until(answer->expire_time()));
    }
    context.Out(PrintPairs(pairs));
    return absl::OkStatus();
  }
  Sheet sheet;
  sheet.single = true;
  sheet.columns = {{.key = "principal"}, {.key = "role"}, {.key = "expires"}, {.key = "methods"}};
  sheet.rows.push_back(
      Row{.cells = {SameCell(Guard(answer->principal())),
                    {role, ShortName(Vocabulary::kRole, answer->role())},
                    MomentCell(answer->has_expire_time(), answer->expire_time(), look),
                    SameCell(Guard(Join(methods, ",")))},
          .value = Value::FromMessage(*answer, look.zone()),
          .name = answer->principal()});
  return context.Print(sheet);
}

absl::Status CommandCan(Context& context) {
  const Args& args = context.args();
  const std::string verb = Join(args.positionals(), " ");
  const auto found = MethodsOfVerbs().find(verb);
  if (found == MethodsOfVerbs().end()) {
    std::vector<std::string> verbs;
    for (const auto& [name, method] : MethodsOfVerbs())
      verbs.push_back(name);
    const auto near = DidYouMean(verb, verbs);
    return UsageProblem("err.can.verb",
                        {{"verb", verb}, {"list", near.has_value() ? *near : Join(verbs, ", ")}});
  }
  v1::CheckPermissionRequest request;
  request.set_method(found->second.find('.') == std::string::npos
                         ? Cat({"GmService.", found->second})
                         : std::string(found->second));
  if (args.Has("for") && args.Has("perm")) return UsageProblem("err.term.several");
  if (args.Has("for")) {
    const absl::StatusOr<absl::Duration> term = ParseTerm(args.Get("for"));
    if (!term.ok()) return term.status();
    ToProto(*term, *request.mutable_term());
  }
  request.set_permanent(args.Has("perm"));
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const auto answer = (*daemon)->CheckPermission(request);
  if (!answer.ok()) return answer.status();
  const std::string reason = context.catalogue().Text(answer->reason());
  if (context.for_people()) {
    const char tint = answer->allowed() ? kTintGreen : kTintRed;
    context.Out(Cat({Tinted(tint, context.Text(answer->allowed() ? "word.yes" : "word.no")),
                     reason.empty() ? "" : "  ", reason, "\n"}));
  } else {
    Sheet sheet;
    sheet.single = true;
    sheet.columns = {{.key = "allowed"}, {.key = "reason"}};
    sheet.rows.push_back(
        Row{.cells = {SameCell(answer->allowed() ? "true" : "false"), SameCell(reason)},
            .value = Value::FromMessage(*answer, context.look().zone()),
            .name = request.method()});
    HW_RETURN_IF_ERROR(context.Print(sheet));
  }
  return answer->allowed() ? absl::OkStatus() : Problem(ExitCode::kDenied, "");
}

absl::Status CommandDoctor(Context& context) {
  const std::vector<Check> checks = Examine(context);
  Sheet sheet;
  sheet.columns = {{.key = "check"}, {.key = "ok"}, {.key = "detail"}};
  bool good = true;
  for (const Check& check : checks) {
    good = good && check.good;
    const std::string in_one_line = Guard(Join(Split(check.detail, '\n'), "; "));
    Value::Object object = {
        {"check", Value(check.name)}, {"ok", Value(check.good)}, {"detail", Value(in_one_line)}};
    const std::string grade = context.Text(check.good ? "word.good" : "word.bad");
    sheet.rows.push_back(Row{.cells = {SameCell(check.name),
                                       {Tinted(check.good ? kTintGreen : kTintRed, grade),
                                        check.good ? "true" : "false"},
                                       {check.detail, in_one_line}},
                             .value = Value(std::move(object)),
                             .name = check.name});
  }
  if (context.for_people() && !context.args().Has("fields")) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Row& row : sheet.rows) {
      pairs.emplace_back(row.cells[0].human, Cat({row.cells[1].human, "  ", row.cells[2].human}));
    }
    context.Out(PrintPairs(pairs));
  } else {
    HW_RETURN_IF_ERROR(context.Print(sheet));
  }
  return good ? absl::OkStatus() : Problem(ExitCode::kError, "");
}

absl::Status CommandContextList(Context& context) {
  const absl::StatusOr<Config> config = LoadConfig(ConfigPath(context.world().environment));
  if (!config.ok()) return config.status();
  Sheet sheet;
  sheet.columns = {{.key = "current"}, {.key = "context"}, {.key = "server"}, {.key = "has_token"}};
  for (const auto& [name, one] : config->contexts) {
    const bool current = name == config->current;
    Value::Object object = {{"context", Value(Guard(name))},
                            {"server", Value(Guard(one.server))},
                            {"current", Value(current)},
                            {"has_token", Value(!one.token.empty())}};
    sheet.rows.push_back(Row{.cells = {{current ? "*" : "", current ? "true" : "false"},
                                       SameCell(Guard(name)),
                                       SameCell(Guard(one.server)),
                                       {context.Text(one.token.empty() ? "word.no" : "word.yes"),
                                        one.token.empty() ? "false" : "true"}},
                             .value = Value(std::move(object)),
                             .name = name});
  }
  return context.Print(sheet);
}

absl::Status CommandContextUse(Context& context) {
  const std::string& name = context.args().At(0);
  HW_RETURN_IF_ERROR(ChangeConfig(context, [&](Config& config) -> absl::Status {
    if (!config.contexts.contains(name)) {
      std::vector<std::string> names;
      for (const auto& [known, one] : config.contexts)
        names.push_back(known);
      return UsageProblem("err.config.context", {{"name", name}, {"list", Join(names, ", ")}});
    }
    config.current = name;
    return absl::OkStatus();
  }));
  context.Talk(context.Text("msg.context_used", {{"name", name}}));
  return absl::OkStatus();
}

absl::Status CommandContextAdd(Context& context) {
  const std::string& name = context.args().At(0);
  const std::string& server = context.args().At(1);
  HW_RETURN_IF_ERROR(ChangeConfig(context, [&](Config& config) {
    ServerContext& one = config.contexts[name];
    // A token belongs to the server it was stored for.
    if (one.server != server) one = ServerContext{.server = server, .token = "", .tls = {}};
    if (config.current.empty()) config.current = name;
    return absl::OkStatus();
  }));
  context.Talk(context.Text("msg.context_added", {{"name", name}, {"server", server}}));
  return absl::OkStatus();
}

}  // namespace hallwarden::gmctl
