// Cases: opened, joined, on their way through the desk's queue, and ended. Internal to
// rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_CASES_H_
#define HALLWARDEN_RULES_ENGINE_CASES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hallwarden/v1/case.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/engine/decide.h"
#include "rules/engine/step.h"
#include "rules/state/desk_cell.h"

namespace hallwarden {

// More gold than any hall has; larger numbers are damage or a lie.
inline constexpr std::int64_t kMaxGold = 1'000'000'000'000'000;

// One case in both of its halves. Null: there is none. Valid until the account gets another case.
struct CaseRef {
  CaseMark* mark = nullptr;
  DeskCase* desk = nullptr;

  explicit operator bool() const { return mark != nullptr; }
  [[nodiscard]] std::string name() const { return "cases/" + mark->id; }
};

// What the desk keeps of the account, made when missing.
[[nodiscard]] DeskCell& DeskOf(const Step& step, const AccountRef& ref);

// A case of the account. One that is older than the desk gets its place there now.
[[nodiscard]] CaseRef FindCase(const Step& step, const AccountRef& ref, std::string_view id);

// The open case of this kind, offence and matter; null if there is none.
struct CaseMatter {
  v1::CaseKind kind = v1::CASE_KIND_MISCONDUCT;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  Hash128 matter;  // zero for misconduct
};
[[nodiscard]] CaseRef FindOpenCase(const Step& step, const AccountRef& ref,
                                   const CaseMatter& matter);

// Everything that a new case is made of besides its id, times and place.
struct CaseSpec {
  CaseMatter matter;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  std::string rule;
  std::string cause;
  Hash128 fingerprint;
  v1::Actor actor;
  std::string reason;
  std::int64_t gold = 0;
  v1::Role least_role = v1::ROLE_UNSPECIFIED;  // unset: as the policy says for its kind
  // What only the store keeps: text, reference, reports.
  v1::Case body;
};

// Opens a case. `finding` may be null.
CaseRef NewCase(const Step& step, const AccountRef& ref, CaseSpec spec, const v1::Finding* finding);

// Adds a finding to a case that is not closed. `change` from ChangeOf, not sent yet.
void JoinCase(const Step& step, const CaseRef& found, const v1::Finding& finding, v1::Case* change);

// How the case stands now, for the store: everything singular that its way through the queue
// changes. Raises its revision. What is added to the lists of the result is appended there.
[[nodiscard]] v1::Case ChangeOf(const Step& step, const AccountRef& ref, const CaseRef& found);

// Adds a line to the case's log. Requires: the log is not full.
struct LogLine {
  v1::CaseStep step = v1::CASE_STEP_UNSPECIFIED;
  v1::Actor actor;
  std::string detail;
  std::string reason;
};
void Log(const Step& step, const CaseRef& found, const LogLine& line, v1::Case* change);

// Writes how it stands into `change` once more, after something changed, and sends it.
void SendChange(const Step& step, const CaseRef& found, v1::Case change);

// A line of the account's history and of the feed.
void PostCase(const Step& step, const AccountRef& ref, const CaseRef& found, PostingDetail detail,
              const v1::Actor& actor);

// Ends claim and referral, with their timers.
void DropClaim(const Step& step, const AccountRef& ref, const CaseRef& found);
void DropReferral(const Step& step, const AccountRef& ref, const CaseRef& found);
// Gives it to `holder` for the policy's lease, from now on.
void GiveClaim(const Step& step, const AccountRef& ref, const CaseRef& found,
               const std::string& holder);
// Waits until `until_us`; see DeskCase for the rest.
void SetReferralTimer(const Step& step, const AccountRef& ref, const CaseRef& found);
// Puts it back into the queue with a new term.
void RestartTerm(const Step& step, const AccountRef& ref, const CaseRef& found);
void SetDueTimer(const Step& step, const AccountRef& ref, const CaseRef& found);
void ClearDueTimer(const Step& step, const AccountRef& ref, const CaseRef& found);

// How a case ends.
struct Ending {
  v1::CaseVerdict verdict = v1::CASE_VERDICT_UNSPECIFIED;
  v1::Actor actor;
  std::string reason;
  std::string deviation_reason;
  std::string detail;    // for the log; empty: the verdict
  std::string sanction;  // `sanctions/...` that it imposed
};
// Closes the case and what was merged into it: holds end, what was dismissed is pardoned, reporters
// are told.
void EndCase(const Step& step, const AccountRef& ref, const CaseRef& found, const Ending& ending);

// A timer of the desk went off: a lease, a term or a wait is over. Stale ones do nothing.
void OnDeskTimer(const Step& step, const AccountRef& ref, const v1::TimerFired& timer);
[[nodiscard]] bool IsDeskTimer(int kind);

// Place in the queue: a band (overdue, waiting, elsewhere) and a time, as 9 bytes in lower-case
// hex. Empty for a closed case. Changes with events alone.
[[nodiscard]] std::string QueueKey(const DeskCase& desk, const policy::DeskSettings& settings);

// GM 1, senior GM 2, lead 3, admin 4; 0: no part of the desk.
[[nodiscard]] int DeskRank(v1::Role role);

// `cs_...` of `cases/cs_...`.
[[nodiscard]] std::string CaseId(std::string_view name);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_CASES_H_
