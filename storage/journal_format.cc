// The journal's values: one a committed group, and beside it the group's sealed parts.
#include <utility>

#include "rules/state/codec.h"
#include "storage/format.h"
#include "storage/key.h"

namespace hallwarden::storage {
namespace {

// Flags of a group.
constexpr std::uint8_t kGroupSealed = 0x01;

// The first byte of an entry: the kind in the low half, what follows in the high one.
constexpr std::uint8_t kKindMask = 0x0f;
constexpr std::uint8_t kHasIp = 0x10;
constexpr std::uint8_t kHasDevice = 0x20;
constexpr std::uint8_t kHasContentHash = 0x40;
constexpr std::uint8_t kHasSealed = 0x80;

constexpr std::uint8_t kKindMin = static_cast<std::uint8_t>(RecordKind::kHallEvent);
constexpr std::uint8_t kKindMax = static_cast<std::uint8_t>(RecordKind::kErased);
static_assert(kKindMax <= kKindMask);

void AppendU64(std::string* out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

std::uint64_t ReadU64(Reader* in) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i)
    value = (value << 8) | in->Byte();
  return value;
}

// The sources of a group, each with the number that its next entry has if none is missing.
struct SourceTable {
  struct Row {
    std::string_view name;
    std::uint64_t next_seq = 0;
  };
  std::vector<Row> rows;

  // Index of the source, added if it is new. A group has few: one a game server.
  std::size_t Find(std::string_view name, std::size_t hint) {
    if (hint < rows.size() && rows[hint].name == name) return hint;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].name == name) return i;
    }
    rows.push_back(Row{name, 0});
    return rows.size() - 1;
  }
};

std::uint8_t HeadOf(const JournalEntry& entry) {
  auto head = static_cast<std::uint8_t>(entry.kind);
  if (entry.hashes.ip != Hash128{}) head |= kHasIp;
  if (entry.hashes.device != Hash128{}) head |= kHasDevice;
  if (entry.content_hash != 0) head |= kHasContentHash;
  if (!entry.sealed.empty()) head |= kHasSealed;
  return head;
}

// Reads a group entry by entry, without copying payloads.
class GroupReader {
 public:
  explicit GroupReader(std::string_view journal) : in_(journal) {
    if (in_.Byte() != kValueVersion) in_.Fail();
    const std::uint8_t flags = in_.Byte();
    if ((flags & ~kGroupSealed) != 0) in_.Fail();
    sealed_ = (flags & kGroupSealed) != 0;
    effects_digest_ = ReadU64(&in_);
    commit_us_ = in_.Signed();
    const std::uint64_t sources = in_.Varint();
    // Every source takes a byte at least.
    if (sources > in_.left()) in_.Fail();
    for (std::uint64_t i = 0; i < sources && in_.ok(); ++i) {
      sources_.rows.push_back({in_.Bytes(), 0});
    }
    count_ = in_.Varint();
    if (count_ == 0 || count_ > in_.left()) in_.Fail();
  }

  [[nodiscard]] bool ok() const { return in_.ok(); }
  [[nodiscard]] bool done() const { return in_.done(); }
  [[nodiscard]] std::uint64_t count() const { return in_.ok() ? count_ : 0; }
  [[nodiscard]] bool sealed() const { return sealed_; }
  [[nodiscard]] std::uint64_t effects_digest() const { return effects_digest_; }

  // One entry but for position, source, payload and sealed part, which the views tell.
  struct View {
    JournalEntry entry;
    std::string_view source;
    std::string_view payload;
    bool sealed = false;
  };
  bool Next(View* view) {
    const std::uint8_t head = in_.Byte();
    const std::uint8_t kind = head & kKindMask;
    if (kind < kKindMin || kind > kKindMax) in_.Fail();
    view->entry.kind = static_cast<RecordKind>(kind);
    commit_us_ = WrappingAdd(commit_us_, static_cast<std::int64_t>(in_.Varint()));
    view->entry.commit_us = commit_us_;
    const std::uint64_t source = in_.Varint();
    if (source >= sources_.rows.size()) in_.Fail();
    const std::int64_t ahead = in_.Signed();
    if (!in_.ok()) return false;
    SourceTable::Row& row = sources_.rows[source];
    view->source = row.name;
    view->entry.source_seq = row.next_seq + static_cast<std::uint64_t>(ahead);
    row.next_seq = view->entry.source_seq + 1;
    view->entry.hashes.ip = (head & kHasIp) != 0 ? in_.Hash() : Hash128{};
    view->entry.hashes.device = (head & kHasDevice) != 0 ? in_.Hash() : Hash128{};
    view->entry.content_hash = (head & kHasContentHash) != 0 ? ReadU64(&in_) : 0;
    view->sealed = (head & kHasSealed) != 0;
    view->payload = in_.Bytes();
    return in_.ok();
  }

 private:
  Reader in_;
  SourceTable sources_;
  std::uint64_t count_ = 0;
  std::uint64_t effects_digest_ = 0;
  std::int64_t commit_us_ = 0;
  bool sealed_ = false;
};

// Reads a row of `private` in step with its group.
class SealedReader {
 public:
  explicit SealedReader(std::string_view sealed) : in_(sealed), used_(!sealed.empty()) {
    if (!used_) return;
    if (in_.Byte() != kValueVersion) in_.Fail();
    left_ = in_.Varint();
    Advance();
  }

