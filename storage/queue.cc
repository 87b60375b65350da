// The queue of cases in stores from before it existed.
#include "hallwarden/v1/sanction.pb.h"

#include "rocksdb/write_batch.h"
#include "storage/format.h"
#include "storage/key.h"
#include "storage/rows.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {

// Every open case gets its place in one batch with the new format: done whole, or not at all.
absl::Status StoreImpl::RecoverQueue() {
  const absl::StatusOr<std::optional<std::string>> format =
      parts_.db->Get(Family::kMeta, kFormatKey);
  if (!format.ok()) return format.status();
  if (!format->has_value()) return Malformed("meta");
  const absl::StatusOr<std::uint64_t> version = DecodeNumber(**format);
  if (!version.ok()) return version.status();
  // A store that is only read shows no queue before a daemon opened it.
  if (*version >= kFormatVersion || parts_.options.read_only) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  absl::Status row_status;
  absl::Status status = parts_.db->Scan(
      KeyRange::Prefix(Family::kIndex, Key(Byte(Index::kOpenCases)).Take()),
      [&](std::string_view, std::string_view name) {
        CaseRow row;
        row_status = ReadIndexed({Family::kTables, RowKey(Table::kCase, name)}, &row, nullptr);
        if (!row_status.ok()) return false;
        parts_.db->Put(&batch, Family::kIndex, QueueIndexKey(row.opened), name);
        return true;
      });
  if (!row_status.ok()) return row_status;
  if (!status.ok()) return status;
  parts_.db->Put(&batch, Family::kMeta, kFormatKey, EncodeNumber(kFormatVersion));
  return parts_.db->Write(&batch);
}

}  // namespace hallwarden::storage
