#include "rules/engine/step.h"

namespace hallwarden {

v1::Actor MachineActor() {
  v1::Actor actor;
  actor.set_principal("hallwarden");
  actor.set_machine(true);
  return actor;
}

std::string QualifiedAccount(std::string_view realm, std::string_view account) {
  if (realm.empty()) return std::string(account);
  std::string qualified(realm);
  qualified.push_back(':');
  qualified.append(account);
  return qualified;
}

EntityKey KeyOfAccount(std::string_view qualified) { return AccountKey({}, qualified); }

AccountRef OpenAccount(const Step& step, std::string_view qualified) {
  const EntityKey key = KeyOfAccount(qualified);
  return AccountRef{std::string(qualified), key, &step.cells->accounts().Mutable(key.id)};
}

void Post(const Step& step, const AccountRef& ref, Posting posting) {
  posting.account = ref.account;
  if (posting.event_us == 0) posting.event_us = step.event_us;
  step.Emit(std::move(posting));
}

}  // namespace hallwarden
