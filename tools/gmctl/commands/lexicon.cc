// lexicon ls|show|add|rm|test|import|export|status|rescreen, text explain
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/text_views.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLargestListBytes = std::size_t{8} << 20;
// A call carries a megabyte.
constexpr std::size_t kPartBytes = 900'000;
// What the daemon may take for one: a list of 60,000 entries is compiled, and a backtest reads on
// for ten seconds at most.
constexpr absl::Duration kPatience = absl::Seconds(15);

absl::Status BadWord(std::string_view flag, const std::string& word, std::string_view list) {
  return UsageProblem("err.lexicon.word",
                      {{"flag", std::string(flag)}, {"word", word}, {"list", std::string(list)}});
}

absl::Status ReadSurface(Context& context, v1::LexiconSurface otherwise,
                         v1::LexiconSurface* surface) {
  *surface = otherwise;
  if (!context.args().Has("surface")) return absl::OkStatus();
  const std::string word = context.args().Get("surface");
  if (word == "names") {
    *surface = v1::LEXICON_SURFACE_NAMES;
  } else if (word == "chat") {
    *surface = v1::LEXICON_SURFACE_CHAT;
  } else if (word == "both") {
    *surface = v1::LEXICON_SURFACE_BOTH;
  } else {
    return BadWord("--surface", word, "names chat both");
  }
  return absl::OkStatus();
}

// The entry that the arguments describe. What is left out is not guessed where it matters.
absl::Status ReadEntry(Context& context, v1::LexiconEntry* entry) {
  const Args& args = context.args();
  entry->set_pattern(args.At(0));
  v1::LexiconSurface surface = v1::LEXICON_SURFACE_BOTH;
  HW_RETURN_IF_ERROR(ReadSurface(context, v1::LEXICON_SURFACE_BOTH, &surface));
  entry->set_surface(surface);
  if (args.Has("until-day")) entry->set_until_date(args.Get("until-day"));
  if (args.Has("flags")) {
    for (const std::string& flag : Split(args.Get("flags"), ','))
      entry->add_flags(flag);
  }
  if (args.Has("allow")) {
    entry->set_kind(v1::LEXICON_ENTRY_KIND_ALLOW);
    return absl::OkStatus();
  }
  entry->set_kind(v1::LEXICON_ENTRY_KIND_DENY);
  const std::string command(args.command().path);
  if (!args.Has("about")) {
    return UsageProblem(
        "err.args.flag_missing",
        {{"flag", "--about"},
         {"command", command},
         {"list", "porn insult religion politics impersonation advert gamble fraud abuse"}});
  }
  entry->set_category(args.Get("about"));
  if (!args.Has("grade")) {
    return UsageProblem("err.args.flag_missing",
                        {{"flag", "--grade"}, {"command", command}, {"list", "plain review note"}});
  }
  const std::string grade = args.Get("grade");
  if (grade == "plain") {
    entry->set_severity(v1::LEXICON_SEVERITY_PLAIN);
  } else if (grade == "review") {
    entry->set_severity(v1::LEXICON_SEVERITY_REVIEW);
  } else if (grade == "note") {
    entry->set_severity(v1::LEXICON_SEVERITY_NOTE);
  } else {
    return BadWord("--grade", grade, "plain review note");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadList(Context& context, const std::string& path) {
  absl::StatusOr<std::string> text =
      path == "-" ? absl::StatusOr<std::string>(context.world().console.ReadAll(kLargestListBytes))
                  : ReadFile(path, kLargestListBytes);
  if (text.ok() && !IsValidUtf8(*text)) return UsageProblem("err.policy.utf8", {{"path", path}});
  return text;
}

// Puts a list into a request: whole, or by parts that the daemon keeps for a while.
template <class Request>
absl::Status PutList(Client& daemon, const std::string& text, Request* request) {
  if (text.size() <= kPartBytes) {
    request->set_source(text);
    return absl::OkStatus();
  }
  std::string upload;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = std::min(kPartBytes, text.size() - at);
    // A part is a proto string: it ends with a line, not inside a character.
    if (at + size < text.size()) {
      const std::size_t line = text.rfind('\n', at + size - 1);
      if (line != std::string::npos && line >= at) size = line + 1 - at;
    }
    v1::StageLexiconRequest part;
    part.set_upload(upload);
    part.set_offset(static_cast<std::int64_t>(at));
    part.set_source(text.substr(at, size));
    const auto staged = daemon.StageLexicon(part);
    if (!staged.ok()) return staged.status();
    upload = staged->upload();
    at += size;
  }
  request->set_upload(upload);
  return absl::OkStatus();
}

std::string EntryNamed(const std::string& id) {
  return id.starts_with("lexiconEntries/") ? id : Cat({"lexiconEntries/", id});
}

// The one way of every change: first whom it would have hit, then the plan, then the order.
absl::Status GiveChange(Context& context, Client& daemon, const v1::ChangeLexiconRequest& wish,
                        bool backtest) {
  const auto past = std::make_shared<v1::BacktestLexiconResponse>();
  if (backtest && !context.args().Has("no-backtest")) {
    v1::BacktestLexiconRequest request;
    *request.mutable_add() = wish.add();
    *request.mutable_remove() = wish.remove();
    request.set_source(wish.source());
    request.set_upload(wish.upload());
    request.set_file(wish.file());
    const auto answer = daemon.BacktestLexicon(request);
    if (!answer.ok()) return answer.status();
    *past = *answer;
    if (!context.for_people()) context.Talk(BacktestText(*past, context.look()));
  }
  const auto active = daemon.GetLexicon(v1::GetLexiconRequest());
  if (!active.ok()) return active.status();
  const auto kept = std::make_shared<v1::ChangeLexiconResponse>();
  Order order;
  order.method = "ChangeLexicon";
  order.body = wish.SerializeAsString();
  order.target = "lexicon";
  order.etag = active->artefact();
  order.least_level = 1;
  order.send = [&daemon, wish,
                kept](const v1::ActionOptions& options) -> absl::StatusOr<v1::ActionResponse> {
    v1::ChangeLexiconRequest full = wish;
    *full.mutable_options() = options;
    const auto answer = daemon.ChangeLexicon(full);
    if (!answer.ok()) return answer.status();
    *kept = *answer;
    v1::ActionResponse action;
    *action.mutable_lines() = answer->lines();
    action.set_dry_run(answer->dry_run());
    action.set_journal_position(answer->journal_position());
    return action;
  };
  if (past->last_position() != 0) {
    order.show_more = [past](Context& where) { where.Prompt(BacktestText(*past, where.look())); };
  }
  order.report = [kept](Context& where, const v1::ActionResponse&) {
    if (where.for_people()) {
      where.Out(
          where.Text("msg.lexicon_changed", {{"entries", std::to_string(kept->entry_count())},
                                             {"added", std::to_string(kept->added_count())},
                                             {"removed", std::to_string(kept->removed_count())}}) +
          "\n");
      return absl::OkStatus();
    }
    Sheet sheet;
    sheet.single = true;
    sheet.columns = {{.key = "artefact"}, {.key = "entries"}};
    sheet.rows.push_back(Row{
        .cells = {SameCell(Guard(kept->artefact())), SameCell(std::to_string(kept->entry_count()))},
        .value = Value::FromMessage(*kept, where.look().zone()),
        .name = "lexicon"});
    return where.Print(sheet);
  };
  return GiveOrder(context, order);
}

absl::StatusOr<Client*> PatientDaemon(Context& context) {
  absl::StatusOr<Client*> daemon = context.Daemon();
  if (daemon.ok()) (*daemon)->set_least_timeout(kPatience);
  return daemon;
}

}  // namespace

