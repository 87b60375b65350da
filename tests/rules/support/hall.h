// A hall for tests of the engine: tells events and commands in a few words and keeps what came of
// them.
#ifndef HALLWARDEN_TESTS_RULES_SUPPORT_HALL_H_
#define HALLWARDEN_TESTS_RULES_SUPPORT_HALL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "rules/state/cells.h"
#include "rules/state/time.h"
#include "rules/text/operator_list.h"

namespace hallwarden::testing {

// 2026-11-22 12:00 UTC.
inline constexpr std::int64_t kNoonUs = 1'795'348'800 * kSecondUs;

// The default policy without its quotas, and a small list: `rudeword` (plain), `oddword` (review),
// `monkword` (note), `shopword` (plain advert).
class TestArtefacts : public Artefacts {
 public:
  // `policy_text` empty: the default policy.
  explicit TestArtefacts(std::string policy_text = {});
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view artefact) const override;
  [[nodiscard]] text::Screeners Lexicon(const LexiconArtefacts& lists) const override;
  // Makes an operator's list known; its artefact.
  std::string AddOperators(std::string_view text);

 private:
  std::shared_ptr<const policy::CompiledPolicy> policy_;
  std::shared_ptr<const text::Lexicon> names_;
  // By artefact; what was not added is unknown.
  std::map<std::string, text::Screeners> screeners_;
};

// Owns the messages that records point to.
struct OwnedRecord {
  Record record;
  std::string source;
  std::shared_ptr<google::protobuf::Message> message;
  // Holds the view of an event.
  std::shared_ptr<google::protobuf::Arena> arena;
};

// Builds a journal: dense positions, a clock of its own.
class Scribe {
 public:
  OwnedRecord Activate();
  OwnedRecord Event(std::string_view server, const v1::HallEvent& event);
  OwnedRecord Command(const v1::Command& command);
  OwnedRecord Answer(std::string_view server, const v1::Directive& directive,
                     v1::DirectiveOutcome outcome);
  OwnedRecord Fire(const Timer& timer);
  OwnedRecord Hello(std::string_view server);

  // Moves the clock.
  void Wait(std::int64_t us) { now_us_ += us; }
  [[nodiscard]] std::int64_t now_us() const { return now_us_; }

 private:
  template <class Message>
  OwnedRecord Make(RecordKind kind, std::string_view source, const Message& message);

  std::uint64_t position_ = 0;
  std::int64_t now_us_ = kNoonUs;
  std::map<std::string, std::uint64_t, std::less<>> seq_;
};

// Events in a few words.
[[nodiscard]] v1::HallEvent Registered(std::string_view account, std::string_view nickname);
[[nodiscard]] v1::HallEvent LoggedIn(std::string_view account);
[[nodiscard]] v1::HallEvent LoggedOut(std::string_view account);
[[nodiscard]] v1::HallEvent Renamed(std::string_view account, std::string_view nickname,
                                    bool by_server = false);
[[nodiscard]] v1::HallEvent HandStarted(std::string_view hand,
                                        const std::vector<std::string>& accounts);
[[nodiscard]] v1::HallEvent HandSettled(std::string_view hand,
                                        const std::vector<std::string>& accounts);

// An avatar by its hash, made from `picture`: each number is another one. `off`: so many of its
// bits differ, as if it had been compressed again.
[[nodiscard]] std::string PictureHash(std::uint64_t picture, int off = 0);
[[nodiscard]] v1::HallEvent AvatarSet(std::string_view account, const std::string& hash,
                                      int quality = 90);

// Commands in a few words.
[[nodiscard]] v1::Command As(v1::Role role, std::string_view principal);
[[nodiscard]] v1::Command BanFor(std::string_view account, std::int64_t term_us);
// A picture put into a bank by a senior GM.
[[nodiscard]] v1::Command BankPicture(v1::BankKind kind, const std::string& hash,
                                      v1::Confidence confidence = v1::CONFIDENCE_PLAIN,
                                      v1::TextCategory category = v1::TEXT_CATEGORY_PORN);
[[nodiscard]] v1::Command LiftAs(std::string_view account, std::string_view sanction,
                                 v1::Disposition disposition);

// One process: a runner, its timers, and the game servers' outboxes.
class Hall {
 public:
  explicit Hall(const Artefacts* artefacts, CellSource* source = nullptr,
                std::size_t cells_max = 0);

  // Applies and keeps the effects.
  const std::vector<PositionedEffect>& Apply(const OwnedRecord& record);
  const std::vector<PositionedEffect>& Tell(std::string_view server, const v1::HallEvent& event);
  const std::vector<PositionedEffect>& Ask(const v1::Command& command);
  // Answers every open directive of the server as a good game server would: applied, warnings seen,
  // names reset.
  void Obey(std::string_view server);
  // Moves the clock and fires what is due on the way.
  void Wait(std::int64_t us);

  // Effects of one kind from the last step.
  template <class Kind>
  [[nodiscard]] std::vector<Kind> Last() const {
    std::vector<Kind> found;
    for (const PositionedEffect& effect : last_) {
      if (const auto* kind = std::get_if<Kind>(&effect.effect)) found.push_back(*kind);
    }
    return found;
  }
  // ... and from all of them.
  template <class Kind>
  [[nodiscard]] std::vector<Kind> All() const {
    std::vector<Kind> found;
    for (const PositionedEffect& effect : all_) {
      if (const auto* kind = std::get_if<Kind>(&effect.effect)) found.push_back(*kind);
    }
    return found;
  }
  [[nodiscard]] const std::vector<PositionedEffect>& all() const { return all_; }
  // Every record that was applied, in order.
  [[nodiscard]] const std::vector<OwnedRecord>& journal() const { return journal_; }

  // Sanctions as the store would hold them, by name.
  [[nodiscard]] const std::map<std::string, v1::Sanction>& sanctions() const { return sanctions_; }
  [[nodiscard]] std::vector<v1::Sanction> SanctionsOf(std::string_view account) const;
  // Appeals as the store would hold them, by name.
  [[nodiscard]] const std::map<std::string, v1::Appeal>& appeals() const { return appeals_; }
  [[nodiscard]] v1::GateEntry Gate(const std::string& account) const;
  [[nodiscard]] const std::vector<v1::Directive>& Outbox(const std::string& server) const;

  Scribe& scribe() { return scribe_; }
  EngineRunner& runner() { return runner_; }
  Cells& cells() { return cells_; }

 private:
  void Keep(const PositionedEffect& effect);

  Scribe scribe_;
  Cells cells_;
  EngineRunner runner_;
  std::vector<PositionedEffect> last_;
  std::vector<PositionedEffect> all_;
  std::vector<OwnedRecord> journal_;
  std::vector<Timer> timers_;
  std::map<std::string, v1::Sanction> sanctions_;
  std::map<std::string, v1::Appeal> appeals_;
  std::vector<std::string> order_;
  std::map<std::string, v1::GateEntry> gate_;
  std::map<std::string, std::vector<v1::Directive>> outbox_;
  std::map<std::string, std::size_t> answered_;
};

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_RULES_SUPPORT_HALL_H_
