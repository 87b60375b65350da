#include "storage/format.h"

#include <algorithm>
#include <limits>

#include "rules/state/codec.h"
#include "storage/key.h"
#include "storage/sha256.h"

namespace hallwarden::storage {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int32_t kNanosPerMicro = 1'000;

// Checkpoint position: no entity has kind 0, so this key comes before every cell.
constexpr std::uint8_t kCheckpointMark = 0;

constexpr std::uint8_t kGateOpen = 0;
constexpr std::uint8_t kGateMessage = 1;
// Band and time of a place in a queue.
constexpr std::size_t kPlaceBytes = 9;

// Checks the version byte that every value starts with.
// A server that is not trusted at the moment; all others are written as ever.
constexpr std::uint8_t kServerStandingVersion = 2;

bool ReadVersion(Reader* in) {
  return in->Byte() == kValueVersion && in->ok();
}

}  // namespace

absl::Status Malformed(std::string_view what) {
  return absl::DataLossError("the store holds a malformed value in `" + std::string(what) +
                             "`: restore a backup");
}

std::string PositionKey(std::uint64_t position) {
  return Key().U64(position).Take();
}

std::string PlaceKey(std::uint64_t position, std::uint32_t ordinal) {
  return Key().U64(position).U32(ordinal).Take();
}

std::string RowKey(Table table, std::string_view name) {
  return Key(Byte(table)).Raw(name).Take();
}

std::string DirectiveKey(std::string_view server, std::int64_t directive_seq) {
  return Key().Name(server).I64(directive_seq).Take();
}

std::string QueueIndexKey(const v1::Appeal& appeal) {
  const std::string place = FromLowerHex(appeal.queue_key(), kPlaceBytes);
  if (place.empty()) return {};
  Key key(Byte(Index::kAppealQueue));
  for (const char byte : place)
    key.Byte(static_cast<std::uint8_t>(byte));
  return key.Name(appeal.name()).Take();
}

std::string QueueIndexKey(const v1::Case& item) {
  if (item.state() == v1::CASE_STATE_CLOSED) return {};
  constexpr std::uint8_t kWaiting = 1;
  Key key(Byte(Index::kQueue));
  const std::string place = FromLowerHex(item.queue_key(), kPlaceBytes);
  for (const char byte : place)
    key.Byte(static_cast<std::uint8_t>(byte));
  if (place.empty()) key.Byte(kWaiting).I64(ToMicros(item.create_time()));
  return key.Name(item.name()).Take();
}

std::string AnswerKey(std::string_view principal, std::string_view request_id) {
  return Key().Name(principal).Name(request_id).Take();
}

std::string CellKey(const EntityKey& key) {
  return Key(static_cast<std::uint8_t>(key.kind)).U64(key.id.hi).U64(key.id.lo).Take();
}

std::string CheckpointKey() {
  return Key(kCheckpointMark).Take();
}

std::string TimerKey(const Timer& timer) {
  return Key()
      .I64(timer.due_us)
      .Byte(static_cast<std::uint8_t>(timer.entity.kind))
      .U64(timer.entity.id.hi)
      .U64(timer.entity.id.lo)
      .Byte(timer.kind)
      .I64(timer.payload)
      .Name(timer.account)
      .Take();
}

absl::StatusOr<Timer> DecodeTimer(std::string_view key) {
  KeyReader in(key);
  Timer timer;
  timer.due_us = in.I64();
  timer.entity.kind = static_cast<CellKind>(in.Byte());
  timer.entity.id.hi = in.U64();
  timer.entity.id.lo = in.U64();
  timer.kind = in.Byte();
  timer.payload = in.I64();
  timer.account = in.Name();
  if (!in.done()) return Malformed("timers");
  return timer;
}

std::string EncodeGate(const v1::GateEntry& entry) {
  std::string value;
  Writer out(&value);
  out.Byte(kValueVersion);
  const google::protobuf::Timestamp& change = entry.change_time();
  if (entry.restrictions().empty() && entry.not_before_hand().empty() &&
      !entry.has_deadline_time() && change.nanos() % kNanosPerMicro == 0) {
    out.Byte(kGateOpen);
    out.Signed(entry.account_revision());
    out.Byte(entry.has_change_time() ? 1 : 0);
    out.Signed(ToMicros(change));
    return value;
  }
  out.Byte(kGateMessage);
  v1::GateEntry rest = entry;
  rest.clear_account();
  out.Bytes(rest.SerializeAsString());
  return value;
}