absl::Status CommandLexiconList(Context& context) {
  v1::ListLexiconEntriesRequest request;
  v1::LexiconSurface surface = v1::LEXICON_SURFACE_UNSPECIFIED;
  HW_RETURN_IF_ERROR(ReadSurface(context, v1::LEXICON_SURFACE_UNSPECIFIED, &surface));
  request.set_surface(surface);
  if (context.args().Has("allow")) request.set_kind(v1::LEXICON_ENTRY_KIND_ALLOW);
  request.set_category(context.args().Get("about"));
  request.set_contains(context.args().Get("contains"));
  request.set_built_in(context.args().Has("built-in"));
  request.set_hit_only(context.args().Has("hit"));
  return PrintPages(
      context, LexiconEntrySheet(), request, &Client::ListLexiconEntries,
      [](const auto& page) -> const auto& { return page.entries(); });
}

absl::Status CommandLexiconShow(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetLexiconEntryRequest request;
  request.set_name(EntryNamed(context.args().At(0)));
  const auto entry = (*daemon)->GetLexiconEntry(request);
  if (!entry.ok()) return entry.status();
  Sheet sheet = LexiconEntrySheet();
  AddRow(sheet, *entry, context.look());
  return PrintOne(context, std::move(sheet));
}

absl::Status CommandLexiconStatus(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const auto lexicon = (*daemon)->GetLexicon(v1::GetLexiconRequest());
  if (!lexicon.ok()) return lexicon.status();
  return PrintOne(context, LexiconSheet(*lexicon, context.look()));
}

absl::Status CommandLexiconAdd(Context& context) {
  v1::ChangeLexiconRequest wish;
  HW_RETURN_IF_ERROR(ReadEntry(context, wish.add_add()));
  const absl::StatusOr<Client*> daemon = PatientDaemon(context);
  if (!daemon.ok()) return daemon.status();
  return GiveChange(context, **daemon, wish, true);
}

