// Policies and word lists by content address, compiled once.
#ifndef HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_
#define HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "rules/text/operator_list.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Screeners that stay compiled: the one in force, the one before it and what is being tried. Each
// may hold 60,000 entries twice, so all that ever were would not fit.
inline constexpr std::size_t kScreenersKept = 3;

// Thread-safe. Policies that were looked up once stay compiled.
class ArtefactCache final : public Artefacts {
 public:
  // `store` outlives this.
  explicit ArtefactCache(storage::Store* store) : store_(store) {}

  // Engine's lookups: compiled when needed, which stalls the caller. Whoever activates an artefact
  // calls LoadPolicy or LoadLexicon before, on a thread of its own.
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view artefact) const override;
  [[nodiscard]] text::Screeners Lexicon(const LexiconArtefacts& lists) const override;

  // NOT_FOUND if the store has no such artefact, INVALID_ARGUMENT with the first faults if it is
  // none.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const policy::CompiledPolicy>> LoadPolicy(
      std::string_view artefact) const;
  [[nodiscard]] absl::StatusOr<text::Screeners> LoadLexicon(const LexiconArtefacts& lists) const;
  // The operator's list alone; empty for an empty address.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const text::OperatorList>> LoadOperators(
      std::string_view artefact) const;

 private:
  template <class Compiled>
  using ByArtefact = absl::flat_hash_map<std::string, std::shared_ptr<const Compiled>>;

  storage::Store* store_;
  mutable Mutex mutex_;
  mutable ByArtefact<policy::CompiledPolicy> policies_ HW_GUARDED_BY(mutex_);
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const text::Lexicon>> LoadBuiltIn(
      std::string_view artefact, std::string_view file) const;

  struct Ready {
    LexiconArtefacts lists;
    text::Screeners screeners;
  };
  mutable std::deque<Ready> screeners_ HW_GUARDED_BY(mutex_);  // the last used at the end
};

// The first faults of a policy, `file:line:column: reason; hint`, one a line.
[[nodiscard]] std::string DescribeFaults(const policy::CompileResult& result);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_