  // Takes the part of entry `index`. False if there is none.
  bool Take(std::uint64_t index, std::string_view* account, std::string_view* blob) {
    if (!pending_ || index_ != index) return false;
    *account = in_.Bytes();
    *blob = in_.Bytes();
    base_ = index_ + 1;
    Advance();
    return in_.ok();
  }

  [[nodiscard]] bool done() const { return !used_ || (in_.done() && !pending_ && left_ == 0); }

 private:
  void Advance() {
    pending_ = left_ > 0;
    if (!pending_) return;
    --left_;
    index_ = base_ + in_.Varint();
    if (!in_.ok()) pending_ = false;
  }

  Reader in_;
  bool used_;
  bool pending_ = false;
  std::uint64_t left_ = 0;
  std::uint64_t base_ = 0;
  std::uint64_t index_ = 0;
};

absl::Status MalformedGroup(std::uint64_t first) {
  return absl::DataLossError("the journal group that begins at position " + std::to_string(first) +
                             " is malformed: restore a backup");
}

JournalEntry Complete(const GroupReader::View& view, std::uint64_t position) {
  JournalEntry entry = view.entry;
  entry.position = position;
  entry.source = std::string(view.source);
  entry.payload = std::string(view.payload);
  return entry;
}

}  // namespace

EncodedGroup EncodeGroup(std::span<const JournalEntry> entries, std::uint64_t effects_digest) {
  SourceTable sources;
  std::vector<std::size_t> source_of;
  source_of.reserve(entries.size());
  std::size_t bytes = 64;
  std::uint64_t sealed_count = 0;
  for (const JournalEntry& entry : entries) {
    source_of.push_back(sources.Find(entry.source, source_of.empty() ? 0 : source_of.back()));
    bytes += entry.payload.size() + 56;
    if (!entry.sealed.empty()) ++sealed_count;
  }
  EncodedGroup group;
  group.journal.reserve(bytes);
  Writer out(&group.journal);
  out.Byte(kValueVersion);
  out.Byte(sealed_count > 0 ? kGroupSealed : 0);
  AppendU64(&group.journal, effects_digest);
  std::int64_t commit_us = entries.front().commit_us;
  out.Signed(commit_us);
  out.Varint(sources.rows.size());
  for (const SourceTable::Row& row : sources.rows)
    out.Bytes(row.name);
  out.Varint(entries.size());
  Writer sealed(&group.sealed);
  if (sealed_count > 0) {
    sealed.Byte(kValueVersion);
    sealed.Varint(sealed_count);
  }
  std::uint64_t sealed_base = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const JournalEntry& entry = entries[i];
    out.Byte(HeadOf(entry));
    out.Varint(static_cast<std::uint64_t>(entry.commit_us - commit_us));
    commit_us = entry.commit_us;
    out.Varint(source_of[i]);
    SourceTable::Row& row = sources.rows[source_of[i]];
    out.Signed(static_cast<std::int64_t>(entry.source_seq - row.next_seq));
    row.next_seq = entry.source_seq + 1;
    if (entry.hashes.ip != Hash128{}) out.Hash(entry.hashes.ip);
    if (entry.hashes.device != Hash128{}) out.Hash(entry.hashes.device);
    if (entry.content_hash != 0) AppendU64(&group.journal, entry.content_hash);
    out.Bytes(entry.payload);
    if (entry.sealed.empty()) continue;
    sealed.Varint(i - sealed_base);
    sealed.Bytes(entry.sealed_account);
    sealed.Bytes(entry.sealed);
    sealed_base = i + 1;
  }
  return group;
}

bool HasSealed(std::string_view journal) {
  return journal.size() > 1 && (static_cast<std::uint8_t>(journal[1]) & kGroupSealed) != 0;
}

absl::StatusOr<StoredGroup> DecodeGroup(std::uint64_t first, std::string_view journal,
                                        std::string_view sealed) {
  GroupReader in(journal);
  SealedReader parts(sealed);
  StoredGroup group;
  group.effects_digest = in.effects_digest();
  group.entries.reserve(in.count());
  GroupReader::View view;
  for (std::uint64_t i = 0; i < in.count() && in.Next(&view); ++i) {
    JournalEntry& entry = group.entries.emplace_back(Complete(view, first + i));
    std::string_view account;
    std::string_view blob;
    const bool taken = parts.Take(i, &account, &blob);
    if (taken != view.sealed) return MalformedGroup(first);
    entry.sealed_account = std::string(account);
    entry.sealed = std::string(blob);
  }
  if (!in.done() || !parts.done()) return MalformedGroup(first);
  return group;
}

absl::StatusOr<JournalEntry> DecodeEntry(std::uint64_t first, std::uint64_t position,
                                         std::string_view journal, std::string_view sealed) {
  GroupReader in(journal);
  if (!in.ok()) return MalformedGroup(first);
  if (position - first >= in.count()) {
    return absl::NotFoundError("no record at position " + std::to_string(position));
  }
  SealedReader parts(sealed);
  GroupReader::View view;
  for (std::uint64_t i = 0; in.Next(&view); ++i) {
    std::string_view account;
    std::string_view blob;
    if (parts.Take(i, &account, &blob) != view.sealed) break;
    if (first + i < position) continue;
    JournalEntry entry = Complete(view, position);
    entry.sealed_account = std::string(account);
    entry.sealed = std::string(blob);
    return entry;
  }
  return MalformedGroup(first);
}

}  // namespace hallwarden::storage
