#include "tools/evaluator/event_file.h"

#include <fstream>
#include <iostream>

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <google/protobuf/util/json_util.h>

namespace hallwarden::evaluator {
namespace {

bool Binary(const std::string& path) {
  return path.ends_with(".pb");
}

bool ReadBinary(std::istream* in, const std::string& path,
                const std::function<void(const v1::HallEvent&)>& visit) {
  google::protobuf::io::IstreamInputStream stream(in);
  v1::HallEvent event;
  while (true) {
    bool clean_end = false;
    event.Clear();
    if (google::protobuf::util::ParseDelimitedFromZeroCopyStream(&event, &stream, &clean_end)) {
      visit(event);
      continue;
    }
    if (!clean_end) std::cerr << path << ": cut off or no file of events\n";
    return clean_end;
  }
}

}  // namespace

bool ReadEvents(const std::string& path, const std::function<void(const v1::HallEvent&)>& visit) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  if (!in) {
    std::cerr << "cannot read " << path << '\n';
    return false;
  }
  if (Binary(path)) return ReadBinary(&in, path, visit);
  std::string line;
  v1::HallEvent event;
  for (std::int64_t number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    event.Clear();
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    const auto status = google::protobuf::util::JsonStringToMessage(line, &event, options);
    if (!status.ok()) {
      std::cerr << path << ':' << number << ": no event: " << status.ToString() << '\n';
      return false;
    }
    visit(event);
  }
  return true;
}

struct EventWriter::Parts {
  std::ofstream file;
  std::ostream* out = nullptr;
  bool binary = false;
};

EventWriter::EventWriter(const std::string& path) : parts_(std::make_unique<Parts>()) {
  parts_->binary = Binary(path);
  if (path != "-") parts_->file.open(path, std::ios::binary);
  parts_->out = path == "-" ? &std::cout : &parts_->file;
}
EventWriter::~EventWriter() = default;

bool EventWriter::Write(const v1::HallEvent& event) {
  if (parts_->binary) {
    return google::protobuf::util::SerializeDelimitedToOstream(event, parts_->out);
  }
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(event, &line).ok()) return false;
  *parts_->out << line << '\n';
  return static_cast<bool>(*parts_->out);
}

bool EventWriter::Close() {
  return static_cast<bool>(parts_->out->flush());
}

}  // namespace hallwarden::evaluator