absl::StatusOr<v1::GateEntry> DecodeGate(std::string_view account, std::string_view value) {
  Reader in(value);
  v1::GateEntry entry;
  bool good = ReadVersion(&in);
  const std::uint8_t shape = in.Byte();
  if (shape == kGateOpen) {
    entry.set_account_revision(in.Signed());
    const bool changed = in.Byte() != 0;
    const std::int64_t change_us = in.Signed();
    if (changed) SetTimestamp(change_us, entry.mutable_change_time());
  } else {
    const std::string_view bytes = in.Bytes();
    good = good && shape == kGateMessage &&
           entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  }
  if (!good || !in.done()) return Malformed("gate");
  entry.set_account(std::string(account));
  return entry;
}

std::string EncodeSource(const SourcePosition& position) {
  std::string value;
  Writer out(&value);
  out.Byte(kValueVersion);
  out.Varint(position.durable_seq);
  out.Signed(position.session_epoch);
  return value;
}

absl::StatusOr<SourcePosition> DecodeSource(std::string_view source, std::string_view value) {
  Reader in(value);
  const bool good = ReadVersion(&in);
  SourcePosition position;
  position.source = std::string(source);
  position.durable_seq = in.Varint();
  position.session_epoch = in.Signed();
  if (!good || !in.done()) return Malformed("sources");
  return position;
}

namespace {
constexpr std::uint8_t kServerLostVersion = 3;
}  // namespace

std::string EncodeServer(const ServerRow& row) {
  std::string value;
  Writer out(&value);
  const bool trusted = row.state.quarantine_us == 0 && row.state.trip_us == 0;
  const bool lost = row.state.lost_events != 0;
  out.Byte(lost ? kServerLostVersion : trusted ? kValueVersion : kServerStandingVersion);
  out.Signed(row.state.last_directive_seq);
  out.Signed(row.state.unanswered);
  out.Byte(row.state.retired ? 1 : 0);
  out.Signed(row.state.rejected_events);
  out.Signed(row.dropped_through);
  if (lost || !trusted) {
    out.Signed(row.state.quarantine_us);
    out.Signed(row.state.trip_us);
  }
  if (lost) out.Signed(row.state.lost_events);
  return value;
}

absl::StatusOr<ServerRow> DecodeServer(std::string_view value) {
  Reader in(value);
  const std::uint8_t version = in.Byte();
  const bool good = version >= kValueVersion && version <= kServerLostVersion;
  ServerRow row;
  row.state.last_directive_seq = in.Signed();
  row.state.unanswered = in.Signed();
  row.state.retired = in.Byte() != 0;
  row.state.rejected_events = in.Signed();
  row.dropped_through = in.Signed();
  if (version >= kServerStandingVersion) {
    row.state.quarantine_us = in.Signed();
    row.state.trip_us = in.Signed();
  }
  if (version >= kServerLostVersion) row.state.lost_events = in.Signed();
  if (!good || !in.done()) return Malformed("tables: server");
  return row;
}

std::string EncodeNumber(std::uint64_t number) {
  return Key(kValueVersion).U64(number).Take();
}

absl::StatusOr<std::uint64_t> DecodeNumber(std::string_view value) {
  KeyReader in(value);
  const bool good = in.Byte() == kValueVersion;
  const std::uint64_t number = in.U64();
  if (!good || !in.done()) return Malformed("meta");
  return number;
}

std::string KeysCheck(const Vault& vault) {
  constexpr std::string_view kText = "hallwarden keys";
  return EncodeNumber(SipHash64(vault.HashKey(), kText));
}

void SetTimestamp(std::int64_t us, google::protobuf::Timestamp* timestamp) {
  std::int64_t seconds = us / kMicrosPerSecond;
  std::int64_t micros = us % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(static_cast<std::int32_t>(micros) * kNanosPerMicro);
}

std::int64_t ToMicros(const google::protobuf::Timestamp& timestamp) {
  constexpr std::int64_t kSecondsMax =
      std::numeric_limits<std::int64_t>::max() / kMicrosPerSecond - 1;
  const std::int64_t seconds = std::clamp(timestamp.seconds(), -kSecondsMax, kSecondsMax);
  return seconds * kMicrosPerSecond + timestamp.nanos() / kNanosPerMicro;
}

}  // namespace hallwarden::storage
