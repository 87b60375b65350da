// Accounts' histories and the feed.
#include <algorithm>

#include "storage/key.h"
#include "storage/store_impl.h"

namespace hallwarden::storage {

absl::StatusOr<Page<StoredPosting>> StoreImpl::ListPostings(std::string_view account,
                                                            std::int64_t since_us,
                                                            std::size_t limit,
                                                            std::string_view page_token) {
  // Items are finer than keys here: a token is the place of the last posting.
  const std::string list =
      Key(static_cast<std::uint8_t>(Family::kPostings)).Name(account).I64(since_us).Take();
  KeyRange range = KeyRange::Prefix(Family::kPostings, Key().Name(account).Take(), true);
  std::uint64_t below_position = UINT64_MAX;
  std::uint32_t below_ordinal = UINT32_MAX;
  if (!page_token.empty()) {
    const absl::StatusOr<std::string> place = DecodePageToken(list, page_token);
    if (!place.ok()) return place.status();
    KeyReader in(*place);
    below_position = in.U64();
    below_ordinal = in.U32();
    if (!in.done()) return absl::InvalidArgumentError("the page token is damaged");
    range.end = PostingKey(account, below_position, below_ordinal);
  }
  limit = std::max<std::size_t>(limit, 1);
  Page<StoredPosting> page;
  bool more = false;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(range, [&](std::string_view key, std::string_view value) {
    KeyReader in(key);
    static_cast<void>(in.Name());
    absl::StatusOr<std::vector<StoredPosting>> block = DecodePostings(account, in.U64(), value);
    failed = block.status();
    if (!failed.ok()) return false;
    for (auto posting = block->rbegin(); posting != block->rend(); ++posting) {
      if (std::pair(posting->position, posting->ordinal) >=
          std::pair(below_position, below_ordinal)) {
        continue;
      }
      if (posting->commit_us < since_us) return false;
      if (page.items.size() == limit) {
        more = true;
        return false;
      }
      page.items.push_back(std::move(*posting));
    }
    return true;
  });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  if (more) {
    const StoredPosting& last = page.items.back();
    page.next = EncodePageToken(list, PlaceKey(last.position, last.ordinal));
  }
  return page;
}

absl::StatusOr<std::vector<StoredPosting>> StoreImpl::ReadFeed(std::uint64_t position,
                                                               std::uint32_t ordinal,
                                                               std::size_t limit) {
  std::vector<StoredPosting> postings;
  if (limit == 0) return postings;
  KeyRange range = KeyRange::Prefix(Family::kFeed, {});
  range.begin = PlaceKey(position, ordinal);
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(range, [&](std::string_view key, std::string_view value) {
    absl::StatusOr<StoredPosting> posting = DecodeFeed(key, value);
    failed = posting.status();
    if (posting.ok()) postings.push_back(*std::move(posting));
    return failed.ok() && postings.size() < limit;
  });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  return postings;
}

absl::StatusOr<std::vector<StoredPosting>> StoreImpl::LastFeed(std::size_t limit) {
  std::vector<StoredPosting> postings;
  if (limit == 0) return postings;
  absl::Status failed;
  absl::Status scanned = parts_.db->Scan(
      KeyRange::Prefix(Family::kFeed, {}, true), [&](std::string_view key, std::string_view value) {
        absl::StatusOr<StoredPosting> posting = DecodeFeed(key, value);
        failed = posting.status();
        if (posting.ok()) postings.push_back(*std::move(posting));
        return failed.ok() && postings.size() < limit;
      });
  if (!scanned.ok()) return scanned;
  if (!failed.ok()) return failed;
  std::reverse(postings.begin(), postings.end());
  return postings;
}

}  // namespace hallwarden::storage
