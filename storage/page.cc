#include "storage/page.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "rules/base/siphash.h"
#include "storage/key.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint8_t kTokenVersion = 1;
// Rows that one page may skip.
constexpr std::size_t kSkippedMax = 10'000;
// Tells lists apart: hides nothing.
constexpr SipKey kListKey{0x68616c6c77617264ULL, 0x70616765746f6b65ULL};

absl::Status Foreign() {
  return absl::InvalidArgumentError(
      "the page token does not belong to this list: pass back the token of the answer before, with "
      "the same filter");
}

}  // namespace

std::string EncodePageToken(std::string_view list, std::string_view last_key) {
  const std::string bytes = Key(kTokenVersion).U64(SipHash64(kListKey, list)).Raw(last_key).Take();
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<std::string> DecodePageToken(std::string_view list, std::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(token.data(), token.size()), &bytes)) {
    return Foreign();
  }
  KeyReader in(bytes);
  const bool good = in.Byte() == kTokenVersion && in.U64() == SipHash64(kListKey, list) && in.ok();
  if (!good) return Foreign();
  return std::string(in.Raw());
}

absl::StatusOr<std::string> WalkPage(
    const Database& db, const PageQuery& query, const Snapshot& snapshot,
    const std::function<absl::StatusOr<Seen>(std::string_view key, std::string_view value)>&
        visit) {
  const std::string list =
      Key(static_cast<std::uint8_t>(query.family)).Name(query.prefix).Raw(query.filter).Take();
  KeyRange range = KeyRange::Prefix(query.family, query.prefix, query.newest_first);
  if (!query.page.empty()) {
    absl::StatusOr<std::string> last = DecodePageToken(list, query.page);
    if (!last.ok()) return last.status();
    if (last->compare(0, query.prefix.size(), query.prefix) != 0) return Foreign();
    // The first key after the last one of the page before.
    if (query.newest_first) {
      range.end = *std::move(last);
    } else {
      range.begin = *std::move(last) + '\0';
    }
  }
  const std::size_t limit = std::max<std::size_t>(query.limit, 1);
  std::size_t taken = 0;
  std::size_t skipped = 0;
  std::string last_key;
  bool more = false;
  absl::Status failed;
  absl::Status scanned = db.Scan(
      range,
      [&](std::string_view key, std::string_view value) {
        if (taken == limit || skipped == kSkippedMax) {
          more = true;
          return false;
        }
        const absl::StatusOr<Seen> seen = visit(key, value);
        if (!seen.ok()) failed = seen.status();
        if (!seen.ok() || *seen == Seen::kEnd) return false;
        ++(*seen == Seen::kSkipped ? skipped : taken);
        if (*seen == Seen::kTakenLast) taken = limit;
        last_key = std::string(key);
        return true;
      },
      &snapshot);
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return more ? EncodePageToken(list, last_key) : std::string();
}

}  // namespace hallwarden::storage
