// Lists in pages.
#ifndef HALLWARDEN_STORAGE_PAGE_H_
#define HALLWARDEN_STORAGE_PAGE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/database.h"

namespace hallwarden::storage {

// Which keys a list walks, and which list it is.
struct PageQuery {
  Family family = Family::kMeta;
  // Every key of the list begins with this.
  std::string prefix;
  bool newest_first = false;
  // Items of a page, at least one.
  std::size_t limit = 0;
  // From the page before, empty for the first one.
  std::string_view page;
  // Everything that tells this list from others besides family and prefix.
  std::string filter;
};

// What became of a row.
// kTakenLast: taken, and the page is full whatever its limit.
enum class Seen { kTaken, kTakenLast, kSkipped, kEnd };

// Walks one page. `visit` gets each pair and says whether it is an item. Returns the token of the
// next page, empty at the end. A page may be short, even empty, with more to come: rows that are
// skipped are bounded too. INVALID_ARGUMENT if `page` is no token of this list.
[[nodiscard]] absl::StatusOr<std::string> WalkPage(
    const Database& db, const PageQuery& query, const Snapshot& snapshot,
    const std::function<absl::StatusOr<Seen>(std::string_view key, std::string_view value)>& visit);

// The two halves of a token, for lists whose items are finer than their keys.
[[nodiscard]] std::string EncodePageToken(std::string_view list, std::string_view last_key);
// INVALID_ARGUMENT if it is no token of this list.
[[nodiscard]] absl::StatusOr<std::string> DecodePageToken(std::string_view list,
                                                          std::string_view token);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_PAGE_H_
