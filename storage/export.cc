// The canonical text of everything that was decided.
#include "storage/key.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

using Line = std::function<void(std::string_view)>;

// Names with anything but plain characters escaped, so that a line stays a line.
std::string Plain(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte > 0x20 && byte < 0x7f && c != '\\') {
      plain.push_back(c);
    } else {
      plain.append("\\x");
      plain.push_back(kDigits[byte >> 4]);
      plain.push_back(kDigits[byte & 0xf]);
    }
  }
  return plain.empty() ? "-" : plain;
}

// A row: its head line, then its message's lines, each led by the head's first two words.
class Row {
 public:
  Row(std::string_view table, std::string_view name, const Line& line)
      : head_(std::string(table) + " " + Plain(name)), line_(line) {}

  void Head(const std::string& rest) const { line_(rest.empty() ? head_ : head_ + " " + rest); }

  void Message(const google::protobuf::Message& message) const {
    const std::string text = CanonicalText(message);
    std::string_view left = text;
    while (!left.empty()) {
      const std::size_t end = left.find('\n');
      line_(head_ + ": " + std::string(left.substr(0, end)));
      if (end == std::string_view::npos) break;
      left.remove_prefix(end + 1);
    }
  }

 private:
  std::string head_;
  const Line& line_;
};

std::string Number(std::string_view name, std::int64_t value) {
  return std::string(name) + "=" + std::to_string(value);
}

std::string Place(std::string_view key) {
  KeyReader in(key);
  const std::uint64_t position = in.U64();
  const std::uint32_t ordinal = in.U32();
  return std::to_string(position) + "-" + std::to_string(ordinal);
}

void ExportAnswer(const StoredAnswer& answer, const Line& line) {
  const Row row("answer", answer.answer.principal + "/" + answer.answer.request_id, line);
  row.Head(Number("position", static_cast<std::int64_t>(answer.position)) + " " +
           Number("expire_us", answer.answer.expire_us));
  if (answer.answer.refusal.has_value()) {
    const Refusal& refusal = *answer.answer.refusal;
    row.Head(Number("refusal", refusal.code) + " " + Plain(refusal.reason) + " " +
             Plain(refusal.message));
    for (const auto& [key, value] : refusal.metadata)
      row.Head(Plain(key) + "=" + Plain(value));
  }
  row.Message(answer.answer.response);
}

}  // namespace

template <class Stored, class Write>
absl::Status StoreImpl::ExportRows(const KeyRange& range, const Snapshot& snapshot,
                                   const Write& write) const {
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      range,
      [&](std::string_view key, std::string_view value) {
        Stored row;
        failed = codec_.Decode({range.family, std::string(key)}, value, &row);
        if (failed.ok()) write(key, row);
        return failed.ok();
      },
      &snapshot);
  return scanned.ok() ? failed : scanned;
}

absl::Status StoreImpl::ExportTables(const Snapshot& snapshot, const Line& line) const {
  const auto table = [](Table which) {
    return KeyRange::Prefix(Family::kTables, RowKey(which, {}));
  };
  absl::Status status = ExportRows<SanctionRow>(
      table(Table::kSanction), snapshot, [&](std::string_view, const SanctionRow& stored) {
        Row("sanction", stored.sanction.name(), line).Message(stored.sanction);
      });
  if (!status.ok()) return status;
  status = ExportRows<CaseRow>(table(Table::kCase), snapshot,
                               [&](std::string_view, const CaseRow& stored) {
                                 Row("case", stored.opened.name(), line).Message(stored.opened);
                               });
  if (!status.ok()) return status;
  status = ExportRows<AppealRow>(table(Table::kAppeal), snapshot,
                                 [&](std::string_view, const AppealRow& stored) {
                                   Row("appeal", stored.appeal.name(), line).Message(stored.appeal);
                                 });
  if (!status.ok()) return status;
  status = ExportRows<v1::Note>(table(Table::kNote), snapshot,
                                [&](std::string_view, const v1::Note& note) {
                                  Row("note", note.name(), line).Message(note);
                                });
  if (!status.ok()) return status;
  status = ExportRows<PutFinding>(
      table(Table::kFinding), snapshot, [&](std::string_view key, const PutFinding& stored) {
        const Row row("finding", Place(key.substr(key.size() - 12)), line);
        row.Head("rule=" + Plain(stored.rule) + (stored.shadow ? " shadow" : ""));
        row.Message(stored.finding);
      });
  if (!status.ok()) return status;
  // Secrets are random: two runs never have the same.
  status = ExportRows<StoredToken>(table(Table::kToken), snapshot,
                                   [&](std::string_view, const StoredToken& stored) {
                                     Row("token", stored.token.name(), line).Message(stored.token);
                                   });
  if (!status.ok()) return status;
  status = ExportRows<v1::PartnerSpan>(table(Table::kPartner), snapshot,
                                       [&](std::string_view, const v1::PartnerSpan& span) {
                                         Row("partner", span.account(), line).Message(span);
                                       });
  if (!status.ok()) return status;
  return ExportRows<StoredPolicy>(table(Table::kPolicy), snapshot,
                                  [&](std::string_view key, const StoredPolicy& stored) {
                                    const Row row("policy", Place(key.substr(1)), line);
                                    row.Head("artefact=" + Plain(stored.policy.artefact) +
                                             " revision=" + Plain(stored.policy.revision) + " " +
                                             Number("activate_us", stored.policy.activate_us));
                                    row.Message(stored.policy.actor);
                                  });
}

