// What the desk asks of the sequencer: commands to journal, looks at live cells. An interface, so
// that tests decide when a commit happens.
#ifndef HALLWARDEN_DAEMON_DESK_CORE_H_
#define HALLWARDEN_DAEMON_DESK_CORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/sequencer.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "storage/store.h"

namespace hallwarden::daemon {

using PolicyPtr = std::shared_ptr<const policy::CompiledPolicy>;

// An account as the engine knows it at one moment.
struct LiveAccount {
  v1::Account account;
  Engine::ProfilePositions words;
};

// Answer to one look. What it tells is durable.
struct Glance {
  std::vector<LiveAccount> accounts;
  // In force at that moment; null before the first activation.
  PolicyPtr policy;
  // LookAtServer, LookAtRules.
  std::optional<v1::Server> server;
  std::vector<v1::RuleStatus> rules;
  // LookAtBanks, LookAtAvatar.
  Engine::BankView banks;
  v1::TestBanksResponse tested;
  // LookAtLexicon.
  Engine::LexiconView lexicon;
  std::vector<std::pair<std::uint64_t, Engine::EntryHits>> lexicon_hits;
};

// Thread-safe. Callbacks run once, on the sequencer's or the committer's thread: be quick, never
// block. Errors as daemon/sequencer.h says.
class DeskCore {
 public:
  using CommandDone = std::function<void(const CommandOutcome&)>;
  using GlanceDone = std::function<void(const absl::StatusOr<Glance>&)>;

  virtual ~DeskCore() = default;

  virtual void SubmitCommand(v1::Command command, CommandDone done) = 0;
  virtual void Rehearse(v1::Command command, CommandDone done) = 0;

  // The policy alone.
  virtual void LookAtPolicy(GlanceDone done) = 0;
  // What the engine knows of a game server.
  virtual void LookAtServer(const std::string& server, GlanceDone done) = 0;
  // The rules of the policy and how often they hit.
  virtual void LookAtRules(GlanceDone done) = 0;
  // Entries of the banks of pictures, and what is made of an avatar.
  virtual void LookAtBanks(const Engine::BankFilter& filter, GlanceDone done) = 0;
  virtual void LookAtAvatar(const v1::AvatarChanged& avatar, GlanceDone done) = 0;
  // The word lists in force; with `hits`, how often their entries hit.
  virtual void LookAtLexicon(bool hits, GlanceDone done) = 0;
  // None if nothing was ever heard of the account.
  virtual void LookAtAccount(const std::string& account, GlanceDone done) = 0;
  // Accounts that carry this nickname, equal after folding, with ids above `after`, in id order, at
  // most `limit`.
  virtual void LookAtNamesakes(const std::string& nickname, const std::string& after,
                               std::size_t limit, GlanceDone done) = 0;

  [[nodiscard]] virtual std::vector<storage::StoredPosting> Tail(std::string_view account,
                                                                 std::int64_t since_us) const = 0;
  [[nodiscard]] virtual std::vector<SourceState> Sources() const = 0;
  [[nodiscard]] virtual SequencerStats Stats() const = 0;
  [[nodiscard]] virtual std::int64_t NowUs() const = 0;
};

// The real one. The sequencer outlives it.
[[nodiscard]] std::unique_ptr<DeskCore> MakeDeskCore(Sequencer* sequencer);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_CORE_H_
