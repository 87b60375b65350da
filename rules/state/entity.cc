#include "rules/state/entity.h"

#include <array>
#include <cstring>
#include <string>

namespace hallwarden {
namespace {

// "hallwarden entity", as bytes. Part of the disk format: every stored cell key depends on it.
constexpr SipKey kEntityHashKey{0x656e746974792077ULL, 0x68616c6c77617264ULL};

constexpr std::size_t kShort = 128;

EntityKey Named(CellKind kind, std::string_view scope, std::string_view name) {
  // The length prefix keeps ("a", "bc") and ("ab", "c") apart.
  const std::size_t size = scope.size() + name.size() + 2;
  // Hashed for every event: names of ordinary length need no allocation.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled as far as it is read.
  std::array<char, kShort> on_stack;
  std::string long_name;
  char* bytes = on_stack.data();
  if (size > kShort) {
    long_name.resize(size);
    bytes = long_name.data();
  }
  bytes[0] = static_cast<char>(kind);
  bytes[1] = static_cast<char>(scope.size() & 0xff);
  if (!scope.empty()) std::memcpy(bytes + 2, scope.data(), scope.size());
  if (!name.empty()) std::memcpy(bytes + 2 + scope.size(), name.data(), name.size());
  return EntityKey{kind, SipHash128(kEntityHashKey, {bytes, size})};
}

void AppendWord(std::string* out, std::uint64_t word) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>((word >> shift) & 0xff));
  }
}

}  // namespace

EntityKey AccountKey(std::string_view realm, std::string_view account) {
  return Named(CellKind::kAccount, realm, account);
}

EntityKey ServerKey(std::string_view server) {
  return Named(CellKind::kServer, {}, server);
}

EntityKey RuleKey(std::string_view rule) {
  return Named(CellKind::kRule, {}, rule);
}

EntityKey CausedKey(std::string_view server, std::uint64_t page) {
  std::string number;
  AppendWord(&number, page);
  return Named(CellKind::kCaused, server, number);
}

EntityKey LexiconHitsKey(std::uint32_t page) {
  std::string number;
  AppendWord(&number, page);
  return Named(CellKind::kLexicon, {}, number);
}

EntityKey TableKey(std::string_view realm, std::string_view table) {
  return Named(CellKind::kTable, realm, table);
}

EntityKey PairKey(const EntityKey& a, const EntityKey& b) {
  const EntityKey& low = a < b ? a : b;
  const EntityKey& high = a < b ? b : a;
  std::string bytes;
  AppendWord(&bytes, low.id.hi);
  AppendWord(&bytes, low.id.lo);
  AppendWord(&bytes, high.id.hi);
  AppendWord(&bytes, high.id.lo);
  return Named(CellKind::kPair, {}, bytes);
}

EntityKey SystemKey() {
  return Named(CellKind::kSystem, {}, "system");
}

EntityKey BankKey() {
  return Named(CellKind::kBank, {}, "bank");
}

EntityKey BankPageKey(std::uint32_t page) {
  return EntityKey{CellKind::kBankPage, {BankKey().id.hi, page}};
}

std::uint32_t ShardOf(const EntityKey& key, std::uint32_t shards) {
  return static_cast<std::uint32_t>(key.id.hi % shards);
}

}  // namespace hallwarden
