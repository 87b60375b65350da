#include "rules/state/bank_cells.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kAnsweredMax = 1U << 16;
constexpr std::size_t kHashBytes = 32;

std::uint32_t Read32(Reader* in) {
  const std::uint64_t value = in->Varint();
  if (value > 0xffffffffULL) in->Fail();
  return static_cast<std::uint32_t>(value);
}

void EncodeEntry(const BankPageCell::Entry& entry, Writer* out) {
  out->Bytes(entry.hash);
  if (entry.free()) return;
  out->Byte(static_cast<std::uint8_t>(entry.kind));
  out->Byte(static_cast<std::uint8_t>(entry.category));
  out->Byte(static_cast<std::uint8_t>(entry.confidence));
  out->Byte(entry.quality);
  out->Bytes(entry.bank);
  out->Bytes(entry.reason);
  out->Bytes(entry.principal);
  out->Signed(entry.role);
  out->Signed(entry.create_us);
  out->Signed(entry.expire_us);
  out->Varint(entry.hits);
  out->Signed(entry.last_hit_us);
}

void DecodeEntry(Reader* in, BankPageCell::Entry* entry) {
  entry->hash = in->Bytes();
  if (entry->free()) return;
  if (entry->hash.size() != kHashBytes) in->Fail();
  entry->kind = static_cast<v1::BankKind>(in->Byte());
  entry->category = static_cast<v1::TextCategory>(in->Byte());
  entry->confidence = static_cast<v1::Confidence>(in->Byte());
  if (!v1::BankKind_IsValid(entry->kind) || !v1::TextCategory_IsValid(entry->category) ||
      !v1::Confidence_IsValid(entry->confidence)) {
    in->Fail();
  }
  entry->quality = in->Byte();
  entry->bank = in->Bytes();
  entry->reason = in->Bytes();
  entry->principal = in->Bytes();
  entry->role = static_cast<std::int32_t>(in->Signed());
  entry->create_us = in->Signed();
  entry->expire_us = in->Signed();
  entry->hits = in->Varint();
  entry->last_hit_us = in->Signed();
}

}  // namespace

void BankCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(pages);
  writer.Varint(entries);
  writer.Varint(revision);
  writer.Signed(patrol_day);
  writer.Varint(patrolled);
  writer.Varint(answered.size());
  for (const AnsweredRequest& request : answered) {
    writer.Hash(request.request);
    writer.Hash(request.body);
    writer.Signed(request.expire_us);
  }
}

bool BankCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  pages = Read32(&in);
  entries = Read32(&in);
  revision = in.Varint();
  patrol_day = in.Signed();
  patrolled = Read32(&in);
  const std::uint64_t count = in.Varint();
  if (count > kAnsweredMax || count > in.left()) return false;
  answered.resize(static_cast<std::size_t>(count));
  for (AnsweredRequest& request : answered) {
    request.request = in.Hash();
    request.body = in.Hash();
    request.expire_us = in.Signed();
  }
  return in.done();
}

void BankPageCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(entries.size());
  for (const Entry& entry : entries)
    EncodeEntry(entry, &writer);
}

bool BankPageCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  const std::uint64_t count = in.Varint();
  if (count > kSlots) return false;
  entries.assign(static_cast<std::size_t>(count), {});
  for (Entry& entry : entries)
    DecodeEntry(&in, &entry);
  return in.done();
}

}  // namespace hallwarden
