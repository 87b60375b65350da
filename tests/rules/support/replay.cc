#include "tests/rules/support/replay.h"

#include <algorithm>
#include <utility>

namespace hallwarden::testing {

void MapSource::Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) {
  for (const EntityKey& key : keys) {
    const auto found = cells_.find(key);
    encoded->push_back(found == cells_.end() ? std::string() : found->second);
  }
}

void MapSource::Write(std::vector<EncodedCell> cells) {
  for (EncodedCell& cell : cells)
    cells_[cell.key] = std::move(cell.bytes);
}

std::vector<std::string> Canonical(const std::vector<PositionedEffect>& effects) {
  std::vector<std::string> lines;
  for (const PositionedEffect& effect : effects) {
    std::string line = CanonicalEffect(effect);
    if (!line.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> ReplayWithThreeCells(const std::vector<OwnedRecord>& journal,
                                              const Artefacts* artefacts, std::size_t* most) {
  MapSource source;
  Cells cells(&source, 3);
  EngineRunner small(EngineOptions{}, &cells, artefacts);
  std::vector<PositionedEffect> effects;
  for (const OwnedRecord& owned : journal) {
    Record record = owned.record;
    record.source = owned.source;
    std::vector<EntityKey> touched;
    small.engine().Touches(record, &touched);
    cells.Prefetch(touched);
    small.Step(record, &effects);
    if (record.position % 7 != 0) continue;
    source.Write(cells.TakeDirty());
    cells.Evict();
    if (most != nullptr) *most = std::max(*most, cells.size());
  }
  return Canonical(effects);
}

}  // namespace hallwarden::testing
