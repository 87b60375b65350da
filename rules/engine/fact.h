// What one entity tells another. One way: no rule reads the state of another entity. Inside one
// process a fact is queued behind the step that made it; over Kafka it is a keyed message.
#ifndef HALLWARDEN_RULES_ENGINE_FACT_H_
#define HALLWARDEN_RULES_ENGINE_FACT_H_

#include <cstdint>
#include <string>

#include "rules/state/entity.h"

namespace hallwarden {

// Kinds of facts. Sent over the wire one day: numbers are never reused or changed.
enum class FactKind : std::uint8_t {
  kRegisteredFrom = 1,     // account -> ip, device: an account was registered from here
  kNameTaken = 2,          // account -> text: carries this folded nickname now
  kNameLeft = 3,           // account -> text: does not any more
  kHandBegan = 4,          // account -> account: sits in this hand
  kHandEnded = 5,          // account -> account: this hand is over; what it brought
  kDirectiveWanted = 6,    // account -> server: number this directive and send it
  kPartnerSpan = 7,        // system -> account: row of the partner register
  kQuotaAsk = 8,           // account or server -> rule: may I act on this finding?
  kQuotaGranted = 9,       // rule or server -> account: act
  kQuotaSpent = 10,        // rule -> account: open a case instead
  kPlayFed = 11,           // account -> account: a hand of a payer that may be feeding you
  kPlayGift = 12,          // account -> account: a gift
  kPlayNamed = 13,         // account -> account: you stand in my ring
  kServiceTrouble = 14,    // account -> server: a sign of trouble, or a session more or less
  kServiceAsked = 15,      // account -> server: was anything in this time your fault?
  kServiceSaid = 16,       // server -> account: the claim, and whether it was
  kServerAsk = 20,         // account -> server: may I act on a finding that rests on your event?
  kServerSpent = 21,       // server -> account: open a case instead
  kRuleReview = 22,        // rule -> account: open a case instead, I hit far more often than usual
  kRuleHit = 23,           // account -> rule: you matched, and nobody had to ask
  kCaused = 24,            // account -> server: a machine sanctioned me on your event
  kCausedKept = 25,        // server -> page: keep that
  kReversePage = 26,       // server -> page: have what you keep undone
  kPageReversed = 27,      // page -> server: so many were asked
  kReverseSanction = 28,   // page -> account: lift this as a mistake
  kSanctionReversed = 29,  // account -> server: done, or there was nothing to lift
  kAvatarAsked = 60,       // account -> banks: which claim is to be made of this avatar?
  kAvatarSaid = 61,        // banks -> account: this one, or none
  kLexiconHit = 50,        // account -> page of hits: this entry of a word list made a finding
  kReported = 70,          // account -> account: I report you
  kReportOutcome = 71,     // account -> account: what became of what you reported
  kRingVerdict = 72,       // account -> account: a ring that you belong to was judged
  kRingHandled = 73,       // account -> account: what that came to
  kAppealDecided = 100,    // account -> rule: an appeal against what your machine did was decided
  kRuleOverturned = 101,   // rule -> account: open a case instead, I was wrong too often
};

struct Fact {
  EntityKey from;
  EntityKey to;
  FactKind kind = FactKind::kRegisteredFrom;
  // Encoded by the sender with Writer or as a protobuf message; see rules/engine/facts.md.
  std::string payload;
  // The record that it follows from.
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_FACT_H_
