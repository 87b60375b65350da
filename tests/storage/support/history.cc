#include "tests/storage/support/history.h"

#include <charconv>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "storage/format.h"
#include "storage/key.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint64_t kCells = 20;
constexpr std::uint64_t kAccounts = 5;
constexpr std::uint64_t kSealedEvery = 3;
constexpr std::uint64_t kSanctionEvery = 7;
constexpr std::uint64_t kCaseEvery = 14;
constexpr std::uint64_t kAnswerEvery = 21;
constexpr std::uint64_t kNoteEvery = 35;
constexpr std::uint64_t kGateEvery = 49;
constexpr std::uint64_t kAuditEvery = 70;

std::string PayloadOf(std::uint64_t position) {
  return "payload " + std::to_string(position) + std::string(position % 700, 'x');
}
std::string AccountOf(std::uint64_t position) {
  return "a" + std::to_string(position % kAccounts);
}
std::string SecretOf(std::uint64_t position) {
  return "secret " + std::to_string(position);
}
EntityKey CellOf(std::uint64_t i) {
  return {CellKind::kAccount, {i, i}};
}

void AddSanction(std::uint64_t position, GroupBuilder* group) {
  const std::string id = std::to_string(position);
  group->With(PutSanction{MakeSanction(id, AccountOf(position), "words " + id)});
  group->With(
      SendDirective{"hall-1", MakeDirective(static_cast<std::int64_t>(position / kSanctionEvery),
                                            AccountOf(position), "sanctions/" + id)});
}

void AddAudit(std::uint64_t position, GroupBuilder* group) {
  Audit audit;
  audit.record.mutable_actor()->set_principal("gm-li");
  audit.record.set_account(AccountOf(position));
  audit.record.set_peer("192.0.2.1");
  group->With(std::move(audit));
  group->With(
      MakeAnswer("gm-li", "request-" + std::to_string(position), TestTime(position + 1'000'000)));
}

void AddRecord(Store* store, std::uint64_t position, GroupBuilder* group) {
  JournalEntry entry;
  entry.source = "hall-1";
  entry.source_seq = position;
  entry.payload = PayloadOf(position);
  if (position % kSealedEvery == 0) {
    entry.sealed_account = AccountOf(position);
    entry.sealed = *store->vault().Seal(entry.sealed_account, SealContext("hall-1", position),
                                        SecretOf(position));
  }
  group->Add(std::move(entry));
  if (position % kSanctionEvery == 0) AddSanction(position, group);
  if (position % kCaseEvery == 0) {
    group->With(PutCase{MakeCase(std::to_string(position), AccountOf(position))});
  }
  if (position % kAnswerEvery == 0) {
    AnswerDirective answer{"hall-1", {}, TestTime(position)};
    answer.result.set_directive_seq(static_cast<std::int64_t>(position / kAnswerEvery));
    answer.result.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
    group->With(std::move(answer));
  }
  if (position % kNoteEvery == 0) {
    PutNote note;
    note.note.set_name("notes/" + std::to_string(position));
    note.note.set_account(AccountOf(position));
    note.note.set_text("note " + std::to_string(position));
    group->With(std::move(note));
  }
  if (position % kGateEvery == 0) {
    PutGate gate;
    gate.entry.set_account(AccountOf(position));
    gate.entry.set_account_revision(static_cast<std::int64_t>(position));
    group->With(std::move(gate));
  }
  if (position % kAuditEvery == 0) AddAudit(position, group);
}

std::string Differs(std::string_view what, std::uint64_t is, std::uint64_t wanted) {
  return std::string(what) + " is " + std::to_string(is) + ", not " + std::to_string(wanted);
}

std::string CheckEntry(Store* store, const JournalEntry& entry, std::uint64_t expected) {
  const std::string at = " at " + std::to_string(expected);
  if (entry.position != expected) return Differs("position", entry.position, expected);
  if (entry.payload != PayloadOf(expected)) return "payload" + at;
  if ((expected % kSealedEvery == 0) == entry.sealed.empty()) return "sealed part" + at;
  if (entry.sealed.empty()) return {};
  const absl::StatusOr<std::string> plain =
      store->vault().Unseal(entry.sealed_account, SealContext("hall-1", expected), entry.sealed);
  if (!plain.ok()) return plain.status().ToString() + at;
  return *plain == SecretOf(expected) ? std::string() : "sealed text" + at;
}

}  // namespace

Group History::NextGroup(Store* store, std::uint64_t size) {
  GroupBuilder group(store->last_position() + 1);
  for (std::uint64_t i = 0; i < size; ++i)
    AddRecord(store, group.position() + 1, &group);
  Group made = group.Take();
  made.positions.push_back({"hall-1", made.entries.back().position, 1});
  return made;
}

absl::Status History::WriteCheckpoint(Store* store, std::uint64_t at) {
  std::vector<EncodedCell> cells;
  for (std::uint64_t i = 0; i < kCells; ++i)
    cells.push_back({CellOf(i), Key().U64(at).Take()});
  const std::vector<StoredPosting> postings = {MakePosting(at, 0, "a1", std::to_string(at))};
  return store->WriteCheckpoint(at, cells, postings);
}

