// The one commit: records, sealed parts, decisions and positions in one synced batch.
#include "storage/crash_point.h"
#include "storage/effect_writer.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {
namespace {

absl::Status Broken(const std::string& what) {
  return absl::InternalError("a group that cannot be committed: " + what);
}

// Runs every record's rows and those of its effects, in order.
absl::Status WriteRows(const Group& group, EffectWriter* writer) {
  std::size_t next = 0;
  for (const JournalEntry& entry : group.entries) {
    if (absl::Status status = writer->Begin(entry); !status.ok()) return status;
    for (; next < group.effects.size() && group.effects[next].position == entry.position; ++next) {
      if (absl::Status status = writer->Write(group.effects[next]); !status.ok()) return status;
    }
  }
  if (next != group.effects.size()) return Broken("an effect belongs to none of its records");
  writer->End();
  return absl::OkStatus();
}

}  // namespace

absl::Status StoreImpl::CheckGroup(const Group& group) const {
  if (group.entries.empty()) return Broken("it holds no record");
  std::uint64_t position = last_position_;
  std::int64_t commit_us = last_commit_us_;
  for (const JournalEntry& entry : group.entries) {
    if (entry.position != ++position) {
      return Broken("position " + std::to_string(entry.position) + " where " +
                    std::to_string(position) + " comes next");
    }
    if (entry.commit_us < commit_us) return Broken("its commit time goes back");
    if (entry.kind < RecordKind::kHallEvent || entry.kind > RecordKind::kErased) {
      return Broken("a record of no known kind");
    }
    commit_us = entry.commit_us;
  }
  for (std::size_t i = 1; i < group.effects.size(); ++i) {
    const PositionedEffect& a = group.effects[i - 1];
    const PositionedEffect& b = group.effects[i];
    if (a.position > b.position || (a.position == b.position && a.ordinal >= b.ordinal)) {
      return Broken("its effects are out of order");
    }
  }
  return absl::OkStatus();
}

absl::Status StoreImpl::Commit(const Group& group) {
  if (parts_.options.read_only) {
    return absl::FailedPreconditionError("the store is open for reading only");
  }
  if (failed_) {
    return absl::InternalError(
        "an earlier commit failed and nobody knows what became of it: start the daemon again");
  }
  if (absl::Status status = CheckGroup(group); !status.ok()) return status;
  HW_CRASH_POINT("commit.begun");
  Overlay rows(parts_.db.get());
  EffectWriter writer(parts_.vault.get(), &rows, audit_chain());
  if (absl::Status status = WriteRows(group, &writer); !status.ok()) return status;
  for (const SourcePosition& position : group.positions) {
    rows.Put({Family::kSources, position.source}, EncodeSource(position));
  }
  const std::string key = PositionKey(group.entries.front().position);
  const EncodedGroup encoded = EncodeGroup(group.entries, DigestEffects(group.effects));
  rocksdb::WriteBatch batch(encoded.journal.size() + encoded.sealed.size() + 4096);
  parts_.db->Put(&batch, Family::kJournal, key, encoded.journal);
  if (!encoded.sealed.empty()) parts_.db->Put(&batch, Family::kPrivate, key, encoded.sealed);
  rows.AddTo(&batch);
  // Keys first: what is sealed under a key that was never stored could not be opened again.
  absl::Status written = parts_.vault->SyncKeys();
  HW_CRASH_POINT("commit.keys_synced");
  if (written.ok()) written = parts_.db->Write(&batch);
  if (!written.ok()) {
    // RocksDB takes writes again once there is space; what it kept of this one it does not say.
    failed_ = true;
    return written;
  }
  HW_CRASH_POINT("commit.written");
  const JournalEntry& last = group.entries.back();
  if (writer.history_epoch().has_value()) history_epoch_ = *writer.history_epoch();
  SetAuditChain(writer.chain());
  last_commit_us_ = last.commit_us;
  last_position_ = last.position;
  return parts_.high_water->Write(last.position);
}

}  // namespace hallwarden::storage
