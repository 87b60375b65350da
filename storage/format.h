// Bytes of the store's keys and values. FORMAT.md describes each of them with an example; change
// both or none.
#ifndef HALLWARDEN_STORAGE_FORMAT_H_
#define HALLWARDEN_STORAGE_FORMAT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/engine/effect.h"
#include "rules/state/entity.h"
#include "storage/store.h"

namespace hallwarden::storage {

// Version of everything below, kept in `meta`. 2: audit records are chained. 3: open cases stand in
// the queue.
inline constexpr std::uint32_t kFormatVersion = 3;
// First byte of every value but those of `index` and `cells`.
inline constexpr std::uint8_t kValueVersion = 1;

// ---- meta: keys ---------------------------------------------------------------------------------
inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kStoreIdKey = "store_id";
inline constexpr std::string_view kKeysCheckKey = "keys_check";
inline constexpr std::string_view kHistoryEpochKey = "history_epoch";
inline constexpr std::string_view kAuditChainKey = "audit_chain";

// ---- tables, index, directives, answers: first byte of the key ----------------------------------
enum class Table : std::uint8_t {
  kSanction = 1,         // name
  kCase = 2,             // name
  kNote = 3,             // name
  kFinding = 4,          // account, position, ordinal
  kToken = 5,            // name
  kPartner = 6,          // account, begin time, channel
  kPolicy = 7,           // position, ordinal
  kServer = 8,           // name
  kAuditCheckpoint = 9,  // number
  kAppeal = 19,          // name
};
enum class Index : std::uint8_t {
  kSanctionsByAccount = 1,  // account, position, ordinal -> name
  kSanctions = 2,           // position, ordinal -> name
  kCasesByAccount = 3,      // account, position, ordinal -> name
  kCases = 4,               // position, ordinal -> name
  kOpenCasesByAccount = 5,  // account, position, ordinal -> name
  kOpenCases = 6,           // position, ordinal -> name
  kNotesByAccount = 7,      // account, position, ordinal -> name
  kAuditByAccount = 8,      // account, position, ordinal
  kAuditByPrincipal = 9,    // principal, position, ordinal
  kPartnersByChannel = 10,  // channel, account, begin time
  kDirectivesByCause = 11,  // cause, server, directive_seq
  kAnswersByExpiry = 12,    // expiry, principal, request id
  kCausedByServer = 13,     // server, position, ordinal -> name of a sanction or case
  kQueue = 17,              // band, time, name of a case that is not closed -> name
  kAppealsByAccount = 18,   // account, position, ordinal -> name
  kAppealQueue = 19,        // band, time, name of an appeal that is not over -> name
};

[[nodiscard]] inline std::uint8_t Byte(Table table) {
  return static_cast<std::uint8_t>(table);
}
[[nodiscard]] inline std::uint8_t Byte(Index index) {
  return static_cast<std::uint8_t>(index);
}

// ---- keys
// ---------------------------------------------------------------------------------------- journal,
// private: position of the group's first record.
[[nodiscard]] std::string PositionKey(std::uint64_t position);
// audit, feed.
[[nodiscard]] std::string PlaceKey(std::uint64_t position, std::uint32_t ordinal);
// tables by name.
[[nodiscard]] std::string RowKey(Table table, std::string_view name);
// outbox, directives: one directive of a server.
[[nodiscard]] std::string DirectiveKey(std::string_view server, std::int64_t directive_seq);
// index: place of a case in the queue, as its `queue_key` says; one from before the queue existed
// waits since it was opened. Empty for a closed case.
[[nodiscard]] std::string QueueIndexKey(const v1::Case& item);
// ... of an appeal; empty once it is over.
[[nodiscard]] std::string QueueIndexKey(const v1::Appeal& appeal);
[[nodiscard]] std::string AnswerKey(std::string_view principal, std::string_view request_id);
[[nodiscard]] std::string CellKey(const EntityKey& key);
// In `cells`, before every cell: the position of the checkpoint.
[[nodiscard]] std::string CheckpointKey();
// A timer is all key: sorted by due time.
[[nodiscard]] std::string TimerKey(const Timer& timer);
[[nodiscard]] absl::StatusOr<Timer> DecodeTimer(std::string_view key);
// postings: first posting of a block.
[[nodiscard]] std::string PostingKey(std::string_view account, std::uint64_t position,
                                     std::uint32_t ordinal);

// ---- journal, private
// -----------------------------------------------------------------------------
struct EncodedGroup {
  std::string journal;
  // Empty: nothing is sealed, no row in `private`.
  std::string sealed;
};
// Requires: at least one entry, dense positions, commit times that never decrease.
[[nodiscard]] EncodedGroup EncodeGroup(std::span<const JournalEntry> entries,
                                       std::uint64_t effects_digest);
// True if the group has a row in `private`. False for what is no group.
[[nodiscard]] bool HasSealed(std::string_view journal);
// `sealed` is the row in `private`, empty if there is none. DATA_LOSS if the two do not fit.
[[nodiscard]] absl::StatusOr<StoredGroup> DecodeGroup(std::uint64_t first, std::string_view journal,
                                                      std::string_view sealed);
// One entry of a group, without copying the others. Requires: first <= position.
// NOT_FOUND if the group ends before it.
[[nodiscard]] absl::StatusOr<JournalEntry> DecodeEntry(std::uint64_t first, std::uint64_t position,
                                                       std::string_view journal,
                                                       std::string_view sealed);

// ---- postings, feed
// --------------------------------------------------------------------------------- Postings a
// block may hold.
inline constexpr std::size_t kBlockPostingsMax = 256;
// A block of one account's postings. Requires: same account, ascending places.
[[nodiscard]] std::string EncodePostings(std::span<const StoredPosting* const> postings);
[[nodiscard]] absl::StatusOr<std::vector<StoredPosting>> DecodePostings(std::string_view account,
                                                                        std::uint64_t position,
                                                                        std::string_view value);
[[nodiscard]] std::string EncodeFeed(const StoredPosting& posting);
[[nodiscard]] absl::StatusOr<StoredPosting> DecodeFeed(std::string_view key,
                                                       std::string_view value);

// ---- gate, sources, servers ---------------------------------------------------------------------
// Few bytes when nothing is restricted: the account is in the key, the revision is kept for ever.
[[nodiscard]] std::string EncodeGate(const v1::GateEntry& entry);
[[nodiscard]] absl::StatusOr<v1::GateEntry> DecodeGate(std::string_view account,
                                                       std::string_view value);
[[nodiscard]] std::string EncodeSource(const SourcePosition& position);
[[nodiscard]] absl::StatusOr<SourcePosition> DecodeSource(std::string_view source,
                                                          std::string_view value);

// State of a server's directives.
struct ServerRow {
  OutboxState state;
  // Directives up to this number were dropped when the server was retired.
  std::int64_t dropped_through = 0;
};
[[nodiscard]] std::string EncodeServer(const ServerRow& row);
[[nodiscard]] absl::StatusOr<ServerRow> DecodeServer(std::string_view value);

// One number, for `meta` and the checkpoint's position.
[[nodiscard]] std::string EncodeNumber(std::uint64_t number);
[[nodiscard]] absl::StatusOr<std::uint64_t> DecodeNumber(std::string_view value);

// Value of `keys_check`: tells whether keys and store belong together. The key of the hash stays
// secret.
[[nodiscard]] std::string KeysCheck(const Vault& vault);

// ---- times
// -----------------------------------------------------------------------------------------
void SetTimestamp(std::int64_t us, google::protobuf::Timestamp* timestamp);
// What does not fit into 64 bits is taken to the nearest value that does.
[[nodiscard]] std::int64_t ToMicros(const google::protobuf::Timestamp& timestamp);

// Sums of stored numbers, which damage can make as large as it likes.
[[nodiscard]] constexpr std::int64_t WrappingAdd(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
[[nodiscard]] constexpr std::int64_t WrappingSub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

// DATA_LOSS with the table that does not decode.
[[nodiscard]] absl::Status Malformed(std::string_view what);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_FORMAT_H_
