// who, history, note add
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/dossier_view.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/targets.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {

absl::Status CommandWho(Context& context) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::GetAccountRequest request;
  request.set_name(AccountName(*id));
  const absl::StatusOr<v1::Account> account = (*daemon)->GetAccount(request);
  if (!account.ok()) return account.status();
  if (context.for_people() && !context.args().Has("fields")) {
    context.Out(PrintPairs(Dossier(*account, context.look())));
    return absl::OkStatus();
  }
  Sheet sheet = AccountSheet();
  sheet.single = true;
  AddRow(sheet, *account, context.look());
  return context.Print(sheet);
}

absl::Status CommandHistory(Context& context) {
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  v1::ListTimelineRequest request;
  request.set_parent(AccountName(*id));
  if (context.args().Has("kind")) {
    const auto kinds = ReadWords(Vocabulary::kTimelineKind, context.args().Get("kind"));
    if (!kinds.ok()) return kinds.status();
    for (const int kind : *kinds)
      request.add_kinds(static_cast<v1::TimelineKind>(kind));
  }
  if (context.args().Has("since")) {
    const auto since =
        ParseSince(context.args().Get("since"), context.manner().zone, context.look().now());
    if (!since.ok()) return since.status();
    ToProto(*since, *request.mutable_since_time());
  }
  return PrintPages(
      context, TimelineSheet(), request, &Client::ListTimeline,
      [](const auto& page) -> const auto& { return page.entries(); });
}

absl::Status CommandNoteAdd(Context& context) {
  constexpr std::size_t kLongestNote = 4096;
  const absl::StatusOr<std::string> id = ResolveAccount(context, context.args().At(0));
  if (!id.ok()) return id.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const std::vector<std::string>& words = context.args().positionals();
  std::string note = Join({words.begin() + 1, words.end()}, " ");
  if (note == "-") note = std::string(Trim(context.world().console.ReadAll(kLongestNote + 1)));
  if (note.empty() || note.size() > kLongestNote) {
    return UsageProblem("err.note.length", {{"limit", std::to_string(kLongestNote)}});
  }
  v1::CreateNoteRequest request;
  request.set_parent(AccountName(*id));
  request.set_text(note);
  Order order = MakeOrder(**daemon, "CreateNote", request, &Client::CreateNote);
  order.target = *id;
  return GiveOrder(context, order);
}

}  // namespace hallwarden::gmctl
