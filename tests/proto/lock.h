#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.pb.h>

namespace hallwarden::vocabulary {

// What clients and stored bytes rely on, one line per field, extension, enum value and call of
// `package`, sorted:
//   hallwarden.v1.HallEvent.account = 1 string singular
//   hallwarden.v1.AgeState.AGE_STATE_MINOR = 2 value
//   hallwarden.v1.HallService.Session = (stream hallwarden.v1.SessionRequest) returns (stream ...)
// A field is `singular`, `optional` (its presence is known), `repeated`, or `oneof` with the name
// of the group.
std::vector<std::string> LockLines(const google::protobuf::FileDescriptorSet& set,
                                   std::string_view package);

// Lines of a lock file without comments (#) and empty lines.
std::vector<std::string> ParseLock(std::string_view text);

// The file that ParseLock reads.
std::string PrintLock(const std::vector<std::string>& lines);

struct LockDifference {
  // Promises that are broken, each with what stands there now.
  std::vector<std::string> broken;
  // Lines that the lock does not know yet.
  std::vector<std::string> added;
};
LockDifference Compare(const std::vector<std::string>& lock,
                       const std::vector<std::string>& current);

}  // namespace hallwarden::vocabulary
