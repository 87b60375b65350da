// Stalling: how an account takes its turns.
//
// Two independent observations. A forced turn (one legal move) needs no thought: waiting it out is
// a hit against a null of `forced_wait_milli`. A free turn answered in the last part of its limit,
// but in time, is a hit against `late_turn_milli`. Time-outs and auto-play are absence: counted
// apart, never stalling. Turns over a bad connection, and those after it broke, are set aside. Both
// run as windowed e-processes (rules/evidence): 20 clean hands in a row end them.
#ifndef HALLWARDEN_RULES_PLAY_TURNS_H_
#define HALLWARDEN_RULES_PLAY_TURNS_H_

#include "hallwarden/v1/event.pb.h"

#include "rules/play/claim.h"

namespace hallwarden::play {

enum class TurnKind : std::uint8_t {
  kAside,       // says nothing: no limit, bad connection
  kAutoPlay,    // auto-play answered
  kTimeout,     // absence
  kFree,        // a choice, in good time
  kLate,        // a choice, at the last second
  kForced,      // no choice, in good time
  kForcedWait,  // no choice, waited out
};

// What a hand showed. Stored in four bits: numbers are never reused or changed.
enum class HandOutcome : std::uint8_t {
  kClean = 0,
  kDragged = 1,
  kTimedOut = 2,
  kAutoPlayed = 3,
  kCameBack = 4,  // auto-play first, then himself again
  kLeft = 5,
  kNeutral = 6,  // not his fault, or too little to tell
};

[[nodiscard]] TurnKind Classify(const policy::PlaySettings& settings, const v1::TurnPlayed& turn);

// A turn was played. True: it was dragged.
bool OnTurn(const Context& context, const v1::TurnPlayed& turn, PlayCell* cell, Outcome* out);

// The player left the table or lost the connection.
void OnLeft(const Context& context, v1::LeaveReason reason, PlayCell* cell);

// A hand was settled; what it brought this account.
void OnResult(const Context& context, std::int64_t gold, PlayCell* cell, Outcome* out);

// Forgets the evidence: a decision was made about it, or it was the service's fault.
void ClearStalling(PlayCell* cell);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_TURNS_H_
