// The slow, obvious reference: what the ladder of names, the outboxes, the gate, the timers and the
// audit must hold after a journal. Written from the handbook and the contracts in proto/, on maps
// and strings; shares no code with rules/.
#ifndef HALLWARDEN_TESTS_CHAOS_REFERENCE_H_
#define HALLWARDEN_TESTS_CHAOS_REFERENCE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/journal.pb.h"
#include "hallwarden/v1/sanction.pb.h"

namespace hallwarden::chaos {

inline constexpr std::int64_t kRefForever = INT64_MAX;

// What the reference needs to know of the policy in force.
struct RefPolicy {
  struct Rung {
    bool warning = false;
    bool permanent = false;
    std::int64_t term_us = 0;
    std::set<int> capabilities;
  };
  std::string ladder;
  std::vector<Rung> rungs;
  std::string rule;
  std::int64_t hourly_quota = 0;
  std::int64_t unchanged_after_us = 0;
  std::int64_t answer_within_us = 0;  // a case of misconduct
  std::int64_t lateness_us = 0;
  std::int64_t skew_us = 0;
  std::int64_t answers_kept_us = 0;
};

// Reads what is needed of a policy's text. The rule is the first that enforces on plain names.
[[nodiscard]] RefPolicy ReadRefPolicy(const std::string& textproto);

struct RefSanction {
  std::string name;  // as the store has it
  std::string account;
  std::uint64_t position = 0;
  v1::SanctionKind kind = v1::SANCTION_KIND_UNSPECIFIED;
  std::string ladder;
  int rung = 0;
  bool permanent = false;
  bool machine = false;
  std::set<int> capabilities;
  std::int64_t term_us = 0;
  std::int64_t create_us = 0;
  std::int64_t end_us = 0;
  std::int64_t seen_us = 0;
  v1::SanctionState state = v1::SANCTION_STATE_PENDING;
  v1::Disposition disposition = v1::DISPOSITION_UNSPECIFIED;
  bool enforced = false;
  std::string nickname;  // that it is about; empty: none
};

struct RefCase {
  std::string name;
  std::string account;
  std::uint64_t position = 0;
  int findings = 0;
};

// What an account may not do, until when.
using RefRestrictions = std::map<int, std::int64_t>;

struct RefDirective {
  std::uint64_t position = 0;
  std::string account;
  std::string action;
  std::string cause;
  std::int64_t account_revision = 0;
  RefRestrictions restrictions;
  v1::DirectiveOutcome outcome = v1::DIRECTIVE_OUTCOME_UNSPECIFIED;
};

struct RefGate {
  std::int64_t revision = 0;
  RefRestrictions restrictions;
};

// Due time, account, kind (the engine's number), payload.
using RefTimer = std::tuple<std::int64_t, std::string, int, std::int64_t>;

// One record of the journal, as much of it as counts here.
struct RefRecord {
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
  std::string source;
};

class Reference {
 public:
  // The store's name of what was made at a position for an account: `kind` is "sanctions" or
  // "cases". Empty: the store has none.
  using NameOf =
      std::function<std::string(const char* kind, std::uint64_t position, const std::string&)>;

  // `exact_timers`: a timer that is due goes off before the next record.
  Reference(RefPolicy policy, bool exact_timers, NameOf name_of)
      : policy_(std::move(policy)), exact_timers_(exact_timers), name_of_(std::move(name_of)) {}

  void OnEvent(const RefRecord& record, const v1::HallEvent& event);
  void OnEventRefused(const RefRecord& record);
  void OnAnswered(const RefRecord& record, const v1::DirectiveAnswered& answered);
  void OnCommand(const RefRecord& record, const v1::Command& command);
  void OnTimer(const RefRecord& record, const v1::TimerFired& fired);
  // Any other record.
  void OnOther(const RefRecord& record);

  // Everything that cannot be in a good journal or store, in words.
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

