// Everything that the store reads back: the first byte picks the decoder, a second one the length
// of the key, the rest is key and value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/rows.h"
#include "tests/fuzz/memory_vault.h"
#include "tests/fuzz/require.h"

namespace hallwarden::storage {
namespace {

using fuzz::Require;

// What decodes must encode again to a value that decodes.
template <class Row>
void RoundTrip(Family family, std::string_view key, std::string_view value) {
  static fuzz::MemoryVault vault;
  const RowCodec codec(&vault);
  const RowId id{family, std::string(key)};
  Row row;
  if (!codec.Decode(id, value, &row).ok()) return;
  const absl::StatusOr<std::string> encoded = codec.Encode(id, row);
  Require(encoded.ok(), "a row that was read can be written");
  Row again;
  Require(codec.Decode(id, *encoded, &again).ok(), "what was written can be read");
}

void ReadJournal(std::string_view journal, std::string_view sealed) {
  static_cast<void>(HasSealed(journal));
  const absl::StatusOr<StoredGroup> group = DecodeGroup(7, journal, sealed);
  const absl::StatusOr<JournalEntry> entry = DecodeEntry(7, 8, journal, sealed);
  if (!group.ok()) return;
  Require(!group->entries.empty(), "a group holds a record");
  Require(entry.ok() == (group->entries.size() > 1), "one entry is read as the whole group is");
  if (entry.ok()) Require(entry->payload == group->entries[1].payload, "the same entry");
}

void ReadOthers(std::string_view key, std::string_view value) {
  static_cast<void>(DecodeTimer(key));
  static_cast<void>(DecodeFeed(key, value));
  static_cast<void>(DecodeSource(key, value));
  static_cast<void>(DecodeServer(value));
  static_cast<void>(DecodeNumber(value));
  static_cast<void>(AnswerExpiry(value));
  static_cast<void>(DecodeGate(key, value));
  const absl::StatusOr<std::vector<StoredPosting>> postings = DecodePostings(key, 7, value);
  if (postings.ok()) {
    for (const StoredPosting& posting : *postings)
      Require(posting.posting.account == key, "a block is one account's");
  }
}

void Read(std::uint8_t which, std::string_view key, std::string_view value) {
  fuzz::MemoryVault vault;
  StoredPolicy policy;
  switch (which % 12) {
    case 0:
      return ReadJournal(value, {});
    case 1:
      return ReadJournal(value, key);
    case 2:
      return ReadOthers(key, value);
    case 3:
      return RoundTrip<SanctionRow>(Family::kTables, key, value);
    case 4:
      return RoundTrip<CaseRow>(Family::kTables, key, value);
    case 5:
      return RoundTrip<DirectiveRow>(Family::kDirectives, key, value);
    case 6:
      return RoundTrip<v1::Note>(Family::kTables, key, value);
    case 7:
      return RoundTrip<PutFinding>(Family::kTables, key, value);
    case 8:
      return RoundTrip<StoredToken>(Family::kTables, key, value);
    case 9:
      return RoundTrip<v1::AuditRecord>(Family::kAudit, key, value);
    case 10:
      return RoundTrip<StoredAnswer>(Family::kAnswers, key, value);
    default:
      RoundTrip<v1::PartnerSpan>(Family::kTables, key, value);
      static_cast<void>(
          RowCodec(&vault).Decode({Family::kTables, std::string(key)}, value, &policy));
  }
}

}  // namespace
}  // namespace hallwarden::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t key = std::min<std::size_t>(data[1] % 64U, rest.size());
  hallwarden::storage::Read(data[0], rest.substr(0, key), rest.substr(key));
  return 0;
}
