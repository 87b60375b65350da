#include "rules/engine/other_entities.h"

#include <algorithm>
#include <utility>

#include "rules/state/codec.h"

namespace hallwarden {

void OnDirectiveWanted(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  SendDirective send;
  send.server = in.Bytes();
  const std::string_view directive = in.Bytes();
  if (!in.done() ||
      !send.directive.ParseFromArray(directive.data(), static_cast<int>(directive.size()))) {
    return;
  }
  ServerCell& cell = step.cells->servers().Mutable(fact.to.id);
  // Nothing goes to a retired server until it says Hello; the gate is the backstop.
  if (cell.retired) return;
  send.directive.set_directive_seq(cell.next_directive_seq++);
  send.directive.set_history_epoch(step.history_epoch);
  step.Emit(std::move(send));
}

void OnRegisteredFrom(const Step& step, const Fact& fact) {
  CellTable<OriginCell>& table =
      fact.to.kind == CellKind::kIp ? step.cells->ips() : step.cells->devices();
  ++table.Mutable(fact.to.id).registered;
}

void OnName(const Step& step, const Fact& fact) {
  TextCell& cell = step.cells->texts().Mutable(fact.to.id);
  auto place = std::lower_bound(cell.accounts.begin(), cell.accounts.end(), fact.payload);
  const bool listed = place != cell.accounts.end() && *place == fact.payload;
  if (fact.kind == FactKind::kNameTaken) {
    ++cell.count;
    if (!listed && cell.accounts.size() < TextCell::kListedMax) {
      cell.accounts.insert(place, fact.payload);
    }
    return;
  }
  if (cell.count > 0) --cell.count;
  if (listed) cell.accounts.erase(place);
}

}  // namespace hallwarden