  [[nodiscard]] const std::vector<RefSanction>& sanctions() const { return sanctions_; }
  [[nodiscard]] const std::vector<RefCase>& cases() const { return cases_; }
  [[nodiscard]] const std::map<std::string, std::vector<RefDirective>>& directives() const {
    return directives_;
  }
  [[nodiscard]] const std::map<std::string, RefGate>& gate() const { return gate_; }
  [[nodiscard]] const std::set<RefTimer>& timers() const { return timers_; }
  // Audit records by position of their cause.
  [[nodiscard]] const std::map<std::uint64_t, int>& audits() const { return audits_; }
  [[nodiscard]] std::int64_t rejected(const std::string& server) const;
  [[nodiscard]] int notes() const { return notes_; }
  [[nodiscard]] int timers_fired() const { return timers_fired_; }

 private:
  struct Holder {
    std::int64_t revision = 0;
    bool restricted = false;
  };
  struct Account {
    std::vector<std::string> presences;
    std::optional<std::string> nickname;
    std::string reset_nickname;
    std::vector<std::size_t> sanctions;  // indexes into sanctions_, oldest first
    std::map<std::string, Holder> holders;
    std::set<std::string> pardoned;
    std::int64_t revision = 0;
    std::optional<std::size_t> open_case;
    // Request ids with an answer that is no refusal, and when they are forgotten.
    std::map<std::pair<std::string, std::string>, std::int64_t> answered;
  };
  // One record being applied.
  struct Step {
    RefRecord record;
    std::string account;
    std::int64_t event_us = 0;
  };

  void Fault(const RefRecord& record, const std::string& what);
  void Begin(const RefRecord& record);
  bool MayReport(const Account& account, const std::string& server,
                 const v1::HallEvent& event) const;
  void OpenSession(const Step& step, Account* account);
  void CloseSession(const Step& step, Account* account);
  void SetNickname(const Step& step, Account* account, const std::string& name, bool judged);
  void Judge(const Step& step, Account* account, const std::string& name);
  void Climb(const Step& step, Account* account, const std::string& name);
  void ResetIfStill(const Step& step, Account* account, const std::string& name,
                    const std::string& cause);
  std::string OpenCase(const Step& step, Account* account);
  int Standing(const Account& account, const RefSanction** last) const;
  RefSanction& Impose(const Step& step, Account* account, RefSanction spec);
  void Seen(const Step& step, const Account& account, RefSanction* sanction);
  void Lift(const Step& step, Account* account, RefSanction* sanction, v1::Disposition why);
  void Republish(const Step& step, Account* account, const std::string& cause);
  void NobodyIsThere(Account* account);
  [[nodiscard]] RefRestrictions RestrictionsOf(const Account& account) const;
  // The sanction that takes the first capability longest.
  [[nodiscard]] std::string FirstCause(const Account& account) const;
  void SendRestrictions(const Step& step, Account* account, const std::string& server,
                        const std::string& cause);
  void Send(const Step& step, const Account& account, const std::string& server,
            const std::string& action, const std::string& cause);
  [[nodiscard]] RefSanction* Find(const Account& account, const std::string& name);
  // What a command does; empty: accepted, else why it is refused.
  std::string Command(const Step& step, Account* account, const v1::Command& command);
  std::string Punish(const Step& step, Account* account, const v1::PunishAccountRequest& request);

  RefPolicy policy_;
  bool exact_timers_;
  NameOf name_of_;
  std::vector<std::string> faults_;
  std::map<std::string, Account> accounts_;
  std::vector<RefSanction> sanctions_;
  std::vector<RefCase> cases_;
  std::map<std::string, std::vector<RefDirective>> directives_;
  std::map<std::string, RefGate> gate_;
  std::set<RefTimer> timers_;
  std::map<std::uint64_t, int> audits_;
  std::map<std::string, std::int64_t> rejected_;
  std::map<std::pair<std::string, std::string>, std::int64_t> system_answered_;
  std::int64_t quota_hour_ = -1;
  std::int64_t quota_used_ = 0;
  int notes_ = 0;
  int timers_fired_ = 0;
};

// What the reference takes for a plain violation: the harness gives no others.
[[nodiscard]] bool IsViolation(const std::string& nickname);

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_REFERENCE_H_
