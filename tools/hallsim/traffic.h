// What a simulated game server does: makes events and obeys directives.
#ifndef HALLWARDEN_TOOLS_HALLSIM_TRAFFIC_H_
#define HALLWARDEN_TOOLS_HALLSIM_TRAFFIC_H_

#include <cstdint>
#include <deque>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/event.pb.h"

namespace hallwarden::hallsim {

// An answer that is due.
struct Answer {
  std::int64_t directive_seq = 0;
  v1::DirectiveOutcome outcome = v1::DIRECTIVE_OUTCOME_UNSPECIFIED;
  std::string detail;
};

// Truth about an account. An empty offence: an honest one.
struct Label {
  std::string account;
  std::string archetype;
  std::string offence;
  // Partner channel it came through, if any.
  std::string channel;
  // Those who act together share it.
  std::string ring;
  // How strongly it offends, in thousandths.
  std::int64_t strength_milli = 0;
};

// Times are simulated: microseconds since the Unix epoch. Not thread-safe.
class Traffic {
 public:
  virtual ~Traffic() = default;
  // Makes the next event. False: nothing now; later, if a directive or a gate answer brings
  // something about.
  virtual bool Next(v1::HallEvent* event) = 0;
  // Carries out a directive. Its answer comes out of TakeAnswers, some of them only after further
  // events.
  virtual void Obey(const v1::Directive& directive) = 0;
  // Answers that are due now. With `all`, those too that wait for simulated time to pass.
  virtual std::vector<Answer> TakeAnswers(bool all) = 0;
  // Accounts that were locked out and would like to play on: ask the gate about them.
  virtual std::vector<std::string> LockedOut() { return {}; }
  // The gate lets a locked-out account in again.
  virtual void LetIn(const std::string& /*account*/) {}
  // Truth, one line per account that ever appeared (big mixes: only those that are not ordinary).
  [[nodiscard]] virtual std::vector<Label> Labels() const = 0;
  // How many accounts ended in which state.
  [[nodiscard]] virtual std::map<std::string, std::int64_t> FinalStates() const = 0;
};

// Writes `account<TAB>archetype<TAB>offence<TAB>ring<TAB>strength_milli<TAB>channel` lines with a
// heading.
void WriteLabels(const std::vector<Label>& labels, std::ostream& out);
// Writes `account<TAB>channel` lines of the partner accounts.
void WritePartners(const std::vector<Label>& labels, std::ostream& out);

// The part of obeying that every simulated server shares: what it remembers of restrictions, when
// it answers.
class ObedientTraffic : public Traffic {
 public:
  void Obey(const v1::Directive& directive) final;
  std::vector<Answer> TakeAnswers(bool all) final;

 protected:
  // What is held against an account.
  struct Held {
    std::int64_t revision = 0;
    bool locked_out = false;
    bool permanent = false;
    // End of the lock-out as the daemon counts time. 0: none was told.
    std::int64_t until_us = 0;
    bool muted = false;
    bool name_locked = false;
  };

  // Index of an account of this server, -1 when it has none of that name.
  [[nodiscard]] virtual std::int64_t Find(const std::string& account) const = 0;
  [[nodiscard]] virtual bool Online(std::int64_t index) const = 0;
  // Hand in play; empty without one.
  [[nodiscard]] virtual std::string HandOf(std::int64_t index) const = 0;
  // Ends the session: makes the LoggedOut event.
  virtual void PutOut(std::int64_t index) = 0;
  // Sets the nickname: makes the NicknameChanged event.
  virtual void SetNickname(std::int64_t index, const std::string& nickname) = 0;
  // Traffic without avatars of its own has none to take back.
  virtual void SetDefaultAvatar(std::int64_t /*index*/) {}
  // The player saw, or will have seen by `seen_us`, a warning.
  virtual void Warned(std::int64_t /*index*/, std::int64_t /*seen_us*/) {}
  // What is held against the account changed.
  virtual void HeldChanged(std::int64_t /*index*/, const Held& /*held*/) {}

  // The hand is over: what waited for it happens now.
  void HandEnded(const std::string& hand);
  // What is held against an account, or nullptr.
  [[nodiscard]] const Held* held(std::int64_t index) const;
  [[nodiscard]] const std::map<std::int64_t, Held>& all_held() const { return held_; }
  void Release(std::int64_t index) { held_.erase(index); }

  // Simulated now. Subclasses keep it up to date.
  std::int64_t now_us_ = 0;
  // Banned players go on all the same, as on a server that does not obey.
  bool disobedient_ = false;
  // How long a player takes to see a warning, in simulated microseconds.
  std::int64_t seen_after_us_ = 5'000'000;

 private:
  struct Waiting {
    std::int64_t directive_seq = 0;
    std::int64_t index = 0;
  };

  void Answered(std::int64_t seq, v1::DirectiveOutcome outcome, std::string detail);
  void ObeyRestrictions(const v1::Directive& directive, std::int64_t index);
  void ObeyPresent(const v1::Directive& directive, std::int64_t index);

  std::deque<Answer> answers_;
  std::multimap<std::int64_t, Answer> later_;
  std::map<std::int64_t, Held> held_;
  std::multimap<std::string, Waiting> waiting_for_hand_;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_TRAFFIC_H_
