// The engine: folds the journal into state and effects.
#ifndef HALLWARDEN_RULES_ENGINE_ENGINE_H_
#define HALLWARDEN_RULES_ENGINE_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/lexicon.pb.h"

#include "rules/base/siphash.h"
#include "rules/engine/effect.h"
#include "rules/engine/fact.h"
#include "rules/engine/record.h"
#include "rules/state/cells.h"

namespace hallwarden {

namespace policy {
class CompiledPolicy;
}
namespace text {
class ChatScreener;
class NameScreener;
struct Screeners;
}  // namespace text

// Raised with every change that could make any journal decide differently. Stored in
// EngineActivated. 2: stalling, farming, collusion, throwing, trading, winning and take-over are
// judged. 3: names are read by sound, look and parts, and judged by combinations. 4: machines ask
// the game server's breaker before they act, rules fall to review above their norm, a
//    hand counts only for who sits in it.
// 5: a new history epoch is never below the second in which it was accepted.
// 6: avatars are judged by the banks of pictures and by their QR codes.
// 7: the operator's own entries judge names on top of the built-in lists, and stored names again
// when
//    they change.
// 8: cases have terms and a place in the queue; reports count.
// 9: a policy replaces only the one that its author had looked at, if he named it.
// 10: appeals: what game servers answer about notices and what ends a sanction counts for them.
// 11: a rule that is overturned on appeal too often is left to people.
inline constexpr std::int32_t kEngineVersion = 11;

// The word lists in force, by content address.
struct LexiconArtefacts {
  std::string names;
  std::string chat;       // empty, in journals before engine version 7: chat is not judged
  std::string operators;  // the operator's own list; empty: no entries

  friend bool operator==(const LexiconArtefacts&, const LexiconArtefacts&) = default;
};

// Compiled artefacts by content address. The daemon compiles them off the sequencer's thread and
// keeps them while a retained record refers to them. Lookups during Apply must not fail: the record
// that names an artefact is journalled after the artefact is stored.
class Artefacts {
 public:
  virtual ~Artefacts() = default;
  // Null if unknown; the engine then keeps the policy it has.
  [[nodiscard]] virtual std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view artefact) const = 0;
  // What judges names and chat by these lists. Both null if one of the lists is unknown; the engine
  // then keeps what it has.
  [[nodiscard]] virtual text::Screeners Lexicon(const LexiconArtefacts& lists) const = 0;
};

struct EngineOptions {
  // Key of text fingerprints: the installation's secret, the same for the life of a store.
  SipKey fingerprint_key;
  // This engine owns the entities with ShardOf(key, shard_count) == shard_index.
  std::uint32_t shard_index = 0;
  std::uint32_t shard_count = 1;
  // Judges nothing and changes nothing: what `bench/floor` measures is everything around the
  // engine.
  bool idle = false;
};

// What one step made.
struct StepOutput {
  std::vector<Effect> effects;
  std::vector<Fact> facts;

  void Clear() {
    effects.clear();
    facts.clear();
  }
};

// Same records in the same order give the same effects, byte for byte. Reads no clock, no
// randomness, no I/O besides the cell source that it was given. Not thread-safe.
class Engine {
 public:
  // `cells` and `artefacts` outlive the engine. Nothing is judged until an EngineActivated record
  // came.
  Engine(const EngineOptions& options, Cells* cells, const Artefacts* artefacts);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Names the cells that Apply of this record reads or writes, facts included as far as the record
  // tells, so that they can be loaded for a whole group. A hint: what it leaves out is loaded late.
  void Touches(const Record& record, std::vector<EntityKey>* keys) const;

  // Applies a record to the entity that it is about, if this shard owns it; records for everybody
  // (EngineActivated, policy activations) take effect in every shard and speak in their owner's
  // only. Appends to `out`.
  void Apply(const Record& record, StepOutput* out);

  // Applies a fact to an entity of this shard. Appends to `out`.
  void ApplyFact(const Fact& fact, StepOutput* out);

  // The policy in force, null before the first activation.
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> ActivePolicy() const;

  // The dossier as far as the engine knows it: no names, no addresses, no notes. `now_us` is commit
  // time. Nullopt if nothing was ever heard of the account. Changes nothing but the cell cache.
  [[nodiscard]] std::optional<v1::Account> Dossier(std::string_view realm, std::string_view account,
                                                   std::int64_t now_us);

  // Where the words of the current nickname and signature stand: journal positions, 0 for none.
  struct ProfilePositions {
    std::uint64_t registration = 0;
    std::uint64_t nickname = 0;
    std::uint64_t signature = 0;
  };
  [[nodiscard]] ProfilePositions Profile(std::string_view realm, std::string_view account);

  // Accounts with this folded nickname, at most 50, in id order.
  [[nodiscard]] std::vector<std::string> AccountsNamed(std::string_view nickname);

  // What is known of a game server besides its streams: quarantine, breaker, what its events
  // caused. Changes nothing but the cell cache, as do all of these.
  [[nodiscard]] v1::Server Server(std::string_view server, std::int64_t now_us);

  // Every rule of the policy in force, in its order.
  [[nodiscard]] std::vector<v1::RuleStatus> Rules(std::int64_t now_us);

  // Entries of the banks in the order of their places.
  struct BankFilter {
    std::string bank;                               // empty: all
    v1::BankKind kind = v1::BANK_KIND_UNSPECIFIED;  // unset: both
    std::uint32_t from = 0;
    std::size_t most = 0;
  };
  struct BankView {
    std::vector<v1::BankEntry> entries;
    std::optional<std::uint32_t> next;  // nullopt: that was all
    std::size_t total = 0;              // in all banks
  };
  [[nodiscard]] BankView BankEntries(const BankFilter& filter);

  // What the banks and the policy in force make of an avatar, without its account.
  [[nodiscard]] v1::TestBanksResponse TestAvatar(const v1::AvatarChanged& avatar,
                                                 std::int64_t now_us);

  // Between true and false nothing is changed but cells, which the caller puts back.
  void SetRehearsal(bool rehearsal);

  // The word lists in force and what judges by them.
  struct LexiconView {
    LexiconArtefacts lists;
    std::shared_ptr<const text::NameScreener> names;
    std::shared_ptr<const text::ChatScreener> chat;
    std::int64_t change_us = 0;  // of the operator's list, commit time; 0: never
    std::string principal;       // who changed it
    v1::RescreenStatus rescreen;
    std::string rescreen_base;  // the list that stored names were judged by before
  };
  [[nodiscard]] LexiconView Lexicon();

  // Findings that one entry made.
  struct EntryHits {
    std::uint64_t count = 0;
    std::int64_t last_us = 0;  // commit time
  };
  // By LexiconHitKey (rules/engine/lexicon_entity.h), in key order; at most
  // LexiconHitsCell::kPages * LexiconHitsCell::kEntriesMax.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, EntryHits>> LexiconHits();

  // Fingerprint of a folded nickname under the installation's key.
  [[nodiscard]] Hash128 Fingerprint(std::string_view nickname) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One engine with its fact queue: what a single process runs. Not thread-safe.
class EngineRunner {
 public:
  EngineRunner(const EngineOptions& options, Cells* cells, const Artefacts* artefacts);

  // Applies the record, then every fact behind it, and appends the effects with their places.
  void Step(const Record& record, std::vector<PositionedEffect>* effects);

  // What Step would do, undone at once: the effects of the record on live cells. For dry runs.
  [[nodiscard]] std::vector<PositionedEffect> Rehearse(const Record& record);

  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  Cells* cells_;
  Engine engine_;
  StepOutput output_;
  std::vector<Fact> queue_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_ENGINE_H_
