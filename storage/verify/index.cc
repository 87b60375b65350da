// Index entries: each has its row, and that row wants it.
#include <algorithm>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

class IndexCheck {
 public:
  explicit IndexCheck(Verifier* verifier) : verifier_(verifier) {}

  void Entry(std::string_view key, std::string_view value) {
    key_ = key;
    value_ = value;
    KeyReader in(key);
    const std::uint8_t kind = in.Byte();
    if ((kind < Byte(Index::kSanctionsByAccount) || kind > Byte(Index::kCausedByServer)) &&
        (kind < Byte(Index::kQueue) || kind > Byte(Index::kAppealQueue))) {
      return Wrong("is an entry of no known index");
    }
    switch (static_cast<Index>(kind)) {
      case Index::kSanctionsByAccount:
      case Index::kSanctions:
        return Wanted<SanctionRow>({Family::kTables, RowKey(Table::kSanction, value)});
      case Index::kCasesByAccount:
      case Index::kCases:
      case Index::kOpenCasesByAccount:
      case Index::kOpenCases:
        return Wanted<CaseRow>({Family::kTables, RowKey(Table::kCase, value)});
      case Index::kNotesByAccount:
        return Note(&in);
      case Index::kAuditByAccount:
      case Index::kAuditByPrincipal:
        static_cast<void>(in.Name());
        return Wanted<v1::AuditRecord>({Family::kAudit, std::string(in.Raw())});
      case Index::kPartnersByChannel:
        return Partner(&in);
      case Index::kDirectivesByCause:
        static_cast<void>(in.Name());
        return Wanted<DirectiveRow>({Family::kDirectives, std::string(in.Raw())});
      case Index::kAnswersByExpiry:
        static_cast<void>(in.I64());
        return Wanted<StoredAnswer>({Family::kAnswers, std::string(in.Raw())});
      case Index::kCausedByServer:
        return Caused();
      case Index::kQueue:
        return Queued();
      case Index::kAppealsByAccount:
      case Index::kAppealQueue:
        return Wanted<AppealRow>({Family::kTables, RowKey(Table::kAppeal, value)});
    }
  }

 private:
  void Wrong(std::string what) { verifier_->Problem(Where(Family::kIndex, key_), std::move(what)); }

  // What does not decode was reported with the tables.
  template <class Row>
  bool Read(const RowId& id, Row* row) {
    const std::optional<std::string> value = verifier_->Get(id.family, id.key);
    if (!value.has_value()) {
      Wrong("its row is missing: " + Where(id.family, id.key));
      return false;
    }
    return verifier_->codec().Decode(id, *value, row).ok();
  }

  template <class Row>
  void Wanted(const RowId& id) {
    Row row;
    if (!Read(id, &row)) return;
    std::vector<IndexEntry> entries;
    if constexpr (requires { IndexOf(row); }) {
      entries = IndexOf(row);
    } else {
      entries = IndexOf(row, id.key);
    }
    const bool wanted = std::any_of(entries.begin(), entries.end(), [&](const IndexEntry& entry) {
      return entry.key == key_ && entry.value == value_;
    });
    if (!wanted) Wrong("does not belong to its row: " + Where(id.family, id.key));
  }

  // The finding that made it caused may be one of many: only that it is there can be told.
  void Caused() {
    const Table table = value_.starts_with("cases/") ? Table::kCase : Table::kSanction;
    if (!verifier_->Has(Family::kTables, RowKey(table, value_))) {
      Wrong("its row is missing: " + std::string(value_));
    }
  }

  void Queued() {
    CaseRow row;
    if (!Read({Family::kTables, RowKey(Table::kCase, value_)}, &row)) return;
    if (QueueIndexKey(row.opened) != key_) Wrong("is not the place of its case");
  }

  void Note(KeyReader* in) {
    const std::string account = in->Name();
    v1::Note row;
    if (!Read({Family::kTables, RowKey(Table::kNote, value_)}, &row)) return;
    if (row.account() != account) Wrong("its note is about " + row.account());
  }

  void Partner(KeyReader* in) {
    const std::string channel = in->Name();
    const std::string account = in->Name();
    const std::int64_t begin_us = in->I64();
    Wanted<v1::PartnerSpan>(
        {Family::kTables,
         Key(Byte(Table::kPartner)).Name(account).I64(begin_us).Name(channel).Take()});
  }

  Verifier* const verifier_;
  std::string_view key_;
  std::string_view value_;
};

}  // namespace

void VerifyIndex(Verifier* verifier) {
  verifier->Begin("index");
  IndexCheck check(verifier);
  verifier->Scan(Family::kIndex, {},
                 [&](std::string_view key, std::string_view value) { check.Entry(key, value); });
}

}  // namespace hallwarden::storage
