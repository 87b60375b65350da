// What a line of an account's history says, beyond its kind. Stored on disk: numbers are never
// reused or changed. The daemon words them in both languages (daemon/wording).
#ifndef HALLWARDEN_RULES_ENGINE_POSTING_DETAIL_H_
#define HALLWARDEN_RULES_ENGINE_POSTING_DETAIL_H_

#include <cstdint>

namespace hallwarden {

enum class PostingDetail : std::uint8_t {
  kNone = 0,
  kRegistered = 1,          // resource: channel
  kNicknameSet = 2,         // the words: personal field of the record at the posting's position
  kNicknameReset = 3,       // set by the game server
  kSignatureSet = 4,        //
  kAvatarSet = 5,           //
  kLoggedIn = 6,            // resource: server
  kLoggedOut = 7,           // resource: server
  kFindingNoted = 8,        // resource: rule
  kFindingShadow = 9,       // resource: rule
  kWarned = 10,             // resource: sanction; amount: rung
  kRestricted = 11,         // resource: sanction; amount: rung, 0 beside the ladder
  kHeld = 12,               // resource: sanction
  kKicked = 13,             // resource: sanction
  kTookEffect = 14,         // resource: sanction
  kSeen = 15,               // resource: sanction
  kExpired = 16,            // resource: sanction
  kLifted = 17,             // resource: sanction; amount: disposition
  kCaseOpened = 18,         // resource: case
  kCaseJoined = 19,         // resource: case; amount: findings so far
  kCaseConfirmed = 20,      // resource: case
  kCaseDismissed = 21,      // resource: case
  kNoted = 22,              // resource: note
  kGiftSent = 23,           // amount: gold
  kGranted = 24,            // amount: gold
  kExchangeAsked = 25,      // resource: exchange; amount
  kExchangeShipped = 26,    // resource: exchange; amount
  kToppedUp = 27,           // amount
  kSpent = 28,              // amount
  kReported = 29,           // this account reported another
  kPartner = 30,            // resource: channel; the register changed
  kEventRefused = 31,       // amount: RejectReason
  kPolicyActivated = 32,    // resource: policy revision
  kTokenCreated = 33,       // resource: token
  kTokenRevoked = 34,       // resource: token
  kProfileReset = 35,       // amount: ProfileField
  kSanctionCredited = 36,   // resource: sanction; reduced, time served credited
  kServerRetired = 37,      // resource: server
  kRestoreAccepted = 38,    // amount: history epoch
  kDirectiveRejected = 39,  // resource: directive action
  kEventsLost = 40,         // resource: server; amount: events given up with a restored store
  kServerTripped = 44,      // resource: server; amount: sanctions of the hour
  kServerQuarantined = 45,  // resource: server
  kServerReleased = 46,     // resource: server
  kReversalBegan = 47,      // resource: server
  kServerReversed = 48,     // resource: server; amount: sanctions lifted
  kRuleToReview = 49,       // resource: rule; amount: hits of the hour
  kRuleReleased = 50,       // resource: rule
  kSeatIgnored = 51,        // resource: hand; a server named the account, which does not sit in it
  kBankChanged = 90,        // resource: banks; amount: entries
  kLexiconChanged = 95,     // resource: lexicon; amount: entries of the operator's list
  kCaseClosed = 100,        // resource: case; neither confirmed nor dismissed
  kCaseLeaseExpired = 101,  // resource: case
  kCaseReturned = 102,      // resource: case; the department answered, or its time is over
  kCaseOverdue = 103,       // resource: case
  kCaseClaimed = 104,       // resource: case
  kCaseReleased = 105,      // resource: case
  kCaseAssigned = 106,      // resource: case
  kCaseEscalated = 107,     // resource: case
  kCaseReferred = 108,      // resource: case
  kCaseReopened = 109,      // resource: case
  kReportedByOther = 110,   // another account reported this one; amount: ReportCategory
  kReportIgnored = 111,     // a report by or about this account; resource: why it does not count
  kReinstated = 120,        // resource: sanction; its lift was taken back
  kAppealSubmitted = 130,   // resource: appeal; amount: AppealKind
  kAppealClaimed = 131,     // resource: appeal
  kAppealReleased = 132,    // resource: appeal
  kAppealLeaseExpired = 133,  // resource: appeal
  kAppealAnswered = 134,      // resource: appeal; the desk said something
  kAppealAsked = 135,         // resource: appeal; the desk asked something
  kAppealPlayerSaid = 136,    // resource: appeal
  kAppealOverdue = 137,       // resource: appeal
  kAppealUpheld = 138,        // resource: appeal; the sanction stands
  kAppealReduced = 139,       // resource: appeal
  kAppealLifted = 140,        // resource: appeal; amount: disposition
  kRuleOverturned = 142,      // resource: rule; amount: overturned appeals of 30 days
  kAppealWithdrawn = 141,     // resource: appeal; amount: AppealWithdrawal
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_POSTING_DETAIL_H_
