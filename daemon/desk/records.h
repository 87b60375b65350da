// Journal records with their words.
#ifndef HALLWARDEN_DAEMON_DESK_RECORDS_H_
#define HALLWARDEN_DAEMON_DESK_RECORDS_H_

#include <cstdint>
#include <string>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// The record at `position`, personal fields put back; erased ones stay empty. NOT_FOUND if it is no
// record of that kind, was dropped, or never was; else as Store::ReadEntry. Blocks.
[[nodiscard]] absl::StatusOr<v1::HallEvent> ReadEvent(storage::Store* store,
                                                      std::uint64_t position);
[[nodiscard]] absl::StatusOr<v1::Command> ReadCommand(storage::Store* store,
                                                      std::uint64_t position);

// Puts the sealed fields of `entry` back into its parsed payload. A destroyed key leaves them
// empty.
[[nodiscard]] absl::Status JoinWords(storage::Store* store, const storage::JournalEntry& entry,
                                     google::protobuf::Message* message);

// The words of a profile change: nickname or signature of the record; empty for any other record.
[[nodiscard]] std::string NicknameIn(const v1::HallEvent& event);
[[nodiscard]] std::string SignatureIn(const v1::HallEvent& event);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_RECORDS_H_
