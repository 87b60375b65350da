// Postings: lines of accounts' histories, in blocks of one account and one by one in the feed.
#include <utility>

#include "rules/state/codec.h"
#include "storage/format.h"
#include "storage/key.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint8_t kNotable = 0x01;

// Everything of a posting but its account and place.
void WriteBody(const StoredPosting& posting, Writer* out) {
  const Posting& line = posting.posting;
  out->Byte(line.notable ? kNotable : 0);
  out->Varint(static_cast<std::uint64_t>(line.kind));
  out->Byte(line.detail);
  // Near to the commit as a rule.
  out->Signed(WrappingSub(line.event_us, posting.commit_us));
  out->Bytes(line.resource);
  out->Bytes(line.principal);
  out->Signed(line.amount);
}

void ReadBody(Reader* in, StoredPosting* posting) {
  Posting& line = posting->posting;
  const std::uint8_t flags = in->Byte();
  if ((flags & ~kNotable) != 0) in->Fail();
  line.notable = (flags & kNotable) != 0;
  line.kind = static_cast<v1::TimelineKind>(in->Varint());
  line.detail = in->Byte();
  line.event_us = WrappingAdd(posting->commit_us, in->Signed());
  line.resource = std::string(in->Bytes());
  line.principal = std::string(in->Bytes());
  line.amount = in->Signed();
}

}  // namespace

std::string PostingKey(std::string_view account, std::uint64_t position, std::uint32_t ordinal) {
  return Key().Name(account).U64(position).U32(ordinal).Take();
}

std::string EncodePostings(std::span<const StoredPosting* const> postings) {
  std::string value;
  Writer out(&value);
  out.Byte(kValueVersion);
  out.Varint(postings.size());
  std::uint64_t position = postings.front()->position;
  std::int64_t commit_us = 0;
  for (const StoredPosting* posting : postings) {
    out.Varint(posting->position - position);
    out.Varint(posting->ordinal);
    out.Signed(WrappingSub(posting->commit_us, commit_us));
    WriteBody(*posting, &out);
    position = posting->position;
    commit_us = posting->commit_us;
  }
  return value;
}

absl::StatusOr<std::vector<StoredPosting>> DecodePostings(std::string_view account,
                                                          std::uint64_t position,
                                                          std::string_view value) {
  Reader in(value);
  if (in.Byte() != kValueVersion) in.Fail();
  const std::uint64_t count = in.Varint();
  if (count == 0 || count > in.left()) in.Fail();
  std::vector<StoredPosting> postings;
  std::int64_t commit_us = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    StoredPosting& posting = postings.emplace_back();
    position += in.Varint();
    posting.position = position;
    posting.ordinal = static_cast<std::uint32_t>(in.Varint());
    commit_us = WrappingAdd(commit_us, in.Signed());
    posting.commit_us = commit_us;
    posting.posting.account = std::string(account);
    ReadBody(&in, &posting);
  }
  if (!in.done()) return Malformed("postings");
  return postings;
}

std::string EncodeFeed(const StoredPosting& posting) {
  std::string value;
  Writer out(&value);
  out.Byte(kValueVersion);
  out.Signed(posting.commit_us);
  out.Bytes(posting.posting.account);
  WriteBody(posting, &out);
  return value;
}

absl::StatusOr<StoredPosting> DecodeFeed(std::string_view key, std::string_view value) {
  KeyReader place(key);
  StoredPosting posting;
  posting.position = place.U64();
  posting.ordinal = place.U32();
  Reader in(value);
  if (in.Byte() != kValueVersion) in.Fail();
  posting.commit_us = in.Signed();
  posting.posting.account = std::string(in.Bytes());
  ReadBody(&in, &posting);
  if (!place.done() || !in.done()) return Malformed("feed");
  return posting;
}

}  // namespace hallwarden::storage