absl::Status StoreImpl::ExportServers(const Snapshot& snapshot, const Line& line) const {
  const absl::StatusOr<std::vector<std::pair<std::string, ServerRow>>> servers = Servers(&snapshot);
  if (!servers.ok()) return servers.status();
  for (const auto& [server, row] : *servers) {
    Row("server", server, line)
        .Head(Number("last_directive_seq", row.state.last_directive_seq) + " " +
              Number("unanswered", row.state.unanswered) + " " +
              Number("retired", row.state.retired ? 1 : 0) + " " +
              Number("rejected_events", row.state.rejected_events));
  }
  return ExportRows<DirectiveRow>(
      KeyRange::Prefix(Family::kDirectives, {}), snapshot,
      [&](std::string_view key, const DirectiveRow& stored) {
        KeyReader in(key);
        const std::string server = in.Name();
        const Row row("directive", server + "/" + std::to_string(in.I64()), line);
        row.Head(Number("outcome", stored.outcome) + " " + Number("result_us", stored.result_us) +
                 " detail=" + Plain(stored.detail));
        row.Message(stored.directive);
      });
}

absl::Status StoreImpl::Export(const Line& line) {
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  line(Number("history_epoch", history_epoch_));
  const absl::StatusOr<std::vector<SourcePosition>> sources = Sources();
  if (!sources.ok()) return sources.status();
  for (const SourcePosition& source : *sources) {
    Row("source", source.source, line)
        .Head(Number("durable_seq", static_cast<std::int64_t>(source.durable_seq)) + " " +
              Number("session_epoch", source.session_epoch));
  }
  if (absl::Status status = ExportTables(snapshot, line); !status.ok()) return status;
  if (absl::Status status = ScanGate(
          [&](const v1::GateEntry& entry) { Row("gate", entry.account(), line).Message(entry); });
      !status.ok()) {
    return status;
  }
  if (absl::Status status = ExportServers(snapshot, line); !status.ok()) return status;
  const absl::StatusOr<std::vector<Timer>> timers = Timers();
  if (!timers.ok()) return timers.status();
  for (const Timer& timer : *timers) {
    Row("timer", std::to_string(timer.due_us), line)
        .Head(Number("entity", static_cast<int>(timer.entity.kind)) + "/" + ToHex(timer.entity.id) +
              " " + Number("kind", timer.kind) + " " + Number("payload", timer.payload) +
              " account=" + Plain(timer.account));
  }
  absl::Status status =
      ExportRows<v1::AuditRecord>(KeyRange::Prefix(Family::kAudit, {}), snapshot,
                                  [&](std::string_view, const v1::AuditRecord& record) {
                                    Row("audit", record.name(), line).Message(record);
                                  });
  if (!status.ok()) return status;
  return ExportRows<StoredAnswer>(
      KeyRange::Prefix(Family::kAnswers, {}), snapshot,
      [&](std::string_view, const StoredAnswer& answer) { ExportAnswer(answer, line); });
}

}  // namespace hallwarden::storage
