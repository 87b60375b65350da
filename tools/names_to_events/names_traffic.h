// Registrations and renames out of lists of names, for measuring what the daemon makes of real
// ones.
#ifndef HALLWARDEN_TOOLS_NAMES_TO_EVENTS_NAMES_TRAFFIC_H_
#define HALLWARDEN_TOOLS_NAMES_TO_EVENTS_NAMES_TRAFFIC_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "hallwarden/v1/event.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::names {

struct LabelledText {
  std::string label;
  // As it stands in the file; need not be valid UTF-8.
  std::string text;
};

// Reads lines `label<TAB>text[<TAB>more]`; empty lines and lines that begin with `#` are left out.
// INVALID_ARGUMENT names the line that has no tab. `name` is what messages call the file.
absl::Status AddLabelledTexts(const std::string& content, const std::string& name,
                              std::vector<LabelledText>* texts);

struct NamesOptions {
  std::uint64_t seed = 1;
  // Events to make: registrations, renames, log-ins and log-outs together.
  std::int64_t events = 20'000;
  std::string account_prefix = "n";
  std::int64_t start_us = 0;
  // Each event is so much later than the one before.
  std::int64_t step_us = 50'000;
};

// One name that an event carries, with its truth.
struct NameGiven {
  // Number of the event among all, from 1: the line of the file that relay reads.
  std::int64_t line = 0;
  std::string account;
  std::string label;
  std::string text;
};

// Calls `event` for each event in order and `name` for each name that one carries. Every text is
// given once before any is given twice. The same options and texts give the same events. Requires
// texts.
void MakeNames(const NamesOptions& options, const std::vector<LabelledText>& texts,
               const std::function<void(const v1::HallEvent&)>& event,
               const std::function<void(const NameGiven&)>& name);

}  // namespace hallwarden::names

#endif  // HALLWARDEN_TOOLS_NAMES_TO_EVENTS_NAMES_TRAFFIC_H_
