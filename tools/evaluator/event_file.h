// Events in files: JSON lines (proto3 JSON, as hallsim and relay write them), or binary for speed:
// each event as a varint length and its bytes, in files that end in `.pb`.
#ifndef HALLWARDEN_TOOLS_EVALUATOR_EVENT_FILE_H_
#define HALLWARDEN_TOOLS_EVALUATOR_EVENT_FILE_H_

#include <functional>
#include <memory>
#include <string>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::evaluator {

// Calls `visit` for every event. False with a message that names file and line on standard error.
[[nodiscard]] bool ReadEvents(const std::string& path,
                              const std::function<void(const v1::HallEvent&)>& visit);

// Writes events in the format of the path's ending; `-` is standard output, as JSON lines.
class EventWriter {
 public:
  explicit EventWriter(const std::string& path);
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  // False if something could not be written.
  [[nodiscard]] bool Write(const v1::HallEvent& event);
  [[nodiscard]] bool Close();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace hallwarden::evaluator

#endif  // HALLWARDEN_TOOLS_EVALUATOR_EVENT_FILE_H_
