#include "tests/rules/support/sharded.h"

#include <utility>

#include "rules/state/account_cell.h"
#include "rules/state/entity.h"

namespace hallwarden::testing {

ShardedRun::ShardedRun(std::uint32_t shards, std::size_t delay, const Artefacts* artefacts)
    : delay_(delay) {
  for (std::uint32_t i = 0; i < shards; ++i) {
    EngineOptions options;
    options.shard_index = i;
    options.shard_count = shards;
    cells_.push_back(std::make_unique<Cells>());
    engines_.push_back(std::make_unique<Engine>(options, cells_.back().get(), artefacts));
  }
}

void ShardedRun::ApplyAll(const std::vector<OwnedRecord>& journal) {
  for (const OwnedRecord& owned : journal) {
    Record record = owned.record;
    record.source = owned.source;
    Apply(record);
  }
  while (!facts_.empty())
    DeliverOne();
}

std::uint32_t ShardedRun::HandsOf(std::string_view account) {
  const EntityKey key = AccountKey("", account);
  const std::uint32_t owner = ShardOf(key, static_cast<std::uint32_t>(engines_.size()));
  const AccountCell* cell = cells_[owner]->accounts().Find(key.id);
  return cell == nullptr ? 0 : cell->hands_played;
}

void ShardedRun::Apply(const Record& record) {
  for (auto& engine : engines_) {
    StepOutput output;
    engine->Apply(record, &output);
    Take(&output);
  }
  while (facts_.size() > delay_)
    DeliverOne();
}

void ShardedRun::DeliverOne() {
  const Fact fact = std::move(facts_.front());
  facts_.pop_front();
  StepOutput output;
  engines_[ShardOf(fact.to, static_cast<std::uint32_t>(engines_.size()))]->ApplyFact(fact, &output);
  Take(&output);
}

void ShardedRun::Take(StepOutput* output) {
  for (Fact& fact : output->facts)
    facts_.push_back(std::move(fact));
  for (const Effect& effect : output->effects) {
    if (const auto* put = std::get_if<PutSanction>(&effect)) {
      sanctions[put->sanction.name()] = CanonicalText(put->sanction);
    } else if (const auto* patch = std::get_if<PatchSanction>(&effect)) {
      ++patches[patch->name + "@" + std::to_string(patch->revision)];
    } else if (const auto* opened = std::get_if<PutCase>(&effect)) {
      cases.insert(CanonicalText(opened->opened));
    } else if (const auto* appealed = std::get_if<PutAppeal>(&effect)) {
      appeals.insert(CanonicalText(appealed->appeal));
    } else if (const auto* changed = std::get_if<PatchAppeal>(&effect)) {
      appeals.insert(CanonicalText(changed->change));
    } else if (const auto* gate = std::get_if<PutGate>(&effect)) {
      gates[gate->entry.account()] = CanonicalText(gate->entry);
    } else if (const auto* send = std::get_if<SendDirective>(&effect)) {
      v1::Directive directive = send->directive;
      directive.clear_directive_seq();
      directives.insert(send->server + " " + CanonicalText(directive));
    }
  }
}

}  // namespace hallwarden::testing
