// Small things that the parts of the desk share. Internal to daemon/desk.
#ifndef HALLWARDEN_DAEMON_DESK_DESK_UTIL_H_
#define HALLWARDEN_DAEMON_DESK_DESK_UTIL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/desk/page_token.h"
#include "google/protobuf/message.h"
#include "rules/policy/policy.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// What a request is about, for the audit: its `name`, `parent` or `account`, as far as it has one
// and it is short; else empty.
[[nodiscard]] std::string ResourceOf(const google::protobuf::Message& request);

// A command of this caller, without what is asked.
[[nodiscard]] v1::Command CommandFrom(const Principal& principal);

// A NOT_FOUND of the store as ours, with the name; any other status as it is.
[[nodiscard]] absl::Status NotFoundAs(const absl::Status& status, std::string_view name);

// The answer to a long search while LongReads has no place.
[[nodiscard]] absl::Status TooManyReads();

// The engine plans in identifiers (`SANCTION_STATE_ACTIVE`, `yes`): puts words in their place.
void WordPlan(v1::ActionResponse* response);

// `2026-11-29T20:15:00+08:00` in the local time of the policy's offset.
[[nodiscard]] std::string TimeText(const google::protobuf::Timestamp& time,
                                   std::int64_t utc_offset_us);

// Place of a posting in the one order, as tokens write it: `{position}-{ordinal}`.
[[nodiscard]] std::string PlaceText(const std::pair<std::uint64_t, std::uint32_t>& place);
// Nullopt if `text` is no such place.
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint32_t>> ParsePlace(
    std::string_view text);

// Kinds of timeline entries that a request wants; if it names none, all but those left out.
class KindFilter {
 public:
  KindFilter(const google::protobuf::RepeatedField<int>& wanted, std::set<int> left_out)
      : wanted_(wanted.begin(), wanted.end()), left_out_(std::move(left_out)) {}
  [[nodiscard]] bool Passes(v1::TimelineKind kind) const;

 private:
  std::set<int> wanted_;
  std::set<int> left_out_;
};

// How long a directive may wait before it is shown as not enforced.
[[nodiscard]] std::int64_t LateUs(const std::shared_ptr<const policy::CompiledPolicy>& policy);

// Rows that one call may look at before it gives back a short page.
inline constexpr std::size_t kScanMax = 10'000;

// Collects items that pass a filter, reading on until the page is full, nothing is left or kScanMax
// rows were read. `fetch(limit, place)` reads a storage::Page, `add(item)` takes an item over and
// returns whether it passed. Returns the place to go on from.
template <class Fetch, class Add>
[[nodiscard]] absl::StatusOr<std::string> Collect(const PageSpec& spec, Fetch fetch, Add add) {
  std::string place = spec.place;
  std::size_t added = 0;
  std::size_t read = 0;
  do {
    auto page = fetch(spec.limit - added, place);
    if (!page.ok()) return page.status();
    for (auto& item : page->items) {
      if (add(std::move(item))) ++added;
    }
    read += std::max<std::size_t>(page->items.size(), 1);
    place = std::move(page->next);
  } while (!place.empty() && added < spec.limit && read < kScanMax);
  return place;
}

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_DESK_UTIL_H_
