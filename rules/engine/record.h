// One record of the journal, as the engine sees it.
#ifndef HALLWARDEN_RULES_ENGINE_RECORD_H_
#define HALLWARDEN_RULES_ENGINE_RECORD_H_

#include <cstdint>
#include <string_view>
#include <variant>

#include "hallwarden/v1/journal.pb.h"

#include "rules/base/siphash.h"
#include "rules/engine/event_view.h"

namespace hallwarden {

// What a record holds. Stored on disk: numbers are never reused or changed.
enum class RecordKind : std::uint8_t {
  kHallEvent = 1,          // EventView
  kEventRefused = 2,       // v1::EventRefused: refused before the engine; counted only
  kDirectiveAnswered = 3,  // v1::DirectiveAnswered
  kServerHello = 4,        // v1::ServerHello
  kCommand = 5,            // v1::Command
  kTimerFired = 6,         // v1::TimerFired
  kEngineActivated = 7,    // v1::EngineActivated
  kClockStepped = 8,       // v1::ClockStepped
  kErased = 9,             // v1::Erased
};

// Keyed hashes of what identifies people, made at the border under the installation's secret key and
// kept in the journal, so that rules work on after the values themselves were erased. Zero: absent.
struct PersonalHashes {
  Hash128 ip;
  Hash128 device;

  friend bool operator==(const PersonalHashes&, const PersonalHashes&) = default;
};

// A view: everything it points to outlives the call that it is passed to.
struct Record {
  // Place in the one order of everything: dense, from 1.
  std::uint64_t position = 0;
  // Microseconds since the epoch, given by the sequencer; never decreases along the journal.
  std::int64_t commit_us = 0;
  // Where it came from: server identity for events, answers and hellos, principal for commands, empty
  // for the daemon's own.
  std::string_view source;
  // Number in the source's stream; 0 where there is none.
  std::uint64_t source_seq = 0;
  PersonalHashes hashes;
  // True: the personal fields of the payload were erased since; they are empty.
  bool erased = false;
  // Payload by kind, never null.
  RecordKind kind = RecordKind::kHallEvent;
  std::variant<const EventView*, const v1::EventRefused*, const v1::DirectiveAnswered*,
               const v1::ServerHello*, const v1::Command*, const v1::TimerFired*,
               const v1::EngineActivated*, const v1::ClockStepped*, const v1::Erased*>
      payload;

  template <class Payload>
  [[nodiscard]] const Payload& As() const {
    return *std::get<const Payload*>(payload);
  }
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_RECORD_H_
