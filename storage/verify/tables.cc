// Rows: each decodes, is called what its key says, and has its index entries.
#include "rules/base/siphash.h"
#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

std::string ByAccount(Index index, std::string_view account, std::uint64_t position,
                      std::uint32_t ordinal) {
  return Key(Byte(index)).Name(account).U64(position).U32(ordinal).Take();
}
std::string ByPlace(Index index, std::uint64_t position, std::uint32_t ordinal) {
  return Key(Byte(index)).U64(position).U32(ordinal).Take();
}

template <class Row>
void CheckIndexed(Verifier* verifier, const std::string& where,
                  const std::vector<IndexEntry>& entries) {
  for (const IndexEntry& entry : entries) {
    const std::optional<std::string> value = verifier->Get(Family::kIndex, entry.key);
    if (!value.has_value()) {
      verifier->Problem(where, "is not in " + Where(Family::kIndex, entry.key));
    } else if (*value != entry.value) {
      verifier->Problem(where, "another row stands at " + Where(Family::kIndex, entry.key));
    }
  }
}

// Rows of a table by name: `name_of(row)` must be what the key says.
template <class Row, class NameOf>
void CheckNamed(Verifier* verifier, Table table, const NameOf& name_of) {
  verifier->Scan(Family::kTables, RowKey(table, {}),
                 [&](std::string_view key, std::string_view value) {
                   const std::string where = Where(Family::kTables, key);
                   Row row;
                   if (!verifier->Decode({Family::kTables, std::string(key)}, value, where, &row)) {
                     return;
                   }
                   if (name_of(row) != key.substr(1)) {
                     verifier->Problem(where, "holds " + name_of(row));
                   }
                   if constexpr (requires { IndexOf(row); }) {
                     CheckIndexed<Row>(verifier, where, IndexOf(row));
                   }
                 });
}

void CheckFindings(Verifier* verifier) {
  verifier->Scan(Family::kTables, Key(Byte(Table::kFinding)).Take(),
                 [&](std::string_view key, std::string_view value) {
                   const std::string where = Where(Family::kTables, key);
                   PutFinding row;
                   if (!verifier->Decode({Family::kTables, std::string(key)}, value, where, &row)) {
                     return;
                   }
                   KeyReader in(key.substr(1));
                   if (in.Name() != row.finding.account()) {
                     verifier->Problem(where, "is about " + row.finding.account());
                   }
                 });
}

void CheckPartners(Verifier* verifier) {
  verifier->Scan(Family::kTables, Key(Byte(Table::kPartner)).Take(),
                 [&](std::string_view key, std::string_view value) {
                   const std::string where = Where(Family::kTables, key);
                   v1::PartnerSpan row;
                   if (!verifier->Decode({Family::kTables, std::string(key)}, value, where, &row))
                     return;
                   const std::string expected = Key(Byte(Table::kPartner))
                                                    .Name(row.account())
                                                    .I64(ToMicros(row.begin_time()))
                                                    .Name(row.channel())
                                                    .Take();
                   if (expected != key) verifier->Problem(where, "holds a row of another key");
                   CheckIndexed<v1::PartnerSpan>(verifier, where, IndexOf(row));
                 });
}

// A note's place is in its index alone: rows and entries are compared as sets, by a sum of hashes.
void CheckNotes(Verifier* verifier) {
  constexpr SipKey kSumKey{1, 2};
  std::uint64_t rows = 0;
  std::uint64_t entries = 0;
  CheckNamed<v1::Note>(verifier, Table::kNote, [&](const v1::Note& row) -> const std::string& {
    rows += SipHash64(kSumKey, row.name());
    return row.name();
  });
  verifier->Scan(
      Family::kIndex, Key(Byte(Index::kNotesByAccount)).Take(),
      [&](std::string_view, std::string_view name) { entries += SipHash64(kSumKey, name); });
  if (rows != entries) verifier->Problem("tables note", "the notes and their index differ");
}

// Rows of a family of their own, with index entries.
template <class Row>
void CheckFamily(Verifier* verifier, Family family) {
  verifier->Scan(family, {}, [&](std::string_view key, std::string_view value) {
    const std::string where = Where(family, key);
    Row row;
    if (!verifier->Decode({family, std::string(key)}, value, where, &row)) return;
    CheckIndexed<Row>(verifier, where, IndexOf(row, key));
  });
}

