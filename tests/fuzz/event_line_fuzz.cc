// A line of the relay's feed.
#include <cstddef>
#include <cstdint>
#include <string>

#include "hallwarden/v1/event.pb.h"

#include "tests/fuzz/require.h"
#include "tools/relay/event_line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hallwarden::fuzz::Require;
  if (size == 0) return 0;
  const bool too_long = (data[0] & 1U) != 0;
  const bool ignore_unknown = (data[0] & 2U) != 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const hallwarden::relay::EventLine line =
      hallwarden::relay::ParseEventLine(text, too_long, ignore_unknown);
  const hallwarden::relay::EventLine again =
      hallwarden::relay::ParseEventLine(text, too_long, ignore_unknown);
  Require(line.bytes == again.bytes, "the same line gives the same bytes");
  hallwarden::v1::HallEvent event;
  const bool parses = event.ParseFromString(line.bytes);
  Require(parses == line.fault.empty(), "a line is an event, or bytes that no parser takes");
  return 0;
}
