// Names of the things that rule state belongs to.
#ifndef HALLWARDEN_RULES_STATE_ENTITY_H_
#define HALLWARDEN_RULES_STATE_ENTITY_H_

#include <compare>
#include <cstdint>
#include <string_view>

#include "rules/base/siphash.h"

namespace hallwarden {

// Kinds of entity. Stored on disk: numbers are never reused or changed.
enum class CellKind : std::uint8_t {
  kAccount = 1,   // one account of a realm
  kPair = 2,      // two accounts that met
  kIp = 3,        // one IP address, by keyed hash
  kDevice = 4,    // one device, by keyed hash
  kText = 5,      // one folded text, by keyed fingerprint
  kTable = 6,     // one table
  kServer = 7,    // one game server: its directive numbers
  kRule = 8,      // one rule of the policy: its quota
  kSystem = 9,    // the installation: tokens, policy, epoch
  kPlay = 10,     // how an account plays: the same entity as kAccount, under the same id
  kService = 11,  // how a game server is doing: the same entity as kServer, under the same id
  kCaused = 12,   // a page of the sanctions that one game server's events caused
  kLexicon = 15,  // a page of how often the entries of word lists hit
  kTrail = 16,    // where an account was: the same entity as kAccount, under the same id
  kDesk = 17,     // cases and reports of an account: the same entity as kAccount, under the same id
  kAppeal = 19,   // appeals of an account: the same entity as kAccount, under the same id
  kBank = 21,     // the banks of pictures: one for the installation
  kBankPage = 22,  // a page of their entries: the same entity as kBank
};

// Every piece of rule state is keyed by exactly one entity. Sorted by kind, then id.
struct EntityKey {
  CellKind kind = CellKind::kSystem;
  Hash128 id;

  friend auto operator<=>(const EntityKey&, const EntityKey&) = default;
};

// Keys by name. The hash key is a public constant: it spreads values and hides nothing. Names of an
// account are qualified by the realm; an empty realm is the default one.
[[nodiscard]] EntityKey AccountKey(std::string_view realm, std::string_view account);
[[nodiscard]] EntityKey ServerKey(std::string_view server);
[[nodiscard]] EntityKey RuleKey(std::string_view rule);
// Page `page` (from 0) of what the server's events caused.
[[nodiscard]] EntityKey CausedKey(std::string_view server, std::uint64_t page);
// Page `page` of how often the entries of word lists hit.
[[nodiscard]] EntityKey LexiconHitsKey(std::uint32_t page);
[[nodiscard]] EntityKey TableKey(std::string_view realm, std::string_view table);
// Order of the two does not matter.
[[nodiscard]] EntityKey PairKey(const EntityKey& a, const EntityKey& b);
[[nodiscard]] EntityKey SystemKey();
// The banks of pictures, and page `page` (from 0) of their entries, which lies in the same shard.
[[nodiscard]] EntityKey BankKey();
[[nodiscard]] EntityKey BankPageKey(std::uint32_t page);

// Shard that owns `key` when state is spread over `shards` (>= 1) engines.
[[nodiscard]] std::uint32_t ShardOf(const EntityKey& key, std::uint32_t shards);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_ENTITY_H_
