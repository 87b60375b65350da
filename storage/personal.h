// Takes personal fields out of messages and puts them back.
#ifndef HALLWARDEN_STORAGE_PERSONAL_H_
#define HALLWARDEN_STORAGE_PERSONAL_H_

#include <string_view>

#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace hallwarden::storage {

// True if messages of this type can hold personal fields anywhere inside: fields marked with
// (hallwarden.v1.personal). Computed once a type, then a lookup. Thread-safe.
[[nodiscard]] bool MayHoldPersonal(const google::protobuf::Descriptor& type);

// Moves every set personal field of `message` into `fields`, with its path, and clears it there.
// `fields` is empty afterwards if there was none. Thread-safe.
void SplitPersonal(google::protobuf::Message* message, v1::SealedFields* fields);

// Puts the fields back. DATA_LOSS if a path does not fit the message; then `message` is unchanged
// or partly joined and must not be used. Thread-safe.
[[nodiscard]] absl::Status JoinPersonal(const v1::SealedFields& fields,
                                        google::protobuf::Message* message);

// Clears every personal field, for people who may not see them. Thread-safe.
void MaskPersonal(google::protobuf::Message* message);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_PERSONAL_H_
