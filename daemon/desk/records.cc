#include "daemon/desk/records.h"

#include "daemon/auth/refusals.h"
#include "storage/personal.h"
#include "storage/vault.h"

namespace hallwarden::daemon {

absl::Status JoinWords(storage::Store* store, const storage::JournalEntry& entry,
                       google::protobuf::Message* message) {
  if (entry.sealed.empty()) return absl::OkStatus();
  const std::uint64_t number = entry.source_seq != 0 ? entry.source_seq : entry.position;
  const absl::StatusOr<std::string> plain = store->vault().Unseal(
      entry.sealed_account, storage::SealContext(entry.source, number), entry.sealed);
  if (absl::IsNotFound(plain.status())) return absl::OkStatus();
  if (!plain.ok()) return plain.status();
  v1::SealedFields fields;
  if (!fields.ParseFromString(*plain)) return absl::DataLossError("sealed fields do not parse");
  return storage::JoinPersonal(fields, message);
}

namespace {

template <class Payload>
absl::StatusOr<Payload> Read(storage::Store* store, std::uint64_t position, RecordKind kind) {
  const absl::StatusOr<storage::JournalEntry> entry = store->ReadEntry(position);
  if (!entry.ok()) return entry.status();
  if (entry->kind != kind) return NoSuch("record " + std::to_string(position));
  Payload payload;
  if (!payload.ParseFromString(entry->payload)) {
    return absl::DataLossError("record " + std::to_string(position) + " does not parse");
  }
  if (absl::Status status = JoinWords(store, *entry, &payload); !status.ok()) return status;
  return payload;
}

}  // namespace

absl::StatusOr<v1::HallEvent> ReadEvent(storage::Store* store, std::uint64_t position) {
  return Read<v1::HallEvent>(store, position, RecordKind::kHallEvent);
}

absl::StatusOr<v1::Command> ReadCommand(storage::Store* store, std::uint64_t position) {
  return Read<v1::Command>(store, position, RecordKind::kCommand);
}

std::string NicknameIn(const v1::HallEvent& event) {
  if (event.has_nickname_changed()) return event.nickname_changed().nickname();
  return event.registered().nickname();
}

std::string SignatureIn(const v1::HallEvent& event) {
  if (event.has_signature_changed()) return event.signature_changed().signature();
  return event.registered().signature();
}

}  // namespace hallwarden::daemon
