// audit verify: the chain, recomputed here from what the daemon serves.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/audit/chain.h"
#include "tools/audit/checkpoint.h"
#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

using audit::Finding;

constexpr std::size_t kCheckpointsBytesMax = std::size_t{256} << 20U;
constexpr std::size_t kKeyBytesMax = std::size_t{16} << 10U;
constexpr int kPage = 1000;

absl::StatusOr<std::vector<v1::AuditCheckpoint>> ReadKept(const std::string& path) {
  if (path.empty()) return std::vector<v1::AuditCheckpoint>();
  const absl::StatusOr<std::string> text = ReadFile(path, kCheckpointsBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::vector<v1::AuditCheckpoint>> kept = audit::ParseCheckpoints(*text);
  if (kept.ok()) return kept;
  return UsageProblem("err.audit.file",
                      {{"path", path}, {"why", std::string(kept.status().message())}});
}

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  if (path.empty()) return std::string();
  const absl::StatusOr<std::string> text = ReadFile(path, kKeyBytesMax);
  if (!text.ok()) return text.status();
  absl::StatusOr<std::string> key = audit::PublicKeyFromPem(*text);
  if (!key.ok()) return UsageProblem("err.audit.key", {{"path", path}});
  return key;
}

std::string_view KeyOf(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::kChanged:
      return "audit.changed";
    case Finding::Kind::kMalformed:
      return "audit.malformed";
    case Finding::Kind::kCut:
      return "audit.cut";
    case Finding::Kind::kRewritten:
      return "audit.rewritten";
    case Finding::Kind::kOtherStore:
      return "audit.other_store";
    case Finding::Kind::kNotSigned:
      return "audit.not_signed";
    case Finding::Kind::kOtherKey:
      return "audit.other_key";
  }
  return {};
}

// Keeps the line, behind those that are there.
absl::Status SaveLine(const std::string& path, const v1::AuditCheckpoint& now) {
  std::string text;
  if (FileExists(path)) {
    absl::StatusOr<std::string> old = ReadFile(path, kCheckpointsBytesMax);
    if (!old.ok()) return old.status();
    text = *std::move(old);
  }
  const std::string line = audit::CheckpointLine(now) + "\n";
  if (text.find(line) != std::string::npos) return absl::OkStatus();
  return WritePrivateFile(path, text + line, Durability::kOnDisk);
}

absl::Status Broken(Context& context, const audit::ChainCheck& check) {
  for (const Finding& finding : check.findings()) {
    context.Talk(context.Text(KeyOf(finding.kind),
                              {{"record", finding.record},
                               {"time", context.look().Moment(finding.kept.create_time())},
                               {"count", std::to_string(finding.kept.size())},
                               {"size", std::to_string(check.size())},
                               {"origin", Guard(finding.kept.origin())},
                               {"key", audit::Hex(finding.kept.key())}}));
  }
  return Problem(ExitCode::kError, "err.audit.broken",
                 {{"count", std::to_string(check.findings().size())}});
}

absl::Status Whole(Context& context, const audit::ChainCheck& check,
                   const v1::AuditCheckpoint& now, std::size_t kept) {
  const std::string& path = context.args().Get("save");
  if (!path.empty()) HW_RETURN_IF_ERROR(SaveLine(path, now));
  const auto met = static_cast<std::int64_t>(kept) - check.given_up();
  if (met > 0) context.Talk(context.Text("msg.audit_met", {{"count", std::to_string(met)}}));
  if (check.given_up() > 0) {
    context.Talk(
        context.Text("msg.audit_given_up", {{"count", std::to_string(check.given_up())}}));
  }
  if (!path.empty()) context.Talk(context.Text("msg.audit_saved", {{"path", path}}));
  const std::string line = audit::CheckpointLine(now);
  if (context.for_people() && !context.args().Has("fields")) {
    context.Talk(context.Text("msg.audit_whole",
                              {{"size", std::to_string(check.size())},
                               {"signed", std::to_string(now.size())},
                               {"key", audit::Hex(now.key())},
                               {"time", context.look().Moment(now.create_time())}}));
    context.Out(line + "\n");
    return absl::OkStatus();
  }
  Sheet sheet{.columns = {{.key = "records"},
                          {.key = "signed"},
                          {.key = "head"},
                          {.key = "signer"},
                          {.key = "checkpoint"}},
              .rows = {},
              .single = true};
  sheet.rows.push_back(Row{.cells = {SameCell(std::to_string(check.size())),
                                     SameCell(std::to_string(now.size())),
                                     SameCell(audit::Hex(check.head())),
                                     SameCell(audit::Hex(now.key())), SameCell(line)},
                           .value = Value::FromMessage(now, context.look().zone()),
                           .name = line});
  return context.Print(sheet);
}

}  // namespace

absl::Status CommandAuditVerify(Context& context) {
  const absl::StatusOr<std::vector<v1::AuditCheckpoint>> kept =
      ReadKept(context.args().Get("against"));
  if (!kept.ok()) return kept.status();
  const absl::StatusOr<std::string> key = ReadKey(context.args().Get("key"));
  if (!key.ok()) return key.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  v1::ListAuditEntriesRequest request;
  request.set_page_size(kPage);
  std::optional<audit::ChainCheck> check;
  v1::AuditCheckpoint now;
  do {
    const absl::StatusOr<v1::ListAuditEntriesResponse> page = (*daemon)->ListAuditEntries(request);
    if (!page.ok()) return page.status();
    if (!page->has_checkpoint()) return Problem(ExitCode::kUnavailable, "err.audit.unsigned");
    if (!check.has_value()) check.emplace(page->checkpoint().origin(), *kept, *key);
    const bool news = audit::CheckpointLine(now) != audit::CheckpointLine(page->checkpoint());
    now = page->checkpoint();
    if (news) check->Expect(now);
    for (const v1::AuditEntry& entry : page->entries())
      check->Add(entry);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  check->Finish(now);
  if (!check->findings().empty()) return Broken(context, *check);
  return Whole(context, *check, now, kept->size());
}

}  // namespace hallwarden::gmctl
