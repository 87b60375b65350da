// Lists in pages.
#include <algorithm>

#include "storage/key.h"
#include "storage/page.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

// Prefix of an index: of one account, or of all.
std::string IndexPrefix(std::string_view account, Index by_account, Index all) {
  return account.empty() ? Key(Byte(all)).Take() : Key(Byte(by_account)).Name(account).Take();
}

std::int64_t CreateMicros(const v1::AuditRecord& record) {
  return ToMicros(record.create_time());
}

}  // namespace

template <class Item, class Row>
absl::StatusOr<Page<Item>> StoreImpl::ListByIndex(Table table, PageQuery query,
                                                  Item Row::*item) const {
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<Item> page;
  absl::StatusOr<std::string> next = WalkPage(
      *parts_.db, query, snapshot,
      [&](std::string_view, std::string_view name) -> absl::StatusOr<Seen> {
        Row row;
        absl::Status status = ReadIndexed({Family::kTables, RowKey(table, name)}, &row, &snapshot);
        if (!status.ok()) return status;
        page.items.push_back(std::move(row.*item));
        return Seen::kTaken;
      });
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<v1::Sanction>> StoreImpl::ListSanctions(std::string_view account,
                                                            std::size_t limit,
                                                            std::string_view page) {
  PageQuery query{.family = Family::kIndex,
                  .prefix = IndexPrefix(account, Index::kSanctionsByAccount, Index::kSanctions),
                  .newest_first = true,
                  .limit = limit,
                  .page = page,
                  .filter = {}};
  return ListByIndex(Table::kSanction, std::move(query), &SanctionRow::sanction);
}

absl::StatusOr<Page<v1::Case>> StoreImpl::ListCases(std::string_view account, bool open_only,
                                                    std::size_t limit, std::string_view page) {
  PageQuery query{
      .family = Family::kIndex,
      .prefix = open_only ? IndexPrefix(account, Index::kOpenCasesByAccount, Index::kOpenCases)
                          : IndexPrefix(account, Index::kCasesByAccount, Index::kCases),
      .newest_first = false,
      .limit = limit,
      .page = page,
      .filter = {}};
  return ListByIndex(Table::kCase, std::move(query), &CaseRow::opened);
}

absl::StatusOr<Page<v1::Case>> StoreImpl::ListQueue(std::size_t limit, std::string_view page) {
  PageQuery query{.family = Family::kIndex,
                  .prefix = Key(Byte(Index::kQueue)).Take(),
                  .newest_first = false,
                  .limit = limit,
                  .page = page,
                  .filter = {}};
  return ListByIndex(Table::kCase, std::move(query), &CaseRow::opened);
}

absl::StatusOr<Page<v1::Appeal>> StoreImpl::ListAppeals(std::string_view account, std::size_t limit,
                                                        std::string_view page) {
  PageQuery query{.family = Family::kIndex,
                  .prefix = Key(Byte(Index::kAppealsByAccount)).Name(account).Take(),
                  .newest_first = true,
                  .limit = limit,
                  .page = page,
                  .filter = {}};
  return ListByIndex(Table::kAppeal, std::move(query), &AppealRow::appeal);
}

absl::StatusOr<Page<v1::Appeal>> StoreImpl::ListAppealQueue(std::size_t limit,
                                                            std::string_view page) {
  PageQuery query{.family = Family::kIndex,
                  .prefix = Key(Byte(Index::kAppealQueue)).Take(),
                  .newest_first = false,
                  .limit = limit,
                  .page = page,
                  .filter = {}};
  return ListByIndex(Table::kAppeal, std::move(query), &AppealRow::appeal);
}

absl::StatusOr<Page<v1::Caused>> StoreImpl::ListCaused(std::string_view server,
                                                       std::int64_t since_us, std::size_t limit,
                                                       std::string_view page_token) {
  const PageQuery query{.family = Family::kIndex,
                        .prefix = Key(Byte(Index::kCausedByServer)).Name(server).Take(),
                        .newest_first = true,
                        .limit = limit,
                        .page = page_token,
                        .filter = Key().I64(since_us).Take()};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<v1::Caused> page;
  const auto visit = [&](std::string_view, std::string_view name) -> absl::StatusOr<Seen> {
    v1::Caused caused;
    absl::Status status;
    if (name.starts_with("cases/")) {
      CaseRow row;
      status = ReadIndexed({Family::kTables, RowKey(Table::kCase, name)}, &row, &snapshot);
      *caused.mutable_opened() = std::move(row.opened);
    } else {
      SanctionRow row;
      status = ReadIndexed({Family::kTables, RowKey(Table::kSanction, name)}, &row, &snapshot);
      *caused.mutable_sanction() = std::move(row.sanction);
    }
    if (!status.ok()) return status;
    const auto& time =
        caused.has_opened() ? caused.opened().create_time() : caused.sanction().create_time();
    // Places are in the order of commit times.
    if (ToMicros(time) < since_us) return Seen::kEnd;
    page.items.push_back(std::move(caused));
    return Seen::kTaken;
  };
  absl::StatusOr<std::string> next = WalkPage(*parts_.db, query, snapshot, visit);
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<v1::Note>> StoreImpl::ListNotes(std::string_view account, std::size_t limit,
                                                    std::string_view page_token) {
  const PageQuery query{.family = Family::kIndex,
                        .prefix = Key(Byte(Index::kNotesByAccount)).Name(account).Take(),
                        .newest_first = true,
                        .limit = limit,
                        .page = page_token,
                        .filter = {}};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<v1::Note> page;
  absl::StatusOr<std::string> next =
      WalkPage(*parts_.db, query, snapshot,
               [&](std::string_view, std::string_view name) -> absl::StatusOr<Seen> {
                 absl::Status status = ReadIndexed({Family::kTables, RowKey(Table::kNote, name)},
                                                   &page.items.emplace_back(), &snapshot);
                 if (!status.ok()) return status;
                 return Seen::kTaken;
               });
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<PutFinding>> StoreImpl::ListFindings(std::string_view account,
                                                         std::size_t limit,
                                                         std::string_view page_token) {
  const PageQuery query{.family = Family::kTables,
                        .prefix = Key(Byte(Table::kFinding)).Name(account).Take(),
                        .newest_first = true,
                        .limit = limit,
                        .page = page_token,
                        .filter = {}};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<PutFinding> page;
  absl::StatusOr<std::string> next =
      WalkPage(*parts_.db, query, snapshot,
               [&](std::string_view key, std::string_view value) -> absl::StatusOr<Seen> {
                 absl::Status status = codec_.Decode({Family::kTables, std::string(key)}, value,
                                                     &page.items.emplace_back());
                 if (!status.ok()) return status;
                 return Seen::kTaken;
               });
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<v1::PartnerSpan>> StoreImpl::ListPartners(std::string_view channel,
                                                              std::size_t limit,
                                                              std::string_view page_token) {
  const bool all = channel.empty();
  const PageQuery query{.family = all ? Family::kTables : Family::kIndex,
                        .prefix = all ? Key(Byte(Table::kPartner)).Take()
                                      : Key(Byte(Index::kPartnersByChannel)).Name(channel).Take(),
                        .newest_first = false,
                        .limit = limit,
                        .page = page_token,
                        .filter = {}};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<v1::PartnerSpan> page;
  const auto visit = [&](std::string_view key, std::string_view value) -> absl::StatusOr<Seen> {
    v1::PartnerSpan& span = page.items.emplace_back();
    absl::Status status;
    if (all) {
      status = codec_.Decode({Family::kTables, std::string(key)}, value, &span);
    } else {
      KeyReader in(key.substr(query.prefix.size()));
      const std::string account = in.Name();
      const std::int64_t begin_us = in.I64();
      status =
          ReadIndexed({Family::kTables,
                       Key(Byte(Table::kPartner)).Name(account).I64(begin_us).Name(channel).Take()},
                      &span, &snapshot);
    }
    if (!status.ok()) return status;
    return Seen::kTaken;
  };
  absl::StatusOr<std::string> next = WalkPage(*parts_.db, query, snapshot, visit);
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<StoredPolicy>> StoreImpl::ListPolicies(std::size_t limit,
                                                           std::string_view page_token) {
  const PageQuery query{.family = Family::kTables,
                        .prefix = Key(Byte(Table::kPolicy)).Take(),
                        .newest_first = true,
                        .limit = limit,
                        .page = page_token,
                        .filter = {}};
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<StoredPolicy> page;
  absl::StatusOr<std::string> next =
      WalkPage(*parts_.db, query, snapshot,
               [&](std::string_view key, std::string_view value) -> absl::StatusOr<Seen> {
                 absl::Status status = codec_.Decode({Family::kTables, std::string(key)}, value,
                                                     &page.items.emplace_back());
                 if (!status.ok()) return status;
                 return Seen::kTaken;
               });
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

absl::StatusOr<Page<v1::AuditRecord>> StoreImpl::ListAudit(const AuditFilter& filter,
                                                           std::size_t limit,
                                                           std::string_view page_token) {
  PageQuery query{.family = Family::kAudit,
                  .prefix = {},
                  .newest_first = true,
                  .limit = limit,
                  .page = page_token,
                  .filter = Key()
                                .Name(filter.principal)
                                .Name(filter.account)
                                .Name(filter.method)
                                .I64(filter.since_us)
                                .Take()};
  // The narrowest index that there is; the rest is filtered.
  if (!filter.account.empty()) {
    query.family = Family::kIndex;
    query.prefix = Key(Byte(Index::kAuditByAccount)).Name(filter.account).Take();
  } else if (!filter.principal.empty()) {
    query.family = Family::kIndex;
    query.prefix = Key(Byte(Index::kAuditByPrincipal)).Name(filter.principal).Take();
  }
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  Page<v1::AuditRecord> page;
  const auto visit = [&](std::string_view key, std::string_view) -> absl::StatusOr<Seen> {
    v1::AuditRecord record;
    absl::Status status = ReadIndexed(
        {Family::kAudit, std::string(key.substr(query.prefix.size()))}, &record, &snapshot);
    if (!status.ok()) return status;
    if (CreateMicros(record) < filter.since_us) return Seen::kEnd;
    if ((!filter.principal.empty() && record.actor().principal() != filter.principal) ||
        (!filter.method.empty() && record.method() != filter.method)) {
      return Seen::kSkipped;
    }
    page.items.push_back(std::move(record));
    return Seen::kTaken;
  };
  absl::StatusOr<std::string> next = WalkPage(*parts_.db, query, snapshot, visit);
  if (!next.ok()) return next.status();
  page.next = *std::move(next);
  return page;
}

}  // namespace hallwarden::storage