std::string History::CheckJournal(Store* store) {
  std::uint64_t expected = 1;
  std::string wrong;
  const absl::Status scanned = store->ScanJournal(1, [&](const StoredGroup& group) {
    for (const JournalEntry& entry : group.entries) {
      if (wrong.empty()) wrong = CheckEntry(store, entry, expected++);
    }
    return wrong.empty();
  });
  if (!scanned.ok()) return scanned.ToString();
  if (!wrong.empty()) return wrong;
  const std::uint64_t last = store->last_position();
  if (expected != last + 1) return Differs("the journal's end", expected - 1, last);
  const absl::StatusOr<std::vector<SourcePosition>> sources = store->Sources();
  if (!sources.ok()) return sources.status().ToString();
  if (last == 0) return {};
  if (sources->size() != 1) return "sources";
  return sources->front().durable_seq == last
             ? std::string()
             : Differs("durable_seq", sources->front().durable_seq, last);
}

std::string History::CheckDecisions(Store* store) {
  const std::uint64_t last = store->last_position();
  const absl::StatusOr<Page<v1::Sanction>> sanctions = store->ListSanctions("", 1'000'000, "");
  if (!sanctions.ok()) return sanctions.status().ToString();
  std::uint64_t position = last / kSanctionEvery * kSanctionEvery;
  if (sanctions->items.size() != last / kSanctionEvery) {
    return Differs("number of sanctions", sanctions->items.size(), last / kSanctionEvery);
  }
  for (const v1::Sanction& sanction : sanctions->items) {
    const std::string id = std::to_string(position);
    if (sanction.name() != "sanctions/" + id ||
        sanction.finding().evidence(0).text() != "words " + id) {
      return "sanction " + id;
    }
    position -= kSanctionEvery;
  }
  const absl::StatusOr<std::vector<v1::Directive>> open = store->ReadOutbox("hall-1", 0, 1'000'000);
  if (!open.ok()) return open.status().ToString();
  const std::uint64_t unanswered = last / kSanctionEvery - last / kAnswerEvery;
  if (open->size() != unanswered) return Differs("outbox", open->size(), unanswered);
  std::int64_t seq = static_cast<std::int64_t>(last / kAnswerEvery);
  for (const v1::Directive& directive : *open) {
    if (directive.directive_seq() != ++seq) return "directive " + std::to_string(seq);
  }
  const absl::StatusOr<Page<v1::Case>> cases = store->ListCases("", true, 1'000'000, "");
  if (!cases.ok()) return cases.status().ToString();
  if (cases->items.size() != last / kCaseEvery) {
    return Differs("cases", cases->items.size(), last / kCaseEvery);
  }
  const absl::StatusOr<Page<v1::AuditRecord>> audit = store->ListAudit({}, 1'000'000, "");
  if (!audit.ok()) return audit.status().ToString();
  if (audit->items.size() != last / kAuditEvery) {
    return Differs("audit records", audit->items.size(), last / kAuditEvery);
  }
  std::map<std::string, std::int64_t> revisions;
  for (std::uint64_t at = kGateEvery; at <= last; at += kGateEvery)
    revisions[AccountOf(at)] = static_cast<std::int64_t>(at);
  std::map<std::string, std::int64_t> found;
  const absl::Status gate = store->ScanGate(
      [&](const v1::GateEntry& entry) { found[entry.account()] = entry.account_revision(); });
  if (!gate.ok()) return gate.ToString();
  return found == revisions ? std::string() : "gate";
}

std::string History::CheckCheckpoint(Store* store) {
  const std::uint64_t at = store->checkpoint_position();
  if (at == 0) return {};
  if (at > store->last_position()) return "the checkpoint lies behind the journal's end";
  std::vector<EntityKey> keys;
  for (std::uint64_t i = 0; i < kCells; ++i)
    keys.push_back(CellOf(i));
  std::vector<std::string> cells;
  store->cells().Load(keys, &cells);
  for (const std::string& cell : cells) {
    if (cell != Key().U64(at).bytes()) return "a cell is not of the checkpoint";
  }
  const absl::StatusOr<Page<StoredPosting>> postings = store->ListPostings("a1", 0, 1, "");
  if (!postings.ok()) return postings.status().ToString();
  return postings->items.size() == 1 && postings->items.front().position == at
             ? std::string()
             : "the last posting is not of the checkpoint";
}

std::string History::Check(Store* store) {
  std::string wrong = CheckJournal(store);
  if (wrong.empty()) wrong = CheckDecisions(store);
  if (wrong.empty()) wrong = CheckCheckpoint(store);
  return wrong;
}

absl::StatusOr<std::string> ExportText(Store* store) {
  std::string text;
  absl::Status status =
      store->Export([&](std::string_view line) { text.append(line).push_back('\n'); });
  if (!status.ok()) return status;
  return text;
}

int CountFromEnvironment(const char* name, int otherwise) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread of the test
  const char* const text = std::getenv(name);
  if (text == nullptr) return otherwise;
  const std::string_view digits(text);
  int count = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return parsed.ec == std::errc() && count > 0 ? count : otherwise;
}

}  // namespace hallwarden::storage
