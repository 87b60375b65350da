// Reads the journal.
#include "storage/key.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {

absl::StatusOr<std::string> StoreImpl::ReadSealed(std::string_view key, std::string_view value,
                                                  const Snapshot& snapshot) const {
  if (!HasSealed(value)) return std::string();
  absl::StatusOr<std::optional<std::string>> row = parts_.db->Get(Family::kPrivate, key, &snapshot);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return Malformed("private");
  return **std::move(row);
}

absl::StatusOr<StoredGroup> StoreImpl::ReadGroup(std::string_view key, std::string_view value,
                                                 const Snapshot& snapshot) const {
  KeyReader in(key);
  const std::uint64_t first = in.U64();
  if (!in.done()) return Malformed("journal");
  const absl::StatusOr<std::string> sealed = ReadSealed(key, value, snapshot);
  if (!sealed.ok()) return sealed.status();
  return DecodeGroup(first, value, *sealed);
}

absl::Status StoreImpl::ScanJournal(std::uint64_t from,
                                    const std::function<bool(const StoredGroup&)>& visit) {
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  // The group that holds `from` begins at it or before it.
  KeyRange range = KeyRange::Prefix(Family::kJournal, {}, true);
  range.end = PositionKey(from) + '\0';
  std::string begin;
  if (absl::Status status = parts_.db->Scan(
          range,
          [&](std::string_view key, std::string_view) {
            begin = std::string(key);
            return false;
          },
          &snapshot);
      !status.ok()) {
    return status;
  }
  range.descending = false;
  range.begin = begin;
  range.end.clear();
  range.bulk = true;
  std::uint64_t expected = 0;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      range,
      [&](std::string_view key, std::string_view value) {
        const absl::StatusOr<StoredGroup> group = ReadGroup(key, value, snapshot);
        if (!group.ok()) {
          failed = group.status();
          return false;
        }
        const std::uint64_t first = group->entries.front().position;
        if (expected != 0 && first != expected) {
          failed = absl::DataLossError("the journal has a gap: position " + std::to_string(first) +
                                       " where " + std::to_string(expected) +
                                       " comes next. Restore a backup.");
          return false;
        }
        expected = group->entries.back().position + 1;
        return expected <= from || visit(*group);
      },
      &snapshot);
  return scanned.ok() ? failed : scanned;
}

absl::StatusOr<JournalEntry> StoreImpl::ReadEntry(std::uint64_t position) {
  const Snapshot snapshot = parts_.db->MakeSnapshot();
  KeyRange range = KeyRange::Prefix(Family::kJournal, {}, true);
  range.end = PositionKey(position) + '\0';
  absl::StatusOr<JournalEntry> entry =
      absl::NotFoundError("there is no record at position " + std::to_string(position));
  absl::Status scanned = parts_.db->Scan(
      range,
      [&](std::string_view key, std::string_view value) {
        KeyReader in(key);
        const std::uint64_t first = in.U64();
        const absl::StatusOr<std::string> sealed = ReadSealed(key, value, snapshot);
        if (sealed.ok()) {
          entry = DecodeEntry(first, position, value, *sealed);
        } else {
          entry = sealed.status();
        }
        return false;
      },
      &snapshot);
  if (!scanned.ok()) return scanned;
  return entry;
}

absl::StatusOr<std::vector<SourcePosition>> StoreImpl::Sources() {
  std::vector<SourcePosition> sources;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kSources, {}), [&](std::string_view key, std::string_view value) {
        absl::StatusOr<SourcePosition> position = DecodeSource(key, value);
        failed = position.status();
        if (position.ok()) sources.push_back(*std::move(position));
        return failed.ok();
      });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return sources;
}

}  // namespace hallwarden::storage
