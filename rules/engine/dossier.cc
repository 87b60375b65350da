#include "rules/engine/dossier.h"

#include <string>

#include "rules/engine/decide.h"
#include "rules/engine/sanctions.h"
#include "rules/ladder/ladder.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

void AddStandings(const AccountRef& ref, const policy::CompiledPolicy& policy, std::int64_t now_us,
                  v1::Account* account) {
  for (const policy::Ladder& ladder : policy.ladders()) {
    const Standing standing =
        StandingOn(ladder, ref.cell->Sanctions(), ref.cell->hands_played, now_us);
    if (standing.priors.empty()) continue;
    v1::LadderStanding& line = *account->add_standings();
    line.set_ladder(std::string(ladder.id));
    *line.mutable_title() = ladder.source->title();
    line.set_rung(standing.rung);
    line.set_rung_count(static_cast<std::int32_t>(ladder.rungs.size()));
    if (standing.decay_us != 0) SetTimestamp(standing.decay_us, line.mutable_decay_time());
  }
}

std::int32_t RegisteredFrom(CellTable<OriginCell>* table, const Hash128& origin) {
  if (origin == Hash128{}) return 0;
  const OriginCell* cell = table->Find(origin);
  return cell == nullptr ? 0 : static_cast<std::int32_t>(cell->registered);
}

}  // namespace

v1::Account MakeDossier(const AccountRef& ref, const policy::CompiledPolicy* policy, Cells* cells,
                        std::int64_t now_us) {
  const AccountCell& cell = *ref.cell;
  v1::Account account;
  account.set_name("accounts/" + ref.account);
  account.set_account(ref.account);
  account.set_account_class(ClassOf(ref, now_us));
  account.set_partner_channel(std::string(cell.PartnerChannel(now_us)));
  if (cell.register_us != 0) SetTimestamp(cell.register_us, account.mutable_register_time());
  if (cell.last_event_us != 0) SetTimestamp(cell.last_event_us, account.mutable_last_event_time());
  for (const Presence presence : cell.presences) {
    v1::Presence& line = *account.add_presences();
    line.set_server(std::string(presence.server));
    line.set_hall(std::string(presence.hall));
    line.set_table(std::string(presence.table));
    line.set_hand(std::string(presence.hand));
    SetTimestamp(presence.since_us, line.mutable_begin_time());
  }
  const v1::GateEntry gate = GateOf(ref);
  *account.mutable_restrictions() = gate.restrictions();
  account.set_account_revision(gate.account_revision());
  if (policy != nullptr) AddStandings(ref, *policy, now_us, &account);
  account.set_sanction_count(static_cast<std::int32_t>(cell.Sanctions().size()));
  std::int32_t mistakes = 0;
  for (const SanctionMark& mark : cell.Sanctions()) {
    if (mark.disposition == v1::DISPOSITION_MISTAKE) ++mistakes;
  }
  account.set_mistake_count(mistakes);
  if (cell.rest) {
    for (const CaseMark& mark : cell.rest->cases) {
      if (mark.open) account.add_open_cases("cases/" + mark.id);
    }
  }
  account.set_etag(std::to_string(cell.rest ? cell.rest->version : AccountRest().version));
  account.set_hands_played(cell.hands_played);
  account.set_accounts_on_ip(RegisteredFrom(&cells->ips(), cell.ip));
  account.set_accounts_on_device(RegisteredFrom(&cells->devices(), cell.device));
  if (cell.nickname != Hash128{}) {
    const TextCell* named = cells->texts().Find(cell.nickname);
    account.set_accounts_alike_name(named == nullptr ? 0
                                                     : static_cast<std::int32_t>(named->count));
  }
  return account;
}

}  // namespace hallwarden
