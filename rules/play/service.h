// Whether a game server was in trouble: then nobody is blamed.
//
// Trouble is an incident that the server reports, a share of its players dropping within 30
// seconds, or as many taking their turns late within a minute. It lasts from a minute before the
// first sign to two minutes after the last.
#ifndef HALLWARDEN_RULES_PLAY_SERVICE_H_
#define HALLWARDEN_RULES_PLAY_SERVICE_H_

#include "hallwarden/v1/event.pb.h"

#include "rules/policy/play_settings.h"
#include "rules/state/play_cell.h"

namespace hallwarden::play {

enum class Trouble : std::uint8_t {
  kDropped = 1,
  kLate = 2,
  kSessionOpened = 3,
  kSessionClosed = 4
};

// One of the server's players, `who`, told it.
void OnTrouble(const policy::PlaySettings& settings, Trouble trouble, std::uint64_t who,
               std::int64_t event_us, ServiceCell* cell);

// The server reported an incident.
void OnIncident(const v1::ServiceIncident& incident, std::int64_t event_us, ServiceCell* cell);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_SERVICE_H_
