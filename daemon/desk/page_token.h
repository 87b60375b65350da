// Opaque marks of a place in a list.
#ifndef HALLWARDEN_DAEMON_DESK_PAGE_TOKEN_H_
#define HALLWARDEN_DAEMON_DESK_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace hallwarden::daemon {

// A page as a request asks for it.
struct PageSpec {
  std::size_t limit = 50;
  // Where to go on, as NextPage was given it; empty: from the start.
  std::string place;
};

// Reads `page_size` and `page_token` of a list request; every other field is the filter, and a
// token of another filter or call is refused. INVALID_ARGUMENT with reason PAGE_TOKEN or
// INVALID_FIELD. Size 0 is 50, above 1000 is 1000.
[[nodiscard]] absl::StatusOr<PageSpec> ReadPage(const google::protobuf::Message& request);

// Token for `place`; empty for an empty one.
[[nodiscard]] std::string NextPage(const google::protobuf::Message& request,
                                   std::string_view place);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_PAGE_TOKEN_H_
