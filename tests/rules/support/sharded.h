// The engine as it will run over a network: spread over shards, its facts late.
#ifndef HALLWARDEN_TESTS_RULES_SUPPORT_SHARDED_H_
#define HALLWARDEN_TESTS_RULES_SUPPORT_SHARDED_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/engine/engine.h"
#include "rules/engine/fact.h"
#include "rules/state/cells.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {

// Several engines, each with its own cells; facts between them arrive up to `delay` records late.
class ShardedRun {
 public:
  // `artefacts` outlives this.
  ShardedRun(std::uint32_t shards, std::size_t delay, const Artefacts* artefacts);

  // The whole journal, and every fact that it led to.
  void ApplyAll(const std::vector<OwnedRecord>& journal);
  // Settled hands that count for the account.
  [[nodiscard]] std::uint32_t HandsOf(std::string_view account);

  // What each account's decisions came to, whoever made them and whenever.
  std::map<std::string, std::string> sanctions;
  std::map<std::string, int> patches;
  std::multiset<std::string> directives;
  std::set<std::string> cases;
  std::multiset<std::string> appeals;
  std::map<std::string, std::string> gates;

 private:
  void Apply(const Record& record);
  void DeliverOne();
  void Take(StepOutput* output);

  std::size_t delay_;
  std::vector<std::unique_ptr<Cells>> cells_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::deque<Fact> facts_;
};

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_RULES_SUPPORT_SHARDED_H_
