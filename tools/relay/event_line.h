// From a line of JSON to the bytes of an event.
#ifndef HALLWARDEN_TOOLS_RELAY_EVENT_LINE_H_
#define HALLWARDEN_TOOLS_RELAY_EVENT_LINE_H_

#include <string>

namespace hallwarden::relay {

struct EventLine {
  // What is sent: a serialized HallEvent, or bytes that no protobuf parser takes.
  std::string bytes;
  // Why the line is no event. Empty: it is one.
  std::string fault;
};

// Reads proto3 JSON of a HallEvent. The same line always gives the same bytes.
//
// A line that is none still has a number, so it is sent as a byte with the impossible wire type 7
// and the beginning of the line: the daemon refuses exactly this one as malformed and records it.
EventLine ParseEventLine(const std::string& text, bool too_long, bool ignore_unknown_fields);

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_EVENT_LINE_H_
