// Policies and word lists by content address, compiled once.
#ifndef HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_
#define HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "rules/text/name_screener.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Thread-safe. What was looked up once stays compiled.
class ArtefactCache final : public Artefacts {
 public:
  // `store` outlives this.
  explicit ArtefactCache(storage::Store* store) : store_(store) {}

  // Engine's lookups: compiled when needed, which stalls the caller. Whoever activates an artefact
  // calls LoadPolicy or LoadNames before, on a thread of its own.
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view artefact) const override;
  [[nodiscard]] std::shared_ptr<const text::NameScreener> Names(
      std::string_view artefact) const override;

  // NOT_FOUND if the store has no such artefact, INVALID_ARGUMENT with the first faults if it is
  // none.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const policy::CompiledPolicy>> LoadPolicy(
      std::string_view artefact) const;
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const text::NameScreener>> LoadNames(
      std::string_view artefact) const;

 private:
  template <class Compiled>
  using ByArtefact = absl::flat_hash_map<std::string, std::shared_ptr<const Compiled>>;

  storage::Store* store_;
  mutable Mutex mutex_;
  mutable ByArtefact<policy::CompiledPolicy> policies_ HW_GUARDED_BY(mutex_);
  mutable ByArtefact<text::NameScreener> names_ HW_GUARDED_BY(mutex_);
};

// The first faults of a policy, `file:line:column: reason; hint`, one a line.
[[nodiscard]] std::string DescribeFaults(const policy::CompileResult& result);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_ARTEFACT_CACHE_H_