void CheckKnownTables(Verifier* verifier) {
  verifier->Scan(Family::kTables, {}, [&](std::string_view key, std::string_view) {
    const auto table = static_cast<std::uint8_t>(key.empty() ? '\0' : key.front());
    if ((table < Byte(Table::kSanction) || table > Byte(Table::kAuditCheckpoint)) &&
        table != Byte(Table::kAppeal)) {
      verifier->Problem(Where(Family::kTables, key), "is a row of no known table");
    }
  });
}

}  // namespace

std::vector<IndexEntry> IndexOf(const SanctionRow& row) {
  const v1::Sanction& sanction = row.sanction;
  return {{ByAccount(Index::kSanctionsByAccount, sanction.account(), row.position, row.ordinal),
           sanction.name()},
          {ByPlace(Index::kSanctions, row.position, row.ordinal), sanction.name()}};
}

std::vector<IndexEntry> IndexOf(const CaseRow& row) {
  const v1::Case& opened = row.opened;
  std::vector<IndexEntry> entries = {
      {ByAccount(Index::kCasesByAccount, opened.account(), row.position, row.ordinal),
       opened.name()},
      {ByPlace(Index::kCases, row.position, row.ordinal), opened.name()}};
  if (opened.state() == v1::CASE_STATE_CLOSED) return entries;
  entries.push_back(
      {ByAccount(Index::kOpenCasesByAccount, opened.account(), row.position, row.ordinal),
       opened.name()});
  entries.push_back({ByPlace(Index::kOpenCases, row.position, row.ordinal), opened.name()});
  // One from before the queue existed has a place since the store was opened for writing.
  if (!opened.queue_key().empty()) entries.push_back({QueueIndexKey(opened), opened.name()});
  return entries;
}

std::vector<IndexEntry> IndexOf(const AppealRow& row) {
  const v1::Appeal& appeal = row.appeal;
  std::vector<IndexEntry> entries = {
      {ByAccount(Index::kAppealsByAccount, appeal.account(), row.position, row.ordinal),
       appeal.name()}};
  const std::string place = QueueIndexKey(appeal);
  if (!place.empty()) entries.push_back({place, appeal.name()});
  return entries;
}

std::vector<IndexEntry> IndexOf(const v1::AuditRecord& row, std::string_view key) {
  std::vector<IndexEntry> entries = {
      {Key(Byte(Index::kAuditByPrincipal)).Name(row.actor().principal()).Raw(key).Take(), {}}};
  if (!row.account().empty()) {
    entries.push_back({Key(Byte(Index::kAuditByAccount)).Name(row.account()).Raw(key).Take(), {}});
  }
  return entries;
}

std::vector<IndexEntry> IndexOf(const v1::PartnerSpan& row) {
  return {{Key(Byte(Index::kPartnersByChannel))
               .Name(row.channel())
               .Name(row.account())
               .I64(ToMicros(row.begin_time()))
               .Take(),
           {}}};
}

std::vector<IndexEntry> IndexOf(const DirectiveRow& row, std::string_view key) {
  if (row.directive.cause().empty()) return {};
  return {{Key(Byte(Index::kDirectivesByCause)).Name(row.directive.cause()).Raw(key).Take(), {}}};
}

std::vector<IndexEntry> IndexOf(const StoredAnswer& row, std::string_view key) {
  return {{Key(Byte(Index::kAnswersByExpiry)).I64(row.answer.expire_us).Raw(key).Take(), {}}};
}

void VerifyTables(Verifier* verifier) {
  verifier->Begin("tables");
  CheckKnownTables(verifier);
  CheckNamed<SanctionRow>(verifier, Table::kSanction,
                          [](const SanctionRow& row) { return row.sanction.name(); });
  CheckNamed<CaseRow>(verifier, Table::kCase, [](const CaseRow& row) { return row.opened.name(); });
  CheckNamed<AppealRow>(verifier, Table::kAppeal,
                        [](const AppealRow& row) { return row.appeal.name(); });
  CheckNamed<StoredToken>(verifier, Table::kToken,
                          [](const StoredToken& row) { return row.token.name(); });
  CheckNotes(verifier);
  CheckFindings(verifier);
  CheckPartners(verifier);
  CheckFamily<v1::AuditRecord>(verifier, Family::kAudit);
  CheckFamily<DirectiveRow>(verifier, Family::kDirectives);
  CheckFamily<StoredAnswer>(verifier, Family::kAnswers);
}

}  // namespace hallwarden::storage
