// A journal applied once more, by another process: from the start, or with hardly any memory.
#ifndef HALLWARDEN_TESTS_RULES_SUPPORT_REPLAY_H_
#define HALLWARDEN_TESTS_RULES_SUPPORT_REPLAY_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "rules/engine/engine.h"
#include "rules/state/cells.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {

// A checkpoint in memory.
class MapSource : public CellSource {
 public:
  void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) override;
  void Write(std::vector<EncodedCell> cells);

 private:
  std::map<EntityKey, std::string> cells_;
};

// What was decided, line by line.
[[nodiscard]] std::vector<std::string> Canonical(const std::vector<PositionedEffect>& effects);

// Applies the journal with at most three cells in memory, written out and evicted every few
// records; what it decides. `most`: cells that ever stayed, if asked for.
[[nodiscard]] std::vector<std::string> ReplayWithThreeCells(const std::vector<OwnedRecord>& journal,
                                                            const Artefacts* artefacts,
                                                            std::size_t* most = nullptr);

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_RULES_SUPPORT_REPLAY_H_
