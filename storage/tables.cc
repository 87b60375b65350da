// Single rows: sanctions, cases, audit records, answers, tokens, artefacts.
#include <array>

#include "storage/key.h"
#include "storage/sha256.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

// Reads a decimal number of at most 19 digits off the front. False if there is none.
bool TakeNumber(std::string_view* text, std::uint64_t* number) {
  constexpr std::size_t kDigitsMax = 19;
  std::size_t size = 0;
  *number = 0;
  while (size < text->size() && (*text)[size] >= '0' && (*text)[size] <= '9') {
    *number = *number * 10 + static_cast<std::uint64_t>((*text)[size] - '0');
    if (++size > kDigitsMax) return false;
  }
  text->remove_prefix(size);
  return size > 0;
}

}  // namespace

absl::StatusOr<v1::Sanction> StoreImpl::GetSanction(std::string_view name) {
  SanctionRow row;
  const RowId id{Family::kTables, RowKey(Table::kSanction, name)};
  if (absl::Status status = ReadRow(id, name, &row); !status.ok()) return status;
  return std::move(row.sanction);
}

absl::StatusOr<v1::Case> StoreImpl::GetCase(std::string_view name) {
  CaseRow row;
  const RowId id{Family::kTables, RowKey(Table::kCase, name)};
  if (absl::Status status = ReadRow(id, name, &row); !status.ok()) return status;
  return std::move(row.opened);
}

absl::StatusOr<v1::Appeal> StoreImpl::GetAppeal(std::string_view name) {
  AppealRow row;
  const RowId id{Family::kTables, RowKey(Table::kAppeal, name)};
  if (absl::Status status = ReadRow(id, name, &row); !status.ok()) return status;
  return std::move(row.appeal);
}

absl::StatusOr<v1::AuditRecord> StoreImpl::GetAudit(std::string_view name) {
  constexpr std::string_view kPrefix = "audit/";
  absl::Status absent = absl::NotFoundError("there is no " + std::string(name));
  if (name.substr(0, kPrefix.size()) != kPrefix) return absent;
  std::string_view rest = name.substr(kPrefix.size());
  std::uint64_t position = 0;
  std::uint64_t ordinal = 0;
  if (!TakeNumber(&rest, &position) || rest.empty() || rest.front() != '-') return absent;
  rest.remove_prefix(1);
  if (!TakeNumber(&rest, &ordinal) || !rest.empty() || ordinal > UINT32_MAX) return absent;
  v1::AuditRecord record;
  const RowId id{Family::kAudit, PlaceKey(position, static_cast<std::uint32_t>(ordinal))};
  if (absl::Status status = ReadRow(id, name, &record); !status.ok()) return status;
  return record;
}

absl::StatusOr<StoredAnswer> StoreImpl::FindAnswer(std::string_view principal,
                                                   std::string_view request_id,
                                                   std::int64_t now_us) {
  StoredAnswer answer;
  const RowId id{Family::kAnswers, AnswerKey(principal, request_id)};
  if (absl::Status status = ReadRow(id, "answer to this request", &answer); !status.ok()) {
    return status;
  }
  if (answer.answer.expire_us < now_us) {
    return absl::NotFoundError("the answer to this request has expired");
  }
  return answer;
}

absl::StatusOr<std::vector<StoredToken>> StoreImpl::Tokens() {
  std::vector<StoredToken> tokens;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kTables, RowKey(Table::kToken, {})),
      [&](std::string_view key, std::string_view value) {
        failed = codec_.Decode({Family::kTables, std::string(key)}, value, &tokens.emplace_back());
        return failed.ok();
      });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return tokens;
}

absl::StatusOr<std::vector<v1::PartnerSpan>> StoreImpl::Partners(std::string_view account) {
  std::vector<v1::PartnerSpan> spans;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kTables, Key(Byte(Table::kPartner)).Name(account).Take()),
      [&](std::string_view key, std::string_view value) {
        failed = codec_.Decode({Family::kTables, std::string(key)}, value, &spans.emplace_back());
        return failed.ok();
      });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return spans;
}

absl::StatusOr<std::string> StoreImpl::PutArtefact(std::string_view content) {
  if (parts_.options.read_only) {
    return absl::FailedPreconditionError("the store is open for reading only");
  }
  const std::array<std::uint8_t, kSha256Bytes> digest = Sha256(content);
  const std::string_view key = AsView(digest);
  const absl::StatusOr<std::optional<std::string>> old = parts_.db->Get(Family::kArtefacts, key);
  if (!old.ok()) return old.status();
  if (!old->has_value()) {
    rocksdb::WriteBatch batch;
    parts_.db->Put(&batch, Family::kArtefacts, key, Key(kValueVersion).Raw(content).Take());
    if (absl::Status status = parts_.db->Write(&batch); !status.ok()) return status;
  }
  return ToLowerHex(key);
}

absl::StatusOr<std::string> StoreImpl::GetArtefact(std::string_view sha256_hex) {
  absl::Status absent = absl::NotFoundError("there is no artefact " + std::string(sha256_hex));
  const std::string key = FromLowerHex(sha256_hex, kSha256Bytes);
  if (key.empty()) return absent;
  const absl::StatusOr<std::optional<std::string>> value = parts_.db->Get(Family::kArtefacts, key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return absent;
  KeyReader in(**value);
  if (in.Byte() != kValueVersion) return Malformed("artefacts");
  std::string content(in.Raw());
  if (AsView(Sha256(content)) != key) return Malformed("artefacts");
  return content;
}

}  // namespace hallwarden::storage
