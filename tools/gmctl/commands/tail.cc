// tail
#include <algorithm>
#include <string>
#include <utility>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kMostBacklog = 1000;
constexpr absl::Duration kFirstPause = absl::Milliseconds(500);
constexpr absl::Duration kLastPause = absl::Seconds(15);
// A stream that lived this long was a connection, with or without entries.
constexpr absl::Duration kWasConnected = absl::Seconds(2);

// Prints entries one by one as they come.
class TailPrinter {
 public:
  explicit TailPrinter(Context& context)
      : context_(context), style_(context.manner().sheet), sheet_(TailSheet()) {
    // A list has no end here: each entry is a document of its own.
    if (style_.format == Format::kJson) style_.format = Format::kJsonLines;
    if (IsForPeople(style_.format)) style_.header = false;
  }

  // False: nobody reads any more, or the fields make no sense (see status()).
  bool Print(const v1::TailResponse& entry) {
    sheet_.rows.clear();
    if (IsForPeople(style_.format) && style_.fields.empty()) return context_.Out(HumanLine(entry));
    AddRow(sheet_, entry, context_.look());
    absl::StatusOr<std::string> text = PrintSheet(sheet_, style_, context_.catalogue());
    if (!text.ok()) {
      status_ = text.status();
      return false;
    }
    if (style_.format == Format::kYaml) *text = "---\n" + *text;
    style_.header = false;
    return context_.Out(*text, style_.format == Format::kTsv);
  }

  [[nodiscard]] const absl::Status& status() const { return status_; }

 private:
  // Nothing is aligned in a stream: what comes next is not known.
  std::string HumanLine(const v1::TailResponse& response) {
    const Look& look = context_.look();
    const v1::TimelineEntry& entry = response.entry();
    const Catalogue& text = look.catalogue();
    std::string line = Cat(
        {Tinted(kTintDim, MomentCell(entry.has_create_time(), entry.create_time(), look).human),
         "  ", Tinted(kTintBold, Guard(response.account())), "  ",
         WordFor(Vocabulary::kTimelineKind, entry.kind(), text), "  ", text.Text(entry.summary())});
    if (!entry.text().empty()) line += Cat({"  \"", EscapePlayerText(entry.text()), "\""});
    if (!entry.resource().empty()) line += Cat({"  ", ShortId(entry.resource())});
    const std::string who = ActorWord(entry.actor(), look);
    if (!who.empty()) line += Cat({"  (", who, ")"});
    return line + "\n";
  }

  Context& context_;
  SheetStyle style_;
  Sheet sheet_;
  absl::Status status_;
};

absl::Status ReadFilter(Context& context, v1::TailRequest& request) {
  const Args& args = context.args();
  if (args.Has("follow") && args.Has("no-follow")) {
    return UsageProblem("err.args.exclusive", {{"flags", "--follow, --no-follow"}});
  }
  constexpr int kUsualBacklog = 10;
  const absl::StatusOr<int> backlog = ReadCount(context, "backlog", 0, kMostBacklog, kUsualBacklog);
  if (!backlog.ok()) return backlog.status();
  request.set_backlog(*backlog);
  request.set_no_follow(args.Has("no-follow"));
  request.set_resume_token(args.Get("resume"));
  if (args.Has("kind")) {
    const auto kinds = ReadWords(Vocabulary::kTimelineKind, args.Get("kind"));
    if (!kinds.ok()) return kinds.status();
    for (const int kind : *kinds)
      request.add_kinds(static_cast<v1::TimelineKind>(kind));
  }
  if (args.Has("player")) {
    const absl::StatusOr<std::string> account = ResolveAccount(context, args.Get("player"));
    if (!account.ok()) return account.status();
    request.set_account(*account);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CommandTail(Context& context) {
  v1::TailRequest request;
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  HW_RETURN_IF_ERROR(ReadFilter(context, request));
  TailPrinter printer(context);
  Clock& clock = context.world().clock;
  const absl::Time begin = clock.Now();
  const bool only_new = request.backlog() == 0 && request.resume_token().empty();
  bool connected = false;
  bool reading = true;
  bool blind = false;  // Lost before the first entry: there is no token to continue from.
  absl::Duration pause = kFirstPause;
  while (true) {
    const absl::Time opened = clock.Now();
    absl::Status status = (*daemon)->Tail(request, [&](const v1::TailResponse& entry) {
      // A server that begins with the entry it was asked to continue after must not repeat a line.
      const bool repeated =
          !entry.resume_token().empty() && entry.resume_token() == request.resume_token();
      connected = true;
      pause = kFirstPause;
      if (repeated) return true;
      if (blind && only_new && FromProto(entry.entry().create_time()) < begin) return true;
      blind = false;
      request.set_resume_token(entry.resume_token());
      reading = printer.Print(entry);
      return reading;
    });
    if (!printer.status().ok()) return printer.status();
    if (!reading) return absl::OkStatus();
    if (status.ok() && request.no_follow()) return absl::OkStatus();
    const bool lost = status.ok() || status.code() == absl::StatusCode::kUnavailable;
    if (!lost) return status;
    connected = connected || status.ok() || clock.Now() - opened >= kWasConnected;
    if (!connected && clock.Now() - begin >= (*daemon)->patience()) return status;
    if (connected && request.resume_token().empty()) {
      // No entry yet, so whatever there is now is new, but for what is older than this command.
      blind = true;
      request.set_backlog(kMostBacklog);
    }
    if (connected && pause == kFirstPause) context.Talk(context.Text("msg.tail_lost"));
    clock.Sleep(pause);
    pause = std::min(pause * 2, kLastPause);
  }
}

}  // namespace hallwarden::gmctl
