#include "rules/state/ids.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

// "hallwarden ids..", as bytes. Part of the disk format.
constexpr SipKey kIdKey{0x6964730000000000ULL, 0x68616c6c77617264ULL};
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int kCharacters = 12;

std::string Base32(std::uint64_t value) {
  std::string out;
  for (int i = 0; i < kCharacters; ++i) {
    out.push_back(kAlphabet[value & 31U]);
    value >>= 5U;
  }
  return out;
}

}  // namespace

std::string MakeId(std::string_view prefix, std::string_view owner, std::uint64_t ordinal) {
  std::string bytes;
  Writer writer(&bytes);
  writer.Bytes(prefix);
  writer.Bytes(owner);
  writer.Varint(ordinal);
  return std::string(prefix) + Base32(SipHash64(kIdKey, bytes));
}

std::string DirectiveId(std::string_view cause, std::string_view action, std::uint64_t number) {
  std::string owner;
  Writer writer(&owner);
  writer.Bytes(cause);
  writer.Bytes(action);
  return MakeId("dr_", owner, number);
}

Hash128 RequestKey(std::string_view principal, std::string_view request_id) {
  std::string bytes;
  Writer writer(&bytes);
  writer.Bytes(principal);
  writer.Bytes(request_id);
  return SipHash128(kIdKey, bytes);
}

Hash128 PublicHash(std::string_view bytes) { return SipHash128(kIdKey, bytes); }

}  // namespace hallwarden
