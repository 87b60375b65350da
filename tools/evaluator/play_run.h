// Events through the engine in this process, and what it decided about whom.
#ifndef HALLWARDEN_TOOLS_EVALUATOR_PLAY_RUN_H_
#define HALLWARDEN_TOOLS_EVALUATOR_PLAY_RUN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hallwarden/v1/event.pb.h"

#include "rules/engine/engine.h"

namespace hallwarden::evaluator {

// Something that the engine decided.
struct Decision {
  std::string account;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  std::string detector;
  // What it came to: `case`, `hold`, `warning`, `restriction`, `note`.
  std::string what;
  v1::Finding finding;
  std::int64_t event_us = 0;
  std::int64_t hands_of_account = 0;  // that it had played by then
};

// Feeds events to an engine with the built-in policy, as the daemon would. Not thread-safe.
class PlayRun {
 public:
  PlayRun();
  ~PlayRun();
  PlayRun(const PlayRun&) = delete;
  PlayRun& operator=(const PlayRun&) = delete;

  // Policy text in place of the built-in one; false with its diagnostics on standard error. Before
  // the first event.
  [[nodiscard]] bool UsePolicy(const std::string& text);
  // Puts an account into the partner register from the beginning. Before the first event.
  void AddPartner(const std::string& account, const std::string& channel);
  void Apply(const v1::HallEvent& event);

  [[nodiscard]] const std::vector<Decision>& decisions() const { return decisions_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& hands() const { return hands_; }
  [[nodiscard]] std::int64_t events() const { return events_; }
  [[nodiscard]] std::int64_t settled() const { return settled_; }
  [[nodiscard]] std::int64_t turns() const { return turns_; }
  [[nodiscard]] std::int64_t refused() const { return refused_; }
  // Bytes that the play cells of all accounts take, and how many have one.
  [[nodiscard]] std::pair<std::size_t, std::size_t> Memory();

 private:
  void Begin();
  void Take(const std::vector<PositionedEffect>& effects, std::int64_t event_us);

  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::vector<Decision> decisions_;
  std::map<std::string, std::int64_t> hands_;
  std::int64_t events_ = 0;
  std::int64_t settled_ = 0;
  std::int64_t turns_ = 0;
  std::int64_t refused_ = 0;
};

}  // namespace hallwarden::evaluator

#endif  // HALLWARDEN_TOOLS_EVALUATOR_PLAY_RUN_H_
