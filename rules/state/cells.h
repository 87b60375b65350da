// The cells of all entities in memory: a write-back cache over the last checkpoint.
#ifndef HALLWARDEN_RULES_STATE_CELLS_H_
#define HALLWARDEN_RULES_STATE_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/state/cell_table.h"
#include "rules/state/entity.h"

namespace hallwarden {

struct AccountCell;
struct AppealCell;
struct OriginCell;
struct TextCell;
struct ServerCell;
struct RuleCell;
struct CausedCell;
struct DeskCell;
struct SystemCell;
struct BankCell;
struct BankPageCell;
struct LexiconHitsCell;
struct PlayCell;
struct TrailCell;
struct ServiceCell;

// Where cells that are not in memory come from: the last checkpoint. Called on the engine's thread.
class CellSource {
 public:
  virtual ~CellSource() = default;
  // Appends for each key its encoded cell, or an empty string if it never existed. An unreadable
  // store ends the process inside: a missing cell would be a wrong decision.
  virtual void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) = 0;
};

// A cell as a checkpoint holds it.
struct EncodedCell {
  EntityKey key;
  std::string bytes;
};

// A consistent cut of what is dirty: names of cells, not yet their bytes. Parts are in the order of
// their kinds, cells of a part in the order in which they changed.
struct CellCut {
  struct Part {
    CellKind kind = CellKind::kSystem;
    std::deque<FrozenCell> cells;
  };
  std::vector<Part> parts;

  [[nodiscard]] std::size_t size() const {
    std::size_t total = 0;
    for (const Part& part : parts)
      total += part.cells.size();
    return total;
  }
};

// All tables. Not thread-safe. Pointers and references stay valid until the next Evict.
class Cells {
 public:
  // `source` may be null (everything lives in memory) and outlives this. `cells_max` is how many
  // cells may stay in memory once they are clean; 0: no limit.
  explicit Cells(CellSource* source = nullptr, std::size_t cells_max = 0);
  ~Cells();
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  // One table per kind of cell: Find (null if it never existed) and Mutable (made when missing,
  // marked dirty).
  CellTable<AccountCell>& accounts();
  CellTable<OriginCell>& ips();
  CellTable<OriginCell>& devices();
  CellTable<TextCell>& texts();
  CellTable<ServerCell>& servers();
  CellTable<RuleCell>& rules();
  CellTable<SystemCell>& system();
  // How an account plays, by the id of its account; how a game server is doing, by the id of its
  // server.
  CellTable<PlayCell>& plays();
  CellTable<ServiceCell>& services();
  CellTable<CausedCell>& caused();
  // The banks of pictures, and the pages of their entries.
  CellTable<BankCell>& banks();
  CellTable<BankPageCell>& bank_pages();
  // How often the entries of word lists hit, in pages.
  CellTable<LexiconHitsCell>& lexicon_hits();
  // What the desk keeps of an account, by the id of its account.
  CellTable<DeskCell>& desks();
  // Where an account was of late, by the id of its account.
  CellTable<TrailCell>& trails();
  // Appeals of an account, by the id of its account.
  CellTable<AppealCell>& appeals();

  // Loads what is missing of `keys`, in one read, and asks for the memory of the others.
  void Prefetch(std::span<const EntityKey> keys);

  // Puts in a cell that was read elsewhere, as the source would give it; keeps what is here. False
  // if the bytes make no cell.
  [[nodiscard]] bool Insert(const EntityKey& key, std::string_view encoded);

  // ---- checkpoints, in small steps between groups -----------------------------------------------
  // Sets what is dirty apart as it is now and calls it clean. Costs nothing: cells are encoded
  // later, by EncodeFrozen, or just before they change. Requires: nothing is frozen.
  [[nodiscard]] CellCut Freeze();
  // Appends those of `cells` that did not change since, encoded.
  void EncodeFrozen(CellKind kind, std::span<const FrozenCell> cells,
                    std::vector<EncodedCell>* out);
  // Appends those that changed before they were reached, encoded as they were when frozen.
  void TakeEarly(std::vector<EncodedCell>* out);
  // The cut is durable.
  void DropFrozen();
  // The cut was not written: all of it is dirty again.
  void Thaw(const CellCut& cut);
  [[nodiscard]] bool frozen() const;

  // All of that at once: every dirty cell encoded, in key order.
  [[nodiscard]] std::vector<EncodedCell> TakeDirty();

  // Drops clean cells, first of the kinds that are seldom asked for again and nearly the longest
  // unused first, until at most `cells_max` are left. Never changes a decision. Does nothing while
  // a cut is frozen: its cells are in memory only.
  void Evict();

  // Between Begin and Discard every change is undone by Discard. For dry runs.
  void BeginRehearsal();
  void DiscardRehearsal();

  // Digest of the whole state in memory and, through the source, of nothing else: for tests without
  // a source. Equal states give equal digests on every build.
  [[nodiscard]] std::uint64_t Digest();

  // Cells in memory, and of these dirty.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t dirty() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_CELLS_H_