absl::Status CommandLexiconRemove(Context& context) {
  v1::ChangeLexiconRequest wish;
  wish.add_remove(EntryNamed(context.args().At(0)));
  const absl::StatusOr<Client*> daemon = PatientDaemon(context);
  if (!daemon.ok()) return daemon.status();
  return GiveChange(context, **daemon, wish, true);
}

absl::Status CommandLexiconImport(Context& context) {
  const absl::StatusOr<std::string> text = ReadList(context, context.args().At(0));
  if (!text.ok()) return text.status();
  const absl::StatusOr<Client*> daemon = PatientDaemon(context);
  if (!daemon.ok()) return daemon.status();
  v1::ChangeLexiconRequest wish;
  wish.set_file(context.args().At(0));
  wish.set_replace(context.args().Has("replace"));
  HW_RETURN_IF_ERROR(PutList(**daemon, *text, &wish));
  return GiveChange(context, **daemon, wish, !wish.replace());
}

absl::Status CommandLexiconExport(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  std::string text;
  v1::ExportLexiconRequest request;
  do {
    const auto part = (*daemon)->ExportLexicon(request);
    if (!part.ok()) return part.status();
    text += part->source();
    request.set_page_token(part->next_page_token());
  } while (!request.page_token().empty() && text.size() <= kLargestListBytes);
  if (context.args().Has("save")) {
    HW_RETURN_IF_ERROR(WritePrivateFile(context.args().Get("save"), text, Durability::kOnDisk));
    context.Talk(context.Text("msg.saved", {{"path", context.args().Get("save")}}));
    return absl::OkStatus();
  }
  context.Out(GuardLines(text));
  return absl::OkStatus();
}

absl::Status CommandLexiconTest(Context& context) {
  v1::TestLexiconRequest request;
  const absl::StatusOr<Client*> daemon = PatientDaemon(context);
  if (!daemon.ok()) return daemon.status();
  const std::string& path = context.args().At(0);
  if (!path.empty()) {
    const absl::StatusOr<std::string> text = ReadList(context, path);
    if (!text.ok()) return text.status();
    request.set_file(path);
    HW_RETURN_IF_ERROR(PutList(**daemon, *text, &request));
  }
  const auto answer = (*daemon)->TestLexicon(request);
  if (!answer.ok()) return answer.status();
  const MessageArgs counts = {{"count", std::to_string(answer->example_count())},
                              {"failures", std::to_string(answer->failure_count())}};
  if (context.for_people()) {
    for (const std::string& failure : answer->failures())
      context.Out(Guard(failure) + "\n");
    context.Out(context.Text("msg.lexicon_tested", counts) + "\n");
  } else {
    Sheet sheet;
    sheet.single = true;
    sheet.columns = {{.key = "examples"}, {.key = "failures"}};
    sheet.rows.push_back(Row{.cells = {SameCell(std::to_string(answer->example_count())),
                                       SameCell(std::to_string(answer->failure_count()))},
                             .value = Value::FromMessage(*answer, context.look().zone()),
                             .name = "lexicon"});
    HW_RETURN_IF_ERROR(context.Print(sheet));
  }
  if (answer->failure_count() == 0) return absl::OkStatus();
  return Problem(ExitCode::kError, "err.lexicon.failed", counts);
}

absl::Status CommandLexiconRescreen(Context& context) {
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Order order =
      MakeOrder(**daemon, "RescreenNames", v1::RescreenNamesRequest(), &Client::RescreenNames);
  order.target = "lexicon";
  order.least_level = 1;
  return GiveOrder(context, order);
}

absl::Status CommandTextExplain(Context& context) {
  v1::ExplainTextRequest request;
  const std::string words = Join(context.args().positionals(), " ");
  request.set_text(words);
  v1::LexiconSurface surface = v1::LEXICON_SURFACE_NAMES;
  HW_RETURN_IF_ERROR(ReadSurface(context, v1::LEXICON_SURFACE_NAMES, &surface));
  request.set_surface(surface);
  const absl::StatusOr<Client*> daemon = PatientDaemon(context);
  if (!daemon.ok()) return daemon.status();
  const auto answer = (*daemon)->ExplainText(request);
  if (!answer.ok()) return answer.status();
  if (context.for_people()) {
    context.Out(ReadingText(*answer, context.catalogue()));
    return absl::OkStatus();
  }
  Sheet sheet;
  sheet.single = true;
  sheet.columns = {{.key = "verdict_word"}, {.key = "text"}};
  sheet.rows.push_back(Row{.cells = {SameCell(VerdictWord(answer->verdict(), context.catalogue())),
                                     SameCell(Guard(words))},
                           .value = Value::FromMessage(*answer, context.look().zone()),
                           .name = "text"});
  return context.Print(sheet);
}

}  // namespace hallwarden::gmctl
