// What one step of the engine works with. Internal to rules/engine and the rooms it calls.
#ifndef HALLWARDEN_RULES_ENGINE_STEP_H_
#define HALLWARDEN_RULES_ENGINE_STEP_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "rules/avatar/bank.h"
#include "rules/engine/engine.h"
#include "rules/engine/posting_detail.h"
#include "rules/policy/policy.h"
#include "rules/state/account_cell.h"
#include "rules/state/small_cells.h"
#include "rules/text/name_screener.h"

namespace hallwarden {

// The record or fact being applied, and what it may use. Lives for one call.
struct Step {
  std::uint64_t position = 0;
  std::int64_t now_us = 0;  // commit time
  // Time of the event by the game server's clock, clamped; commit time for everything else.
  std::int64_t event_us = 0;
  // Game server, for events, answers and hellos.
  std::string_view source;
  std::uint64_t source_seq = 0;  // of the event in its server's stream; 0 for everything else
  Cells* cells = nullptr;
  const policy::CompiledPolicy* policy = nullptr;  // never null while anything is judged
  const text::NameScreener* names = nullptr;       // null: names are not judged
  const text::ChatScreener* chat = nullptr;        // null: chat is not judged
  std::string_view operators_artefact;             // the operator's list among them
  std::string_view lexicon_version;
  SipKey fingerprint_key;
  std::int64_t history_epoch = 1;
  avatar::Bank* bank = nullptr;  // what BankKey() holds, where this shard owns it
  // Everything is undone behind the step: what is not in cells must stay as it is.
  bool rehearsal = false;
  StepOutput* out = nullptr;

  void Emit(Effect effect) const { out->effects.push_back(std::move(effect)); }
  void Tell(const EntityKey& from, const EntityKey& to, FactKind kind, std::string payload) const {
    out->facts.push_back(Fact{from, to, kind, std::move(payload), position, now_us});
  }
};

// One account during a step. `cell` stays valid: a step writes to no other account.
struct AccountRef {
  // With its realm, `realm:account`; just the account in the default realm.
  std::string account;
  EntityKey key;
  AccountCell* cell = nullptr;
};

// The daemon itself, for whatever a rule decides.
[[nodiscard]] v1::Actor MachineActor();

// Account with its realm.
[[nodiscard]] std::string QualifiedAccount(std::string_view realm, std::string_view account);

// Key of an account by its qualified name.
[[nodiscard]] EntityKey KeyOfAccount(std::string_view qualified);

// The account's cell, made when missing.
[[nodiscard]] AccountRef OpenAccount(const Step& step, std::string_view qualified);

// Appends a line to the account's history. `notable` ones go to the feed too.
void Post(const Step& step, const AccountRef& ref, Posting posting);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_STEP_H_
