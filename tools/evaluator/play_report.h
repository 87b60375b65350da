// What a run found, against the truth.
#ifndef HALLWARDEN_TOOLS_EVALUATOR_PLAY_REPORT_H_
#define HALLWARDEN_TOOLS_EVALUATOR_PLAY_REPORT_H_

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "tools/evaluator/play_run.h"

namespace hallwarden::evaluator {

// A line of the labels.
struct Truth {
  std::string archetype;
  std::string offence;  // empty: honest
  std::string ring;
  std::int64_t strength_milli = 0;
  std::string channel;
};
using Labels = std::map<std::string, Truth>;

// Reads `account archetype offence [ring strength_milli channel]`, tab-separated, with or without a
// heading. False with a message on standard error.
[[nodiscard]] bool ReadLabels(const std::string& path, Labels* labels);

// Gold that flowed to each account from others of its ring, by event time: for "lost until found".
// Fed by the caller.
class RingBook {
 public:
  explicit RingBook(const Labels* labels) : labels_(labels) {}
  void Settle(const v1::HallEvent& event);

  struct Flow {
    std::int64_t event_us = 0;
    std::int64_t gold = 0;
    std::string payer;
  };
  // Gains of the account against its ring, oldest first.
  [[nodiscard]] const std::vector<Flow>& FlowsTo(const std::string& account) const;
  // Matchmade hands at one table of two of a ring, by the first of them in name order.
  [[nodiscard]] const std::vector<std::int64_t>& CoSeats(const std::string& account) const;

 private:
  const Labels* labels_;
  std::map<std::string, std::vector<Flow>> flows_;
  std::map<std::string, std::vector<std::int64_t>> seats_;
};

// Prints the report; `json` for machines.
void Report(PlayRun* run, const Labels& labels, const RingBook& book, bool json, std::ostream& out);

}  // namespace hallwarden::evaluator

#endif  // HALLWARDEN_TOOLS_EVALUATOR_PLAY_REPORT_H_
