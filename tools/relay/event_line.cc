#include "tools/relay/event_line.h"

#include <cstddef>

#include <google/protobuf/util/json_util.h>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::relay {
namespace {

// Field 0 with wire type 7; neither exists.
constexpr char kNeverProtobuf = 0x07;
constexpr std::size_t kSentOfBadLine = 1024;
// A batch must hold it; the daemon's own limit is lower.
constexpr std::size_t kEventBytesMax = std::size_t{128} * 1024;

EventLine Bad(const std::string& text, std::string fault) {
  return EventLine{kNeverProtobuf + text.substr(0, kSentOfBadLine), std::move(fault)};
}

}  // namespace

EventLine ParseEventLine(const std::string& text, bool too_long, bool ignore_unknown_fields) {
  if (too_long) return Bad(text, "the line is longer than 1 MiB");
  if (text.find_first_not_of(" \t\r") == std::string::npos) return Bad(text, "the line is empty");
  v1::HallEvent event;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = ignore_unknown_fields;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &event, options);
  if (!status.ok()) {
    // The lines behind the first one quote the text.
    const std::string message(status.message());
    return Bad(text, message.substr(0, message.find('\n')));
  }
  EventLine line{event.SerializeAsString(), ""};
  if (line.bytes.size() > kEventBytesMax) return Bad(text, "the event is larger than 128 KiB");
  return line;
}

}  // namespace hallwarden::relay
