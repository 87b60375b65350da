// The life of a sanction: imposed, delivered, seen, in force, expired, lifted. Internal to
// rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_SANCTIONS_H_
#define HALLWARDEN_RULES_ENGINE_SANCTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/engine/step.h"

namespace hallwarden {

// Timers. Of an account, the payload is the sanction's place in its list; of a server, the entries
// of a reversal that are still to do. Stored on disk: numbers are never reused or changed.
enum class TimerKind : std::uint8_t {
  kDeadline = 1,   // a restriction takes effect, hand or no hand
  kExpiry = 2,     // a restriction or hold ends
  kUnchanged = 3,  // a violation that is still there counts again
  kReversal = 4,   // of a server: the next page of its reversal
  // Of an account, the payload is the case's place in the desk's list.
  kCaseLease = 70,     // a claim ends
  kCaseDue = 71,       // an answer is overdue
  kCaseReferral = 72,  // a department was waited for long enough
  // Of an account, the payload is the appeal's place in its list.
  kAppealLease = 100,  // a claim ends
  kAppealDue = 101,    // somebody's time to move is over
};

// Everything that one sanction is made of.
struct ImposeSpec {
  v1::SanctionKind kind = v1::SANCTION_KIND_UNSPECIFIED;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  policy::CapabilityMask capabilities = 0;
  bool permanent = false;
  std::int64_t term_us = 0;  // > 0 for restrictions and holds that are not permanent
  bool now = false;          // takes effect now, hand or no hand
  v1::Scope scope;
  v1::LadderStep step;  // ladder empty: beside the ladders
  std::int64_t unchanged_after_us = 0;
  std::string rule;
  v1::Actor actor;
  std::string reason;
  const v1::Finding* finding = nullptr;
  const policy::NoticeTemplate* notice = nullptr;  // null: the standard one
  std::string game;
  std::string case_id;
  bool silent = false;
  Hash128 fingerprint;
  std::uint64_t judged_position = 0;
  std::string table;  // kicks
};

// Imposes a sanction and sends what follows from it. Returns its mark.
SanctionMark& Impose(const Step& step, const AccountRef& ref, const ImposeSpec& spec);

// The whole sanction as it stands, for answers: what Impose stored, with the mark's changes.
[[nodiscard]] v1::Sanction DescribeSanction(const AccountRef& ref, const SanctionMark& mark);

// The hand `hand` is over (empty: any hand) for this account: what waited for it takes effect.
void HandIsOver(const Step& step, const AccountRef& ref, std::string_view hand);

// The account has no session anywhere: what restricts it needs nobody to enforce it but the gate.
void NobodyIsThere(const Step& step, const AccountRef& ref);

// The player saw the sanction's notice, or a server applied it.
void MarkSeen(const Step& step, const AccountRef& ref, SanctionMark* mark);

// Lifts it. Requires: InForce or, for ladders' sake, already over; not lifted yet.
void Lift(const Step& step, const AccountRef& ref, SanctionMark* mark, const v1::Lift& lift);

// Takes the lift back: it stands as if it had never been lifted, but takes effect at the end of the
// hand in play. Its term is not made longer. A machine may judge again what it was about. Requires:
// lifted.
void Reinstate(const Step& step, const AccountRef& ref, SanctionMark* mark,
               const v1::Reinstatement& reinstatement);

// A timer of the account went off. Stale ones do nothing. True: an unchanged violation counts
// again, and the caller judges it.
[[nodiscard]] bool OnSanctionTimer(const Step& step, const AccountRef& ref, TimerKind kind,
                                   std::int64_t payload);

// A server's answer to a directive about this account.
void OnDirectiveAnswered(const Step& step, const AccountRef& ref,
                         const v1::DirectiveAnswered& answered);

// The account appeared on `server`: it gets the account's state, unseen warnings and open resets.
void Deliver(const Step& step, const AccountRef& ref, std::string_view server);

// Sends an order about the account to every server with a session of it.
void SendToPresences(const Step& step, const AccountRef& ref, v1::Directive directive);

// Orders the nickname or signature with this fingerprint to be reset, now or at the next login.
void ResetNickname(const Step& step, const AccountRef& ref, std::string_view cause);
void ResetSignature(const Step& step, const AccountRef& ref, std::string_view cause);
// ... and the avatar, whatever shows.
void ResetAvatar(const Step& step, const AccountRef& ref, std::string_view cause);

// Everything the account may not do, in capability order.
[[nodiscard]] v1::GateEntry GateOf(const AccountRef& ref);

// Capabilities in a mask, in order.
[[nodiscard]] std::vector<v1::Capability> CapabilitiesIn(policy::CapabilityMask mask);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_SANCTIONS_H_
